"""Facts -> findings: one check per file, in a folder per concern; CHECKS lists them all."""

from thingwarden.checks import (
    code_age,
    conduct,
    exposure,
    operating_system,
    portability,
    protected_communication,
    provider,
    reliable_communication,
    vendor,
)

CHECKS = (
    *operating_system.CHECKS,
    *code_age.CHECKS,
    *vendor.CHECKS,
    *provider.CHECKS,
    *protected_communication.CHECKS,
    *reliable_communication.CHECKS,
    *exposure.CHECKS,
    *conduct.CHECKS,
    *portability.CHECKS,
)
"""All checks, in the order of `Concern`."""
