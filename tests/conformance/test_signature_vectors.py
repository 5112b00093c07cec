"""Wycheproof's vectors of ECDSA, RSA, Ed25519 and ML-DSA: what is invalid there never holds here.

Project Wycheproof, Apache License 2.0; read from the folder of public vectors, skipped where it is absent.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.serialization import load_der_public_key

from netproof.integrity.signatures.artifact import Bytes
from netproof.integrity.signatures.keys import Key, Padding, holds, usable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = (
    "ecdsa_secp256r1_sha256_test",
    "ed25519_test",
    "rsa_signature_2048_sha256_test",
    "mldsa_44_verify_test",
)


def groups(folder: Path, name: str) -> Iterator[tuple[Key, list[dict[str, Any]]]]:
    """Yield each key that can be read, and its cases."""
    file = folder / "vectors" / "wycheproof" / f"{name}.json"
    if not file.is_file():
        pytest.skip(f"no vectors of {name}")
    for group in json.loads(file.read_text())["testGroups"]:
        try:
            key = usable(load_der_public_key(bytes.fromhex(group["publicKeyDer"])))
        except (KeyError, ValueError):
            assert all(case["result"] == "invalid" for case in group["tests"])
            continue
        yield key, group["tests"]


@pytest.mark.parametrize("name", FILES)
def test_what_the_vectors_call_invalid_never_holds(shared_data: Path, name: str) -> None:
    wrong, seen = [], 0
    for key, cases in groups(shared_data, name):
        for case in cases:
            if case.get("ctx"):
                continue  # a context of ML-DSA, which no signature of a file has
            signature, message = bytes.fromhex(case["sig"]), Bytes(bytes.fromhex(case["msg"]))
            got = holds(key, signature, message, "sha256", Padding.PKCS1)
            seen += 1
            if got != (case["result"] == "valid") and case["result"] != "acceptable":
                wrong.append((case["tcId"], case["comment"], case["result"]))

    assert wrong == []
    assert seen > 50
