from dataclasses import replace

from thingwarden.model import (
    Behaviour,
    DeviceId,
    DevicePolicy,
    Initiator,
    Origin,
    Peer,
    PeerKind,
    Policy,
    Rule,
    Span,
    WatchTime,
)

from tests.rule_sets import NETWORK
from tools.wrapping.measure import Attacked, Judged, Measured
from tools.wrapping.rehoming import Outcome
from tools.wrapping.section import TITLE, replace_section, tell
from tools.wrapping.stops import Judgement, Kind, Stopped
from tools.wrapping.watching import Kept, Split

BELL = DeviceId("d-1")
HTTPS = Behaviour(
    initiator=Initiator.DEVICE,
    peer=Peer(kind=PeerKind.NAME, value="new.example"),
    protocol=6,
    service=Span(first=443, last=443),
)
RULE = Rule(id="r1", behaviour=HTTPS, origin=Origin.LEARNT)
WATCH = WatchTime(active_hours=7, days=1, once=0, surprises=72.0, hours_to_go=None, homes=2)
POLICY = Policy(
    network=NETWORK,
    devices=(
        DevicePolicy(
            device_id=BELL,
            macs=("02:00:00:00:00:02",),
            addresses=("192.168.1.5",),
            name="bell",
            rules=(RULE,),
            watch_time=WATCH,
        ),
    ),
)


def stopped(kind, behaviour=HTTPS):
    return Stopped(device=BELL, kind=kind, behaviour=behaviour, packets=9)


def judged(policy, *stops, plain=None):
    return Judged(
        learnt="Home, a day",
        policy=policy,
        made=POLICY,
        judgement=Judgement(stopped=stops, hours={BELL: 84}),
        plain=plain,
    )


def measured(**other):
    gap, new, idle = stopped(Kind.GAP), stopped(Kind.NAME), stopped(Kind.NO_NEED)
    leased = Judgement(stopped=(stopped(Kind.LEASE),), hours={BELL: 84})
    outcome = Outcome(packets=60, stopped=59, behaviours=3, behaviours_stopped=2, devices=1)
    outcome.passed[BELL, "r1"] = 1
    split = Split(device=BELL, watched=7, ahead=24, new=0, episodes=0, bound=72.0, guess=0.0)
    usual = Measured(
        judged=(
            judged("names", new, gap, idle, plain=leased),
            judged("addresses", new, gap, idle),
        ),
        attacked=(Attacked(name="scan", claim="", outcome=outcome),),
        kept=(Kept(name="Home", splits=(split, replace(split, watched=8, new=99))),),
        names={},
    )
    return "\n".join(tell(replace(usual, **other)))


def test_gaps_count_as_stopped_for_addresses_only_and_no_need_for_nobody():
    page = measured()

    assert (
        "| Home, a day | names | 1 | 0.5 | 1 | 1 | 0 | 0 | 0 | 0 | 1 | 2.0 | 1 | 1 | 0 (0 %) |"
        in page
    )
    assert (
        "| Home, a day | addresses | 1 | 0.5 | 1 | 1 | 0 | 0 | 0 | 0 | 1 | 4.0 | 1 | - | 0 (0 %) |"
        in page
    )
    assert "2.0 by names and 4.0 by addresses; by names it would be 4.0" in page


def test_what_was_new_is_told_with_the_hours_before():
    page = measured()

    assert "| Home | bell | 7 | reaches new.example, TCP port 443 | new name |" in page
    assert "0 of 1 devices had nothing new on the Internet; 1 of 1" in page


def test_without_a_name_the_address_is_not_told():
    address = replace(HTTPS, peer=Peer(kind=PeerKind.NETWORK, value="203.0.113.7/32"))

    page = measured(judged=(judged("names", stopped(Kind.ADDRESS, address)), judged("addresses")))

    assert "reaches an address, TCP port 443" in page
    assert "203.0.113.7" not in page


def test_shares_of_attacks_are_rounded_down_and_what_passes_has_its_rule():
    page = measured()

    assert "| scan | 1 | 60 | 98.3 % | 3 | 66.6 % |" in page
    assert "| **all generated** | | 60 | 98.3 % | 3 | 66.6 % |" in page
    assert "- scan: `r1`, by which the device reaches new.example, TCP port 443 (bell)" in page


def test_a_share_below_the_bar_is_said_to_be():
    page = measured()

    assert (
        "| Home | 1 | 2 | 50.0 % | 2 | 50.0 % | 1 | 0.0 % | 100.0 % | 0 | 72 | 346.5 | 50.0 % |"
        in page
    )
    assert "- Home, below the bar: 1 of 1 misses are of the bell; 0 are at splits" in page
    assert "watched for more than 8 active hours" in page


def test_a_section_takes_the_place_of_the_old_one():
    page = f"# Page\n\n## First\n\na\n\n{TITLE}\n\nold\n\n## Last\n\nz\n"

    assert replace_section(page, f"{TITLE}\n\nnew") == (
        f"# Page\n\n## First\n\na\n\n{TITLE}\n\nnew\n\n## Last\n\nz\n"
    )
    assert replace_section("# Page\n", f"{TITLE}\n\nnew") == f"# Page\n\n{TITLE}\n\nnew\n"
