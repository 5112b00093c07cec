"""CCTV's and Wycheproof's vectors of Ed25519 and ML-DSA-44."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import LogError
from netproof.tlog.keys import SignatureType, VerifierKey

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def vectors(shared_data: Path) -> Path:
    return shared_data / "vectors"


def loaded(file: Path) -> Any:
    """The vectors in a file."""
    if not file.is_file():
        pytest.skip(f"no vectors {file.name}")
    return json.loads(file.read_text("utf-8"))


def judged(kind: SignatureType, public: str, message: bytes, signature: str) -> str:
    """What becomes of a signature: `key` refused, `signature` refused, or `holds`."""
    try:
        key = VerifierKey("vectors", kind, bytes.fromhex(public))
    except LogError:
        return "key"
    try:
        key.check(message, bytes.fromhex(signature))
    except LogError:
        return "signature"
    return "holds"


def test_ed25519_edge_cases_of_cctv(vectors: Path) -> None:
    got, want = {}, {}
    for case in loaded(vectors / "ed25519" / "ed25519vectors.json"):
        flags = set(case["flags"] or ())
        number = case["number"]
        got[number] = judged(SignatureType.ED25519, case["key"], case["msg"].encode(), case["sig"])
        if flags & {"low_order_A", "non_canonical_A"}:
            want[number] = "key"
        else:
            bad = flags & {"non_canonical_R", "low_order_residue"}
            want[number] = "signature" if bad else "holds"

    assert got == want
    assert min(Counter(want.values()).values()) > 10


def test_ed25519_of_wycheproof(vectors: Path) -> None:
    got, want = {}, {}
    for group in loaded(vectors / "wycheproof" / "ed25519_test.json")["testGroups"]:
        for case in group["tests"]:
            message = bytes.fromhex(case["msg"])
            found = judged(SignatureType.ED25519, group["publicKey"]["pk"], message, case["sig"])
            got[case["tcId"]] = found == "holds"
            want[case["tcId"]] = case["result"] == "valid"

    assert got == want
    assert len(want) > 100


def test_ml_dsa_44_of_wycheproof(vectors: Path) -> None:
    got, want = {}, {}
    for group in loaded(vectors / "wycheproof" / "mldsa_44_verify_test.json")["testGroups"]:
        for case in group["tests"]:
            message = bytes.fromhex(case["msg"])
            found = judged(SignatureType.ML_DSA_44, group["publicKey"], message, case["sig"])
            got[case["tcId"]] = found == "holds"
            # A log's signatures have an empty context: one made for another context does not hold.
            want[case["tcId"]] = case["result"] == "valid" and not case.get("ctx")

    assert got == want
    assert len(want) > 150
