"""Does it get through, and what happens when it does not? -> CHECKS."""

from thingwarden.checks.reliable_communication import (
    connection_resets,
    failing_handshakes,
    failing_names,
    frequent_restarts,
    goes_silent_with_cloud,
    many_retransmissions,
    no_back_off,
    orphaned_service,
    recovers_slowly,
    retry_storm,
    unanswered_time,
)

CHECKS = (
    retry_storm.CHECK,
    goes_silent_with_cloud.CHECK,
    orphaned_service.CHECK,
    frequent_restarts.CHECK,
    many_retransmissions.CHECK,
    failing_handshakes.CHECK,
    failing_names.CHECK,
    no_back_off.CHECK,
    recovers_slowly.CHECK,
    connection_resets.CHECK,
    unanswered_time.CHECK,
)
