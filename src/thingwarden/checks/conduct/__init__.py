"""Does it behave like itself? -> CHECKS."""

from thingwarden.checks.conduct import (
    amplifier,
    arp_spoof,
    beacon,
    botnet_port,
    brute_force,
    bulk_upload,
    dhcp_server,
    dns_tunnel,
    flood_source,
    icmp_redirect,
    mail_sender,
    port_sweep,
    random_names,
    router_advertiser,
    spoofed_source,
)

CHECKS = (
    port_sweep.CHECK,
    brute_force.CHECK,
    flood_source.CHECK,
    spoofed_source.CHECK,
    amplifier.CHECK,
    arp_spoof.CHECK,
    dns_tunnel.CHECK,
    random_names.CHECK,
    beacon.CHECK,
    botnet_port.CHECK,
    mail_sender.CHECK,
    dhcp_server.CHECK,
    router_advertiser.CHECK,
    icmp_redirect.CHECK,
    bulk_upload.CHECK,
)
