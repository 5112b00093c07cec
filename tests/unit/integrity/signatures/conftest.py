"""What the tests of signatures share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.unit.integrity.signatures import stamping
from tests.unit.integrity.signatures.authority import folder, revocations
from tests.unit.integrity.signatures.sigstore_desk import Desk
from tests.unit.integrity.signatures.stamped import CONTENT, ROOT, SIGNATURE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A file with a signature, and a trust folder with an authority."""
    path = tmp_path / "image.bin"
    path.write_bytes(CONTENT)
    path.with_name("image.bin.cms").write_bytes(SIGNATURE)
    made = datetime(2026, 4, 1, tzinfo=UTC)
    folder(tmp_path / "trust", root__pem=ROOT.pem, root__crl=revocations(ROOT, made=made))
    folder(tmp_path / "trust" / "timestamps", root__pem=stamping.ROOT.pem, root__crl=stamping.revocations())
    return path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Where a Sigstore bundle is judged."""
    return Desk(tmp_path)
