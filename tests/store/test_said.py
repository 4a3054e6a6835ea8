"""Roles and suppressions of a site; labels and statements: test_site."""

import duckdb
import pytest

from thingwarden.errors import LabelError
from thingwarden.model import DeviceId, Role, Statement, Suppression
from thingwarden.store import Label, Site, Told
from thingwarden.store.said import is_date

CAMERA, PLUG = DeviceId("d-0017882b9a25"), DeviceId("d-0017882b9a26")
ACCEPTED = Suppression(
    device_id=CAMERA, check="old-tls", reason="replaced soon", until="2027-04-30"
)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "home"


def test_roles_and_suppressions_are_kept_and_taken_back(folder):
    with Site.open(folder) as site:
        site.said.set_role(CAMERA, Role.SECURITY)
        site.said.set_role(CAMERA, Role.SAFETY)
        site.said.suppress(ACCEPTED)

    with Site.open(folder) as site:
        assert site.said.roles() == {CAMERA: Role.SAFETY}
        assert site.said.suppressions() == (ACCEPTED,)
        site.said.set_role(CAMERA, None)
        assert [site.said.allow(CAMERA, "old-tls") for _ in range(2)] == [True, False]
        assert site.said.roles() == {}
        assert site.said.suppressions() == ()


def test_a_later_suppression_of_the_same_takes_the_place_of_the_first(folder):
    later = Suppression(device_id=CAMERA, check="old-tls", reason="again", until="2028-01-01")

    with Site.open(folder) as site:
        site.said.suppress(ACCEPTED)
        site.said.suppress(later)

        assert site.said.suppressions() == (later,)


@pytest.mark.parametrize(
    ("reason", "until", "complaint"),
    [
        ("", "2027-04-30", "empty"),
        ("x" * 201, "2027-04-30", "201 characters"),
        ("red \x1b[31m", "2027-04-30", "U\\+001B"),
        ("soon", "next year", "not a date"),
        ("soon", "2027-02-30", "not a date"),
    ],
)
def test_a_reason_that_hides_something_and_a_day_that_is_none_are_refused(
    folder, reason, until, complaint
):
    bad = Suppression(device_id=CAMERA, check="old-tls", reason=reason, until=until)

    with Site.open(folder) as site, pytest.raises(LabelError, match=complaint):
        site.said.suppress(bad)


def test_a_site_of_an_earlier_version_has_none_and_takes_them(folder):
    with Site.open(folder) as site:
        site.said.set_label(CAMERA, name="hall")
    with duckdb.connect(folder / "site.duckdb") as state:
        for table in ("roles", "suppressions", "past"):
            state.execute(f"drop table {table}")

    with Site.open(folder) as site:
        assert (site.said.roles(), site.said.suppressions(), site.history.list()) == ({}, (), ())
        site.said.set_role(CAMERA, Role.SAFETY)
        site.said.suppress(ACCEPTED)
        assert site.said.roles() == {CAMERA: Role.SAFETY}
        assert site.said.suppressions() == (ACCEPTED,)


def test_what_is_not_ours_in_a_site_is_not_heard(folder):
    with Site.open(folder) as site:
        site.said.suppress(ACCEPTED)
    with duckdb.connect(folder / "site.duckdb") as state:
        state.execute("insert into roles values ('d-00', 'emperor')")
        state.execute("insert into suppressions values ('d-000', 'x;drop', 'r', '2027-01-01')")
        state.execute("insert into suppressions values ('d-000', 'telnet', 'r', '2027-99-01')")

    with Site.open(folder) as site:
        assert site.said.roles() == {}
        assert site.said.suppressions() == (ACCEPTED,)


def test_what_is_said_now_wins_over_what_is_kept():
    same = Statement(kind="same", first=CAMERA, second=PLUG)
    kept = Told(
        labels={CAMERA: Label(name="hall")},
        roles={CAMERA: Role.SAFETY, PLUG: Role.SECURITY},
        statements=(same,),
        suppressions=(ACCEPTED,),
    )
    later = Suppression(device_id=CAMERA, check="old-tls", reason="again", until="2028-01-01")
    now = Told(roles={CAMERA: Role.CONVENIENCE}, role=Role.SAFETY, suppressions=(later,))

    both = now.over(kept)

    assert both.roles == {CAMERA: Role.CONVENIENCE, PLUG: Role.SECURITY}
    assert both.role is Role.SAFETY
    assert both.labels == kept.labels
    assert both.statements == (same,)
    assert both.suppressions == (later,)


def test_days_are_those_of_the_calendar():
    assert is_date("2028-02-29")
    assert not any(map(is_date, ("2027-02-29", "20270101", "2027-1-1", "", "tomorrow")))
