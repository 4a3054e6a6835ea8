"""A device under one hardware address: what it sends when it comes, stays and goes."""

import random
from dataclasses import dataclass
from zlib import crc32

from tests import frames, messages
from tests.home import Device, Home, Place
from tools import roaming_messages as says
from tools.roaming_models import Persona

LINK, RESOLVER = "fe80::", "fe80::1"
ALL_NODES, ALL_ROUTERS, DHCPV6_SERVERS = "ff02::1", "ff02::2", "ff02::1:2"
LEASE_SECONDS = 86400


@dataclass(slots=True)
class Guest:
    """One device for as long as it keeps its address; every verb sends at once."""

    place: Device
    persona: Persona
    dice: random.Random
    prefix: str = ""
    """Where its global address is now; empty: it has none yet."""
    drawn: str = ""
    """What it draws anew at each connection."""

    @property
    def link_local(self) -> Device:
        """The device under its link-local address."""
        return self.place.at(self._address(LINK))

    @property
    def worldwide(self) -> Device:
        """The device under its global IPv6 address."""
        return self.place.at(self._address(self.prefix))

    def joins(self, prefixes: tuple[str, ...]) -> None:
        """Link-local address, router, lease, DHCPv6, global address, names."""
        known, self.drawn = bool(self.prefix), self.dice.randbytes(16).hex()
        self._claims(self.link_local.ip)
        self._says_to_neighbours(self.link_local, ALL_ROUTERS, 133, bytes(4))
        advertise(self.place.home, prefixes)
        self.leases(anew=not known)
        if self.persona.duid:
            self._asks_for_servers()
        self.takes(prefixes[0])
        self.announces()

    def leases(self, *, anew: bool) -> None:
        """DHCP: four messages if `anew`, else two (RFC 2131 section 3), and an ARP announcement."""
        wants = says.dhcp_options(self.persona, self.place.mac)
        router = frames.ip_bytes(self.place.home.router.ip)
        transaction = self.dice.getrandbits(32)
        if anew:
            self._dhcp(1, wants, transaction)
            self._dhcp(2, {54: router, **_lease(router)}, transaction)
            wants = {54: router, **wants}
        self._dhcp(3, {50: frames.ip_bytes(self.place.ip), **wants}, transaction)
        self._dhcp(5, {54: router, **_lease(router)}, transaction)
        self.place.looks_for([self.place.ip])

    def takes(self, prefix: str) -> None:
        """A global address of the prefix, which it uses at once."""
        self.prefix = prefix
        self._claims(self.worldwide.ip)
        self.sets_its_clock()

    def announces(self) -> None:
        """Its name in mDNS, its identifier in SSDP, where it has one there."""
        if self.persona.local_name:
            ips = (self.place.ip, self.link_local.ip, self.worldwide.ip)
            said = says.announcement(self.persona, self.drawn, ips)
            self.place.sends_to_group("224.0.0.251", 5353, said, src_port=5353)
        if self.persona.usn:
            said = says.device_notify(self.persona.usn, self.place.ip)
            self.place.sends_to_group("239.255.255.250", 1900, said)

    def lives(self) -> None:
        """One sign of life: a question, the time or a connection; now and then its name besides."""
        if self.dice.random() < 0.06:
            self.announces()
        what = self.dice.random()
        if what < 0.7:
            self.asks(self._domain(), sixth=self.dice.random() < 0.4)
        elif what < 0.95:
            self.sets_its_clock()
        else:
            self.connects(self._domain())

    def sets_its_clock(self) -> None:
        """The time, over IPv6."""
        self.worldwide.sets_its_clock(self.asks(self.persona.platform.clock, sixth=True))

    def connects(self, domain: str) -> None:
        """TLS over one of both versions of IP."""
        sixth = self.dice.random() < 0.5
        server = self.asks(domain, sixth=sixth)
        hellos = says.hellos(self.persona.platform, domain, self.dice.randbytes(32))
        (self.worldwide if sixth else self.place).plays(server, hellos)

    def asks(self, domain: str, *, sixth: bool) -> str:
        """A DNS question over IPv4 for an address of IPv4, or of IPv6; the answer."""
        home, port, number = self.place.home, self.place.home.fresh_port(), crc32(domain.encode())
        server = f"2001:db8:c10d::{number & 0xFFFF:x}" if sixth else f"203.0.113.{number % 250 + 2}"
        kind, identifier = messages.AAAA if sixth else messages.A, self.dice.getrandbits(16)
        question = messages.dns_question(domain, identifier=identifier, kind=kind)
        answer = messages.dns_answer(domain, [server], identifier=identifier, kind=kind)
        home.datagram(self.place, home.router, (port, 53), question)
        home.datagram(home.router, self.place, (53, port), answer)
        return server

    def checks_router(self) -> None:
        """Is the router still there (RFC 4861 section 7.3)? A phone's last words before it goes."""
        home, own = self.place.home, self.link_local
        asked = says.solicitation(RESOLVER, self.place.mac)
        self._says_to_neighbours(own, RESOLVER, 135, asked)
        told = frames.icmpv6(
            RESOLVER, own.ip, 136, 0, says.advertisement(RESOLVER, home.router.mac)
        )
        home.carries(home.router, own, frames.ip(RESOLVER, own.ip, told, 58, ttl=255))

    def _address(self, prefix: str) -> str:
        """Small old things make it of the hardware address, all others do not."""
        make = says.burnt_address if self.persona.mac else says.stable_address
        return make(prefix, self.place.mac)

    def _domain(self) -> str:
        """One of the platform's or, as often, of its owner's apps."""
        apps, common = self.persona.apps, self.persona.platform.domains
        return self.dice.choice(apps if not common or self.dice.random() < 0.5 else common)

    def _claims(self, ip: str) -> None:
        """Does anybody have this address? Nobody answers (RFC 4862 section 5.4.2)."""
        group = says.solicited_group(ip)
        self._says_to_neighbours(self.place.at("::"), group, 135, says.solicitation(ip))

    def _says_to_neighbours(self, own: Device, to: str, kind: int, rest: bytes) -> None:
        mac = self.place.home.router.mac if to == RESOLVER else frames.group_mac(to)
        packet = frames.ip(own.ip, to, frames.icmpv6(own.ip, to, kind, 0, rest), 58, ttl=255)
        self.place.home.carries(own, Place(mac, to), packet)

    def _dhcp(self, kind: int, options: dict[int, bytes], transaction: int) -> None:
        """A client's message to everybody, or the router's answer."""
        home, asks = self.place.home, kind in (1, 3)
        message = messages.dhcp(
            kind,
            self.place.mac,
            options,
            your_ip="0.0.0.0" if asks else self.place.ip,
            transaction=transaction,
        )
        if asks:
            everybody = Place(frames.BROADCAST, "255.255.255.255")
            home.datagram(self.place.at("0.0.0.0"), everybody, (68, 67), message)
        else:
            home.datagram(home.router, self.place, (67, 68), message)

    def _asks_for_servers(self) -> None:
        """DHCPv6, where the router advertisement sends those that speak it."""
        home, own = self.place.home, self.link_local
        transaction, group = self.dice.randbytes(3), DHCPV6_SERVERS
        asked = says.information_request(self.persona, transaction)
        told = says.information_reply(
            self.persona, transaction, server_mac=home.router.mac, dns=RESOLVER
        )
        home.datagram(own, Place(frames.group_mac(group), group), (546, 547), asked)
        home.datagram(Place(home.router.mac, RESOLVER), own, (547, 546), told)


def advertise(home: Home, prefixes: tuple[str, ...]) -> None:
    """The router tells everybody its prefixes; all but the first are given up."""
    told = says.router_says(home.router.mac, prefixes, RESOLVER)
    body = frames.icmpv6(RESOLVER, ALL_NODES, 134, 0, told)
    packet = frames.ip(RESOLVER, ALL_NODES, body, 58, ttl=255)
    home.carries(home.router, Place(frames.group_mac(ALL_NODES), ALL_NODES), packet)


def _lease(router: bytes) -> dict[int, bytes]:
    """What the router gives besides the address."""
    mask = frames.ip_bytes("255.255.255.0")
    return {51: LEASE_SECONDS.to_bytes(4, "big"), 1: mask, 3: router, 6: router}
