import pytest

from tests.native.built import KEEP, run


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kernels")
    done = run(KEEP, folder, "tests.native.examples", THINGWARDEN_COMPILER="1")
    assert (done.returncode, done.stderr) == (0, "")
    return folder
