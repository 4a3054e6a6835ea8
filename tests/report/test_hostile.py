"""A home whose things give themselves names that attack whoever reads them, from packets to pages."""

import io
import json
import struct

import pytest
from rich.cells import cell_len
from rich.console import Console

from thingwarden.pipeline import inspect_captures
from thingwarden.report.document import read_document, render_document
from thingwarden.report.page import render_page
from thingwarden.report.terminal import render_terminal
from thingwarden.report.verify import compare_report, render_verification

from tests.frames import ip_bytes
from tests.home import Home
from tests.messages import A, dns_name, dns_record
from tests.report.pages import Page

SCRIPT = "<script>alert(1)</script>"
OVERRIDE = "nimda\u202egpj.exe"
ZERO_WIDTH = "cam\u200b\u2060era\ufeff"
CONTROLS = "\x1b[2J\x1b]0;owned\x07\x9b31m\r\n\x00"
STACKED = "e" + "\u0301" * 40
BRACES = "{{7*7}}${7*7}[bold red]&lt;b&gt;"
HUGE = "x" * 100_000
HOSTILE = (SCRIPT, OVERRIDE, ZERO_WIDTH, CONTROLS, STACKED, BRACES)

PTR, TXT, SRV = 12, 16, 33
STEERING = set(map(chr, (*range(32), *range(127, 160)))) - {"\n"}
UNSEEN = STEERING | set("\u202e\u200b\u2060\ufeff\u2066\u2069\u200f")

DESCRIPTION = """<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><device>
<deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType>
<friendlyName>{name}</friendlyName><manufacturer>{maker}</manufacturer>
<modelName>{model}</modelName><modelNumber>{huge}</modelNumber><UDN>uuid:{override}</UDN>
</device></root>"""


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def announce(device, instance, texts):
    """An announcement over mDNS with TXT strings; nothing in it is as it should be."""
    service, host = "_hap._tcp.local", f"{instance[:20]}.local"
    full = dns_name(instance) + dns_name(service)
    strings = b"".join(bytes((len(text[:255]),)) + text[:255] for text in texts)
    records = (
        dns_record(service, full[: len(dns_name(instance)) - 1] + dns_name(service), PTR),
        dns_record(f"{instance}.{service}", struct.pack("!HHH", 0, 0, 80) + dns_name(host), SRV),
        dns_record(f"{instance}.{service}", strings, TXT),
        dns_record(host, ip_bytes(device.ip), A),
    )
    says = struct.pack("!HHHHHH", 0, 0x8400, 0, len(records), 0, 0) + b"".join(records)
    device.sends_to_group("224.0.0.251", 5353, says, src_port=5353)


def describe(device, asker):
    body = DESCRIPTION.format(
        name=HUGE, maker=escaped(SCRIPT), model=OVERRIDE, huge=HUGE, override=OVERRIDE
    )
    asker.requests(
        device.ip,
        "GET /description.xml HTTP/1.1",
        {"Host": device.ip, "User-Agent": SCRIPT + OVERRIDE + "\x1b[31m"},
        answer_headers={"Content-Type": "text/xml", "Server": f"{SCRIPT}/1.0 {OVERRIDE}"},
        answer_body=body.encode(),
        port=8080,
    )


@pytest.fixture(scope="module")
def capture(tmp_path_factory):
    home = Home()
    asker = home.device("asker")
    asker.joins_by_dhcp()
    for number, name in enumerate(HOSTILE):
        device = home.device(f"thing {number}")
        device.joins_by_dhcp(hostname=name, vendor_class=name)
        announce(device, name.replace(".", " ")[:60], [name.encode(), b"md=" + name.encode()])
        describe(device, asker)
        device.announces_by_ssdp(f"{name}/1.0".replace("\r\n", " "))
        device.logs_in_by_telnet(asker, user=name[:20]).closes()
        device.speaks_mqtt("93.184.215.14", topics=[name, f"zigbee2mqtt/{name}"], password="a")
        device.asks(f"{name[:40].replace('.', ' ')}.example", "93.184.215.14")
    chatty = home.device("chatty")
    for number in range(300):
        chatty.joins_by_dhcp(hostname=f"name {number} {SCRIPT}")
    long = home.device("long")
    long.joins_by_dhcp(hostname="y" * 255)
    return home.write(tmp_path_factory.mktemp("hostile") / "home.pcap")


@pytest.fixture(scope="module")
def report(capture):
    return inspect_captures([capture])


def printed(render, *given, width=100):
    out = io.StringIO()
    render(*given, Console(file=out, width=width))
    return out.getvalue()


def test_the_names_were_heard(report):
    names = {name for one in report.assessments for name in one.device.names}

    assert any(name.startswith("<script>") for name in names)
    assert any(name.startswith("nimda") for name in names)


def test_they_are_bounded_in_length_and_number(report):
    devices = [one.device for one in report.assessments]

    assert max(len(device.names) for device in devices) <= 8
    assert max(len(name) for device in devices for name in device.names) <= 255


@pytest.mark.parametrize("width", [40, 100])
def test_the_terminal_is_not_steered(report, width):
    text = printed(render_terminal, report, width=width)

    assert not set(text) & UNSEEN
    assert max(map(cell_len, text.splitlines())) <= width
    assert "\u0301" * 5 not in text


def test_the_page_has_no_element_of_theirs_and_no_letter_that_steers(report):
    text = render_page(report)
    page = Page(text)

    assert "<script" not in text
    assert not set(text) & UNSEEN
    assert any(SCRIPT in words for words in page.words)
    assert "49" not in {words.strip("${} ") for words in page.words}
    assert len(text) < 1_000_000
    assert max(len(max(words.split() or [""], key=len)) for words in page.words) <= 300
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]


def test_the_json_says_the_names_but_in_escapes(report):
    text = render_document(report)
    names = {name for device in json.loads(text)["devices"] for name in device["names"]}

    assert not set(text) & UNSEEN
    assert names >= {name for one in report.assessments for name in one.device.names}
    assert max(map(len, text.splitlines())) < 6 * 4096


def test_a_hostile_report_holds_and_is_printed_safely(report):
    results = compare_report(read_document(render_document(report).encode()), report)

    text = printed(render_verification, results)

    assert all(result.holds for result in results)
    assert not set(text) & UNSEEN
