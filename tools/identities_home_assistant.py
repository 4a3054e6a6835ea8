"""The discovery matchers of Home Assistant -> rules about the products behind its integrations."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from thingwarden.inventory.identification.makers import canonical
from thingwarden.inventory.vendors import vendor_of

from tools.identities_rule import Rule

SOURCE = "home-assistant"

DECLARED = 0.97
"""Strength of what a thing offers under its maker's own name."""

NAMED = 0.9
"""Strength of names of hosts, which are chosen, and of prefixes, which are bought."""

SHORTEST_NAME = 5
"""Letters of a host name that two makers will hardly both choose."""

VAGUE = frozenset(
    {"connect", "connector_", "gateway", "target", "thermostat", "hunter", "motion_", "slide"}
    | {"august", "blink", "guardian", "sense-", "brother", "rfgateway"}
    | {"usr-tcp232-ed2", "zentrios-", "_api._udp"}
)
"""What people, makers of modules and other products say, too; Home Assistant asks for more beside."""

Product = Mapping[str, str]
Lists = Mapping[str, Any]


def read_lists(folder: Path) -> dict[str, Any]:
    """The matcher lists by file: dhcp, zeroconf, ssdp, mqtt."""
    return {
        name: json.loads((folder / f"{name}.json").read_text("utf-8"))
        for name in ("dhcp", "zeroconf", "ssdp", "mqtt")
    }


def make_rules(lists: Lists, products: Mapping[str, Product]) -> Iterator[Rule]:
    """Rules of all lists, for integrations that stand for products."""
    yield from _from_dhcp(lists["dhcp"]["DHCP"], products)
    yield from _from_services(lists["zeroconf"]["ZEROCONF"], products)
    for model, entry in lists["zeroconf"]["HOMEKIT"].items():
        if entry["domain"] in products:
            yield _homekit(model.lower(), products[entry["domain"]])
    for domain, entries in lists["ssdp"]["SSDP"].items():
        for entry in entries:
            yield from _from_ssdp(entry, products.get(domain))
    for domain, topics in lists["mqtt"]["MQTT"].items():
        for topic in topics if domain in products else ():
            start = re.split("[#+]", topic)[0].lower()
            yield _rule("mqtt-topic", "prefix", start, products[domain], DECLARED)


def _rule(channel: str, form: str, pattern: str, product: Product, strength: float) -> Rule:
    return Rule(
        channel=channel,
        form=form,
        pattern=pattern,
        maker=product["maker"] or None,
        family=product["family"] or None,
        category=product["category"] or None,
        strength=strength,
        source=SOURCE,
    )


def _from_dhcp(
    entries: Sequence[Mapping[str, Any]], products: Mapping[str, Product]
) -> Iterator[Rule]:
    for entry in entries:
        product = products.get(entry["domain"])
        if product is None:
            continue
        name, prefix = entry.get("hostname", ""), entry.get("macaddress", "")
        if name:
            yield from _named("host-name", name.lower(), product)
        elif prefix and product["prefix"]:
            yield from _prefixed(prefix.lower().rstrip("*"), product)


def _named(channel: str, glob: str, product: Product) -> Iterator[Rule]:
    """A rule for a name, if it is long enough to be this product's alone."""
    text = re.sub(r"\[[^\]]*\]|[*?]", "", glob)
    if len(text) < SHORTEST_NAME or text in VAGUE or set(glob) & set("[]()"):
        return
    if glob.endswith("*") and "*" not in glob[:-1]:
        yield _rule(channel, "prefix", glob[:-1], product, NAMED)
    else:
        yield _rule(channel, "glob" if "*" in glob else "exact", glob, product, NAMED)


def _prefixed(prefix: str, product: Product) -> Iterator[Rule]:
    """A rule for a hardware address prefix, unless the IEEE gave it to somebody else."""
    owner = vendor_of(":".join(re.findall("..", prefix.ljust(12, "0"))))
    unknown = owner is None or canonical(owner) == (product["maker"] or product["family"])
    if unknown and len(prefix) >= 6:
        yield _rule("prefix", "prefix", prefix, product, NAMED)


def _from_services(
    services: Mapping[str, Sequence[Mapping[str, Any]]], products: Mapping[str, Product]
) -> Iterator[Rule]:
    for service, entries in services.items():
        kind = service.lower().removesuffix(".local.")
        wanted = [entry for entry in entries if entry["domain"] in products]
        alone = [entry for entry in wanted if not entry.keys() - {"domain"}]
        if len(alone) == len(entries) == 1 and kind not in VAGUE:
            yield _rule("mdns-service", "exact", kind, products[alone[0]["domain"]], DECLARED)
        for entry in wanted:
            product = products[entry["domain"]]
            if entry.get("name"):
                name = entry["name"].lower().removesuffix(f".{kind}.local.")
                yield from _named("mdns-name", name, product)
            for key, value in entry.get("properties", {}).items():
                if len(value.strip("*")) > 2 and key != "macaddress":
                    text = f"{key}={value}".lower().rstrip("*")
                    yield _rule("mdns-text", "prefix", text, product, DECLARED)


def _homekit(model: str, product: Product) -> Rule:
    """A rule for the model that a HomeKit accessory announces: the whole of it, or its first word."""
    if model.endswith("*"):
        return _rule("mdns-text", "prefix", f"md={model[:-1]}", product, NAMED)
    text = f"md={model}"
    rule = _rule("mdns-text", "regex", f"^{re.escape(text)}(?:$|[ -])", product, NAMED)
    return replace(rule, literal=text)


def _from_ssdp(entry: Mapping[str, str], product: Product | None) -> Iterator[Rule]:
    """Rules for what identifies by itself: a type of the maker's own, or a model with its maker."""
    if product is None:
        return
    maker = entry.get("manufacturer", "").lower()
    for key in ("deviceType", "st"):
        kind = entry.get(key, "").lower()
        if (
            kind
            and "schemas-upnp-org" not in kind.replace("zoneplayer", "")
            and kind != "upnp:rootdevice"
        ):
            yield _rule("upnp-type", "exact", kind, product, DECLARED)
    if maker and entry.get("modelName"):
        pattern = f"{maker}|{entry['modelName'].lower()}"
        yield _rule("upnp-model", "prefix", pattern, product, DECLARED)
