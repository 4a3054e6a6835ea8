"""Real programs in network namespaces -> `samples/home.pcap`: see `samples/README.md`.

    sudo python3 -m samples.make_home [FILE] [--pace 1]

`--pace 0.1` makes everything ten times faster, to try a change; the capture in the repository was
made at 1, so that its clock is the clock of the wall.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from samples.home_names import OTHER_RESOLVER, PEERS, PREFIX, ROUTER_IP, THINGS, ULA, Peer, Thing
from samples.home_story import LAST_SECOND, tell
from samples.home_wires import INTERNET, ROUTER, SWITCH, Wires, run

PYTHON = ("python3", "-m", "samples.home_services")

LOGIN = """#!/bin/sh
tries=0
while [ $tries -lt 3 ]; do
  printf 'recorder login: '; read -r user
  stty -echo; printf 'Password: '; read -r password; stty echo; echo
  if [ "$user" = admin ] && [ "$password" = not-a-real-one ]; then
    echo; echo 'BusyBox v1.10.3 built-in shell (ash)'; printf '# '
    while read -r command && [ "$command" != exit ]; do echo "$command: done"; printf '# '; done
    exit 0
  fi
  echo 'Login incorrect'; tries=$((tries + 1))
done
"""

LEASED = """#!/bin/sh
[ "$1" = bound ] || exit 0
ip address replace "$ip/24" dev "$interface"
ip route replace default via "$router"
"""

BROKER = """user root
log_dest none
listener 1883 0.0.0.0
allow_anonymous true
"""


def main() -> None:
    """Lay the wires, tell the story, keep the capture."""
    parser = argparse.ArgumentParser(description="Make the sample capture anew.")
    parser.add_argument("file", nargs="?", type=Path, default=Path(__file__).parent / "home.pcap")
    parser.add_argument("--pace", type=float, default=1.0, help="0.1: ten times faster")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="home-") as name, Wires(Path(name)) as wires:
        folder = Path(name)
        make_certificates(folder)
        write_settings(folder)
        start_internet(wires, folder)
        with capturing(wires, chosen.file):
            start_router(wires)
            play(wires, folder, pace=chosen.pace)


@contextmanager
def capturing(wires: Wires, file: Path) -> Iterator[None]:
    """Every frame that passes the switch goes to `file`."""
    tape = wires.start(SWITCH, ["tcpdump", "-Z", "root", "-ni", "br0", "-s0", "-Uw", str(file)])
    time.sleep(1)
    yield
    wires.stop([tape])


def play(wires: Wires, folder: Path, *, pace: float) -> None:
    """Start every step of the story when it is due; things that ended stay ended."""
    began = time.monotonic()
    for step in tell(folder):
        time.sleep(max(0.0, began + step.at * pace - time.monotonic()))
        wires.start(step.thing, step.command, says=step.says)
    time.sleep(max(0.0, began + LAST_SECOND * pace - time.monotonic()))


def start_internet(wires: Wires, folder: Path) -> None:
    """Web servers, two brokers, a resolver and a clock."""
    wires.start(INTERNET, [*PYTHON, "cloud", str(folder)])
    wires.start(INTERNET, ["mosquitto", "-c", str(folder / "internet-broker.conf")])
    wires.start(INTERNET, resolver(OTHER_RESOLVER))
    # without the right to set the clock: the machine's own stays as it is
    clock = ["setpriv", "--bounding-set=-sys_time", "ntpd", "-n", "-c", str(folder / "ntp.conf")]
    wires.start(INTERNET, clock)


def start_router(wires: Wires) -> None:
    """DHCP, DNS and router advertisements; and a UPnP gateway."""
    leases = (f"--dhcp-host={thing.mac},{thing.ip},{thing.name}" for thing in THINGS)
    wires.start(
        ROUTER,
        [
            *resolver(ROUTER_IP),
            "--domain=home.arpa",
            f"--dhcp-range={PREFIX}.100,{PREFIX}.150,12h",
            f"--dhcp-range={ULA},ra-only,64,12h",
            "--enable-ra",
            "--dhcp-leasefile=/dev/null",
            "--dhcp-authoritative",
            *leases,
        ],
    )
    wires.start(ROUTER, [*PYTHON, "igd"])


def resolver(ip: str) -> list[str]:
    """A dnsmasq that knows the names of the invented Internet, and no others."""
    records = (f"--host-record={peer.name},{peer.ip}" for peer in PEERS)
    aliases = (f"--cname={peer.alias},{peer.name}" for peer in PEERS if peer.alias)
    alone = ("--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts")
    mine = ("--user=root", "--pid-file=", "--bind-interfaces", f"--listen-address={ip}")
    return ["dnsmasq", *alone, *mine, "--local-ttl=300", "--address=/#/", *records, *aliases]


def make_certificates(folder: Path) -> None:
    """An authority of our own, and a certificate for every name that speaks TLS."""
    run(
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
        *("-nodes", "-days", "3650", "-subj", "/O=Invented Trust/CN=Invented Root"),
        *("-keyout", str(folder / "ca.key"), "-out", str(folder / "ca.pem")),
    )
    for peer in PEERS:
        if peer.tls or "hubmaker" in peer.name:
            make_certificate(peer, folder)


def make_certificate(peer: Peer, folder: Path) -> None:
    """`NAME.pem`: key and certificate, signed by the authority unless by itself."""
    key, signed = folder / f"{peer.name}.key", folder / f"{peer.name}.pem"
    names = ",".join(f"DNS:{name}" for name in (peer.name, peer.alias) if name)
    signer = () if peer.self_signed else ("-CA", "ca.pem", "-CAkey", "ca.key")
    kind = ("rsa:2048",) if peer.self_signed else ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    run(
        *("openssl", "req", "-x509", "-newkey", *kind, "-nodes", "-days", "397"),
        *("-subj", f"/CN={peer.name}", "-addext", f"subjectAltName={names}"),
        *(str(folder / word) if word.startswith("ca.") else word for word in signer),
        *("-keyout", str(key), "-out", str(signed)),
    )
    signed.write_bytes(signed.read_bytes() + key.read_bytes())


def write_settings(folder: Path) -> None:
    """What the programs of the story read."""
    bridge = folder / "bridge.hubmaker.example.pem"
    protected = f"listener 8883 0.0.0.0\ncertfile {bridge}\nkeyfile {bridge}\n"
    (folder / "hub-broker.conf").write_text(BROKER)
    (folder / "internet-broker.conf").write_text(BROKER + protected)
    (folder / "ntp.conf").write_text("tos orphan 3\ndisable ntp\nrestrict default nomodify\n")
    for name, text in (("login", LOGIN), ("leased", LEASED)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    for thing in THINGS:
        write_announcement(thing, folder)


def write_announcement(thing: Thing, folder: Path) -> None:
    """Settings of avahi for one thing, and the one service that it has."""
    kind, port = thing.service
    own = folder / f"avahi-{thing.name}"
    own.mkdir()
    texts = "".join(f"<txt-record>{text}</txt-record>" for text in thing.texts)
    service = f"<type>{kind}</type><port>{port}</port>{texts}"
    group = f"<service-group><name>Invented {thing.name}</name><service>{service}</service></service-group>"
    if port:
        (own / f"{thing.name}.service").write_text(group)
    (folder / f"avahi-{thing.name}.conf").write_text(
        f"[server]\nhost-name={thing.name}\nenable-dbus=no\nallow-interfaces=eth0\n"
        "use-ipv6=yes\n[publish]\npublish-hinfo=no\npublish-workstation=no\n"
    )


if __name__ == "__main__":
    main()
