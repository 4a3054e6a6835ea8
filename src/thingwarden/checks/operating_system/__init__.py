"""Is the software on it sound, current, hardened? -> CHECKS."""

from thingwarden.checks.operating_system import (
    address_from_hardware,
    outdated_kernel,
    outdated_network_software,
    outdated_ssh_server,
    outdated_system,
    outdated_tls_client,
    outdated_web_server,
)

CHECKS = (
    outdated_system.CHECK,
    outdated_kernel.CHECK,
    outdated_tls_client.CHECK,
    outdated_web_server.CHECK,
    outdated_ssh_server.CHECK,
    outdated_network_software.CHECK,
    address_from_hardware.CHECK,
)
