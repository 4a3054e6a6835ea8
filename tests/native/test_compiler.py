from tests.native.built import CALL, KEEP, run


def test_kernels_compiled_as_they_are_called_do_the_same(folder):
    live = run(CALL, folder, THINGWARDEN_COMPILER="1").stdout.splitlines()

    assert live[:3] == run(CALL, folder).stdout.splitlines()[:3]
    assert live[3] == "True"


def test_nothing_unfinished_is_left(folder):
    assert {path.suffix for path in folder.iterdir()} == {".o"}
    assert len(list(folder.iterdir())) == 3


def test_a_kernel_that_needs_more_than_the_c_library_is_refused(tmp_path):
    done = run(KEEP, tmp_path, "tests.native.foreign", THINGWARDEN_COMPILER="1")

    assert done.returncode == 1
    assert "tests_native_foreign_sort needs" in done.stderr
    assert not list(tmp_path.glob("*.o"))
