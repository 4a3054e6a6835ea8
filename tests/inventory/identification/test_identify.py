"""Facts + knowledge -> what each device is; nothing that is of one thing alone counts."""

import random

import pytest

from thingwarden.inventory.devices import list_devices
from thingwarden.inventory.identification.evidence import gather
from thingwarden.inventory.identification.experience import Example
from thingwarden.inventory.identification.identify import (
    call_alike,
    identify,
    identify_devices,
    leave_out_owners,
    weigh_evidence,
)
from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.knowledge import Knowledge, know
from thingwarden.inventory.identification.ledger import Match
from thingwarden.model import DeviceId
from thingwarden.store import Label

from tests.inventory.identification.things import EXAMPLES, PLUG_MAC, STRANGE_MAC, example, told
from tests.inventory.rows import (
    CAMERA,
    CAMERA_ID,
    CAMERA_IP,
    ROUTER,
    SITE,
    asks,
    flow,
    found,
    lease,
)

FLOWS = [flow((CAMERA, CAMERA_IP), (ROUTER, SITE))]
DHCP = [asks(CAMERA, hostname="lamp-one"), lease(CAMERA, CAMERA_IP)]

LAMPS = [example(Kind(vendor="Philips", model="Lamp"), {"host-name": ("lamp-one",)})]

KINDS = [Kind(vendor=f"Maker {number}", model=f"Model {number}") for number in range(8)]


def test_devices_get_their_identity_from_what_they_told():
    with found(dhcp=DHCP, flows=FLOWS) as store:
        devices = list_devices(store, {})[0]
        [camera] = [
            device
            for device in identify_devices(store, devices, know(LAMPS), {})
            if device.id == CAMERA_ID
        ]

    assert any("lamp-one" in clue.says for clue in camera.identity.clues)


def test_what_the_user_said_wins():
    label = Label(category="toaster")
    with found(dhcp=DHCP, flows=FLOWS) as store:
        devices = list_devices(store, {})[0]
        [camera] = [
            device
            for device in identify_devices(
                store, devices, know(EXAMPLES), {DeviceId(CAMERA_ID): label}
            )
            if device.id == CAMERA_ID
        ]

    assert camera.identity.category.value == "toaster"
    assert camera.identity.category.confidence == 1.0
    assert camera.identity.category.because == ("you said so",)


def test_a_thing_that_tells_nothing_is_unknown():
    identity = identify([STRANGE_MAC], [], Knowledge())

    assert identity.level == "unknown"
    assert identity.vendor is identity.model is None
    assert identity.settle


def test_contradictions_are_told():
    identity = identify(
        [STRANGE_MAC],
        [
            told("upnp-maker", "Sonos, Inc."),
            told("domain", "api.ring.com"),
            told("domain", "fw.ring.com"),
        ],
        Knowledge(),
    )

    assert identity.conflicts
    assert "Sonos" in identity.conflicts[0]
    assert "Ring" in identity.conflicts[0]


def test_a_value_with_markup_is_shown_as_text_without_what_does_not_show():
    identity = identify(
        [STRANGE_MAC],
        [told("upnp-maker", "Sonos\u202e, Inc. <script>\x00" + "x" * 5000)],
        Knowledge(),
    )

    for clue in identity.clues:
        assert len(clue.says) < 120
        assert clue.says.isprintable()


def test_with_address_and_time_as_the_only_evidence_accuracy_is_chance():
    """Whoever identifies by these has learnt the laboratory, not the thing."""
    chooser = random.Random(7)

    def meet(kind: Kind) -> tuple[Kind, list, list]:
        """A thing with an address, a lease and a name of its own, and nothing of its model."""
        place = KINDS.index(kind)
        mac = ":".join(f"{chooser.randrange(256) & 0xFC | 2 * (i == 0):02x}" for i in range(6))
        tells = [
            told("host-name", mac.replace(":", ""), frame=place * 100 + 1),
            told("mdns-name", f"{mac.replace(':', '')[6:]}", frame=place * 100 + 2),
            told("page", f"192.168.{place}.{chooser.randrange(256)}", frame=place * 100 + 3),
            told("mqtt-client", f"{1_600_000_000 + place * 1000}", frame=place * 100 + 4),
        ]
        return kind, [mac], tells

    training = [meet(kind) for kind in KINDS for _ in range(4)]
    tested = [meet(kind) for kind in KINDS for _ in range(4)]
    knowledge = know(
        [
            Example(
                kind,
                frozenset(
                    (channel, value)
                    for channel, values in gather(macs, tells).tokens.items()
                    for value in values
                ),
            )
            for kind, macs, tells in training
        ]
    )

    named = [weigh_evidence(gather(macs, tells), knowledge) for _, macs, tells in tested]
    guessed = [
        max(identity.candidates, key=lambda each: each.confidence).value
        if identity.candidates
        else ""
        for identity in named
    ]
    right = sum(
        guess.endswith(kind.model)
        for guess, (kind, _, _) in zip(guessed, tested, strict=True)
        if guess
    )

    assert all(identity.model is None for identity in named)
    assert right <= 2 * len(tested) / len(KINDS)


@pytest.mark.parametrize("count", [0, 1, 400])
def test_a_flood_of_values_is_bounded_and_quick_enough_to_finish(count):
    tells = [told("domain", f"host{number}.acme{number}.com") for number in range(count)]

    identity = identify([PLUG_MAC], tells, know(EXAMPLES))

    assert len(identity.clues) <= 8
    assert len(identity.candidates) <= 5


def test_a_model_that_a_rule_names_is_called_as_the_user_calls_it():
    taught = know(
        [example(Kind(vendor="Philips", model="hue bridge (hall)"), {"domain": ("a.de",)})]
    )
    rule = Match(token=("mdns-text", "x"), kind=Kind("Philips", "Hue", "Hue Bridge"), strength=0.97)

    [match] = call_alike([rule], taught)

    assert match.kind.model == "hue bridge (hall)"
    assert call_alike([rule], Knowledge())[0].kind.model == "Hue Bridge"


def test_what_was_taught_of_a_prefix_wins_over_its_company():
    taught = know([example(Kind(vendor="Ednet", model="Cube"), {"prefix": ("acme corp",)})])
    rule = Match(token=("prefix", "acme corp"), kind=Kind(vendor="Acme Corp"), strength=0.95)

    assert call_alike([rule], taught) == []


def test_the_prefix_of_the_owner_of_a_brand_speaks_for_nobody_else():
    domain = Match(token=("domain", "a.immedia-semi.com"), kind=Kind(vendor="Blink"), strength=0.9)
    owner = Match(token=("prefix", "amazon"), kind=Kind(vendor="Amazon"), strength=0.95)
    other = Match(token=("prefix", "google"), kind=Kind(vendor="Google"), strength=0.95)

    assert leave_out_owners([domain, owner]) == [domain]
    assert leave_out_owners([domain, other]) == [domain, other]
    assert leave_out_owners([owner]) == [owner]
