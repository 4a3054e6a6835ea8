import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thingwarden.errors import PolicyError
from thingwarden.model import DeviceId, DevicePolicy, Network, Policy
from thingwarden.policy.files import POLICY_FILE, read_policy, read_policy_folder, write_policy
from thingwarden.policy.needs import NEEDED

NETWORK = Network(locals=(), gateways=(), gateway_addresses=(), resolvers=())
DEVICE = DevicePolicy(
    device_id=DeviceId("d-1"), macs=("02:00:00:00:00:02",), addresses=(), rules=NEEDED
)
POLICY = Policy(network=NETWORK, devices=(DEVICE,), captures=("00" * 32,))


def test_a_policy_is_read_as_it_was_written():
    assert read_policy(write_policy(POLICY)) == POLICY


def test_the_same_policy_is_the_same_file():
    assert write_policy(POLICY) == write_policy(read_policy(write_policy(POLICY)))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_policy_or_refused(data):
    with pytest.raises(PolicyError):
        read_policy(data)


@given(st.integers(min_value=1), st.integers(0, 255))
def test_a_damaged_policy_is_one_or_refused(where, byte):
    data = bytearray(write_policy(POLICY))
    data[where % len(data)] = byte

    with contextlib.suppress(PolicyError):
        assert isinstance(read_policy(bytes(data)), Policy)


def test_a_policy_of_another_schema_is_refused():
    with pytest.raises(PolicyError, match="thingwarden-policy-9"):
        read_policy(write_policy(POLICY).replace(b"policy-1", b"policy-9"))


def test_a_folder_without_a_policy_says_how_to_get_one(tmp_path):
    with pytest.raises(PolicyError, match="cannot be read") as refused:
        read_policy_folder(tmp_path)

    assert "wrap" in refused.value.hint


def test_what_does_not_fit_is_named_with_its_file(tmp_path):
    (tmp_path / POLICY_FILE).write_bytes(
        write_policy(POLICY).replace(b'"service": {', b'"service": 7, "x": {', 1)
    )

    with pytest.raises(PolicyError, match=r"policy\.json: not a policy: .*service"):
        read_policy_folder(tmp_path)
