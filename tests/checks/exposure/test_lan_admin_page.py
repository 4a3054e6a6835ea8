"""Login pages without TLS."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Home

CHECK = "lan-admin-page"
PAGE = b"<html><title>Camera</title><form><input type='password' name='p'></form></html>"


def test_a_page_with_a_password_field_is_certain():
    home = Home()
    phone, camera = home.device("phone"), home.device("camera")
    frame = phone.requests(camera, answer_headers={"Content-Type": "text/html"}, answer_body=PAGE)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [frame]
    assert not result.finding(phone, CHECK)


def test_a_basic_login_is_medium_and_a_digest_login_low():
    home = Home()
    phone, camera, printer = (home.device(name) for name in ("phone", "camera", "printer"))
    for device, scheme in ((camera, 'Basic realm="a"'), (printer, 'Digest realm="a", nonce="1"')):
        phone.requests(
            device, answer="401 Unauthorized", answer_headers={"WWW-Authenticate": scheme}
        )

    result = judged(home)

    assert result.finding(camera, CHECK).severity is Severity.MEDIUM
    low = result.finding(printer, CHECK)
    assert (low.severity, low.confidence) == (Severity.LOW, Confidence.LIKELY)


def test_a_redirect_to_https_and_a_page_without_login_are_silent():
    home = Home()
    phone, camera, lamp = (home.device(name) for name in ("phone", "camera", "lamp"))
    phone.requests(
        camera, answer="301 Moved Permanently", answer_headers={"Location": "https://camera/"}
    )
    page = b"<html><title>Lamp</title>on</html>"
    phone.requests(lamp, answer_headers={"Content-Type": "text/html"}, answer_body=page)

    result = judged(home)

    assert result.is_silent(camera, CHECK)
    assert result.is_silent(lamp, CHECK)


def test_a_login_page_on_the_internet_is_not_the_devices():
    home = Home()
    phone = home.device("phone")
    phone.requests(SITE, answer_headers={"Content-Type": "text/html"}, answer_body=PAGE)

    assert not judged(home).was_judged(phone, CHECK)
