"""What entries may not say of one another (attacks 4, 11, 24 and 26 of the threat list)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from netproof.integrity.audit import Asked, Kind
from netproof.tlog.statement import make_statement
from tests.tlogs import policy, release
from tests.unit.integrity.audit.logs import Log, audited, digests, kinds, statement, withdraw

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from netproof.integrity.audit import Audit

OTHER = digests("other bytes")


def supplier_key(status: str) -> bytes:
    fields = {
        "v": 1,
        "kind": "supplier-key",
        "supplier": "Sample Networks",
        "format": "openpgp",
        "key_sha256": "1" * 64,
        "signer": "AB" * 20,
        "status": status,
        "time": "2026-10-26T04:53:20Z",
    }
    return make_statement(fields).entry


def signed(**values: Any) -> bytes:
    return statement(supplier_sig=[{"format": "openpgp", "sha256": "2" * 64, "signer": "AB" * 20}], **values)


def judge(folder: Path, entries: Sequence[bytes]) -> Audit:
    log = Log(folder / "log").append(entries)
    log.sign()
    return audited(log, folder / "state")


def told(answer: Audit) -> list[tuple[str, int | None, str]]:
    return [
        (one.kind.value, one.entry, one.text) for one in answer.findings if one.kind is not Kind.FIRST_AUDIT
    ]


def test_one_release_with_two_digests_is_a_finding(tmp_path: Path) -> None:
    got = judge(tmp_path, [statement(), statement(digests=OTHER), statement(digests=OTHER), statement()])

    assert told(got) == [
        ("two_digests", 1, "Sample Networks/core-router-9@2.4.1 has other bytes than in entry 0")
    ]


@pytest.mark.parametrize("field", ["supplier", "product", "release", "component"])
def test_another_name_or_part_may_have_other_bytes(tmp_path: Path, field: str) -> None:
    assert told(judge(tmp_path, [statement(), statement(digests=OTHER, **{field: "another"})])) == []


def test_a_part_is_named_in_its_finding(tmp_path: Path) -> None:
    got = judge(tmp_path, [statement(component="boot"), statement(component="boot", digests=OTHER)])

    assert "core-router-9@2.4.1 (boot) has other bytes" in told(got)[0][2]


def test_4_digests_of_two_releases_in_one_statement_are_a_finding(tmp_path: Path) -> None:
    own = release()["digests"]
    mixed = {"sha256": own["sha256"], "sha512": "0" * 128}
    less = {"sha256": own["sha256"]}

    assert kinds(judge(tmp_path / "a", [statement(), statement(digests=mixed)])) == ["two_digests"]
    assert kinds(judge(tmp_path / "b", [statement(), statement(digests=less)])) == []


def test_26_a_release_that_is_logged_again_after_its_withdrawal_is_a_finding(tmp_path: Path) -> None:
    got = judge(tmp_path, [statement(), withdraw(), statement(), statement(time="2026-10-26T04:53:21Z")])
    text = "Sample Networks/core-router-9@2.4.1 was withdrawn by entry 1, which is final"

    assert told(got) == [("after_withdrawal", 2, text), ("after_withdrawal", 3, text)]


def test_26_withdrawn_bytes_under_another_name_are_a_finding(tmp_path: Path) -> None:
    got = judge(tmp_path, [statement(), withdraw(), statement(release="2.4.2")])

    assert told(got) == [
        (
            "after_withdrawal",
            2,
            "Sample Networks/core-router-9@2.4.2 has bytes that were withdrawn by entry 1, which is final",
        )
    ]


def test_26_a_withdrawn_name_with_other_bytes_is_a_finding(tmp_path: Path) -> None:
    got = judge(tmp_path, [statement(), withdraw(), statement(digests=OTHER)])

    assert kinds(got) == ["two_digests", "after_withdrawal"]


def test_a_new_release_after_a_withdrawal_is_as_it_should_be(tmp_path: Path) -> None:
    got = judge(tmp_path, [statement(), withdraw(), statement(release="2.4.2", digests=OTHER)])

    assert told(got) == []
    assert dict(got.kinds) == {"release": 2, "withdraw": 1}


def test_a_withdrawal_of_what_was_never_logged_is_noted_and_holds(tmp_path: Path) -> None:
    got = judge(tmp_path, [withdraw(), statement()])

    assert kinds(got) == ["after_withdrawal", "withdrawn_unknown"]


def test_11_a_key_that_the_log_calls_compromised_signs_nothing_later(tmp_path: Path) -> None:
    before = [supplier_key("trusted"), signed()]
    got = judge(tmp_path, [*before, supplier_key("compromised"), signed(release="2.4.2", digests=OTHER)])
    text = "Sample Networks/core-router-9@2.4.2 is signed by a key that entry 2 says is compromised"

    assert told(got) == [("key_no_longer_trusted", 3, text)]


def test_11_compromised_is_for_ever_and_retired_is_not(tmp_path: Path) -> None:
    retired = judge(tmp_path / "a", [supplier_key("retired"), supplier_key("trusted"), signed()])
    compromised = judge(tmp_path / "b", [supplier_key("compromised"), supplier_key("trusted"), signed()])

    assert told(retired) == []
    assert [finding[:2] for finding in told(compromised)] == [
        ("key_no_longer_trusted", 1),
        ("key_no_longer_trusted", 2),
    ]


def test_time_that_goes_back_or_ahead_of_the_witnesses_is_noted(tmp_path: Path) -> None:
    later, ahead = "2026-10-26T05:03:20Z", "2030-01-01T00:00:00Z"
    moments = ["2026-10-26T04:53:20Z", later, "2026-10-26T04:53:20Z", later, ahead, later]
    entries = [statement(release=f"1.{at}", time=time) for at, time in enumerate(moments)]
    log = Log(tmp_path / "log").append(entries)
    log.sign(1_793_000_600)
    got = audited(log, tmp_path / "state")
    log.sign(1_793_000_000)
    unseen = audited(log, tmp_path / "other", policy=policy(0), freshness=None)

    assert [(kind, entry) for kind, entry, _ in told(got)] == [("time_back", 2), ("time_ahead", 4)]
    assert "is 600 s before that of an earlier entry" in told(got)[0][2]
    assert got.passed
    # Without witnesses nobody says what is ahead.
    assert [(kind, entry) for kind, entry, _ in told(unseen)][:2] == [("time_back", 2), ("time_back", 5)]


def test_what_earlier_audits_read_counts_for_later_entries(tmp_path: Path) -> None:
    steps = [
        [supplier_key("compromised"), statement(), withdraw()],
        [statement(release="2.4.2"), statement(digests=OTHER), signed(release="3", digests=digests("3"))],
    ]
    log = Log(tmp_path / "log")
    for new in steps:
        log.append(new).sign()
        got = audited(log, tmp_path / "state")

    assert [finding[:2] for finding in told(got)] == [
        ("two_digests", 4),
        ("after_withdrawal", 3),
        ("after_withdrawal", 4),
        ("key_no_longer_trusted", 5),
    ]


def test_other_statements_are_counted_and_judged_by_their_form_alone(tmp_path: Path) -> None:
    fields = {name: value for name, value in release().items() if name not in {"size", "supplier"}}
    seen = make_statement({**fields, "kind": "observation", "element": "3" * 64, "method": "quote"}).entry

    got = judge(tmp_path, [seen, seen])

    assert (told(got), dict(got.kinds)) == ([], {"observation": 2})


def test_24_a_flood_of_duplicates_is_no_finding(tmp_path: Path) -> None:
    log = Log(tmp_path / "log").append([statement()] * 600)
    log.sign()
    got = audited(log, tmp_path / "state", asked=Asked())

    assert (told(got), got.read_to) == ([], 600)
