"""The small programs of the sample home, for which no packaged software fits.

python3 -m samples.home_services page TITLE          web page with a login form, port 80
python3 -m samples.home_services cloud FOLDER        all web servers of the Internet
python3 -m samples.home_services igd                 a router that opens ports by UPnP
python3 -m samples.home_services ssdp IP TYPE SERVER announces a UPnP device
python3 -m samples.home_services search TARGET       looks for UPnP devices
python3 -m samples.home_services telnet LOGIN        hands each caller to telnetd
"""

import http.server
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import parse_qs

from samples.home_names import PEERS, Peer

GROUP = ("239.255.255.250", 1900)
FORM = """<html><head><title>{title}</title></head><body><h1>{title}</h1>
<form method="post" action="/login"><input name="user"><input name="password" type="password">
<input type="submit" value="Log in"></form></body></html>"""
STATE = "<html><head><title>{title}</title></head><body><h1>{title}</h1>Playing.</body></html>"
SOAP = """<?xml version="1.0"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<u:AddPortMappingResponse xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:1"/>
</s:Body></s:Envelope>"""
DESCRIPTION = """<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><device>
<deviceType>urn:schemas-upnp-org:device:MediaRenderer:1</deviceType>
<friendlyName>Living room</friendlyName><manufacturer>Invented Audio</manufacturer>
<modelName>Speaker One</modelName><modelNumber>S1</modelNumber>
<UDN>uuid:5ea4e7a0-0000-1000-8000-542a1b779012</UDN></device></root>"""


class Web(http.server.BaseHTTPRequestHandler):
    """What every server here has in common."""

    protocol_version = "HTTP/1.1"
    server_version = "lighttpd/1.4.35"
    sys_version = ""

    def reply(self, body: bytes, *, kind: str = "text/html", status: int = 200) -> None:
        """Send an answer with its length."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self) -> bytes:
        """What the client sent."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class Page(Web):
    """A device's page: a login form, a picture of its state, a UPnP description."""

    title = ""
    text = FORM

    def do_GET(self) -> None:
        """The form, or the description."""
        if self.path == "/description.xml":
            self.reply(DESCRIPTION.encode(), kind="text/xml")
            return
        self.reply(self.text.format(title=self.title).encode())

    def do_POST(self) -> None:
        """One user and one password are right."""
        fields = parse_qs(self.body().decode())
        right = fields.get("password") == ["not-a-real-one"]
        self.reply(b"welcome" if right else b"wrong", status=200 if right else 403)


class Router(Web):
    """The control address of an Internet gateway device."""

    server_version = "MiniUPnPd/2.1"

    def do_POST(self) -> None:
        """Every port is opened."""
        self.body()
        self.reply(SOAP.encode(), kind="text/xml")


class Cloud(Web):
    """A host on the Internet: as many bytes as the path says, and takes all that it gets."""

    server_version = "nginx"

    def do_GET(self) -> None:
        """`/20000/anything` gives 20000 bytes."""
        first = self.path.split("/")[1]
        size = int(first) if first.isdigit() else 12_000
        self.reply(bytes(i * 167 % 251 for i in range(size)), kind="application/octet-stream")

    def do_POST(self) -> None:
        """Thank you."""
        self.body()
        self.reply(b"ok", kind="text/plain")


def serve(ip: str, port: int, pages: type[Web], context: ssl.SSLContext | None = None) -> None:
    """Answer for ever in a thread of its own."""
    server = http.server.ThreadingHTTPServer((ip, port), pages)
    if context:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    threading.Thread(target=server.serve_forever).start()


def serve_cloud(folder: Path) -> None:
    """TLS where the list says so, and plain HTTP on every address but the recorder's cloud."""
    for peer in PEERS:
        if peer.tls:
            serve(peer.ip, 443, Cloud, peer_context(peer, folder))
        if "p2p" not in peer.name:
            serve(peer.ip, 80, Cloud)


def peer_context(peer: Peer, folder: Path) -> ssl.SSLContext:
    """One version only; TLS 1.0 needs the lowest security level of OpenSSL 3."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if peer.tls == ssl.TLSVersion.TLSv1:
        context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = peer.tls or ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(folder / f"{peer.name}.pem")
    return context


def announce(ip: str, kind: str, server: str) -> None:
    """Say ssdp:alive for the root device and for its kind, every five minutes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(ip))
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 4)
        while True:
            for target in ("upnp:rootdevice", f"urn:schemas-upnp-org:device:{kind}:1"):
                sender.sendto(alive(ip, target, server), GROUP)
            time.sleep(300)


def alive(ip: str, target: str, server: str) -> bytes:
    """One NOTIFY (UPnP Device Architecture 1.1 section 1.2.2)."""
    lines = (
        "NOTIFY * HTTP/1.1",
        "HOST: 239.255.255.250:1900",
        "CACHE-CONTROL: max-age=1800",
        f"LOCATION: http://{ip}/description.xml",
        f"NT: {target}",
        "NTS: ssdp:alive",
        f"SERVER: {server}",
        f"USN: uuid:5ea4e7a0-0000-1000-8000-542a1b779012::{target}",
    )
    return "\r\n".join((*lines, "", "")).encode()


def search(target: str) -> None:
    """One M-SEARCH."""
    lines = (
        "M-SEARCH * HTTP/1.1",
        "HOST: 239.255.255.250:1900",
        'MAN: "ssdp:discover"',
        "MX: 2",
        f"ST: {target}",
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto("\r\n".join((*lines, "", "")).encode(), GROUP)


def answer_telnet(login: str) -> None:
    """What inetd would do: the connection becomes standard input and output of telnetd."""
    with socket.create_server(("", 23)) as server:
        while True:
            caller, _ = server.accept()
            with caller:
                subprocess.Popen(
                    ["telnetd", "-h", "-E", login], stdin=caller.fileno(), stdout=caller.fileno()
                )


def main(job: str, *words: str) -> None:
    """Do one job for ever."""
    if job in ("page", "state"):
        Page.title, Page.text = words[0], FORM if job == "page" else STATE
        serve("0.0.0.0", 80, Page)
    elif job == "cloud":
        serve_cloud(Path(words[0]))
    elif job == "igd":
        serve("0.0.0.0", 5000, Router)
    elif job == "ssdp":
        announce(*words)
    elif job == "search":
        search(words[0])
    elif job == "telnet":
        answer_telnet(words[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
