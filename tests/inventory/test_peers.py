"""Names and places of addresses on the Internet."""

from tests.inventory.rows import (
    CAMERA,
    CAMERA_IP,
    OTHER_SITE,
    PLUG,
    PLUG_IP,
    ROUTER,
    SITE,
    flow,
    found,
    message,
    unanswered,
)

TALK = flow((CAMERA, CAMERA_IP), (ROUTER, OTHER_SITE))
ASKED = message((CAMERA, CAMERA_IP), (ROUTER, OTHER_SITE))
ANSWERED = message((ROUTER, OTHER_SITE), (CAMERA, CAMERA_IP))


def peers(**rows):
    with found(**{"flows": [TALK], **rows}) as store:
        return store.arrow("select * from peers order by ip").to_pylist()


def looked_up(name, alias=None, value=OTHER_SITE):
    answer = {**ANSWERED, "id": 7, "response": True, "questions": 1, "name": name}
    record = {**ANSWERED, "name": alias or name, "type": 1, "value": value}
    return {"dns": [answer], "dns_answers": [record]}


def test_a_peer_has_its_provider_and_country():
    assert peers() == [
        {
            "ip": OTHER_SITE,
            "name": None,
            "country": "US",
            "as_number": 15169,
            "provider": "Google LLC",
        }
    ]


def test_the_name_that_was_asked_for_counts_not_the_alias():
    [peer] = peers(**looked_up("www.example.com", alias="edge-7.cdn.example.net"))

    assert peer["name"] == "www.example.com"


def test_an_answer_without_its_question_still_names():
    [peer] = peers(dns_answers=looked_up("www.example.com")["dns_answers"])

    assert peer["name"] == "www.example.com"


def test_one_sni_weighs_more_than_many_answers():
    hello = [{**ASKED, "sni": "api.example.com"}]

    [peer] = peers(tls=hello, http=[{**ASKED, "host": "h.example"}] * 9, **looked_up("cdn.example"))

    assert peer["name"] == "api.example.com"


def test_the_most_frequent_name_of_a_kind_counts():
    hellos = [{**ASKED, "sni": sni} for sni in ("a.example", "b.example", "b.example")]

    assert peers(quic=hellos)[0]["name"] == "b.example"


def test_an_address_is_no_name():
    hosts = [{**ASKED, "host": host} for host in ("8.8.8.8", "[2001:db8::1]", "localhost")]

    assert peers(http=hosts)[0]["name"] is None


def test_who_never_answered_is_a_peer_and_who_is_inside_is_none():
    knock = unanswered((CAMERA, CAMERA_IP), (ROUTER, SITE))
    inside = flow((CAMERA, CAMERA_IP), (PLUG, PLUG_IP))

    assert [peer["ip"] for peer in peers(flows=[knock, inside])] == [SITE]
