"""Notes: where the text ends, and whose line counts."""

from __future__ import annotations

import pytest

from netproof.errors import LogError
from netproof.tlog.keys import SignatureType, parse_vkey
from netproof.tlog.note import (
    NOTE_BYTES_MAX,
    SignatureLine,
    by_name_and_id,
    check_plain,
    checked_note,
    open_note,
    parse_note,
    parse_signature_line,
    sign_note,
)
from tests.tlogs import LOG, WITNESSES, key

EXAMPLE_KEY = parse_vkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
EXAMPLE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7"
    "Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
"""From the text of C2SP signed-note."""
LINE = b"\xe2\x80\x94 a.example AAAAAAE=\n"


def test_the_example_of_the_text_holds() -> None:
    got = open_note(EXAMPLE, [EXAMPLE_KEY])

    assert got.text == b"This is an example message.\n"
    assert [line.key for line in got.signatures] == [EXAMPLE_KEY]


def test_the_text_ends_at_the_last_empty_line() -> None:
    text = b"one\n\ntwo\n\n\nthree\n"
    data = sign_note(text, [LOG])

    assert open_note(data, [LOG.verifier()]).text == text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n" + LINE,
        b"text\n\n" + LINE.rstrip(b"\n"),
        b"text\n\n" + LINE + b"\n",
        b"text\n\n" + LINE + b"no line\n",
        b"te\rxt\n\n" + LINE,
        b"te\x00xt\n\n" + LINE,
        b"te\xffxt\n\n" + LINE,
        b"text\n\n" + LINE.replace(b"\xe2\x80\x94", b"-"),
        b"text\n\n" + LINE.replace(b" AAAA", b"  AAAA"),
        b"text\n\n" + LINE.replace(b"a.example", b""),
        b"text\n\n" + LINE.replace(b"a.example", b"a+example"),
        b"text\n\n" + LINE.replace(b"a.example", "a\u2003example".encode()),
        b"text\n\n" + LINE.replace(b"AAAAAAE=", b"AAAAAAF="),
        b"text\n\n" + LINE.replace(b"AAAAAAE=", b"AAAAAA=="),
        b"text\n\n" + LINE.replace(b"AAAAAAE=", b""),
        b"text\n\n" + LINE * 101,
        b"x" * NOTE_BYTES_MAX + b"\n\n" + LINE,
    ],
)
def test_malformed_notes_are_refused(data: bytes) -> None:
    with pytest.raises(LogError):
        parse_note(data)


def test_a_note_may_have_a_hundred_lines() -> None:
    assert len(parse_note(b"text\n\n" + LINE * 100).lines) == 100


def test_lines_of_unknown_keys_are_ignored() -> None:
    note = parse_note(sign_note(b"text\n", [LOG]))
    own = note.lines[0]
    strangers = [
        SignatureLine(own.name, b"\0\0\0\0", own.payload),
        SignatureLine("other.example", own.key_id, own.payload),
    ]
    data = checked_note(note.text, [*strangers, own])

    assert [line.key for line in open_note(data, [LOG.verifier()]).signatures] == [LOG.verifier()]
    with pytest.raises(LogError, match="trusted key, got those of"):
        open_note(checked_note(note.text, strangers), [LOG.verifier()])


def test_one_failing_line_of_a_trusted_key_rejects_the_whole_note() -> None:
    note = parse_note(sign_note(b"text\n", [LOG]))
    own = note.lines[0]
    bad = SignatureLine(own.name, own.key_id, bytes(64))
    for lines in ([own, bad], [bad, own]):
        with pytest.raises(LogError, match="does not hold"):
            open_note(checked_note(note.text, lines), [LOG.verifier()])


def test_the_same_trusted_key_twice_is_one_key() -> None:
    assert len(by_name_and_id([LOG.verifier(), LOG.verifier()])) == 1


def test_a_note_is_signed_only_by_keys_that_sign_texts() -> None:
    witness = WITNESSES[b"W1"]

    with pytest.raises(LogError, match="type 0x01"):
        sign_note(b"text\n", [witness])
    with pytest.raises(LogError, match="type 0x01"):
        check_plain(witness.verifier(), b"text\n", bytes(64))


@pytest.mark.parametrize("text", [b"", b"no newline", b"\r\n", b"\xff\n"])
def test_a_text_that_no_note_can_hold_is_not_signed(text: bytes) -> None:
    with pytest.raises(LogError):
        sign_note(text, [LOG])


def test_a_note_without_signer_is_not_made() -> None:
    with pytest.raises(LogError):
        sign_note(b"text\n", [])


def test_a_line_reads_back() -> None:
    line = parse_note(sign_note(b"text\n", [key("b.example", SignatureType.ED25519)])).lines[0]

    assert parse_signature_line(str(line)) == line
