"""FTP and TFTP with the Internet."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import SITE, judged
from tests.home import Device, Home, Place

CHECK = "plaintext-file-transfer"


def logs_in(
    device: Device, to: Place | str, *, user: str = "cam", reply: str = "230 welcome"
) -> int:
    """An FTP login; gives the frame in which the client first speaks."""
    ftp = device.connects(to, 21)
    ftp.answers(b"220 ready\r\n")
    first = ftp.asks(f"USER {user}\r\n".encode())
    ftp.answers(b"331 password\r\n")
    ftp.asks(b"PASS not-kept\r\n")
    ftp.answers(f"{reply}\r\n".encode())
    ftp.closes()
    return first


def test_a_login_is_medium_and_certain():
    home = Home()
    camera = home.device("camera")
    frame = logs_in(camera, SITE)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == [frame]


def test_anybody_s_files_are_low_and_tftp_is_a_guess():
    home = Home()
    camera, phone = home.device("camera"), home.device("phone")
    logs_in(camera, SITE, user="anonymous")
    frame = home.datagram(phone, home.place(SITE), (40000, 69), b"\0\1config.cfg\0octet\0")

    result = judged(home)

    assert result.finding(camera, CHECK).severity is Severity.LOW
    told = result.finding(phone, CHECK)
    assert (told.severity, told.confidence) == (Severity.LOW, Confidence.GUESS)
    assert result.frames(phone, CHECK) == [frame]


def test_a_refused_login_and_ftp_at_home_are_silent():
    home = Home()
    camera, store = home.device("camera"), home.device("store")
    logs_in(camera, SITE, reply="530 no")
    logs_in(camera, store)

    assert judged(home).is_silent(camera, CHECK)


def test_without_the_internet_nothing_is_judged():
    home = Home()
    camera, store = home.device("camera"), home.device("store")
    logs_in(camera, store)

    assert not judged(home).was_judged(camera, CHECK)
