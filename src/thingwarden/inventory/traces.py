"""Facts -> which addresses sent, which claim which, and what the network told of itself.

Makes the tables `ends`, `claims` and `network`; each is small, since who never sent is not in it.
"""

from thingwarden.store import Store

DHCP_CLIENTS = "('discover', 'request', 'inform')"
"""Kinds of DHCP messages in which a client speaks of itself (RFC 2131 section 3)."""

MACROS = (
    """
    create or replace macro ip_kind(ip) as case
        when ip is null or ip in ('', '0.0.0.0', '::') then 'none'
        when contains(ip, ':') then case
            when starts_with(ip, 'ff') and ip[5] = ':' then 'group'
            when ip = '::1' then 'self'
            when ip[4] = ':' then 'public'
            when ip[:3] in ('fe8', 'fe9', 'fea', 'feb') then 'link'
            when ip[:2] in ('fc', 'fd') and ip[5] = ':' then 'private'
            else 'public'
        end
        when starts_with(ip, '192.168.') or starts_with(ip, '10.') then 'private'
        when starts_with(ip, '127.') then 'self'
        when starts_with(ip, '169.254.') then 'link'
        when starts_with(ip, '172.') then case
            when try_cast(split_part(ip, '.', 2) as integer) between 16 and 31 then 'private'
            else 'public'
        end
        when starts_with(ip, '100.') then case
            when try_cast(split_part(ip, '.', 2) as integer) between 64 and 127 then 'private'
            else 'public'
        end
        when ip = '255.255.255.255' then 'group'
        when try_cast(split_part(ip, '.', 1) as integer) between 224 and 239 then 'group'
        when starts_with(ip, '0.') or try_cast(split_part(ip, '.', 1) as integer) > 239
            then 'private'
        else 'public'
    end
    """,
    """
    create or replace macro is_group_mac(mac) as
        coalesce(mac[2] in ('1', '3', '5', '7', '9', 'b', 'd', 'f'), false)
    """,
)
"""Kinds of addresses: RFC 1918, 6598, 3927, 5771, 4291, 4193; groups: IEEE 802 section 8.2.2.

What is reserved is no more on the Internet than what is private.
"""

NOBODY = "00:00:00:00:00:00"

ENDS = f"""
    create or replace table ends as
    with seen as (
        select src_mac as mac, src_ip as ip, count(*) filter (handshake_us is not null) as answered,
            sum(src_packets) as sent, sum(src_packets + dst_packets) as packets,
            sum(src_bytes + dst_bytes) as bytes, min(time_us) as first_us, max(last_us) as last_us
        from facts.flows
        group by src_mac, src_ip
        union all
        select dst_mac, dst_ip, count(*), sum(dst_packets), sum(src_packets + dst_packets),
            sum(src_bytes + dst_bytes), min(time_us), max(last_us)
        from facts.flows
        where dst_packets > 0
        group by dst_mac, dst_ip
        union all
        select src_mac, null, 0, sum(packets), sum(packets), 0, min(time_us), max(last_us)
        from facts.ethernet
        group by src_mac
    )
    select mac, ip, any_value(ip_kind(ip)) as kind, sum(answered)::bigint as answered,
        sum(sent)::bigint as sent, sum(packets)::bigint as packets, sum(bytes)::bigint as bytes,
        min(first_us) as first_us, max(last_us) as last_us
    from seen
    where not is_group_mac(mac) and mac is distinct from '{NOBODY}'
    group by mac, ip
"""
"""Both ends of every flow, and senders of frames without IP: one row per pair that sent.

`answered` counts flows in which the address cannot be forged: it answered, or shook hands.
"""

CLAIMS = """
    create or replace table claims as
    with told as (
        select sender_mac as mac, sender_ip as ip
        from facts.arp
        where src_mac is null or src_mac = sender_mac
        union all
        select coalesce(link_mac, src_mac), target_ip
        from facts.ndp
        where kind = 'neighbor-advertisement' and coalesce(link_mac = src_mac, true)
        union all
        select src_mac, target_ip
        from facts.ndp
        where kind = 'neighbor-solicitation' and coalesce(src_ip, '::') = '::'
        union all
        select client_mac, your_ip
        from facts.dhcp
        where kind = 'ack'
    )
    select distinct mac, ip
    from told
    where ip_kind(ip) in ('private', 'link', 'public')
        and mac in (select mac from ends)
"""
"""Who says that an address is its own: ARP, neighbour discovery (a solicitation from nowhere asks
whether the address is free, RFC 4862 section 5.4.2), and what DHCP gave."""

NETWORK = """
    create or replace table network as
    with told as (
        select capture, 'dns' as kind, unnest(dns_servers) as ip
        from facts.dhcp
        where kind in ('offer', 'ack')
        union all
        select capture, 'ntp', unnest(ntp_servers)
        from facts.dhcp
        where kind in ('offer', 'ack')
        union all
        select capture, 'router', unnest(routers)
        from facts.dhcp
        where kind in ('offer', 'ack')
        union all
        select capture, 'dns', unnest(dns_servers)
        from facts.ndp
        where kind = 'router-advertisement'
        union all
        select capture, 'dns', unnest(dns_servers)
        from facts.dhcpv6
        where kind in ('advertise', 'reply')
        union all
        select capture, 'router', src_ip
        from facts.ndp
        where kind = 'router-advertisement' and router_seconds > 0
    )
    select distinct capture, kind, ip
    from told
    where ip_kind(ip) <> 'none'
    order by capture, kind, ip
"""
"""A router advertisement with a lifetime of 0 is from no router (RFC 4861 section 6.2.3)."""


def gather_traces(store: Store) -> None:
    """Make the tables `ends`, `claims` and `network`, and the macros that all else uses."""
    for statement in (*MACROS, ENDS, CLAIMS, NETWORK):
        store.run(statement)
