"""A device's rules -> a MUD file, strict RFC 8520, or with what strict files cannot say.

A strict file is the narrower of the two: a pattern of names becomes the names seen, and another thing of the
site becomes the role `my-controller`, which the next site fills for itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from thingwarden.model import (
    ANY,
    Behaviour,
    DevicePolicy,
    Initiator,
    Peer,
    PeerKind,
    Rule,
    Span,
)
from thingwarden.policy.gateway.names import device_name, read_name, read_network
from thingwarden.policy.mud.shape import is_host
from thingwarden.policy.mud.terms import (
    ACLDNS,
    ACLS,
    ECHO,
    EXACT,
    EXTENSION,
    FROM,
    GATEWAY,
    ICMP_VERSIONS,
    IP_NODES,
    LONGEST_INFO,
    MUD,
    PORT_NODES,
    TO,
    TYPES,
)
from thingwarden.policy.needs import TCP
from thingwarden.policy.wording import printable, short_name

URL = "https://mud.invalid/{name}.json"
"""An address that no one can hold (RFC 6761 section 6.4): whoever publishes the file writes their own."""

CACHE_HOURS = 48

Node = dict[str, Any]

WAYS = ((FROM, "from", True), (TO, "to", False))
"""Policy, start of names, and whether packets come from the device."""

SIDES = {True: "destination", False: "source"}
SHORT = {True: "dst", False: "src"}


def write_mud(device: DevicePolicy, *, strict: bool = True) -> bytes:
    """The file as JSON (RFC 7951)."""
    name = device_name(str(device.device_id))
    policies, acls = list_access(device.rules)
    mud: Node = {
        "mud-version": 1,
        "mud-url": URL.format(name=name),
        "last-update": _last_update(device),
        "cache-validity": CACHE_HOURS,
        "is-supported": True,
        "systeminfo": _ascii(short_name(device))[:LONGEST_INFO],
    }
    for key, text in (("mfg-name", device.vendor), ("model-name", device.model)):
        mud |= {key: _ascii(text)} if text else {}
    mud |= {} if strict else {"extensions": [EXTENSION]}
    document: Node = {MUD: mud | policies, ACLS: {"acl": acls}}
    if not strict:
        document[EXACT] = {
            "rules": msgspec.to_builtins(device.rules),
            "patches": msgspec.to_builtins(device.patches),
            "watch-time": msgspec.to_builtins(device.watch_time),
        }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def list_access(rules: Sequence[Rule]) -> tuple[Node, list[Node]]:
    """What rules allow, as standard members: policies with the lists that they name, and these."""
    policies: Node = {}
    acls: list[Node] = []
    for policy, start, outward in WAYS:
        own = list(_acls(rules, start, outward))
        if own:
            names = [{"name": acl["name"]} for acl in own]
            policies[policy] = {"access-lists": {"access-list": names}}
        acls += own
    return policies, acls


def _acls(rules: Sequence[Rule], start: str, outward: bool) -> Iterator[Node]:  # noqa: FBT001
    for version, kind in TYPES.items():
        aces: list[Node] = []
        for rule in rules:
            for matches in _matches(rule, version, outward):
                aces.append(
                    {
                        "name": f"{start}-{version}-{len(aces)}",
                        "matches": matches,
                        "actions": {"forwarding": "accept"},
                    }
                )
        if aces:
            yield {"name": f"{start}-ipv{version}", "type": kind, "aces": {"ace": aces}}


def _matches(rule: Rule, version: int, outward: bool) -> Iterator[Node]:  # noqa: FBT001
    """What of a rule goes one way in one version of IP."""
    behaviour = rule.behaviour
    if behaviour.version not in (None, version) or not 0 <= behaviour.protocol <= 255:
        return
    if ICMP_VERSIONS.get(behaviour.protocol, version) != version:
        return
    begins = (behaviour.initiator is Initiator.DEVICE) == outward
    if behaviour.peer.kind is PeerKind.GROUP and not (begins and outward):
        return
    for whom in _whom(behaviour.peer, rule, version, outward):
        for what in _what(behaviour, outward, begins):
            ip = {"protocol": behaviour.protocol} | whom.get("ip", {})
            role = {MUD: whom["role"]} if "role" in whom else {}
            yield role | {IP_NODES[version]: ip} | what


def _whom(peer: Peer, rule: Rule, version: int, outward: bool) -> Iterator[Node]:  # noqa: FBT001
    """Matches of the other end; none where it has no address of this version."""
    kind = peer.kind
    if kind is PeerKind.NAME:
        examples = rule.learnt.examples if rule.learnt else ()
        names = examples if peer.value.startswith("*.") else (peer.value,)
        for name in filter(is_host, names):
            yield {"ip": {f"{ACLDNS}:{SHORT[outward]}-dnsname": read_name(name)}}
    elif kind in (PeerKind.NETWORK, PeerKind.GROUP):
        network = read_network(peer.value)
        if network and network.version == version:
            yield {"ip": {f"{SIDES[outward]}-ipv{version}-network": str(network)}}
    elif kind is PeerKind.ANYONE:
        yield {}
    else:
        yield {"role": _role(peer)}


def _role(peer: Peer) -> Node:
    if peer.kind is PeerKind.LOCAL:
        return {"local-networks": [None]}
    if peer.kind is PeerKind.GATEWAY:
        return {"controller": GATEWAY}
    if peer.kind is PeerKind.CONTROLLER:
        return {"controller": peer.value}
    return {"my-controller": [None]}


def _what(behaviour: Behaviour, outward: bool, begins: bool) -> Iterator[Node]:  # noqa: FBT001
    """Matches of ports, types and who begins."""
    if behaviour.protocol in ECHO:
        yield from _types(behaviour, begins)
        return
    node = PORT_NODES.get(behaviour.protocol)
    if node is None:
        yield {}
        return
    ports: Node = {}
    if behaviour.service != ANY:
        side = "destination" if begins else "source"
        ports[f"{side}-port"] = _port(behaviour.service)
    if behaviour.protocol == TCP:
        device = behaviour.initiator is Initiator.DEVICE
        ports["ietf-mud:direction-initiated"] = "from-device" if device else "to-device"
    yield {node: ports} if ports else {}


def _types(behaviour: Behaviour, begins: bool) -> Iterator[Node]:  # noqa: FBT001
    """ICMP has no spans in YANG: an entry for each type; answers to an echo go the other way."""
    asks, answers = ECHO[behaviour.protocol]
    span = behaviour.service
    if not begins:
        if span.first <= asks <= span.last:
            yield {"icmp": {"type": answers}}
        return
    if span == ANY or (span.first == 0 and span.last >= 255):
        yield {}
        return
    for number in range(max(span.first, 0), min(span.last, 255) + 1):
        yield {"icmp": {"type": number}}


def _port(span: Span) -> Mapping[str, object]:
    if span.first == span.last:
        return {"operator": "eq", "port": span.first}
    return {"lower-port": span.first, "upper-port": span.last}


def _last_update(device: DevicePolicy) -> str:
    """When what it rests on was last seen: the same policy gives the same file."""
    last = max((rule.learnt.last_us for rule in device.rules if rule.learnt), default=0)
    try:
        moment = datetime.fromtimestamp(last // 1_000_000, tz=UTC)
    except (OverflowError, ValueError, OSError):
        moment = datetime.fromtimestamp(0, tz=UTC)
    return moment.isoformat()


def _ascii(text: str) -> str:
    return printable(text).encode("ascii", "replace").decode("ascii")
