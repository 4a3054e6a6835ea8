"""A device under one hardware address: what it sends when it comes, stays and goes."""

import random
from dataclasses import dataclass
from zlib import crc32

from tests import frames, messages
from tests.home import Device, Place
from tools import roaming_messages as says
from tools.roaming_models import Persona

LINK, RESOLVER, ALL_ROUTERS, UNKNOWN = "fe80::", "fe80::1", "ff02::2", "::"
SERVERS_6 = "2001:db8:c10d::"
LEASE_SECONDS = 86400


@dataclass(slots=True)
class Guest:
    """One device for as long as it keeps its address; every verb sends at once."""

    place: Device
    persona: Persona
    dice: random.Random
    drawn: str
    """What it draws anew at each connection."""
    prefix: str = ""
    """Where its global address is now; empty: it has none yet."""

    @property
    def link_local(self) -> Device:
        """The device under its link-local address."""
        return self.place.at(self._address(LINK))

    @property
    def worldwide(self) -> Device:
        """The device under its global IPv6 address."""
        return self.place.at(self._address(self.prefix))

    def joins(self, prefixes: tuple[str, ...]) -> None:
        """Link-local address, router, lease, DHCPv6, global address."""
        self._claims(self.link_local.ip)
        self._neighbours(self.link_local, ALL_ROUTERS, 133, bytes(4))
        advertise(self.place, prefixes)
        self._leases(returns=bool(self.prefix))
        if self.persona.duid:
            self._asks_for_servers()
        self.takes(prefixes[0])

    def takes(self, prefix: str) -> None:
        """A global address of the prefix, which it uses at once."""
        self.prefix = prefix
        self._claims(self.worldwide.ip)
        self.sets_its_clock()

    def renews(self) -> None:
        """The lease once more, without looking for a server."""
        self._leases(returns=True)

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
        """One sign of life: a question, the time, or a connection; now and then an announcement."""
        what = self.dice.random()
        if what < 0.08:
            self.announces()
        if what < 0.55:
            self.asks(self._domain(), server_4)
        elif what < 0.85:
            self.sets_its_clock()
        else:
            self.connects(self._domain())

    def sets_its_clock(self) -> None:
        """The time over IPv6."""
        server = self.asks(self.persona.platform.clock, server_6)
        self.worldwide.sets_its_clock(server)

    def connects(self, domain: str) -> None:
        """TLS over one of both versions of IP."""
        sixth = self.dice.random() < 0.5
        server = self.asks(domain, server_6 if sixth else server_4)
        hellos = says.hellos(self.persona.platform, domain, self.dice.randbytes(32))
        (self.worldwide if sixth else self.place).plays(server, hellos)

    def asks(self, domain: str, server_of: "type[str] | object") -> str:
        """A DNS question and its answer, which is returned."""
        raise NotImplementedError

    def goes(self) -> None:
        """Is the router still there? Then nothing more."""
