"""What a user says -> rules in the kernel, one state to the next; each can be interrupted anywhere.

The state says first what is meant, with what comes back if it fails; then one transaction loads it; then,
where nothing is stopped by it, it counts as confirmed. Whoever is killed in between leaves old rules or
new ones, and a state from which `resume` goes on.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from thingwarden.errors import GatewayError
from thingwarden.model import Policy
from thingwarden.policy.files import write_policy
from thingwarden.policy.gateway.enforcing.leases import (
    read_leases,
    take_lease,
    write_leases,
    write_one_lease,
)
from thingwarden.policy.gateway.enforcing.loading import (
    is_loaded,
    keep_elements,
    loaded_families,
    read_rules,
    write_difference,
    write_whole,
)
from thingwarden.policy.gateway.enforcing.nft import change, check
from thingwarden.policy.gateway.enforcing.state import (
    Agreed,
    Loaded,
    Pending,
    State,
    boot_id,
    is_late,
    keep_rules,
    kept_file,
    locked,
    read_state,
    tidy,
    uptime,
    write_file,
    write_state,
)
from thingwarden.policy.gateway.rules import write_removal, write_rules
from thingwarden.policy.gateway.steps import Step

Watch = Callable[[Path, Pending], None]
"""Starts who takes a change back when its time is over (`deadman.start_watch`)."""

NEXT = {Step.LOG: Step.INTERNET, Step.INTERNET: Step.ALL}

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US
TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done with a policy."""

    step: Step
    families: tuple[str, ...]
    confirm_within: float | None
    """Seconds after which it is taken back unless `confirm` came; None: it stays."""
    agreed: Agreed | None = None


def switch_on(folder: Path, policy: Policy, plan: Plan, *, now_us: int, watch: Watch) -> State:
    """Load a policy; raises `GatewayError`, and then the old rules hold."""
    rules, data = write_rules(policy, plan.step, families=plan.families), write_policy(policy)
    with locked(folder) as held:
        before = read_state(folder)
        name = keep_rules(folder, rules, data)
        loaded = Loaded(id=name, step=plan.step, families=plan.families, since_us=now_us)
        text = _transaction(folder, before, loaded, rules, policy)
        complaint = check(text)
        if complaint:
            tidy(folder, before)
            raise GatewayError(
                f"the kernel does not take these rules: {complaint[:300]}", hint=_AS_WAS
            )
        pending = _pending(now_us, plan.confirm_within)
        meant = State(
            loaded=loaded, confirmed=before.confirmed, pending=pending, agreed=plan.agreed
        )
        if pending:
            _keep_learnt(folder, before)
        write_state(folder, meant)
        try:
            if pending:
                watch(folder, pending)
            change(text, held=held)
        except GatewayError:
            write_state(folder, before)
            raise
        if pending is None:
            meant = replace(meant, confirmed=loaded)
            write_state(folder, meant)
        tidy(folder, meant)
        return meant


def follow_lease(folder: Path, event: str, mac: str, address: str) -> bool:
    """Let a device send from the address that DHCP gave it; whether the rules were changed."""
    with locked(folder) as held:
        loaded = read_state(folder).loaded
        if not take_lease(folder, event, mac, address) or loaded is None or not is_loaded(loaded):
            return False
        rules, policy = read_rules(folder, loaded)
        text = write_one_lease(policy, mac, address, loaded.families)
        if not text:
            return False
        try:
            change(text, held=held)
        except GatewayError:
            change(_whole_text(folder, loaded, rules, policy), held=held)
        return True


def confirm(folder: Path, *, now_us: int) -> State:
    """Keep what was loaded last; raises `GatewayError` where nothing waits, or where it comes too late."""
    with locked(folder) as held:
        state = read_state(folder)
        if state.pending is None or state.loaded is None:
            raise GatewayError("nothing waits to be confirmed", hint=state.note)
        if is_late(state.pending) or not is_loaded(state.loaded):
            _take_back(folder, state, now_us, held, "The word came too late.")
            raise GatewayError(
                "too late: the rules from before are back",
                hint="Load the policy again, and be quicker.",
            )
        kept = replace(state, confirmed=state.loaded, pending=None, note="")
        write_state(folder, kept)
        tidy(folder, kept)
        return kept


def resume(folder: Path, *, now_us: int) -> State:
    """Load what was confirmed last, as after a reboot; what nobody confirmed is taken back."""
    with locked(folder) as held:
        state = read_state(folder)
        if state.confirmed and not state.pending and is_loaded(state.confirmed):
            return state
        waited = "Nobody had confirmed the change before the restart." if state.pending else ""
        return _take_back(folder, state, now_us, held, waited)


def take_back(folder: Path, token: str, *, now_us: int) -> bool:
    """Load what was confirmed last, if the change of this token still waits; whether it did."""
    with locked(folder, seconds=600) as held:
        state = read_state(folder)
        if state.pending is None or state.pending.token != token:
            return False
        _take_back(folder, state, now_us, held, "Nobody confirmed the change in time.")
        return True


def switch_off(folder: Path) -> tuple[str, ...]:
    """Take all tables of ours off, and forget what was loaded; gives the families that had one."""
    with locked(folder) as held:
        families = loaded_families()
        write_state(folder, State())
        change(write_removal(families), held=held)
        tidy(folder, State())
        return families


def may_advance(state: State, stopped: int, *, now_us: int) -> Step | None:
    """The step that was agreed on for now: long enough on this one, and little enough was stopped."""
    loaded, agreed = state.loaded, state.agreed
    if loaded is None or agreed is None or state.pending or loaded.step not in NEXT:
        return None
    waited = now_us - loaded.since_us >= agreed.days * DAY_US
    return NEXT[loaded.step] if waited and stopped <= agreed.most_stopped else None


def _transaction(folder: Path, before: State, loaded: Loaded, rules: str, policy: Policy) -> str:
    """The change of some devices where that is all, else the whole."""
    old = before.loaded
    same = old and old.step is loaded.step and old.families == loaded.families
    if old and same and old.id != loaded.id and is_loaded(old):
        text = write_difference(read_rules(folder, old)[1], policy, old, loaded.id)
        if text is not None:
            return text
    return _whole_text(folder, loaded, rules, policy)


def _whole_text(folder: Path, loaded: Loaded, rules: str, policy: Policy, more: str = "") -> str:
    """All rules, with what names have learnt and who was given which address; `more` learnt before."""
    families = loaded.families
    leases = write_leases(policy, read_leases(folder), families)
    return write_whole(
        rules, loaded.id, families, f"{keep_elements(policy, families)}{more}{leases}"
    )


def _pending(now_us: int, seconds: float | None) -> Pending | None:
    if seconds is None:
        return None
    return Pending(
        token=secrets.token_hex(8),
        boot=boot_id(),
        until_seconds=uptime() + seconds,
        until_us=now_us + round(seconds * SECOND_US),
    )


def _take_back(folder: Path, state: State, now_us: int, held: int, note: str) -> State:
    """What was confirmed, or no rules of ours where that is not possible: open is better than unknown."""
    confirmed = state.confirmed
    try:
        text = _confirmed_text(folder, confirmed) if confirmed else write_removal(loaded_families())
        change(text, held=held)
    except GatewayError as error:
        note = f"{note} The rules from before could not be loaded ({error}), so there are none.".strip()
        change(write_removal(loaded_families()), held=held)
        confirmed = None
    back = replace(confirmed, since_us=now_us) if confirmed else None
    after = State(loaded=back, confirmed=back, agreed=state.agreed, note=note)
    write_state(folder, after)
    tidy(folder, after)
    return after


def _keep_learnt(folder: Path, before: State) -> None:
    """A policy that names less has sets for less: what the old one learnt must outlive it."""
    confirmed = before.confirmed
    if confirmed and not (before.pending and kept_file(folder).exists()):
        _, policy = read_rules(folder, confirmed)
        write_file(kept_file(folder), keep_elements(policy, confirmed.families).encode())


def _confirmed_text(folder: Path, confirmed: Loaded) -> str:
    rules, policy = read_rules(folder, confirmed)
    before = kept_file(folder).read_text() if kept_file(folder).exists() else ""
    return _whole_text(folder, confirmed, rules, policy, before)


_AS_WAS = "Nothing was changed."
