"""Commands that are taken from anybody near."""

import pytest

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "open-control"


@pytest.mark.parametrize(
    "request_line",
    ["POST /rpc/Switch.Set HTTP/1.1", "GET /relay/0?turn=on HTTP/1.1",
     "POST /upnp/control/basicevent1 HTTP/1.1"],
)  # fmt: skip
def test_a_command_without_a_login_is_told(request_line):
    home = Home()
    plug, phone = home.device("plug"), home.device("phone")
    frame = phone.requests(plug, request_line)

    result = judged(home)

    finding = result.finding(plug, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.LIKELY)
    assert result.frames(plug, CHECK) == [frame]


def test_reading_a_page_playing_something_and_logging_in_are_innocent():
    home = Home()
    plug, phone = home.device("plug"), home.device("phone")
    phone.requests(plug, "GET /relay/0 HTTP/1.1")
    phone.requests(plug, "POST /upnp/control/rendertransport1 HTTP/1.1")
    phone.requests(
        plug, "POST /rpc/Switch.Set HTTP/1.1", {"Host": "plug", "Authorization": "Digest x"}
    )
    phone.requests(plug, "POST /rpc/Switch.Set HTTP/1.1", answer="401 Unauthorized")
    key = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4"
    phone.requests(plug, f"PUT /api/{key}/lights/1/state HTTP/1.1")

    assert judged(home).is_silent(plug, CHECK)


def test_a_device_that_nobody_spoke_with_is_not_judged():
    home = Home()
    plug = home.device("plug")
    plug.requests(SITE)

    assert not judged(home).was_judged(plug, CHECK)
