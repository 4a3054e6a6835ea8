"""What devices say of the software on them -> which of it is past its end, as SQL and its values.

Banners and user agents name products with versions; `data/software_ends.csv` says when the support
of a version ended, or by when it had been released. Now is always the time of the packet.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources

DAY_US = 24 * 3_600_000_000

OLD_YEARS = 5
"""When a release without a published support period is old: it is the least support period that
Regulation (EU) 2024/2847, Article 13(8), asks of makers, and more than most projects look back."""

VERY_OLD_YEARS = 10
"""Twice that."""

VERSION = r"(\d{1,6}(?:\.\d{1,6}){0,3})"

PATTERNS = {
    "Linux": rf"linux[/ -]{VERSION}",
    "Android": rf"(?:[;(] ?android |^android-dhcp-){VERSION}(?:[;)]|$)",
    "Windows NT": rf"microsoft-(?:cryptoapi|windows(?:-nt)?)/{VERSION}",
    "iOS": r"cpu (?:iphone )?os (\d{1,3})_",
    "Apache": rf"(?:^|[ (])apache/{VERSION}",
    "nginx": rf"(?:^|[ (])nginx/{VERSION}",
    "lighttpd": rf"(?:^|[ (])lighttpd/{VERSION}",
    "PHP": rf"(?:^|[ (])php/{VERSION}",
    "OpenSSL": rf"(?:^|[ (])openssl/{VERSION}",
    "Microsoft-IIS": rf"^microsoft-iis/{VERSION}",
    "OpenSSH": rf"^ssh-[0-9.]+-openssh_(?:for_windows_)?{VERSION}",
    "Dropbear": rf"^ssh-[0-9.]+-dropbear_{VERSION}",
    "BusyBox": r"(?:^udhcpc?|busybox)[ /]v?([1-9]\d{0,5}(?:\.\d{1,6}){0,3})",
    "udhcp": r"^udhcpc? v?(0(?:\.\d{1,6}){1,3})",
    "dhcpcd": rf"^dhcpcd[ -]{VERSION}",
    "MiniUPnPd": rf"miniupnpd/{VERSION}",
    "libupnp": rf"portable sdk for upnp devices ?/ ?{VERSION}",
    "Intel UPnP SDK": rf"intel sdk for upnp devices ?/ ?{VERSION}",
    "curl": rf"(?:^|[ (])(?:lib)?curl/{VERSION}",
    "Wget": rf"^wget/{VERSION}",
    "okhttp": rf"(?:^|[ (])okhttp/{VERSION}",
    "Python": rf"(?:^|[ (])python(?:-urllib)?/{VERSION}",
    "Java": rf"(?:^|[ (])java/{VERSION}",
    "Dalvik": rf"^dalvik/{VERSION}",
    "Boa": rf"^boa/{VERSION}",
    "RomPager": rf"(?:^|[ -])rompager/{VERSION}",
    "GoAhead-Webs": r"^(goahead-webs)",
    "uc-httpd": rf"^uc-httpd[/ ]{VERSION}",
    "Cross Web Server": r"^(cross web server)",
    "thttpd": rf"^thttpd/{VERSION}",
    "mini_httpd": rf"^mini_httpd/{VERSION}",
}
"""How each product names itself, in lower case; the group is its version, or its name if it has none."""

SAID_BY_SERVER = """
    select dst_device as device_id, {column} as text, '{teller}' as teller,
        capture, coalesce({answer}_frame, frame) as frame, coalesce({answer}_us, time_us) as time_us
    from {table}
"""
SAID_BY_SENDER = """
    select src_device, {column}, '{teller}', capture, frame, time_us
    from {table}
"""
TELLERS = {
    "web server": SAID_BY_SERVER.format(
        column="server", teller="Web server", table="http", answer="answer"
    ),
    "video server": SAID_BY_SERVER.format(
        column="server", teller="Video server", table="rtsp", answer="answer"
    ),
    "SSH server": SAID_BY_SERVER.format(
        column="server_banner", teller="SSH server", table="ssh", answer="answer"
    ),
    "Telnet server": SAID_BY_SERVER.format(
        column="banner", teller="Telnet server", table="telnet", answer="answer"
    ),
    "SSH client": SAID_BY_SENDER.format(column="client_banner", teller="SSH client", table="ssh"),
    "UPnP": SAID_BY_SENDER.format(column="server", teller="UPnP", table="ssdp"),
    "UPnP client": SAID_BY_SENDER.format(column="user_agent", teller="UPnP client", table="ssdp"),
    "web client": SAID_BY_SENDER.format(column="user_agent", teller="Web client", table="http"),
    "video client": SAID_BY_SENDER.format(column="user_agent", teller="Video client", table="rtsp"),
    "DHCP": SAID_BY_SENDER.format(column="vendor_class", teller="DHCP client", table="dhcp")
    + " where kind in ('discover', 'request', 'inform', 'decline')",
}
"""Where software is named; a banner is told of the device that sent it."""

WORST = "if(ended or days.day * $day_us > very_old_us, 2, 1)"
"""2 where support is over, or the release very old; 1 where it is old."""

NOBODY = "^$"
"""What stands for no text at all, where none is spared."""

DAYS = """
    with told (device_id, text, teller, capture, frame, time_us) as ({told}
    ), days as (
        select device_id, text, teller, time_us // $day_us as day,
            min((time_us::hugeint << 64) | (capture::hugeint << 44) | frame) as place
        from told
        where device_id is not null and text is not null
        group by all
    ), texts as (
        select distinct text
        from days
        where regexp_matches(lower(text), $known) and not regexp_matches(lower(text), $spared)
    )
"""
"""Every text once a day: what was current when it was first said may be past its end later."""

EVIDENCE = """{days}, named as (
        select unnest($product) as product, unnest($pattern) as pattern
    ), versions as (
        select text, product, regexp_extract(lower(text), pattern, 1) as version,
            try_cast(string_split(version, '.') as bigint[]) as numbers
        from texts, named
        where version <> ''
    ), ends as (
        select unnest($ending) as product, unnest($first)::bigint[] as first,
            unnest($last)::bigint[] as last, unnest($over_us)::bigint as over_us,
            unnest($very_old_us)::bigint as very_old_us, unnest($ended)::boolean as ended,
            unnest($fate) as fate, unnest($number)::bigint as number
    ), fates as (
        select versions.*, over_us, very_old_us, ended, fate
        from versions
        join ends on ends.product = versions.product
            and (len(last) = 0 or len(numbers) >= len(last)
                and numbers[1:len(last)] <= last and numbers[1:len(first)] >= first)
        qualify row_number() over (partition by text, ends.product order by number) = 1
    ), past as (
        select device_id, place, teller, days.text, fate,
            product || if(version similar to '[0-9.]+', ' ' || version, '') as about,
            ({amount})::double as amount
        from days
        join fates on fates.text = days.text and (place >> 64)::bigint > over_us
        qualify row_number() over (
            partition by device_id, about order by amount desc, place, days.text, teller
        ) = 1
    )
    select device_id, ((place >> 44) & 1048575)::int as capture,
        (place & 17592186044415)::bigint as frame, (place >> 64)::bigint as time_us,
        teller || ' said "' || left(text, 120) || '": ' || fate as says,
        about, amount
    from past
    order by device_id, time_us, capture, frame, about
"""

EXAMINED = """{days}
    select distinct device_id
    from days
    semi join texts on texts.text = days.text
    order by device_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What is known about versions of a product, from `first` to `last`; a date is null or a day."""

    product: str
    first: tuple[int, ...]
    last: tuple[int, ...]
    """Empty for any version."""
    ended_us: int | None
    """By when support was over, microseconds since 1970 UTC."""
    released_us: int | None
    """By when it had been released; known where the end of support is not."""
    source: str

    @property
    def over_us(self) -> int:
        """From when it is out of date."""
        return self.ended_us if self.ended_us is not None else self.years_old_us(OLD_YEARS)

    @property
    def fate(self) -> str:
        """The same in words."""
        if self.ended_us is not None:
            return f"support over by {_day(self.ended_us)}"
        return f"released by {_day(self.released_us or 0)}"

    def years_old_us(self, years: int) -> int:
        """When its release is so many years ago."""
        since = self.released_us if self.released_us is not None else self.ended_us or 0
        return since + years * 365 * DAY_US


class Values(Mapping[str, object]):
    """The values of `EVIDENCE` and `EXAMINED` for some products; read when first asked for."""

    def __init__(self, *products: str, spared: str = NOBODY) -> None:
        self._products = products
        self._spared = spared

    def __getitem__(self, name: str) -> object:
        return _values(self._products, self._spared)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_values(self._products, self._spared))

    def __len__(self) -> int:
        return len(_values(self._products, self._spared))


def evidence(*tellers: str, amount: str = WORST) -> str:
    """SQL: the first place at which each device told of each version that was past its end then."""
    return EVIDENCE.format(days=_days(tellers), amount=amount)


def examined(*tellers: str) -> str:
    """SQL: devices that named one of the products."""
    return EXAMINED.format(days=_days(tellers))


@cache
def read_releases() -> tuple[Release, ...]:
    """What is known, in the order of the file: for a version, the first row that holds counts."""
    path = resources.files("thingwarden") / "data" / "software_ends.csv"
    with path.open(encoding="ascii") as file:
        return tuple(_read(row) for row in csv.DictReader(file))


def _read(row: Mapping[str, str]) -> Release:
    return Release(
        product=row["product"],
        first=_numbers(row["first"]),
        last=_numbers(row["last"]),
        ended_us=_day_us(row["ended"]),
        released_us=_day_us(row["released"]),
        source=row["source"],
    )


@cache
def _values(products: tuple[str, ...], spared: str) -> Mapping[str, object]:
    releases = [each for each in read_releases() if each.product in products]
    patterns = [PATTERNS[product] for product in products]
    return {
        "day_us": DAY_US,
        "known": "|".join(patterns),
        "spared": spared,
        "product": list(products),
        "pattern": patterns,
        "ending": [each.product for each in releases],
        "first": [str(list(each.first)) for each in releases],
        "last": [str(list(each.last)) for each in releases],
        "over_us": [each.over_us for each in releases],
        "very_old_us": [each.years_old_us(VERY_OLD_YEARS) for each in releases],
        "ended": [each.ended_us is not None for each in releases],
        "fate": [each.fate for each in releases],
        "number": list(range(len(releases))),
    }


def _days(tellers: tuple[str, ...]) -> str:
    return DAYS.format(told=" union all ".join(TELLERS[teller] for teller in tellers))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split("."))) if version else ()


def _day_us(day: str) -> int | None:
    if not day:
        return None
    return round(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) * 1_000_000


def _day(time_us: int) -> str:
    return datetime.fromtimestamp(time_us / 1_000_000, UTC).date().isoformat()
