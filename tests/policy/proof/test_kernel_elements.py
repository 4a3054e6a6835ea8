"""Addresses reach the sets of the kernel as nft itself would put them there."""

import sys

from tests.policy.proof.kernel_here import needs_kernel
from tests.rule_sets import in_namespace

RULES = """table bridge thingwarden {
 set v4 { type ipv4_addr; flags dynamic,timeout; timeout 90000s; size 3; }
 set v6 { type ipv6_addr; flags dynamic,timeout; timeout 90000s; size 3; }
}
"""

SCRIPT = """
import json, subprocess, sys
from ipaddress import ip_address
from thingwarden.policy.proof.kernel_elements import Elements

def elements(name):
    command = ["nft", "-j", "list", "set", "bridge", "thingwarden", name]
    listed = json.loads(subprocess.run(command, stdout=-1, check=True).stdout)
    return [one["elem"] if "elem" in one else one for one in listed["nftables"][1]["set"].get("elem", ())]

def packed(*texts):
    return [ip_address(text).packed for text in texts]

def tried(act, *given):
    try:
        return act(*given)
    except ValueError as error:
        return str(error)

subprocess.run(["nft", "-f", "-"], input=sys.stdin.read(), text=True, check=True)
with Elements() as some:
    some.add("v4", packed("192.0.2.1", "192.0.2.2"))
    some.add("v4", packed("192.0.2.2"))
    some.add("v6", packed("2001:db8::1"))
    some.add("v6", [])
    print(sorted(one["val"] for one in elements("v4")), [one["val"] for one in elements("v6")])
    some.delete("v4", packed("192.0.2.1"))
    left = elements("v4")
    print([one["val"] for one in left], left[0]["expires"] > 89990)
    print(tried(some.delete, "v4", packed("192.0.2.2", "192.0.2.9")), len(elements("v4")))
    print(tried(some.add, "nowhere", packed("192.0.2.1")))
    print(tried(some.add, "v4", packed("192.0.2.3", "192.0.2.4", "192.0.2.5")), len(elements("v4")))
"""


@needs_kernel
def test_addresses_come_and_go_all_or_none():
    done = in_namespace([sys.executable, "-c", SCRIPT], given=RULES)

    assert done.stdout.splitlines() == [
        "['192.0.2.1', '192.0.2.2'] ['2001:db8::1']",
        "['192.0.2.2'] True",
        "v4: No such file or directory 1",
        "nowhere: No such file or directory",
        "v4: Too many open files in system 1",
    ], done.stderr
