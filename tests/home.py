"""A simulated home: say what happens, get the capture that a mirror port in it would write.

    home = Home()
    camera = home.device("camera")
    camera.joins_by_dhcp()
    camera.connects("203.0.113.9", 23).answers(b"login: ")
    home.write(tmp_path / "home.pcap")

Every verb sends its frames at once, a millisecond apart, and gives the number of the first; only
`waits` lets time pass. Addresses outside 192.168.1.0/24 are reached through the router.
"""

import ssl
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests import frames, messages
from tests.streams import Stream
from tests.tls_bytes import Flight, make_certificate, old_hellos, shake_hands

START_US = 1_767_225_600_000_000  # 2026-01-01 00:00:00 UTC
STEP_US = 1_000
NETWORK = "192.168.1."
NOBODY = "00:00:00:00:00:00"
IPV4, IPV6, ARP = 0x0800, 0x86DD, 0x0806


@dataclass
class Place:
    """A pair of addresses; a router's hardware address stands for the whole Internet."""

    mac: str
    ip: str


class Home:
    """The network, its router and its clock."""

    def __init__(self) -> None:
        self.now_us = START_US
        self.records: list[tuple[int, bytes]] = []
        self.router = Place("02:00:5e:00:00:01", f"{NETWORK}1")
        self.devices: dict[str, Device] = {}
        self.next_port = 40000

    def device(self, name: str, *, ip: str = "", mac: str = "") -> "Device":
        """The device of that name; addresses are chosen when it is first named."""
        number = len(self.devices) + 10
        if name not in self.devices:
            chosen = mac or f"00:17:88:00:00:{number:02x}"
            self.devices[name] = Device(chosen, ip or f"{NETWORK}{number}", name=name, home=self)
        return self.devices[name]

    def waits(self, seconds: float) -> None:
        """Let time pass."""
        self.now_us += round(seconds * 1_000_000)

    def place(self, whom: "Place | str") -> Place:
        """An address as a place: in the home's network a neighbour, else behind the router."""
        if isinstance(whom, Place):
            return whom
        if whom == self.router.ip:
            return self.router
        inside = [device for device in self.devices.values() if device.ip == whom]
        if inside:
            return inside[0]
        if whom.startswith(NETWORK):
            return Place(f"00:17:88:00:01:{int(whom.rsplit('.', 1)[1]):02x}", whom)
        return Place(self.router.mac, whom)

    def carries(self, src: Place, dst: Place, packet: bytes) -> int:
        """Send an IP packet between two places."""
        kind = IPV6 if packet[0] >> 4 == 6 else IPV4
        return self.sends(frames.ethernet(src.mac, dst.mac, packet, kind))

    def sends(self, frame: bytes) -> int:
        """Put any frame on the wire; gives its number, from 1."""
        self.records.append((self.now_us, frame))
        self.now_us += STEP_US
        return len(self.records)

    def datagram(self, src: Place, dst: Place, ports: tuple[int, int], payload: bytes) -> int:
        """Send a UDP datagram; `ports` are source and destination."""
        body = frames.udp(src.ip, dst.ip, *ports, payload)
        return self.carries(src, dst, frames.ip(src.ip, dst.ip, body, 17))

    def router_advertises(self, *, dns: Sequence[str] = (), prefix: str = "2001:db8:1::") -> int:
        """A router advertisement to all nodes, with resolvers if there are any."""
        src, group = "fe80::1", "ff02::1"
        rest = messages.router_advertisement(self.router.mac, prefix, dns)
        packet = frames.ip(src, group, frames.icmpv6(src, group, 134, 0, rest), 58, ttl=255)
        return self.carries(self.router, Place(frames.group_mac(group), group), packet)

    def fresh_port(self) -> int:
        """A client port that nobody used for long."""
        self.next_port = 40000 + (self.next_port - 39999) % 25000
        return self.next_port

    def capture(self) -> bytes:
        """The whole capture as a pcap file."""
        records = (frames.pcap_record(time_us, frame) for time_us, frame in self.records)
        return frames.pcap_header() + b"".join(records)

    def write(self, path: Path) -> Path:
        """Write the capture to `path`."""
        path.write_bytes(self.capture())
        return path


@dataclass
class Device(Place):
    """One thing in the home, and the verbs that it knows."""

    name: str = ""
    home: Home = field(default_factory=Home, repr=False)

    def at(self, ip: str) -> "Device":
        """The same device under another of its addresses."""
        return replace(self, ip=ip)

    def joins_by_dhcp(
        self, *, vendor_class: str = "", dns: Sequence[str] = (), hostname: str | None = None
    ) -> int:
        """The four messages of DHCP and an ARP announcement; `dns` is the router if not told."""
        router = self.home.router
        wants = {12: (hostname or self.name).encode(), 55: bytes((1, 3, 6))}
        if vendor_class:
            wants[60] = vendor_class.encode()
        gives = {
            54: frames.ip_bytes(router.ip),
            51: (86400).to_bytes(4, "big"),
            1: frames.ip_bytes("255.255.255.0"),
            3: frames.ip_bytes(router.ip),
            6: b"".join(map(frames.ip_bytes, dns or (router.ip,))),
        }
        first = self._dhcp_asks(1, wants)
        self._dhcp_answers(2, gives)
        self._dhcp_asks(3, {50: frames.ip_bytes(self.ip), 54: gives[54], **wants})
        self._dhcp_answers(5, gives)
        self.looks_for([self.ip])
        return first

    def looks_for(self, ips: Iterable[str]) -> int:
        """ARP requests for addresses; for its own it is an announcement."""
        numbers = []
        for ip in ips:
            question = frames.arp(1, (self.mac, self.ip), (NOBODY, ip))
            numbers.append(
                self.home.sends(frames.ethernet(self.mac, frames.BROADCAST, question, ARP))
            )
        return numbers[0]

    def asks(
        self, name: str, answer: str | None = None, *, resolver: str = "", rcode: int = 0
    ) -> int:
        """A DNS question; it is answered with an address, or an `rcode`, or not at all."""
        server = self.home.place(resolver or self.home.router.ip)
        port = self.home.fresh_port()
        question = messages.dns_question(name, identifier=port)
        first = self.home.datagram(self, server, (port, 53), question)
        if answer or rcode:
            reply = messages.dns_answer(
                name, [answer] if answer else [], identifier=port, rcode=rcode
            )
            self.home.datagram(server, self, (53, port), reply)
        return first

    def connects(self, to: Place | str, port: int) -> Stream:
        """A TCP connection whose handshake is done."""
        return self._stream(to, port).opens()

    def knocks(self, to: Place | str, port: int, *, refused: bool = False) -> int:
        """A SYN that gets no answer, or a reset."""
        stream = self._stream(to, port)
        first = stream.knocks()
        if refused:
            stream.refuses()
        return first

    def sweeps(self, ips: Iterable[str], ports: Iterable[int], *, refused: bool = False) -> int:
        """Knocks on all ports of all addresses."""
        listed = list(ports)
        knocks = [self.knocks(ip, port, refused=refused) for ip in ips for port in listed]
        return knocks[0]

    def retries(
        self, to: Place | str, port: int, *, times: int, every_seconds: float, refused: bool = True
    ) -> int:
        """Knocks on one door again and again."""
        first = len(self.home.records) + 1
        for _ in range(times):
            self.knocks(to, port, refused=refused)
            self.home.waits(every_seconds)
        return first

    def requests(
        self,
        to: Place | str,
        request: str = "GET / HTTP/1.1",
        headers: Mapping[str, str] | None = None,
        *,
        body: bytes = b"",
        answer: str = "200 OK",
        answer_headers: Mapping[str, str] | None = None,
        answer_body: bytes = b"",
        port: int = 80,
    ) -> int:
        """One HTTP request and its answer; gives the frame of the request."""
        stream = self.connects(to, port)
        asked = stream.asks(messages.http_message(request, headers or {"Host": "a.example"}, body))
        about = {"Content-Length": "0"} if not answer_body else {}
        about |= answer_headers or {}
        stream.answers(messages.http_message(f"HTTP/1.1 {answer}", about, answer_body))
        stream.closes()
        return asked

    def logs_in_by_telnet(self, to: Place | str, *, user: str = "root") -> Stream:
        """Option negotiation, user name and password, and a prompt."""
        stream = self.connects(to, 23)
        stream.answers(b"\xff\xfd\x18\xff\xfd\x20\xff\xfb\x01")
        stream.asks(b"\xff\xfc\x18\xff\xfc\x20\xff\xfd\x01")
        for prompt, typed in (("login: ", user), ("Password: ", "not-kept")):
            stream.answers(prompt.encode())
            stream.asks(f"{typed}\r\n".encode())
        stream.answers(b"\r\nBusyBox v1.20.2 built-in shell (ash)\r\n# ")
        return stream

    def speaks_mqtt(
        self, to: Place | str, *, topics: Sequence[str] = (), password: str = "", port: int = 1883
    ) -> int:
        """CONNECT, CONNACK and messages in the clear; gives the frame of CONNECT."""
        stream = self.connects(to, port)
        user = "user" if password else ""
        hello = messages.mqtt_connect(self.name, user=user, password=password)
        first = stream.asks(hello)
        stream.answers(messages.mqtt_accepted())
        for topic in topics:
            stream.asks(messages.mqtt_publish(topic))
        return first

    def speaks_tls(
        self,
        to: Place | str,
        sni: str | None,
        *,
        certificate: bytes = b"",
        version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2,
        port: int = 443,
    ) -> int:
        """A real TLS connection; gives the frame of the client hello."""
        shown = certificate or make_certificate((sni or "unnamed.example",))
        return self.plays(to, shake_hands(sni, shown, version=version), port=port)

    def speaks_old_tls(
        self, to: Place | str, sni: str, *, version: int = 0x0301, cipher: int = 0x002F
    ) -> int:
        """TLS as OpenSSL no longer speaks it; gives the frame of the client hello."""
        return self.plays(to, old_hellos(sni, version=version, cipher=cipher))

    def plays(self, to: Place | str, flights: Iterable[Flight], *, port: int = 443) -> int:
        """Flights of a connection from its handshake to its end."""
        stream = self.connects(to, port)
        first = stream.plays(flights)
        stream.closes()
        return first

    def sets_its_clock(self, server: str) -> int:
        """An NTP question and its answer."""
        place = self.home.place(server)
        port = self.home.fresh_port()
        first = self.home.datagram(self, place, (port, 123), messages.ntp(3))
        self.home.datagram(place, self, (123, port), messages.ntp(4, 2))
        return first

    def announces_by_mdns(self, service: str = "_hap._tcp.local") -> int:
        """Its service, to the whole network."""
        says = messages.mdns_announcement(self.name, service, f"{self.name}.local", self.ip)
        return self.sends_to_group("224.0.0.251", 5353, says, src_port=5353)

    def announces_by_ssdp(self, server: str = "Linux/3.14 UPnP/1.0 Camera/1.0") -> int:
        """A UPnP device, to the whole network."""
        location = f"http://{self.ip}/description.xml"
        says = messages.ssdp_notify(location, "upnp:rootdevice", server)
        return self.sends_to_group("239.255.255.250", 1900, says)

    def sends_to_group(self, ip: str, port: int, payload: bytes, *, src_port: int = 0) -> int:
        """A datagram to a multicast group."""
        group = Place(frames.group_mac(ip), ip)
        return self.home.datagram(self, group, (src_port or self.home.fresh_port(), port), payload)

    def opens_port(self, external_port: int, internal_port: int, *, granted: bool = True) -> int:
        """Ask the router by UPnP to let the Internet in; gives the frame of the request."""
        return self._soap(
            "AddPortMapping",
            messages.add_port_mapping(external_port, self.ip, internal_port),
            granted=granted,
        )

    def asks_external_address(self) -> int:
        """Ask the router by UPnP how it is called outside: opens nothing."""
        return self._soap("GetExternalIPAddress", messages.soap("GetExternalIPAddress"))

    def _soap(self, action: str, body: bytes, *, granted: bool = True) -> int:
        service = "urn:schemas-upnp-org:service:WANIPConnection:1"
        return self.requests(
            self.home.router,
            "POST /ctl/IPConn HTTP/1.1",
            {
                "Host": f"{self.home.router.ip}:5000",
                "Content-Type": 'text/xml; charset="utf-8"',
                "SOAPAction": f'"{service}#{action}"',
            },
            body=body,
            answer="200 OK" if granted else "500 Internal Server Error",
            answer_headers={"Content-Type": "text/xml"},
            answer_body=messages.soap(f"{action}Response") if granted else messages.soap_fault(),
            port=5000,
        )

    def _stream(self, to: Place | str, port: int) -> Stream:
        ports = (self.home.fresh_port(), port)
        return Stream(self.home, self, self.home.place(to), ports)

    def _dhcp_asks(self, kind: int, options: Mapping[int, bytes]) -> int:
        nobody = Place(self.mac, "0.0.0.0")
        everybody = Place(frames.BROADCAST, "255.255.255.255")
        message = messages.dhcp(kind, self.mac, options)
        return self.home.datagram(nobody, everybody, (68, 67), message)

    def _dhcp_answers(self, kind: int, options: Mapping[int, bytes]) -> int:
        message = messages.dhcp(kind, self.mac, options, your_ip=self.ip)
        return self.home.datagram(self.home.router, self, (67, 68), message)
