"""What a report repeats of its user is heard again when it is verified."""

from dataclasses import replace

from thingwarden.model import DeviceId, Role, Suppression
from thingwarden.report.document import make_document
from thingwarden.report.shape import SuppressionEntry
from thingwarden.report.told import read_told

from tests.report.reports import home_report


def test_roles_and_suppressions_come_back():
    report = home_report()
    one = report.assessments[0]
    device = replace(one.device, role=Role.SAFETY)
    accepted = Suppression(device_id=device.id, check="old-tls", reason="r", until="2027-01-01")
    said = replace(
        report,
        assessments=(replace(one, device=device), *report.assessments[1:]),
        suppressions=(accepted,),
    )

    told = read_told(make_document(said))

    assert told.roles == {device.id: Role.SAFETY}
    assert told.suppressions == (accepted,)


def test_a_forged_role_or_date_is_not_heard():
    document = make_document(home_report())
    forged = replace(
        document,
        devices=tuple(replace(device, role="emperor") for device in document.devices),
        suppressions=(
            SuppressionEntry(
                device=DeviceId("d-00"),
                check="telnet",
                reason="r",
                until="2027-13-01",
                in_force=True,
                applied=True,
            ),
        ),
    )

    told = read_told(forged)

    assert told.roles == {}
    assert told.suppressions == ()
