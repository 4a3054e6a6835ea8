import pytest

from thingwarden.errors import GatewayError
from thingwarden.model import Known
from thingwarden.policy.gateway.enforcing import asking
from thingwarden.policy.gateway.enforcing.state import State

from tests.lab import a_room
from tests.policy.gateway.enforcing.rooms import WEB, Gateway, policy
from tests.rule_sets import device, site

KNOWN = (Known(name="a.example", addresses=("198.51.100.7",)),)


def test_nothing_loaded_is_fine_and_nothing_to_ask(tmp_path):
    status = asking.read_status(tmp_path)

    assert status.is_fine
    with pytest.raises(GatewayError, match="no rules of thingwarden are loaded"):
        asking.loaded_policy(tmp_path, State())


def test_without_nft_names_have_the_addresses_that_the_policy_knows(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    some = site([device(1, [WEB], known=KNOWN)])

    ((_, there), (_, back)) = asking.ask("10.0.0.1 > 198.51.100.7:443 tcp", some)

    assert [one.rule for one in (*there, *back)] == ["web", "web"]


def test_a_flow_of_strangers_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(GatewayError, match="neither end is a device"):
        asking.ask("192.0.2.1 > 192.0.2.2:80 tcp", policy(WEB))


def test_the_next_step_is_taken_when_it_was_agreed(tmp_path):
    with a_room() as room:
        gateway = Gateway(room, tmp_path)
        gateway.load(policy(WEB), "--advance-after", "0", "--when-stopped-at-most", "5")

        gateway.must("status", "--advance")

        status = gateway.status()
        assert (status["step"], status["confirmed"]) == ("internet", True)


def test_without_an_agreement_nothing_advances(tmp_path):
    with a_room() as room:
        gateway = Gateway(room, tmp_path)
        gateway.load(policy(WEB))

        done = gateway.do("status", "--advance")

        assert "not time for the next step" in done.stderr
        assert gateway.status()["step"] == "log"
