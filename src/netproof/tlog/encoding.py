"""Strict decoding: each value has one spelling, every other one is refused.

Two readers that accept different spellings see different things under one signature. Hence base64 is
decoded and encoded again, numbers are ASCII digits without leading zeros, and text holds no sign that
a person cannot see.
Source: RFC 4648 §4; C2SP signed-note, tlog-checkpoint, tlog-proof (5ba5ee8).
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from datetime import UTC, datetime

from netproof.errors import LogError

HASH_BYTES = 32
"""Length of a SHA-256 digest."""
SIZE_MAX = 2**63 - 1
"""Largest size, index or POSIX time."""
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Control, format (bidirectional marks, joiners, BOM), surrogate, private, line and paragraph separator."""


def to_base64(data: bytes) -> str:
    """Return the standard, padded base64 of some bytes."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str, place: str) -> bytes:
    """Return the bytes that a standard, padded base64 text stands for.

    Raises:
        LogError: another alphabet, white space, missing padding, or bits after the end that are not zero.

    Source: RFC 4648 §4 and §3.5.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise LogError(f"{place}: expected base64, got {shown(text)}") from error
    if to_base64(data) != text:
        raise LogError(f"{place}: expected canonical base64, got {shown(text)}")
    return data


def from_hash_line(text: str, place: str) -> bytes:
    """Return the 32 bytes of a base64 hash; `LogError` where it is longer or shorter."""
    data = from_base64(text, place)
    if len(data) != HASH_BYTES:
        raise LogError(f"{place}: expected a hash of 32 bytes, got {len(data)}")
    return data


def from_decimal(text: str, place: str) -> int:
    """Return a number written in ASCII digits without sign or leading zero, at most 2^63 - 1.

    Raises:
        LogError: any other spelling, as `+5`, `05`, `5_0` or digits of another script; or a larger number.
    """
    if not _DECIMAL.fullmatch(text) or (number := int(text)) > SIZE_MAX:
        raise LogError(f"{place}: expected a decimal number up to 2^63 - 1, got {shown(text)}")
    return number


def from_utf8(data: bytes, place: str) -> str:
    """Return UTF-8 as text; `LogError` where it is none."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LogError(f"{place}: expected UTF-8, got byte {error.start}: {error.reason}") from error


def visible(text: str, place: str) -> str:
    """Return an identifier or sentence that looks to everybody like what it is.

    Raises:
        LogError: it is empty, begins or ends with a space, is not in normal form C, or holds a control,
            format (so also bidirectional) or private sign, a space that is not U+0020, or a digit that
            is not ASCII.

    Source: Unicode Standard Annex 9 §2 (bidirectional formatting), Annex 15 (normal form C).
    """
    if not text or text != text.strip():
        raise LogError(f"{place}: expected text without space around it, got {shown(text)}")
    if text.isascii() and text.isprintable():
        return text
    for sign in text:
        category = unicodedata.category(sign)
        if category in _HIDDEN or (sign != " " and category == "Zs"):
            raise LogError(f"{place}: expected no hidden sign, got U+{ord(sign):04X}")
        if category == "Nd" and not sign.isascii():
            raise LogError(f"{place}: expected ASCII digits, got U+{ord(sign):04X}")
    if not unicodedata.is_normalized("NFC", text):
        raise LogError(f"{place}: expected Unicode normal form C, got {shown(text)}")
    return text


def utc(seconds: int) -> str:
    """Return a POSIX time as people read it; one that no calendar has stays a number."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return str(seconds)


def shown(text: str | bytes) -> str:
    """Return hostile text for a message: short, and in ASCII."""
    return ascii(text if len(text) <= 60 else text[:57]) + ("" if len(text) <= 60 else "...")
