"""A MUD file of anyone -> rules, and what was left out of it.

An entry whose matches cannot all be understood allows nothing: to leave out a match would widen it. One is left
out nevertheless: of an entry with two ports the one that asks, since rules know services only. Nor does an entry
allow anything that lets pass answers alone, where no other lets pass what they answer.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network
from urllib.parse import urlsplit

from thingwarden.errors import PolicyError
from thingwarden.model import (
    ANY,
    Behaviour,
    Initiator,
    Origin,
    Patch,
    Peer,
    PeerKind,
    Rule,
    Span,
    WatchTime,
)
from thingwarden.policy.gateway.names import read_name, read_network
from thingwarden.policy.mud.exact import read_exact, says_the_same
from thingwarden.policy.mud.parse import Node, list_of, members, parse_mud, text_of
from thingwarden.policy.mud.terms import (
    ACLDNS,
    ACLS,
    ECHO,
    EXACT,
    FROM,
    GATEWAY,
    ICMP_VERSIONS,
    IP_NODES,
    MANUFACTURER,
    MODEL,
    MUD,
    MY_CONTROLLER,
    PORT_NODES,
    TO,
)
from thingwarden.policy.mud.validate import match_problems, validate_mud
from thingwarden.policy.needs import TCP
from thingwarden.policy.wording import printable

WELL_KNOWN = 1024
"""Ports below are services (RFC 6335 section 6)."""

SIDES = {True: "destination", False: "source"}
SHORT = {True: "dst", False: "src"}

BROADCAST = "255.255.255.255/32"

KNOWN_MATCHES = frozenset({"ipv4", "ipv6", "tcp", "udp", "icmp", MUD})
KNOWN_FIELDS = {
    "ipv4": frozenset({"protocol", "destination-ipv4-network", "source-ipv4-network"}),
    "ipv6": frozenset({"protocol", "destination-ipv6-network", "source-ipv6-network"}),
    "tcp": frozenset({"source-port", "destination-port", "ietf-mud:direction-initiated"}),
    "udp": frozenset({"source-port", "destination-port"}),
    "icmp": frozenset({"type", "code"}),
    MUD: frozenset(
        {
            *("manufacturer", "same-manufacturer", "model"),
            *("local-networks", "controller", "my-controller"),
        }
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MudFile:
    """What a MUD file says."""

    url: str
    systeminfo: str
    rules: tuple[Rule, ...]
    warnings: tuple[str, ...]
    """What could not be turned into rules, and why."""
    renamed: tuple[str, ...] = ()
    """Nodes with a name that a draft gave them, read as what they became."""
    exact: bool = False
    """Whether the rules came from our own extension, and nothing of them was lost."""
    patches: tuple[Patch, ...] = ()
    watch_time: WatchTime | None = None
    """Of the network where our own extension was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What the entries of a file say, in their order, each with its place."""

    asked: dict[Behaviour, str] = field(default_factory=dict)
    answered: dict[Behaviour, str] = field(default_factory=dict)
    warnings: dict[str, None] = field(default_factory=dict)


class _LeftOutError(Exception):
    """Why an entry allows nothing here."""


def read_mud(data: bytes) -> MudFile:
    """Raises `PolicyError` with line and reason where the file is malformed or contradicts itself."""
    problems = validate_mud(data, drafts=True)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise PolicyError(f"{problems[0]}{more}")
    document, renamed = parse_mud(data)
    found = _Found()
    exact = read_exact(document)
    if exact and not says_the_same(document, exact.rules):
        found.warnings[f"{EXACT} and the access lists differ: only these count"] = None
        exact = None
    rules = exact.rules if exact else tuple(_read_lists(document, found))
    return MudFile(
        url=text_of(document, MUD, "mud-url"),
        systeminfo=printable(text_of(document, MUD, "systeminfo")),
        rules=rules,
        warnings=tuple(found.warnings),
        renamed=renamed,
        exact=exact is not None,
        patches=exact.patches if exact else (),
        watch_time=exact.watch_time if exact else None,
    )


def _acls_of(document: Node, policy: str) -> Iterator[Node]:
    named = [
        text_of(one, "name")
        for one in list_of(document, MUD, policy, "access-lists", "access-list")
    ]
    by_name = {text_of(acl, "name"): acl for acl in list_of(document, ACLS, "acl")}
    yield from (by_name[name] for name in named if name in by_name)


def _read_lists(document: Node, found: _Found) -> Iterator[Rule]:
    url = text_of(document, MUD, "mud-url")
    for policy, outward in ((FROM, True), (TO, False)):
        for acl in _acls_of(document, policy):
            _read_acl(acl, outward, url, found)
    for behaviour, where in found.answered.items():
        if behaviour not in found.asked:
            found.warnings[f"{where}: lets pass answers to what no entry lets pass"] = None
    yield from map(_rule, _in_both_versions(_without_answers(found.asked)))


def _read_acl(acl: Node, outward: bool, url: str, found: _Found) -> None:  # noqa: FBT001
    here = Initiator.DEVICE if outward else Initiator.PEER
    dropped = ""
    for ace in list_of(acl, "aces", "ace"):
        where = printable(f"{text_of(acl, 'name')}/{text_of(ace, 'name')}")
        if text_of(ace, "actions", "forwarding").split(":")[-1] != "accept":
            dropped = where
            continue
        if dropped:
            raise PolicyError(
                f"{where} accepts behind {dropped}, which drops:"
                " what a file does not accept is dropped anyway, so this contradicts itself"
            )
        try:
            for behaviour in _behaviours(ace, outward, url):
                side = found.asked if behaviour.initiator is here else found.answered
                side.setdefault(behaviour, where)
        except _LeftOutError as reason:
            found.warnings[f"{where}: {reason}"] = None


def _behaviours(ace: Node, outward: bool, url: str) -> Iterator[Behaviour]:  # noqa: FBT001
    matches: Node = members(ace, "matches")
    for what in match_problems(matches):
        raise _LeftOutError(what)
    _refuse_unknown(matches)
    version = next((v for v, node in IP_NODES.items() if node in matches), None)
    if version is None and MUD not in matches:
        raise _LeftOutError("matches no IP")
    ip: Node = matches.get(IP_NODES[version], {}) if version else {}
    peer = _peer(matches.get(MUD, {}), ip, version or 4, outward, url)
    for protocol in _protocols(matches, ip, version):
        for initiator, service in _services(matches, protocol, outward):
            yield Behaviour(
                initiator=initiator,
                peer=peer,
                protocol=protocol,
                service=service,
                version=version if _is_bound(peer) else None,
            )


def _is_bound(peer: Peer) -> bool:
    """Names, roles and everyone are met in both versions of IP: an entry is about one."""
    return peer.kind not in (PeerKind.NETWORK, PeerKind.GROUP)


def _refuse_unknown(matches: Node) -> None:
    unknown = [name for name in matches if name not in KNOWN_MATCHES]
    for name, node in matches.items():
        known = KNOWN_FIELDS.get(name, frozenset())
        names = node if isinstance(node, dict) else {}
        unknown += [each for each in names if each not in known and not each.startswith(ACLDNS)]
    if "eth" in unknown:
        raise _LeftOutError("is about frames without IP, or hardware addresses: not judged here")
    if unknown:
        raise _LeftOutError(
            f"matches {', '.join(map(printable, unknown))}, which is not understood"
        )


def _protocols(matches: Node, ip: Node, version: int | None) -> tuple[int, ...]:
    """Where none is named, those that a gateway can tell apart by who asks."""
    told = {number for number, node in PORT_NODES.items() if node in matches}
    if "protocol" in ip:
        told.add(int(ip["protocol"]))
    if "icmp" in matches:
        told |= _told_by_icmp(matches["icmp"], version)
    if len(told) > 1:
        raise _LeftOutError("names two protocols, which no packet has")
    echo = (number for number, own in ICMP_VERSIONS.items() if version in (None, own))
    return tuple(told) or (*PORT_NODES, *echo)


def _told_by_icmp(icmp: Node, version: int | None) -> set[int]:
    """Of codes only that of an echo is understood: it has no other (RFC 792, RFC 4443 section 4)."""
    found = {number for number, own in ICMP_VERSIONS.items() if own == version}
    echo = {kind for number in found for kind in ECHO[number]}
    if "code" in icmp and (icmp["code"] != 0 or icmp.get("type") not in echo):
        raise _LeftOutError("tells codes of ICMP apart, which rules do not")
    if not found:
        raise _LeftOutError("matches ICMP without the version of IP")
    return found


def _peer(role: Mapping[str, object], ip: Node, version: int, outward: bool, url: str) -> Peer:  # noqa: FBT001
    name = ip.get(f"{ACLDNS}:{SHORT[outward]}-dnsname")
    text = ip.get(f"{SIDES[outward]}-ipv{version}-network")
    if f"{ACLDNS}:{SHORT[not outward]}-dnsname" in ip:
        raise _LeftOutError("names the device itself by a name of the DNS")
    own = read_network(str(ip.get(f"{SIDES[not outward]}-ipv{version}-network", "0.0.0.0/0")))
    if own is not None and own.prefixlen:
        raise _LeftOutError("holds for some addresses of the device only")
    local = "local-networks" in role
    others = len(role) - local
    if (name is not None) + (text is not None) + others > 1 or (local and name is not None):
        raise _LeftOutError("names the other end in two ways, of which only both together would do")
    if others:
        return _role(role, url)
    if name is not None:
        return Peer(kind=PeerKind.NAME, value=read_name(str(name)) or "")
    network = read_network(str(text)) if text is not None else None
    if network is None or not network.prefixlen:
        return Peer(kind=PeerKind.LOCAL if local else PeerKind.ANYONE)
    if local and not (network.is_multicast or network.is_private):
        raise _LeftOutError("names the local networks by a prefix of the Internet")
    return _network_peer(network)


def _network_peer(network: IPv4Network | IPv6Network) -> Peer:
    """Groups are told apart."""
    group = network.is_multicast or str(network) == BROADCAST
    return Peer(kind=PeerKind.GROUP if group else PeerKind.NETWORK, value=str(network))


def _role(role: Mapping[str, object], url: str) -> Peer:
    if "controller" in role:
        if role["controller"] == GATEWAY:
            return Peer(kind=PeerKind.GATEWAY)
        return Peer(kind=PeerKind.CONTROLLER, value=printable(str(role["controller"])))
    if "manufacturer" in role:
        value = f"{MANUFACTURER}{printable(str(role['manufacturer']))}"
    elif "same-manufacturer" in role:
        value = f"{MANUFACTURER}{urlsplit(url).hostname or ''}"
    elif "model" in role:
        value = f"{MODEL}{printable(str(role['model']))}"
    else:
        value = f"{MY_CONTROLLER}{printable(url)}"
    return Peer(kind=PeerKind.CONTROLLER, value=value)


def _services(matches: Node, protocol: int, outward: bool) -> Iterator[tuple[Initiator, Span]]:  # noqa: FBT001
    """Who begins, and what is reached."""
    here = Initiator.DEVICE if outward else Initiator.PEER
    if protocol in ECHO:
        kind = members(matches, "icmp", "type")
        yield here, ANY if kind is None else Span(first=int(kind), last=int(kind))
        return
    node = PORT_NODES.get(protocol)
    ports: Node = matches.get(node, {}) if node else {}
    theirs = _spans(ports.get(f"{SIDES[outward]}-port"))
    own = _spans(ports.get(f"{SIDES[not outward]}-port"))
    initiator = _initiator(ports, protocol, theirs, own, here)
    chosen, asking = (theirs, own) if initiator is Initiator.DEVICE else (own, theirs)
    if chosen == [ANY] and asking != [ANY]:
        raise _LeftOutError("names only the port from which is asked, which rules do not")
    for span in chosen:
        yield initiator, span


def _initiator(
    ports: Node, protocol: int, theirs: list[Span], own: list[Span], here: Initiator
) -> Initiator:
    told = ports.get("ietf-mud:direction-initiated")
    if protocol == TCP and told:
        return Initiator.DEVICE if told == "from-device" else Initiator.PEER
    if theirs == [ANY] and own == [ANY]:
        return here
    if own == [ANY]:
        return Initiator.DEVICE
    if theirs == [ANY]:
        return Initiator.PEER
    served = own[0].last < WELL_KNOWN <= theirs[0].first
    return Initiator.PEER if served or own[0].first < theirs[0].first else Initiator.DEVICE


def _spans(port: object) -> list[Span]:
    if not isinstance(port, dict):
        return [ANY]
    if "lower-port" in port:
        low = int(port["lower-port"])
        return [Span(first=low, last=int(port.get("upper-port", low)))]
    number, operator = int(port["port"]), port.get("operator", "eq")
    if operator == "lte":
        return [Span(first=0, last=number)]
    if operator == "gte":
        return [Span(first=number, last=65535)]
    if operator == "neq":
        below = [Span(first=0, last=number - 1)] if number else []
        above = [Span(first=number + 1, last=65535)] if number < ANY.last else []
        return below + above
    return [Span(first=number, last=number)]


def _without_answers(found: Collection[Behaviour]) -> Iterator[Behaviour]:
    """An answer to an echo that is asked for goes along with the question."""
    for behaviour in found:
        answer = ECHO.get(behaviour.protocol)
        if answer and behaviour.service == Span(first=answer[1], last=answer[1]):
            turned = {Initiator.DEVICE: Initiator.PEER, Initiator.PEER: Initiator.DEVICE}
            asked = replace(
                behaviour,
                initiator=turned[behaviour.initiator],
                service=Span(first=answer[0], last=answer[0]),
            )
            if asked in found:
                continue
        yield behaviour


def _in_both_versions(found: Iterable[Behaviour]) -> Iterator[Behaviour]:
    """What is said of IPv4 and again of IPv6 is one behaviour."""
    versions: dict[Behaviour, set[int | None]] = {}
    for behaviour in found:
        versions.setdefault(replace(behaviour, version=None), set()).add(behaviour.version)
    for behaviour, told in versions.items():
        if None in told or told == {4, 6}:
            yield behaviour
        else:
            yield from (replace(behaviour, version=version) for version in told)


def _rule(behaviour: Behaviour) -> Rule:
    digest = sha256(repr(behaviour).encode()).hexdigest()
    return Rule(id=f"m{digest[:12]}", behaviour=behaviour, origin=Origin.MUD)
