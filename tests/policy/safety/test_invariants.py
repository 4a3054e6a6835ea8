import pytest

from thingwarden.errors import PolicyError
from thingwarden.model import ANY, DNS, Initiator, PeerKind, Role, Span
from thingwarden.policy.safety.invariants import (
    CLOCK,
    LOOK_UP,
    MOST_BYTES,
    Demand,
    read_invariants,
    read_peer,
    read_span,
)

from tests.rule_sets import device, mac_of

ALARM = """
[[always]]
name = "alarm"
device = "pump"
peer = "station.example"
port = 8883
at_least = "10/s"
on_failure = "open"
"""


def read(text):
    return read_invariants(text.encode())


def test_an_invariant_says_what_must_pass_and_what_it_needs():
    (one,) = read(ALARM)

    assert (one.name, one.demand, one.at_least) == ("alarm", Demand.ALWAYS, "10/s")
    assert one.behaviour.initiator is Initiator.DEVICE
    assert (one.behaviour.protocol, one.behaviour.service) == (6, Span(first=8883, last=8883))
    assert one.needs == (LOOK_UP,)


def test_needs_are_added_once_and_only_to_what_must_pass():
    (always, never) = read(
        ALARM.replace("at_least", 'needs = ["ntp", "dns"]\nat_least')
        + '[[never]]\ndevice = "*"\npeer = "10.0.0.0/8"\n'
    )

    assert always.needs == (LOOK_UP, CLOCK)
    assert never.needs == ()
    assert never.name == "never 10.0.0.0/8"
    assert never.behaviour.service == ANY


@pytest.mark.parametrize("called", ["Pump", "d-020100000001", mac_of(1), "role:life-critical", "*"])
def test_a_device_is_meant_by_any_of_its_names(called):
    (one,) = read(ALARM.replace("pump", called))
    pump = device(1, [], name="pump", role=Role.LIFE_CRITICAL)

    assert one.is_about(pump)
    assert one.is_about(device(2, [])) == (called == "*")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a.example", PeerKind.NAME),
        ("*.a.example", PeerKind.NAME),
        ("10.0.0.0/8", PeerKind.NETWORK),
        ("2001:db8::1", PeerKind.NETWORK),
        ("224.0.0.251", PeerKind.GROUP),
        (mac_of(3), PeerKind.DEVICE),
        ("gateway", PeerKind.GATEWAY),
        ("local", PeerKind.LOCAL),
        ("anyone", PeerKind.ANYONE),
    ],
)
def test_each_way_to_name_the_other_end_is_understood(text, kind):
    assert read_peer(text).kind is kind
    assert read_peer("dns").value == DNS


def test_ports_are_one_or_a_span_or_all():
    assert read_span(80) == read_span("80") == Span(first=80, last=80)
    assert read_span("8000-8010") == Span(first=8000, last=8010)
    assert read_span(None) == ANY


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("device", "devise"), r"\[\[always\]\] number 1: devise: no such key"),
        (('device = "pump"', ""), "device: a text is needed"),
        (('"pump"', "5"), "device: a text is needed"),
        (("8883", '"8883-80"'), "port: '8883-80' is no port"),
        (("8883", "70000"), "no port and no span"),
        (("10/s", "often"), "no rate such as 10/s"),
        (('"open"', '"closed"'), "closed cannot be promised"),
        (('"open"', '"perhaps"'), "on_failure: 'perhaps' is not open"),
        (("station.example", "no name!"), "no name, address or word"),
        (("at_least", 'protocol = "sctp"\nat_least'), "protocol: 'sctp' is none of tcp"),
        (("at_least", 'begins = "both"\nat_least'), "begins: 'both' is none of"),
        (("at_least", 'needs = ["luck"]\nat_least'), "needs: expected a list of dns, ntp"),
        (("[[always]]", "[[sometimes]]"), "expected .*always"),
        (("[[always]]", "[always]"), "with two brackets"),
        (("peer =", "peer"), "not TOML: .*line 5"),
    ],
)
def test_a_mistake_is_told_with_its_place(change, why):
    with pytest.raises(PolicyError, match=why):
        read(ALARM.replace(*change, 1))


@pytest.mark.parametrize("data", [b"", b"\xff", b"#" * (MOST_BYTES + 1), b"a = " + b"[" * 9000])
def test_what_is_no_file_of_invariants_is_refused(data):
    with pytest.raises(PolicyError):
        read_invariants(data)


def test_words_of_the_file_move_no_cursor():
    with pytest.raises(PolicyError) as error:
        read(ALARM.replace("station.example", "\\u001b[31m"))

    assert "\x1b" not in str(error.value)
