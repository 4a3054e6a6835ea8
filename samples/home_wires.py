"""Network namespaces, a bridge between them, and the programs that run inside."""

import ctypes
import fcntl
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from samples.home_names import PEERS, PREFIX, ROUTER_IP, ROUTER_MAC, THINGS, ULA

MARK = "tw-"  # every namespace that this script makes begins so
SWITCH, ROUTER, INTERNET = "switch", "router", "internet"
SIOCETHTOOL = 0x8946
OFFLOADS = (0x15, 0x17, 0x19, 0x1F, 0x24, 0x2C)  # linux/ethtool.h: RX, TX, SG, TSO, GSO, GRO


def run(*command: str) -> None:
    """Run to the end; a failure stops everything."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr.strip()}")


class Wires:
    """All namespaces and what runs in them; used with `with`, so that nothing stays behind."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: list[subprocess.Popen[bytes]] = []
        self.places = (SWITCH, ROUTER, INTERNET, *(thing.name for thing in THINGS))

    def __enter__(self) -> "Wires":
        for place in self.places:
            run("ip", "netns", "add", MARK + place)
            settings = Path("/etc/netns") / (MARK + place)
            settings.mkdir(parents=True, exist_ok=True)
            (settings / "resolv.conf").write_text(f"nameserver {ROUTER_IP}\n")
        self._lay_home()
        self._lay_internet()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop(self.running)
        for place in self.places:
            subprocess.run(["ip", "netns", "del", MARK + place], check=False)
            shutil.rmtree(Path("/etc/netns") / (MARK + place), ignore_errors=True)

    def start(
        self, place: str, command: Sequence[str], *, says: bytes | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a program in the namespace of `place`; `says` is what it reads."""
        with (self.folder / f"{place}.log").open("ab") as log:
            process = subprocess.Popen(
                ["ip", "netns", "exec", MARK + place, *command],
                stdin=subprocess.DEVNULL if says is None else subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        if process.stdin and says is not None:
            process.stdin.write(says)
            process.stdin.close()
        self.running.append(process)
        return process

    def stop(self, processes: Sequence[subprocess.Popen[bytes]]) -> None:
        """End programs that this object started."""
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + 5
        for process in processes:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()

    def _lay_home(self) -> None:
        inside(SWITCH, "ip", "link", "add", "br0", "type", "bridge")
        inside(SWITCH, "ip", "link", "set", "br0", "type", "bridge", "mcast_snooping", "0")
        inside(SWITCH, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1")
        inside(SWITCH, "ip", "link", "set", "br0", "up")
        self._plug_in(ROUTER, ROUTER_MAC)
        inside(ROUTER, "ip", "address", "add", f"{PREFIX}.1/24", "dev", "eth0")
        inside(ROUTER, "ip", "address", "add", f"{ULA}1/64", "dev", "eth0", "nodad")
        for thing in THINGS:
            self._plug_in(thing.name, thing.mac)

    def _plug_in(self, place: str, mac: str) -> None:
        """A cable from the switch to `place`, where its end is eth0."""
        port = f"p-{place}"
        run(
            *("ip", "link", "add", port, "netns", MARK + SWITCH, "type", "veth"),
            *("peer", "name", "eth0", "netns", MARK + place, "address", mac),
        )
        inside(SWITCH, "ip", "link", "set", port, "master", "br0", "up")
        for end, name in ((SWITCH, port), (place, "eth0")):
            switch_off_offloads(end, name)
        if place in ("phone", "laptop"):
            inside(place, "sysctl", "-qw", "net.ipv6.conf.default.use_tempaddr=2")
            inside(place, "sysctl", "-qw", "net.ipv6.conf.eth0.use_tempaddr=2")
        inside(place, "ip", "link", "set", "lo", "up")
        if place == ROUTER:
            inside(place, "ip", "link", "set", "eth0", "up")

    def _lay_internet(self) -> None:
        run(
            *("ip", "link", "add", "wan0", "netns", MARK + ROUTER, "type", "veth"),
            *("peer", "name", "eth0", "netns", MARK + INTERNET),
        )
        for end, name in ((ROUTER, "wan0"), (INTERNET, "eth0")):
            switch_off_offloads(end, name)
            inside(end, "ip", "link", "set", name, "up")
        inside(INTERNET, "ip", "link", "set", "lo", "up")
        inside(ROUTER, "ip", "address", "add", "100.64.0.2/30", "dev", "wan0")
        inside(INTERNET, "ip", "address", "add", "100.64.0.1/30", "dev", "eth0")
        inside(ROUTER, "ip", "route", "add", "default", "via", "100.64.0.1")
        inside(INTERNET, "ip", "route", "add", "default", "via", "100.64.0.2")
        inside(ROUTER, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        for ip in {"8.8.8.8", *(peer.ip for peer in PEERS)}:
            inside(INTERNET, "ip", "address", "add", f"{ip}/32", "dev", "lo")


def inside(place: str, *command: str) -> None:
    """Run a command in the namespace of `place`, to its end."""
    run("ip", "netns", "exec", MARK + place, *command)


def switch_off_offloads(place: str, interface: str) -> None:
    """Frames as a real cable carries them: at most 1514 bytes, checksums filled in."""
    libc = ctypes.CDLL(None, use_errno=True)
    with (
        Path("/proc/self/ns/net").open() as here,
        Path(f"/run/netns/{MARK}{place}").open() as there,
    ):
        _enter(libc, there.fileno())
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
                for offload in OFFLOADS:
                    _switch_off(control, interface, offload)
        finally:
            _enter(libc, here.fileno())


def _enter(libc: ctypes.CDLL, namespace: int) -> None:
    if libc.setns(namespace, 0):
        raise OSError(ctypes.get_errno(), "setns failed: this must run as root")


def _switch_off(control: socket.socket, interface: str, offload: int) -> None:
    """ETHTOOL_S...: a command number and a value, through struct ifreq."""
    value = ctypes.create_string_buffer(struct.pack("II", offload, 0))
    request = struct.pack("16sP", interface.encode(), ctypes.addressof(value))
    try:
        fcntl.ioctl(control, SIOCETHTOOL, request)
    except OSError:
        return  # a kernel that does not know one of them does not use it
