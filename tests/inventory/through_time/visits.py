"""Visits of phones to a home -> the rows that a capture of it would have given."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from thingwarden.inventory.devices import find_devices, list_devices
from thingwarden.inventory.through_time.devices import Links
from thingwarden.store import Facts, Store

from tests.inventory.rows import BY_NAME, ROUTER, ROUTER_IP, START_US, TABLES, asks, flow, message
from tests.store.rows import batch

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US

ANDROID, APPLE = ("1,3,6,15,26,28,51,58,59,43", "android-dhcp-13"), ("1,121,3,6,15,119,252", "")
NEWS = ("a.news.example.org", "push.chat.net", "cdn.video.com", "api.weather.org")
GAMES = ("x.games.example.net", "sync.notes.io", "music.stream.com", "api.bank.org")


class Diary:
    """What was seen of a home, by table."""

    def __init__(self) -> None:
        self.rows = defaultdict(list)
        self.frame = 0

    def visit(
        self,
        mac: str,
        begins: float,
        ends: float,
        *,
        name: str | None = None,
        asks_as: tuple[str, str] = ANDROID,
        domains: Sequence[str] = NEWS,
        duid: str | None = None,
        client_id: str | None = None,
    ) -> "Diary":
        """An address is there from one hour to another, sending every ten minutes."""
        ip = f"192.168.1.{10 + len({row['src_mac'] for row in self.rows['flows']} | {mac})}"
        at = round(begins * HOUR_US)
        self._add("dhcp", asks(mac, hostname=name, parameters=asks_as[0], vendor_class=asks_as[1],
                               client_id=client_id), at)  # fmt: skip
        if duid:
            self._add("dhcpv6", message((mac, "fe80::2"), ("33:33:00:01:00:02", "ff02::1:2"),
                                        kind="solicit", duid=duid), at)  # fmt: skip
        for domain in domains:
            self._add("dns", message((mac, ip), (ROUTER, ROUTER_IP), response=False, name=domain,
                                     type=1), at)  # fmt: skip
        while at <= ends * HOUR_US:
            self._add("flows", flow((mac, ip), (ROUTER, "93.184.215.14"), flow_id=self.frame), at)
            at += 10 * MINUTE_US
        return self

    def days(self, macs: Sequence[str], begins: float, ends: float, **shows: object) -> "Diary":
        """One address a day, at the same hours of each."""
        for day, mac in enumerate(macs):
            self.visit(mac, 24 * day + begins, 24 * day + ends, **shows)
        return self

    @contextmanager
    def found(self, *statements: object) -> Iterator[tuple[Store, Links]]:
        """A store with these rows, and what links their addresses."""
        with Facts() as facts:
            for table, rows in self.rows.items():
                facts.add(BY_NAME[table], batch(BY_NAME[table], rows))
            with Store(TABLES, facts=[facts]) as store:
                yield store, find_devices(store, TABLES, statements)

    def devices(self, *statements: object) -> list[tuple[str, ...]]:
        """The hardware addresses of each device."""
        with self.found(*statements) as (store, links):
            return sorted(device.macs for device in list_devices(store, {}, links)[0])

    def _add(self, table: str, row: dict[str, object], at: int) -> None:
        self.frame += 1
        moment = {"frame": self.frame, "time_us": START_US + at}
        if table == "flows":
            moment["last_us"] = START_US + at
        self.rows[table].append({**row, **moment})


def random_macs(number: int, count: int) -> list[str]:
    """Hardware addresses as a phone draws them."""
    return [f"da:{number:02x}:9c:00:00:{turn:02x}" for turn in range(count)]
