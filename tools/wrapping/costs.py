"""What wrapping costs -> JSON: seconds to learn, write, load, change and prove; frames that the judge sees in a second.

    python -m tools.wrapping.costs CAPTURE... [--site FOLDER]

CAPTURE is learnt from, then judged by what was learnt. FOLDER has the facts that tools.big_site made; without it
learning is measured on CAPTURE. Loading is measured where a network namespace can be made.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from thingwarden.flows.compiling import use_kept_kernels
from thingwarden.model import Policy
from thingwarden.pipeline import tables_of_facts
from thingwarden.policy.folder import write_policy_folder
from thingwarden.policy.gateway.change import write_change
from thingwarden.policy.gateway.ground import peers_of
from thingwarden.policy.gateway.rules import write_rules
from thingwarden.policy.gateway.steps import Step
from thingwarden.store import Store
from thingwarden.wrapping import learn_captures, learn_facts

from tests.rule_sets import device, large_site, name, peer, rule
from tests.rule_sets import site as site_of
from tools.big_site import list_site

DEVICES, MODELS = 5000, 50

TIMED = """
import subprocess, sys, time
for file in sys.argv[1:]:
    started = time.perf_counter()
    subprocess.run(["nft", "-f", file], check=True)
    print(time.perf_counter() - started)
"""


def measure_learning(
    captures: Sequence[Path], site: Path | None
) -> tuple[Policy, Mapping[str, float]]:
    """The policy, and seconds to know the devices, to learn what they need, and to write it."""
    if site is None:
        policy = learn_captures(captures)
        return policy, _measure_writing(policy)
    told: dict[str, float] = {}
    started = time.perf_counter()

    def listen(sentence: str) -> None:
        told[sentence] = time.perf_counter()

    with Store(tables_of_facts(), files=list_site(site)) as store:
        policy = learn_facts(store, say=listen)
    learnt = time.perf_counter()
    known = told.get("Learning what each device needs.", learnt)
    seconds = {"know_s": known - started, "learn_s": learnt - known}
    return policy, seconds | _measure_writing(policy)


def measure_judging(captures: Sequence[Path]) -> Mapping[str, float]:
    """Millions of frames in a second: from the frames in memory to their verdicts, and from the file to the sums."""
    from thingwarden.policy.proof import prove  # noqa: PLC0415  # brings Numba
    from thingwarden.policy.proof.judge import Judge  # noqa: PLC0415
    from thingwarden.policy.proof.tally import Tallies  # noqa: PLC0415

    policy = learn_captures(captures)
    files = prove.open_files(captures)
    spent, frames = 0.0, 0
    judge, tallies = Judge(policy), Tallies()
    fresh = Judge(policy)
    started = time.perf_counter()
    for file in files:
        for batch in prove.judge_file(file, judge, tallies):
            if isinstance(batch, str):
                continue
            frames += len(batch.numbers)
            began = time.perf_counter()
            fresh.judge(prove.read_headers(batch.frames), batch.times)
            spent += time.perf_counter() - began
    whole = time.perf_counter() - started - spent
    return {
        "frames": frames,
        "judge_m_per_s": frames / spent / 1e6,
        "prove_m_per_s": frames / whole / 1e6,
    }


def measure_loading() -> Mapping[str, float]:
    """Seconds to load rules for 5,000 devices of 50 models, and to change one of them; none without nft."""
    if not shutil.which("nft") or not shutil.which("unshare"):
        return {}
    policy = large_site(DEVICES, models=MODELS)
    before = policy.devices[7]
    after = replace(before, rules=(*before.rules, rule("new", name("new.example"))))
    change = write_change(before, after, policy.network, Step.ALL, peers=peers_of(policy))
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / "all.nft", Path(folder) / "change.nft"]
        for file, text in zip(files, (write_rules(policy, Step.ALL), change), strict=True):
            file.write_text(text, encoding="utf-8")
        done = subprocess.run(
            ["unshare", "-n", sys.executable, "-c", TIMED, *map(str, files)],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        return {}
    load, changed = map(float, done.stdout.split())
    return {"load_s": load, "change_s": changed}


def measure_proving() -> Mapping[str, float]:
    """Seconds to prove an invariant about a device with 5,000 rules, once its list is ready."""
    from thingwarden.model import PeerKind  # noqa: PLC0415
    from thingwarden.policy.safety.prove import Prover, read_invariants  # noqa: PLC0415

    rules = [
        rule(f"r{n}", peer(PeerKind.NETWORK, f"10.{n >> 8}.{n & 255}.0/24"), port=1000 + n % 50)
        for n in range(DEVICES)
    ]
    text = "".join(
        f'[[always]]\ndevice = "*"\npeer = "10.{n}.0.9"\nport = {1000 + n * 256 % 50}\n'
        for n in range(20)
    )
    invariants = read_invariants(text.encode())
    prover = Prover(site_of([device(1, rules)]))
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        kept = [prover.prove(each).kept for each in invariants]
        best = min(best, time.perf_counter() - started)
    assert all(kept)
    return {"prover_s": best / len(invariants)}


def _measure_writing(policy: Policy) -> Mapping[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        write_policy_folder(policy, Path(folder) / "policy")
        return {
            "devices": len(policy.devices),
            "rules": sum(len(device.rules) for device in policy.devices),
            "write_s": time.perf_counter() - started,
        }


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description="Measure what wrapping costs.")
    parser.add_argument("captures", nargs="+", type=Path)
    parser.add_argument("--site", type=Path)
    chosen = parser.parse_args()
    use_kept_kernels(lambda _: None)
    judging = measure_judging(chosen.captures)
    _, learning = measure_learning(chosen.captures, chosen.site)
    print(json.dumps({**judging, **learning, **measure_loading(), **measure_proving()}, indent=1))


if __name__ == "__main__":
    main()
