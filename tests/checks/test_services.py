"""Services by port: an answer is needed, and who began must have been seen."""

from thingwarden.checks.services import is_from_internet, service_values
from thingwarden.model import DeviceId, Evidence


def row(amount):
    return Evidence(
        device_id=DeviceId("d"), capture=0, frame=1, time_us=0, says="", about="x", amount=amount
    )


def test_ports_and_names_go_together():
    values = service_values({"tcp 445": "SMB", "udp 69": "TFTP"})

    assert list(zip(values["ports"], values["services"], strict=True)) == [
        ("tcp 445", "SMB"),
        ("udp 69", "TFTP"),
    ]


def test_one_stranger_is_enough():
    assert is_from_internet([row(1), row(2)])
    assert not is_from_internet([row(1)])
