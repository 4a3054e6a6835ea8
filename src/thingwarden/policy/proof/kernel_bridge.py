"""A network namespace -> a bridge in it that forwards whatever a bridge forwards, and rules loaded there.

Nothing that the bridge learns decides: it learns no addresses, asks for no groups, and floods.
"""

import ctypes
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from thingwarden.policy.proof.kernel_bursts import Wire

CLONE_NEWNET = 0x40000000
"""For unshare(2), which Python has under a name of its own only since 3.12."""

MOST_MTU = 65535
TRIES, TRY_MS = 100, 50
"""A port forwards some tenths of a second after it was made."""

BRIDGE = (
    "link add br0 address 0a:ed:0f:0b:0a:01 mtu {mtu} type bridge"
    " stp_state 0 forward_delay 0 mcast_snooping 0 ageing_time 0",
    "link add near mtu {mtu} type veth peer name in mtu {mtu}",
    "link add far mtu {mtu} type veth peer name out mtu {mtu}",
    "link set in master br0",
    "link set out master br0",
    "link set in type bridge_slave learning off flood on mcast_flood on",
    "link set out type bridge_slave learning off flood on mcast_flood on",
    *(f"link set {name} addrgenmode none up" for name in ("br0", "in", "out", "near", "far")),
)

QUIET = (
    ("net/ipv6/conf/all/disable_ipv6", "1"),
    ("net/ipv6/conf/default/disable_ipv6", "1"),
    ("net/bridge/bridge-nf-call-iptables", "0"),
    ("net/bridge/bridge-nf-call-ip6tables", "0"),
    ("net/bridge/bridge-nf-call-arptables", "0"),
)
"""What else would send frames of its own, or look at ours; not every kernel has each."""

LIST = "list counters bridge\n"
JSON_OUTPUT = 1 << 4
"""`NFT_CTX_OUTPUT_JSON` of libnftables(3)."""


def leave_network() -> None:
    """Goes on in a new network namespace; what is open stays where it was. Raises `OSError`."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "a second network namespace is not allowed")


def build_wire() -> Wire:
    """A bridge in the network namespace of now, and its two ends; raises `OSError` with a sentence."""
    for name, value in QUIET:
        path = Path("/proc/sys", name)
        if path.exists():
            path.write_text(value)
    code, _, error = _run("ip", "-batch", "-", given="\n".join(BRIDGE).format(mtu=MOST_MTU))
    if code:
        raise OSError(f"no bridge can be made here: {_first_line(error)}")
    wire = Wire("near", "far")
    if not any(wire.reaches(TRY_MS) for _ in range(TRIES)):
        raise OSError("a bridge in a namespace forwards nothing, or hands over no marks")
    return wire


class Rules:
    """What speaks to nftables in the network namespace of now: its library, or else its program."""

    def __init__(self) -> None:
        """Raises `OSError` where there is neither."""
        self._run: Callable[[str], tuple[int, str, str]] = _library() or _program()

    def change(self, text: str) -> None:
        """Does what a file of nftables says, all or nothing; raises `ValueError` with nft's words."""
        code, _, error = self._run(text)
        if code:
            raise ValueError(_first_line(error))

    def counters(self) -> dict[str, int]:
        """Packets of each counter of the family `bridge`, by its name."""
        code, said, error = self._run(LIST)
        if code:
            raise ValueError(_first_line(error))
        listed: dict[str, Any] = json.loads(said)
        found = (item["counter"] for item in listed["nftables"] if "counter" in item)
        return {one["name"]: one["packets"] for one in found}


def _library() -> Callable[[str], tuple[int, str, str]] | None:
    try:
        library = ctypes.CDLL("libnftables.so.1")
    except OSError:
        return None
    library.nft_ctx_new.restype = ctypes.c_void_p
    library.nft_ctx_get_output_buffer.restype = ctypes.c_char_p
    library.nft_ctx_get_error_buffer.restype = ctypes.c_char_p
    context = ctypes.c_void_p(library.nft_ctx_new(0))
    library.nft_ctx_buffer_output(context)
    library.nft_ctx_buffer_error(context)
    library.nft_ctx_output_set_flags(context, JSON_OUTPUT)

    def run(text: str) -> tuple[int, str, str]:
        code = library.nft_run_cmd_from_buffer(context, text.encode())
        said = library.nft_ctx_get_output_buffer(context).decode()
        return code, said, library.nft_ctx_get_error_buffer(context).decode()

    return run


def _program() -> Callable[[str], tuple[int, str, str]]:
    _run("nft", "--version")

    def run(text: str) -> tuple[int, str, str]:
        if text == LIST:
            return _run("nft", "-j", *text.split())
        return _run("nft", "-f", "-", given=text)

    return run


def _run(*command: str, given: str = "") -> tuple[int, str, str]:
    """Exit code, output and errors of a program; raises `OSError` where it is missing."""
    try:
        done = subprocess.run(  # noqa: S603  # our own words
            command, input=given, text=True, capture_output=True, check=False
        )
    except FileNotFoundError as error:
        raise OSError(f"the program `{command[0]}` is missing") from error
    return done.returncode, done.stdout, done.stderr


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "no reason given")
