"""Proofs that are taken from the operator's own log and checked by somebody who has only them."""

from __future__ import annotations

import random
from dataclasses import replace
from hashlib import sha256, sha384, sha512
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest

from netproof.errors import LogError
from netproof.integrity.audit import check, check_model, prove, withdrawal_after
from netproof.integrity.log import Published, Settings, create, published, writing
from netproof.integrity.signatures.artifact import Artifact
from netproof.report.diff_json import schema
from netproof.report.diff_registry import write_answer
from netproof.tlog.cosignature import signature_line
from netproof.tlog.note import parse_note
from netproof.tlog.policy_text import encode_policy
from netproof.tlog.proof import parse_proof
from netproof.tlog.statement import read_statement
from tests.tlogs import ARTIFACT, LOG, LOG_PQ, ORIGIN, TIME, WITNESSES, policy
from tests.unit.integrity.audit.logs import entries, statement, withdraw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from netproof.integrity.audit import Checked
    from netproof.tlog.note import SignatureLine

OWN = (LOG, LOG_PQ)


def cosign(note: bytes, _: Callable[[int], list[bytes]]) -> list[SignatureLine]:
    """All three witnesses at once."""
    return [signature_line(parse_note(note).text, one, TIME) for one in WITNESSES.values()]


def logged(folder: Path, *batches: Sequence[bytes]) -> Published:
    """A log written by the log's own writer, with a checkpoint after each batch."""
    settings = Settings(ORIGIN, tuple(one.verifier() for one in OWN))
    create(folder, settings, encode_policy(policy(2)))
    with writing(folder) as writer:
        for batch in batches:
            writer.append(batch)
            writer.checkpoint(OWN, TIME, cosign)
    return published(folder)


def valid(checked: Checked) -> str:
    """The answer on a terminal, once its model is found to follow the schema."""
    model = check_model(checked, "r.tlog-proof")
    jsonschema_rs.validator_for(schema("release-check")).validate(model)
    return write_answer("release-check", model, "terminal", width=100)


@pytest.fixture
def artifact(tmp_path: Path) -> Artifact:
    (tmp_path / "image.bin").write_bytes(ARTIFACT)
    return Artifact(tmp_path / "image.bin")


def test_what_is_proven_is_checked_with_the_file_and_the_policy_alone(
    tmp_path: Path, artifact: Artifact
) -> None:
    log = logged(tmp_path / "releases", entries(0, 700), [statement()], entries(700, 99))
    proof = prove(log, 700)
    got = check(proof, policy(2), artifact)
    text = " ".join(valid(got).split())

    assert (got.holds, got.reason) == (True, "")
    assert got.proven is not None
    assert (got.proven.index, got.proven.judged.checkpoint.size) == (700, 800)
    assert parse_proof(proof).extra == statement()
    assert "image.bin: proven to be in the log" in text
    assert "not shown: that the release was not withdrawn" in text


def test_every_entry_has_a_proof_and_no_other_index_has(tmp_path: Path) -> None:
    log = logged(tmp_path / "releases", entries(0, 300))
    for index in (0, 1, 255, 256, 299):
        got = check(prove(log, index), policy(2), None)

        assert got.proven is not None
        assert got.proven.entry == entries(index, 1)[0]
        assert "its entry is in the log" in valid(got)
    for index in (-1, 300, 2**62):
        with pytest.raises(LogError, match="expected an index below the size 300"):
            prove(log, index)


def test_a_proof_without_the_entry_needs_it_beside_it(tmp_path: Path, artifact: Artifact) -> None:
    proof = parse_proof(prove(logged(tmp_path / "releases", [statement()]), 0))
    bare = replace(proof, extra=b"").encode()

    assert not check(bare, policy(2), artifact).holds
    assert check(bare, policy(2), artifact, entry=statement()).holds
    assert not check(bare, policy(2), artifact, entry=statement(release="2")).holds


@pytest.mark.parametrize("size", [0, 4 << 20, (9 << 20) + 77])
def test_files_of_any_size_are_hashed_as_hashlib_does(tmp_path: Path, size: int) -> None:
    data = random.Random(size).randbytes(size)  # noqa: S311 - a seed, no secret
    (tmp_path / "large").write_bytes(data)
    names = ("sha256", "sha512", "sha384")
    both, alone, three = (
        Artifact(tmp_path / "large", names[at:][:number]) for at, number in ((0, 2), (0, 1), (0, 3))
    )

    assert {one.digest("sha256") for one in (both, alone, three)} == {sha256(data).digest()}
    assert {one.digest("sha512") for one in (both, three)} == {sha512(data).digest()}
    assert {one.digest("sha384") for one in (three, alone)} == {sha384(data).digest()}


def test_only_digests_that_the_entry_names_are_made(tmp_path: Path, artifact: Artifact) -> None:
    both, one = statement(), statement(digests={"sha256": artifact.digest("sha256").hex()})
    log = logged(tmp_path / "releases", [both, one, b"no statement"])
    got = [check(prove(log, index), policy(2), artifact) for index in range(3)]

    assert [list(answer.digests) for answer in got] == [["sha256", "sha512"], ["sha256"], ["sha256"]]
    assert [answer.holds for answer in got] == [True, True, False]
    assert "sha512" not in valid(got[1])


def test_what_does_not_hold_is_told_with_its_reason(tmp_path: Path, artifact: Artifact) -> None:
    proof = prove(logged(tmp_path / "releases", [withdraw()]), 0)
    for data, why in (
        (proof, "expected an entry of kind release, got withdraw"),
        (b"no proof", "proof: expected c2sp.org/tlog-proof@v1"),
        (prove(logged(tmp_path / "other", [b"\x00"]), 0), "JSON"),
    ):
        got = check(data, policy(2), artifact)
        text = valid(got)

        assert why in got.reason
        assert "image.bin: NOT proven" in text
        assert "because: " in text
    assert check(prove(published(tmp_path / "other"), 0), policy(2), None).reason.startswith("JSON")


def test_a_withdrawal_is_proven_as_an_entry(tmp_path: Path) -> None:
    got = check(prove(logged(tmp_path / "releases", [withdraw()]), 0), policy(2), None)

    assert "reason: hostile update" in valid(got)


def test_a_later_withdrawal_of_the_same_bytes_is_found(tmp_path: Path) -> None:
    other = statement(release="2", digests={"sha256": "0" * 64})
    # Said before the release was logged, so it is not a later one.
    first = withdraw(reason="by mistake")
    log = logged(tmp_path / "releases", [first, statement(), *entries(0, 300), other], [withdraw()])
    release = read_statement(statement())

    assert withdrawal_after(log, release, 1) == 303
    assert withdrawal_after(log, read_statement(other), 302) is None
    assert withdrawal_after(log, read_statement(withdraw()), 0) is None
    assert withdrawal_after(log, release, 303) is None


def test_a_policy_without_witnesses_is_told(tmp_path: Path, artifact: Artifact) -> None:
    log = logged(tmp_path / "releases", [statement()])

    assert "cosigned by nobody" in valid(check(prove(log, 0), replace(policy(0), witnesses={}), artifact))
