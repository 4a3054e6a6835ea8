"""A file of labels -> kinds."""

import pytest

from thingwarden.errors import LabelError
from thingwarden.inventory.identification.kinds import Kind
from thingwarden.inventory.identification.labels import read_labels


def write(tmp_path, text: str | bytes):
    path = tmp_path / "labels.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_table_with_a_header_is_read(tmp_path):
    path = write(
        tmp_path,
        "file,MAC Address,Vendor,model,category\nx,00:17:88:2B:9A:25,Acme,Plug 1,Plug\n",
    )

    labels = read_labels(path)

    assert labels.kinds == {"0017882b9a25": Kind("Acme", "", "Plug 1", "plug")}
    assert labels.skipped == 0


def test_ids_of_a_report_will_do(tmp_path):
    path = write(tmp_path, "\ufeffdevice,maker\nd-0017882b9a25,Acme\n")

    assert list(read_labels(path).kinds) == ["0017882b9a25"]


def test_rows_without_an_address_or_a_maker_are_counted(tmp_path):
    path = write(
        tmp_path, "mac,vendor\nnonsense,Acme\n00:17:88:2b:9a:25,\n00:17:88:2b:9a:26,Acme\n"
    )

    labels = read_labels(path)

    assert len(labels.kinds) == 1
    assert labels.skipped == 2


@pytest.mark.parametrize(
    "text",
    ["", "mac,name\n1,2\n", "vendor\nAcme\n", "mac,vendor\n", b"\x00\xff\xfe", "mac,vendor\n\n\n"],
)
def test_what_is_no_table_of_labels_is_refused(tmp_path, text):
    with pytest.raises(LabelError):
        read_labels(write(tmp_path, text))


def test_a_label_with_hidden_characters_shows_what_it_is(tmp_path):
    path = write(tmp_path, "mac,vendor,model\n00:17:88:2b:9a:25,Ac\u202eme,Pl\x07ug\n")

    [kind] = read_labels(path).kinds.values()

    assert kind.vendor == "Ac me"
    assert kind.model == "Pl ug"


def test_a_file_that_is_absent_is_told(tmp_path):
    with pytest.raises(LabelError, match="cannot be read"):
        read_labels(tmp_path / "none.csv")
