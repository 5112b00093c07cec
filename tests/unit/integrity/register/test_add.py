"""Releases into a log: in order, in batches, each judged as if it came alone; the refused stop nobody."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from netproof.errors import LogError
from netproof.integrity.log import file_path, writing
from netproof.integrity.register import add as adding
from netproof.integrity.register.add import Added, Candidate, Outcome, add
from netproof.integrity.register.durable import durable_entries
from netproof.integrity.register.entries import Evidence, Named, SupplierSignature
from netproof.integrity.register.evidence import Kept
from netproof.integrity.register.standing import Standing
from netproof.integrity.register.withdraw import withdraw
from tests.registers import NOW, network

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def candidate(release: str, text: str = "", part: str = "", signer: str = "") -> Candidate:
    named = Named("kelmaro", "core-9", release, part)
    signatures = (SupplierSignature("raw", digest("sig"), signer),) if signer else ()
    evidence = Evidence({"sha256": digest(text or f"{release}{part}")}, 1, signatures)
    return Candidate(release, "verified", named, evidence)


def added(folder: Path, candidates: Iterable[Candidate]) -> list[Added]:
    with writing(folder) as writer:
        standing = Standing.of(durable_entries(folder, writer))
        return list(add(writer, standing, candidates, folder=folder, time=NOW))


def told(done: list[Added]) -> list[tuple[str, int | None]]:
    return [(one.outcome.value, one.index) for one in done]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return network(tmp_path)[0] / "releases"


def test_releases_are_logged_in_their_order_and_each_once(log: Path) -> None:
    first = added(log, [candidate("1"), candidate("2"), candidate("1"), candidate("2", part="boot")])
    again = added(log, [candidate("2"), candidate("3"), candidate("1")])

    assert told(first) == [("logged", 0), ("logged", 1), ("already_logged", 0), ("logged", 2)]
    assert told(again) == [("already_logged", 1), ("logged", 3), ("already_logged", 0)]


def test_the_refused_stop_nobody_and_leave_nothing_behind(log: Path) -> None:
    nobody = Candidate("x", "", None, None, "nobody knows")
    unknown = Candidate("y", "", None, None)
    done = added(log, [nobody, candidate("1"), candidate("1", "other"), unknown, candidate("2")])

    assert told(done) == [
        ("refused", None),
        ("logged", 0),
        ("refused", None),
        ("refused", None),
        ("logged", 1),
    ]
    assert [one.reason for one in done][:1] == ["nobody knows"]
    assert "entry 0" in done[2].reason
    assert done[3].reason == "nothing is known of it"


def test_a_batch_is_judged_as_if_its_releases_came_one_by_one(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = [candidate(str(number % 7), str(number % 11)) for number in range(60)]
    whole = added(log, some)
    monkeypatch.setattr(adding, "BATCH", 1)
    single = added(network(tmp_path / "b")[0] / "releases", some)

    assert [(o.outcome, o.index, o.reason) for o in whole] == [(o.outcome, o.index, o.reason) for o in single]


def test_a_run_that_is_cut_off_goes_on_where_it_stood(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "BATCH", 2)
    some = [candidate(str(number)) for number in range(7)]

    def cut() -> Iterator[Candidate]:
        yield from some[:5]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        added(log, cut())

    assert told(added(log, some)) == [("already_logged", n) for n in range(4)] + [
        ("logged", n) for n in (4, 5, 6)
    ]


def test_a_signature_that_comes_later_is_logged_beside_the_release(log: Path) -> None:
    done = added(
        log, [candidate("1"), candidate("1", signer="K"), candidate("1", signer="K"), candidate("1")]
    )

    assert told(done) == [("logged", 0), ("logged", 1), ("already_logged", 0), ("already_logged", 0)]


def test_what_an_entry_names_is_kept_by_its_digest_before_the_entry_is_there(
    log: Path, tmp_path: Path
) -> None:
    bill = tmp_path / "bill.json"
    bill.write_text("{}")
    kept = Kept(bill, digest("{}"))
    one = candidate("1")
    with_bill = Candidate(one.shown, one.verdict, one.named, one.evidence, keep=(kept,))

    assert told(added(log, [with_bill])) == [("logged", 0)]
    assert file_path(log, digest("{}")).read_text() == "{}"


def test_what_changed_since_it_was_looked_at_is_refused(log: Path, tmp_path: Path) -> None:
    bill = tmp_path / "bill.json"
    bill.write_text("{ }")
    one = candidate("1")
    changed = Candidate(one.shown, one.verdict, one.named, one.evidence, keep=(Kept(bill, digest("{}")),))
    done = added(log, [changed, candidate("1", "other")])

    assert told(done) == [("refused", None), ("logged", 0)]
    assert "changes while read" in done[0].reason


def test_what_nobody_names_is_known_by_the_log_if_only_one_release_has_its_bytes(log: Path) -> None:
    one = candidate("1", "x")
    unnamed = Candidate("file", "", None, one.evidence, unnamed="nobody says it")
    first = added(log, [unnamed, one, unnamed])
    then = added(log, [candidate("1", "x", part="boot"), unnamed])

    assert told(first) == [("refused", None), ("logged", 0), ("already_logged", 0)]
    assert (first[0].reason, first[2].candidate.named) == ("nobody says it", one.named)
    assert told(then) == [("logged", 1), ("refused", None)]


def test_a_withdrawal_takes_every_part_of_a_release_and_is_told_once(log: Path) -> None:
    added(log, [candidate("1"), candidate("1", part="boot"), candidate("2")])
    with writing(log) as writer:
        standing = Standing.of(durable_entries(log, writer))
        one = withdraw(writer, standing, digest("1"), "bad", NOW)
        rest = withdraw(writer, standing, "core-9@1", "worse", NOW)
        again = withdraw(writer, standing, "0", "worse", NOW)
        entries = [json.loads(entry) for _, entry in durable_entries(log, writer)]

    assert [(gone.outcome, gone.index) for gone in one] == [(Outcome.WITHDRAWN, 3)]
    assert [(gone.outcome, gone.index) for gone in rest] == [
        (Outcome.WITHDRAWN_BEFORE, 3),
        (Outcome.WITHDRAWN, 4),
    ]
    assert [(gone.outcome, gone.index) for gone in again] == [(Outcome.WITHDRAWN_BEFORE, 3)]
    assert len(entries) == 5
    assert (entries[4]["component"], entries[4]["reason"]) == ("boot", "worse")


@pytest.mark.parametrize(("name", "reason"), [("core-9@9", "bad"), ("5", "bad"), ("core-9@1", "")])
def test_nothing_is_withdrawn_without_a_release_and_a_reason(log: Path, name: str, reason: str) -> None:
    added(log, [candidate("1")])
    with writing(log) as writer:
        standing = Standing.of(durable_entries(log, writer))
        with pytest.raises(LogError):
            withdraw(writer, standing, name, reason, NOW)

        assert writer.size == 1
