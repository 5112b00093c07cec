"""Another operator's log as rows: only under the caller's policy, every entry verified, nothing else believed."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from netproof.errors import LogError, SourceError
from netproof.integrity.audit import open_source
from netproof.integrity.compared import HEADER, Compared, compared
from netproof.integrity.log import copy_public
from netproof.tables.spec import all_specs
from netproof.tlog.statement import make_statement
from netproof.tlog.verify import digests_of
from tests.logfolders import grown, new_log
from tests.tlogs import ARTIFACT, ENTRY, LOG_PQ, ORIGIN, key, numbered, policy, release

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.tlog.policy import Policy

ENTRIES = [
    ENTRY,
    make_statement(release(release="2.4.2", component="boot", digests={"sha256": "ab" * 32})).entry,
    make_statement(
        {name: value for name, value in release(kind="withdraw", reason="it leaks").items() if name != "size"}
    ).entry,
    b"no statement at all",
]


def read(folder: Path, how: Policy | None = None) -> Compared:
    """Read a log in a folder."""
    with closing(open_source(folder)) as source:
        return compared(source, how or policy(0))


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """What another operator publishes."""
    (tmp_path / "other").mkdir()
    log = grown(new_log(tmp_path / "other"), ENTRIES)
    copy_public(log, tmp_path / "public")
    return tmp_path / "public"


def test_releases_become_rows_and_everything_else_is_counted(other: Path) -> None:
    got = read(other)

    assert got.rows == (
        (ORIGIN, "0", "Sample Networks", "core-router-9", "2.4.1", "", digests_of(ARTIFACT)["sha256"]),
        (ORIGIN, "1", "Sample Networks", "core-router-9", "2.4.2", "boot", "ab" * 32),
    )
    assert (got.where, got.origin, got.size, got.proven_by, got.not_statements) == (
        str(other),
        ORIGIN,
        4,
        None,
        1,
    )
    assert all_specs()["compared_release"].names == HEADER


def test_a_log_of_many_bundles_is_read_whole(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), [*numbered(700), ENTRY])
    told = []

    with closing(open_source(log)) as source:
        got = compared(source, policy(0), progress=lambda done, total: told.append((done, total)))

    assert [row[1] for row in got.rows] == ["700"]
    assert (got.not_statements, told[-1]) == (700, (701, 701))


def test_an_empty_log_has_no_rows(tmp_path: Path) -> None:
    got = read(grown(new_log(tmp_path), []))

    assert (got.size, got.rows) == (0, ())


def test_a_quorum_that_the_policy_asks_for_must_stand(other: Path) -> None:
    with pytest.raises(LogError, match="expected a quorum of witnesses"):
        read(other, policy(2))


def test_a_log_that_the_policy_does_not_name_is_refused(other: Path) -> None:
    with pytest.raises(LogError, match="expected a signature of a trusted key, got those of"):
        read(other, policy(0, logs=(key("log.example/else"), LOG_PQ)))


@pytest.mark.parametrize("name", ["tile/entries/000.p/4", "tile/0/000.p/4", "checkpoint"])
def test_a_changed_byte_anywhere_is_refused(other: Path, name: str) -> None:
    data = bytearray((other / name).read_bytes())
    data[len(data) // 2] ^= 1
    (other / name).write_bytes(bytes(data))

    with pytest.raises(LogError) as caught:
        read(other)
    assert str(caught.value).startswith(f"{other}: ")


def test_a_log_that_withholds_entries_is_refused(other: Path) -> None:
    (other / "tile/entries/000.p/4").unlink()

    with pytest.raises(SourceError, match="expected a file, got none"):
        read(other)


def test_a_log_that_claims_too_many_entries_is_refused_before_it_is_read(
    other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netproof.integrity.compared.ENTRIES_MAX", 3)

    with pytest.raises(LogError, match="expected at most 3 entries, got 4"):
        read(other)
