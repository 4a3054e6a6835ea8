"""Words of MUD files: names of nodes, of drafts too, and the roles that thingwarden adds."""

from thingwarden.policy.needs import ICMP, ICMP6, TCP, UDP

MUD, ACLS, ACLDNS = "ietf-mud:mud", "ietf-access-control-list:acls", "ietf-acldns"

EXTENSION = "thingwarden"
EXACT = "thingwarden:rules"
"""Member of the second form: the rules as they are, with what they rest on."""

GATEWAY = "urn:ietf:params:mud:gateway"
"""Not registered, but what tools that write MUD files call the router."""

MANUFACTURER, MODEL = "urn:thingwarden:manufacturer:", "urn:thingwarden:model:"
MY_CONTROLLER = "urn:thingwarden:my-controller:"
"""Roles that a site fills, or nobody does: then nobody is let in."""

DRAFT_NAMES: dict[str, str] = {
    "ietf-access-control-list:access-lists": ACLS,
    "source-ipv4-network": "source-ipv4-network",
    "src-ipv4-network": "source-ipv4-network",
    "dst-ipv4-network": "destination-ipv4-network",
    "src-ipv6-network": "source-ipv6-network",
    "dst-ipv6-network": "destination-ipv6-network",
    "src-dnsname": f"{ACLDNS}:src-dnsname",
    "dst-dnsname": f"{ACLDNS}:dst-dnsname",
    "direction-initiated": "ietf-mud:direction-initiated",
}
"""What drafts of RFC 8520 and of RFC 8519 called a node, and what it is called now."""

MODULES = ("ietf-mud:", "ietf-access-control-list:", "ietf-acldns:")

IP_NODES = {4: "ipv4", 6: "ipv6"}
TYPES = {4: "ipv4-acl-type", 6: "ipv6-acl-type"}
PORT_NODES = {TCP: "tcp", UDP: "udp"}
ICMP_VERSIONS = {ICMP: 4, ICMP6: 6}
ECHO = {ICMP: (8, 0), ICMP6: (128, 129)}

FROM, TO = "from-device-policy", "to-device-policy"

LONGEST_INFO = 60
"""Letters of `systeminfo` (RFC 8520 section 3.6)."""

LEAST_CACHE, MOST_CACHE = 1, 168
"""Hours (RFC 8520, `cache-validity`)."""
