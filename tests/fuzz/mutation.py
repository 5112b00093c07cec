"""Changes inputs: blindly by bits and pieces, by lines, and with words that parsers look for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

BYTES_MAX = 200_000
"""Longest input that is tried."""
WORDS = (
    *(b"\0", b"\xff", b"\n", b"\n\n", b"\r\n", b" ", b"\t", b"=", b"==", b"+", b"-", b"--", b"..", b"/", b"\\", b'"', b"{", b"}", b"[", b"]"),
    *(b"0", b"00", b"-1", b"1e400", b"9223372036854775807", b"9223372036854775808", b"18446744073709551616", b"NaN", b"null"),
    *("— ".encode(), "\u202e".encode(), "\u2028".encode(), "\ufeff".encode(), "٣".encode(), b"\xed\xa0\x80", b"\xc0\x80"),
    *(b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\x01", b"\xff" * 8, b"\x30\x80", b"\x30\x84\xff\xff\xff\xff"),
    *(b"-----BEGIN ", b"-----END ", b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\0"),
)  # fmt: skip


def mutated(data: bytes, others: Sequence[bytes], random: Random) -> bytes:
    """Return an input changed one to five times; `others` lend pieces."""
    changed = bytearray(data)
    for _ in range(min(5, 1 + int(random.expovariate(0.7)))):
        if not changed:
            changed += random.choice(WORDS)
        random.choice(_CHANGES)(changed, others, random)
    return bytes(changed[:BYTES_MAX])


def _flip(data: bytearray, _: Sequence[bytes], random: Random) -> None:
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)


def _set(data: bytearray, _: Sequence[bytes], random: Random) -> None:
    data[random.randrange(len(data))] = random.choice((0, 1, 0x7F, 0x80, 0xFF, random.randrange(256)))


def _cut(data: bytearray, _: Sequence[bytes], random: Random) -> None:
    start = random.randrange(len(data))
    del data[start : start + _length(random)]


def _end(data: bytearray, _: Sequence[bytes], random: Random) -> None:
    del data[random.randrange(len(data)) :]


def _double(data: bytearray, _: Sequence[bytes], random: Random) -> None:
    start = random.randrange(len(data))
    piece = data[start : start + _length(random)]
    data[start:start] = piece * random.choice((1, 1, 1, 2, 50))


def _word(data: bytearray, _: Sequence[bytes], random: Random) -> None:
    start = random.randrange(len(data) + 1)
    word = random.choice(WORDS)
    data[start : start + random.choice((0, len(word)))] = word


def _chance(data: bytearray, _: Sequence[bytes], random: Random) -> None:
    start = random.randrange(len(data) + 1)
    data[start:start] = random.randbytes(random.randrange(1, 9))


def _splice(data: bytearray, others: Sequence[bytes], random: Random) -> None:
    other = random.choice(others)
    if other:
        start = random.randrange(len(other))
        piece = other[start : start + _length(random)]
        at = random.randrange(len(data) + 1)
        data[at : at + random.choice((0, len(piece)))] = piece


def _number(data: bytearray, _: Sequence[bytes], random: Random) -> None:
    width = random.choice((1, 2, 4, 8))
    start = random.randrange(len(data))
    order: Literal["big", "little"] = "big" if random.random() < 0.5 else "little"
    value = int.from_bytes(data[start : start + width], order) + random.choice(
        (-256, -16, -1, 1, 16, 255, 256)
    )
    data[start : start + width] = (value % (1 << 8 * width)).to_bytes(width, order)


def _lines(data: bytearray, others: Sequence[bytes], random: Random) -> None:
    lines = bytes(data).split(b"\n")
    at = random.randrange(len(lines))
    match random.randrange(4):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, random.choice(lines))
        case 2:
            lines.insert(at, random.choice(random.choice(others).split(b"\n")))
        case _:
            other = random.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
    data[:] = b"\n".join(lines)


def _length(random: Random) -> int:
    """How long a piece is: mostly short."""
    return 1 + min(int(random.expovariate(0.06)), 4000)


_CHANGES: tuple[Callable[[bytearray, Sequence[bytes], Random], None], ...] = (
    *(_flip, _set, _cut, _end, _double, _word, _word, _chance, _splice, _number, _lines),
)
