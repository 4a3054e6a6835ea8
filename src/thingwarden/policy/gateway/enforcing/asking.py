"""A state folder and the kernel -> what `status` and `explain` tell, and whether it is time for the next step."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from thingwarden.errors import GatewayError
from thingwarden.model import Policy
from thingwarden.policy.gateway.enforcing.counting import Count, read_counts, stopped
from thingwarden.policy.gateway.enforcing.explaining import (
    Verdict,
    explain,
    learnt_addresses,
)
from thingwarden.policy.gateway.enforcing.flows import Packet, read_flow
from thingwarden.policy.gateway.enforcing.loading import is_loaded, read_rules
from thingwarden.policy.gateway.enforcing.nft import listed
from thingwarden.policy.gateway.enforcing.state import State, read_state
from thingwarden.policy.gateway.enforcing.switching import Plan, Watch, may_advance, switch_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What is meant, what is, and what was counted."""

    state: State
    is_loaded: bool
    policy: Policy | None
    counts: tuple[Count, ...]

    @property
    def is_fine(self) -> bool:
        """Whether nothing waits, and the kernel has what is meant."""
        return self.state.pending is None and self.is_loaded == (self.state.loaded is not None)


def read_status(folder: Path) -> Status:
    """What the folder and the kernel say; raises `GatewayError`."""
    state = read_state(folder)
    if state.loaded is None:
        return Status(state=state, is_loaded=False, policy=None, counts=())
    policy = loaded_policy(folder, state)
    there = is_loaded(state.loaded)
    counts = read_counts(policy, listed("counters")) if there else ()
    return Status(state=state, is_loaded=there, policy=policy, counts=counts)


def loaded_policy(folder: Path, state: State) -> Policy:
    """The policy that was loaded; raises `GatewayError` where there is none."""
    if state.loaded is None:
        raise GatewayError(
            "no rules of thingwarden are loaded",
            hint="`thingwarden enforce --policy DIR` loads them.",
        )
    return read_rules(folder, state.loaded)[1]


def ask(flow: str, policy: Policy) -> list[tuple[Packet, tuple[Verdict, ...]]]:
    """Verdicts on the packet that begins a flow and on its answer; raises `GatewayError`.

    Where nft may not be asked, names have the addresses that the policy knows.
    """
    packets = read_flow(flow, policy)
    try:
        sets = listed("sets")
    except GatewayError:
        sets = {"nftables": []}
    addresses = learnt_addresses(policy, sets)
    answers = [(packet, explain(packet, policy, addresses)) for packet in packets]
    if not any(verdicts for _, verdicts in answers):
        raise GatewayError("neither end is a device of this policy", hint="So no rule is about it.")
    return answers


def advance(folder: Path, *, now_us: int, watch: Watch, say: Callable[[str], None]) -> None:
    """Take the next step if that was agreed on: the agreement is the word, so none is waited for."""
    status = read_status(folder)
    loaded, policy = status.state.loaded, status.policy
    step = may_advance(status.state, stopped(status.counts), now_us=now_us)
    if step is None or loaded is None or policy is None or not status.is_loaded:
        say("It is not time for the next step.")
        return
    plan = Plan(
        step=step, families=loaded.families, confirm_within=None, agreed=status.state.agreed
    )
    switch_on(folder, policy, plan, now_us=now_us, watch=watch)
