"""The commands `thingwarden enforce …`: a policy in this machine's kernel, in steps, and back."""

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any

import click

from thingwarden.cli.arguments import FOLDER, KNOWN_FOLDER, SAFETY
from thingwarden.cli.terminal import say

if TYPE_CHECKING:
    from thingwarden.model import Policy
    from thingwarden.policy.gateway.enforcing.state import Agreed

STEPS = ("log", "internet", "all")
FAMILIES = ("auto", "bridge", "inet", "both")
STATE_FOLDER = Path("/var/lib/thingwarden")

CONFIRM_SECONDS = 120
"""Long enough to try what matters, short enough to wait for where nothing answers any more."""

LEAST_SECONDS, MOST_SECONDS = 1, 86_400

FINE, LOOK_AT_IT = 0, 1
"""Exit statuses: as it should be; stopped, not confirmed, or other rules in the kernel."""

STATE = click.option(
    "--state",
    "state_folder",
    type=FOLDER,
    help=f"Folder in which it is kept what was loaded. Default: {STATE_FOLDER}.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON instead of sentences.")


@click.group(invoke_without_command=True)
@click.option(
    "--policy", "folder", type=KNOWN_FOLDER, help="The folder that `thingwarden wrap` wrote."
)
@click.option(
    "--step",
    type=click.Choice(STEPS),
    help="How much is stopped. Default: as it is now, at first log.",
)
@click.option(
    "--confirm-within",
    type=click.FloatRange(LEAST_SECONDS, MOST_SECONDS),
    default=CONFIRM_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="Take a step that stops anything back, unless `enforce confirm` comes in time.",
)
@click.option(
    "--family",
    type=click.Choice(FAMILIES),
    default="auto",
    show_default=True,
    help="Where to stop: between ports of a bridge, where packets are routed, or both.",
)
@SAFETY
@click.option(
    "--advance-after",
    type=click.FloatRange(0, 365),
    metavar="DAYS",
    help="Agree that `enforce status --advance` takes the next step after so long on one.",
)
@click.option(
    "--when-stopped-at-most",
    type=click.IntRange(0),
    metavar="PACKETS",
    help="... and only if no rule allowed at most so many packets since. Default: 0.",
)
@STATE
@click.pass_context
def enforce(context: click.Context, /, *, state_folder: Path | None, **given: Any) -> None:  # noqa: ANN401
    """Switch a policy on, on this machine, which must be the gateway; needs root.

    It begins with the step log, which stops nothing and counts what would have been stopped. Steps that
    stop (internet, then all) are taken back by themselves unless you confirm them in time, also when this
    command, its terminal or the machine dies in between. Rules of others are never touched, and addresses
    that were learnt stay.

    \b
    Examples:
        thingwarden enforce --policy policy
        thingwarden enforce status
        thingwarden enforce --policy policy --step internet
        thingwarden enforce confirm
        thingwarden enforce explain "192.168.1.5 > 203.0.113.9:443 tcp"
        thingwarden enforce off
    """  # noqa: D301  # \b is for click: lines stay as they are
    context.obj = state_folder
    if context.invoked_subcommand:
        return
    if given["folder"] is None:
        raise click.UsageError("--policy DIR is needed; `thingwarden enforce --help` shows how.")
    _switch_on(_place(context, None), given)


@enforce.command()
@AS_JSON
@click.option(
    "--advance", is_flag=True, help="Take the next step, if that was agreed and it is time."
)
@STATE
@click.pass_context
def status(
    context: click.Context, *, as_json: bool, advance: bool, state_folder: Path | None
) -> None:
    """Tell the step, whether it is confirmed, and what passed and was stopped per device and rule.

    Exit status: 0 all is as confirmed, 1 not confirmed or other rules in the kernel, 2 could not.
    """
    from thingwarden.policy.gateway.enforcing import asking, deadman, telling  # noqa: PLC0415

    folder = _place(context, state_folder)
    if advance:
        asking.advance(folder, now_us=_now_us(), watch=deadman.start_watch, say=say)
    found = asking.read_status(folder)
    if as_json:
        _print_json(telling.status_value(found))
    else:
        _print(telling.tell_status(found))
    sys.exit(FINE if found.is_fine else LOOK_AT_IT)


@enforce.command()
@click.argument("flow")
@AS_JSON
@STATE
@click.option(
    "--policy", "folder", type=KNOWN_FOLDER, help="Ask this policy, not the one that is loaded."
)
@click.pass_context
def explain(
    context: click.Context,
    *,
    flow: str,
    as_json: bool,
    state_folder: Path | None,
    folder: Path | None,
) -> None:
    """Tell which rule lets FLOW pass or what stops it, and what that was learnt from.

    FLOW is "SOURCE:PORT > TARGET:PORT PROTOCOL"; ends are addresses, hardware addresses, names of the
    DNS, or devices by id or name:

    \b
        thingwarden enforce explain "192.168.1.5 > 203.0.113.9:443 tcp"
        thingwarden enforce explain "d-0017882b9a25 > time.example:123 udp"
        thingwarden enforce explain "00:17:88:2b:9a:25 > 192.168.1.1 icmp type 8"

    The packet that begins the flow and its answer are asked about. Exit status: 0 both pass,
    1 one is stopped (or would be, at the step all), 2 could not.
    """  # noqa: D301  # \b is for click: lines stay as they are
    from thingwarden.policy.files import read_policy_folder  # noqa: PLC0415
    from thingwarden.policy.gateway.enforcing import asking, telling  # noqa: PLC0415
    from thingwarden.policy.gateway.enforcing.state import read_state  # noqa: PLC0415

    place = _place(context, state_folder)
    if folder:
        policy, step = read_policy_folder(folder), None
    else:
        state = read_state(place)
        policy = asking.loaded_policy(place, state)
        step = state.loaded.step if state.loaded else None
    answers = asking.ask(flow, policy)
    if as_json:
        _print_json(telling.answer_value(answers))
    else:
        _print(telling.tell_answer(answers, policy, step))
    allowed = all(one.allowed for _, verdicts in answers for one in verdicts)
    sys.exit(FINE if allowed else LOOK_AT_IT)


@enforce.command()
@STATE
@click.pass_context
def confirm(context: click.Context, *, state_folder: Path | None) -> None:
    """Keep the step that was taken last."""
    from thingwarden.policy.gateway.enforcing.switching import confirm  # noqa: PLC0415

    state = confirm(_place(context, state_folder), now_us=_now_us())
    assert state.loaded is not None
    click.echo(f"Confirmed: step {state.loaded.step.value}.")


@enforce.command()
@click.option("--unit", is_flag=True, help="Print a unit for systemd that does this at each start.")
@STATE
@click.pass_context
def resume(context: click.Context, *, unit: bool, state_folder: Path | None) -> None:
    """Load what was confirmed last, as after a restart; what nobody had confirmed is taken back."""
    folder = _place(context, state_folder)
    if unit:
        from thingwarden.policy.gateway.enforcing.systemd import write_unit  # noqa: PLC0415

        click.echo(write_unit(folder, which("thingwarden") or "thingwarden"), nl=False)
        return
    from thingwarden.policy.gateway.enforcing import telling  # noqa: PLC0415
    from thingwarden.policy.gateway.enforcing.switching import resume  # noqa: PLC0415

    state = resume(folder, now_us=_now_us())
    _print(telling.tell_state(state, is_loaded=True))


@enforce.command()
@click.argument("event", required=False, type=click.Choice(["add", "old", "del"]))
@click.argument("mac", required=False)
@click.argument("address", required=False)
@click.option("--script", is_flag=True, help="Print the program for dnsmasq's dhcp-script.")
@STATE
@click.pass_context
def lease(
    context: click.Context,
    *,
    event: str | None,
    mac: str | None,
    address: str | None,
    script: bool,
    state_folder: Path | None,
) -> None:
    """Let the device with MAC send from ADDRESS, which DHCP gave it; dnsmasq says so by itself:

    \b
        thingwarden enforce lease --script > /etc/thingwarden/lease
        chmod 755 /etc/thingwarden/lease
        echo dhcp-script=/etc/thingwarden/lease >> /etc/dnsmasq.conf
    """  # noqa: D301, D400  # \b is for click: lines stay as they are
    folder = _place(context, state_folder)
    if script:
        from thingwarden.policy.gateway.enforcing.leases import write_script  # noqa: PLC0415

        click.echo(write_script(folder, which("thingwarden") or "thingwarden"), nl=False)
        return
    if not (event and mac and address):
        raise click.UsageError("EVENT, MAC and ADDRESS are needed, or --script.")
    from thingwarden.policy.gateway.enforcing.switching import follow_lease  # noqa: PLC0415

    if follow_lease(folder, event, mac, address):
        say(f"{mac} may send from {address}.")


@enforce.command()
@STATE
@click.pass_context
def off(context: click.Context, *, state_folder: Path | None) -> None:
    """Take all rules of thingwarden off this machine, for good; those of others stay."""
    from thingwarden.policy.gateway.enforcing.switching import switch_off  # noqa: PLC0415

    families = switch_off(_place(context, state_folder))
    click.echo(f"Off: {' and '.join(families)}." if families else "Nothing of ours was loaded.")


def _switch_on(place: Path, given: Mapping[str, Any]) -> None:
    from thingwarden.policy.files import read_policy_folder  # noqa: PLC0415
    from thingwarden.policy.gateway.enforcing import asking, deadman, telling  # noqa: PLC0415
    from thingwarden.policy.gateway.enforcing.abilities import choose_families  # noqa: PLC0415
    from thingwarden.policy.gateway.enforcing.switching import Plan, switch_on  # noqa: PLC0415
    from thingwarden.policy.gateway.steps import Step  # noqa: PLC0415

    policy = read_policy_folder(given["folder"])
    if given["safety"]:
        _require_invariants(given["safety"], policy)
    families = choose_families(given["family"])
    before = asking.read_status(place)
    now = before.state.loaded.step if before.state.loaded else Step.LOG
    step = Step(given["step"]) if given["step"] else now
    _warn(policy, families, stops=step is not Step.LOG)
    if before.is_loaded:
        say("Until now:")
        for line in telling.tell_status(before):
            say(line)
    plan = Plan(
        step=step,
        families=families,
        confirm_within=None if step is Step.LOG else given["confirm_within"],
        agreed=_agreed(given) or before.state.agreed,
    )
    state = switch_on(place, policy, plan, now_us=_now_us(), watch=deadman.start_watch)
    click.echo(f"{len(policy.devices):,} devices.")
    _print(telling.tell_state(state, is_loaded=True))


def _agreed(given: Mapping[str, Any]) -> "Agreed | None":
    from thingwarden.policy.gateway.enforcing.state import Agreed  # noqa: PLC0415

    if given["advance_after"] is None:
        if given["when_stopped_at_most"] is not None:
            raise click.UsageError("--when-stopped-at-most goes with --advance-after.")
        return None
    return Agreed(days=given["advance_after"], most_stopped=given["when_stopped_at_most"] or 0)


def _require_invariants(file: Path, policy: "Policy") -> None:
    """Raises `PolicyError` where the policy breaks one."""
    from thingwarden.policy.safety.prove import read_invariants, require  # noqa: PLC0415

    require(policy, read_invariants(file.read_bytes()))


def _warn(policy: "Policy", families: tuple[str, ...], *, stops: bool) -> None:
    from thingwarden.policy.learning.states import State, state_of  # noqa: PLC0415

    if "bridge" not in families:
        say("Without the family bridge, what devices send each other inside the site is not seen.")
    young = sum(state_of(device) in {State.LEARNING, State.ADVISORY} for device in policy.devices)
    if young and stops:
        say(
            f"{young:,} devices were not watched long enough: some of what they need may be stopped."
        )


def _place(context: click.Context, given: Path | None) -> Path:
    above = context.parent.obj if context.parent else None
    return (given or above or context.obj or STATE_FOLDER).resolve()


def _print(lines: Any) -> None:  # noqa: ANN401  # any lines
    for line in lines:
        click.echo(line)


def _print_json(value: Any) -> None:  # noqa: ANN401  # what JSON can say
    click.echo(json.dumps(value, indent=1, ensure_ascii=False))


def _now_us() -> int:
    return time.time_ns() // 1000
