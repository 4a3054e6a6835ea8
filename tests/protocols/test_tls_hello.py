"""Hello messages: whole, cut, greased, and malformed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.protocols.tls_hello import (
    MAX_EXTENSIONS,
    alpn_text,
    cipher_text,
    protocols,
    read_client_hello,
    read_server_hello,
    version_name,
)

from tests.protocols.hellos import (
    CIPHERS,
    client_hello,
    listed,
    message,
    server_hello,
    sni,
    versions,
)
from tests.protocols.hellos import alpn as alpn_extension


def test_a_client_hello_gives_all_that_it_offers():
    hello = read_client_hello(client_hello()[4:], cut=False)

    assert hello.version == 0x0304
    assert hello.ciphers == listed(CIPHERS)
    assert hello.extensions == (0, 10, 13, 16, 43)
    assert hello.signature_algorithms == listed((0x0403, 0x0804))
    assert hello.sni == "hub.example.com"
    assert protocols(hello.alpn) == (b"h2", b"http/1.1")
    assert not hello.cut


def test_grease_counts_nowhere():
    greased = client_hello(
        ((0x1A1A, b""), versions(0xFAFA, 0x0303), alpn_extension(b"\x0a\x0a", b"h2")),
        (0x2A2A, 0x1301),
    )

    hello = read_client_hello(greased[4:], cut=False)

    assert hello.version == 0x0303
    assert hello.extensions == (43, 16)
    assert cipher_text(hello.ciphers) == "1301"
    assert alpn_text(hello.alpn) == "h2"


def test_a_hello_without_extensions_is_read():
    body = b"\3\1" + bytes(32) + b"\0" + b"\0\2\0\x2f" + b"\1\0"

    hello = read_client_hello(body, cut=False)

    assert (hello.version, hello.extensions, hello.sni, hello.alpn) == (0x0301, (), None, b"")


def test_a_server_name_is_lower_case_without_final_dot_and_safe():
    named = read_client_hello(client_hello((sni("Hub.Example.COM."),))[4:], cut=False)
    hostile = read_client_hello(client_hello((sni("a\x00\u202eb"),))[4:], cut=False)

    assert named.sni == "hub.example.com"
    assert hostile.sni == "a\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}b"


def test_a_server_name_of_another_kind_is_passed_over():
    mixed = b"\0\x0c" + b"\1\0\3abc" + b"\0\0\3hub"

    hello = read_client_hello(client_hello(((0, mixed),))[4:], cut=False)

    assert hello.sni == "hub"


def test_a_cut_client_hello_is_not_sure_to_be_1_2():
    body = client_hello()[4:]
    sure = client_hello(version=0x0301)[4:]

    assert read_client_hello(body[:120], cut=True).version is None
    assert read_client_hello(sure[:120], cut=True).version == 0x0301
    assert read_client_hello(body[:-1], cut=True).cut
    assert read_client_hello(body[:120], cut=True).sni == "hub.example.com"


@pytest.mark.parametrize("end", range(35 + 32 + 2 + 2 * len(CIPHERS)))
def test_a_client_hello_cut_in_its_fixed_part_is_refused(end):
    with pytest.raises(ValueError, match=r"hello is cut"):
        read_client_hello(client_hello()[4:][:end], cut=True)


def test_a_server_hello_gives_what_it_chose():
    old = read_server_hello(server_hello((alpn_extension(b"h2"),))[4:], cut=False)
    new = read_server_hello(server_hello(((43, b"\3\4"),), 0x1301)[4:], cut=False)

    assert (old.version, old.cipher, alpn_text(old.alpn)) == (0x0303, 0xC02F, "h2")
    assert (new.version, new.cipher, alpn_text(new.alpn)) == (0x0304, 0x1301, None)


def test_lists_longer_than_any_real_one_are_refused():
    many_ciphers = client_hello(ciphers=range(600))[4:]
    many_extensions = client_hello([(kind, b"") for kind in range(MAX_EXTENSIONS + 1)])[4:]

    with pytest.raises(ValueError, match="too many cipher suites"):
        read_client_hello(many_ciphers, cut=False)
    with pytest.raises(ValueError, match="malformed extensions"):
        read_client_hello(many_extensions, cut=False)


def test_lengths_that_contradict_each_other_are_refused():
    body = client_hello()[4:]
    overrun = client_hello(((10, b""),))[4:-1] + b"\1"
    session = body[:34] + b"\x21" + body[35:]

    with pytest.raises(ValueError, match="extensions are longer"):
        read_client_hello(body[:-1], cut=False)
    with pytest.raises(ValueError, match="malformed extensions"):
        read_client_hello(overrun, cut=False)
    with pytest.raises(ValueError, match="session id too long"):
        read_client_hello(session, cut=False)


def test_versions_have_the_names_that_people_use():
    names = [version_name(number) for number in (2, 0x0300, 0x0301, 0x0304, 0x7F1C, 0x0909, None)]

    assert names == ["SSLv2", "SSLv3", "1.0", "1.3", "1.3", None, None]


@settings(max_examples=200)
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_read_or_refused(body, cut):
    for start in (b"", client_hello()[4:80], message(1, b"")):
        for read in (read_client_hello, read_server_hello):
            reason = "none"
            try:
                read(start + body, cut=cut)
            except ValueError as error:
                reason = str(error)
            assert 0 < len(reason) < 80
