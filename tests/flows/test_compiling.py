import os
import subprocess
import sys
from pathlib import Path

from thingwarden.flows import compiling


def placed(environment, *, program="print(os.environ['NUMBA_CACHE_DIR'])"):
    """What a fresh process says after `use_kept_kernels`, without compiling anything."""
    code = (
        "import os, thingwarden.flows.compiling as c\n"
        "c._compile = lambda environment: None\n"
        "c.use_kept_kernels(print)\n" + program
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.splitlines()


def test_the_first_start_says_what_it_does_and_the_second_is_silent(tmp_path):
    home = {"HOME": str(tmp_path)}

    assert placed(home)[0].startswith("First start: compiling")
    (folder,) = placed(home)
    assert Path(folder).parent == tmp_path / ".cache/thingwarden"


def test_the_users_own_folders_are_respected(tmp_path):
    assert placed({"HOME": "/", "XDG_CACHE_HOME": str(tmp_path)})[-1].startswith(str(tmp_path))
    assert placed({"HOME": "/", "NUMBA_CACHE_DIR": str(tmp_path)})[-1] == str(tmp_path)


def test_where_nothing_can_be_kept_a_temporary_folder_serves(tmp_path):
    file = tmp_path / "file"
    file.touch()

    (folder,) = placed({"HOME": str(file)})

    assert "thingwarden-kernels-" in folder
    Path(folder).rmdir()


def test_every_kernel_module_counts_in_the_name_of_the_folder():
    package = Path(compiling.__file__).parents[1]
    sources = sorted(package.glob("*/*_kernel.py"))

    assert len(sources) > 10
    assert {f"thingwarden.{path.parent.name}.{path.stem}" for path in sources} >= {
        name for lot in compiling.KERNELS for name in lot
    }
