import pytest

from thingwarden.native import big_endian, little_endian


@pytest.mark.parametrize(
    ("load", "expected"),
    [
        (big_endian(16), 0x0203),
        (big_endian(32), 0x02030405),
        (little_endian(16), 0x0302),
        (little_endian(64), 0x0908070605040302),
    ],
)
def test_as_plain_python_loads_give_the_number_at_any_offset(load, expected):
    assert load(bytes(range(1, 12)), 1) == expected
