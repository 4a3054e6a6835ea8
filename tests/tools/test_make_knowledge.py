"""Public lists, small and invented, and what is kept of them."""

import pyarrow as pa
import pytest

from tools import make_knowledge

VENDORS = """Registry,Assignment,Organization Name,Organization Address
MA-L,00AABB,Lamps  and\tSons,Somewhere
MA-L,00AACC,Private,
MA-L,00AADD,IEEE Registration Authority,Somewhere
MA-M,00AADD1,Middle Ltd,Somewhere
MA-S,00AADD234,Small GmbH,Somewhere
MA-L,nonsense,Nobody,Somewhere
"""

ASN4 = (
    "16777216,16777471,13000,North Net\n"
    "16777472,16777727,13000,North Net\n"
    "16777728,16777983,64512,Private Use\n"
    "167772160,184549375,13001,Claims Ten\n"
)
COUNTRY4 = "16777216,16777471,AU\n16777472,16777727,AU\n16777728,16777983,NZ\n"
BLOCK = 1 << 80
FIRST = 0x2A00_0000_0000 * BLOCK


@pytest.fixture
def data(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setattr(make_knowledge, "DATA", folder)
    return folder


@pytest.fixture
def lists(tmp_path):
    asn, country = tmp_path / "asn", tmp_path / "country"
    asn.mkdir()
    country.mkdir()
    (asn / "asn-ipv4-num.csv").write_text(ASN4)
    (country / "asn-country-ipv4-num.csv").write_text(COUNTRY4)
    wide = f"{FIRST},{FIRST + 2 * BLOCK - 1},13002,South Net\n"
    fine = f"{FIRST + 4 * BLOCK},{FIRST + 4 * BLOCK + 99},13003,Too Fine\n"
    (asn / "asn-ipv6-num.csv").write_text(wide + fine)
    (country / "asn-country-ipv6-num.csv").write_text("")
    return asn, country


def read(path):
    return pa.ipc.open_file(path).read_all()


def owned(path):
    """First block, size, network and country of the blocks that belong to somebody."""
    start, found = 0, []
    for row in read(path).to_pylist():
        if row["network"] or row["country"]:
            country = row["country"].to_bytes(2, "big").decode().strip("\0")
            found.append((start, row["size"], row["network"], country))
        start += row["size"]
    return found


def test_prefixes_of_each_length_are_kept_with_tidy_names(data, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(VENDORS)

    make_knowledge.main(["vendors", "2020-01-02", str(path)])

    table = read(data / "vendors.arrow")
    assert [tuple(row.values()) for row in table.to_pylist()] == [
        (24, 0x00AABB, "Lamps and Sons"),
        (28, 0x00AADD1, "Middle Ltd"),
        (36, 0x00AADD234, "Small GmbH"),
    ]
    assert table.schema.metadata[b"date"] == b"2020-01-02"
    assert table.schema.metadata[b"rows"] == b"3"


def test_equal_neighbours_become_one_block(data, lists):
    make_knowledge.main(["addresses", "2020-01-02", *map(str, lists)])

    assert owned(data / "addresses4.arrow") == [
        (16777216, 512, 1, "AU"),
        (16777728, 256, 0, "NZ"),  # the network's number is for private use
    ]


def test_ipv6_is_kept_in_units_of_48_bits(data, lists):
    make_knowledge.main(["addresses", "2020-01-02", *map(str, lists)])

    assert owned(data / "addresses6.arrow") == [(FIRST // BLOCK, 2, 3, "")]


def test_blocks_cover_the_whole_space_of_addresses(data, lists):
    make_knowledge.main(["addresses", "2020-01-02", *map(str, lists)])

    assert sum(read(data / "addresses4.arrow")["size"].to_pylist()) == 1 << 32
    assert sum(read(data / "addresses6.arrow")["size"].to_pylist()) == 1 << 48


def test_networks_are_named_once_and_in_order(data, lists):
    make_knowledge.main(["addresses", "2020-01-02", *map(str, lists)])

    table = read(data / "networks.arrow")
    assert table["number"].to_pylist() == [13000, 13001, 13002, 13003]
    assert table["name"].to_pylist() == ["North Net", "Claims Ten", "South Net", "Too Fine"]
    assert b"db-ip.com" in table.schema.metadata[b"licence"]


def test_the_same_lists_give_the_same_bytes(data, lists):
    make_knowledge.main(["addresses", "2020-01-02", *map(str, lists)])
    first = (data / "addresses4.arrow").read_bytes()

    make_knowledge.main(["addresses", "2020-01-02", *map(str, lists)])

    assert (data / "addresses4.arrow").read_bytes() == first


@pytest.mark.parametrize("arguments", [[], ["vendors"], ["maps", "2020-01-02", "list.csv"]])
def test_what_cannot_be_made_is_refused(arguments, capsys):
    assert make_knowledge.main(arguments) == 2
    assert "make_knowledge.py vendors DATE" in capsys.readouterr().err


def test_long_names_are_cut():
    assert make_knowledge.tidy("a " * 100) == ("a " * 30).rstrip()
