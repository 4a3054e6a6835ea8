"""What this machine can enforce -> the families of rules to load, or a sentence about what is missing."""

import re
from collections.abc import Mapping
from typing import Literal

from thingwarden.errors import GatewayError
from thingwarden.policy.gateway.enforcing.nft import INSTALL, run
from thingwarden.policy.gateway.ground import BRIDGE, FAMILIES, INET

Family = Literal["auto", "bridge", "inet", "both"]

LEAST = (1, 0)
"""Version of nft: older ones list or keep sets of pairs and of learnt addresses in other ways."""

PROBE = "thingwarden_probe"
"""A table that is only ever checked, never loaded."""

HOOKS = {BRIDGE: "prerouting", INET: "forward"}

PARTS: Mapping[str, str] = {
    "rules at its hooks": "chain hooked {{ type filter hook {hook} priority -5; policy accept; }}",
    "sets that learn and forget": (
        "set learnt {{ type ipv4_addr; flags dynamic,timeout; timeout 9s; size 9; }}\n"
        "chain learns {{ ip protocol 6 update @learnt {{ ip daddr }} accept\n }}"
    ),
    "maps of hardware addresses": (
        "chain there {{ }}\nset pairs {{ type ether_addr . ipv4_addr; }}\n"
        "map ways {{ type ether_addr : verdict; elements = {{ 02:00:00:00:00:01 : goto there }} }}\n"
        "chain maps {{ meta protocol ip ether saddr . ip saddr @pairs return\n"
        "ether saddr vmap @ways\n }}"
    ),
    "counters and a limited log": (
        "counter some {{ }}\nchain counts {{ counter name some"
        ' limit rate 6/minute burst 5 packets log prefix "tw " group 7\n }}'
    ),
    "a view into fragments and headers": (
        "chain looks {{ meta protocol ip6 frag frag-off > 0 drop\n"
        "meta l4proto 58 @th,0,8 1 drop\n }}"
    ),
}
"""What our rules are made of, in words, and the least rule that needs it."""

ROOT = "Run it as root, or with CAP_NET_ADMIN in the gateway's network namespace."
KERNEL = {
    BRIDGE: "The kernel needs CONFIG_NF_TABLES_BRIDGE (OpenWrt: kmod-nft-bridge); `--family inet`"
    " does without, and then sees nothing of what devices send each other.",
    INET: "The kernel needs CONFIG_NF_TABLES_INET; `--family bridge` does without where the gateway"
    " is a bridge.",
}


def choose_families(asked: Family = "auto") -> tuple[str, ...]:
    """Families that were asked for, or all that this kernel has; raises `GatewayError`."""
    _require_nft()
    if asked != "auto":
        wanted = FAMILIES if asked == "both" else (asked,)
        for family in wanted:
            _require(family)
        return wanted
    found = tuple(family for family in FAMILIES if not lacking(family))
    if not found:
        _require(INET)
    return found


def lacking(family: str) -> tuple[str, ...]:
    """What of our rules this kernel cannot do in a family, in words; raises `GatewayError` without rights."""
    parts = {what: text.format(hook=HOOKS[family]) for what, text in PARTS.items()}
    if not _refused(family, "\n".join(parts.values())):
        return ()
    return tuple(what for what, text in parts.items() if _refused(family, text))


def _require(family: str) -> None:
    missing = lacking(family)
    if missing:
        raise GatewayError(
            f"this kernel lacks in the family {family} of nftables: {', '.join(missing)}",
            hint=KERNEL[family],
        )


def _refused(family: str, text: str) -> bool:
    said = run("-c", "-f", "-", given=f"table {family} {PROBE} {{\n{text}\n}}\n")
    if said.code and re.search(r"not permitted|permission denied|must be root", said.err, re.I):
        raise GatewayError("no right to change the rules of this machine", hint=ROOT)
    return bool(said.code)


def _require_nft() -> None:
    said = run("--version")
    found = re.search(r"v?(\d+)\.(\d+)", said.out)
    if found is None or (int(found[1]), int(found[2])) < LEAST:
        raise GatewayError(
            f"nft is older than {LEAST[0]}.{LEAST[1]}: {said.out.strip() or said.reason}",
            hint=INSTALL,
        )
