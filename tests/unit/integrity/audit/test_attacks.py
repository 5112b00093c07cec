"""Attacks on an auditor who looks at heads, by the numbers of the threat list.

1 rollback, 2 freeze, 3 fast-forward, 5 split view, 6 two heads of one size, 15 a head that nobody signed. 4, 16
to 20 and 28 to 31 stand in `test_attacks_on_bytes`, 23 in `test_folder`, 24 and 26 in `test_rules`, 32 and 38
in `test_web`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from netproof.integrity.audit import Asked, open_source
from netproof.tlog.checkpoint import Checkpoint
from netproof.tlog.cosignature import open_checkpoint, sign_checkpoint
from netproof.tlog.encoding import from_base64
from netproof.tlog.merkle import verify_consistency
from netproof.tlog.policy import Party
from tests.tlogs import (
    LOG,
    LOG_PQ,
    ORIGIN,
    TIME,
    WITNESSES,
    key,
    policy,
)
from tests.unit.integrity.audit.logs import (
    HOUR,
    Log,
    audited,
    entries,
    kinds,
    remembered_size,
    statement,
    written,
)
from tests.unit.integrity.audit.serving import files, serving

OWN = (LOG, LOG_PQ)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return written(tmp_path / "log")


def test_1_a_log_that_goes_back_is_a_finding_for_ever(log: Log, state: Path, tmp_path: Path) -> None:
    earlier = log.twin(tmp_path / "earlier")
    log.append(entries(300, 400)).sign()
    audited(log, state)
    for _ in range(2):
        got = audited(earlier, state)

        assert (got.passed, kinds(got), got.before) == (False, ["rollback"], 700)
        assert got.findings[0].text == "the log shows 300 entries, an earlier audit verified 700"
        assert (remembered_size(got), got.read) == (700, 0)
    assert audited(log, state).passed


def test_1_a_log_that_goes_back_to_another_history_is_kept_as_evidence(
    log: Log, state: Path, tmp_path: Path
) -> None:
    other = log.twin(tmp_path / "other")
    log.append(entries(300, 400)).sign()
    audited(log, state)
    # The larger tree can still be read where it was, so what is shown to be smaller is shown to differ.
    other.append([statement(release="hostile")])
    (log.folder / "checkpoint").write_bytes(other.sign())
    got = audited(log, state)

    assert kinds(got) == ["fork", "rollback"]
    assert_proves_a_fork(Path(got.findings[0].evidence))


def test_2_an_old_head_shown_again_is_a_finding(log: Log, state: Path) -> None:
    days = [audited(log, state, now=TIME + age * HOUR) for age in (1, 24, 25, 24 * 30)]

    assert [kinds(got) for got in days] == [[], [], ["stale"], ["stale"]]
    # A true head all the same: what it holds is read and remembered.
    assert [got.read_to for got in days] == [300] * 4


def test_2_only_fresh_witnesses_make_a_quorum_fresh(log: Log, state: Path) -> None:
    late = TIME + 48 * HOUR
    log.sign(late, [*OWN, WITNESSES[b"W1"]])
    note = (log.folder / "checkpoint").read_bytes()
    old = sign_checkpoint(open_checkpoint(note, [LOG.verifier()]).checkpoint, [WITNESSES[b"W2"]], TIME)
    (log.folder / "checkpoint").write_bytes(note + old.split(b"\n\n")[1])

    assert kinds(audited(log, state, now=late)) == ["stale"]
    log.sign(late, [*OWN, WITNESSES[b"W1"], WITNESSES[b"W2"]])
    assert kinds(audited(log, state, now=late)) == []


def test_2_witnesses_from_the_future_are_not_fresh(log: Log, state: Path) -> None:
    assert kinds(audited(log, state, now=TIME - 299)) == []
    assert kinds(audited(log, state, now=TIME - 301)) == ["stale"]


def test_3_a_head_beyond_belief_is_not_remembered(log: Log, state: Path) -> None:
    asked = Asked(growth_max=1_000)
    audited(log, state, asked=asked)
    twin = log.twin(state.with_name("twin"))
    twin.append(entries(300, 1_500)).sign()
    got = audited(twin, state, asked=asked)
    log.append(entries(300, 10)).sign()
    later = audited(log, state, asked=asked)

    assert (kinds(got), got.read, remembered_size(got)) == (["fast_forward"], 0, 310)
    # So the true log is not locked out.
    assert (kinds(later), later.read_to) == ([], 310)


@pytest.mark.parametrize("size", [2**62, 2**63 - 1])
def test_3_a_huge_size_without_tiles_costs_nothing(log: Log, state: Path, size: int) -> None:
    audited(log, state)
    log.sign(tree=Checkpoint(ORIGIN, size, log.edge.root()))
    got = audited(log, state)

    assert (kinds(got), remembered_size(got)) == (["unavailable"], 300)


def test_3_a_first_head_of_a_huge_size_is_not_believed(log: Log, state: Path) -> None:
    log.sign(tree=Checkpoint(ORIGIN, 2**62, log.edge.root()))

    assert kinds(audited(log, state)) == ["fast_forward"]


def assert_proves_a_fork(folder: Path) -> None:
    """What lies there shows anybody, with nothing but the log's key, that the log signed two histories."""
    keys = [one.verifier() for one in OWN]
    first, second = (
        open_checkpoint((folder / name).read_bytes(), keys).checkpoint for name in ("first", "second")
    )
    path = [from_base64(line, "path") for line in (folder / "path").read_text().splitlines()]

    assert first.origin == second.origin == ORIGIN
    if first.size == second.size:
        assert first.root != second.root
        return
    assert first.size < second.size
    # The proof leads to the second root and, on the way, to another tree than the first.
    with pytest.raises(Exception, match="consistency proof, old tree"):
        verify_consistency(first.size, first.root, second.size, second.root, path)


def test_5_two_histories_over_time_are_kept_as_evidence(log: Log, state: Path, tmp_path: Path) -> None:
    other = log.twin(tmp_path / "other")
    log.append(entries(300, 40)).sign()
    audited(log, state)
    other.append([statement(release="hostile"), *entries(500, 400)]).sign()
    got = audited(other, state)
    again = audited(other, state)

    assert (got.passed, got.consistent, kinds(got)) == (False, False, ["fork"])
    text = "the log signed a tree of 701 that does not begin with its tree of 340 entries"
    assert got.findings[0].text == text
    assert_proves_a_fork(Path(got.findings[0].evidence))
    assert (got.read, remembered_size(got)) == (0, 340)
    assert (kinds(again), again.findings[0].new) == (["fork"], False)


def test_5_a_fork_is_told_even_after_the_log_mended_its_ways(log: Log, state: Path, tmp_path: Path) -> None:
    other = log.twin(tmp_path / "other")
    log.append(entries(300, 40)).sign()
    audited(log, state)
    other.append(entries(500, 400)).sign()
    audited(other, state)
    got = audited(log, state)

    assert (got.passed, got.passed_since, kinds(got), got.consistent) == (False, True, ["fork"], True)
    assert got.findings[0].text == "an earlier audit found that the log showed two histories"


def test_5_a_split_view_is_found_by_comparing_two_copies(log: Log, state: Path, tmp_path: Path) -> None:
    other = log.twin(tmp_path / "other")
    log.append(entries(300, 40)).sign()
    other.append([statement(release="targeted"), *entries(300, 300)]).sign()
    for one, two in ((log, other), (other, log)):
        got = audited(one, state / one.folder.name, asked=Asked(against=open_source(two.folder)))

        assert (got.passed, kinds(got)) == (False, ["fork"])
        assert_proves_a_fork(Path(got.findings[0].evidence))


def test_5_a_fork_without_witnesses_is_evidence_all_the_same(log: Log, state: Path, tmp_path: Path) -> None:
    other = log.twin(tmp_path / "other")
    log.append(entries(300, 40)).sign()
    audited(log, state)
    other.append(entries(500, 400)).sign(signers=OWN)
    got = audited(other, state)

    assert (kinds(got), remembered_size(got)) == (["fork", "no_quorum"], 340)


def test_5_a_larger_head_whose_tiles_are_another_s_shows_nothing(log: Log, state: Path) -> None:
    audited(log, state)
    log.append(entries(300, 400))
    log.sign(tree=Checkpoint(ORIGIN, 700, bytes(32)))
    got = audited(log, state)

    assert (kinds(got), got.consistent, remembered_size(got)) == (["bad_tiles"], None, 300)


def test_6_two_heads_of_one_size_are_kept_as_evidence(log: Log, state: Path, tmp_path: Path) -> None:
    other = Log(tmp_path / "other").append(entries(1_000, 300))
    other.sign()
    audited(log, state)
    later = audited(other, state)
    beside = audited(log, tmp_path / "fresh", asked=Asked(against=open_source(other.folder)))

    for got in (later, beside):
        assert (got.passed, kinds(got)) == (False, ["fork"])
        assert got.findings[0].text == "the log signed two trees of 300 entries"
        assert_proves_a_fork(Path(got.findings[0].evidence))


def test_6_the_empty_tree_has_one_root(tmp_path: Path, state: Path) -> None:
    log = Log(tmp_path / "log")
    log.sign(tree=Checkpoint(ORIGIN, 0, bytes(32)))

    assert kinds(audited(log, state)) == ["bad_head"]


@pytest.mark.parametrize(
    "signers",
    [
        (key("stranger.example"),),
        (key(ORIGIN, number=9), *WITNESSES.values()),
        tuple(WITNESSES.values()),
    ],
    ids=["stranger", "other-key-of-the-name", "witnesses-only"],
)
def test_15_a_head_that_the_log_did_not_sign_is_not_read(
    log: Log, state: Path, signers: tuple[object, ...]
) -> None:
    log.sign(signers=signers)  # type: ignore[arg-type]
    got = audited(log, state)

    assert (kinds(got), got.head, got.read) == (["bad_head"], None, 0)


def test_15_too_few_witnesses_are_a_finding(log: Log, state: Path) -> None:
    log.sign(signers=[*OWN, WITNESSES[b"W3"]])
    got = audited(log, state)

    assert (kinds(got), got.head, got.read) == (["no_quorum"], None, 0)
    assert "got W3" in got.findings[0].text


def test_15_a_witness_line_that_fails_takes_the_head_away(log: Log, state: Path) -> None:
    note = log.sign()
    forged = bytearray(note)
    forged[-10] ^= 1
    (log.folder / "checkpoint").write_bytes(bytes(forged))

    assert kinds(audited(log, state)) in (["no_quorum"], ["bad_head"])


def test_15_the_head_of_another_log_is_not_taken(log: Log, state: Path) -> None:
    log.sign(tree=Checkpoint("other.example/log", 300, log.edge.root()))

    assert kinds(audited(log, state)) == ["bad_head"]


def test_15_an_address_that_shows_another_log_of_the_policy_is_a_finding(
    log: Log, state: Path, tmp_path: Path
) -> None:
    other = key("other.example/log")
    both = replace(policy(2), logs=(*policy(2).logs, Party(other.verifier())))
    instead = Log(tmp_path / "instead").append(entries(0, 5))
    instead.sign(signers=(other, *WITNESSES.values()), tree=Checkpoint(other.name, 5, instead.edge.root()))
    with serving(files(tmp_path, "/")) as server:
        own, elsewhere = audited(f"{server.url}/log", state, policy=both), f"{server.url}/instead"
        assert [kinds(one) for one in (own, audited(elsewhere, state, policy=both))] == [[], []]
        log.folder.rename(tmp_path / "gone")
        instead.folder.rename(log.folder)
        swapped = [audited(f"{server.url}/log", state, policy=both) for _ in range(2)]

    assert [(one.passed, kinds(one)) for one in swapped] == [(False, ["bad_head"])] * 2
    assert f"expected log {ORIGIN}, as this address showed before" in swapped[0].findings[0].text
