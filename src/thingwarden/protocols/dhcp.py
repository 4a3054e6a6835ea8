"""DHCPv4 messages -> who joins, its names and what it is told (RFC 2131, RFC 2132)."""

from thingwarden.tables import LIST, TEXT, WHOLE, column, message_table

DHCP = message_table(
    "dhcp",
    "one row per DHCPv4 message",
    (
        column(
            "kind",
            TEXT,
            "discover, offer, request, decline, ack, nak, release, inform; bootp "
            "without the option",
        ),
        column("client_mac", TEXT, "client's hardware address as stated inside"),
        column("client_id", TEXT, "client identifier option as hex; null if absent"),
        column("hostname", TEXT, "host name option 12, else the name in option 81; null if absent"),
        column("vendor_class", TEXT, "vendor class option 60"),
        column("user_class", TEXT, "user class option 77"),
        column("parameters", TEXT, "parameter request list option 55 in order, such as 1,3,6"),
        column("options", TEXT, "numbers of all options present, in order, such as 53,61,50"),
        column("requested_ip", TEXT, "requested address option 50"),
        column("client_ip", TEXT, "ciaddr; null if zero"),
        column("your_ip", TEXT, "yiaddr, the address given; null if zero"),
        column("server_ip", TEXT, "server identifier option 54"),
        column("subnet_mask", TEXT, "subnet mask option 1"),
        column("routers", LIST, "router option 3"),
        column("dns_servers", LIST, "DNS server option 6"),
        column("ntp_servers", LIST, "NTP server option 42"),
        column("domain", TEXT, "domain name option 15"),
        column("lease_seconds", WHOLE, "lease time option 51"),
        column("mud_url", TEXT, "MUD URL option 161 (RFC 8520), without query"),
    ),
)
