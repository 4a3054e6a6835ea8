"""IPv6 neighbour discovery messages -> addresses, routers and prefixes (RFC 4861)."""

from thingwarden.tables import LIST, SMALL, TEXT, column, message_table

NDP = message_table(
    "ndp",
    "one row per neighbour discovery message",
    (
        column(
            "kind",
            TEXT,
            "router-solicitation, router-advertisement, neighbor-solicitation, "
            "neighbor-advertisement or redirect",
        ),
        column(
            "target_ip",
            TEXT,
            "address asked for, advertised or redirected; null for router messages",
        ),
        column(
            "link_mac",
            TEXT,
            "link-layer address option of the sender or target; null if absent",
        ),
        column("flags", SMALL, "flags octet of advertisements; null for others"),
        column(
            "router_seconds",
            SMALL,
            "router lifetime of a router advertisement; null for others",
        ),
        column("prefixes", LIST, "prefixes announced, such as 2001:db8::/64"),
        column("dns_servers", LIST, "recursive DNS servers announced (RFC 8106)"),
    ),
)
