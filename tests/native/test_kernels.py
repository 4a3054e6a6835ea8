import numpy as np
import pytest

from thingwarden.native import kept

from tests.native import examples


def test_plain_python_does_the_same_as_machine_code():
    data = np.arange(8, dtype=np.uint8)

    assert examples.double.plain(data, 6) == 26
    assert examples.load_both.plain(np.arange(1, 80, dtype=np.uint8)) == 0x20307060504


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros(8, np.int8),
        np.zeros((2, 4), np.uint8),
        np.zeros(16, np.uint8)[::2],
    ],
)
def test_arrays_of_another_form_are_refused(folder, monkeypatch, wrong):
    monkeypatch.setattr(kept, "_folder", folder)

    with pytest.raises(TypeError, match="contiguous array of uint8"):
        examples.double(wrong, 0)
