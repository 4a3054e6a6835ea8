"""The generated home is what it says, and its phones are known again."""

import pytest

from tools.relinking import look, measure_home
from tools.roaming_home import main, write_roaming_home


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    path = tmp_path_factory.mktemp("roaming") / "home.pcap"
    return path, write_roaming_home(path, seed=3, days=4, twins=True)


def test_the_same_seed_gives_the_same_home(home, tmp_path, monkeypatch):
    path, _ = home
    monkeypatch.setattr("sys.argv", ["roaming_home", f"{tmp_path / 'again.pcap'}", "--seed", "3",
                                     "--days", "4", "--twins"])  # fmt: skip
    main()

    assert (tmp_path / "again.pcap").read_bytes() == path.read_bytes()
    write_roaming_home(tmp_path / "other.pcap", seed=4, days=4, twins=True)
    assert (tmp_path / "other.pcap").read_bytes() != path.read_bytes()


def test_everybody_is_seen(home):
    path, truth = home
    seen = {mac for device in look(path) for mac in device.macs}

    assert len(truth.owner) > 100
    assert set(truth.owner) <= seen
    assert len(seen - set(truth.owner)) == 6


def test_most_show_something_that_lasts_and_one_shows_nothing(home):
    _, truth = home
    shows = list(truth.shows.values())

    assert sum("own-name" in each for each in shows) >= 15
    assert sum("duid" in each for each in shows) == 8
    assert sum("nothing" in each for each in shows) == 1


@pytest.mark.parametrize("home", ["roaming_home", "roaming_phones"])
@pytest.mark.parametrize(("seed", "twins"), [(11, False), (12, True)])
def test_phones_are_known_again_and_never_joined_with_others(home, seed, twins):
    result = measure_home(home, seed, days=5, twins=twins)

    assert result.wrongly_joined == 0
    assert result.lasting_known_again >= 0.95 * result.lasting_changes > 25
    assert twins or home != "roaming_home" or result.known_again >= 0.95 * result.changes
    assert result.shared_addresses > 10


def test_devices_that_look_alike_are_told_as_perhaps_the_same():
    assert measure_home("roaming_home", 13, days=5, twins=True).perhaps > 0
