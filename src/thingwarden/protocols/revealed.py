"""Parameters of a request -> which kinds of data anybody on the way can read in them.

A kind is told by the name of a parameter together with the form of its value, and only the kind is
given back, never the value. Sets of names are what apps and devices write, as `read_parameters`
spells them; ambiguous ones are left out: what is not told is only missed.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from thingwarden.protocols.text import Parameter

COORDINATES, EMAIL, PHONE = "coordinates", "email", "phone"
HARDWARE_ADDRESS, WIRELESS_NAME, SERIAL = "hardware-address", "wireless-name", "serial"
PERSON_NAME, DATE_OF_BIRTH, TOKEN, HEALTH = "person-name", "date-of-birth", "token", "health"

_NUMBER = re.compile(rb"[0-9]{1,4}(?:\.[0-9]{1,6})?")
_DEGREES = re.compile(rb"-?[0-9]{1,3}\.[0-9]{2,15}")  # two digits tell a part of a town
_ADDRESS = re.compile(rb"[\w.%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")  # RFC 5321
_PHONE = re.compile(rb"(?:\+|00?)[1-9][0-9 ()/.-]{7,20}")
_MAC = re.compile(
    rb"[0-9A-Fa-f]{12}|(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}"
)
_NO_MAC = re.compile(rb"(?:00[:-]?){5}00|(?:ff[:-]?){5}ff|02(?:[:-]?00){5}", re.I)  # 02: Android's
_SERIAL = re.compile(rb"(?=[^0-9]{0,63}[0-9])[A-Za-z0-9][A-Za-z0-9_.:-]{4,62}[A-Za-z0-9]")
_TOKEN = re.compile(rb"(?=.{0,511}[0-9])(?=.{0,511}[A-Za-z])[A-Za-z0-9._~+/:|%-]{16,512}={0,2}")
_HASH = re.compile(rb"[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}")  # MD5, SHA-1, SHA-256
_DAY = re.compile(
    rb"(?:19|20)[0-9]{2}([-/.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12][0-9]|3[01])(?:T.{0,30})?"
    rb"|[0-3]?[0-9][-/.][0-3]?[0-9][-/.](?:19|20)[0-9]{2}"
)
_PERSON = re.compile(r"[^\W\d_]{2}[^\W\d_]*(?:[ +'.\u2019-]{1,2}[^\W\d_]+){0,5}\.?")
_NO_VALUE = frozenset(
    b"null nil none undefined unknown n/a na true false test default yes no on off".split()
)

_LATITUDE = frozenset((b"lat", b"latitude"))
_LONGITUDE = frozenset((b"lon", b"lng", b"long", b"longitude"))
_UNIQUE_HEALTH = {
    **dict.fromkeys((b"heartrate", b"restingheartrate", b"hrbpm"), (25, 250)),
    **dict.fromkeys((b"bodyweight", b"weightkg"), (2, 400)),
    **dict.fromkeys((b"bodyfat", b"bodyfatpercent", b"fatratio"), (2, 75)),
    **dict.fromkeys((b"glucose", b"bloodglucose", b"bloodsugar"), (1, 600)),
    **dict.fromkeys((b"systolic", b"diastolic"), (20, 300)),
    **dict.fromkeys((b"spo2", b"bloodoxygen"), (40, 100)),
}
_SHARED_HEALTH = {
    b"bpm": (25, 250),
    b"pulse": (25, 250),
    b"hr": (25, 250),
    b"weight": (2, 400),
    b"bmi": (10, 80),
    b"impedance": (100, 2000),
}
"""Words that music, styles and servers use too: two of them are needed."""


def tell_revealed(parameters: Sequence[Parameter]) -> tuple[str, ...]:
    """The kinds of data in `parameters`, sorted; empty if there is none."""
    kinds = {
        kind
        for name, value in parameters
        for kind, has_form in _KINDS.get(name, ())
        if has_form(value)
    }
    if _has_coordinates(parameters):
        kinds.add(COORDINATES)
    if _has_health(parameters):
        kinds.add(HEALTH)
    return tuple(sorted(kinds))


def _has_coordinates(parameters: Sequence[Parameter]) -> bool:
    """Both a latitude and a longitude, or a pair of them in one value."""
    latitude = any(name in _LATITUDE and _is_degrees(value, 90) for name, value in parameters)
    longitude = any(name in _LONGITUDE and _is_degrees(value, 180) for name, value in parameters)
    return latitude and longitude


def _has_health(parameters: Sequence[Parameter]) -> bool:
    shared = set()
    for name, value in parameters:
        if name in _UNIQUE_HEALTH and _is_between(value, _UNIQUE_HEALTH[name]):
            return True
        if name in _SHARED_HEALTH and _is_between(value, _SHARED_HEALTH[name]):
            shared.add(name)
    return len(shared) > 1


def _is_between(value: bytes, bounds: tuple[int, int]) -> bool:
    return _NUMBER.fullmatch(value) is not None and bounds[0] <= float(value) <= bounds[1]


def _is_degrees(value: bytes, most: int) -> bool:
    """Decimal degrees that are not zero, which many send for not known."""
    return _DEGREES.fullmatch(value) is not None and 0 < abs(float(value)) <= most


def _is_pair(value: bytes) -> bool:
    latitude, comma, longitude = value.partition(b",")
    return bool(comma) and _is_degrees(latitude, 90) and _is_degrees(longitude.strip(), 180)


def _is_mac(value: bytes) -> bool:
    return _MAC.fullmatch(value) is not None and _NO_MAC.fullmatch(value) is None


def _is_serial(value: bytes) -> bool:
    return (
        _SERIAL.fullmatch(value) is not None
        and len(set(value) - set(b"-:._")) > 2  # 00000000 is none
    )


def _is_mixed_serial(value: bytes) -> bool:
    return len(value) >= 8 and not value.isdigit() and not value.isalpha() and _is_serial(value)


def _is_lasting_token(value: bytes) -> bool:
    return _TOKEN.fullmatch(value) is not None and _HASH.fullmatch(value) is None


def _is_wireless_name(value: bytes) -> bool:
    """IEEE 802.11-2020 section 9.4.2.2: up to 32 bytes; numbers alone are flags and counts."""
    bare = value.lower().strip(b'"<>').removesuffix(b" ssid")
    return 0 < len(bare) <= 32 and bare not in _NO_VALUE and not bare.isdigit()


def _is_person_name(value: bytes) -> bool:
    if len(value) > 128 or value.lower() in _NO_VALUE:
        return False
    try:
        return _PERSON.fullmatch(value.decode()) is not None
    except UnicodeDecodeError:
        return False


_Form = Callable[[bytes], object]

_NAMES: Sequence[tuple[str, _Form, str]] = (
    (
        COORDINATES,
        _is_pair,
        "latlng latlon latlong location coords coordinates gps geo ll position",
    ),
    (
        EMAIL,
        _ADDRESS.fullmatch,
        "email mail emailaddress mailaddress useremail usermail accountemail owneremail"
        " username user login loginname account accountname",
    ),
    (
        PHONE,
        _PHONE.fullmatch,
        "phone phonenumber phoneno mobile mobilenumber mobilephone cellphone telephone msisdn",
    ),
    (
        HARDWARE_ADDRESS,
        _is_mac,
        "mac macaddr macaddress macid bssid wlanmac wifimac ethmac ethernetmac lanmac wanmac btmac"
        " blemac hwaddr hwaddress hardwareaddress devmac devicemac stamac apmac routermac"
        " gatewaymac clientmac wifibssid apbssid",
    ),
    (
        WIRELESS_NAME,
        _is_wireless_name,
        "ssid essid wifissid wlanssid apssid wifiname wirelessname networkssid",
    ),
    (
        SERIAL,
        _is_serial,
        "serial serialno serialnumber serialnum deviceserial deviceserialnumber devicesn imei meid"
        " imsi iccid uuid udid duid deviceid devid deviceuuid deviceuid hardwareid hwid cameraid",
    ),
    (SERIAL, _is_mixed_serial, "sn did"),  # also the number of a message, and yes or no
    (
        PERSON_NAME,
        _is_person_name,
        "firstname lastname fullname surname givenname familyname realname forename",
    ),
    (DATE_OF_BIRTH, _DAY.fullmatch, "dob birthday birthdate dateofbirth birth"),
    (
        TOKEN,
        _TOKEN.fullmatch,
        "token accesstoken authtoken refreshtoken idtoken usertoken logintoken sessiontoken session"
        " sessionid sessid sessionkey sid phpsessid jsessionid authkey apikey apitoken"
        " accesskey secretkey secret jwt",
    ),
    (TOKEN, _is_lasting_token, "auth"),  # also the hash that signs a single request
)


def _by_name() -> Mapping[bytes, Sequence[tuple[str, _Form]]]:
    found: dict[bytes, list[tuple[str, _Form]]] = {}
    for kind, form, names in _NAMES:
        for name in names.encode().split():
            found.setdefault(name, []).append((kind, form))
    return found


_KINDS = _by_name()
