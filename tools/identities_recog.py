"""Fingerprints of recog -> rules, without those that could not hold, are risky, or name no device."""

import base64
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from thingwarden.inventory.identification.normal import plain

from tools.identities_rule import RefusedPatternError, Rule, lower_pattern, matches, simplest

SOURCE = "recog"

NAMED = 0.93
"""Strength of a fingerprint in which the maker's name stands."""

UNNAMED = 0.75
"""Strength of one that goes by a way of writing: others who take the same software write so, too."""

COMMON = (
    r"^HTTP/1\.0$",
    "BRCM400",
    "alphapd",
    "IPGENADevice",
    "IpUPnP",
    "Cross Web Server",
    "^MWS 0.01$",
)
"""What software of many makers says, in patterns that we leave out for that."""

SHORTEST_TITLE = 6
"""Letters of a whole value without a number or the maker's name that is no accident."""

OTHER_WORDS = {"switch": "network-switch", "appliance": "", "wap": "", "device": "", "server": ""}
"""Kinds of devices whose words mean another thing with us, or too much: WAP are most home routers."""

FILES = {
    "dhcp_vendor_class": "dhcp-vendor",
    "http_servers": "server",
    "html_title": "page",
    "http_wwwauth": "page",
    "telnet_banners": "banner",
    "ftp_banners": "banner",
    "ssh_banners": "banner",
    "rtsp_servers": "server",
    "mdns_device-info_txt": "mdns-text",
    "sip_user_agents": "user-agent",
    "x509_subjects": "certificate",
    "x509_issuers": "certificate",
}
"""By file: the channel on which we hear the same."""

CHALLENGE = re.compile(r'^\^\(\?:Basic\|Digest\) realm="')

NOT_MADE = frozenset({"microsoft", "linux", "openwrt", "ubuntu", "debian", "freebsd", "vmware"})
"""Vendors of systems that run on machines of others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """One fingerprint as recog has it."""

    file: str
    pattern: str
    facts: Mapping[str, str]
    """Parameters that do not come out of the value."""
    examples: tuple[str, ...] = ()

    @property
    def vendor(self) -> str:
        """Who made the device; empty if only its software is known."""
        if self.facts.get("hw.vendor"):
            return self.facts["hw.vendor"]
        maker = self.facts.get("os.vendor", "") if "os.device" in self.facts else ""
        return "" if maker.lower() in NOT_MADE else maker


def read_fingerprints(path: Path) -> Iterator[Fingerprint]:
    """All fingerprints of the files that we have a channel for."""
    with zipfile.ZipFile(path) as archive:
        for file in FILES:
            root = ElementTree.fromstring(archive.read(f"xml/{file}.xml"))
            for node in root.iter("fingerprint"):
                yield Fingerprint(
                    file=file,
                    pattern=node.get("pattern", ""),
                    facts={
                        each.get("name", ""): each.get("value", "")
                        for each in node.iter("param")
                        if each.get("pos") == "0" and "{" not in each.get("value", "")
                    },
                    examples=tuple(map(_example, node.iter("example"))),
                )


def _example(node: ElementTree.Element) -> str:
    text = (node.text or "").strip()
    if node.get("_encoding") == "base64":
        return base64.b64decode(text).decode("utf-8", "replace")
    return text


def heard(fingerprint: Fingerprint, example: str) -> str:
    """An example as our channel would have it."""
    if fingerprint.file == "ssh_banners":
        example = f"SSH-2.0-{example}"
    if fingerprint.file == "http_wwwauth":
        realm = re.search('realm="([^"]*)', example)
        example = realm.group(1) if realm else example
    return plain(example)


def make_rules(
    fingerprints: Iterable[Fingerprint],
    makers: Mapping[str, str],
    categories: Mapping[str, str],
    refused: Counter[str],
) -> Iterator[tuple[Fingerprint, Rule]]:
    """A rule for each fingerprint that can be kept; why others cannot is counted in `refused`."""
    for fingerprint in fingerprints:
        if not fingerprint.vendor:
            refused["no device"] += 1
        elif any(text in fingerprint.pattern for text in COMMON):
            refused["what many say"] += 1
        elif plain(fingerprint.vendor) not in makers:
            refused["a maker that we do not know"] += 1
        else:
            rule = _rule(fingerprint, makers[plain(fingerprint.vendor)], categories, refused)
            if rule:
                yield fingerprint, rule


def _rule(
    fingerprint: Fingerprint,
    maker: str,
    categories: Mapping[str, str],
    refused: Counter[str],
) -> Rule | None:
    facts = fingerprint.facts
    try:
        form, pattern, literal = simplest(lower_pattern(_of_our_values(fingerprint)))
    except RefusedPatternError as reason:
        refused[f"{reason}"] += 1
        return None
    family, model = _line(facts, maker, categories)
    named = any(name in pattern for name in (maker.lower(), fingerprint.vendor.lower()))
    if not named and len(pattern) <= SHORTEST_TITLE and pattern.replace("_", "").isalpha():
        refused["what many say"] += 1
        return None
    strength = (NAMED if named else UNNAMED) * float(facts.get("hw.certainty", 1))
    rule = Rule(
        channel=FILES[fingerprint.file],
        form=form,
        pattern=pattern,
        literal=literal,
        maker=maker,
        family=family,
        model=model,
        category=_category(facts, categories),
        strength=round(strength, 3),
        source=SOURCE,
    )
    if not all(matches(rule, heard(fingerprint, text)) for text in fingerprint.examples):
        refused["its own examples look different to us"] += 1
        return None
    return rule


def _line(
    facts: Mapping[str, str], maker: str, categories: Mapping[str, str]
) -> tuple[str | None, str | None]:
    """Family and model: a product without a number is a family, the kind of thing is neither."""
    family, product = facts.get("hw.family"), facts.get("hw.product")
    if product and not any(letter.isdigit() for letter in product):
        family, product = family or product, None
    if family and family.lower() in {*categories, maker.lower(), product and product.lower()}:
        family = None
    return family, product


def _category(facts: Mapping[str, str], categories: Mapping[str, str]) -> str | None:
    kind = (facts.get("hw.device") or facts.get("os.device", "")).lower()
    return OTHER_WORDS.get(kind, categories.get(kind)) or None


def _of_our_values(fingerprint: Fingerprint) -> str:
    """The pattern of a fingerprint for values as our channels have them."""
    pattern = fingerprint.pattern
    if fingerprint.file == "ssh_banners":
        return re.sub(r"^(\(\?i\))?\^", r"\1^SSH-[\\d.]+-", pattern)
    if fingerprint.file == "http_wwwauth":
        return re.sub(r'"(\$?)$', r"\1", CHALLENGE.sub("^", pattern))
    return pattern
