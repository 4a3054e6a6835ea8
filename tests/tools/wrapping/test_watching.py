import pytest

from thingwarden.model import DeviceId

from tests.home import Home
from tools.wrapping.pieces import cut_by_hour
from tools.wrapping.watching import Kept, Split, follow

CLOUD, OTHER_CLOUD = "93.184.215.14", "151.101.1.140"


def write_hours(folder, hours):
    """A plug that calls a cloud each hour, and from the third on another."""
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    for hour in range(hours):
        plug.asks("cloud.example", CLOUD)
        plug.connects(CLOUD, 443).closes()
        if hour == 2:
            plug.asks("update.example", OTHER_CLOUD)
            plug.connects(OTHER_CLOUD, 443).closes()
        home.waits(3600)
    return cut_by_hour(home.write(folder / "hours.pcap"), folder)


def split(*, new=0, ahead=24, bound=10.0, guess=0.0, device="d-1", episodes=0):
    return Split(
        device=DeviceId(device),
        watched=5,
        ahead=ahead,
        new=new,
        episodes=episodes,
        bound=bound,
        guess=guess,
    )


def test_what_comes_new_after_a_split_is_counted_until_it_has_been_learnt(tmp_path):
    found = list(follow(write_hours(tmp_path, 4)))

    assert [(each.watched, each.ahead, each.new) for each in found] == [
        (1, 3, 1),
        (2, 2, 1),
        (3, 1, 0),
    ]
    assert all(each.holds for each in found)


def test_only_chosen_devices_are_split(tmp_path):
    hours = write_hours(tmp_path, 2)

    assert list(follow(hours, [DeviceId("d-other")])) == []


def test_a_bound_holds_up_to_itself_and_no_further():
    assert split(new=1, ahead=84, bound=2.0).holds
    assert not split(new=2, ahead=84, bound=2.0).holds


def test_few_hours_tell_nothing_where_one_surprise_breaks_the_bound():
    assert not split(ahead=16, bound=10.0).tells
    assert split(ahead=17, bound=10.0).tells


def test_what_comes_in_one_hour_is_one_episode():
    one = split(new=5, episodes=1, ahead=84, bound=2.0)

    assert (one.holds, one.holds_by_episode) == (False, True)


def test_shares_are_of_splits_and_devices_count_where_all_hold():
    kept = Kept(
        name="home",
        splits=(split(), split(new=9), split(device="d-2"), split(device="d-2", guess=1.0)),
    )

    assert kept.share == pytest.approx(0.75)
    assert kept.guessed == pytest.approx(0.75)
    assert (len(kept.eventful.splits), kept.eventful.share) == (1, 0.0)
    assert (kept.devices, kept.always) == (2, 1)
    assert (kept.bound, kept.came) == (10.0, pytest.approx(9 * 168 / 24 / 4))
