"""Searches for open doors, and what looks like them."""

from thingwarden.model import Confidence, Severity

from tests.checks.judged import OTHER_SITE, SITE, judged
from tests.home import NETWORK, Home

CHECK = "port-sweep"
NEIGHBOURS = [f"{NETWORK}{number}" for number in range(100, 140)]


def test_one_port_on_many_hosts_is_certain():
    home = Home()
    camera = home.device("camera")
    frame = camera.sweeps(NEIGHBOURS, [23])

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.CERTAIN)
    assert result.frames(camera, CHECK) == list(range(frame, frame + 25))
    assert finding.evidence_total == len(NEIGHBOURS)


def test_many_ports_on_one_host_are_certain():
    home = Home()
    camera, hub = home.device("camera"), home.device("hub")
    frame = camera.sweeps([hub.ip], range(1, 60), refused=True)

    result = judged(home)

    assert result.finding(camera, CHECK).severity is Severity.HIGH
    assert result.frames(camera, CHECK)[0] == frame
    assert not result.finding(hub, CHECK)


def test_a_sweep_over_strangers_is_found():
    home = Home()
    camera = home.device("camera")
    camera.sweeps([f"45.33.{number}.7" for number in range(60)], [23])

    assert judged(home).finding(camera, CHECK)


def test_questions_for_addresses_alone_are_low():
    home = Home()
    camera = home.device("camera")
    camera.looks_for(f"{NETWORK}{number}" for number in range(100, 200))

    finding = judged(home).finding(camera, CHECK)

    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.LIKELY)


def test_discovery_by_multicast_is_silent():
    home = Home()
    phone = home.device("phone")
    for _ in range(200):
        phone.announces_by_mdns()
        phone.announces_by_ssdp()

    assert judged(home).is_silent(phone, CHECK)


def test_a_device_that_retries_one_dead_server_is_silent():
    home = Home()
    plug = home.device("plug")
    plug.retries(SITE, 8883, times=500, every_seconds=2, refused=False)

    assert judged(home).is_silent(plug, CHECK)


def test_a_phone_that_opens_many_web_connections_is_silent():
    home = Home()
    phone = home.device("phone")
    for number in range(80):
        phone.asks(f"site{number}.example", f"151.101.{number}.1")
        phone.requests(f"151.101.{number}.1", port=443 if number % 2 else 80)
    phone.sweeps([f"151.102.{number}.1" for number in range(80)], [443])

    assert judged(home).is_silent(phone, CHECK)


def test_a_peer_to_peer_client_is_silent():
    home = Home()
    laptop = home.device("laptop")
    for number in range(150):
        port = 6881 if number < 60 else 10000 + 7 * number
        laptop.knocks(f"81.2.{number}.9", port)
        laptop.connects(f"81.3.{number}.9", port).closes()

    assert judged(home).is_silent(laptop, CHECK)


def test_passive_ftp_uses_many_ports_that_answer():
    home = Home()
    camera = home.device("camera")
    for port in range(50000, 50040):
        camera.connects(OTHER_SITE, port).closes()

    assert judged(home).is_silent(camera, CHECK)
