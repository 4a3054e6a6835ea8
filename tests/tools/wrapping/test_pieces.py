from tests.home import Home
from tools.wrapping.behaviours import HOUR_US
from tools.wrapping.pieces import cut_by_hour, first_hour, in_order, read_frames


def write_two_hours(folder):
    home = Home()
    plug = home.device("plug")
    plug.joins_by_dhcp()
    home.waits(3600)
    plug.looks_for(["192.168.1.1"])
    return home.write(folder / "day.pcap")


def test_pieces_hold_every_frame_once_and_in_its_hour(tmp_path):
    whole = write_two_hours(tmp_path)

    pieces = cut_by_hour(whole, tmp_path)

    assert len(pieces) == 2
    assert [frame for piece in pieces for frame in read_frames(piece)] == read_frames(whole)
    for piece in pieces:
        assert {time_us // HOUR_US for time_us, _ in read_frames(piece)} == {first_hour(piece)}


def test_captures_are_put_in_order_of_time_not_of_name(tmp_path):
    early, late = cut_by_hour(write_two_hours(tmp_path), tmp_path)
    first, second = early.rename(tmp_path / "z.pcap"), late.rename(tmp_path / "a.pcap")

    assert in_order([second, first]) == [first, second]
