"""The other half of the story, from what devices do to what each needs: read `pipeline.py` first.

facts -> devices -> policy -> MUD and rules -> proof on captures -> receipt
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from thingwarden.flows.compiling import use_kept_kernels
from thingwarden.model import DevicePolicy, Network, Patch, Policy
from thingwarden.pipeline import (
    NOTHING_TOLD,
    Progress,
    Say,
    know_devices,
    read_captures,
    tables_of_facts,
    unheard,
    unwatched,
)
from thingwarden.settings import SPILL_BYTES
from thingwarden.store import Facts, Site, Store, Told

if TYPE_CHECKING:
    from thingwarden.policy.gateway.export import Kind
    from thingwarden.policy.mud.read import MudFile
    from thingwarden.policy.proof.receipt import Check, Receipt
    from thingwarden.policy.safety.patching import Effect


def learn_site(
    folder: Path,
    captures: Sequence[Path] = (),
    *,
    progress: Progress = unwatched,
    say: Say = unheard,
) -> Policy:
    """What every device of a site may do, by all that its folder knows; `captures` are added to it.

    Raises a `ThingwardenError` if the job cannot be done.
    """
    with Site.open(folder) as site, Facts(site.folder, memory_bytes=SPILL_BYTES) as facts:
        if captures:
            read_captures(captures, facts, site=site, progress=progress, say=say)
        else:
            facts.include(site.files(), tables_of_facts())
        with Store(tables_of_facts(), facts=[facts]) as store:
            return learn_facts(store, site.said.all(), say=say)


def wrap_site(
    site: Path,
    folder: Path,
    *,
    devices: Sequence[str] = (),
    exports: "Sequence[Kind]" = (),
    safety: Path | None = None,
    say: Say = unheard,
) -> Policy:
    """Learn the policy of a site, and write it to `folder`; with `devices`, of these alone.

    What `safety`, a file of invariants, demands is added. Raises a `ThingwardenError` if the job cannot be
    done, or the policy would break an invariant.
    """
    from thingwarden.policy.folder import choose_devices, write_policy_folder  # noqa: PLC0415

    policy = choose_devices(learn_site(site, say=say), devices)
    if safety:
        from thingwarden.policy.safety.prove import demanded, read_invariants, require  # noqa: PLC0415

        invariants = read_invariants(safety.read_bytes())
        policy = demanded(policy, invariants)
        require(policy, invariants)
    write_policy_folder(policy, folder, exports)
    return policy


def wrap_by_mud(
    where: Path | Network, folder: Path, said: "Mapping[str, MudFile]", *, say: Say = unheard
) -> tuple[Policy, tuple[str, ...]]:
    """The policy of some devices, by hardware address, as their makers say: in `folder`.

    They are devices of the site in the folder `where`, or such as nobody has seen in a network. With it the
    roles that nobody there fills. Raises a `ThingwardenError` if the job cannot be done.
    """
    from thingwarden.policy.folder import write_policy_folder  # noqa: PLC0415
    from thingwarden.policy.mud.apply import apply_mud, list_unfilled, unseen  # noqa: PLC0415

    known = learn_site(where, say=say) if isinstance(where, Path) else unseen(where, said)
    policy = apply_mud(known, said)
    write_policy_folder(policy, folder)
    return policy, list_unfilled(policy)


def change_policy(
    folder: Path, called: str, change: Callable[[Policy, DevicePolicy], Policy]
) -> Policy:
    """Change what a policy says of one device, and write its folder anew; raises a `ThingwardenError`."""
    from thingwarden.policy.files import read_policy_folder  # noqa: PLC0415
    from thingwarden.policy.folder import choose_device, write_policy_folder  # noqa: PLC0415

    policy = read_policy_folder(folder)
    policy = change(policy, choose_device(policy, called))
    write_policy_folder(policy, folder)
    return policy


def patch_policy(
    folder: Path,
    called: str,
    patch: Patch,
    *,
    exploits: Sequence[Path] = (),
    benign: Sequence[Path] = (),
    safety: Path | None = None,
) -> "Effect":
    """Narrow the policy of one device, if captures prove that this does what it should.

    Only then the folder is written. Raises a `ThingwardenError` if the job cannot be done, or an
    invariant in `safety` would be broken.
    """
    use_kept_kernels(unheard)
    from thingwarden.policy.files import read_policy_folder  # noqa: PLC0415
    from thingwarden.policy.folder import choose_device, write_policy_folder  # noqa: PLC0415
    from thingwarden.policy.proof.prove import open_files  # noqa: PLC0415
    from thingwarden.policy.safety.patching import add_patch, judge_patch  # noqa: PLC0415
    from thingwarden.policy.safety.prove import read_invariants, require  # noqa: PLC0415

    before = read_policy_folder(folder)
    device = choose_device(before, called)
    after = add_patch(before, device, patch)
    if safety:
        require(after, read_invariants(safety.read_bytes()))
    effect = judge_patch(
        before,
        after,
        device,
        patch,
        exploits=open_files(exploits) if exploits else (),
        benign=open_files(benign) if benign else (),
    )
    if not effect.problems:
        write_policy_folder(after, folder)
    return effect


def prove_policy(
    folder: Path,
    captures: Sequence[Path],
    *,
    kernel: bool = True,
    progress: Progress = unwatched,
    say: Say = unheard,
) -> "Receipt":
    """Judge captures by the policy in `folder`, and by the kernel where it can; raises a `ThingwardenError`."""
    use_kept_kernels(say)
    from thingwarden.policy.files import read_policy_folder  # noqa: PLC0415
    from thingwarden.policy.proof.kernel import kernel_ability  # noqa: PLC0415
    from thingwarden.policy.proof.prove import open_files, prove  # noqa: PLC0415
    from thingwarden.policy.proof.receipt import make_receipt  # noqa: PLC0415

    policy = read_policy_folder(folder)
    missing = kernel_ability() if kernel else "it was not asked"
    proof = prove(policy, open_files(captures), kernel=missing, progress=progress)
    return make_receipt(policy, proof)


def verify_receipt(
    receipt: Path,
    captures: Sequence[Path],
    *,
    progress: Progress = unwatched,
    say: Say = unheard,
) -> "Sequence[Check]":
    """Derive a receipt again from its captures and the policy beside it; raises a `ThingwardenError`."""
    from thingwarden.policy.proof.receipt import compare_receipts, read_receipt  # noqa: PLC0415

    told = read_receipt(receipt.read_bytes())
    fresh = prove_policy(receipt.parent, captures, kernel=False, progress=progress, say=say)
    return compare_receipts(told, fresh)


def learn_captures(
    paths: Sequence[Path], *, progress: Progress = unwatched, say: Say = unheard
) -> Policy:
    """What every device in captures may do, without a site's folder; raises a `ThingwardenError`."""
    with Facts(memory_bytes=SPILL_BYTES) as facts:
        read_captures(paths, facts, progress=progress, say=say)
        with Store(tables_of_facts(), facts=[facts]) as store:
            return learn_facts(store, say=say)


def learn_facts(store: Store, told: Told = NOTHING_TOLD, *, say: Say = unheard) -> Policy:
    """Facts -> devices -> alarms -> policy: nothing is learnt while an alarm is open."""
    from thingwarden.checks.conduct import CHECKS  # noqa: PLC0415  # --help needs none of this
    from thingwarden.checks.judge import judge_all  # noqa: PLC0415
    from thingwarden.checks.suppressions import apply_suppressions  # noqa: PLC0415
    from thingwarden.policy.learning.learn import learn_policy  # noqa: PLC0415

    devices, gateways = know_devices(store, told, say=say)
    say("Learning what each device needs.")
    judged = judge_all(store, devices, CHECKS)
    last_us = max((device.last_us for device in devices), default=0)
    findings = apply_suppressions(judged.findings, told.suppressions, last_us)
    return learn_policy(store, devices, gateways, findings=findings)
