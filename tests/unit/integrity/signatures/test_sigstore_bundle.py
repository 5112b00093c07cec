"""Sigstore bundles: who is expected and was logged is verified; who is not expected, is not known."""

from __future__ import annotations

import hashlib
import json
import sys
from typing import TYPE_CHECKING

import pytest

from netproof.integrity.signatures import Verdict, as_model, provenance, read_trust, verify
from netproof.integrity.signatures.sigstore_bundle import EXTRA, NO_ROOT, NOBODY
from tests.unit.integrity.signatures import fulcio
from tests.unit.integrity.signatures.fulcio import (
    ISSUER,
    NOW,
    SAN,
    of_file,
    of_statement,
    packed,
    trusted_root,
)
from tests.unit.integrity.signatures.sigstore_desk import AT, CONTENT, EXPECTED, Desk, needs_library

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from pathlib import Path


def statement(content: bytes = CONTENT, predicate: str = "https://example.org/tested") -> bytes:
    return json.dumps(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "any", "digest": {"sha256": hashlib.sha256(content).hexdigest()}}],
            "predicateType": predicate,
            "predicate": {"buildDefinition": {"buildType": "https://example.org/other"}},
        }
    ).encode()


@needs_library
def test_a_file_signed_by_who_is_expected_and_logged_is_verified(desk: Desk) -> None:
    bundle = of_file(CONTENT)

    release = desk.release(bundle)

    (one,) = release.signatures
    assert (release.verdict, release.reason, release.missing) == (Verdict.VERIFIED, "", ())
    assert one.format == "sigstore"
    assert one.signer is not None
    assert one.signer.name == f"{SAN}, says {ISSUER}"
    assert one.algorithm == "ECDSA secp256r1 with sha256"
    assert one.proven_at == NOW
    assert one.notes == (f"logged as entry 1 of {fulcio.ORIGIN}",)


@needs_library
def test_a_bundle_that_is_named_is_known_by_its_content(tmp_path: Path) -> None:
    path, odd, trust = tmp_path / "image", tmp_path / "odd.txt", tmp_path / "trust"
    trust.mkdir()
    path.write_bytes(CONTENT)
    odd.write_bytes(packed(of_file(CONTENT)))
    (trust / "any.json").write_bytes(packed(trusted_root()))
    (trust / "identities.toml").write_text(f'[[identity]]\nsan = "{SAN}"\nissuer = "{ISSUER}"\n')

    answer = verify([path], at=AT, trust=read_trust(trust), signatures=[odd])

    model = as_model(answer)
    assert model["summary"]["verified"] == 1
    assert model["trusted"]["identities"] == 1
    assert model["files"][0]["signatures"][0]["proven_at"] == "2026-03-02T10:00:00Z"


@needs_library
def test_a_statement_about_the_file_is_verified_and_one_about_another_is_not(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("this", "other")]
    for folder in folders:
        folder.mkdir()

    this = Desk(folders[0]).release(of_statement(statement()))
    other = Desk(folders[1]).release(of_statement(statement(b"another image")))

    assert this.verdict == Verdict.VERIFIED
    assert this.signatures[0].notes[0] == "statement of type https://example.org/tested"
    assert other.verdict == Verdict.NOT_VERIFIED
    assert other.reason == "the statement in it has no subject with this file's sha256, sha384 or sha512"


@needs_library
def test_provenance_in_a_bundle_is_compared_with_the_policy(desk: Desk) -> None:
    policy = (
        b'builders = ["https://example.org/b"]\nbuild_types = ["https://example.org/t"]\n'
        b"[external_parameters]\n"
    )

    release = desk.release(
        of_statement(statement(predicate="https://slsa.dev/provenance/v1")),
        policy=provenance.read("policy.toml", policy),
    )

    assert release.verdict == Verdict.NOT_VERIFIED
    assert release.reason.startswith("its provenance is another: ")


@needs_library
@pytest.mark.parametrize(
    ("payload", "kind", "reason"),
    [
        (statement(), "text/plain", "expected payloadType application/vnd.in-toto+json, got 'text/plain'"),
        (
            b"{}",
            fulcio.STATEMENT,
            "expected an in-toto statement, got: a payload that is no in-toto statement",
        ),
    ],
)
def test_a_signed_payload_that_is_no_statement_vouches_for_nothing(
    desk: Desk, payload: bytes, kind: str, reason: str
) -> None:
    release = desk.release(of_statement(payload, kind))

    assert release.verdict == Verdict.NOT_VERIFIED
    assert release.reason.endswith(reason)


@needs_library
@pytest.mark.parametrize(
    "expected",
    [
        (SAN, "https://login.example.com"),
        (SAN.replace("main", "mine"), ISSUER),
        (SAN[:-1], ISSUER),
        (ISSUER, SAN),
    ],
)
def test_a_bundle_of_somebody_who_is_not_expected_is_of_an_unknown_signer(
    desk: Desk, expected: tuple[str, str]
) -> None:
    release = desk.release(of_file(CONTENT), [expected])

    assert release.verdict == Verdict.UNKNOWN_SIGNER
    assert release.reason == "it holds, and its signer is none of those who are expected to sign"


@needs_library
def test_without_expected_identities_nobody_is_known_whatever_the_root(desk: Desk) -> None:
    release = desk.release(of_file(CONTENT), expected=())

    assert release.verdict == Verdict.UNKNOWN_SIGNER
    assert NOBODY in release.missing


@needs_library
def test_one_of_several_expected_identities_is_enough(desk: Desk) -> None:
    release = desk.release(of_file(CONTENT), [("somebody@example.org", ISSUER), EXPECTED])

    assert release.verdict == Verdict.VERIFIED


@needs_library
def test_without_a_trusted_root_the_signer_is_unknown(desk: Desk) -> None:
    release = desk.release(of_file(CONTENT), root={})

    assert (release.verdict, release.missing) == (Verdict.UNKNOWN_SIGNER, (NO_ROOT,))


def test_without_the_library_the_answer_names_the_extra(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        @staticmethod
        def find_spec(name: str, *_: object) -> ModuleSpec | None:
            if name.partition(".")[0] == "sigstore":
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            return None

    for name in [name for name in sys.modules if name.partition(".")[0] == "sigstore"]:
        monkeypatch.delitem(sys.modules, name)
    adapter = "netproof.integrity.signatures.sigstore_library"
    monkeypatch.delitem(sys.modules, adapter, raising=False)
    monkeypatch.delattr(sys.modules["netproof.integrity.signatures"], "sigstore_library", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing, *sys.meta_path])

    release = desk.release(of_file(CONTENT))

    assert release.verdict == Verdict.NOT_VERIFIED
    assert release.reason == "it cannot be judged without the library sigstore"
    assert release.missing == (EXTRA,)
