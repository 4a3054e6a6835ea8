import pytest

from thingwarden.native import kept

from tests.native import examples
from tests.native.built import CALL, run


def test_kept_kernels_do_what_python_does_without_a_compiler(folder):
    done = run(CALL, folder)

    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "26 [0, 1, 2, 3, 4, 5, 12, 14]",
        "2 [[1007, 3, 0], [-2, 3, 0]]",
        "0x203" + "07060504",
        "False",
    ]


def test_a_kernel_that_was_not_kept_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "_folder", tmp_path)

    with pytest.raises(OSError, match="add_up"):
        kept.load(examples.add_up.name, [1, 2])
