"""Who begins what with whom, whichever packet a capture begins with."""

from dataclasses import dataclass

from thingwarden.policy.learning.conversations import sum_conversations

from tests.home import START_US
from tests.inventory.rows import (
    CAMERA,
    CAMERA_IP,
    PLUG,
    PLUG_IP,
    ROUTER,
    SITE,
    flow,
    lease,
    unanswered,
)
from tests.policy.learning.lessons import DAY_US, HOUR_US, stored

CAM, THING, NET = (CAMERA, CAMERA_IP), (PLUG, PLUG_IP), (ROUTER, SITE)
GROUP = ("01:00:5e:7f:ff:fa", "239.255.255.250")
SYN = {"began_by": "syn"}
PACKET = {"began_by": "packet"}
UDP = {"protocol": "udp", "began_by": "packet", "tcp_state": None, "handshake_us": None}


@dataclass(frozen=True, kw_only=True)
class Row:
    a_ip: str
    b_ip: str
    protocol: str
    service: int | None
    answers_group: bool
    day: int
    hours: int
    flows: int
    answered: int
    capture: int
    frame: int


def summed(*flows) -> list[Row]:
    with stored(flows=flows, dhcp=[lease(CAMERA, CAMERA_IP)]) as store:
        sum_conversations(store)
        return store.read(
            Row,
            """
            select a_ip, b_ip, protocol, service, answers_group, day, hours, flows, answered,
                ((first >> 44) & 1048575)::int as capture, (first & 17592186044415)::bigint as frame
            from conversations
            order by all
            """,
        )


def ways(*flows) -> set[str]:
    return {f"{row.a_ip} > {row.b_ip} {row.protocol} {row.service}" for row in summed(*flows)}


def test_who_sends_the_first_syn_begins():
    assert ways(flow(CAM, NET, **SYN)) == {f"{CAMERA_IP} > {SITE} tcp 443"}
    assert ways(flow(NET, CAM, dst_port=80, **SYN)) == {f"{SITE} > {CAMERA_IP} tcp 80"}


def test_client_ports_do_not_make_behaviours_of_their_own():
    (row,) = summed(*(flow(CAM, NET, src_port=40_000 + n, **SYN) for n in range(9)))

    assert (row.flows, row.answered) == (9, 9)


def test_a_high_port_to_which_a_syn_went_is_a_service():
    assert ways(flow(CAM, NET, dst_port=50_000, **SYN)) == {f"{CAMERA_IP} > {SITE} tcp 50000"}


def test_an_answer_that_begins_the_capture_is_no_behaviour():
    answer = flow(NET, CAM, src_port=443, dst_port=40_000, **PACKET)

    assert ways(answer) == {f"{CAMERA_IP} > {SITE} tcp 443"}


def test_the_internet_does_not_begin_towards_a_private_address():
    keep_alive = flow(NET, CAM, src_port=8883, dst_port=50_000, **PACKET)

    assert ways(keep_alive) == {f"{CAMERA_IP} > {SITE} tcp 8883"}


def test_many_visitors_of_one_port_show_that_it_is_forwarded():
    visits = [flow(NET, CAM, src_port=50_000 + n, dst_port=8554, **PACKET) for n in range(4)]

    assert ways(*visits) == {f"{SITE} > {CAMERA_IP} tcp 8554"}


def test_a_port_that_one_end_keeps_while_the_other_changes_is_a_service():
    answers = [flow(CAM, THING, src_port=8080, dst_port=50_000 + n, **PACKET) for n in range(3)]

    assert ways(*answers) == {f"{PLUG_IP} > {CAMERA_IP} tcp 8080"}


def test_what_was_seen_to_begin_the_other_way_decides():
    begun = flow(THING, CAM, src_port=50_000, dst_port=8080, **SYN)
    later = flow(CAM, THING, src_port=8080, dst_port=50_000, time_us=START_US + 9, **PACKET)

    assert ways(begun, later) == {f"{PLUG_IP} > {CAMERA_IP} tcp 8080"}


def test_an_answer_to_a_question_to_a_group_is_no_call():
    asked = flow(CAM, GROUP, src_port=50_000, dst_port=1900, dst_packets=0, **UDP)
    answer = flow(THING, CAM, src_port=40_001, dst_port=50_000, dst_packets=0, **UDP)

    rows = [row for row in summed(asked, answer) if row.b_ip == PLUG_IP]

    assert [(row.service, row.answers_group, row.answered) for row in rows] == [(40_001, True, 1)]


def test_the_same_without_a_question_is_a_call():
    call = flow(THING, CAM, src_port=40_001, dst_port=50_000, dst_packets=0, **UDP)

    assert ways(call) == {f"{PLUG_IP} > {CAMERA_IP} udp 50000"}


def test_a_knock_that_is_refused_or_unheard_is_not_answered():
    (row,) = summed(
        unanswered(CAM, NET, **SYN),
        flow(CAM, NET, src_port=40_001, tcp_state="rejected", **SYN),
        flow(CAM, NET, src_port=40_002, **SYN),
    )

    assert (row.flows, row.answered) == (3, 1)


def test_each_day_has_a_row_with_a_bit_for_each_hour():
    times = (0, 1, HOUR_US, 23 * HOUR_US, DAY_US)
    rows = summed(*(flow(CAM, NET, time_us=START_US + each, **SYN) for each in times))

    assert [(row.day - START_US // DAY_US, row.hours) for row in rows] == [
        (0, 1 << 0 | 1 << 1 | 1 << 23),
        (1, 1 << 0),
    ]


def test_its_place_is_that_of_the_first_flow():
    (row,) = summed(
        flow(CAM, NET, time_us=START_US + 5, capture=1, frame=7, **SYN),
        flow(CAM, NET, time_us=START_US + 1, capture=2, frame=9, **SYN),
    )

    assert (row.capture, row.frame) == (2, 9)


def test_of_flows_at_the_same_moment_the_first_capture_and_frame_count():
    flows = [
        flow(CAM, NET, src_port=40_000 + n, capture=n % 2, frame=9 - n, **SYN) for n in range(6)
    ]

    for listed in (flows, flows[::-1]):
        (row,) = summed(*listed)
        assert (row.capture, row.frame) == (0, 5)


def test_a_ping_is_told_by_its_type_and_its_answer_is_the_same():
    ping = flow(CAM, THING, protocol="icmp", src_port=8, dst_port=0, **PACKET)
    answer = flow(CAM, NET, protocol="icmp", src_port=0, dst_port=0, **PACKET)

    assert ways(ping, answer) == {f"{CAMERA_IP} > {PLUG_IP} icmp 8", f"{CAMERA_IP} > {SITE} icmp 8"}


def test_who_has_no_address_yet_is_nobody():
    assert not ways(flow((CAMERA, "0.0.0.0"), ("ff:ff:ff:ff:ff:ff", "255.255.255.255"), **UDP))


def test_ipv6_is_no_different():
    camera, cloud = (CAMERA, "2001:db8:1::10"), (ROUTER, "2606:2800:220::14")
    answer = flow(cloud, camera, src_port=443, dst_port=50_000, **PACKET)

    assert ways(answer) == {"2001:db8:1::10 > 2606:2800:220::14 tcp 443"}
