"""Small numbers that kernels use for what a packet carries, and their names."""

from typing import Final

NONE: Final = 0
ARP: Final = 1
NDP: Final = 2
ICMP: Final = 3
DHCP: Final = 4
DHCPV6: Final = 5
DNS: Final = 6
MDNS: Final = 7
LLMNR: Final = 8
SSDP: Final = 9
COAP: Final = 10
NTP: Final = 11
QUIC: Final = 12
PORTMAP: Final = 13
LINK: Final = 14
"""A frame without readable IP that is no ARP."""

NAMES: Final = {
    ARP: "arp",
    NDP: "ndp",
    ICMP: "icmp",
    DHCP: "dhcp",
    DHCPV6: "dhcpv6",
    DNS: "dns",
    MDNS: "mdns",
    LLMNR: "llmnr",
    SSDP: "ssdp",
    COAP: "coap",
    NTP: "ntp",
    QUIC: "quic",
    PORTMAP: "portmap",
}

FLAW_NONE: Final = 0
FLAW_LINK_TYPE: Final = 1
FLAW_LINK_CUT: Final = 2
FLAW_IP_CUT: Final = 3
FLAW_IP_WRONG: Final = 4
FLAW_TRANSPORT_CUT: Final = 5
FLAW_TRANSPORT_WRONG: Final = 6
FLAW_ENCRYPTED: Final = 7
FLAW_DEPTH: Final = 8

FLAWS: Final = {
    FLAW_LINK_TYPE: "link type {detail} is not read",
    FLAW_LINK_CUT: "cut inside its link header",
    FLAW_IP_CUT: "cut inside its IP header",
    FLAW_IP_WRONG: "IP header that contradicts itself",
    FLAW_TRANSPORT_CUT: "cut inside its TCP, UDP or ICMP header",
    FLAW_TRANSPORT_WRONG: "TCP or UDP header that contradicts itself",
    FLAW_ENCRYPTED: "802.11 frame that is encrypted",
    FLAW_DEPTH: "more headers inside each other than are read",
}
"""Why a frame was not read to its end, in words."""

TUNNELS: Final = {1: "gre", 2: "vxlan", 3: "ip-in-ip", 4: "6in4", 5: "mpls", 6: "erspan"}
"""Tunnels that are entered, by the number in the column `tunnel`."""
TUNNEL_GRE: Final = 1
TUNNEL_VXLAN: Final = 2
TUNNEL_IPIP: Final = 3
TUNNEL_6IN4: Final = 4
TUNNEL_MPLS: Final = 5
TUNNEL_ERSPAN: Final = 6
