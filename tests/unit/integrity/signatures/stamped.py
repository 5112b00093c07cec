"""A file whose signer's certificate has expired, judged with timestamps beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from netproof.integrity.signatures import Release, Signature, read_trust, verify
from tests.unit.integrity.signatures.authority import cms_signature, holder

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = b"an image of a router"
ROOT = holder("Root of Kelmaro", ca=True, end=datetime(2040, 1, 1, tzinfo=UTC))
SIGNER = holder("Kelmaro Releases", ROOT, end=datetime(2026, 6, 1, tzinfo=UTC))
SIGNATURE = cms_signature(CONTENT, [SIGNER])
LATER = date(2026, 11, 1)
"""The certificate has expired by then."""


def judged(image: Path, at: date = LATER) -> Release:
    return verify([image], at=at, trust=read_trust(image.parent / "trust")).releases[0]


def stamp(image: Path, content: bytes, suffix: str = ".tsr") -> Release:
    image.with_name(f"image.bin.cms{suffix}").write_bytes(content)
    return judged(image)


def only(got: Release) -> Signature:
    (one,) = got.signatures
    return one
