"""Does its maker update it, say until when, and safely? -> CHECKS."""

from thingwarden.checks.vendor import (
    model_not_told,
    mud_url_not_https,
    never_asks_for_updates,
    no_mud_url,
    update_check_stopped,
    update_over_weak_tls,
    update_without_tls,
)

CHECKS = (
    update_without_tls.CHECK,
    update_over_weak_tls.CHECK,
    mud_url_not_https.CHECK,
    update_check_stopped.CHECK,
    never_asks_for_updates.CHECK,
    model_not_told.CHECK,
    no_mud_url.CHECK,
)
