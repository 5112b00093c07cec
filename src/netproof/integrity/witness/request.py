"""What do a log and a witness say to each other?

The bytes of tlog-witness, both ways: the request that brings a checkpoint with its consistency proof, and the
answers that carry a size or signature lines. Bytes in, bytes or `LogError` out.
Source: C2SP tlog-witness 1.0.0, "add-checkpoint" (5ba5ee8).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from netproof.errors import LogError
from netproof.tlog.encoding import from_decimal, from_hash_line, from_utf8, shown, to_base64
from netproof.tlog.merkle import PATH_MAX
from netproof.tlog.note import SIGNATURES_MAX, parse_signature_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netproof.tlog.note import SignatureLine

REQUEST_BYTES_MAX: Final = 500_000
"""Longest request: a hundred signature lines of ML-DSA-44 and a full proof fit in."""
ANSWER_BYTES_MAX: Final = 500_000
SIZE_TYPE: Final = "text/x.tlog.size"
"""Content type of an answer that states a size."""


@dataclass(frozen=True, slots=True)
class Request:
    """A checkpoint to cosign.

    Attributes:
        old: size of the tree that the log believes the witness cosigned last.
        path: consistency proof from that tree.
        checkpoint: the signed note, as it came.
    """

    old: int
    path: tuple[bytes, ...]
    checkpoint: bytes


def encode_request(request: Request) -> bytes:
    """Return the body of a request."""
    hashes = "".join(f"{to_base64(one)}\n" for one in request.path)
    return f"old {request.old}\n{hashes}\n".encode("ascii") + request.checkpoint


def parse_request(body: bytes) -> Request:
    """Read the body of a request; the checkpoint in it is not looked at.

    Raises:
        LogError: malformed, too long, or more than 63 hashes.

    Source: C2SP tlog-witness, "add-checkpoint".
    """
    if len(body) > REQUEST_BYTES_MAX:
        raise LogError(f"request: expected at most {REQUEST_BYTES_MAX} bytes, got {len(body)}")
    # No line above it can be empty, so the first empty line is the one before the checkpoint.
    head, found, checkpoint = body.partition(b"\n\n")
    if not found or not checkpoint:
        raise LogError("request: expected an old size, hashes, an empty line and a checkpoint")
    first, *hashes = from_utf8(head, "request").split("\n")
    if not first.startswith("old "):
        raise LogError(f"request: expected `old` and a size in the first line, got {shown(first)}")
    if len(hashes) > PATH_MAX:
        raise LogError(f"request: expected at most {PATH_MAX} hashes, got {len(hashes)}")
    old = from_decimal(first.removeprefix("old "), "request, old size")
    path = tuple(from_hash_line(line, "request, consistency proof") for line in hashes)
    return Request(old, path, checkpoint)


def encode_size(size: int) -> bytes:
    """Return the body of the answer "another size was cosigned last"."""
    return b"%d\n" % size


def parse_size(body: bytes) -> int:
    """Read that body; `LogError` where it is no size with its newline."""
    text = from_utf8(body[:64], "size")
    if len(body) > 64 or not text.endswith("\n"):
        raise LogError(f"size: expected one line, got {shown(text)}")
    return from_decimal(text[:-1], "size")


def encode_lines(lines: Sequence[SignatureLine]) -> bytes:
    """Return the body of the answer that cosigns."""
    return "".join(f"{line}\n" for line in lines).encode()


def parse_lines(body: bytes) -> list[SignatureLine]:
    """Read that body.

    Raises:
        LogError: no line, a malformed one, or more of them than a note may have.
    """
    text = from_utf8(body, "cosignatures")
    if not text.endswith("\n"):
        raise LogError(f"cosignatures: expected lines, each with its newline, got {shown(text)}")
    lines = text[:-1].split("\n")
    if len(lines) > SIGNATURES_MAX:
        raise LogError(f"cosignatures: expected at most {SIGNATURES_MAX} lines, got {len(lines)}")
    return [parse_signature_line(line) for line in lines]


def log_id(origin: str) -> str:
    """Return the name of a log in paths: the hexadecimal SHA-256 of its origin.

    Source: C2SP tlog-witness, "Monitor Retrieval Mechanism".
    """
    return sha256(origin.encode()).hexdigest()
