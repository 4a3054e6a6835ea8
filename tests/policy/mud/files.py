"""MUD files as the standard's own modules see them, and small ones to bend."""

import json
import sys
from functools import cache
from pathlib import Path

from yangson import DataModel
from yangson.enumerations import ContentType
from yangson.exceptions import YangsonException

from thingwarden.policy.mud.terms import ACLS, EXACT, MUD

LIBRARY = Path(__file__).with_name("yang_library.json")
MODULES = Path(sys.prefix) / "share/yang/modules"


@cache
def model():
    """The modules of RFC 8520 and RFC 8519, as pyang brings them."""
    return DataModel.from_file(str(LIBRARY), [str(MODULES / "ietf"), str(MODULES / "iana")])


def why_not_yang(data):
    """What the modules object to; empty where nothing. Our own member is none of theirs."""
    document = json.loads(data)
    document.pop(EXACT, None)
    try:
        model().from_raw(document).validate(ctype=ContentType.config)
    except (YangsonException, ValueError, TypeError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def ace(name="a0", *, forwarding="accept", **matches):
    """An entry; `matches` by name of node."""
    return {"name": name, "matches": matches, "actions": {"forwarding": forwarding}}


def https(**ip):
    """Matches of what a device asks from a web server."""
    ports = {
        "destination-port": {"operator": "eq", "port": 443},
        "ietf-mud:direction-initiated": "from-device",
    }
    return {"ipv4": {"protocol": 6, **ip}, "tcp": ports}


CLOUD = ace(**https(**{"ietf-acldns:dst-dnsname": "cloud.example"}))


def mud(*aces, back=(), head=None):
    """A small file: entries from the device, and back to it."""
    ways = (("from", "from-device-policy", aces), ("to", "to-device-policy", back))
    lists = {
        policy: {"access-lists": {"access-list": [{"name": name}]}}
        for name, policy, some in ways
        if some
    }
    told = {
        "mud-version": 1,
        "mud-url": "https://maker.example/bulb.json",
        "last-update": "2026-01-01T00:00:00+00:00",
        "cache-validity": 48,
        "is-supported": True,
        "systeminfo": "a bulb",
    }
    acls = [
        {"name": name, "type": "ipv4-acl-type", "aces": {"ace": list(some)}}
        for name, _, some in ways
        if some
    ]
    return {MUD: told | lists | (head or {}), ACLS: {"acl": acls}}


def text(document):
    """The bytes of a file, an entry a line and more."""
    return json.dumps(document, indent=1).encode()
