"""A JSON report -> what the user had said when it was written, so that it can be derived again."""

from thingwarden.model import DeviceId, Role, Statement, Suppression
from thingwarden.report.shape import Document
from thingwarden.store import Told
from thingwarden.store.said import is_date


def read_told(document: Document) -> Told:
    """Statements, roles and suppressions; labels are not needed, they are compared on their own.

    Roles and dates that are none are left out: then the report does not hold.
    """
    known = {role.value: role for role in Role}
    return Told(
        statements=tuple(
            Statement(kind=one.kind, first=DeviceId(one.first), second=DeviceId(one.second))
            for one in document.statements
        ),
        roles={DeviceId(one.id): known[one.role] for one in document.devices if one.role in known},
        suppressions=tuple(
            Suppression(
                device_id=DeviceId(one.device), check=one.check, reason=one.reason, until=one.until
            )
            for one in document.suppressions
            if is_date(one.until)
        ),
    )
