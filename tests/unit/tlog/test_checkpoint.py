"""Checkpoints: their text, and every kind of signature under it."""

from __future__ import annotations

import pytest

from netproof.errors import LogError
from netproof.tlog.checkpoint import Checkpoint, parse_checkpoint
from netproof.tlog.cosignature import (
    add_signatures,
    check_signature,
    ed25519_message,
    ml_dsa_message,
    open_checkpoint,
    sign_checkpoint,
    signature_line,
)
from netproof.tlog.encoding import to_base64
from netproof.tlog.keys import SignatureType, SigningKey
from netproof.tlog.note import parse_note
from tests.tlogs import ALL, LOG, LOG_PQ, ORIGIN, TIME, WITNESSES, key

ROOT = bytes(range(32))
CHECKPOINT = Checkpoint(ORIGIN, 20_852_163, ROOT)
TEXT = CHECKPOINT.text
B64 = to_base64(ROOT)


def test_the_text_is_origin_size_and_root() -> None:
    assert f"log.example/releases\n20852163\n{B64}\n".encode() == TEXT
    assert parse_checkpoint(TEXT) == CHECKPOINT


def test_extension_lines_are_kept() -> None:
    got = parse_checkpoint(TEXT + b"one\ntwo three\n")

    assert got.extensions == ("one", "two three")
    assert got.text == TEXT + b"one\ntwo three\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "o\n1\n",
        f"o\n1\n{B64}",
        f"\n1\n{B64}\n",
        f"o\n01\n{B64}\n",
        f"o\n+1\n{B64}\n",
        f"o\n-1\n{B64}\n",
        f"o\n1_0\n{B64}\n",
        f"o\n１\n{B64}\n",
        f"o\n 1\n{B64}\n",
        f"o\n{2**63}\n{B64}\n",
        f"o\n1\n{B64[:-1]}\n",
        f"o\n1\n{to_base64(ROOT[1:])}\n",
        f"o\n1\n{B64}\n\n",
        f"o\n1\n{B64}\n\nx\n",
        f"o\r\n1\r\n{B64}\r\n",
        f"o\u20281\u2028{B64}\n",
    ],
)
def test_malformed_checkpoints_are_refused(text: str) -> None:
    with pytest.raises(LogError):
        parse_checkpoint(text.encode())


@pytest.mark.parametrize(
    ("origin", "size", "root", "extensions"),
    [
        ("", 1, ROOT, ()),
        ("a\nb", 1, ROOT, ()),
        ("a", -1, ROOT, ()),
        ("a", 2**63, ROOT, ()),
        ("a", 1, ROOT[1:], ()),
        ("a", 1, ROOT, ("",)),
    ],
)
def test_what_no_checkpoint_can_say_is_refused(
    origin: str, size: int, root: bytes, extensions: tuple[str, ...]
) -> None:
    with pytest.raises(LogError, match="checkpoint: expected"):
        Checkpoint(origin, size, root, extensions)


def test_an_ed25519_cosigner_signs_header_time_and_text() -> None:
    assert ed25519_message(TEXT, 1679315147) == b"cosignature/v1\ntime 1679315147\n" + TEXT


def test_an_ml_dsa_cosigner_signs_names_times_and_tree() -> None:
    want = (
        b"subtree/v1\n\0\x01w" + (7).to_bytes(8, "big") + b"\x01o" + bytes(8) + (9).to_bytes(8, "big") + ROOT
    )

    assert ml_dsa_message("w", 7, "o", (0, 9), ROOT) == want
    assert len(ml_dsa_message("w", 0, "o", (4, 8), ROOT)) == len(want)


@pytest.mark.parametrize(
    ("cosigner", "time", "part", "root"),
    [
        ("", 1, (0, 1), ROOT),
        ("w" * 256, 1, (0, 1), ROOT),
        ("w", -1, (0, 1), ROOT),
        ("w", 2**63, (0, 1), ROOT),
        ("w", 1, (1, 2), ROOT),
        ("w", 0, (2, 1), ROOT),
        ("w", 0, (0, 2**63), ROOT),
        ("w", 1, (0, 1), ROOT[1:]),
    ],
)
def test_what_no_cosignature_states_is_refused(
    cosigner: str, time: int, part: tuple[int, int], root: bytes
) -> None:
    with pytest.raises(LogError, match="cosignature: expected"):
        ml_dsa_message(cosigner, time, "o", part, root)


@pytest.mark.parametrize("signer", ALL, ids=lambda signer: f"{signer.name}-{signer.type.name}")
def test_each_kind_of_signature_holds_and_states_its_time(signer: SigningKey) -> None:
    got = open_checkpoint(sign_checkpoint(CHECKPOINT, [signer], TIME), [signer.verifier()])

    assert got.checkpoint == CHECKPOINT
    assert got.signatures[0].key == signer.verifier()
    assert got.signatures[0].time == (None if signer.type is SignatureType.ED25519 else TIME)


@pytest.mark.parametrize("signer", [LOG_PQ, *WITNESSES.values()], ids=lambda signer: signer.name)
def test_a_changed_time_or_tree_is_noticed(signer: SigningKey) -> None:
    payload = signature_line(TEXT, signer, TIME).payload
    later = (TIME + 1).to_bytes(8, "big") + payload[8:]
    other = Checkpoint(ORIGIN, CHECKPOINT.size + 1, ROOT).text
    renamed = Checkpoint(ORIGIN + "2", CHECKPOINT.size, ROOT).text
    for text, wrong in ((TEXT, later), (other, payload), (renamed, payload), (TEXT, payload[:5])):
        with pytest.raises(LogError):
            check_signature(signer.verifier(), text, wrong)


def test_a_time_beyond_the_largest_is_refused() -> None:
    payload = b"\xff" * 8 + bytes(64)

    with pytest.raises(LogError, match="time"):
        check_signature(WITNESSES[b"W1"].verifier(), TEXT, payload)


def test_a_time_of_zero_states_none() -> None:
    line = signature_line(TEXT, LOG_PQ, 0)

    assert check_signature(LOG_PQ.verifier(), TEXT, line.payload) is None


def test_an_ml_dsa_signature_is_bound_to_the_name_of_its_signer() -> None:
    line = signature_line(TEXT, LOG_PQ, TIME)
    other = SigningKey("other.example", LOG_PQ.type, LOG_PQ.seed).verifier()

    with pytest.raises(LogError, match="does not hold"):
        check_signature(other, TEXT, line.payload)


def test_what_is_no_checkpoint_is_not_cosigned() -> None:
    for signer in ALL:
        with pytest.raises(LogError, match="checkpoint"):
            signature_line(b"text\n", signer, TIME)


def test_cosignatures_are_added_once() -> None:
    data = sign_checkpoint(CHECKPOINT, [LOG], TIME)
    line = signature_line(TEXT, WITNESSES[b"W1"], TIME)
    got = add_signatures(add_signatures(data, [line]), [line])

    assert parse_note(got).lines == (*parse_note(data).lines, line)
    assert len(open_checkpoint(got, [LOG.verifier(), WITNESSES[b"W1"].verifier()]).signatures) == 2


def test_a_long_origin_can_be_cosigned_with_ed25519_only() -> None:
    text = Checkpoint("o" * 256, 1, ROOT).text

    signature_line(text, WITNESSES[b"W1"], TIME)
    with pytest.raises(LogError, match="255 bytes"):
        signature_line(text, key("w", SignatureType.ML_DSA_44), TIME)
