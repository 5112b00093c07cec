"""RFC 8785's and JSONTestSuite's vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netproof.errors import LogError
from netproof.tlog.canonical import canonical, read_canonical, read_json

if TYPE_CHECKING:
    from pathlib import Path

REPEATED_KEYS = {"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"}
"""Well-formed, but readers disagree about what it says: refused."""


@pytest.fixture(scope="module")
def vectors(shared_data: Path) -> Path:
    folder = shared_data / "vectors"
    if not (folder / "json").is_dir() or not (folder / "jcs").is_dir():
        pytest.skip("no vectors of JSON")
    return folder


def accepts(data: bytes) -> bool:
    """Whether the strict reader takes a text; it may refuse, never fail otherwise."""
    try:
        value = read_json(data)
    except LogError:
        return False
    assert read_canonical(canonical(value)) == value
    return True


def test_canonical_form_is_that_of_the_vectors(vectors: Path) -> None:
    files = sorted((vectors / "jcs" / "input").glob("*.json"))
    for file in files:
        want = (vectors / "jcs" / "output" / file.name).read_bytes().rstrip(b"\n")

        assert canonical(read_json(file.read_bytes())) == want

    assert len(files) == 6


def test_well_formed_json_is_read_and_malformed_is_refused(vectors: Path) -> None:
    files = sorted((vectors / "json").glob("*.json"))
    got = {file.name: accepts(file.read_bytes()) for file in files}
    want = {name: name[0] == "y" and name not in REPEATED_KEYS for name in got if name[0] in "yn"}

    assert {name: got[name] for name in want} == want
    assert len(want) > 280


def test_what_readers_differ_about_is_refused(vectors: Path) -> None:
    files = sorted((vectors / "json").glob("i_*.json"))
    taken = {file.name for file in files if accepts(file.read_bytes())}

    assert taken <= {"i_number_double_huge_neg_exp.json", "i_number_real_underflow.json"}
    assert len(files) > 30
