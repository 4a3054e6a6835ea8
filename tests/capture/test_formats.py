import pytest

from thingwarden.capture.formats import MAX_INTERFACES, read_block, read_head, read_section
from thingwarden.errors import CaptureError

from tests.capture.captures import interface, option, pcap, section


def fresh():
    return read_head(section()[:24], "test")[0]


def test_a_pcap_head_tells_link_type_and_resolution():
    state, size = read_head(pcap(link=113, order=">", magic=0xA1B23C4D)[:24], "test")

    assert size == 24
    assert state.link_types == {113}
    assert state.form.tolist()[:4] == [0, 1, 1_000_000_000, 113]


def test_bits_about_the_check_sequence_are_no_link_type():
    assert read_head(pcap(link=0x14000001)[:24], "test")[0].link_types == {1}


def test_a_file_that_is_none_is_told_by_its_first_bytes():
    with pytest.raises(CaptureError, match=r"notes.txt: not a capture \(starts with 68 65 6c 6c\)"):
        read_head(b"hello", "notes.txt")


def test_interfaces_add_up_and_a_section_forgets_them():
    state = fresh()

    for link in (1, 105):
        read_block(interface(link), state)
    assert state.interfaces[:, 0].tolist() == [1, 105]

    read_section(section()[:12], state)
    assert len(state.interfaces) == 0


@pytest.mark.parametrize(("code", "ticks"), [(6, 10**6), (9, 10**9), (0x8A, 1024), (0, 1)])
def test_resolutions_are_powers_of_ten_or_two(code, ticks):
    state = fresh()

    read_block(interface(1, "<", option(9, bytes([code]))), state)

    assert state.interfaces[0, 1] == ticks


def test_a_section_with_too_many_interfaces_is_refused():
    state = fresh()
    for _ in range(MAX_INTERFACES):
        read_block(interface(), state)

    with pytest.raises(ValueError, match="interfaces"):
        read_block(interface(), state)


@pytest.mark.parametrize(
    "start", [b"\x0a\x0d\x0d\x0a\x1c\0\0\0abcd", section()[:4] + b"\3\0\0\0" + section()[8:12]]
)
def test_a_section_head_that_contradicts_itself_is_refused(start):
    with pytest.raises(ValueError, match="section header"):
        read_section(start, fresh())


def test_options_that_are_cut_are_left_out():
    state = fresh()

    read_block(interface(1, "<", b"\x09\x00\xff\x00\x09\x00\x00\x00"), state)

    assert state.interfaces[0, 1] == 1_000_000
