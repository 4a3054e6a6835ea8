import pytest

from thingwarden.errors import PolicyError
from thingwarden.model import Origin, PeerKind
from thingwarden.policy.safety.prove import demanded, prove, read_invariants, require

from tests.rule_sets import DNS, UDP, device, mac_of, name, patch, peer, rule, site

DNS_RULE = rule("dns", peer(PeerKind.CONTROLLER, DNS), UDP, 53)
ALARM = rule("alarm", name("station.example"), port=8883)
LAN = rule("lan", peer(PeerKind.NETWORK, "10.9.0.0/16"), port=80)


def policy(*rules, **rest):
    return site([device(1, rules, name="pump", **rest), device(2, [], name="lamp")])


def invariants(demand="always", **keys):
    given = {"device": "pump", "peer": "station.example", "port": "8883"} | keys
    lines = [f'{key} = "{value}"' for key, value in given.items()]
    return read_invariants("\n".join([f"[[{demand}]]", *lines]).encode())


def proved(some, *arguments, **keys):
    (found,) = prove(some, invariants(*arguments, **keys))
    return found


def test_what_is_allowed_with_what_it_needs_is_kept():
    found = proved(policy(DNS_RULE, ALARM))

    assert found.kept
    assert found.breaches == ()


def test_a_pattern_above_the_name_will_do():
    assert proved(policy(DNS_RULE, rule("p", name("*.example"), port=8883))).kept


@pytest.mark.parametrize(
    "rules",
    [
        (ALARM,),  # nobody tells the address
        (DNS_RULE,),
        (DNS_RULE, rule("a", name("station.example"), port=8884)),
        (DNS_RULE, rule("a", name("station.example"), UDP, 8883)),
        (DNS_RULE, rule("a", name("other.example"), port=8883)),
        (DNS_RULE, rule("a", peer(PeerKind.NETWORK, "203.0.113.0/24"), port=8883)),
    ],
)
def test_what_is_not_allowed_or_lacks_what_it_needs_is_broken(rules):
    found = proved(policy(*rules))

    assert not found.kept
    assert {breach.rule for breach in found.breaches} == {"default"}


def test_a_span_must_be_allowed_from_end_to_end():
    wanted = {"peer": "10.9.9.9", "port": "80-82"}
    some = [rule(str(port), peer(PeerKind.LOCAL), port=port) for port in (80, 81, 82)]

    assert proved(policy(*some), **wanted).kept
    (there, back) = proved(policy(some[0], some[2]), **wanted).breaches
    assert there.box[2] == (81, 81)
    assert back.box[2] == (81, 81)


def test_a_patch_that_stops_it_breaks_it_unless_it_is_spared():
    hole = patch("hole", peer(PeerKind.ANYONE), port=80)
    served = rule("web", peer(PeerKind.LOCAL), port=80, initiator=hole.behaviour.initiator)
    spared = patch("hole", peer(PeerKind.ANYONE), still=(peer(PeerKind.NETWORK, "10.5.0.0/16"),))
    wanted = {"begins": "peer", "peer": "10.5.5.5", "port": "80"}

    broken = proved(policy(served, patches=(hole,)), **wanted)

    assert proved(policy(served), **wanted).kept
    assert [breach.rule for breach in broken.breaches] == ["hole"]
    assert proved(policy(served, patches=(spared,)), **wanted).kept


def test_where_both_ends_are_devices_both_lists_must_allow_it():
    wanted = {"peer": mac_of(2), "port": "80"}
    rules = [rule("lan", peer(PeerKind.DEVICE, mac_of(2)), port=80)]

    found = proved(policy(*rules), **wanted)

    assert {breach.device.name for breach in found.breaches} == {"lamp"}


def test_what_must_never_pass_is_kept_until_a_rule_allows_it():
    wanted = {"peer": "10.9.9.0/24", "port": "1-1000"}

    assert proved(policy(DNS_RULE), "never", **wanted).kept
    (breach,) = proved(policy(LAN), "never", **wanted).breaches
    assert (breach.rule, breach.passes, breach.box[2]) == ("lan", True, (80, 80))


def test_a_name_may_lead_anywhere_and_that_is_told():
    found = proved(policy(ALARM), "never", peer="203.0.113.0/24", port="8883")

    assert found.kept
    assert found.provided == ("station.example",)


def test_a_forbidden_name_is_broken_by_the_pattern_above_it():
    some = policy(rule("p", name("*.example"), port=8883))

    assert not proved(some, "never", peer="station.example").kept


def test_an_invariant_about_nobody_proves_nothing():
    assert not proved(policy(), device="toaster").kept
    with pytest.raises(PolicyError, match="no device of the policy is 'toaster'"):
        require(policy(), invariants(device="toaster"))


def test_a_policy_that_breaks_one_is_refused_with_the_packet():
    with pytest.raises(PolicyError, match=r"the policy breaks .*station.example.*port 8883"):
        require(policy(DNS_RULE), invariants())

    require(policy(DNS_RULE, ALARM), invariants())


def test_what_is_demanded_is_added_where_it_is_missing_and_then_kept():
    some = invariants()
    full = demanded(policy(), some)

    assert [one.origin for one in full.devices[0].rules] == [Origin.INVARIANT] * 2
    assert full.devices[1].rules == ()
    assert all(found.kept for found in prove(full, some))
    assert demanded(full, some) == full


def test_thousands_of_rules_are_one_list():
    many = [
        rule(f"r{n}", peer(PeerKind.NETWORK, f"10.{n >> 8}.{n & 255}.0/24"), port=1000 + n % 50)
        for n in range(5000)
    ]

    found = proved(policy(*many), peer="10.3.4.5", port=str(1000 + (3 * 256 + 4) % 50))

    assert found.kept
    assert not proved(policy(*many), peer="10.3.4.5", port="80").kept
