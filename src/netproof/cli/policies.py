"""Policy files that a user names: an error says which file it is about, and what belongs into one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netproof.errors import LogError
from netproof.integrity.signatures.artifact import read_small
from netproof.tlog.policy_text import POLICY_BYTES_MAX, parse_policy

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.tlog.policy import Policy

_LINES: Final = "its lines are log, witness, group and one quorum; the log's operator hands it out"


def read_policy_file(path: Path) -> tuple[bytes, Policy]:
    """Return a policy as it is written, and what it says.

    Raises:
        SourceError: the file cannot be read.
        LogError: it is no policy.
    """
    written = read_small(path, POLICY_BYTES_MAX)
    try:
        return written, parse_policy(written)
    except LogError as error:
        raise LogError(f"{path}: {error}", hint=error.hint or _LINES) from error
