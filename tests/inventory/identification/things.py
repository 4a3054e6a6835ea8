"""Things that tell something, as short as a test can say it."""

from collections.abc import Iterable, Mapping

from thingwarden.inventory.identification.experience import Example
from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.tokens import Told
from thingwarden.model import DeviceId

PLUG = Kind(vendor="Acme", model="Plug 1", category="plug")
OTHER_PLUG = Kind(vendor="Acme", model="Plug 2", category="plug")
CAMERA = Kind(vendor="Blick", model="Cam X", category="camera")

PLUG_MAC, STRANGE_MAC, RANDOM_MAC = "00:17:88:2b:9a:25", "f0:0d:f0:12:34:56", "da:a1:19:12:34:56"

PLUG_TELLS = {
    "host-name": ("acme-plug1",),
    "domain": ("api.acme.example.com", "time.acme.example.com"),
    "dhcp-options": ("1,3,6,15",),
    "tls-client": ("t12d1",),
}
OTHER_PLUG_TELLS = {**PLUG_TELLS, "host-name": ("acme-plug2",)}
CAMERA_TELLS = {
    "host-name": ("blickcam",),
    "domain": ("video.blick.example.org",),
    "dhcp-options": ("1,3,6,12",),
    "tls-client": ("t13d9",),
}


def example(kind: Kind, tells: Mapping[str, Iterable[str]]) -> Example:
    """A thing of this kind that told these tokens."""
    tokens = frozenset((channel, value) for channel, told in tells.items() for value in told)
    return Example(kind, tokens)


EXAMPLES = (
    example(PLUG, PLUG_TELLS), example(OTHER_PLUG, OTHER_PLUG_TELLS), example(CAMERA, CAMERA_TELLS)
)  # fmt: skip


def told(channel: str, raw: str, *, frame: int = 1, capture: int = 0) -> Told:
    """A value that a device told."""
    return Told(
        device_id=DeviceId("d-0017882b9a25"),
        channel=channel,
        raw=raw,
        times=1,
        capture=capture,
        frame=frame,
        time_us=1_000_000 + frame,
    )
