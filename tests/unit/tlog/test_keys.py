"""Keys: their text, and which of them are refused."""

from __future__ import annotations

import pytest

from netproof.errors import LogError
from netproof.tlog.ed25519 import _D, _LOW_ORDER_Y, _P, check_public_key
from netproof.tlog.encoding import to_base64
from netproof.tlog.keys import (
    SignatureType,
    SigningKey,
    VerifierKey,
    parse_signing_key,
    parse_vkey,
)
from tests.tlogs import ALL, LOG, key

EXAMPLE = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
"""From the text of C2SP signed-note."""


def doubled(x: int, y: int) -> tuple[int, int]:
    """A point of the curve added to itself (RFC 8032 §5.1.4, affine)."""
    product = _D * x * x * y * y
    return (
        2 * x * y * pow(1 + product, -1, _P) % _P,
        (y * y + x * x) * pow(1 - product, -1, _P) % _P,
    )


def x_of(y: int) -> int:
    """An x to a y (RFC 8032 §5.1.3)."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    assert x * x % _P == square
    return x


def test_points_of_low_order_vanish_when_doubled_three_times() -> None:
    for y in _LOW_ORDER_Y:
        point = x_of(y), y
        for _ in range(3):
            point = doubled(*point)

        assert point == (0, 1)
    assert len(_LOW_ORDER_Y) == 5


@pytest.mark.parametrize("y", sorted(_LOW_ORDER_Y))
@pytest.mark.parametrize("sign", [0, 1 << 255])
def test_keys_of_low_order_are_refused(y: int, sign: int) -> None:
    with pytest.raises(LogError, match="low order"):
        check_public_key((y | sign).to_bytes(32, "little"), "here")


@pytest.mark.parametrize("y", [_P, _P + 1, _P + 18])
def test_keys_with_a_second_spelling_are_refused(y: int) -> None:
    with pytest.raises(LogError, match="canonical"):
        check_public_key(y.to_bytes(32, "little"), "here")


def test_keys_that_are_no_point_are_refused() -> None:
    with pytest.raises(LogError, match="point of the curve"):
        check_public_key((2).to_bytes(32, "little"), "here")


@pytest.mark.parametrize("length", [0, 31, 33])
def test_keys_of_another_length_are_refused(length: int) -> None:
    with pytest.raises(LogError, match="32 bytes"):
        check_public_key(bytes(length), "here")


def test_the_example_of_the_text_reads_back() -> None:
    assert str(parse_vkey(EXAMPLE)) == EXAMPLE


@pytest.mark.parametrize("signer", ALL, ids=lambda signer: f"{signer.name}-{signer.type.name}")
def test_keys_read_back(signer: SigningKey) -> None:
    assert parse_vkey(str(signer.verifier())) == signer.verifier()
    assert parse_signing_key(signer.secret_text()) == signer


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/foo",
        EXAMPLE.replace("530d903a", "530d903b"),
        EXAMPLE.replace("530d903a", "530D903A"),
        EXAMPLE.replace("530d903a", "530d903"),
        EXAMPLE.replace("example.com/foo", "example.com/bar"),
        EXAMPLE.replace("example.com/foo", ""),
        EXAMPLE.replace("example.com/foo", "example com"),
        EXAMPLE.replace("example.com/foo", "example.com\u202e"),
        EXAMPLE.removesuffix("k"),
        EXAMPLE + "\n",
        f"a+530d903a+{to_base64(bytes([2]) + bytes(33))}",
        f"a+530d903a+{to_base64(b'')}",
        f"a+530d903a+{to_base64(bytes([6]) + bytes(32))}",
        f"a+530d903a+{to_base64(bytes([1]) + bytes(32))}",
    ],
)
def test_malformed_keys_are_refused(text: str) -> None:
    with pytest.raises(LogError):
        parse_vkey(text)


def test_a_key_that_fails_to_load_never_shows_its_secret() -> None:
    text = LOG.secret_text()
    secret = text.split("+")[-1]
    for broken in (
        text[:-1],
        text[: len(text) // 2],
        text.removeprefix("PRIVATE+"),
        text.replace("+KEY+log", "+KEY+lag"),
    ):
        with pytest.raises(LogError) as caught:
            parse_signing_key(broken)

        assert secret[:12] not in repr(caught.value)
        assert caught.value.__cause__ is None
    assert secret[:12] not in repr(LOG)
    assert LOG.seed.hex() not in repr(LOG)


def test_a_seed_has_32_bytes() -> None:
    with pytest.raises(LogError, match="seed"):
        SigningKey("a", SignatureType.ED25519, bytes(31))


def test_the_same_key_has_another_id_for_each_type() -> None:
    plain = key("a").verifier()
    cosigner = VerifierKey("a", SignatureType.ED25519_COSIGNATURE, plain.public)

    assert plain.key_id != cosigner.key_id


@pytest.mark.parametrize("signer", ALL, ids=lambda signer: f"{signer.name}-{signer.type.name}")
def test_a_signature_holds_for_its_message_only(signer: SigningKey) -> None:
    verifier, signature = signer.verifier(), signer.sign(b"message")

    verifier.check(b"message", signature)
    for message, wrong in ((b"massage", signature), (b"message", signature[:-1]), (b"message", b"")):
        with pytest.raises(LogError, match="signature of"):
            verifier.check(message, wrong)
