"""Logs on disk that witnesses cosign on days of October 2026."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from netproof.integrity.log import Settings, create, writing
from netproof.tlog.cosignature import signature_line
from netproof.tlog.note import SignatureLine, parse_note
from netproof.tlog.policy_text import encode_policy
from tests.crash.disks import QuickDisk
from tests.tlogs import LOG, LOG_PQ, ORIGIN, WITNESSES, policy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from netproof.tlog.keys import SigningKey

QUICK = QuickDisk()
SETTINGS = Settings(ORIGIN, (LOG.verifier(), LOG_PQ.verifier()))


def at(day: int) -> int:
    """Noon of a day of October 2026 [s since 1970]."""
    return int(datetime(2026, 10, day, 12, tzinfo=UTC).timestamp())


def moment(day: int) -> datetime:
    """Noon of a day of October 2026, as tables have it."""
    return datetime.fromisoformat(f"2026-10-{day:02}T12:00:00")


def new_log(folder: Path, threshold: int = 2) -> Path:
    """An empty log below a folder; so many of three witnesses are a quorum."""
    create(folder / "releases", SETTINGS, encode_policy(policy(threshold)), disk=QUICK)
    return folder / "releases"


def sign(
    folder: Path,
    batch: Sequence[bytes],
    day: int,
    witnesses: Sequence[SigningKey] = tuple(WITNESSES.values()),
) -> None:
    """Append entries and publish a checkpoint that witnesses cosign on a day."""

    def cosign(note: bytes, _path: Any) -> list[SignatureLine]:
        return [signature_line(parse_note(note).text, witness, at(day)) for witness in witnesses]

    with writing(folder, disk=QUICK) as writer:
        writer.append(batch)
        writer.checkpoint([LOG, LOG_PQ], at(day), cosign)
