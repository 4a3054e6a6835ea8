"""Updates that are fetched without TLS."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "update-without-tls"
HOST = {"Host": "dl.cam.example"}
BINARY = {"Content-Type": "application/octet-stream"}


def test_a_firmware_file_is_likely_and_high():
    home = Home()
    camera = home.device("camera")
    request = "GET /firmware/cam-2.1.bin HTTP/1.1"
    frame = camera.requests(SITE, request, HOST, answer_headers=BINARY, answer_body=bytes(9000))

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.LIKELY)
    assert result.frames(camera, CHECK) == [frame]


def test_a_question_for_updates_is_a_guess():
    home = Home()
    camera = home.device("camera")
    kind = {"Content-Type": "application/json"}
    camera.requests(
        SITE, "GET /update/latest HTTP/1.1", HOST, answer_headers=kind, answer_body=b"{}"
    )

    finding = judged(home).finding(camera, CHECK)

    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.GUESS)


def test_signed_packages_pictures_and_connectivity_checks_are_silent():
    home = Home()
    laptop = home.device("laptop")
    update = "GET /msdownload/update/v3/static/trustedr/en/authrootstl.cab HTTP/1.1"
    laptop.requests(SITE, update, {"Host": "ctldl.windowsupdate.com"}, answer_headers=BINARY)
    laptop.requests(SITE, "GET /update/banner.png HTTP/1.1", HOST)
    laptop.requests(SITE, "GET /generate_204 HTTP/1.1", HOST, answer="204 No Content")
    laptop.requests(SITE, "GET /xtra3grc.bin HTTP/1.1", HOST, answer_headers=BINARY)

    assert judged(home).is_silent(laptop, CHECK)


def test_an_update_over_tls_is_silent():
    home = Home()
    camera = home.device("camera")
    camera.speaks_tls(SITE, "firmware.cam.example")

    assert judged(home).is_silent(camera, CHECK)


def test_without_any_update_nothing_is_judged():
    home = Home()
    camera = home.device("camera")
    camera.speaks_tls(SITE, "api.cam.example")

    assert not judged(home).was_judged(camera, CHECK)


def test_a_large_answer_to_a_path_that_speaks_of_firmware_is_firmware():
    home = Home()
    camera = home.device("camera")
    request = "GET /static/firmware/agent/D-100/D-100-1.1.0-AX HTTP/1.1"
    camera.requests(SITE, request, HOST, answer_headers=BINARY, answer_body=bytes(70_000))

    assert judged(home).finding(camera, CHECK).confidence is Confidence.LIKELY
