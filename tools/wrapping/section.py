"""What was measured of wrapping -> the section "Wrapping" of `docs/evaluation.md`."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from thingwarden.model import Behaviour, DeviceId, PeerKind, Policy
from thingwarden.policy.wording import Words

from tools.wrapping.behaviours import of_device
from tools.wrapping.measure import Attacked, Judged, Measured, Say, measure
from tools.wrapping.stops import CUT, NEW, Kind, Stopped
from tools.wrapping.watching import Kept

TITLE = "## Wrapping"

SHOWN = 3
"""Rules, and devices, that are named one by one."""

BAR = 0.93
"""Of splits in which a certificate is to be right."""

FAR = (Kind.NAME, Kind.RESOLVER, Kind.ADDRESS)
"""What is new on the Internet."""

HEAD = f"""{TITLE}

What a learnt policy stops of later everyday life, what it stops of attacks, and whether its certificate keeps its word.
`python -m tools.evaluate --only wrapping` makes this section alone, in some five minutes. Here the judge in Python decides; where the
kernel was asked, and whether it says the same, stands in [differences](differences.md).
"""

LATER = """### Everyday life of later days

A policy is learnt on the first part of the captures, and every frame of the rest is judged; all of it is everyday traffic. A behaviour
is a device, who begins, the other end's name or address, protocol and port. It counts once, however many packets it has; what two devices
do with each other counts for both. The *addresses* policy has the same rules, with each name replaced by the addresses that it was seen to
have. *First day only* is learnt on the captures of 25 May, an evening. Weeks are of 168 hours in which a device was active. Policies
follow leases here, as a gateway does; *lease* is how many devices would otherwise have been stopped for their new address alone.

- *New* would be stopped by a gateway, too: a name or an address that was not learnt, or an address that only a resolver gave
  which is not the site's.
- *In gaps* are addresses of names that were learnt, with no answer in the captures that says so in time, and connections that were
  open before a capture began, by a protocol and port that were learnt. MADEA's captures have gaps of seconds to weeks; a gateway hears
  the answers in them. That the name of an open connection was learnt is presumed: nothing shows it. A list of addresses stops both on
  any gateway, and there they count as stopped.
- *No need* is what nobody answered, or what is not learnt on principle. It counts nowhere else.
"""

FRESH = """### What was new

By the shortest of these policies that is learnt on names: for MADEA that of 25 and 26 May, some 18 hours from first to last packet, which is as near to
a full day as these captures come.
"""

ATTACKS = """### Attacks on each device

Each attack is moved to each device that has rules in the policy that was learnt longest. The neighbour that is attacked or attacks is nobody's device, so
that only the device's own list holds. A behaviour is stopped if none of its packets passes. Of logs of flows, which hold no packets, the
first packet of each flow is made again. Not used are units with nothing but logs of Suricata, Argus or NetFlow, and those in which nothing tells
benign from malicious.
"""

CERTIFICATE = """### Whether the watch-time certificate keeps its word

Wherever a capture begins in another hour than the one before, the policy is learnt on all that came before. Its bound (surprises a week,
with 95 % confidence) is held against the behaviours that came in the active hours after, at most those of a week, and that no rule allows,
brought to a week. A device that did nothing since the last split is not split again. *Enough hours* leaves out splits with so
few hours after them that a single surprise breaks the bound. *Anything new* leaves out those that hold whatever the bound. *By episode* counts what comes in one hour as one surprise. The guess
expects as many as came new in the latter half of the hours watched. The bar is 93 %.
"""

LIMITS = """What this does not say:

- Splits overlap: those of one device stand or fall together, and there are few devices.
- No device here was watched for more than {hours} active hours. So bounds are wide, and none came down to one surprise a week: whether
  such a certificate holds was not measured.
- Surprises are taken to come one by one. An update, or the first use of something, brings several at once, which no count of what was seen
  so far foretells.
- IoT Sentinel holds set-ups, no everyday life: its bounds rest on very few hours and say little more than that more is to come.
- A policy knows who speaks with whom on which port, not what is said: data in names that the network's own resolver is asked for pass it, and so
  does who has a place behind an address that is allowed. Errors by ICMP pass because connections need them; they open nothing.
- Everyday traffic is taken at its word: nobody examined whether what was new was needed.
"""


def write_section(data: Path, say: Say) -> Iterator[str]:
    """The lines of the section, measured anew; nothing where the captures are not there."""
    measured = measure(data, say)
    if measured.judged:
        yield from tell(measured)


def replace_section(page: str, section: str) -> str:
    """The page with this section in place of the old one, or behind all others."""
    before, found, rest = page.partition(f"{TITLE}\n")
    _, more, after = rest.partition("\n## ")
    kept = f"\n## {after}" if found and more else ""
    return f"{before.rstrip()}\n\n{section.rstrip()}\n{kept}"


def tell(measured: Measured) -> Iterator[str]:
    """What was measured, line by line."""
    yield HEAD
    yield LATER
    yield from _later(measured.judged)
    yield FRESH
    yield from _fresh(measured)
    yield ATTACKS
    yield from _attacks(measured)
    yield CERTIFICATE
    yield from _certificates(measured.kept, _names(measured))
    hours = max((one.watched for each in measured.kept for one in each.splits), default=0)
    yield LIMITS.format(hours=hours)


def _later(judged: Sequence[Judged]) -> Iterator[str]:
    yield (
        "| learnt on | policy | devices | device-weeks | new | "
        + " | ".join(kind.value for kind in NEW)
        + " | in gaps | stopped a device and week | no need | lease | nothing stopped |"
    )
    yield "|---|---|" + "---:|" * (len(NEW) + 8)
    for one in judged:
        yield _later_row(one)
    yield ""
    yield from _conclude(judged)


def _later_row(one: Judged) -> str:
    found, kinds = one.judgement, one.judgement.kinds
    new, gaps = found.count(*NEW), found.count(*CUT)
    stopped = {each.device for each in found.stopped if each.kind in _real(one)}
    untouched = len(found.hours) - len(stopped)
    return "| " + " | ".join(
        [
            one.learnt,
            one.policy,
            str(len(found.hours)),
            f"{sum(found.hours.values()) / 168:.1f}",
            str(new),
            *(str(kinds[kind]) for kind in NEW),
            str(gaps),
            f"{found.weekly(found.count(*_real(one))):.1f}",
            str(kinds[Kind.NO_NEED]),
            str(one.plain.kinds[Kind.LEASE]) if one.plain else "-",
            f"{untouched} ({untouched / max(len(found.hours), 1):.0%}) |".replace("%", " %"),
        ]
    )


def _real(one: Judged) -> tuple[Kind, ...]:
    """What a gateway with this policy would stop."""
    return (*NEW, *CUT) if one.policy == "addresses" else NEW


def _conclude(judged: Sequence[Judged]) -> Iterator[str]:
    for learnt in dict.fromkeys(one.learnt for one in judged):
        ours, listed = (
            next(one for one in judged if one.learnt == learnt and one.policy == policy)
            for policy in ("names", "addresses")
        )
        rates = [one.judgement.weekly(one.judgement.count(*_real(one))) for one in (ours, listed)]
        most = ours.judgement.weekly(ours.judgement.count(*NEW, *CUT))
        yield (
            f"- {learnt}: a device and week, {rates[0]:.1f} by names and {rates[1]:.1f} by addresses; by"
            f" names it would be {most:.1f} if nothing in gaps belonged to a name that was learnt."
        )
    yield ""


def _fresh(measured: Measured) -> Iterator[str]:
    yield "| captures | device | hours watched before | behaviour | why it was stopped |"
    yield "|---|---|---:|---|---|"
    chosen = list(_shortest(measured.judged))
    for one in chosen:
        words = Words(one.made)
        new = [each for each in one.judgement.stopped if each.kind in NEW]
        for each in sorted(new, key=lambda each: (str(each.device), str(each.behaviour))):
            yield _fresh_row(each, one, words, _names(measured))
    yield ""
    for one in chosen:
        yield _sum_fresh(one, _names(measured))
    yield ""


def _shortest(judged: Sequence[Judged]) -> Iterator[Judged]:
    """The first policy on names of each set of captures."""
    found: dict[str, Judged] = {}
    for one in judged:
        if one.policy == "names":
            found.setdefault(_captures(one), one)
    yield from found.values()


def _captures(one: Judged) -> str:
    return one.learnt.partition(",")[0]


def _sum_fresh(one: Judged, names: Mapping[DeviceId, str]) -> str:
    far = [each for each in one.judgement.stopped if each.kind in FAR]
    devices = Counter(each.device for each in far)
    quiet = len(one.judgement.hours) - len(devices)
    said = f"- {_captures(one)}: {quiet} of {len(one.judgement.hours)} devices had nothing new on the Internet"
    if not devices:
        return f"{said}."
    device, most = devices.most_common(1)[0]
    return f"{said}; {most} of {len(far)} new behaviours there are of the {names[device]}."


def _fresh_row(each: Stopped, one: Judged, words: Words, names: Mapping[DeviceId, str]) -> str:
    own = of_device(one.made, each.device)
    hours = own.watch_time.active_hours if own and own.watch_time else 0
    name = names[each.device]
    said = _without_address(words, each.behaviour)
    return f"| {_captures(one)} | {name} | {hours} | {said} | {each.kind.value} |"


def _without_address(words: Words, behaviour: Behaviour) -> str:
    """Where there is no name, only the way is told: addresses tell readers nothing."""
    said = words.behaviour(behaviour)
    if behaviour.peer.kind is PeerKind.NETWORK:
        return said.replace(words.peer(behaviour.peer), "an address")
    return said


def _attacks(measured: Measured) -> Iterator[str]:
    yield "| attack | devices | packets | stopped | behaviours | stopped |"
    yield "|---|---:|---:|---:|---:|---:|"
    for each in measured.attacked:
        if each.outcome.devices:
            yield _attack_row(each)
    for title, chosen in (
        ("generated", [each for each in measured.attacked if not each.claim]),
        ("captured", [each for each in measured.attacked if each.claim]),
    ):
        yield _attack_sum(title, chosen)
    yield ""
    yield from _passed(measured)


def _attack_row(each: Attacked) -> str:
    one = each.outcome
    name = f"{each.name}: {each.claim}" if each.claim else each.name
    return (
        f"| {name} | {one.devices} | {one.packets:,} | {_percent(one.stopped, one.packets)} |"
        f" {one.behaviours:,} | {_percent(one.behaviours_stopped, one.behaviours)} |"
    )


def _attack_sum(title: str, chosen: Sequence[Attacked]) -> str:
    packets, stopped, behaviours, held = (
        sum(getattr(each.outcome, name) for each in chosen)
        for name in ("packets", "stopped", "behaviours", "behaviours_stopped")
    )
    return (
        f"| **all {title}** | | {packets:,} | {_percent(stopped, packets)} | {behaviours:,} |"
        f" {_percent(held, behaviours)} |"
    )


def _passed(measured: Measured) -> Iterator[str]:
    """What passed, by the rule that let it."""
    policies = [one.made for one in measured.judged if one.policy == "names"]
    names = _names(measured)
    yield "What passed, and by which rule:\n"
    for each in measured.attacked:
        rules: dict[str, list[str]] = defaultdict(list)
        for device, rule in sorted(each.outcome.passed):
            rules[_say_rule(device, rule, policies)].append(names.get(device, str(device)))
        for said, devices in _gather(rules):
            yield f"- {each.name}: {said} ({', '.join(devices)})"
    yield ""


def _gather(rules: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Sequence[str]]]:
    """Rules that let something pass; where there are many, only how many."""
    if len(rules) > SHOWN:
        devices = {device for each in rules.values() for device in each}
        yield "rules of each device's own for a peer on the Internet", [f"{len(devices)} devices"]
        return
    for said, devices in sorted(rules.items()):
        yield said, devices if len(devices) <= SHOWN else [f"{len(devices)} devices"]


def _say_rule(device: DeviceId, rule: str, policies: Sequence[Policy]) -> str:
    if rule.startswith("need-"):
        return f"what every device needs, `{rule}`"
    for policy in reversed(policies):
        own = of_device(policy, device)
        found = next((each for each in own.rules if each.id == rule), None) if own else None
        if found:
            return f"`{rule}`, by which the device {Words(policy).behaviour(found.behaviour)}"
    return "no list is about it"


def _names(measured: Measured) -> Mapping[DeviceId, str]:
    """What devices are called: as the data folder does, else as they call themselves."""
    told = {
        device: name for one in measured.judged for device, name in Words(one.made).devices.items()
    }
    return told | dict(measured.names)


def _certificates(kept: Sequence[Kept], names: Mapping[DeviceId, str]) -> Iterator[str]:
    yield (
        "| captures | devices | splits | bound holds | splits with enough hours | bound holds |"
        " splits with anything new | bound holds | by episode |"
        " devices that always hold | median bound | mean of what came | guess holds |"
    )
    yield "|---|" + "---:|" * 12
    rows = [each for each in kept if each.splits]
    together = Kept(name="**all**", splits=tuple(one for each in rows for one in each.splits))
    for each in (*rows, together):
        yield _certificate_row(each)
    yield ""
    for each in rows:
        missed = Counter(one.device for one in each.splits if not one.holds)
        few = sum(not one.tells for one in each.splits if not one.holds)
        if missed:
            device, most = missed.most_common(1)[0]
            said = "above" if each.share >= BAR else "below"
            yield (
                f"- {each.name}, {said} the bar: {most} of {missed.total()} misses are of the"
                f" {names.get(device, device)}; {few} are at splits without enough hours."
            )
    yield ""


def _certificate_row(each: Kept) -> str:
    enough, eventful = each.telling, each.eventful
    return (
        f"| {each.name} | {each.devices} | {len(each.splits)} | {each.share:.1%} | {len(enough.splits)} |"
        f" {enough.share:.1%} | {len(eventful.splits)} | {eventful.share:.1%} | {each.by_episode:.1%} | {each.always} | {each.bound:.0f} | {each.came:.1f} |"
        f" {each.guessed:.1%} |"
    ).replace("%", " %")


def _percent(part: int, whole: int) -> str:
    """Rounded down, so that 100 % means all."""
    return f"{1000 * part // max(whole, 1) / 10:.1f} %"
