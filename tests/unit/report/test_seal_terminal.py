"""Seals and their repetitions in words: what holds is said in a line, what does not is never left out."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from netproof.report.diff_json import schema
from netproof.report.diff_registry import write_answer

DIGEST, OTHER = "ab" * 32, "cd" * 32


def sealed(**said: Any) -> dict[str, Any]:
    """The model of a seal, changed as named."""
    return {
        "schema_version": "1.0",
        "network": "Musternetz",
        "as_of": "2026-11-01",
        "outcome": "no_evidence",
        "checks": {"pass": 3, "no_evidence": 1},
        "entry": {"index": 1425, "sha256": DIGEST, "time": "2026-11-02T08:00:00Z"},
        "log": {
            "origin": "log.example.org/musternetz",
            "checkpoint": {"size": 1426, "quorum": True, "witnesses": ["nord", "sued"], "problems": []},
        },
        "answer": {"sha256": DIGEST, "size": 9},
        "recipe": {"sha256": DIGEST},
        "inputs": {"files": 1, "tables": [{"table": "component", "sha256": DIGEST}]},
        "rules": [
            {"id": "de-tkg-2.0", "version": "2.0", "sha256": DIGEST},
            {"id": "uk-direction-2022", "version": None, "sha256": OTHER},
        ],
        "judged_log": {"origin": "log.example.org/musternetz", "size": 1, "root": DIGEST},
    } | said


def verified(**said: Any) -> dict[str, Any]:
    """The model of a repetition that holds, changed as named."""
    return {
        "schema_version": "1.0",
        "network": "Musternetz",
        "as_of": "2026-11-01",
        "holds": True,
        "same_answer": True,
        "entry": {"index": 1425, "time": "2026-11-02T08:00:00Z", "sha256": DIGEST},
        "log": log(),
        "netproof": {"sealed": "0.1.0", "now": "0.1.0"},
        "files": {"sealed": 47, "changed": 0, "listed": []},
        "rules": [],
        "outcome": {"sealed": "fail", "now": "fail"},
        "answer": {"sealed_sha256": DIGEST, "now_sha256": DIGEST},
        "answer_kept": True,
        "checks": [],
        "requirements": [],
    } | said


def log(**said: Any) -> dict[str, Any]:
    """The part of the model about the log."""
    return {
        "origin": "log.example.org/musternetz",
        "size": 1426,
        "proven": True,
        "reason": None,
        "witnesses": ["nord", "sued"],
        "proven_by": 1_793_000_000,
        "problem": None,
    } | said


def differing(count: int) -> list[dict[str, Any]]:
    """So many checks that came to something else."""
    return [
        {
            "id": f"INT-{number:03}",
            "sealed": "pass",
            "now": "fail",
            "sealed_findings": 0,
            "now_findings": 1200,
        }
        for number in range(count)
    ]


def lines_of(answer: str, model: dict[str, Any]) -> list[str]:
    """An answer's lines; its model follows the published schema."""
    jsonschema_rs.validator_for(schema(answer)).validate(model)
    return write_answer(answer, model, "terminal", width=100).splitlines()


def test_a_seal_says_where_it_stands_and_what_it_names() -> None:
    assert lines_of("seal", sealed()) == [
        "Musternetz as of 2026-11-01: no evidence",
        "sealed as entry 1,425 of log.example.org/musternetz",
        "checkpoint of 1,426 entries, cosigned by a quorum: nord, sued",
        "",
        f"  entry: sha256 {DIGEST}",
        f"  answer: sha256 {DIGEST}",
        f"  recipe: sha256 {DIGEST}",
        "  rests on 1 file",
        f"  de-tkg-2.0 2.0: sha256 {DIGEST}",
        f"  uk-direction-2022: sha256 {OTHER}",
        "  judged the log at 1 entry",
        "",
        "repeat it with `netproof check NET 1425 --verify`",
    ]


@pytest.mark.parametrize(
    ("checkpoint", "line"),
    [
        (None, "no checkpoint covers it yet: sign one, `netproof release log NET checkpoint`"),
        (
            {"size": 1, "quorum": True, "witnesses": [], "problems": []},
            "checkpoint of 1 entry, the policy asks for no witness",
        ),
        (
            {"size": 2, "quorum": False, "witnesses": ["nord"], "problems": ["sued: no answer"]},
            "checkpoint of 2 entries, without a quorum of witnesses",
        ),
    ],
)
def test_a_seal_says_who_vouches_for_it(checkpoint: dict[str, Any] | None, line: str) -> None:
    model = sealed(log={"origin": "log.example.org/musternetz", "checkpoint": checkpoint}, judged_log=None)

    assert lines_of("seal", model)[2] == line


def test_a_repetition_that_holds_is_five_facts() -> None:
    assert lines_of("seal-verify", verified()) == [
        "Musternetz as of 2026-11-01, sealed as entry 1,425",
        "proven: in the log of log.example.org/musternetz, cosigned by nord, sued, by 2026-10-26 07:33:20 UTC",
        "all 47 files are what was sealed",
        "the rules are what was sealed",
        "",
        f"same answer: sha256 {DIGEST}",
    ]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (
            {"log": log(proven_by=None)},
            "proven: signed by log.example.org/musternetz; the policy asks for no witness",
        ),
        ({"log": log(proven=False, reason="no quorum")}, "NOT proven under the policy: no quorum"),
        ({"log": log(problem="another root")}, "the log that was judged is not this one: another root"),
        ({"netproof": {"sealed": "0.1.0", "now": "0.2.0"}}, "sealed by netproof 0.1.0, repeated by 0.2.0"),
        ({"rules": ["checks/INT/INT-001.sql"]}, "1 rule is not what was sealed:"),
        (
            {"files": {"sealed": 2, "changed": 1, "listed": [{"path": "site.csv", "change": "missing"}]}},
            "  missing: site.csv",
        ),
    ],
)
def test_whatever_is_not_as_it_was_is_told(said: dict[str, Any], line: str) -> None:
    assert line in lines_of("seal-verify", verified(holds=False, **said))


def test_another_answer_names_outcomes_and_the_first_of_many_checks() -> None:
    model = verified(
        holds=False,
        same_answer=False,
        outcome={"sealed": "pass", "now": "fail"},
        answer={"sealed_sha256": DIGEST, "now_sha256": OTHER},
        checks=differing(23),
        requirements=[{**differing(1)[0], "id": "de-tkg-2.0/A2-2", "now": None, "now_findings": None}],
    )
    got = lines_of("seal-verify", model)

    assert f"  sealed: pass, {DIGEST}" in got
    assert f"  now: fail, {OTHER}" in got
    assert "checks that differ: 23" in got
    assert "  INT-000: pass -> fail (1,200)" in got
    assert "  and 3 more" in got
    assert "  de-tkg-2.0/A2-2: pass -> not asked" in got


@pytest.mark.parametrize(
    ("kept", "line"),
    [
        (False, "  the sealed answer is not kept here, so that nobody can tell what differs"),
        (True, "  every check came to the same; texts, values or data differ"),
    ],
)
def test_an_answer_that_differs_without_a_check_says_why_none_is_named(kept: bool, line: str) -> None:
    assert line in lines_of("seal-verify", verified(holds=False, same_answer=False, answer_kept=kept))


def test_no_name_of_a_file_steers_the_terminal() -> None:
    files = {"sealed": 1, "changed": 1, "listed": [{"path": "a\x1b[31m\u202e", "change": "added"}]}

    assert "  added: a⟨U+001B⟩[31m⟨U+202E⟩" in lines_of("seal-verify", verified(files=files))
