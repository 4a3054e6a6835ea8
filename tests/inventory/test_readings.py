"""What was read, as values."""

from thingwarden.inventory.readings import list_captures, list_problems

from tests.inventory.rows import found


def test_captures_come_in_the_order_in_which_they_were_read():
    rows = [
        {"capture": number, "sha256": "ab", "file": f"{number}.pcap", "packets": 1, "bytes": 60}
        for number in (1, 0)
    ]

    with found(captures=rows) as store:
        assert [capture.file for capture in list_captures(store)] == ["0.pcap", "1.pcap"]


def test_problems_of_the_file_come_before_those_of_its_frames():
    told = {"capture": 0, "part": "capture", "count": 1}

    with found(
        problems=[{**told, "frame": 9, "problem": "cut"}, {**told, "problem": "damaged"}]
    ) as store:
        assert [problem.problem for problem in list_problems(store)] == ["damaged", "cut"]
