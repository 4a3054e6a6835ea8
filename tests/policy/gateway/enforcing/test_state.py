import multiprocessing
import os
import stat
from dataclasses import replace

import pytest

from thingwarden.errors import GatewayError
from thingwarden.policy.gateway.enforcing.state import (
    STATE_FILE,
    Loaded,
    Pending,
    State,
    boot_id,
    is_late,
    keep_rules,
    kept_file,
    locked,
    policy_file,
    read_state,
    rules_file,
    tidy,
    uptime,
    write_state,
)
from thingwarden.policy.gateway.steps import Step

LOADED = Loaded(id="a" * 16, step=Step.LOG, families=("inet",), since_us=5)


def test_a_state_is_read_as_it_was_written(tmp_path):
    state = State(loaded=LOADED, pending=Pending(token="t", boot="b", until_seconds=1, until_us=2))

    write_state(tmp_path, state)

    assert read_state(tmp_path) == state
    assert [file.name for file in tmp_path.iterdir()] == [STATE_FILE]


def test_without_a_state_it_is_the_beginning(tmp_path):
    assert read_state(tmp_path) == State()


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"schema": "other"}', b'{"loaded": 5}'])
def test_a_broken_state_is_refused_with_a_way_out(tmp_path, data):
    (tmp_path / STATE_FILE).write_bytes(data)

    with pytest.raises(GatewayError) as error:
        read_state(tmp_path)

    assert "enforce off" in error.value.hint


def test_rules_are_kept_under_what_they_are_for_our_eyes_only(tmp_path):
    name = keep_rules(tmp_path, "rules", b"policy")

    assert keep_rules(tmp_path, "rules", b"policy") == name
    assert keep_rules(tmp_path, "rules", b"other") != name
    assert rules_file(tmp_path, name).read_text() == "rules"
    assert stat.S_IMODE(policy_file(tmp_path, name).stat().st_mode) == 0o600


def test_what_the_state_no_longer_speaks_of_goes(tmp_path):
    old, new = keep_rules(tmp_path, "old", b""), keep_rules(tmp_path, "new", b"")
    kept_file(tmp_path).write_text("x")
    waiting = Pending(token="t", boot="b", until_seconds=1, until_us=2)

    tidy(tmp_path, State(loaded=replace(LOADED, id=new), pending=waiting))
    assert kept_file(tmp_path).exists()
    tidy(tmp_path, State(loaded=replace(LOADED, id=new)))

    assert not rules_file(tmp_path, old).exists()
    assert rules_file(tmp_path, new).exists()
    assert not kept_file(tmp_path).exists()


def hold(folder, ready, done):
    with locked(folder):
        ready.set()
        done.wait(10)


def test_only_one_changes_the_rules_at_a_time(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    ready, done = spawn.Event(), spawn.Event()
    other = spawn.Process(target=hold, args=(tmp_path, ready, done))
    other.start()
    assert ready.wait(20)
    try:
        with (
            pytest.raises(GatewayError, match="another thingwarden"),
            locked(tmp_path, seconds=0.1),
        ):
            pass
    finally:
        done.set()
        other.join()

    with locked(tmp_path, seconds=0.1):
        pass


def test_a_folder_that_others_may_write_into_is_refused(tmp_path):
    tmp_path.chmod(0o777)

    with pytest.raises(GatewayError, match="others may write"), locked(tmp_path):
        pass


def test_a_folder_is_made_for_us_alone(tmp_path):
    with locked(tmp_path / "a" / "b"):
        pass

    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("boot", "left", "late"), [(None, 60, False), (None, -1, True), ("another start", 60, True)]
)
def test_a_word_comes_too_late_after_its_time_and_after_a_restart(boot, left, late):
    pending = Pending(token="t", boot=boot or boot_id(), until_seconds=uptime() + left, until_us=0)

    assert is_late(pending) == late


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_state_that_cannot_be_written_is_told(tmp_path):
    tmp_path.chmod(0o500)

    with pytest.raises(GatewayError, match="cannot be written"):
        write_state(tmp_path, State())
