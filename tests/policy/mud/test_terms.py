from thingwarden.policy.mud.terms import DRAFT_NAMES, ECHO, ICMP_VERSIONS, IP_NODES, TYPES
from thingwarden.policy.wording import printable


def test_each_name_of_a_draft_leads_to_one_that_is_none():
    assert not {new for old, new in DRAFT_NAMES.items() if new != old} & {
        old for old, new in DRAFT_NAMES.items() if new != old
    }


def test_each_version_of_ip_has_its_node_type_and_icmp():
    assert IP_NODES.keys() == TYPES.keys() == set(ICMP_VERSIONS.values())
    assert ICMP_VERSIONS.keys() == ECHO.keys()
    assert all(printable(node) == node for node in IP_NODES.values())
