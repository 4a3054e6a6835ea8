"""Facts + labels -> examples."""

from thingwarden.inventory.devices import list_devices
from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.learnt import MOST_TOKENS
from thingwarden.inventory.identification.teach import make_entry, teach
from thingwarden.model import CaptureFacts

from tests.inventory.identification.things import PLUG
from tests.inventory.rows import CAMERA, CAMERA_IP, PLUG_IP, ROUTER, SITE, asks, flow, found
from tests.inventory.rows import PLUG as PLUG_MAC

CAPTURE = CaptureFacts(
    number=0, sha256="ab" * 32, file="x", packets=1, bytes=1, first_us=0, last_us=0
)
TALKS = [
    flow((CAMERA, CAMERA_IP), (ROUTER, SITE)),
    flow((PLUG_MAC, PLUG_IP), (ROUTER, SITE)),
]


def lessons(kinds):
    with found(flows=TALKS, dhcp=[asks(CAMERA, hostname="cam-000001")]) as store:
        return teach(store, list_devices(store, {})[0], [CAPTURE], kinds)


def test_a_labelled_device_becomes_an_example_without_its_addresses():
    [entry] = lessons({CAMERA.replace(":", ""): Kind(vendor="Acme", model="Cam")})

    assert entry.kind.vendor == "Acme"
    assert entry.tokens["host-name"] == ["cam-<number>"]
    assert CAMERA.replace(":", "") not in str(entry)
    assert CAMERA_IP not in str(entry)


def test_the_same_device_in_the_same_captures_is_the_same_example():
    kinds = {CAMERA.replace(":", ""): Kind(vendor="Acme")}

    assert lessons(kinds)[0].id == lessons(kinds)[0].id


def test_devices_without_a_label_teach_nothing():
    assert lessons({}) == []


def test_a_flood_of_tokens_is_cut():
    entry = make_entry("x", PLUG, {"domain": [f"{n}.com" for n in range(2 * MOST_TOKENS)]})

    assert sum(map(len, entry.tokens.values())) == MOST_TOKENS
