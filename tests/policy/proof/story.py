"""A small capture of one device: it asks for a name, reaches it, and is let down by others."""

from tests import frames, messages
from tests.rule_sets import DNS, GATEWAY_MAC, UDP, PeerKind, device, mac_of, name, peer, rule, site

MAC, IP = mac_of(1), "10.0.0.1"
RESOLVER, CLOUD, ELSEWHERE = "192.168.1.1", "198.51.100.7", "203.0.113.9"
START_US = 1_700_000_000_000_000

RULES = (
    rule("dns", peer(PeerKind.CONTROLLER, DNS), UDP, 53),
    rule("web", name("a.example")),
    rule("idle", name("*.b.example"), UDP, 123),
)
POLICY = site([device(1, RULES, addresses=(IP,))])


def _kind(address):
    return 0x86DD if ":" in address else 0x0800


def out(packet, protocol=6, *, to=CLOUD, by=IP, mac=MAC):
    """A frame from the device."""
    return frames.ethernet(mac, GATEWAY_MAC, frames.ip(by, to, packet, protocol), _kind(to))


def back(packet, protocol=6, *, by=CLOUD, to=IP, sender=GATEWAY_MAC):
    """A frame to the device."""
    return frames.ethernet(sender, MAC, frames.ip(by, to, packet, protocol), _kind(to))


def begins(to=CLOUD, port=443, *, by=IP, mac=MAC):
    """The first segment of a connection."""
    return out(frames.tcp((by, to), (50000, port), frames.SYN), to=to, by=by, mac=mac)


def answers(by=CLOUD, port=443, *, flags=frames.SYN | frames.ACK):
    """What comes back."""
    return back(frames.tcp((by, IP), (port, 50000), flags), by=by)


def told(name="a.example", addresses=(CLOUD,), *, by=RESOLVER, sender=GATEWAY_MAC):
    """A resolver's answer."""
    message = messages.dns_answer(name, addresses)
    return back(frames.udp(by, IP, 53, 40000, message), UDP, by=by, sender=sender)


def write(path, sent, *, step_us=1_000_000):
    """A capture of these frames, one a second."""
    records = (
        frames.pcap_record(START_US + number * step_us, frame) for number, frame in enumerate(sent)
    )
    path.write_bytes(frames.pcap_header() + b"".join(records))
    return path


STORY = (
    begins(),  # 1: nobody has told the address yet
    told(),
    begins(),
    answers(),
    begins(ELSEWHERE),  # 5: not allowed
    begins(by="10.9.9.9"),  # 6: not its address
    frames.ethernet("02:09:09:09:09:09", GATEWAY_MAC, b"x" * 46, 0x88B5),  # 7: of nobody here
)
