"""Captures -> whether the kernel and the judge in Python say the same of each of their frames.

    python -m tools.wrapping.agree CAPTURE... [--policy DIR]

Each CAPTURE, or folder of them, is judged by the policy that is learnt of it, or by the one in DIR. Ends with 1
where the judges differ.
"""

import argparse
import sys
import time
from pathlib import Path

from thingwarden.errors import CaptureError
from thingwarden.model import Policy
from thingwarden.policy.files import read_policy_folder
from thingwarden.policy.proof.prove import Proof, open_files, prove
from thingwarden.wrapping import learn_captures


def judge_twice(place: Path, policy: Policy | None = None) -> Proof:
    """What both judges say of captures, by `policy` or by what is learnt of them."""
    return prove(policy or learn_captures([place]), open_files([place]))


def tell(place: Path, proof: Proof, seconds: float) -> str:
    """One line: frames, how many both judged alike, which the kernel could not judge."""
    unconfirmed = ", ".join(f"{count:,} {why}" for why, count in proof.unconfirmed.items())
    return (
        f"{place}: {proof.tallies.frames:,} frames, {proof.confirmed:,} confirmed,"
        f" {proof.differing:,} differ, not confirmed: {unconfirmed or 'none'}; {seconds:.0f} s"
    )


def main() -> None:
    """Judges, and tells."""
    parser = argparse.ArgumentParser(description="Frames that two judges see differently.")
    parser.add_argument("captures", nargs="+", type=Path)
    parser.add_argument("--policy", type=Path, help="a folder that `thingwarden wrap` wrote")
    given = parser.parse_args()
    policy = read_policy_folder(given.policy) if given.policy else None
    differing = 0
    for place in given.captures:
        started = time.monotonic()
        try:
            proof = judge_twice(place, policy)
        except CaptureError as error:
            print(f"{place}: {error}")
            continue
        print(tell(place, proof, time.monotonic() - started), flush=True)
        for one in proof.differences[:10]:
            print(f"  frame {one.frame} of {one.capture}")
        differing += proof.differing
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
