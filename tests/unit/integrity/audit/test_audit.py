"""What an audit remembers, reads and tells."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from netproof.integrity.audit import NOTES, Asked, Kind, audit_model, open_source
from netproof.report.diff_json import schema
from netproof.report.release_audit_terminal import KIND
from netproof.tlog.checkpoint import Checkpoint
from netproof.tlog.policy import Party
from netproof.tlog.statement import make_statement
from tests.tlogs import ORIGIN, TIME, WITNESSES, key, numbered, policy
from tests.unit.integrity.audit.logs import HOUR, Log, audited, entries, kinds, valid, written
from tests.unit.integrity.audit.serving import files, serving

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return written(tmp_path / "log")


def test_a_first_audit_reads_everything_and_says_that_it_is_the_first(log: Log, state: Path) -> None:
    got = valid(audited(log, state))

    assert (got.passed, got.before, got.consistent, got.read, got.read_to) == (True, None, None, 300, 300)
    assert [finding.kind for finding in got.findings] == [Kind.FIRST_AUDIT]
    assert dict(got.kinds) == {"release": 300}
    assert got.head is not None
    assert (got.head.witnesses, got.head.fresh_at) == (tuple(WITNESSES), TIME)


def test_a_later_audit_reads_only_what_is_new(log: Log, state: Path) -> None:
    audited(log, state)
    log.append(entries(300, 500)).sign()
    with serving(files(log.folder)) as server:
        got = valid(audited(server.url, state))
        asked = set(server.asked)

    assert (got.passed, got.before, got.consistent, got.read, got.read_to) == (True, 300, True, 500, 800)
    assert kinds(got) == []
    assert "/tile/entries/000" not in asked
    assert {"/tile/entries/001", "/tile/entries/002", "/tile/entries/003.p/32"} < asked
    assert audited(log, state).read == 0


def test_one_entry_after_another_gives_the_same_as_all_at_once(tmp_path: Path) -> None:
    log = Log(tmp_path / "log")
    for number in (1, 255, 256, 1, 30):
        log.append(entries(log.edge.size, number)).sign()
        step = audited(log, tmp_path / "steps")
    whole = audited(log, tmp_path / "whole")

    assert (step.read_to, step.kinds) == (whole.read_to, whole.kinds) == (543, {"release": 543})
    assert step.passed


def test_an_empty_log_is_audited(tmp_path: Path, state: Path) -> None:
    log = Log(tmp_path / "log")
    log.sign()
    got = valid(audited(log, state))
    log.append(entries(0, 3)).sign()

    assert (got.passed, got.read_to) == (True, 0)
    assert (audited(log, state).consistent, audited(log, state).read_to) == (True, 3)


def test_the_same_entry_twice_is_normal(tmp_path: Path, state: Path) -> None:
    log = Log(tmp_path / "log").append(entries(0, 5) * 3)
    log.sign()

    assert kinds(valid(audited(log, state))) == []


def test_entries_of_something_else_are_hashed_only_when_asked(tmp_path: Path, state: Path) -> None:
    log = Log(tmp_path / "log").append(numbered(300))
    log.sign()
    strict = valid(audited(log, state))
    loose = valid(audited(log, tmp_path / "other", asked=Asked(statements=False)))

    assert (strict.passed, strict.counts[Kind.NOT_A_STATEMENT]) == (False, 300)
    assert dict(strict.kinds) == {"unreadable": 300}
    assert (loose.passed, loose.read_to, dict(loose.kinds)) == (True, 300, {})


def test_entries_that_were_only_hashed_are_read_by_the_next_audit_that_reads(
    tmp_path: Path, state: Path
) -> None:
    log = Log(tmp_path / "log").append([*entries(0, 9), b"junk"])
    log.sign()
    loose = audited(log, state, asked=Asked(statements=False))
    strict = [valid(audited(log, state)) for _ in range(2)]

    assert (kinds(loose), loose.read) == ([], 10)
    assert [(kinds(got), got.read, dict(got.kinds)) for got in strict] == [
        (["not_a_statement"], 10, {"release": 9, "unreadable": 1}),
        (["not_a_statement"], 0, {"release": 9, "unreadable": 1}),
    ]
    log.append([b"more junk"]).sign()
    assert kinds(audited(log, state, asked=Asked(statements=False))) == ["not_a_statement"]
    assert audited(log, state).counts[Kind.NOT_A_STATEMENT] == 2


def test_a_finding_that_was_never_told_is_new_to_the_next_audit(
    log: Log, state: Path, tmp_path: Path
) -> None:
    twin = log.twin(tmp_path / "twin")
    log.append([b"junk"]).sign()
    twin.append(entries(300, 1)).sign()
    against = open_source(twin.folder)
    # The first one found them and ended before it could say so.
    audited(log, state, tell=False, asked=Asked(against=against))
    got = [audited(log, state, asked=Asked(against=against)), audited(log, state)]

    assert [kinds(one) for one in got] == [["fork", "not_a_statement"]] * 2
    assert [dict(one.new) for one in got] == [{Kind.FORK: 1, Kind.NOT_A_STATEMENT: 1}, {}]
    assert [one.passed_since for one in got] == [False, True]


def test_after_many_holes_the_rest_is_left_unread(tmp_path: Path, state: Path) -> None:
    log = Log(tmp_path / "log").append(numbered(256 * 20))
    log.sign()
    for bundle in (log.folder / "tile/entries").iterdir():
        bundle.unlink()
    got = valid(audited(log, state, asked=Asked(statements=False)))

    assert (got.counts[Kind.UNAVAILABLE], got.read) == (17, 0)
    assert "entries after bundle 15 were not read" in got.findings[-2].text


def test_a_log_that_cannot_be_had_is_a_finding_and_no_pass(log: Log, state: Path) -> None:
    audited(log, state)
    (log.folder / "checkpoint").unlink()
    got = valid(audited(log, state))

    assert (got.passed, kinds(got), got.before, got.head) == (False, ["unavailable"], 300, None)


def test_a_policy_of_several_logs_needs_the_head_to_know_which(log: Log, state: Path) -> None:
    (log.folder / "checkpoint").unlink()
    both = replace(policy(0), logs=(*policy(0).logs, Party(key("other.example/log").verifier())))
    got = valid(audited(log, state, policy=both, freshness=None))

    assert (got.state, kinds(got)) == ("", ["unavailable"])
    assert not state.exists()


def test_a_policy_without_witnesses_is_noted(log: Log, state: Path) -> None:
    got = valid(audited(log, state, policy=policy(0)))

    assert (got.passed, kinds(got)) == (True, ["no_witnesses"])


def test_another_policy_that_the_log_announced_is_noted(tmp_path: Path, state: Path) -> None:
    announced = sha256(b"new policy").hexdigest()
    said = make_statement(
        {
            "v": 1,
            "kind": "policy",
            "name": "readers",
            "policy_sha256": announced,
            "time": "2026-10-26T04:53:20Z",
        }
    )
    log = Log(tmp_path / "log").append([said.entry])
    log.sign()
    same = audited(log, state, asked=Asked(policy_sha256=announced))
    other = valid(audited(log, state, asked=Asked(policy_sha256="0" * 64)))

    assert (kinds(same), kinds(other), other.passed) == ([], ["other_policy"], True)


def test_a_copy_that_is_behind_is_noted_and_one_that_agrees_is_not(
    log: Log, state: Path, tmp_path: Path
) -> None:
    copy = log.twin(tmp_path / "copy")
    same = audited(log, state, asked=Asked(against=open_source(copy.folder)))
    log.append(entries(300, 7)).sign()
    behind = valid(audited(log, state, asked=Asked(against=open_source(copy.folder))))
    ahead = valid(audited(copy, tmp_path / "other", asked=Asked(against=open_source(log.folder))))

    assert (kinds(same), kinds(behind), kinds(ahead)) == ([], ["behind"], ["behind"])
    assert behind.findings[0].text == f"{copy.folder} is 7 entries behind"
    assert ahead.findings[-1].text == f"{copy.folder} is 7 entries behind"
    assert behind.passed


def test_a_copy_of_another_log_or_none_is_a_finding(log: Log, state: Path, tmp_path: Path) -> None:
    copy = log.twin(tmp_path / "copy")
    (copy.folder / "checkpoint").write_bytes(b"x")
    bad = audited(log, state, asked=Asked(against=open_source(copy.folder)))
    (copy.folder / "checkpoint").unlink()
    none = audited(log, state, asked=Asked(against=open_source(copy.folder)))

    assert (kinds(bad), kinds(none)) == (["bad_head"], ["unavailable"])


def test_progress_counts_up_to_all_new_entries(log: Log, state: Path) -> None:
    told: list[tuple[int, int]] = []
    audited(log, state, progress=lambda *at: told.append(at))

    assert told == [(256, 300), (300, 300)]


def test_every_kind_has_words_and_stands_in_the_schema() -> None:
    assert list(KIND) == [kind.value for kind in Kind]
    assert schema("release-audit")["$defs"]["kind"]["enum"] == list(KIND)
    assert list(NOTES) != []


def test_a_copy_of_another_log_of_the_policy_is_none_of_this_one(
    log: Log, state: Path, tmp_path: Path
) -> None:
    stranger = key("other.example/log")
    both = replace(policy(0), logs=(*policy(0).logs, Party(stranger.verifier())))
    other = Log(tmp_path / "other").append(entries(0, 2))
    other.sign(signers=[stranger], tree=Checkpoint("other.example/log", 2, other.edge.root()))
    got = audited(log, state, policy=both, asked=Asked(against=open_source(other.folder)))

    assert kinds(got) == ["bad_head", "no_witnesses"]
    assert got.findings[0].text == f"{other.folder}: expected log {ORIGIN}, got other.example/log"


def test_any_age_is_accepted_where_none_is_asked(log: Log, state: Path) -> None:
    assert kinds(audited(log, state, now=2 * TIME, freshness=None)) == []


def test_a_time_that_no_calendar_has_is_left_out(log: Log, state: Path) -> None:
    log.sign(2**62)
    got = valid(audited(log, state, freshness=None))

    assert got.head is not None
    assert (got.head.fresh_at, audit_model(got)["head"]["fresh_at"]) == (2**62, None)


def test_hours_are_hours(log: Log, state: Path) -> None:
    assert audited(log, state, now=TIME + 24 * HOUR).passed
    assert kinds(audited(log, state, now=TIME + 24 * HOUR + 1)) == ["stale"]
