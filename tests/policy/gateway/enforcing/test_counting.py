from thingwarden.model import PeerKind
from thingwarden.policy.entries import Way
from thingwarden.policy.gateway.enforcing.counting import passed, read_counts, stopped

from tests.rule_sets import device, large_site, name, patch, peer, rule, site, usual_rules

HOLE = patch("hole", peer(PeerKind.ANYONE))
POLICY = site(
    [device(1, [rule("web", name("a.example"))], patches=(HOLE,)), device(2, usual_rules(1))]
)
ONE = "d_020100000001"


def listed(counted, *, family="bridge", table="thingwarden"):
    return {
        "nftables": [
            {
                "counter": {
                    "family": family,
                    "table": table,
                    "name": called,
                    "packets": packets,
                    "bytes": packets * 60,
                }
            }
            for called, packets in counted.items()
        ]
    }


def test_what_stops_comes_first_then_what_is_busiest():
    counts = read_counts(
        POLICY,
        listed(
            {
                f"{ONE}_from_web": 50,
                f"{ONE}_stopped_from": 2,
                f"{ONE}_to_hole": 7,
                f"{ONE}_spoof": 0,
            }
        ),
    )

    assert [(one.rule, one.way, one.packets, one.stops) for one in counts] == [
        ("hole", Way.TO, 7, True),
        ("default", Way.FROM, 2, True),
        ("web", Way.FROM, 50, False),
    ]
    assert counts[2].words == "reaches a.example, TCP port 443"
    assert counts[0].words.endswith("patched, a hole")
    assert counts[2].bytes == 3000


def test_a_packet_that_both_families_see_counts_once():
    both = {
        "nftables": [
            *listed({f"{ONE}_from_web": 5})["nftables"],
            *listed({f"{ONE}_from_web": 3}, family="inet")["nftables"],
            *listed({f"{ONE}_from_web": 900}, table="others")["nftables"],
        ]
    }

    assert [one.packets for one in read_counts(POLICY, both)] == [5]


def test_sums_are_of_one_device_or_of_all():
    counts = read_counts(
        POLICY,
        listed({f"{ONE}_from_web": 5, f"{ONE}_spoof": 2, "d_020100000002_stopped_to": 4}),
    )
    first, second = (each.device_id for each in POLICY.devices)

    assert (stopped(counts), stopped(counts, first), stopped(counts, second)) == (6, 2, 4)
    assert (passed(counts, first), passed(counts, second)) == (5, 0)


def test_what_every_device_needs_is_nobodys_own():
    counts = read_counts(POLICY, listed({"needed_from_need-dhcp-ask": 9}))

    assert [len(one.devices) for one in counts] == [2]
    assert passed(counts, POLICY.devices[0].device_id) == 0
    assert counts[0].words.endswith("needed")


def test_devices_of_a_large_site_share_counters_until_one_is_changed_alone():
    policy = large_site(600, models=3)
    owner = "u_020100000001_200"

    counts = read_counts(policy, listed({f"{owner}_from_dns": 4, f"{ONE}_from_dns": 1}))

    assert sorted(len(one.devices) for one in counts) == [1, 200]


def test_counters_that_nobody_knows_are_left_out():
    assert read_counts(POLICY, listed({"x_from_y": 4})) == ()
