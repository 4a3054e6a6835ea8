"""States, counts and verdicts -> sentences for people, and values for JSON."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from thingwarden.model import Policy
from thingwarden.policy.gateway.enforcing.asking import Status
from thingwarden.policy.gateway.enforcing.counting import Count, passed, stopped
from thingwarden.policy.gateway.enforcing.explaining import Verdict, is_stopped
from thingwarden.policy.gateway.enforcing.flows import Packet
from thingwarden.policy.gateway.enforcing.state import Loaded, State
from thingwarden.policy.gateway.steps import Step
from thingwarden.policy.wording import Words

MEANS = {
    Step.LOG: "nothing is stopped; what no rule allows is counted",
    Step.INTERNET: "what no rule allows is stopped towards the Internet, and counted inside the site",
    Step.ALL: "what no rule allows is stopped",
}

Answers = Sequence[tuple[Packet, tuple[Verdict, ...]]]

MOST_TOLD = 20
"""Lines of what was stopped, and devices, that are told; JSON has all."""


def tell_status(status: Status) -> Iterator[str]:
    """What is meant, what is, and what was counted."""
    yield from tell_state(status.state, is_loaded=status.is_loaded)
    if status.policy and status.state.loaded and status.is_loaded:
        yield from tell_counts(status.policy, status.counts, status.state.loaded.step)


def tell_state(state: State, *, is_loaded: bool) -> Iterator[str]:
    """Step, since when, whether confirmed, and what went by itself."""
    loaded = state.loaded
    if loaded is None:
        yield "No rules of thingwarden are loaded."
    else:
        families = " and ".join(loaded.families)
        yield f"Step {loaded.step.value} since {say_time(loaded.since_us)} ({families}): {MEANS[loaded.step]}."
        if not is_loaded:
            yield "But the kernel has other rules: `thingwarden enforce resume` loads what was confirmed."
    if state.pending:
        until = say_time(state.pending.until_us)
        yield f"Not confirmed: {_before(state.confirmed)} at {until}, unless you say `thingwarden enforce confirm`."
    if state.agreed:
        yield (
            f"Agreed: the next step after {state.agreed.days:g} days with at most"
            f" {state.agreed.most_stopped:,} packets that no rule allows."
        )
    if state.note:
        yield state.note


def tell_counts(policy: Policy, counts: Sequence[Count], step: Step) -> Iterator[str]:
    """Per device what passed and what no rule allows; then the rules that stop most."""
    words, total = Words(policy), stopped(counts)
    verb = {Step.LOG: "would have been stopped", Step.INTERNET: "no rule allows"}.get(
        step, "were stopped"
    )
    yield (
        f"{total:,} packets {verb}."
        if step is not Step.INTERNET
        else f"{total:,} packets that {verb}."
    )
    rows = sorted(
        (
            (stopped(counts, one.device_id), passed(counts, one.device_id), one)
            for one in policy.devices
        ),
        key=lambda row: (-row[0], -row[1], row[2].device_id),
    )
    for stop, passes, device in rows[:MOST_TOLD]:
        yield f"  {words.device(device.device_id)} ({device.device_id}): {passes:,} let through, {stop:,} not allowed"
    if len(rows) > MOST_TOLD:
        yield f"  and {len(rows) - MOST_TOLD:,} more devices: --json has all."
    worst = [one for one in counts if one.stops][:MOST_TOLD]
    if worst:
        yield "Most of it:"
    for one in worst:
        yield f"  {one.packets:,} packets, {_who(one, words)}: {one.words}"


def tell_verdicts(verdicts: Sequence[Verdict], policy: Policy) -> Iterator[str]:
    """A line for each list that was asked."""
    words = Words(policy)
    for one in verdicts:
        name = words.device(one.device.device_id)
        verb = "lets it pass" if one.allowed else "does not allow it"
        yield f"  {name} ({one.device.device_id}), {one.way.value}: {one.rule} {verb}: {one.words}"
        if one.ground:
            yield f"    {one.ground}"


def status_value(status: Status) -> dict[str, Any]:
    """What JSON says of all of it."""
    counted = counts_value(status.policy, status.counts) if status.policy else {}
    return state_value(status.state, is_loaded=status.is_loaded) | counted


def state_value(state: State, *, is_loaded: bool) -> dict[str, Any]:
    """What JSON says of a state."""
    loaded, pending = state.loaded, state.pending
    return {
        "step": loaded.step.value if loaded else None,
        "since": say_time(loaded.since_us) if loaded else None,
        "families": list(loaded.families) if loaded else [],
        "in_kernel": is_loaded,
        "confirmed": loaded is not None and pending is None and loaded == state.confirmed,
        "comes_back": say_time(pending.until_us) if pending else None,
        "confirmed_step": state.confirmed.step.value if state.confirmed else None,
        "note": state.note,
    }


def counts_value(policy: Policy, counts: Sequence[Count]) -> dict[str, Any]:
    """What JSON says of counters."""
    return {
        "stopped": stopped(counts),
        "devices": [
            {
                "id": one.device_id,
                "name": one.name,
                "passed": passed(counts, one.device_id),
                "stopped": stopped(counts, one.device_id),
            }
            for one in policy.devices
        ],
        "rules": [
            {
                "devices": list(one.devices),
                "rule": one.rule,
                "way": one.way.value,
                "packets": one.packets,
                "bytes": one.bytes,
                "stops": one.stops,
                "words": one.words,
            }
            for one in counts
        ],
    }


def answer_value(answers: Answers) -> dict[str, Any]:
    """What JSON says of a flow."""
    return {
        what: verdicts_value(verdicts)
        for what, (_, verdicts) in zip(("there", "back"), answers, strict=True)
    }


def verdicts_value(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """What JSON says of verdicts."""
    return [
        {
            "device": one.device.device_id,
            "way": one.way.value,
            "rule": one.rule,
            "allowed": one.allowed,
            "words": one.words,
            "ground": one.ground,
        }
        for one in verdicts
    ]


def say_time(time_us: int) -> str:
    """ISO 8601 with zone, to the second."""
    return datetime.fromtimestamp(time_us // 1_000_000, UTC).isoformat().replace("+00:00", "Z")


def _before(confirmed: Loaded | None) -> str:
    return f"the step {confirmed.step.value} comes back" if confirmed else "all rules go"


def _who(count: Count, words: Words) -> str:
    if len(count.devices) == 1:
        return words.device(count.devices[0])
    return f"{len(count.devices):,} devices together"


def tell_answer(answers: Answers, policy: Policy, step: Step | None) -> Iterator[str]:
    """What becomes of a packet and of its answer, at the step that is loaded."""
    for what, (packet, verdicts) in zip(("There", "Back"), answers, strict=True):
        allowed = all(one.allowed for one in verdicts)
        at_once = step and is_stopped(packet, verdicts, step, policy.network)
        yield f"{what}: {'allowed.' if allowed else _say_fate(step, stopped=bool(at_once))}"
        yield from tell_verdicts(verdicts, policy)


def _say_fate(step: Step | None, *, stopped: bool) -> str:
    if stopped or step is None:
        return "stopped." if stopped else "not allowed."
    return f"not allowed; at the step {step.value} it passes, and is counted."
