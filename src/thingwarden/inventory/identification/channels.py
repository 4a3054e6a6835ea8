"""The channels through which a device shows what it is, and what each is worth.

The weights begin from those measured in `docs/decisions/0008-identity-ledger.md`. All tokens of a
channel are one voice, however many there are, because they are near-copies of each other.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One kind of evidence."""

    name: str
    says: str
    """How the evidence is told; `{}` stands for the token."""
    weight: float
    """From 0 (nothing) to 1 (as good as the device's own word)."""
    stable: bool = False
    """Whether its tokens stay the same for years: only these can tell that a model is unknown."""
    models: bool = True
    """Whether its tokens may tell models apart; else they speak of the maker only."""
    names: bool = False
    """Whether its tokens are words by which people or makers name the thing, whatever its firmware."""


CHANNELS = {
    channel.name: channel
    for channel in (
        Channel(
            name="upnp-model", says="describes itself as {}", weight=1.0, stable=True, names=True
        ),
        Channel(name="upnp-maker", says="says it is made by {}", weight=1.0, names=True),
        Channel(name="mdns-text", says="announces {}", weight=1.0, names=True),
        Channel(name="dhcp-vendor", says="asks for an address as {}", weight=0.8, stable=True),
        Channel(name="host-name", says="calls itself {}", weight=0.8, names=True),
        Channel(name="mdns-name", says="answers to the name {}", weight=0.8, names=True),
        Channel(name="user-agent", says="names its software {}", weight=0.8, names=True),
        Channel(name="server", says="serves as {}", weight=0.8, names=True),
        Channel(name="page", says="shows a page titled {}", weight=0.8, names=True),
        Channel(name="banner", says="greets with {}", weight=0.8, names=True),
        Channel(name="mqtt-client", says="connects to MQTT as {}", weight=0.8, names=True),
        Channel(name="mqtt-topic", says="publishes {}", weight=0.6, names=True),
        Channel(name="domain", says="asks for {}", weight=0.8, stable=True),
        Channel(name="certificate", says="shows a certificate of {}", weight=0.6, names=True),
        Channel(name="mdns-service", says="offers {}", weight=0.6, stable=True, names=True),
        Channel(name="upnp-type", says="announces {}", weight=0.6, stable=True, names=True),
        Channel(name="dhcp-options", says="asks for network settings {}", weight=0.5, stable=True),
        Channel(name="tls-client", says="greets in TLS as {}", weight=0.5),
        Channel(name="mdns-search", says="looks for {}", weight=0.4),
        Channel(name="upnp-search", says="looks for {}", weight=0.4),
        Channel(name="remote-port", says="speaks to port {}", weight=0.3),
        Channel(name="open-port", says="answers on port {}", weight=0.3),
        Channel(name="stack", says="opens connections as {}", weight=0.2, models=False),
        Channel(name="prefix", says="has a hardware address of {}", weight=0.6, models=False),
    )
}
"""All channels by name."""
