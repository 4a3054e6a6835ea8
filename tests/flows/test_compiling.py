import os
import subprocess
import sys
from pathlib import Path

import pytest

from thingwarden.errors import KernelError
from thingwarden.flows import compiling

ROOT = Path(__file__).parents[2]


def placed(environment, *, compiled="None"):
    """What a fresh process says after `use_kept_kernels`, without compiling anything."""
    code = (
        "import thingwarden.flows.compiling as c\n"
        f"c._compile = lambda folder: {compiled}\n"
        "c.use_kept_kernels(print)\n"
        "print(c.kept._folder)"
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


def test_the_users_own_cache_is_respected(tmp_path):
    assert placed({"HOME": "/", "XDG_CACHE_HOME": str(tmp_path)})[-1].startswith(str(tmp_path))


def test_where_nothing_can_be_kept_a_temporary_folder_serves(tmp_path):
    file = tmp_path / "file"
    file.touch()

    folder = Path(placed({"HOME": str(file)})[-1])

    assert "thingwarden-kernels-" in folder.name
    (folder / compiling.READY).unlink()
    folder.rmdir()


def test_what_the_compiler_says_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(compiling, "KERNELS", (("thingwarden.no_such_kernel",),))

    with pytest.raises(KernelError, match=r"cannot be compiled: .*no_such_kernel"):
        compiling._compile(tmp_path)


def test_every_kernel_is_compiled_beforehand():
    package = Path(compiling.__file__).parents[1]
    marked = {
        f"thingwarden.{path.parent.name}.{path.stem}"
        for path in package.glob("*/*_kernel.py")
        if "@kernel(" in path.read_text(encoding="utf-8")
    }

    assert len(marked) > 5
    assert marked == {name for lot in compiling.KERNELS for name in lot}
