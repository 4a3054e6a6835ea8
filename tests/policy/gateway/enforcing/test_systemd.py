import shutil
import subprocess
from pathlib import Path

import pytest

from thingwarden.policy.gateway.enforcing.systemd import write_unit


def test_the_unit_resumes_before_the_network_is_there():
    unit = write_unit(Path("/var/lib/thingwarden"), "/usr/bin/thingwarden")

    assert 'ExecStart="/usr/bin/thingwarden" enforce resume --state "/var/lib/thingwarden"' in unit
    assert "Before=network-pre.target" in unit
    assert "Type=oneshot" in unit


def test_odd_folders_stay_one_word():
    unit = write_unit(Path('/a "b" %n $HOME\nExecStart=/evil'), "x")

    assert '--state "/a \\"b\\" %%n $$HOME\\nExecStart=/evil"' in unit
    assert not any(line.startswith("ExecStart=/evil") for line in unit.splitlines())


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is missing")
def test_systemd_reads_it(tmp_path):
    file = tmp_path / "thingwarden.service"
    file.write_text(write_unit(tmp_path, "/bin/true"), encoding="utf-8")

    done = subprocess.run(
        ["systemd-analyze", "verify", file], capture_output=True, text=True, check=False
    )

    assert "thingwarden.service:" not in done.stderr
