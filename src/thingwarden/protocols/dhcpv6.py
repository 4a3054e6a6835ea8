"""DHCPv6 messages -> who joins, its names and what it is told (RFC 8415)."""

from thingwarden.tables import LIST, TEXT, WHOLE, column, message_table

DHCPV6 = message_table(
    "dhcpv6",
    "one row per DHCPv6 message; a relayed message is read inside",
    (
        column("kind", TEXT, "solicit, advertise, request, ... as in RFC 8415 section 7.3"),
        column("duid", TEXT, "client identifier as hex; null if absent"),
        column("duid_mac", TEXT, "hardware address inside the client identifier; null if none"),
        column("hostname", TEXT, "client FQDN option 39"),
        column("vendor_class", TEXT, "vendor class option 16, printable"),
        column("enterprise", WHOLE, "enterprise number of option 16 or 17"),
        column("requested_options", TEXT, "option request option 6 in order, such as 23,24"),
        column("addresses", LIST, "addresses in identity associations"),
        column("prefixes", LIST, "delegated prefixes"),
        column("dns_servers", LIST, "DNS servers option 23"),
        column("mud_url", TEXT, "MUD URL option 112 (RFC 8520), without query"),
    ),
)
