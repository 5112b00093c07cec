"""Compares a whole answer with the file that holds it; `make golden` writes those files anew."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

import pytest

FOLDER = Path(__file__).parent


class Golden(Protocol):
    """Compares `text` with the file of that name beside the tests."""

    def __call__(self, name: str, text: str) -> None: ...


@pytest.fixture
def golden() -> Golden:
    """Compare with a golden file; with NETPROOF_GOLDEN=write, write it and skip."""

    def compare(name: str, text: str) -> None:
        path = FOLDER / name
        if os.environ.get("NETPROOF_GOLDEN") == "write":
            path.write_text(text, "utf-8")
            pytest.skip(f"{name} was written anew")
        want = path.read_text("utf-8")

        assert text == want, f"{name} differs; where that is meant, run `make golden` and read the difference"

    return compare
