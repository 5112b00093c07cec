"""Who signed with Sigstore, and was it logged?

A bundle holds a certificate of ten minutes, a signature of a file or of a statement about it, and a log's
proof that it was written down meanwhile. The library `sigstore`, an extra, judges it offline; the log's proof
is computed here too, strictly: entry, path, root and size must be those of the checkpoint the log signed.
Source: sigstore/protobuf-specs, Bundle; Sigstore client specification.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.serialization import Encoding

from netproof.errors import LogError, SourceError
from netproof.integrity.signatures import dsse
from netproof.integrity.signatures.answer import Signature, Signer, Verdict
from netproof.integrity.signatures.artifact import SIGNATURE_BYTES_MAX
from netproof.integrity.signatures.chain import UNREADABLE, load, why
from netproof.integrity.signatures.keys import kind, usable
from netproof.tlog.canonical import read_json
from netproof.tlog.checkpoint import parse_checkpoint
from netproof.tlog.encoding import from_base64, from_decimal, from_hash_line
from netproof.tlog.merkle import leaf_hash, verify_inclusion
from netproof.tlog.note import parse_note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netproof.integrity.signatures.artifact import Signed
    from netproof.integrity.signatures.provenance import Policy
    from netproof.integrity.signatures.sigstore_library import Held
    from netproof.integrity.signatures.trust import Trust

FORMAT = "sigstore"
EXTRA = "the extra netproof[sigstore]"
NO_ROOT = "a trusted root of Sigstore in the trust folder (trusted_root.json)"
NOBODY = "who is expected to sign (identities.toml in the trust folder)"
TOKENS_MAX = 32
_BUNDLE = re.compile(rb'"mediaType"\s*:\s*"application\\?/vnd\.dev\.sigstore\.bundle')
_PACKED = frozenset({
    "rawBytes", "keyId", "signedEntryTimestamp", "rootHash", "canonicalizedBody", "digest", "signature",
    "payload", "sig", "signedTimestamp",
})  # fmt: skip
"""Fields in Base64; the library's reader would skip what is none."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose entry stands in the tree of its checkpoint; nothing else is verified yet.

    Attributes:
        content: Its bytes.
        statement: Whether a statement about the file was signed, and not the file.
        times: Each time that it claims.
        by: The time by which it existed, if it holds.
        entry: Where it was logged.
        log: The log that it names.
    """

    content: bytes
    statement: bool
    times: tuple[datetime, ...]
    by: datetime
    entry: str
    log: dict[str, Any]


def looks_like(content: bytes) -> bool:
    """Return whether a file says that it is a bundle."""
    return content.lstrip()[:1] == b"{" and _BUNDLE.search(content) is not None


def read(name: str, content: bytes) -> Bundle:
    """Return a bundle.

    Raises:
        SourceError: It is malformed, or its log entry is not in the tree of its checkpoint.
    """
    try:
        raw = read_json(content, size=SIGNATURE_BYTES_MAX)
        _check_packed(raw)
        return _bundle(content, raw)
    except KeyError as error:
        raise SourceError(f"{name}: expected a Sigstore bundle, got one without {error}") from error
    except (LogError, OSError, *UNREADABLE) as error:  # OSError: a time beyond the calendar
        raise SourceError(f"{name}: expected a Sigstore bundle, got: {why(error)}") from error


def _bundle(content: bytes, raw: Any) -> Bundle:
    """Return a bundle from its JSON.

    Raises:
        ValueError: A part is missing or of another kind.
        LogError: The log entry is not proven.
    """
    if ("dsseEnvelope" in raw) == ("messageSignature" in raw):
        raise ValueError("not one signature, of a file or of a statement")
    material = raw["verificationMaterial"]
    if "certificate" not in material and "x509CertificateChain" not in material:
        raise ValueError("a key in place of a certificate, which nobody vouches for")
    if len(material["tlogEntries"]) != 1:
        raise ValueError(f"{len(material['tlogEntries'])} log entries")
    (entry,) = material["tlogEntries"]
    tokens = material.get("timestampVerificationData", {}).get("rfc3161Timestamps", [])
    promised = _promised(entry)
    times = [*promised, *_stamped(tokens)]
    if not times:
        raise ValueError("nothing in it proves a time")
    # The log's promise is always verified, of the tokens at least one: what they have in common is the last.
    by = promised[0] if promised else max(times)
    return Bundle(
        content, "dsseEnvelope" in raw, tuple(times), by, _logged(entry), {"keyId": entry["logId"]["keyId"]}
    )


def _promised(entry: Any) -> list[datetime]:
    """Return the time that a log promises; without a promise its time is signed by nobody."""
    seconds = from_decimal(entry.get("integratedTime", "0"), "integratedTime")
    return [datetime.fromtimestamp(seconds, UTC)] if seconds and "inclusionPromise" in entry else []


def _stamped(tokens: Any) -> Iterator[datetime]:
    """Yield the times that timestamps claim; which of them are trusted, the library decides."""
    if len(tokens) > TOKENS_MAX:
        raise ValueError(f"{len(tokens)} timestamps")
    if not tokens:
        return
    from rfc3161_client import decode_timestamp_response  # noqa: PLC0415 - where there is one

    for token in tokens:
        response = decode_timestamp_response(from_base64(token["signedTimestamp"], "timestamp"))
        yield response.tst_info.gen_time.astimezone(UTC)


def _logged(entry: Any) -> str:
    """Return where an entry was logged, once its place is computed.

    Raises:
        LogError: It is not in the tree of the checkpoint.
    """
    proof = entry["inclusionProof"]
    body = from_base64(entry["canonicalizedBody"], "log entry")
    root = from_hash_line(proof["rootHash"], "inclusion proof, root")
    size = from_decimal(proof["treeSize"], "inclusion proof, size")
    index = from_decimal(proof["logIndex"], "inclusion proof, index")
    path = [from_hash_line(one, "inclusion proof, path") for one in proof.get("hashes", [])]
    checkpoint = parse_checkpoint(parse_note(proof["checkpoint"]["envelope"].encode()).text)
    if (checkpoint.size, checkpoint.root) != (size, root):
        raise LogError("checkpoint: expected the size and root of the inclusion proof, got others")
    verify_inclusion(leaf_hash(body), index, size, path, root)
    return f"entry {index} of {checkpoint.origin}"


def _check_packed(value: Any) -> None:
    """Refuse Base64 that two readers could read differently; the depth is bounded by `read_json`."""
    if isinstance(value, list):
        for one in value:
            _check_packed(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key in _PACKED and isinstance(one, str):
                packed = from_base64(one, key)
                if key == "rawBytes":
                    load(packed)  # refused are certificates that are only read with a warning
            _check_packed(one)


def judge(
    name: str, bundle: Bundle, signed: Signed, trust: Trust, moment: datetime, policy: Policy | None = None
) -> list[Signature]:
    """Return what is known of a bundle about a file.

    Args:
        name: The file that holds the bundle.
        bundle: As `read` returned it.
        signed: The file that it is said to be about.
        trust: Whom the user trusts.
        moment: The time of judgement.
        policy: What is expected of provenance; None: nothing.

    Raises:
        SourceError: It does not hold, or what it holds is no statement.
    """
    try:
        from netproof.integrity.signatures import sigstore_library as library  # noqa: PLC0415 - an extra
    except ImportError:
        reason = "it cannot be judged without the library sigstore"
        return [Signature(name, FORMAT, Verdict.NOT_VERIFIED, reason, missing=(EXTRA,))]
    root = trust.sigstore.root
    if root is None:
        reason = "no authority that could vouch for its signer is trusted"
        return [Signature(name, FORMAT, Verdict.UNKNOWN_SIGNER, reason, missing=(NO_ROOT,))]
    if max(bundle.times) > moment:
        reason = f"its time is {max(bundle.times):%Y-%m-%d %H:%M} UTC, after the date of judgement"
        return [Signature(name, FORMAT, Verdict.NOT_VERIFIED, reason)]
    try:
        trusted, sha256 = root.at(bundle.times), signed.digest("sha256")
        if not any(bundle.log in (one.get("logId"), one.get("checkpointKeyId")) for one in trusted["tlogs"]):
            raise ValueError("its log is none that the trusted root names for its time")  # noqa: TRY301
        held = library.hold(bundle.content, trusted, sha256, statement=bundle.statement)
        expected = library.is_one_of(held.certificate, trust.sigstore.identities)
    except ValueError as error:
        return [Signature(name, FORMAT, Verdict.NOT_VERIFIED, f"it does not hold: {why(error)}")]
    told = _told(name, bundle, held, library.name_of(held.certificate))
    judged = told if expected else _stranger(told, trust)
    return [judged if held.payload is None else _about(judged, held, held.payload, signed, policy)]


def _told(name: str, bundle: Bundle, held: Held, signer: str) -> Signature:
    """Return the signature of somebody who is expected."""
    der = held.certificate.public_bytes(Encoding.DER)
    return Signature(
        name,
        FORMAT,
        Verdict.VERIFIED,
        signer=Signer(signer, hashlib.sha256(der).hexdigest()),
        algorithm=f"{kind(usable(held.certificate.public_key()))} with sha256",
        notes=(f"logged as {bundle.entry}",),
        proven_at=bundle.by,
    )


def _stranger(told: Signature, trust: Trust) -> Signature:
    """Return the same of somebody whom nobody expects: anybody can get such a certificate."""
    if not trust.sigstore.identities:
        reason = "it holds, and nobody is named who is expected to sign"
        return replace(told, verdict=Verdict.UNKNOWN_SIGNER, reason=reason, missing=(NOBODY,))
    reason = "it holds, and its signer is none of those who are expected to sign"
    return replace(told, verdict=Verdict.UNKNOWN_SIGNER, reason=reason)


def _about(judged: Signature, held: Held, payload: bytes, signed: Signed, policy: Policy | None) -> Signature:
    """Return what the signature of a statement is worth for a file.

    Raises:
        SourceError: The statement is none that netproof reads.
    """
    if held.payload_type != dsse.PAYLOAD_TYPE:
        got = repr(held.payload_type[:80])
        raise SourceError(f"{judged.file}: expected payloadType {dsse.PAYLOAD_TYPE}, got {got}")
    try:
        said = dsse.statement(payload)
    except ValueError as error:
        got = str(error)[:200]
        raise SourceError(f"{judged.file}: expected an in-toto statement, got: {got}") from error
    judged = replace(judged, notes=(*dsse.notes(said), *judged.notes))
    if not dsse.about(said, signed):
        reason = "the statement in it has no subject with this file's sha256, sha384 or sha512"
        return replace(judged, verdict=Verdict.NOT_VERIFIED, reason=reason)
    return dsse.compared(judged, said, policy)
