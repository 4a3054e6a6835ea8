"""Is what it says encrypted, authenticated and to the right party? -> CHECKS."""

from thingwarden.checks.protected_communication import (
    bad_certificate,
    mqtt_without_tls,
    old_tls,
    plaintext_login,
)

CHECKS = (plaintext_login.CHECK, mqtt_without_tls.CHECK, old_tls.CHECK, bad_certificate.CHECK)
