"""What every command shows."""

from pathlib import Path

from thingwarden.capture.sources import CaptureFile
from thingwarden.cli.terminal import console, say, show_progress


def test_sentences_go_beside_the_results(capsys):
    say("done")

    assert capsys.readouterr().err == "done\n"


def test_in_a_pipe_there_is_no_bar(capsys, tmp_path):
    path = tmp_path / "x.pcap"
    path.write_bytes(b"")
    with show_progress() as progress:
        progress(CaptureFile(path=path, name="x", size_bytes=1), 1, 1)

    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_the_bar_moves_and_goes(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with show_progress() as progress:
        file = CaptureFile(path=Path("home.pcap"), name="home", size_bytes=1000)
        progress(file, 500, 10)
        progress(file, 1000, 20)

    assert capsys.readouterr().out == ""


def test_tables_are_printed_to_the_standard_output(capsys):
    console().print("table")

    assert capsys.readouterr().out == "table\n"
