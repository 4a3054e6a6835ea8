"""Policies by the thousand, and the kernel that their rules are shown to."""

import json
import os
import subprocess
import sys
from functools import cache

import pytest

from thingwarden.model import (
    DNS,
    NTP,
    Behaviour,
    DeviceId,
    DevicePolicy,
    Initiator,
    Known,
    Network,
    Origin,
    Patch,
    Peer,
    PeerKind,
    Policy,
    Rule,
    Span,
)

TCP, UDP, ICMP = 6, 17, 1
GATEWAY_MAC = "02:00:00:00:00:01"
NETWORK = Network(
    locals=("192.168.1.0/24", "10.0.0.0/8", "fd00:1::/64"),
    gateways=(GATEWAY_MAC,),
    gateway_addresses=("192.168.1.1", "fd00:1::1"),
    resolvers=("192.168.1.1",),
    time_servers=("192.168.1.1", "192.0.2.123"),
)


def peer(kind, value=""):
    return Peer(kind=kind, value=value)


def name(value):
    return peer(PeerKind.NAME, value)


def rule(rule_id, to, protocol=TCP, port=443, *, initiator=Initiator.DEVICE, last=None):
    span = Span(first=port, last=port if last is None else last)
    behaviour = Behaviour(initiator=initiator, peer=to, protocol=protocol, service=span)
    return Rule(id=rule_id, behaviour=behaviour, origin=Origin.LEARNT)


def patch(patch_id, to, *, port=80, protocol=TCP, still=()):
    behaviour = rule("x", to, protocol, port, initiator=Initiator.PEER).behaviour
    return Patch(id=patch_id, behaviour=behaviour, still=still, reason="a hole", until="1.2.3")


def mac_of(number):
    return f"02:01:{number >> 24 & 255:02x}:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"


def device(number, rules, **rest):
    mac = mac_of(number)
    given = {
        "device_id": DeviceId(f"d-{mac.replace(':', '')}"),
        "macs": (mac,),
        "addresses": (f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",),
        "rules": tuple(rules),
    }
    return DevicePolicy(**(given | rest))


def site(devices, *, network=NETWORK):
    return Policy(network=network, devices=tuple(devices))


def usual_rules(model, count=30):
    """Rules of one model: half by name, the rest in the site, as a hub or a camera has them."""
    rules = [
        rule("dns", peer(PeerKind.CONTROLLER, DNS), UDP, 53),
        rule("ntp", peer(PeerKind.CONTROLLER, NTP), UDP, 123),
        rule("mdns", peer(PeerKind.GROUP, "224.0.0.251"), UDP, 5353),
        rule("ping", peer(PeerKind.GATEWAY), ICMP, 8),
        rule("web", peer(PeerKind.LOCAL), TCP, 80, initiator=Initiator.PEER),
    ]
    while len(rules) < count:
        number = len(rules)
        to = name(f"s{number}.m{model % 40}.example")
        if number % 2:
            to = peer(PeerKind.DEVICE, mac_of(model * 31 + number))
        rules.append(rule(f"r{number:02}", to, TCP, 8000 + model))
    return rules


def large_site(devices, *, models, rules=30):
    """A site with `devices` devices of `models` models."""
    kinds = [usual_rules(model, rules) for model in range(models)]
    return site(device(number, kinds[number % models]) for number in range(1, devices + 1))


KNOWN = (Known(name="a.example", addresses=("198.51.100.1", "2001:db8::1")),)


@cache
def why_no_nft():
    """Empty where nft can load rules in a network namespace of its own; else what is missing."""
    text = "table bridge t {\nchain c {\ntype filter hook prerouting priority 0;\n}\n}\n"
    try:
        done = in_namespace(["nft", "-f", "-"], given=text)
    except OSError as error:
        return f"nft or unshare is missing ({error.strerror})"
    return "" if not done.returncode else f"nft cannot load in a namespace: {done.stderr[:80]}"


def in_namespace(command, *, given=""):
    """The outcome of a command that sees a network of its own.

    Root needs no user namespace for it, and may send nft's larger files to the kernel at once.
    """
    flags = "-n" if os.geteuid() == 0 else "-rn"
    return subprocess.run(
        ["unshare", flags, *command], input=given, capture_output=True, text=True, check=False
    )


def load(*texts, then="true"):
    """Loads each text after the other, then runs `then`; gives its output, or fails with nft's words."""
    if why_no_nft():
        pytest.skip(why_no_nft())
    parts = "".join(
        f"nft -f - <<'END_OF_RULES' || exit 1\n{text}\nEND_OF_RULES\n" for text in texts
    )
    done = in_namespace(["bash", "-s"], given=f"{parts}{then}\n")
    if "Message too long" in done.stderr:
        pytest.skip("only root may hand the kernel so many rules at once")
    assert not done.returncode, done.stderr[-2000:]
    return done.stdout


SENDER = """
import json, os, socket, subprocess, sys
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # frames stay in order
lines = ["link add br0 type bridge stp_state 0 mcast_snooping 0",
    *(f"link add p{n} type veth peer name v{n}" for n in (1, 2)),
    *(f"link set p{n} master br0 addrgenmode none" for n in (1, 2)),
    *(f"link set p{n} type bridge_slave learning off" for n in (1, 2)),  # all frames begin at one port
    *(f"link set {name} addrgenmode none up" for name in ("br0", "p1", "p2", "v1", "v2"))]
subprocess.run(["ip", "-batch", "-"], input="\\n".join(lines), text=True, check=True)
rules, *frames = json.load(sys.stdin)
far = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
far.bind(("v2", 0))
near = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
near.bind(("v1", 0))
far.settimeout(0.1)
probe = bytes.fromhex("02ffffffffff02fffffffffe88b5")

def passes(frame, number):
    # a probe, which no rule is about, follows the frame: what did not come before it was stopped
    end, seen = probe + number.to_bytes(4, "big") + bytes(46), False
    near.send(frame)
    near.send(end)
    for _ in range(200):
        try:
            got = far.recv(4096)
        except TimeoutError:
            near.send(end)
            continue
        if got == end:
            return seen
        seen = seen or got.endswith(frame[18:])  # a tag is taken off
    sys.exit("no probe came through")

# ports of a bridge forward some tenths of a second after they are made
passes(probe + bytes(60), 0)
subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)
passed = [passes(bytes.fromhex(frame), number) for number, frame in enumerate(frames, 1)]
listed = subprocess.run(["nft", "-j", "list", "table", "bridge", "thingwarden"], stdout=-1, check=True)
print(json.dumps([passed, json.loads(listed.stdout)]))
"""


def send(rules, frames):
    """Whether each frame passes a bridge with these rules, the counters that count, and nft's list."""
    if why_no_nft():
        pytest.skip(why_no_nft())
    given = json.dumps([rules, *(frame.hex() for frame in frames)])
    done = in_namespace([sys.executable, "-c", SENDER], given=given)
    if "Operation not permitted" in done.stderr:
        pytest.skip("this machine lets nobody build a bridge in a namespace")
    assert not done.returncode, done.stderr[-2000:]
    passed, listed = json.loads(done.stdout)
    counters = [item["counter"] for item in listed["nftables"] if "counter" in item]
    return passed, {one["name"]: one["packets"] for one in counters if one["packets"]}, listed
