"""DSSE envelopes with in-toto statements: the right signer, the right file (attacks 10, 30, 31, 39)."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from netproof.errors import SourceError
from netproof.integrity.signatures import Release, Verdict, read_trust, verify
from netproof.integrity.signatures.dsse import PAYLOAD_TYPE, Envelope, read
from netproof.integrity.signatures.keys import holds, usable
from tests.unit.integrity.signatures.authority import AT, folder

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = b"an image of a router\n"
SHA = hashlib.sha256(CONTENT).hexdigest()
KEY = ed25519.Ed25519PrivateKey.generate()
SECOND = ec.generate_private_key(ec.SECP256R1())
PROVENANCE = {"runDetails": {"builder": {"id": "https://builds.kelmaro.example"}}}


def public(key: Any) -> bytes:
    found: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return found


def statement(*digests: dict[str, str], **more: Any) -> bytes:
    said = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "x", "digest": one} for one in (digests or ({"sha256": SHA},))],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": PROVENANCE,
    }
    return json.dumps(said | more).encode()


def envelope(payload: bytes, *keys: Any, kind: str = PAYLOAD_TYPE, url: bool = False) -> dict[str, Any]:
    head = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode()
    encode = base64.urlsafe_b64encode if url else base64.b64encode
    made = [
        one.sign(head + payload)
        if isinstance(one, ed25519.Ed25519PrivateKey)
        else one.sign(head + payload, ec.ECDSA(hashes.SHA256()))
        for one in keys
    ]
    return {
        "payload": encode(payload).decode(),
        "payloadType": kind,
        "signatures": [{"keyid": "whatever", "sig": encode(one).decode()} for one in made],
    }


def judged(tmp_path: Path, content: bytes | dict[str, Any], **trusted: bytes) -> Release:
    path = tmp_path / "image.bin"
    path.write_bytes(CONTENT)
    written = content if isinstance(content, bytes) else json.dumps(content).encode()
    path.with_name("image.bin.intoto.jsonl").write_bytes(written)
    trust = read_trust(folder(tmp_path / "trust", **trusted))
    return verify([path], at=AT, trust=trust).releases[0]


@pytest.mark.parametrize("url", [False, True])
def test_a_statement_about_the_file_by_a_trusted_key_is_verified(tmp_path: Path, url: bool) -> None:
    got = judged(tmp_path, envelope(statement(), KEY, url=url), key__pem=public(KEY))

    assert got.verdict is Verdict.VERIFIED
    assert got.signatures[0].notes == (
        "statement of type https://slsa.dev/provenance/v1",
        "says that it was built by https://builds.kelmaro.example",
        "its provenance was compared with no policy (--provenance-policy)",
    )


def test_signatures_of_one_key_count_once_whatever_their_key_id(tmp_path: Path) -> None:
    both = envelope(statement(), KEY, SECOND, SECOND)
    got = judged(tmp_path, both, key__pem=public(KEY), same__pem=public(KEY), second__pem=public(SECOND))

    assert len({one.signer.identity for one in got.signatures if one.signer}) == len(got.signatures) == 2


@pytest.mark.parametrize(
    "digests",
    [
        {"sha256": "0" * 64},
        {"sha256": SHA.upper()},
        {"sha1": hashlib.sha1(CONTENT, usedforsecurity=False).hexdigest()},
        {"sha256": SHA, "sha512": "0" * 128},
        {},
    ],
)
def test_a_statement_about_another_file_is_not_verified(tmp_path: Path, digests: dict[str, str]) -> None:
    got = judged(tmp_path, envelope(statement(digests), KEY), key__pem=public(KEY))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert "no statement in it has a subject" in got.reason


def test_one_of_several_statements_in_lines_is_enough(tmp_path: Path) -> None:
    lines = [envelope(statement({"sha256": "0" * 64}), KEY), envelope(statement(), KEY)]
    text = "\n".join(json.dumps(line) for line in lines).encode() + b"\n"

    assert judged(tmp_path, text, key__pem=public(KEY)).verdict is Verdict.VERIFIED


def test_a_changed_payload_or_type_does_not_hold(tmp_path: Path) -> None:
    good = envelope(statement(), KEY)
    changed = good | {"payload": base64.b64encode(statement(predicate={})).decode()}

    assert judged(tmp_path, changed, key__pem=public(KEY)).verdict is Verdict.NOT_VERIFIED
    assert judged(tmp_path, good | {"payloadType": "text/plain"}).verdict is Verdict.NOT_VERIFIED


def test_a_stranger_is_unknown_where_nobody_is_trusted(tmp_path: Path) -> None:
    assert judged(tmp_path, envelope(statement(), KEY)).verdict is Verdict.UNKNOWN_SIGNER
    stranger = judged(tmp_path, envelope(statement(), SECOND), key__pem=public(KEY))
    assert stranger.verdict is Verdict.NOT_VERIFIED


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        b"[]",
        b'{"payload": 1, "payloadType": "x", "signatures": []}',
        b'{"payload": "", "payloadType": "x", "signatures": []}',
        b'{"payload": "", "payloadType": "x", "signatures": [{"sig": 1}]}',
        b'{"payload": "", "payload": "", "payloadType": "x", "signatures": [{"sig": ""}]}',
        b'{"payload": "YR==", "payloadType": "x", "signatures": [{"sig": ""}]}',
        b'{"payload": "a+b_", "payloadType": "x", "signatures": [{"sig": ""}]}',
        b'{"payload": "", "payloadType": "\\ud800", "signatures": [{"sig": ""}]}',
        b'{"payload": "", "payloadType": "x", "signatures": [{"sig": "", "n": NaN}]}',
        b"[" * 100_000,
        b"\xff\xfe{}",
    ],
)
def test_what_is_no_envelope_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(SourceError, match=r"^E: expected DSSE envelopes, got"):
        read("E", content)


@pytest.mark.parametrize("payload", [b"{}", b"1", b'{"_type": "https://in-toto.io/Statement/v1"}'])
def test_what_is_no_statement_is_refused(tmp_path: Path, payload: bytes) -> None:
    got = judged(tmp_path, envelope(payload, KEY), key__pem=public(KEY))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert "expected an in-toto statement" in got.reason


def test_the_example_of_the_protocol_holds() -> None:
    """The worked example of DSSE 1.0.2 (protocol.md, "Test Vectors"), with its key."""
    x = 46950820868899156662930047687818585632848591499744589407958293238635476079160
    y = 5640078356564379163099075877009565129882514886557779369047442380624545832820
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    sig = "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="
    numbers = base64.b64decode(sig)
    der = encode_dss_signature(int.from_bytes(numbers[:32], "big"), int.from_bytes(numbers[32:], "big"))
    made = Envelope("http://example.com/HelloWorld", b"hello world", ())

    assert made.signed.content == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert holds(usable(key), der, made.signed, "sha256")
