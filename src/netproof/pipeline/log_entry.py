"""One statement into a network's log: durable first, then public under a signed checkpoint."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netproof.errors import LogError, SourceError
from netproof.integrity.log import keep_file, writing
from netproof.integrity.register.keys import key_path, signing_keys
from netproof.integrity.register.publishing import Checkpointed, checkpoint
from netproof.tlog.statement import make_statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from netproof.tlog.keys import SigningKey


@dataclass(frozen=True, slots=True)
class Appended:
    """An entry that no crash can take back.

    Attributes:
        index: Its number.
        sha256: Of its bytes.
        origin: Of the log.
        checkpoint: What it is public under; None: not signed yet.
    """

    index: int
    sha256: str
    origin: str
    checkpoint: Checkpointed | None

    def told(self) -> dict[str, Any] | None:
        """Return the checkpoint as answers tell it."""
        signed = self.checkpoint
        if signed is None:
            return None
        return {
            "size": signed.size,
            "quorum": signed.quorum,
            "witnesses": list(signed.witnesses),
            "problems": list(signed.problems),
        }


def keys_at_hand(net: Path, given: Path | None, environment: str | None) -> tuple[SigningKey, ...]:
    """Return the log's private keys; nothing where none were named and none lie beside the network.

    Args:
        net: The network's folder.
        given: The key file that the user named.
        environment: What `NETPROOF_LOG_KEY` holds.

    Raises:
        SourceError: A key file was named, or lies there, and cannot be used.
    """
    path = key_path(net, given, environment)
    if given is None and not environment and not path.exists():
        return ()
    return signing_keys(path)


def append(
    folder: Path,
    statement: Mapping[str, Any],
    keys: Sequence[SigningKey],
    *,
    now: int,
    files: Sequence[bytes] = (),
) -> Appended:
    """Log one statement.

    Args:
        folder: The log's own folder.
        statement: Its fields.
        keys: The log's; nothing: the entry becomes durable and waits for a checkpoint.
        now: Seconds since 1970.
        files: What the statement names by digest; kept before the entry is.

    Raises:
        LogError: The statement is none, or the log cannot be written.
    """
    entry = make_statement(statement).entry
    with writing(folder) as writer:
        for content in files:
            keep_file(folder, content)
        (index,) = writer.append([entry])
        signed = checkpoint(folder, writer, keys, now=now) if keys else None
        return Appended(index, hashlib.sha256(entry).hexdigest(), writer.settings.origin, signed)


def log_folder(net: Path) -> Path:
    """Return the folder of a network's log.

    Raises:
        LogError: The network has none.
        SourceError: There is no such network.
    """
    home = net if net.is_dir() else net.parent
    folder = home / "releases"
    if not net.exists():
        raise SourceError(f"{net}: expected a network folder, got nothing there")
    if not (folder / "log.toml").is_file():
        raise LogError(
            f"{folder}: expected a log of releases, got none",
            hint="`netproof release log NET init` begins one",
        )
    return folder
