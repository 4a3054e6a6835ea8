"""Who can reach it, and whom can it reach? -> CHECKS."""

from thingwarden.checks.exposure import lan_admin_page, telnet, upnp_port_mapping

CHECKS = (telnet.CHECK, upnp_port_mapping.CHECK, lan_admin_page.CHECK)
