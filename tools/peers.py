"""Programs that do comparable work: how to get each, and how to run it."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

NFSTREAM = "nfstream==6.5.4"

NFSTREAM_RUN = """
import sys
from nfstream import NFStreamer

if __name__ == "__main__":
    streamer = NFStreamer(source=sys.argv[1], n_dissections=20, statistical_analysis=False)
    streamer.to_csv(path=sys.argv[2])
"""

TSHARK_FIELDS = [
    "frame.number",
    "frame.time_epoch",
    "frame.len",
    "eth.src",
    "eth.dst",
    "vlan.id",
    "ip.src",
    "ip.dst",
    "ipv6.src",
    "ipv6.dst",
    "ip.proto",
    "tcp.stream",
    "tcp.srcport",
    "tcp.dstport",
    "tcp.flags",
    "tcp.seq_raw",
    "tcp.len",
    "tcp.analysis.retransmission",
    "udp.srcport",
    "udp.dstport",
    "communityid",
    "arp.opcode",
    "arp.src.proto_ipv4",
    "arp.dst.proto_ipv4",
    "icmp.type",
    "icmp.code",
    "icmpv6.type",
    "icmpv6.code",
    "icmpv6.nd.ns.target_address",
    "dhcp.option.dhcp",
    "dhcp.option.hostname",
    "dhcp.option.vendor_class_id",
    "dhcp.option.request_list_item",
    "dhcp.ip.your",
    "dhcp.option.domain_name_server",
    "dhcpv6.msgtype",
    "dhcpv6.duid.bytes",
    "dns.flags.response",
    "dns.flags.rcode",
    "dns.qry.name",
    "dns.qry.type",
    "dns.resp.name",
    "dns.resp.type",
    "dns.a",
    "dns.aaaa",
    "dns.cname",
    "dns.ptr.domain_name",
    "dns.srv.target",
    "dns.txt",
    "tls.record.version",
    "tls.handshake.type",
    "tls.handshake.version",
    "tls.handshake.ciphersuite",
    "tls.handshake.extension.type",
    "tls.handshake.extensions_server_name",
    "tls.handshake.extensions_alpn_str",
    "tls.handshake.extensions.supported_version",
    "tls.handshake.ja3",
    "x509ce.dNSName",
    "x509sat.uTF8String",
    "x509af.utcTime",
    "x509af.serialNumber",
    "tls.alert_message.desc",
    "quic.version",
    "quic.packet_number",
    "http.request.method",
    "http.host",
    "http.request.uri",
    "http.user_agent",
    "http.server",
    "http.response.code",
    "http.authorization",
    "mqtt.msgtype",
    "mqtt.clientid",
    "mqtt.conflag.uname",
    "mqtt.conflag.passwd",
    "mqtt.topic",
    "mqtt.ver",
    "coap.code",
    "coap.opt.uri_path",
    "ntp.flags.mode",
    "ntp.stratum",
    "ssh.protocol",
    "telnet.cmd",
    "ftp.request.command",
    "ftp.response.code",
    "rtsp.method",
    "rtsp.status",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Another program on this machine."""

    name: str
    version: str
    command: Callable[[Path, Path], list[str]]
    """From a capture and a folder for output to a command."""
    bar: float | None
    """How many times our CPU time it should need at least; None: not asked for."""
    does: str
    """What it was told to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A program that could not be had, and why."""

    name: str
    reason: str


def find_peers(folder: Path) -> list[Peer | Missing]:
    """Every peer that there is on this machine; nfstream is installed into `folder`."""
    return [nfstream(folder), tshark(), ndpi_reader(), zeek()]


def nfstream(folder: Path) -> Peer | Missing:
    """From PyPI, in a virtual environment of its own."""
    python = folder / "nfstream/bin/python"
    script = folder / "nfstream_run.py"
    try:
        if not python.exists():
            run(sys.executable, "-m", "venv", str(folder / "nfstream"))
        run(str(python), "-m", "pip", "install", "-q", NFSTREAM)
    except subprocess.CalledProcessError as error:
        return Missing(name="nfstream", reason=f"pip could not install it: {last_line(error)}")
    script.write_text(NFSTREAM_RUN)
    return Peer(
        name="nfstream",
        version=NFSTREAM.partition("==")[2],
        command=lambda capture, out: [
            *(str(python), str(script), str(capture), str(out / "nfstream.csv"))
        ],
        bar=10,
        does="flows with 20 dissections, no statistical analysis, to CSV",
    )


def tshark() -> Peer | Missing:
    """From Debian; only fields that this version knows."""
    if not shutil.which("tshark"):
        return Missing(name="tshark", reason="not installed (apt-get install tshark)")
    known = set(run("tshark", "-G", "fields").split("\t"))
    fields = [word for field in TSHARK_FIELDS if field in known for word in ("-e", field)]
    return Peer(
        name="tshark",
        version=run("tshark", "--version").split()[2],
        command=lambda capture, _: ["tshark", "-n", "-r", str(capture), "-T", "fields", *fields],
        bar=20,
        does=f"{len(fields) // 2} fields of all protocols that the tables have, to text",
    )


def ndpi_reader() -> Peer | Missing:
    """From Debian."""
    if not shutil.which("ndpiReader"):
        return Missing(name="ndpiReader", reason="not installed (apt-get install libndpi-bin)")
    return Peer(
        name="ndpiReader",
        version=run("ndpiReader", "-h", check=False).partition("nDPI ")[2].split("\n")[0].strip(),
        command=lambda capture, _: ["ndpiReader", "-q", "-i", str(capture)],
        bar=1,
        does="flows and protocols, -q: a summary only, nothing written",
    )


def zeek() -> Peer | Missing:
    """Where it is there already: Debian has none."""
    if not shutil.which("zeek"):
        return Missing(name="zeek", reason="not installed, and Debian does not have it")
    return Peer(
        name="zeek",
        version=run("zeek", "--version").split()[-1],
        command=lambda capture, out: [
            "zeek",
            "-C",
            "-r",
            str(capture),
            f"Log::default_logdir={out}",
        ],
        bar=None,
        does="its default scripts, to logs",
    )


def run(*command: str, check: bool = True) -> str:
    """What a command prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=check)
    return done.stdout


def last_line(error: subprocess.CalledProcessError) -> str:
    """The last words of a command that failed."""
    return (error.stderr or "").strip().rpartition("\n")[2]
