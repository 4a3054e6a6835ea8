"""What a device told -> its tokens, the rules that hold for them, and where each was seen first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from thingwarden.inventory.identification.channels import CHANNELS
from thingwarden.inventory.identification.domains import registered_domain
from thingwarden.inventory.identification.experience import Token
from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.ledger import Match
from thingwarden.inventory.identification.makers import find_maker, short_name
from thingwarden.inventory.identification.normal import VERBATIM, normalise, plain
from thingwarden.inventory.identification.rules import find_rules
from thingwarden.inventory.identification.tokens import Told
from thingwarden.inventory.vendors import is_random, vendor_of

OWN_PREFIX = {"brand": 0.95, "general": 0.9}
"""A prefix of a maker who sells under its own name; of those who make parts for others it says nothing."""

STRANGE_PREFIX = 0.6
"""A prefix of a company that we do not know: it may make the radio, or the thing."""

RANDOM_PHONE = 0.6
"""A hardware address chosen by software: phones, tablets and computers do that; few other things do."""

SAME_WORD = 0.9
"""A domain or name with the word by which the company of the prefix is known."""

ALIKE = VERBATIM | {"domain"}
"""Channels whose values are the same whoever says them: each is worked out once for all devices."""

SHORTEST_WORD = 5
"""Letters of a word that is no accident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that speaks for what one device is."""

    tokens: Mapping[str, Sequence[str]]
    """Normalised values by channel."""
    matches: Sequence[Match]
    first: Mapping[Token, Told]
    """By token: the value as it was told, and where."""
    chip: str | None = None
    """Company to whom the prefix of the hardware address is assigned."""


@dataclass(slots=True)
class _Gathering:
    """Evidence being gathered."""

    tokens: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    matches: list[Match] = field(default_factory=list)
    first: dict[Token, Told] = field(default_factory=dict)

    def add(self, told: Told, value: str) -> Token:
        """Count a token, and remember where it was told first."""
        token = (told.channel, value)
        self.tokens[told.channel].add(value)
        known = self.first.get(token)
        if known is None or (told.capture, told.frame) < (known.capture, known.frame):
            self.first[token] = told
        return token

    def see(self, channel: str, value: str, where: Told | None) -> Token:
        """A token that every packet shows: where the first of them was read."""
        if where:
            self.first[channel, value] = where
        return channel, value


def gather(macs: Sequence[str], told: Iterable[Told]) -> Evidence:
    """The evidence in what a device with these hardware addresses told."""
    told = list(told)
    own = macs[0].replace(":", "") if macs else ""
    chip = next(filter(None, map(vendor_of, macs)), None)
    gathering = _Gathering()
    words = _words(chip)
    for one in told:
        value = normalise(one.channel, one.raw, "" if one.channel in ALIKE else own)
        if not value or one.channel not in CHANNELS:
            continue
        token = gathering.add(one, value)
        for rule in find_rules(one.channel, one.raw):
            gathering.matches.append(Match(token=token, kind=rule.kind, strength=rule.strength))
        if chip and _names(one, words):
            kind = Kind(vendor=_company(chip))
            gathering.matches.append(Match(token=token, kind=kind, strength=SAME_WORD))
    _add_prefix(gathering, macs, chip, earliest(told))
    tokens = {channel: sorted(values) for channel, values in sorted(gathering.tokens.items())}
    return Evidence(
        tokens=tokens, matches=tuple(gathering.matches), first=gathering.first, chip=chip
    )


def earliest(told: Iterable[Told]) -> Told | None:
    """What was told first."""
    return min(told, key=lambda one: (one.capture, one.frame), default=None)


def _add_prefix(
    gathering: _Gathering, macs: Sequence[str], chip: str | None, seen: Told | None
) -> None:
    """What the hardware address tells: nothing where software chose it or where a part's maker has it."""
    for mac in macs:
        for rule in find_rules("prefix", mac.replace(":", "")):
            token = gathering.see("prefix", mac.replace(":", "")[:6], seen)
            gathering.matches.append(Match(token=token, kind=rule.kind, strength=rule.strength))
    if macs and all(map(is_random, macs)):
        token = gathering.see("prefix", "random", seen)
        kind = Kind(category="phone")
        gathering.matches.append(Match(token=token, kind=kind, strength=RANDOM_PHONE))
    maker = find_maker(chip) if chip else None
    if not chip or (maker and maker.role in ("module", "platform")):
        return
    company = _company(chip)
    token = gathering.see("prefix", plain(company), seen)
    gathering.tokens["prefix"].add(token[1])
    strength = OWN_PREFIX[maker.role] if maker else STRANGE_PREFIX
    gathering.matches.append(Match(token=token, kind=Kind(vendor=company), strength=strength))


def _company(chip: str) -> str:
    maker = find_maker(chip)
    return maker.name if maker else chip


def _words(chip: str | None) -> frozenset[str]:
    """Words by which the company of the prefix is recognised in names."""
    maker = find_maker(chip) if chip else None
    if not chip or (maker and maker.role != "brand"):
        return frozenset()
    if maker:
        return frozenset(maker.words)
    word = short_name(chip).split(" ")[0]
    return frozenset({word} if len(word) >= SHORTEST_WORD and word.isalpha() else ())


def _names(told: Told, words: frozenset[str]) -> bool:
    """Whether a value holds such a word: in what was registered of a domain, or in a name."""
    if not words or not (CHANNELS[told.channel].names or told.channel == "domain"):
        return False
    text = registered_domain(told.raw.lower()) if told.channel == "domain" else plain(told.raw)
    return any(word in text for word in words)
