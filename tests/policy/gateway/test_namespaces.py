"""Enforcement with real programs: a gateway with nftables and dnsmasq, a thing, a neighbour, an Internet."""

import shutil
import sys
import time

import pytest

from thingwarden.model import DNS, Network, PeerKind
from thingwarden.policy.folder import write_policy_folder
from thingwarden.policy.gateway.names import set_name

from tests.lab import Room, kill, wait_for, why_no_rooms
from tests.rule_sets import UDP, device, name, peer, rule, site

pytestmark = [
    pytest.mark.skipif(bool(why_no_rooms()), reason=f"no rooms: {why_no_rooms()}"),
    pytest.mark.skipif(not shutil.which("dnsmasq"), reason="dnsmasq is not on this machine"),
]

THING, NEIGHBOUR, GATEWAY = "192.168.77.10", "192.168.77.20", "192.168.77.1"
THING_MAC, NEIGHBOUR_MAC, GATEWAY_MAC = (f"02:77:00:00:00:{number:02x}" for number in (10, 20, 1))
CLOUD, EVIL, WAN = "203.0.113.9", "203.0.113.66", "203.0.113.1"
PORTS = (23, 80, 443, 4444)

SERVER = """
import selectors, socket, sys
waiting = selectors.DefaultSelector()
for port in map(int, sys.argv[1:]):
    one = socket.create_server(("0.0.0.0", port))
    waiting.register(one, selectors.EVENT_READ)
print("ready", flush=True)
while True:
    for key, _ in waiting.select():
        key.fileobj.accept()[0].close()
"""

REACHES = """
import socket, sys
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=0.4).close()
    print("yes")
except OSError:
    print("no")
"""

ASKS = """
import socket, struct, sys
server, name = sys.argv[1:]
labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
question = struct.pack("!HHHHHH", 7, 256, 1, 0, 0, 0) + labels + b"\\0" + struct.pack("!HH", 1, 1)
asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asking.settimeout(0.6)
asking.sendto(question, (server, 53))
try:
    print(".".join(map(str, asking.recv(512)[-4:])))
except OSError:
    print("no")
"""

CLAIMS = """
import socket, sys
mac, address = bytes.fromhex(sys.argv[1].replace(":", "")), socket.inet_aton(sys.argv[2])
head = bytes.fromhex("ffffffffffff") + mac + bytes.fromhex("08060001080006040002")
sending = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
sending.bind(("eth0", 0))
for _ in range(3):
    sending.send(head + mac + address + bytes.fromhex("ffffffffffff") + address + bytes(18))
"""

RULES = (rule("dns", peer(PeerKind.CONTROLLER, DNS), UDP, 53), rule("web", name("cloud.example")))
HOME = Network(
    locals=("192.168.77.0/24",),
    gateways=(GATEWAY_MAC,),
    gateway_addresses=(GATEWAY,),
    resolvers=(GATEWAY,),
)


def policy(*rules):
    one = device(1, rules, macs=(THING_MAC,), addresses=(THING,))
    return site([one], network=HOME)


class Lab:
    """The rooms, wired."""

    def __init__(self, folder):
        self.folder, self.state = folder, folder / "state"
        self.gateway, self.thing, self.neighbour, self.internet = (Room() for _ in range(4))
        self.rooms = (self.gateway, self.thing, self.neighbour, self.internet)
        self.write(policy(*RULES))
        self._wire()
        for room, words in (
            (self.internet, ["--no-resolv", f"--address=/cloud.example/{CLOUD}"]),
            (
                self.gateway,
                [
                    "--no-resolv",
                    f"--server={CLOUD}",
                    f"--conf-file={self.folder / 'policy/rules/dnsmasq.conf'}",
                ],
            ),
        ):
            own = [] if "--conf-file" in " ".join(words) else ["--conf-file=/dev/null"]
            fixed = ["--no-daemon", "--no-hosts", "--user=root", "--pid-file="]
            room.start("dnsmasq", *fixed, *own, *words)
        for room in (self.thing, self.neighbour, self.internet):
            room.start(sys.executable, "-c", SERVER, *PORTS)

    def write(self, some):
        write_policy_folder(some, self.folder / "policy")

    def enforce(self, *words, **more):
        return self.gateway.enforce(self.state, *words, **more)

    def must_enforce(self, *words):
        done = self.enforce(*words)
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    def load(self, step="all", *words):
        return self.must_enforce("--policy", self.folder / "policy", "--step", step, *words)

    def reaches(self, address, port, *, room=None):
        return (room or self.thing).python(REACHES, address, port) == "yes"

    def asks(self, server=GATEWAY, wanted="cloud.example"):
        return self.thing.python(ASKS, server, wanted)

    def neighbours_view(self, address):
        return self.neighbour.must("ip", "neigh", "show", address).split()

    def close(self):
        for room in self.rooms:
            room.close()

    def _wire(self):
        gateway = self.gateway
        gateway.ip("link add br0 type bridge stp_state 0 mcast_snooping 0")
        for number, room in enumerate((self.thing, self.neighbour, self.internet)):
            gateway.ip(f"link add port{number} type veth peer name eth0 netns {room.pid}")
        gateway.ip(
            f"link set br0 address {GATEWAY_MAC}",
            *(f"link set port{number} master br0" for number in (0, 1)),
            *(f"link set {one} up" for one in ("lo", "br0", "port0", "port1", "port2")),
            f"addr add {GATEWAY}/24 dev br0",
            f"addr add {WAN}/24 dev port2",
        )
        gateway.set("net/ipv4/ip_forward", 1)
        for room, mac, address, way in (
            (self.thing, THING_MAC, THING, GATEWAY),
            (self.neighbour, NEIGHBOUR_MAC, NEIGHBOUR, GATEWAY),
            (self.internet, "02:77:00:00:00:99", CLOUD, WAN),
        ):
            room.ip(
                f"link set eth0 address {mac}",
                "link set lo up",
                "link set eth0 up",
                f"addr add {address}/24 dev eth0",
                f"route add default via {way}",
            )
        self.internet.ip(f"addr add {EVIL}/24 dev eth0")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    found = Lab(tmp_path_factory.mktemp("lab"))
    try:
        assert wait_for(lambda: found.reaches(EVIL, 4444) and found.asks() == CLOUD)
        yield found
    finally:
        found.close()


ATTACKS = {
    "telnet into the Internet": lambda lab: lab.reaches(CLOUD, 23),
    "a control server": lambda lab: lab.reaches(EVIL, 443),
    "another port of the cloud": lambda lab: lab.reaches(CLOUD, 4444),
    "a neighbour": lambda lab: lab.reaches(NEIGHBOUR, 80),
    "a scan": lambda lab: any(lab.reaches(NEIGHBOUR, port) for port in PORTS),
    "the gateway's own services": lambda lab: lab.reaches(GATEWAY, 53),
    "a tunnel through a foreign resolver": lambda lab: lab.asks(CLOUD) != "no",
    "a neighbour that reaches the thing": lambda lab: lab.reaches(THING, 23, room=lab.neighbour),
    "the Internet reaching the thing": lambda lab: lab.reaches(THING, 23, room=lab.internet),
}


@pytest.fixture(scope="module")
def open_before(lab):
    """What works while nothing is enforced."""
    return {what for what, attack in ATTACKS.items() if attack(lab)}


@pytest.fixture(scope="module")
def enforced(lab, open_before):
    lab.gateway.nft("table ip others {\nchain c {\n}\n}\n")
    lab.load("log")
    lab.load("all", "--confirm-within", "60")
    lab.must_enforce("confirm")
    return lab


def test_without_rules_every_attack_works(open_before):
    assert open_before == set(ATTACKS)


def test_the_benign_part_works(enforced):
    assert enforced.asks() == CLOUD
    assert enforced.reaches(CLOUD, 443)
    assert enforced.reaches(EVIL, 443, room=enforced.neighbour)  # who is not wrapped is let be


@pytest.mark.parametrize("what", ATTACKS)
def test_attacks_fail(enforced, what):
    enforced.asks()

    assert not ATTACKS[what](enforced)


def test_who_claims_the_gateways_address_is_not_believed(enforced):
    enforced.neighbour.python(REACHES, GATEWAY, 9)
    before = enforced.neighbours_view(GATEWAY)

    enforced.thing.python(CLAIMS, THING_MAC, GATEWAY)
    time.sleep(0.1)

    assert enforced.neighbours_view(GATEWAY)[:4] == before[:4]
    assert GATEWAY_MAC in before


def test_a_stolen_address_reaches_nobody(enforced):
    thing = enforced.thing
    enforced.asks()
    thing.ip(f"addr del {THING}/24 dev eth0", "addr add 192.168.77.66/24 dev eth0")
    try:
        thing.ip(f"route replace default via {GATEWAY}")
        assert not enforced.reaches(CLOUD, 443)
    finally:
        thing.ip("addr del 192.168.77.66/24 dev eth0", f"addr add {THING}/24 dev eth0")
        thing.ip(f"route replace default via {GATEWAY}")
    assert enforced.reaches(CLOUD, 443)


def test_what_was_stopped_is_told_and_explained(enforced):
    enforced.reaches(EVIL, 443)

    status = enforced.must_enforce("status")
    told = enforced.must_enforce("explain", f"{THING} > {EVIL}:443 tcp")
    good = enforced.must_enforce("explain", f"{THING} > {CLOUD}:443 tcp")

    assert "Step all" in status
    assert "it sends what no rule allows" in status
    assert "There: stopped." in told
    assert "web lets it pass: reaches cloud.example, TCP port 443" in good


def test_learnt_addresses_survive_a_reload_and_rules_of_others_stay(enforced):
    enforced.asks()
    enforced.load("all", "--confirm-within", "60")
    enforced.must_enforce("confirm")

    listed = enforced.gateway.must(
        "nft", "list", "set", "bridge", "thingwarden", set_name("cloud.example", 4)
    )
    assert CLOUD in listed
    assert enforced.reaches(CLOUD, 443)
    assert ("ip", "others") in enforced.gateway.tables()


def test_a_change_that_nobody_confirms_is_taken_back(enforced):
    enforced.write(policy(RULES[0]))  # the cloud is forbidden now
    enforced.load("all", "--confirm-within", "1.5")
    assert not enforced.reaches(CLOUD, 443)

    came_back = wait_for(lambda: enforced.reaches(CLOUD, 443), seconds=20)

    assert came_back
    assert "Nobody confirmed the change in time." in enforced.must_enforce("status")


@pytest.mark.parametrize("after", [0.1, 0.25, 0.35, 0.45, 0.6])
def test_killed_in_the_middle_the_rules_are_old_or_new_and_the_old_come_back(enforced, after):
    enforced.asks()
    enforced.write(policy(RULES[0]))
    command = ("-m", "thingwarden", "enforce", "--state", enforced.state, "--step", "all")
    tool = enforced.gateway.start(
        sys.executable,
        *command,
        "--policy",
        enforced.folder / "policy",
        "--confirm-within",
        "1.5",
    )
    time.sleep(after)
    kill(tool)

    tables = enforced.gateway.tables()
    stopped = not enforced.reaches(EVIL, 443)
    came_back = wait_for(lambda: enforced.reaches(CLOUD, 443), seconds=20)

    assert {("bridge", "thingwarden"), ("inet", "thingwarden")} <= tables
    assert stopped
    assert came_back


def test_after_a_restart_what_was_confirmed_is_loaded(enforced):
    enforced.gateway.nft("delete table bridge thingwarden\ndelete table inet thingwarden\n")
    assert enforced.enforce("status").returncode == 1

    enforced.must_enforce("resume")

    assert enforced.enforce("status").returncode == 0
    assert not enforced.reaches(EVIL, 443)


def test_off_leaves_nothing_of_ours_and_all_of_others(enforced):
    enforced.must_enforce("off")

    assert enforced.gateway.tables() == {("ip", "others")}
    assert enforced.reaches(EVIL, 443)
