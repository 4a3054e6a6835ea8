"""Answer + ledger + evidence -> the identity card: guesses, clues in words, contradictions, advice."""

from collections.abc import Iterator, Mapping, Sequence

from thingwarden.inventory.identification.answer import IN_SET, MOST_CANDIDATES, Answer
from thingwarden.inventory.identification.channels import CHANNELS
from thingwarden.inventory.identification.conflicts import GENERAL, find_conflicts
from thingwarden.inventory.identification.evidence import Evidence
from thingwarden.inventory.identification.experience import Experience, Token
from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.ledger import Balance
from thingwarden.inventory.identification.normal import plain
from thingwarden.model import Candidate, Clue, Guess, Identity

MOST_CLUES = 8
MOST_REASONS = 3

SUREST = 0.999
"""Of what is derived; 1 is for what the user said."""

LEAST = 0.3
"""Log-odds that a token must add to be shown as a clue."""

SHOWN = 60
"""Characters of a value that are shown."""


def make_card(
    answer: Answer, balance: Balance, evidence: Evidence, experience: Experience
) -> Identity:
    """Everything that is said of what a device is."""
    clues = tuple(_clues(answer, balance, evidence))
    guesses = {
        level: _guess(level, answer, clues, evidence)
        for level in ("vendor", "category", "family", "model")
    }
    return Identity(
        **guesses,
        clues=clues[:MOST_CLUES],
        conflicts=tuple(_conflicts(answer, balance, evidence)),
        candidates=_candidates(answer, guesses),
        settle=tuple(_settle(answer, evidence)),
        chip=evidence.chip,
        calibration=_calibration(experience),
    )


def _guess(level: str, answer: Answer, clues: Sequence[Clue], evidence: Evidence) -> Guess | None:
    name = answer.kind.at(level)
    if not name:
        return None
    about = [
        clue.says for clue in clues if level != "model" or clue.points_to != answer.kind.vendor
    ]
    because = tuple(about[:MOST_REASONS]) or tuple(clue.says for clue in clues[:MOST_REASONS])
    return Guess(
        value=name, confidence=min(round(answer.best[level][1], 3), SUREST), because=because
    )


def _clues(answer: Answer, balance: Balance, evidence: Evidence) -> Iterator[Clue]:
    """Tokens that speak for what is certain, or for the best guess, the strongest first."""
    leaf = balance.leaves[answer.nearest]
    weights = sorted(
        (
            (float(parts[answer.nearest]), token)
            for token, parts in balance.by_token.items()
            if parts[answer.nearest] >= LEAST
        ),
        key=lambda item: (-item[0], item[1]),
    )
    for weight, token in weights:
        yield _clue(token, weight, _points_to(token, leaf, balance, answer.nearest), evidence)


def _points_to(token: Token, leaf: Kind, balance: Balance, place: int) -> str:
    """The model, if the token speaks more for it than for others of its maker; else the maker."""
    parts = balance.by_token[token]
    siblings = [
        float(parts[number])
        for number, other in enumerate(balance.leaves)
        if other.vendor == leaf.vendor and other.model != leaf.model
    ]
    if leaf.model and siblings and float(parts[place]) - max(siblings) > LEAST:
        return f"{leaf.vendor} {leaf.model}"
    return leaf.vendor or leaf.family or leaf.category or "something else"


def _clue(token: Token, weight: float, points_to: str, evidence: Evidence) -> Clue:
    told = evidence.first.get(token)
    says = (
        _say_prefix(token, evidence)
        if token[0] == "prefix"
        else say(token[0], told.raw if told else token[1])
    )
    return Clue(
        channel=token[0],
        says=says,
        points_to=points_to,
        weight=round(weight, 2),
        capture=told.capture if told else 0,
        frame=told.frame if told else 0,
        time_us=told.time_us if told else 0,
    )


def say(channel: str, raw: str) -> str:
    """A token in words; what came from the network is bounded, and holds nothing that does not show."""
    shown = plain(raw)
    if len(shown) > SHOWN:
        shown = shown[: SHOWN - 1] + "…"
    return CHANNELS[channel].says.format(f"“{shown}”")


def _say_prefix(token: Token, evidence: Evidence) -> str:
    if token[1] == "random":
        return "has a hardware address chosen at random, as phones and computers do"
    return f"the first half of its hardware address belongs to {evidence.chip or token[1]}"


def _candidates(answer: Answer, guesses: Mapping[str, Guess | None]) -> tuple[Candidate, ...]:
    """Models that are not ruled out, where none is certain."""
    if guesses["model"]:
        return ()
    likely = [(kind, sure) for kind, sure in answer.models if sure >= IN_SET]
    return tuple(
        Candidate(
            value=f"{kind.vendor} {kind.model}".strip(), confidence=min(round(sure, 3), SUREST)
        )
        for kind, sure in likely[:MOST_CANDIDATES]
    )


def _conflicts(answer: Answer, balance: Balance, evidence: Evidence) -> Iterator[str]:
    if answer.kind.category in GENERAL:
        return
    for one, maker, other, rival in find_conflicts(balance)[:3]:
        yield (
            f"claims to be {maker} ({_strongest(one, balance, evidence)}),"
            f" but talks like {rival} ({_strongest(other, balance, evidence)})"
        )


def _strongest(channel: str, balance: Balance, evidence: Evidence) -> str:
    tokens = [token for token in balance.by_token if token[0] == channel]
    best = max(tokens, key=lambda token: (float(balance.by_token[token].max()), token))
    told = evidence.first.get(best)
    return say(channel, told.raw if told else best[1])


def _settle(answer: Answer, evidence: Evidence) -> Iterator[str]:
    """What would make certain what is not."""
    if answer.kind.model:
        return
    if not any(evidence.tokens.get(channel) for channel in ("dhcp-vendor", "host-name")):
        yield "a capture of it joining the network: switch it off and on again while recording"
    if not any(
        evidence.tokens.get(channel) for channel in ("mdns-text", "upnp-model", "mdns-name")
    ):
        yield "what it announces to its neighbours: record on its own network, not behind the router"
    if "domain" not in evidence.tokens:
        yield "whom it asks for: record for a day, or where its name lookups pass"
    elif answer.kind.vendor:
        yield "its type plate: teach it with thingwarden knowledge learn, and it is known from then on"


def _calibration(experience: Experience) -> str:
    met = sum(experience.examples)
    if not met:
        return "from rules that ship with thingwarden; no example of your own was taught"
    kinds = len(experience.kinds)
    return f"from {met} examples of {kinds} kinds of things that you taught, and rules that ship"
