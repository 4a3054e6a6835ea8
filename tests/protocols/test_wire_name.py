import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.wire_name import wire_name


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"\x06camera\x04home\x00", "camera.home"),
        (b"\x06camera", "camera"),
        (b"\x06camera\x00behind", "camera"),
        (b"\x00", None),
        (b"", None),
        (b"\x02a\x07", "a\ufffd"),
    ],
)
def test_labels_are_joined_by_dots(raw, name):
    assert wire_name(raw) == name


@pytest.mark.parametrize("raw", [b"\x06camer", b"\xc0\x0c", b"\x01a" * 200])
def test_a_name_that_is_cut_compressed_or_long_is_refused(raw):
    with pytest.raises(ValueError, match="name is"):
        wire_name(raw)


@settings(max_examples=50)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_name_or_refused(raw):
    try:
        name = wire_name(raw)
    except ValueError:
        return
    assert name is None or (len(name) <= 255 and name.isprintable())
