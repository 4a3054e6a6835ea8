"""SSH of version 1."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import judged
from tests.home import Device, Home

CHECK = "old-ssh-protocol"


def greets(client: Device, server: Device, *, client_says: str, server_says: str) -> int:
    """Both banners; gives the frame of the client's."""
    stream = client.connects(server, 22)
    stream.answers(f"{server_says}\r\n".encode())
    asked = stream.asks(f"{client_says}\r\n".encode())
    stream.closes()
    return asked


def test_a_server_of_version_1_is_medium():
    home = Home()
    laptop, switch = home.device("laptop"), home.device("switch")
    frame = greets(laptop, switch, client_says="SSH-2.0-x", server_says="SSH-1.5-OldSSH")

    result = judged(home)

    finding = result.finding(switch, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)
    assert result.frames(switch, CHECK) == [frame]
    assert result.is_silent(laptop, CHECK)


def test_a_server_that_still_allows_version_1_is_low():
    home = Home()
    laptop, switch = home.device("laptop"), home.device("switch")
    greets(laptop, switch, client_says="SSH-2.0-x", server_says="SSH-1.99-Cisco-1.25")

    assert judged(home).finding(switch, CHECK).severity is Severity.LOW


def test_version_2_is_silent():
    home = Home()
    laptop, switch = home.device("laptop"), home.device("switch")
    greets(laptop, switch, client_says="SSH-2.0-x", server_says="SSH-2.0-dropbear_2022.83")

    assert judged(home).is_silent(switch, CHECK)


def test_a_port_that_says_nothing_is_not_judged():
    home = Home()
    laptop, switch = home.device("laptop"), home.device("switch")
    laptop.connects(switch, 22).closes()

    assert not judged(home).was_judged(switch, CHECK)
