"""The ledger of a device -> channels that speak for different makers: a spoof, an implant or a repair."""

from collections import defaultdict

import numpy as np

from thingwarden.inventory.identification.ledger import Balance, Scores

APART = 0.5
"""Jensen-Shannon divergence, in bits from 0 to 1, from which two channels disagree (Lin 1991)."""

CONFIDENT = 0.8
"""How sure each of the two must be by itself."""

GENERAL = frozenset(
    {"phone", "tablet", "computer", "television", "voice-assistant", "router", "hub"}
)
"""Things that run other makers' software, or speak for other things: their channels may differ."""

HEARSAY = frozenset({"domain", "remote-port", "mdns-search", "upnp-search", "prefix"})
"""What a thing asks for or is built from may be another maker's."""


def find_conflicts(balance: Balance) -> list[tuple[str, str, str, str]]:
    """Pairs of channels with the makers that they speak for: (channel, maker, channel, maker)."""
    views = {channel: _alone(balance, entry) for channel, entry in balance.entries.items()}
    sure = {
        channel: max(view, key=lambda each: view[each])
        for channel, view in views.items()
        if max(view.values()) >= CONFIDENT
    }
    return [
        (one, sure[one], other, sure[other])
        for one in sorted(sure)
        for other in sorted(sure)
        if one not in HEARSAY
        and (other in HEARSAY or one < other)
        and other != "prefix"
        and "" not in (sure[one], sure[other])
        and _divergence(views[one], views[other]) >= APART
    ]


def _alone(balance: Balance, entry: Scores) -> dict[str, float]:
    """Probability of each maker, were this the only channel."""
    logs = entry + balance.priors
    masses = np.exp(logs - logs.max())
    sums: dict[str, float] = defaultdict(float)
    for leaf, mass in zip(balance.leaves, masses / masses.sum(), strict=True):
        sums[leaf.vendor] += float(mass)
    return sums


def _divergence(one: dict[str, float], other: dict[str, float]) -> float:
    names = sorted(set(one) | set(other))
    p = np.array([one.get(name, 0.0) for name in names])
    q = np.array([other.get(name, 0.0) for name in names])
    return (_kullback(p, (p + q) / 2) + _kullback(q, (p + q) / 2)) / 2


def _kullback(p: Scores, q: Scores) -> float:
    seen = p > 0
    return float((p[seen] * np.log2(p[seen] / q[seen])).sum())
