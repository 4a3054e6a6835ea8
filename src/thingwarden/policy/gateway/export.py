"""A policy -> a folder that is laid out like the file system of a gateway, with what to do in its README."""

from collections.abc import Mapping
from typing import Literal

from thingwarden.model import Policy
from thingwarden.policy.gateway.change import write_step
from thingwarden.policy.gateway.dnsmasq import list_unsaid, write_dnsmasq
from thingwarden.policy.gateway.names import comment
from thingwarden.policy.gateway.rules import write_removal, write_rules
from thingwarden.policy.gateway.steps import Step

Kind = Literal["plain", "openwrt"]

RULES: Mapping[Kind, str] = {
    "plain": "etc/nftables.d/thingwarden.nft",
    "openwrt": "usr/share/nftables.d/ruleset-post/thingwarden.nft",
}
"""Where the rules lie. OpenWrt reads /etc/nftables.d inside its own table, so a table needs another place."""

STEPS = "etc/thingwarden"
RESOLVER = "etc/dnsmasq.d/thingwarden.conf"

FIRST: Mapping[Kind, str] = {
    "plain": """\
1. `apt install nftables dnsmasq`. dnsmasq must do the DNS of the network (2.87 or newer: `dnsmasq --version`
   names `nftset`).
2. Copy `etc` to `/`. Let the last line of `/etc/nftables.conf` be `include "/etc/nftables.d/*.nft"`.
3. `nft -c -f /etc/nftables.d/thingwarden.nft`, and without complaint `systemctl reload nftables`.
4. `dnsmasq --test`, then `systemctl restart dnsmasq`.
""",
    "openwrt": """\
1. Install `kmod-nft-bridge`, and `dnsmasq-full` in place of `dnsmasq`.
2. Copy `etc` and `usr` to `/`, and name both files in `/etc/sysupgrade.conf`.
3. `uci add_list dhcp.@dnsmasq[0].confdir=/etc/dnsmasq.d; uci commit dhcp`.
4. Turn flow offloading off: `uci set firewall.@defaults[0].flow_offloading=0; uci commit firewall`.
5. `fw4 check`, and without complaint `service firewall restart; service dnsmasq restart`.
""",
}

README = """\
# Rules of thingwarden for this gateway

`{rules}` has the rules, `{resolver}` fills their sets from DNS answers. `docs/gateway.md` of thingwarden says
what they do and where they end.

{first}
They begin with the step `{step}`. See what would be stopped, for at least as long as the devices were watched:
`nft list counters table bridge thingwarden | grep -A1 stopped`. Then go on, one step after the other, each
at once and without cutting what is allowed:

    nft -f /{steps}/step-internet.nft
    nft -f /{steps}/step-all.nft

and back with `nft -f /{steps}/step-log.nft`. A reload of the file begins again with `{step}`: to keep a
step, export with it. Take all off with `nft -f /{steps}/off.nft`, and delete the files.
{unsaid}"""


def list_files(policy: Policy, kind: Kind, *, step: Step = Step.LOG) -> Mapping[str, str]:
    """Path below the folder -> text, the README last."""
    steps = {f"{STEPS}/step-{one.value}.nft": write_step(one) for one in Step}
    return {
        RULES[kind]: write_rules(policy, step),
        RESOLVER: write_dnsmasq(policy),
        **steps,
        f"{STEPS}/off.nft": write_removal(),
        "README.md": _readme(policy, kind, step),
    }


def _readme(policy: Policy, kind: Kind, step: Step) -> str:
    unsaid = "".join(f"- {comment(sentence)}\n" for sentence in list_unsaid(policy))
    return README.format(
        rules=RULES[kind],
        resolver=RESOLVER,
        first=FIRST[kind],
        step=step.value,
        steps=STEPS,
        unsaid=f"\nWhat these files cannot say:\n\n{unsaid}" if unsaid else "",
    )
