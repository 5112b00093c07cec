"""What all tests share: where the real files lie, if they lie anywhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("netproof", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("netproof")

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real files and public vectors; skips by name where they are absent."""
    named = os.environ.get("NETPROOF_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no folder of real files (set NETPROOF_DATA); looked at {folder.name}")
    return folder
