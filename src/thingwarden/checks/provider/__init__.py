"""Whom does it need on the Internet, and where are they? -> CHECKS."""

from thingwarden.checks.provider import (
    cloud_many_providers,
    concentrated_destinations,
    expiring_certificate,
    many_countries,
    single_address_service,
    single_certificate_authority,
    single_country,
    single_resolver,
    single_time_server,
    tracker_contact,
)

CHECKS = (
    tracker_contact.CHECK,
    expiring_certificate.CHECK,
    concentrated_destinations.CHECK,
    single_address_service.CHECK,
    single_country.CHECK,
    many_countries.CHECK,
    cloud_many_providers.CHECK,
    single_resolver.CHECK,
    single_time_server.CHECK,
    single_certificate_authority.CHECK,
)
