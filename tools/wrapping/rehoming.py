"""A policy and attacks -> what of each would be stopped if each device of the policy were attacked or attacked."""

import csv
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path

from thingwarden.model import DeviceId, DevicePolicy, Initiator, PeerKind, Policy
from thingwarden.policy.needs import TCP, UDP
from thingwarden.policy.proof.judge import Judge
from thingwarden.policy.proof.prove import Batch, judge_file, open_files
from thingwarden.policy.proof.tally import Tallies

from tests import frames
from tools.wrapping.campaigns import CAMPAIGNS, Place, rehome, write_campaign
from tools.wrapping.flow_logs import Attack, move, read_attacks
from tools.wrapping.pieces import read_frames

STRANGER_MAC = "02:00:00:00:00:77"
"""A neighbour that no policy knows: the hardest case, since nothing of its own holds it back."""

MOST_FRAMES = 3_000
"""Of a captured attack."""

MIXED = ("test9-mixed-zeek-dir",)
"""Benign and malicious flows together, and nothing says which is which: not used."""

LOGS = ("labeled-conn.log", "conn.log.labeled", "conn.log")

Made = Callable[[Place], list[bytes]]
"""An attack, made for a place."""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What became of one attack on all devices."""

    packets: int = 0
    stopped: int = 0
    behaviours: int = 0
    behaviours_stopped: int = 0
    """Those of which no packet passed."""
    devices: int = 0
    passed: Counter[tuple[DeviceId, str]] = field(default_factory=Counter)
    """Packets that passed, by the attacked device and the rule that let them; empty: no list is about them."""


def list_captured(folder: Path, unpacked: Path) -> Iterator[tuple[str, str, Made]]:
    """Attacks of the data folder, each with its unit and what is claimed of it."""
    archive = folder / "attacks.tar.zst"
    if not archive.exists():
        return
    subprocess.run(["tar", "--zstd", "-xf", str(archive), "-C", str(unpacked)], check=True)
    labels = csv.DictReader((folder / "labels.csv").read_text(encoding="utf-8").splitlines())
    for unit, claim in {row["unit"]: row["claim"] for row in labels}.items():
        name = re.split("[:/]", unit)[-1]
        found = _captured(unpacked / unit.replace(":", "/"), name)
        if found and name not in MIXED:
            yield unit, claim, found


def rehome_all(
    policies: Sequence[Policy], attacks: Mapping[str, Made], folder: Path
) -> Mapping[str, Outcome]:
    """Each attack on each device, judged by its whole policy; `folder` is for captures made on the way.

    A device without rules is left out: it would stop everything.
    """
    found = {name: Outcome() for name in attacks}
    for policy in policies:
        for device in policy.devices:
            place = place_of(device, policy) if device.rules else None
            for name, make in attacks.items():
                made = make(place) if place else []
                if made:
                    _judge(policy, device.device_id, made, folder, found[name])
    return found


def generated() -> Mapping[str, Made]:
    """The attacks that `campaigns` makes."""

    def maker(name: str) -> Made:
        return lambda place: _from_file(write_campaign(name, place, start_us=START_US))

    return {name: maker(name) for name in CAMPAIGNS}


START_US = 1_700_000_000_000_000


def place_of(device: DevicePolicy, policy: Policy) -> Place | None:
    """Where a device stands; None where it has no IPv4 address or there is no gateway."""
    own = [each for each in device.addresses if ip_address(each).version == 4]
    network = policy.network
    gateways = [each for each in network.gateway_addresses if ip_address(each).version == 4]
    if not own or not network.gateways or not gateways:
        return None
    resolvers = [each for each in network.resolvers if ip_address(each).version == 4]
    return Place(
        mac=device.macs[0],
        ip=own[0],
        gateway_mac=network.gateways[0],
        gateway_ip=gateways[0],
        resolver_ip=(resolvers or gateways)[0],
        neighbour_mac=STRANGER_MAC,
        neighbour_ip=_free(own[0], policy),
        allowed=_allowed(device),
    )


def _free(ip: str, policy: Policy) -> str:
    """An address of the same network that no device has."""
    taken = {each for device in policy.devices for each in device.addresses}
    near = ip_network(f"{ip}/24", strict=False)
    return next(str(each) for each in reversed(list(near.hosts())) if str(each) not in taken)


def _allowed(device: DevicePolicy) -> tuple[str, int, int] | None:
    known = {each.name: each.addresses for each in device.known}
    for rule in device.rules:
        behaviour = rule.behaviour
        peer = behaviour.peer
        if behaviour.initiator is not Initiator.DEVICE or behaviour.protocol not in {TCP, UDP}:
            continue
        ips = (
            known.get(peer.value, ())
            if peer.kind is PeerKind.NAME
            else _single(peer.kind, peer.value)
        )
        for ip in ips:
            if ip_address(ip).version == 4:
                return ip, behaviour.protocol, behaviour.service.first
    return None


def _single(kind: PeerKind, value: str) -> Sequence[str]:
    return [value.removesuffix("/32")] if kind is PeerKind.NETWORK and value.endswith("/32") else []


def _captured(path: Path, name: str) -> Made | None:
    if path.is_dir():
        logs = [found for each in LOGS for found in sorted(path.rglob(each))]
        attacks: Sequence[Attack] = read_attacks(logs[0], name) if logs else []
        return (lambda place: move(attacks, place)) if attacks else None
    if ".pcap" not in path.name or not path.exists():
        return None
    captured = read_frames(path)[:MOST_FRAMES]
    senders = Counter(frame[6:12] for _, frame in captured if frame[12:14] == b"\x08\x00")
    attacker = senders.most_common(1)[0][0] if senders else b""
    return lambda place: rehome(captured, place, attacker)


def _from_file(data: bytes) -> list[bytes]:
    made, at = [], 24
    while at < len(data):
        size = int.from_bytes(data[at + 8 : at + 12], "little")
        made.append(data[at + 16 : at + 16 + size])
        at += 16 + size
    return made


def _judge(
    policy: Policy, device: DeviceId, made: Sequence[bytes], folder: Path, outcome: Outcome
) -> None:
    path = folder / "attack.pcap"
    records = (
        frames.pcap_record(START_US + number * 20_000, frame) for number, frame in enumerate(made)
    )
    path.write_bytes(frames.pcap_header() + b"".join(records))
    judge = Judge(policy)
    [file] = open_files([path])
    passing: dict[bytes, bool] = {}
    for batch in judge_file(file, judge, Tallies()):
        if not isinstance(batch, str):
            _count(batch, judge, device, outcome, passing)
    outcome.devices += 1
    outcome.behaviours += len(passing)
    outcome.behaviours_stopped += sum(not passes for passes in passing.values())


def _count(
    batch: Batch, judge: Judge, device: DeviceId, outcome: Outcome, passing: dict[bytes, bool]
) -> None:
    headers = batch.headers
    outcome.packets += len(batch.passes)
    outcome.stopped += int((~batch.passes).sum())
    for row, place in enumerate(batch.verdicts.outcome.tolist()):
        passes = bool(batch.passes[row])
        key = (
            headers.kind[row].tobytes()
            + headers.source[row].tobytes()
            + headers.target[row].tobytes()
            + headers.protocol[row].tobytes()
            + headers.ports[row, 1].tobytes()
        )
        passing[key] = passing.get(key, False) or passes
        if passes:
            stages = judge.outcomes[place].stages
            rule = next((each.rule for each in stages if each.device_id == device), "")
            outcome.passed[device, rule] += 1
