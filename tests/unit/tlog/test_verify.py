"""What a proof file proves, and every step without which it proves nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netproof.errors import LogError
from netproof.tlog.encoding import to_base64
from netproof.tlog.policy import Freshness
from netproof.tlog.proof import HEADER, PROOF_BYTES_MAX, Proof, parse_proof
from netproof.tlog.statement import Kind, make_statement
from netproof.tlog.verify import digests_of, verify_artifact, verify_entry
from tests.tlogs import ARTIFACT, ENTRY, LOG, TIME, WITNESSES, policy, proof_of, release

PROOF = proof_of()
DATA = PROOF.encode()
DIGESTS = digests_of(ARTIFACT)


def test_an_artifact_is_proven_in_one_call() -> None:
    got = verify_artifact(DATA, policy(2), DIGESTS, freshness=Freshness(TIME, 60))

    assert got.statement.kind is Kind.RELEASE
    assert got.statement.values["release"] == "2.4.1"
    assert got.statement.entry == got.proven.entry == ENTRY
    assert got.proven.index == 10
    assert got.proven.judged.checkpoint.size == 21
    assert got.proven.judged.witnesses == (b"W1", b"W2", b"W3")
    assert got.proven.judged.proven_by == TIME


def test_an_entry_may_lie_beside_the_proof() -> None:
    bare = replace(PROOF, extra=b"").encode()

    assert verify_entry(bare, policy(), ENTRY).entry == ENTRY
    assert verify_artifact(bare, policy(), {"sha512": DIGESTS["sha512"]}, entry=ENTRY).proven.index == 10
    with pytest.raises(LogError, match="expected the entry"):
        verify_entry(bare, policy())


def test_an_entry_of_any_kind_is_proven() -> None:
    entry = b"\x00 no statement"

    assert verify_entry(proof_of(entry).encode(), policy()).entry == entry
    with pytest.raises(LogError):
        verify_artifact(proof_of(entry).encode(), policy(), DIGESTS)


def test_another_artifact_is_refused() -> None:
    for other in (digests_of(b"other"), DIGESTS | {"sha512": digests_of(b"other")["sha512"]}):
        with pytest.raises(LogError, match="artifact: expected sha"):
            verify_artifact(DATA, policy(), other)


def test_an_entry_that_is_no_release_proves_no_artifact() -> None:
    withdrawn = make_statement(
        {key: value for key, value in release(kind="withdraw", reason="bad").items() if key != "size"}
    )

    with pytest.raises(LogError, match="kind release, got withdraw"):
        verify_artifact(proof_of(withdrawn.entry).encode(), policy(), DIGESTS)


def test_no_common_digest_proves_nothing() -> None:
    entry = make_statement(release(digests={"sha256": DIGESTS["sha256"]})).entry
    for digests in ({"sha512": DIGESTS["sha512"]}, {}):
        with pytest.raises(LogError, match="expected a digest by sha256"):
            verify_artifact(proof_of(entry).encode(), policy(), digests)


@pytest.mark.parametrize(
    "digests", [{"md5": "ab" * 16}, {"sha256": "AB" * 32}, {"sha256": "ab"}, {"sha256": ""}]
)
def test_digests_are_in_hexadecimal(digests: dict[str, str]) -> None:
    with pytest.raises(LogError, match="hexadecimal"):
        verify_artifact(DATA, policy(), digests)


def test_an_old_proof_is_refused_where_freshness_is_asked() -> None:
    with pytest.raises(LogError, match="cosigned from"):
        verify_entry(DATA, policy(), freshness=Freshness(TIME + 7200, 3600))


def test_the_wrong_policy_is_refused() -> None:
    with pytest.raises(LogError):
        verify_entry(proof_of(signers=(LOG, WITNESSES[b"W1"])).encode(), policy(2))


@pytest.mark.parametrize("others", [0, 2, 20, 600])
def test_a_file_reads_back(others: int) -> None:
    proof = proof_of(others=others)

    assert parse_proof(proof.encode()) == proof
    assert parse_proof(replace(proof, extra=b"").encode()) == replace(proof, extra=b"")


HASH = to_base64(bytes(32))
TAIL = "\n\no\n1\n" + HASH + "\n\n— o AAAAAAE=\n"


@pytest.mark.parametrize(
    "head",
    [
        "",
        HEADER,
        "c2sp.org/tlog-proof@v2\nindex 0",
        f"{HEADER} \nindex 0",
        f"{HEADER}\r\nindex 0",
        f"{HEADER}\nextra AAAA",
        f"{HEADER}\nextra \nindex 0",
        f"{HEADER}\nextra AAA\nindex 0",
        f"{HEADER}\nindex 0\nextra AAAA",
        f"{HEADER}\nextra AAAA\nextra AAAA\nindex 0",
        f"{HEADER}\nindex",
        f"{HEADER}\nindex 00",
        f"{HEADER}\nindex -1",
        f"{HEADER}\nindex ٣",
        f"{HEADER}\nindex {2**63}",
        f"{HEADER}\nindex 0\nindex 0",
        f"{HEADER}\nindex 0\n{HASH[:-4]}",
        f"{HEADER}\nindex 0\n{HASH} ",
        f"{HEADER}\nindex 0" + f"\n{HASH}" * 64,
        f"\ufeff{HEADER}\nindex 0",
    ],
)
def test_malformed_files_are_refused(head: str) -> None:
    with pytest.raises(LogError):
        parse_proof((head + TAIL).encode())


def test_the_malformed_files_differ_from_a_good_one() -> None:
    good = f"{HEADER}\nextra AAAA\nindex 0" + f"\n{HASH}" * 63 + TAIL

    assert len(parse_proof(good.encode()).path) == 63


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", DATA.split(b"\n\n")[0], bytes(PROOF_BYTES_MAX + 1), b"\xff" + DATA]
)
def test_files_that_are_cut_or_too_large_are_refused(data: bytes) -> None:
    with pytest.raises(LogError):
        parse_proof(data)


@pytest.mark.parametrize(
    ("index", "path"), [(-1, ()), (2**63, ()), (0, (bytes(31),)), (0, (bytes(32),) * 64)]
)
def test_what_no_file_can_say_is_refused(index: int, path: tuple[bytes, ...]) -> None:
    with pytest.raises(LogError, match="proof: expected"):
        Proof(index, path, PROOF.checkpoint)
