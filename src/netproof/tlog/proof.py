"""What is shipped beside a release so that anybody can check it offline?

The proof file: the entry's index, its inclusion path, the signed checkpoint word for word, and extra data
that nothing authenticates (here: the entry itself, which the path then proves). Nothing in it is trusted
before `verify`. Source: C2SP tlog-proof (5ba5ee8).
"""

from __future__ import annotations

from dataclasses import dataclass

from netproof.errors import LogError
from netproof.tlog.encoding import (
    HASH_BYTES,
    SIZE_MAX,
    from_base64,
    from_decimal,
    from_hash_line,
    from_utf8,
    to_base64,
)
from netproof.tlog.merkle import PATH_MAX
from netproof.tlog.note import parse_note

HEADER = "c2sp.org/tlog-proof@v1"
EXTENSION = ".tlog-proof"
PROOF_BYTES_MAX = 1_200_000
"""A checkpoint, the longest path and an entry, with room."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A well-formed proof that nobody has checked.

    Attributes:
        index: where the log says that the entry stands.
        path: hashes from the leaf's sibling up to the root's child.
        checkpoint: the signed checkpoint, byte for byte.
        extra: data for the verifier, not authenticated; empty if there is none.

    Raises:
        LogError: no file can say that.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def __post_init__(self) -> None:
        """Refuse what could not be read back."""
        if not 0 <= self.index <= SIZE_MAX:
            raise LogError(f"proof: expected an index up to 2^63 - 1, got {self.index}")
        if len(self.path) > PATH_MAX or any(len(one) != HASH_BYTES for one in self.path):
            raise LogError(f"proof: expected at most {PATH_MAX} hashes of {HASH_BYTES} bytes")
        parse_note(self.checkpoint)

    def encode(self) -> bytes:
        """Return the bytes of the file."""
        lines = [HEADER]
        if self.extra:
            lines.append(f"extra {to_base64(self.extra)}")
        lines += [f"index {self.index}", *map(to_base64, self.path), "", ""]
        return "\n".join(lines).encode() + self.checkpoint


def parse_proof(data: bytes) -> Proof:
    """Read a proof file.

    Raises:
        LogError: malformed, too large, or any value in another spelling than its own.

    Source: C2SP tlog-proof, "Format".
    """
    if len(data) > PROOF_BYTES_MAX:
        raise LogError(f"proof: expected at most {PROOF_BYTES_MAX} bytes, got {len(data)}")
    head, empty, checkpoint = data.partition(b"\n\n")
    lines = from_utf8(head, "proof").split("\n")
    if not empty or lines[0] != HEADER:
        raise LogError(f"proof: expected {HEADER}, lines, an empty line and a checkpoint")
    rest = lines[1:]
    extra = b""
    if rest and rest[0].startswith("extra "):
        extra = from_base64(rest.pop(0).removeprefix("extra "), "proof, extra")
        if not extra:
            raise LogError("proof: expected no extra line rather than an empty one")
    if not rest or not rest[0].startswith("index "):
        raise LogError("proof: expected a line with the index")
    index = from_decimal(rest[0].removeprefix("index "), "proof, index")
    if len(rest) - 1 > PATH_MAX:
        raise LogError(f"proof: expected at most {PATH_MAX} hashes, got {len(rest) - 1}")
    path = tuple(from_hash_line(line, "proof, hash") for line in rest[1:])
    return Proof(index, path, checkpoint, extra)
