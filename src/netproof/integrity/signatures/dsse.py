"""Who signed a statement, and is it about this file?

DSSE 1.0.2, in-toto Statement v1. The bytes that are verified are the bytes that are read. Key ids are hints
and decide nothing; signatures of one key count once. A statement is about a file if one of its subjects has
the file's digests; names do not matter.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from netproof.errors import LogError, SourceError
from netproof.integrity.signatures import chain, provenance
from netproof.integrity.signatures.answer import Signature, Signer, Verdict
from netproof.integrity.signatures.artifact import SIGNATURE_BYTES_MAX, Bytes, Signed
from netproof.integrity.signatures.keys import identity, usable
from netproof.integrity.signatures.raw import key_holds
from netproof.tlog.canonical import read_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from netproof.integrity.signatures.keys import Key
    from netproof.integrity.signatures.provenance import Policy
    from netproof.integrity.signatures.trust import Trust

FORMAT = "dsse"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENTS = ("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1")
ENVELOPES_MAX = 100
SIGNATURES_MAX = 50
SUBJECTS_MAX = 100_000
_STRONG = {"sha256": 64, "sha384": 96, "sha512": 128}


@dataclass(frozen=True, slots=True)
class Envelope:
    """One signed payload."""

    payload_type: str
    payload: bytes
    signatures: tuple[bytes, ...]

    @property
    def signed(self) -> Bytes:
        """The bytes that are signed: DSSE's pre-authentication encoding."""
        kind = self.payload_type.encode()
        head = b"DSSEv1 %d %b %d " % (len(kind), kind, len(self.payload))
        return Bytes(head + self.payload)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a payload says.

    Attributes:
        subjects: For each, its digests by algorithm, in hexadecimal.
        builder: Who built it, where the statement is SLSA provenance; else empty.
        predicate: What it says, as JSON.
    """

    predicate_type: str
    subjects: tuple[dict[str, str], ...]
    builder: str = ""
    predicate: Any = None


def read(name: str, content: bytes) -> list[Envelope]:
    """Return the envelopes of a file: one JSON object, or one a line.

    Raises:
        SourceError: It holds something else.
    """
    try:
        lines = [line for line in content.split(b"\n") if line.strip()]
        parsed = [_json(line) for line in lines] if _one_a_line(lines) else [_json(content)]
        if not 0 < len(parsed) <= ENVELOPES_MAX:
            raise ValueError(f"{len(parsed)} envelopes")  # noqa: TRY301 - one way out for all
        return [_envelope(item) for item in parsed]
    except ValueError as error:
        raise SourceError(f"{name}: expected DSSE envelopes, got: {str(error)[:200]}") from error


def _one_a_line(lines: list[bytes]) -> bool:
    """Return whether every line is an object of its own."""
    return len(lines) > 1 and all(
        line.strip().startswith(b"{") and line.strip().endswith(b"}") for line in lines
    )


def _json(data: bytes) -> Any:
    """Return what JSON says, where no two readers can differ about it.

    Raises:
        ValueError: It is no such JSON.
    """
    try:
        return read_json(data, size=SIGNATURE_BYTES_MAX)
    except LogError as error:
        raise ValueError(str(error)) from error


def _envelope(raw: Any) -> Envelope:
    """Return an envelope from JSON.

    Raises:
        ValueError: A part is missing or of another kind.
    """
    parts = raw if isinstance(raw, dict) else {}
    kind, payload, signatures = (parts.get(key) for key in ("payloadType", "payload", "signatures"))
    if not (isinstance(kind, str) and isinstance(payload, str) and isinstance(signatures, list)):
        raise ValueError("no payloadType, payload and signatures")  # noqa: TRY004
    if not 0 < len(signatures) <= SIGNATURES_MAX:
        raise ValueError(f"{len(signatures)} signatures")
    if not all(isinstance(item, dict) and isinstance(item.get("sig"), str) for item in signatures):
        raise ValueError("a signature without sig")
    return Envelope(kind, _bytes(payload), tuple(_bytes(item["sig"]) for item in signatures))


def _bytes(text: str) -> bytes:
    """Return what Base64 holds, in either alphabet (DSSE allows both), canonical but for padding.

    Raises:
        ValueError: It is none.
    """
    try:
        packed = text.encode("ascii")
        alphabet = b"-_" if b"-" in packed or b"_" in packed else b"+/"
        padded = packed + b"=" * (-len(packed) % 4)
        content = base64.b64decode(padded, altchars=alphabet, validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise ValueError(f"no Base64: {error}") from error
    if base64.b64encode(content, altchars=alphabet) != padded:
        raise ValueError("Base64 that is not canonical")
    return content


def statement(payload: bytes) -> Statement:
    """Return what a payload says; unknown fields are let pass.

    Raises:
        ValueError: It is no in-toto statement.
    """
    raw = _json(payload)
    if not isinstance(raw, dict) or raw.get("_type") not in STATEMENTS:
        raise ValueError("a payload that is no in-toto statement")
    subjects, predicate_type = raw.get("subject"), raw.get("predicateType")
    if not isinstance(subjects, list) or not 0 < len(subjects) <= SUBJECTS_MAX:
        raise ValueError("a statement without subjects")
    if not isinstance(predicate_type, str) or not all(_well_made(subject) for subject in subjects):
        raise ValueError("a statement without predicateType, or a subject without digests")
    digests, predicate = tuple(subject["digest"] for subject in subjects), raw.get("predicate")
    return Statement(predicate_type, digests, _builder(predicate), predicate)


def _well_made(subject: Any) -> bool:
    """Return whether a subject has digests in text."""
    digests = subject.get("digest") if isinstance(subject, dict) else None
    return isinstance(digests, dict) and all(isinstance(value, str) for value in digests.values())


def _builder(predicate: Any) -> str:
    """Return who SLSA provenance (v1, v0.2) says has built it."""
    if not isinstance(predicate, dict):
        return ""
    details = predicate.get("runDetails")
    builder = details.get("builder") if isinstance(details, dict) else predicate.get("builder")
    found = builder.get("id") if isinstance(builder, dict) else ""
    return found if isinstance(found, str) else ""


def about(said: Statement, signed: Signed) -> bool:
    """Return whether a statement is about a file: every strong digest of one subject is the file's."""
    for digests in said.subjects:
        strong = {name: value for name, value in digests.items() if name in _STRONG}
        if strong and all(signed.digest(name).hex() == value for name, value in strong.items()):
            return True
    return False


def judge(
    name: str,
    envelopes: list[Envelope],
    signed: Signed,
    trust: Trust,
    moment: datetime,
    policy: Policy | None = None,
) -> list[Signature]:
    """Return what is known of the statements about a file.

    Args:
        name: The file that holds the envelopes.
        envelopes: As `read` returned them.
        signed: The file that they are said to be about.
        trust: Whom the user trusts.
        moment: The time of judgement.
        policy: What is expected of provenance; None: nothing.

    Raises:
        SourceError: A payload is no statement.
    """
    found: list[Signature] = []
    for envelope in envelopes:
        if envelope.payload_type != PAYLOAD_TYPE:
            raise SourceError(
                f"{name}: expected payloadType {PAYLOAD_TYPE}, got {envelope.payload_type[:80]!r}"
            )
        try:
            said = statement(envelope.payload)
        except ValueError as error:
            raise SourceError(f"{name}: expected an in-toto statement, got: {str(error)[:200]}") from error
        if about(said, signed):
            found += [compared(one, said, policy) for one in _signed_by(name, envelope, said, trust, moment)]
    if not found:
        reason = "no statement in it has a subject with this file's sha256, sha384 or sha512"
        return [Signature(name, FORMAT, Verdict.NOT_VERIFIED, reason)]
    return found


def _signed_by(
    name: str, envelope: Envelope, said: Statement, trust: Trust, moment: datetime
) -> list[Signature]:
    """Return what is known of one envelope's signatures, each key once."""
    found: dict[str, Signature] = {}
    unknown = 0
    for signature in envelope.signatures:
        held = next(_holding(signature, envelope, trust, moment), None)
        if held is None:
            unknown += 1
        else:
            found.setdefault(held[0], _told(name, held, said))
    if found:
        return list(found.values())
    at_hand = len(trust.keys) + len(trust.certificates)
    if at_hand:
        reason = f"it holds under none of the {at_hand} keys and certificates of the trust folder"
        return [Signature(name, FORMAT, Verdict.NOT_VERIFIED, reason, notes=notes(said))]
    reason = f"{unknown} signatures by keys that are not at hand"
    return [Signature(name, FORMAT, Verdict.UNKNOWN_SIGNER, reason, notes=notes(said))]


def compared(judged: Signature, said: Statement, policy: Policy | None) -> Signature:
    """Return a statement's signature, with what a policy says of its provenance."""
    if not said.predicate_type.startswith(provenance.SLSA):
        return judged
    if policy is None:
        note = "its provenance was compared with no policy (--provenance-policy)"
        return replace(judged, notes=(*judged.notes, note))
    if said.predicate_type != provenance.SLSA_V1:
        note = "its provenance is of another version than v1 and was not compared with the policy"
        return replace(judged, notes=(*judged.notes, note))
    if judged.verdict is not Verdict.VERIFIED:
        return judged
    reason = policy.against(said.predicate)
    if reason:
        return replace(judged, verdict=Verdict.NOT_VERIFIED, reason=f"its provenance is another: {reason}")
    return replace(judged, as_expected=True, notes=(*judged.notes, f"its provenance meets {policy.name}"))


_Held = tuple[str, str, Signer, chain.Standing]


def _holding(signature: bytes, envelope: Envelope, trust: Trust, moment: datetime) -> Iterator[_Held]:
    """Yield key, algorithm, signer and standing of each trusted key that made a signature."""
    for named in trust.keys:
        algorithm = key_holds(named.key, signature, envelope.signed)
        if algorithm:
            key = identity(named.key)
            yield key, algorithm, Signer(named.name, key), chain.Standing(Verdict.VERIFIED)
    for certificate in trust.certificates:
        try:
            key_of: Key = usable(certificate.public_key())
        except chain.MALFORMED:
            continue
        algorithm = key_holds(key_of, signature, envelope.signed)
        if algorithm:
            standing = chain.judge(certificate, (), trust, (), moment)
            yield identity(key_of), algorithm, chain.signer_of(certificate), standing


def _told(name: str, held: _Held, said: Statement) -> Signature:
    """Return what is known of a signature that a trusted key made."""
    _, algorithm, signer, standing = held
    return Signature(
        name,
        FORMAT,
        standing.verdict,
        standing.reason,
        signer,
        algorithm,
        notes=notes(said),
        missing=standing.missing,
    )


def notes(said: Statement) -> tuple[str, ...]:
    """Return what a statement is, in words."""
    built = (f"says that it was built by {said.builder}",) if said.builder else ()
    return (f"statement of type {said.predicate_type}", *built)
