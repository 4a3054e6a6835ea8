"""Guessed passwords, and clients with an outdated one."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import judged
from tests.home import NETWORK, Device, Home

CHECK = "brute-force"
BASIC = {"Host": "a.example", "Authorization": "Basic bm90OmtlcHQ="}
REFUSED = "401 Unauthorized"


def fails_by_telnet(device: Device, server: Device | str) -> int:
    """A login that is refused twice; gives the frame of the first user name."""
    stream = device.connects(server, 23)
    names = []
    for _ in range(2):
        stream.answers(b"login: ")
        names.append(stream.asks(b"root\r\n"))
        stream.answers(b"Password: ")
        stream.asks(b"not-kept\r\n")
        stream.answers(b"\r\nLogin incorrect\r\n")
    stream.closes()
    return names[0]


def speaks_ssh(device: Device, server: Device | str, size_bytes: int) -> int:
    """A session of that size."""
    stream = device.connects(server, 22)
    stream.answers(b"SSH-2.0-OpenSSH_9.6\r\n")
    stream.asks(b"SSH-2.0-Go\r\n" + bytes(size_bytes))
    stream.answers(bytes(800))
    stream.closes()
    return stream.frame


def test_refused_telnet_logins_are_certain():
    home = Home()
    camera, recorder = home.device("camera"), home.device("recorder")
    frames = [fails_by_telnet(camera, recorder) for _ in range(6)]

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == frames
    assert not result.finding(recorder, CHECK)


def test_an_outdated_password_at_one_web_server_is_medium():
    home = Home()
    hub, camera = home.device("hub"), home.device("camera")
    for _ in range(15):
        hub.requests(camera, headers=BASIC, answer=REFUSED)

    finding = judged(home).finding(hub, CHECK)

    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)


def test_three_web_servers_that_refuse_are_high():
    home = Home()
    camera = home.device("camera")
    for server in range(100, 103):
        for _ in range(12):
            camera.requests(f"{NETWORK}{server}", headers=BASIC, answer=REFUSED)

    assert judged(home).finding(camera, CHECK).severity is Severity.HIGH


def test_digest_that_renews_its_number_is_silent():
    home = Home()
    hub, camera = home.device("hub"), home.device("camera")
    for _ in range(15):
        hub.requests(camera, headers=BASIC, answer=REFUSED)
        hub.requests(camera, headers=BASIC)

    assert judged(home).is_silent(hub, CHECK)


def test_many_short_ssh_sessions_are_likely():
    home = Home()
    camera, server = home.device("camera"), home.device("server")
    first = speaks_ssh(camera, server, 1500)
    for _ in range(150):
        speaks_ssh(camera, server, 1500)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.LIKELY)
    assert result.frames(camera, CHECK)[0] == first


def test_ssh_sessions_that_do_different_things_are_silent():
    home = Home()
    laptop, server = home.device("laptop"), home.device("server")
    for number in range(40):
        speaks_ssh(laptop, server, 300 * (1 + number % 5) ** 2)

    assert judged(home).is_silent(laptop, CHECK)


def test_a_few_mistyped_passwords_are_silent():
    home = Home()
    laptop, server = home.device("laptop"), home.device("server")
    for _ in range(2):
        fails_by_telnet(laptop, server)

    assert judged(home).is_silent(laptop, CHECK)


def test_who_never_connects_is_not_judged():
    home = Home()
    bulb = home.device("bulb")
    bulb.announces_by_mdns()

    assert not judged(home).was_judged(bulb, CHECK)
