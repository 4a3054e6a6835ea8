"""Facts + knowledge -> what each device is."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from thingwarden.inventory.identification.answer import answer
from thingwarden.inventory.identification.card import make_card
from thingwarden.inventory.identification.evidence import Evidence, gather
from thingwarden.inventory.identification.experience import Experience
from thingwarden.inventory.identification.knowledge import Knowledge
from thingwarden.inventory.identification.ledger import Match, weigh
from thingwarden.inventory.identification.makers import find_maker, short_name
from thingwarden.inventory.identification.normal import plain
from thingwarden.inventory.identification.tokens import Told, read_told
from thingwarden.model import Device, DeviceId, Guess, Identity
from thingwarden.store import Label, Store

SAID = ("you said so",)


def identify_devices(
    store: Store,
    devices: Iterable[Device],
    knowledge: Knowledge,
    labels: Mapping[DeviceId, Label],
) -> tuple[Device, ...]:
    """The devices with their identity; what the user said wins over everything."""
    told = gather_all(store)
    return tuple(
        replace(
            device,
            identity=_take_label(
                identify(device.macs, told.get(device.id, ()), knowledge), labels.get(device.id)
            ),
        )
        for device in devices
    )


def gather_all(store: Store) -> dict[DeviceId, list[Told]]:
    """What each device told."""
    found: dict[DeviceId, list[Told]] = defaultdict(list)
    for told in read_told(store):
        found[told.device_id].append(told)
    return found


def identify(macs: Sequence[str], told: Iterable[Told], knowledge: Knowledge) -> Identity:
    """What the device with these hardware addresses is, from what it told."""
    evidence = gather(macs, told)
    return weigh_evidence(evidence, knowledge)


def weigh_evidence(evidence: Evidence, knowledge: Knowledge) -> Identity:
    """What a device with this evidence is."""
    matches = call_alike(evidence.matches, knowledge)
    balance = weigh(evidence.tokens, knowledge.experience, matches)
    return make_card(answer(balance), balance, evidence, knowledge.experience)


def leave_out_owners(matches: Collection[Match]) -> list[Match]:
    """Matches without a prefix that belongs to the owner of a brand that another one names."""
    named = [find_maker(match.kind.vendor) for match in matches if match.token[0] != "prefix"]
    owners = {maker.owner for maker in named if maker} - {""}
    return [
        match for match in matches if match.token[0] != "prefix" or match.kind.vendor not in owners
    ]


def call_alike(matches: Collection[Match], knowledge: Knowledge) -> list[Match]:
    """Rules that name makers as the user's examples do; what an example says of a prefix wins."""
    experience = knowledge.experience
    names = {short_name(vendor): vendor for vendor in experience.vendors}
    found = []
    for match in leave_out_owners(matches):
        if match.token[0] == "prefix" and match.token in experience.by_vendor:
            continue
        vendor = names.get(short_name(match.kind.vendor), match.kind.vendor)
        model = _taught_name(match.kind.model, vendor, experience)
        found.append(replace(match, kind=match.kind._replace(vendor=vendor, model=model)))
    return found


def _taught_name(model: str, vendor: str, experience: Experience) -> str:
    """What the user calls a model that a rule names; the rule's name where the user has none."""
    told = plain(model)
    taught = [kind.model for kind in experience.kinds if kind.vendor == vendor and kind.model]
    alike = [name for name in taught if told and (plain(name) in told or told in plain(name))]
    exact = [name for name in alike if plain(name) == told]
    return (exact or (alike if len(alike) == 1 else [model]))[0]


def _take_label(identity: Identity, label: Label | None) -> Identity:
    """The user's words instead of ours."""
    if label is None or not label.category:
        return identity
    return replace(identity, category=Guess(value=label.category, confidence=1.0, because=SAID))
