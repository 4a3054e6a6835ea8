"""Uploads to addresses without a name."""

from thingwarden.model import Confidence, Severity

from tests import frames
from tests.checks.judged import SITE, judged
from tests.home import Device, Home

CHECK = "bulk-upload"


class CutHome(Home):
    """Its capture holds the first bytes of each frame only."""

    def capture(self) -> bytes:
        records = (
            frames.pcap_record(time_us, frame[:128], len(frame)) for time_us, frame in self.records
        )
        return frames.pcap_header() + b"".join(records)


def uploads(device: Device, to: str, megabytes: int) -> int:
    """Large segments, the same one again and again; gives the frame of the knock."""
    stream = device.connects(to, 9000)
    segment = frames.tcp(
        (device.ip, to), stream.ports, frames.ACK, sequence=1001, payload=bytes(50_000)
    )
    packet = frames.ip(device.ip, to, segment, 6)
    for _ in range(20 * megabytes):
        device.home.carries(device, device.home.place(to), packet)
    return stream.frame


def test_a_large_upload_to_a_nameless_address_is_a_guess():
    home = CutHome()
    camera = home.device("camera")
    frame = uploads(camera, SITE, 110)

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.GUESS)
    assert result.frames(camera, CHECK) == [frame]


def test_a_backup_to_a_server_with_a_name_is_silent():
    home = CutHome()
    laptop = home.device("laptop")
    laptop.asks("backup.example.com", SITE)
    uploads(laptop, SITE, 110)

    assert judged(home).is_silent(laptop, CHECK)


def test_a_small_upload_is_silent():
    home = CutHome()
    camera = home.device("camera")
    uploads(camera, SITE, 10)

    assert judged(home).is_silent(camera, CHECK)


def test_who_stays_at_home_is_not_judged():
    home = Home()
    bulb, hub = home.device("bulb"), home.device("hub")
    bulb.requests(hub)

    assert not judged(home).was_judged(bulb, CHECK)
