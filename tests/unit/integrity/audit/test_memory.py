"""What an auditor remembers between audits, and what a damaged or lost memory does."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from netproof.errors import SourceError
from netproof.integrity.audit import Asked, Kind, audit_model
from netproof.integrity.audit.facts import Facts
from netproof.integrity.audit.state import remembered
from netproof.report.diff_registry import write_answer
from tests.tlogs import ALL, LOG, ORIGIN, WITNESSES, numbered, policy
from tests.unit.integrity.audit.logs import Log, audited, entries, kinds, statement, valid, withdraw, written

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return written(tmp_path / "log")


def test_findings_about_entries_are_told_again_but_are_new_only_once(tmp_path: Path, state: Path) -> None:
    log = Log(tmp_path / "log").append([statement(), statement(digests={"sha256": "0" * 64})])
    log.sign()
    first, second = audited(log, state), valid(audited(log, state))

    assert kinds(first) == kinds(second) == ["two_digests"]
    assert (first.passed, first.passed_since) == (False, False)
    assert (second.passed, second.passed_since) == (False, True)
    assert "told before" in write_answer("release-audit", audit_model(second), "terminal", width=200)


def test_a_hole_is_told_and_read_again_until_it_is_filled(log: Log, state: Path) -> None:
    log.append(entries(300, 900)).sign()
    bundle = log.folder / "tile/entries/001"
    kept = bundle.read_bytes()
    bundle.unlink()
    got = valid(audited(log, state))
    bundle.write_bytes(kept)
    later = audited(log, state)

    assert (kinds(got), got.read_to, got.read) == (["unavailable"], 256, 1_200 - 256)
    assert [finding.entry for finding in got.findings if finding.kind is Kind.UNAVAILABLE] == [256]
    assert dict(got.kinds) == {"release": 256}
    assert (later.passed, later.read_to, dict(later.kinds)) == (True, 1_200, {"release": 1_200})


def test_what_lies_behind_a_hole_is_judged_but_not_learned(tmp_path: Path, state: Path) -> None:
    log = Log(tmp_path / "log").append([*entries(0, 300), statement(), withdraw(), statement()])
    log.sign()
    hole = log.folder / "tile/entries/000"
    kept = hole.read_bytes()
    hole.unlink()
    first = audited(log, state)
    hole.write_bytes(kept)
    second = audited(log, state)

    assert (kinds(first), kinds(second)) == (["unavailable", "after_withdrawal"], ["after_withdrawal"])
    assert (second.counts[Kind.AFTER_WITHDRAWAL], second.passed_since) == (1, False)


def test_a_lost_memory_makes_the_next_audit_a_first_one(log: Log, state: Path) -> None:
    own = next(iter([audited(log, state).state]))
    (state / own / "checkpoint").unlink()
    got = audited(log, state)

    assert (got.before, got.read, got.read_to, dict(got.kinds)) == (None, 300, 300, {"release": 300})


def test_facts_that_are_none_are_made_again(log: Log, state: Path) -> None:
    own = state / audited(log, state).state
    for damage in (b"not a database at all, but long enough to be looked at" * 20, b""):
        (own / "facts.sqlite").write_bytes(damage)
        got = audited(log, state)

        assert (got.before, got.consistent, got.read, dict(got.kinds)) == (300, True, 300, {"release": 300})
    with closing(sqlite3.connect(own / "facts.sqlite")) as facts:
        facts.execute("pragma user_version = 99")
    assert audited(log, state).read == 300


def test_facts_that_cannot_be_used_stop_the_audit(log: Log, state: Path) -> None:
    own = state / audited(log, state).state
    (own / "facts.sqlite").unlink()
    (own / "facts.sqlite").mkdir()

    with pytest.raises(SourceError, match=r"facts.sqlite: expected a file that can be read and written"):
        audited(log, state)


def test_a_head_that_is_damaged_in_memory_stops_the_audit(log: Log, state: Path) -> None:
    own = state / audited(log, state).state
    (own / "checkpoint").write_bytes(b"damaged")
    with pytest.raises(SourceError, match="expected the head that was last verified"):
        audited(log, state)
    os.truncate(own / "checkpoint", 2_000_000)
    with pytest.raises(SourceError, match="expected at most 1,000,000 bytes"):
        audited(log, state)
    (own / "checkpoint").unlink()
    (own / "checkpoint").mkdir()
    with pytest.raises(SourceError, match="expected a place that can be read and written"):
        audited(log, state)


def test_a_memory_serves_one_audit_at_a_time_and_one_log(log: Log, state: Path) -> None:
    with remembered(state, ORIGIN), pytest.raises(SourceError, match="another audit holds"):
        audited(log, state)
    own = state / audited(log, state).state
    (own / "origin").write_text("another\n")
    with pytest.raises(SourceError, match="got another log's state"):
        audited(log, state)


def test_evidence_that_cannot_be_kept_stops_the_audit(log: Log, state: Path, tmp_path: Path) -> None:
    other = Log(tmp_path / "other").append(entries(1_000, 300))
    other.sign()
    own = state / audited(log, state).state
    (own / "evidence").write_bytes(b"")
    with pytest.raises(SourceError, match="expected a place that can be read and written"):
        audited(other, state)
    (own / "origin").unlink()
    (own / "origin").mkdir()
    with pytest.raises(SourceError, match="expected a place that can be read and written"):
        audited(log, state)


def killed(log: Log, state: Path) -> None:
    """Audit until the system kills this process, as it does without a word."""

    def kill(number: int, _: int) -> None:
        if number > 256 * 280:
            os.kill(os.getpid(), signal.SIGKILL)

    audited(log, state, asked=Asked(statements=False), progress=kill)


def test_an_audit_that_is_killed_leaves_a_memory_that_goes_on(tmp_path: Path, state: Path) -> None:
    log = Log(tmp_path / "log").append(numbered(256 * 300))
    log.sign()
    child = multiprocessing.get_context("spawn").Process(target=killed, args=(log, state))
    child.start()
    child.join()
    got = audited(log, state, asked=Asked(statements=False))

    assert child.exitcode == -signal.SIGKILL
    # 256 bundles were committed; the head had been verified before them.
    assert (got.passed, got.before, got.read, got.read_to) == (True, 256 * 300, 256 * 44, 256 * 300)


def test_a_memory_that_cannot_be_written_is_told(log: Log, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SourceError, match="expected a place that can be read and written"):
        audited(log, tmp_path / "file")


def test_a_failed_write_leaves_the_head_before(
    log: Log, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = state / audited(log, state).state
    before = (own / "checkpoint").read_bytes()
    log.append(entries(300, 5)).sign()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("netproof.integrity.audit.state.os.fsync", full)
        with pytest.raises(SourceError, match="no space left"):
            audited(log, state)
    assert (own / "checkpoint").read_bytes() == before
    assert audited(log, state).read_to == 305


def test_a_key_that_is_struck_out_of_the_policy_does_not_take_the_memory_away(log: Log, state: Path) -> None:
    log.sign(signers=[LOG, *WITNESSES.values()])
    audited(log, state)
    log.append(entries(300, 1)).sign(signers=ALL)
    got = audited(log, state, policy=policy(2, logs=[ALL[1]]))

    assert (got.passed, got.before, got.consistent) == (True, 300, True)


def test_only_the_first_findings_of_a_kind_are_listed(tmp_path: Path, state: Path) -> None:
    log = Log(tmp_path / "log").append(numbered(1_100))
    log.sign()
    got = audited(log, state)
    text = write_answer("release-audit", audit_model(got), "terminal")

    log.append(entries(0, 1)).append(numbered(3)).sign()
    again = valid(audited(log, state))

    assert (len(got.findings), got.counts[Kind.NOT_A_STATEMENT]) == (1_001, 1_100)
    assert "unreadable entry: 1,080 more" in text
    # The new ones are listed, however many old ones there are.
    assert (again.counts[Kind.NOT_A_STATEMENT], again.new[Kind.NOT_A_STATEMENT]) == (1_103, 3)
    assert [one.entry for one in again.findings if one.new] == [1_101, 1_102, 1_103]
    assert audited(log, state).passed_since


def test_facts_forget_what_was_not_committed(tmp_path: Path) -> None:
    path = tmp_path / "facts.sqlite"
    with Facts.opened(path) as facts:
        facts.add_release(b"name", bytes(32), b"", 0)
        facts.read_to = 1
    with Facts.opened(path) as facts:
        assert (facts.releases_of(b"name"), facts.read_to) == ([], 0)
