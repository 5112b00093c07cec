"""Which tree does a log state?

The text of a checkpoint: origin, size, root, and extension lines that are kept but mean nothing here
(ML-DSA-44 signatures do not cover them). `cosignature` opens and signs it.
Source: C2SP tlog-checkpoint 1.0.0 (5ba5ee8).
"""

from __future__ import annotations

from dataclasses import dataclass

from netproof.errors import LogError
from netproof.tlog.encoding import (
    HASH_BYTES,
    SIZE_MAX,
    from_decimal,
    from_hash_line,
    from_utf8,
    shown,
    to_base64,
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's statement of its tree.

    Attributes:
        origin: which log, a URL without scheme.
        size: leaves of the tree.
        root: its root, 32 bytes.
        extensions: further lines; do not rely on them.

    Raises:
        LogError: no text of a checkpoint can say that.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what could not be read back."""
        for line in (self.origin, *self.extensions):
            if not line or "\n" in line:
                raise LogError(f"checkpoint: expected lines that are not empty, got {shown(line)}")
        if not 0 <= self.size <= SIZE_MAX:
            raise LogError(f"checkpoint: expected a size up to 2^63 - 1, got {self.size}")
        if len(self.root) != HASH_BYTES:
            raise LogError(f"checkpoint: expected a root of {HASH_BYTES} bytes, got {len(self.root)}")

    @property
    def text(self) -> bytes:
        """The note text that is signed."""
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines).encode()


def parse_checkpoint(text: bytes) -> Checkpoint:
    """Read the text of a checkpoint.

    Raises:
        LogError: fewer than three lines, an empty one, a size that is not plain decimal, or a root that is
            not the base64 of 32 bytes.

    Source: C2SP tlog-checkpoint, "Note text".
    """
    lines = from_utf8(text, "checkpoint").split("\n")
    if len(lines) < 4 or lines.pop() != "":
        raise LogError("checkpoint: expected at least three lines, each with its newline")
    origin, size, root, *extensions = lines
    return Checkpoint(
        origin,
        from_decimal(size, "checkpoint, size"),
        from_hash_line(root, "checkpoint, root"),
        tuple(extensions),
    )
