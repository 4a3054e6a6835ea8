"""What judging costs: every check on its own, on a capture or on the facts of a large site.

    python -m tools.check_costs CAPTURE...          each check, beside the time of decoding
    python -m tools.check_costs --site FOLDER       the same on facts that tools.big_site made

Prints JSON: seconds of decoding, of knowing (devices and sums), of all checks together as an
inspection applies them, of each alone, and the peak memory.
"""

import argparse
import json
import resource
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from thingwarden.pipeline import read_captures, tables_of_facts
from thingwarden.settings import SPILL_BYTES
from thingwarden.store import Facts, Store

from tools.big_site import list_site


def measure_checks(captures: Sequence[Path], site: Path | None) -> Mapping[str, object]:
    """Seconds of each step; of the checks in their order."""
    with ExitStack() as stack:
        started = time.perf_counter()
        if site:
            store = stack.enter_context(Store(tables_of_facts(), files=list_site(site)))
        else:
            facts = stack.enter_context(Facts(None, memory_bytes=SPILL_BYTES))
            read_captures(captures, facts)
            store = stack.enter_context(Store(tables_of_facts(), facts=[facts]))
        read = time.perf_counter()
        from thingwarden.checks import CHECKS  # noqa: PLC0415  # kernels first
        from thingwarden.checks.judge import judge_all  # noqa: PLC0415
        from thingwarden.inventory.devices import find_devices, list_devices  # noqa: PLC0415

        find_devices(store, tables_of_facts())
        devices, _ = list_devices(store, {})
        known = time.perf_counter()
        judged = judge_all(store, devices)
        done = time.perf_counter()
        each: dict[str, float] = {}
        for check in CHECKS:
            began = time.perf_counter()
            judge_all(store, devices, [check])
            each[check.id] = round(time.perf_counter() - began, 4)
    return {
        "devices": len(devices),
        "decode_s": round(read - started, 3),
        "know_s": round(known - read, 3),
        "checks_s": round(done - known, 3),
        "findings": sum(map(len, judged.findings.values())),
        "failed": judged.failed,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "each_s": dict(sorted(each.items(), key=lambda one: -one[1])),
    }


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description="Measure what judging costs.")
    parser.add_argument("captures", nargs="*", type=Path)
    parser.add_argument("--site", type=Path)
    chosen = parser.parse_args()
    print(json.dumps(measure_checks(chosen.captures, chosen.site), indent=1))


if __name__ == "__main__":
    main()
