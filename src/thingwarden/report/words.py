"""Verdicts, concerns, numbers and times -> plain words: the one place for them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from thingwarden.model import Assessment, Concern, Confidence, Role, Severity, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictWords:
    """What a verdict is called and what it means."""

    short: str
    """Two to four words, for tables."""
    meaning: str
    """One sentence."""


VERDICTS = {
    Verdict.DO_NOT_DEPEND: VerdictWords(
        short="Do not depend on it",
        meaning="It does something that can hurt you. Act before you go on using it.",
    ),
    Verdict.DEPEND_WRAPPED: VerdictWords(
        short="Only while wrapped",
        meaning="Usable if it is kept apart from the rest and let out only to what it needs.",
    ),
    Verdict.NOT_ENOUGH_SEEN: VerdictWords(
        short="Not enough seen",
        meaning="Too little of it was in the capture to say anything, good or bad.",
    ),
    Verdict.DEPEND: VerdictWords(
        short="Depend on it",
        meaning="Nothing bad was found in what could be examined.",
    ),
}
"""Those that need action first."""

ROLES = {
    None: "for convenience, since you said nothing else",
    Role.CONVENIENCE: "for convenience, as you said",
    Role.SECURITY: "for security, as you said",
    Role.SAFETY: "for safety, as you said",
    Role.LIFE_CRITICAL: "for somebody's life, as you said",
}
"""What a device is judged as."""

CONCERNS = {
    Concern.OPERATING_SYSTEM: ("Operating system", "Is the software on it sound and current?"),
    Concern.SUPPLY_CHAIN: ("Supply chain", "What is it made of, and is any of it known as bad?"),
    Concern.CODE_AGE: ("Age of the code", "Is the code in it still looked after?"),
    Concern.VENDOR: ("Maker", "Does the maker update it, and safely?"),
    Concern.VULNERABILITY_POLICY: ("Known holes", "Are known holes told and closed?"),
    Concern.PROVIDER: ("Provider", "Whom on the Internet does it need, and where?"),
    Concern.PROTECTED_COMMUNICATION: (
        "Protected communication",
        "Can others read or change what it says?",
    ),
    Concern.RELIABLE_COMMUNICATION: ("Reliable communication", "Does what it says get through?"),
    Concern.EXPOSURE: ("Exposure", "Who can reach it, and whom can it reach?"),
    Concern.CONDUCT: ("Conduct", "Does it behave like what it is?"),
    Concern.PORTABILITY: ("Portability", "Could it move to another provider or network?"),
}
"""Name, and the question it asks."""

SEVERITIES = {
    Severity.INFO: "Good to know",
    Severity.LOW: "Minor",
    Severity.MEDIUM: "Serious",
    Severity.HIGH: "Severe",
    Severity.CRITICAL: "Dangerous",
}

CONFIDENCES = {
    Confidence.GUESS: "a guess",
    Confidence.LIKELY: "likely",
    Confidence.CERTAIN: "certain",
}

KINDS = {
    "air-quality": "air quality sensor",
    "e-reader": "e-reader",
    "ev-charger": "EV charger",
    "medical": "medical device",
    "plc": "PLC",
    "voip-phone": "VoIP phone",
}
"""Kinds of things whose words are not those of their id."""

KIND = re.compile("[a-z]+(-[a-z]+)+")

WATCH_LONGER = "Capture again for some hours, while it is in use."
NOTHING_TO_DO = "Nothing to do."
WRAP_IT = "Keep it apart from your other devices, for example on a guest network."


def kind(name: str) -> str:
    """A kind of thing in words: `smoke detector` for `smoke-detector`; a user's own words stay."""
    return KINDS.get(name, name.replace("-", " ") if KIND.fullmatch(name) else name)


def sure(confidence: float) -> str:
    """A probability as one says it; only what the user said is ever certain."""
    if confidence >= 1:
        return "you said so"
    if confidence > 0.99:
        return "over 99 %"
    return f"{confidence:.0%}".replace("%", " %") if confidence >= 0.01 else "under 1 %"


def what_to_do(assessment: Assessment) -> str:
    """The one thing to do first, for the person who has the device."""
    remedy = next((finding.remedy for finding in assessment.findings if finding.remedy), "")
    if assessment.verdict is Verdict.DEPEND:
        return NOTHING_TO_DO
    if assessment.verdict is Verdict.NOT_ENOUGH_SEEN:
        return WATCH_LONGER
    return remedy or WRAP_IT


def count(number: int, one: str, many: str = "") -> str:
    """`1 device`, `2 devices`, `12,345 devices`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size(amount_bytes: float) -> str:
    """Bytes in decimal units, with two or three digits: `950 B`, `1.2 MB`."""
    amount = float(amount_bytes)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if amount < 999.5:
            return (
                f"{amount:.0f} {unit}" if unit == "B" or amount >= 9.95 else f"{amount:.1f} {unit}"
            )
        amount /= 1000
    return f"{amount:,.0f} PB"


def moment(time_us: int | None) -> str:
    """ISO 8601 in UTC, to the second; `unknown` for None or what no calendar holds."""
    found = _calendar(time_us)
    return found.strftime("%Y-%m-%dT%H:%M:%SZ") if found else "unknown"


def exact_moment(time_us: int) -> str:
    """ISO 8601 in UTC, to the microsecond, for what is looked up again."""
    found = _calendar(time_us)
    return found.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if found else "unknown"


def clock(time_us: int, *, with_day: bool) -> str:
    """A short label for an axis, UTC: `14:05`, or `14:05, 23 Nov`."""
    found = _calendar(time_us)
    if not found:
        return "?"
    return found.strftime("%H:%M, %d %b" if with_day else "%H:%M")


def span(length_us: int) -> str:
    """How long something lasted, in the largest unit that fits: `3 hours`."""
    seconds = max(0, length_us) / 1_000_000
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 1.5 * length:
            return count(round(seconds / length), unit)
    return count(round(seconds), "second")


def listed(words: Sequence[str], limit: int = 3) -> str:
    """`a, b, c and 4 more`."""
    more = len(words) - limit
    return ", ".join(words[:limit]) + (f" and {more:,} more" if more > 0 else "")


def _calendar(time_us: int | None) -> datetime | None:
    if time_us is None:
        return None
    try:
        return datetime.fromtimestamp(time_us // 1_000_000, UTC).replace(
            microsecond=time_us % 1_000_000
        )
    except (OverflowError, OSError, ValueError):
        return None
