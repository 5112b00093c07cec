"""transparency-dev's vectors of proofs, good and bad."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import LogError
from netproof.tlog.merkle import verify_consistency, verify_inclusion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def vectors(shared_data: Path) -> Path:
    folder = shared_data / "vectors" / "merkle"
    if not folder.is_dir():
        pytest.skip("no vectors of transparency-dev/merkle")
    return folder


def cases(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every case, with its name."""
    for file in sorted(folder.rglob("*.json")):
        yield file.relative_to(folder).as_posix(), json.loads(file.read_text("utf-8"))


def decoded(values: list[str] | None) -> list[bytes]:
    """Base64 hashes as bytes."""
    return [base64.b64decode(value) for value in values or []]


def holds(verify: Any, *arguments: Any) -> bool:
    """Whether a verification returns."""
    try:
        verify(*arguments)
    except LogError:
        return False
    return True


def test_inclusion_proofs_hold_exactly_where_they_should(vectors: Path) -> None:
    got, want = {}, {}
    for name, case in cases(vectors / "inclusion"):
        leaf, root = decoded([case["leafHash"], case["root"]])
        path = decoded(case["proof"])
        want[name] = not case["wantErr"] and len(root) == 32
        got[name] = holds(verify_inclusion, leaf, case["leafIdx"], case["treeSize"], path, root)

    assert got == want
    assert len(want) > 90


def test_consistency_proofs_hold_exactly_where_they_should(vectors: Path) -> None:
    got, want = {}, {}
    for name, case in cases(vectors / "consistency"):
        old, new = decoded([case["root1"], case["root2"]])
        path = decoded(case["proof"])
        want[name] = not case["wantErr"] and len(old) == len(new) == 32
        got[name] = holds(verify_consistency, case["size1"], old, case["size2"], new, path)

    assert got == want
    assert len(want) > 90
