"""Attacks on proofs, tiles, bundles and entries, by the numbers of the threat list.

2 freeze, 4 mix and match, 15 unsigned checkpoint, 16 malformed proof, 17 node as leaf, 18 bad tiles, 19 bad
bundles, 20 withheld entries, 28 hidden signs, 29 JSON, 30 what is read is what was hashed, 31 base64.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from netproof.integrity.audit import Asked, Kind, check
from netproof.integrity.signatures.artifact import Artifact
from netproof.tlog.encoding import to_base64
from netproof.tlog.policy import Freshness
from tests.tlogs import (
    ARTIFACT,
    ENTRY,
    LOG,
    LOG_PQ,
    ORIGIN,
    TIME,
    WITNESSES,
    key,
    policy,
    proof_of,
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

if TYPE_CHECKING:
    from pathlib import Path

OWN = (LOG, LOG_PQ)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return written(tmp_path / "log")


def test_4_a_proof_serves_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "own").write_bytes(ARTIFACT)
    (tmp_path / "other").write_bytes(b"image of release 2.4.2")
    proof = proof_of().encode()

    assert check(proof, policy(), Artifact(tmp_path / "own")).holds
    got = check(proof, policy(), Artifact(tmp_path / "other"))
    assert (got.holds, got.statement, got.proven) == (False, None, None)
    assert got.reason.startswith("artifact: expected sha256")


def test_4_a_statement_with_digests_of_two_files_fits_neither(tmp_path: Path) -> None:
    (tmp_path / "own").write_bytes(ARTIFACT)
    digests = {"sha256": Artifact(tmp_path / "own").digest("sha256").hex(), "sha512": "0" * 128}

    got = check(proof_of(statement(digests=digests)).encode(), policy(), Artifact(tmp_path / "own"))

    assert got.reason.startswith("artifact: expected sha512")


def test_15_16_17_a_proof_is_checked_in_every_step(tmp_path: Path) -> None:
    (tmp_path / "own").write_bytes(ARTIFACT)
    artifact, good = Artifact(tmp_path / "own"), proof_of()
    stranger = key(ORIGIN, number=9)
    for bad, why in (
        (proof_of(signers=[stranger, *WITNESSES.values()]), "one of the policy's logs"),
        (proof_of(signers=[*OWN, WITNESSES[b"W1"]]), "expected a quorum"),
        (replace(good, index=9), "inclusion proof: expected"),
        (replace(good, index=2**62), "expected an index below the size"),
        (replace(good, path=good.path[:-1]), "inclusion proof: expected more hashes"),
        (replace(good, path=(*good.path, bytes(32))), "inclusion proof: expected fewer hashes"),
        (replace(good, path=good.path[::-1]), "inclusion proof: expected root"),
        (replace(good, extra=good.path[0] + good.path[1]), "inclusion proof: expected root"),
    ):
        got = check(bad.encode(), policy(), artifact)

        assert (got.holds, why in got.reason) == (False, True), got.reason
    long = good.encode().replace(b"\n\n", b"\n" + to_base64(bytes(32)).encode() * 64 + b"\n\n", 1)
    assert "proof" in check(long, policy(), artifact).reason
    assert check(good.encode(), policy(), artifact).holds


def test_2_a_proof_may_be_asked_to_be_fresh(tmp_path: Path) -> None:
    (tmp_path / "own").write_bytes(ARTIFACT)
    proof, artifact = proof_of().encode(), Artifact(tmp_path / "own")

    assert check(proof, policy(), artifact, freshness=Freshness(TIME + HOUR, HOUR)).holds
    late = check(proof, policy(), artifact, freshness=Freshness(TIME + HOUR + 1, HOUR))
    assert "expected a quorum that cosigned from" in late.reason


def flips(size: int, number: int, seed: int) -> list[int]:
    """First and last place and some between."""
    chance = random.Random(seed)  # noqa: S311 - a seed, no secret
    return [0, size - 1, *(chance.randrange(size) for _ in range(number))]


def test_18_19_one_flipped_byte_anywhere_is_noticed(tmp_path: Path) -> None:
    log = Log(tmp_path / "log").append(entries(0, 600))
    # No signature more than needed, so that each one's every byte counts.
    log.sign(signers=[LOG, WITNESSES[b"W1"], WITNESSES[b"W2"]])
    asked = Asked(statements=False)
    names = [path for path in sorted(log.folder.rglob("*")) if path.is_file()]
    tried = 0
    for path in names:
        good = path.read_bytes()
        for place in flips(len(good), 3, len(good)):
            bad = bytearray(good)
            bad[place] ^= 1 << place % 8
            path.write_bytes(bytes(bad))
            got = audited(log, tmp_path / f"state-{tried}", asked=asked)
            tried += 1

            assert not got.passed, f"{path.relative_to(log.folder)}, byte {place}"
        path.write_bytes(good)
    assert tried == 5 * len(names)
    assert audited(log, tmp_path / "state", asked=asked).passed


@pytest.mark.parametrize(
    "name", ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44"]
)
@pytest.mark.parametrize("change", ["truncated", "padded", "empty", "doubled"])
def test_18_19_a_file_of_another_length_is_noticed(log: Log, state: Path, name: str, change: str) -> None:
    path = log.folder / name
    data = path.read_bytes()
    changed = {"truncated": data[:-1], "padded": data + b"\0", "empty": b"", "doubled": data + data}
    path.write_bytes(changed[change])

    assert not audited(log, state).passed


def test_20_withheld_entries_are_a_finding_and_stay_one(log: Log, state: Path) -> None:
    audited(log, state)
    log.append(entries(300, 700)).sign()
    for name in ("tile/entries/002", "tile/entries/003.p/232"):
        (log.folder / name).unlink()
    first, second = audited(log, state), audited(log, state)

    for got in (first, second):
        assert (got.passed, got.counts[Kind.UNAVAILABLE], got.read_to) == (False, 2, 512)
    # The head that was seen is remembered all the same: the log cannot take it back.
    assert remembered_size(second) == 1_000


@pytest.mark.parametrize(
    "bad",
    [
        ENTRY.replace(b"core-router-9", "core\u202e-router-9".encode()),
        ENTRY.replace(b"core-router-9", "core-router-\uff19".encode()),
        ENTRY.replace(b'"v":1', b'"v":1,"v":1'),
        ENTRY.replace(b'"v":1', b'"v":NaN'),
        ENTRY.replace(b'"v":1', b'"v":' + b"[" * 20_000),
        ENTRY.replace(b":", b": ", 1),
        b"\xef\xbb\xbf" + ENTRY,
        b"",
        b"\xff",
    ],
    ids=["bidi", "digit", "twice", "nan", "deep", "space", "bom", "empty", "bytes"],
)
def test_28_29_30_an_entry_that_readers_could_take_differently_is_a_finding(
    tmp_path: Path, state: Path, bad: bytes
) -> None:
    log = Log(tmp_path / "log").append([ENTRY, bad, ENTRY])
    log.sign()
    got = audited(log, state)

    assert (kinds(got), got.read_to) == (["not_a_statement"], 3)
    assert [one.entry for one in got.findings if one.kind is Kind.NOT_A_STATEMENT] == [1]
    assert all(one.text.isprintable() for one in got.findings)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\n300\n", b"\n0300\n"),
        (b"\n300\n", b"\n+300\n"),
        (b"\n300\n", "\n\uff13\uff10\uff10\n".encode()),
        (b"\n300\n", b"\n300\r\n"),
        (b"\n300\n", b"\n3_00\n"),
        (b"=\n", b"\n"),
        (ORIGIN.encode(), ORIGIN.encode() + "\u200b".encode()),
    ],
)
def test_28_31_a_head_has_one_spelling(log: Log, state: Path, old: bytes, new: bytes) -> None:
    note = log.sign()
    (log.folder / "checkpoint").write_bytes(note.replace(old, new, 1))

    assert note.replace(old, new, 1) != note
    assert kinds(audited(log, state)) == ["bad_head"]


def test_32_what_a_head_says_in_vain_does_not_steer_a_terminal(log: Log, state: Path) -> None:
    (log.folder / "checkpoint").write_bytes(b"\x1b[2J\n1\nx\n\n")
    got = audited(log, state)

    assert kinds(got) == ["bad_head"]
    assert got.findings[0].text.isprintable()
