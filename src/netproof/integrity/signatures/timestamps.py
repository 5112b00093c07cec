"""Does a timestamp (RFC 3161) prove by when some bytes existed?

`rfc3161-client` verifies the token, its certificates at the token's own time and their purpose, against the
authorities that the user trusts for the time. Beyond it: the token names its certificate (RFC 5816), the
authority was not revoked, and the time is not after the date of judgement. Both a whole answer
(TimeStampResp) and the bare token are read.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from asn1crypto import cms, parser, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding

from netproof.integrity.signatures import chain, crls
from netproof.integrity.signatures.der import assert_whole
from netproof.integrity.signatures.instant import Instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.x509 import Certificate

    from netproof.integrity.signatures.trust import Timestamping

BYTES_MAX: Final = 200_000
"""Largest token; they are of a few thousand bytes, certificates included."""
TOKENS_MAX: Final = 10
"""Most tokens in one signature."""
_EMBEDDED_MAX: Final = 50
_IMPRINTS: Final = {"sha256", "sha384", "sha512"}
_SEQUENCE: Final = (0, 1, 16)
"""Class, method and tag of a SEQUENCE."""
_GRANTED: Final = bytes.fromhex("3003020100")
"""PKIStatusInfo with the status `granted`."""
_NOBODY = "certificates of timestamp authorities (folder `timestamps` in the trust folder)"


class _RefusedError(Exception):
    """A token that proves nothing; the text says why."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A token, read.

    Attributes:
        answer: As a whole answer, which is what the library reads.
        signer: The authority's certificate.
        embedded: Whether the token brings it.
        certificates: All that the token brings.
        ends: When the bytes existed at the latest: its time and its inaccuracy.
    """

    answer: bytes
    info: tsp.TSTInfo
    signer: Certificate
    embedded: bool
    certificates: tuple[Certificate, ...]
    ends: datetime


def tokens_of(info: cms.SignerInfo) -> tuple[bytes, ...]:
    """Return the timestamps of a signer's part that nobody has looked into yet (RFC 3161, appendix A).

    Raises:
        ValueError: There are too many.
    """
    tokens = tuple(
        value.dump()
        for attribute in info["unsigned_attrs"] or ()
        if attribute["type"].native == "signature_time_stamp_token"
        for value in attribute["values"]
    )
    if len(tokens) > TOKENS_MAX:
        raise ValueError(f"more than {TOKENS_MAX} timestamps")
    return tokens


def judge(name: str, token: bytes, signed: bytes, trusted: Timestamping, moment: datetime) -> Instant:
    """Return what a token proves about some bytes.

    Args:
        name: Where it lies.
        token: A TimeStampResp or a bare token, DER.
        signed: The bytes.
        trusted: Who is trusted for the time.
        moment: The time of judgement; a later time is refused.
    """
    if not trusted.certificates:
        reason = "nobody is trusted for the time"
        return Instant(None, (f"the timestamp {name} does not count: {reason}",), (_NOBODY,))
    try:
        read = _read(token, trusted)
        _assert_verified(read, signed, trusted)
        if read.ends > moment:
            raise _RefusedError(f"it is of {_utc(read.ends)}, after the date of judgement")  # noqa: TRY301
        path = chain.walk(read.signer, [*trusted.certificates, *read.certificates])
        said = crls.look_up_timestamping(path, trusted.crls, read.ends)
        if said.reason:
            raise _RefusedError(said.reason)  # noqa: TRY301 - one way out for all
    except _RefusedError as error:
        return Instant(None, (f"the timestamp {name} does not count: {error}",))
    except chain.UNREADABLE as error:
        return Instant(None, (f"the timestamp {name} does not count: it cannot be read: {chain.why(error)}",))
    who = chain.signer_of(read.signer).name
    note = (
        f"the timestamp {name} of {who} proves that it existed by {_utc(read.ends)}, for which it is judged"
    )
    return Instant(read.ends, (note,), said.missing)


def _utc(moment: datetime) -> str:
    """Return a moment in words."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _read(token: bytes, trusted: Timestamping) -> _Token:
    """Return a token's parts.

    Raises:
        _RefusedError: It is none, or of another form than RFC 3161 §2.4.2 asks for.
    """
    if len(token) > BYTES_MAX:
        raise _RefusedError(f"it has more than {BYTES_MAX:,} bytes")
    assert_whole(token)
    content, answer = _content(token)
    signed: cms.SignedData = content["content"]
    inside = signed["encap_content_info"]
    if inside["content_type"].native != "tst_info":
        raise _RefusedError("it is a signature of something else than a time")
    info: tsp.TSTInfo = tsp.TSTInfo.load(bytes(inside["content"]), strict=True)
    signers, embedded = list(signed["signer_infos"]), list(signed["certificates"] or ())
    if len(signers) != 1:
        raise _RefusedError(f"expected one signer, got {len(signers)}")
    if len(embedded) > _EMBEDDED_MAX:
        raise _RefusedError(f"it brings more than {_EMBEDDED_MAX} certificates")
    brought = tuple(chain.load(one.chosen.dump()) for one in embedded if one.name == "certificate")
    signer = _named(signers[0]["sid"], [*brought, *trusted.certificates])
    _assert_names(signers[0], signer)
    return _Token(answer, info, signer, signer in brought, brought, _ends(info))


def _content(token: bytes) -> tuple[cms.ContentInfo, bytes]:
    """Return the token itself, and a whole answer with it; every byte of it stays what it was.

    Raises:
        _RefusedError: It is neither, or an answer that grants none.
    """
    try:
        found = cms.ContentInfo.load(token, strict=True)
        if found["content_type"].native == "signed_data":
            return found, parser.emit(*_SEQUENCE, _GRANTED + token)
    except chain.UNREADABLE:
        pass
    answer = tsp.TimeStampResp.load(token, strict=True)
    said = answer["status"]["status"].native
    if said != "granted":
        raise _RefusedError(f"its authority did not grant it ({str(said)[:40]})")
    found = answer["time_stamp_token"]
    if found["content_type"].native != "signed_data":
        raise _RefusedError("it holds no token")
    return found, token


def _named(sid: cms.SignerIdentifier, pool: Sequence[Certificate]) -> Certificate:
    """Return the certificate that a token's signer names.

    Raises:
        _RefusedError: It is not at hand, or there are two.
    """
    if sid.name != "issuer_and_serial_number":
        raise _RefusedError("it names its signer by a key identifier, which is not read in timestamps")
    wanted = sid.chosen
    found: dict[Certificate, None] = {}
    for certificate in pool:
        parsed = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER), strict=True)
        if parsed.issuer == wanted["issuer"] and parsed.serial_number == wanted["serial_number"].native:
            found[certificate] = None
    if not found:
        raise _RefusedError("the authority's certificate is neither in it nor in the folder `timestamps`")
    if len(found) > 1:  # which of them is verified would be another library's choice
        raise _RefusedError("it brings two certificates of one issuer and number")
    return next(iter(found))


def _assert_names(info: cms.SignerInfo, signer: Certificate) -> None:
    """Refuse a token that does not sign for its certificate (RFC 3161 §2.4.1, RFC 5816 §2.2.1).

    Raises:
        _RefusedError: As said.
    """
    der = signer.public_bytes(Encoding.DER)
    found = False
    for attribute in info["signed_attrs"] or ():
        kind = attribute["type"].native
        if kind not in {"signing_certificate", "signing_certificate_v2"}:
            continue
        named: Any = attribute["values"][0]["certs"][0]
        # The first form always means SHA-1. It only picks a certificate whose signature is verified anyway.
        algorithm = "sha1" if kind == "signing_certificate" else named["hash_algorithm"]["algorithm"].native
        if hashlib.new(algorithm, der).digest() != named["cert_hash"].native:
            raise _RefusedError("it was made for another certificate")
        found = True
    if not found:
        raise _RefusedError("it does not name the authority's certificate")


def _ends(info: tsp.TSTInfo) -> datetime:
    """Return a token's time, at the latest that its accuracy allows."""
    made: datetime = info["gen_time"].native
    accuracy = info["accuracy"].native or {}
    return made + timedelta(
        seconds=accuracy.get("seconds") or 0,
        milliseconds=accuracy.get("millis") or 0,
        microseconds=accuracy.get("micros") or 0,
    )


def _assert_verified(read: _Token, signed: bytes, trusted: Timestamping) -> None:
    """Refuse a token that is of other bytes, or of nobody who is trusted for the time.

    Raises:
        _RefusedError: As said.
    """
    from rfc3161_client import (  # noqa: PLC0415 - only who has a timestamp pays for it
        VerificationError,
        VerifierBuilder,
        decode_timestamp_response,
    )

    algorithm = read.info["message_imprint"]["hash_algorithm"]["algorithm"].native
    if algorithm not in _IMPRINTS:
        raise _RefusedError(f"its digest is {algorithm}; expected SHA-256, SHA-384 or SHA-512")
    if hashlib.new(algorithm, signed).digest() != read.info["message_imprint"]["hashed_message"].native:
        raise _RefusedError("it is a timestamp of other bytes")
    answer = decode_timestamp_response(read.answer)
    verifier = VerifierBuilder(
        # The library takes it as trusted. Without one in the token it comes from the user's own folder.
        tsa_certificate=None if read.embedded else read.signer,
        roots=list(trusted.certificates),
    ).build()
    try:
        verifier.verify_message(answer, signed)
    except VerificationError as error:
        raise _RefusedError(_words(str(error))) from error


def _words(said: str) -> str:
    """Return what the library says, without OpenSSL's list of places."""
    _, mark, rest = said.partition("Verify error: ")
    if mark:
        reason = rest.split('"', 1)[0][:100]
        return f"its certificates do not lead to a trusted authority at its time: {reason}"
    line = said.split("\n", 1)[0].split("ErrorStack", 1)[0].rstrip(" :")[:200]
    return line if line.isprintable() else ascii(line)
