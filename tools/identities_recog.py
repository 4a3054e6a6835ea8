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

STRENGTH = 0.93
"""Of a fingerprint that does not state its certainty."""

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
    kind = (facts.get("hw.device") or facts.get("os.device", "")).lower()
    family, model = facts.get("hw.family"), facts.get("hw.product")
    rule = Rule(
        channel=FILES[fingerprint.file],
        form=form,
        pattern=pattern,
        literal=literal,
        maker=maker,
        family=family if family != model else None,
        model=model,
        category=categories.get(kind),
        strength=round(STRENGTH * float(facts.get("hw.certainty", 1)), 3),
        source=SOURCE,
    )
    if not all(matches(rule, heard(fingerprint, text)) for text in fingerprint.examples):
        refused["its own examples look different to us"] += 1
        return None
    return rule


def _of_our_values(fingerprint: Fingerprint) -> str:
    """The pattern of a fingerprint for values as our channels have them."""
    pattern = fingerprint.pattern
    if fingerprint.file == "ssh_banners":
        return re.sub(r"^(\(\?i\))?\^", r"\1^SSH-[\\d.]+-", pattern)
    if fingerprint.file == "http_wwwauth":
        return re.sub(r'"(\$?)$', r"\1", CHALLENGE.sub("^", pattern))
    return pattern
