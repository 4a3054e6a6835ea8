"""Is it maintained code, or legacy? -> CHECKS."""

from thingwarden.checks.code_age import (
    abandoned_software,
    obsolete_quic_version,
    old_client_library,
    old_mqtt_version,
    old_ntp_version,
    sslv2_hello,
)

CHECKS = (
    abandoned_software.CHECK,
    sslv2_hello.CHECK,
    old_client_library.CHECK,
    old_mqtt_version.CHECK,
    obsolete_quic_version.CHECK,
    old_ntp_version.CHECK,
)
