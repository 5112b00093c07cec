"""Whose signature does a document carry, and does it verify on a date?

PDF signatures (PAdES) and detached CMS signatures, verified with pyHanko against the trust anchors that
the user gives. Nothing is fetched: revocation lists are embedded or given as files. The time of judgement
is the end of the date (UTC), or the time that a trusted timestamp proves. What cannot be verified is
`unverified`; `invalid` is said only where the signature itself speaks against the document.
"""

from __future__ import annotations

import asyncio
import binascii
import struct
import zlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

from asn1crypto import cms, crl, ocsp, pem, x509
from pyhanko.pdf_utils.misc import PdfError, PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESSubIndic
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import (
    PdfSignatureStatus,
    SignatureCoverageLevel,
    StandardCMSSignatureStatus,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError

from netproof.sources.documents.days import kinds, turning_days
from netproof.sources.documents.revocation import revoked_on
from netproof.sources.documents.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, Sequence

SIGNATURES_MAX = 50
"""More signatures than this in one file are not looked at."""
_WORDS_MAX = 200
_WORST_FIRST = ("invalid", "unverified", "valid", "none")
_USAGE = KeyUsageConstraints(
    key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False, extd_key_usage=None
)
UNREADABLE = (
    PdfError, SignatureValidationError, CMSExtractionError, PathError, ValueError, KeyError, IndexError,
    TypeError, AttributeError, NotImplementedError, RecursionError, OverflowError, struct.error, zlib.error,
    binascii.Error,
)  # fmt: skip
"""What a malformed file makes the readers raise; anything else ends the process, and its parent says so."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the user trusts: certificates, and lists of those that were revoked."""

    anchors: tuple[x509.Certificate, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()


@dataclass(slots=True)
class _Held:
    """What a document brings for its own verification."""

    certificates: list[x509.Certificate] = field(default_factory=list)
    crls: list[crl.CertificateList] = field(default_factory=list)
    ocsps: list[ocsp.OCSPResponse] = field(default_factory=list)


def read_trust(files: Sequence[tuple[str, bytes]]) -> Trust:
    """Return the trust anchors and revocation lists of some files.

    Raises:
        ValueError: A file is neither; the text names it.
    """
    anchors: list[x509.Certificate] = []
    crls: list[crl.CertificateList] = []
    for name, content in files:
        try:
            if pem.detect(content):
                for kind, _, der in pem.unarmor(content, multiple=True):
                    _take(kind, der, anchors, crls)
            else:
                _take("X509 CRL" if name.lower().endswith(".crl") else "CERTIFICATE", content, anchors, crls)
        except (ValueError, TypeError) as error:
            raise ValueError(f"{name}: expected a certificate or a CRL in PEM or DER, got {error}") from error
    return Trust(tuple(anchors), tuple(crls))


def _take(kind: str, der: bytes, anchors: list[x509.Certificate], crls: list[crl.CertificateList]) -> None:
    """Put one object where it belongs; reading its parts shows that it is whole."""
    if kind == "CERTIFICATE":
        certificate = x509.Certificate.load(der, strict=True)
        _ = certificate.subject.native, certificate.not_valid_after
        anchors.append(certificate)
    elif kind == "X509 CRL":
        revoked = crl.CertificateList.load(der, strict=True)
        _ = revoked.issuer.native
        crls.append(revoked)
    else:
        raise ValueError(f"a {kind.lower()}")


def is_pdf(content: bytes) -> bool:
    """Return whether bytes begin as a PDF does."""
    return b"%PDF-" in content[:1024]


def verify(content: bytes, detached: bytes | None, trust: Trust, as_of: date) -> Verdict:
    """Return what is known of a document's signatures on a date.

    Args:
        content: The document.
        detached: The CMS signature that lies beside it, if one does.
        trust: Whom the user trusts.
        as_of: The date.
    """
    moment = datetime.combine(as_of, time(23, 59, 59), UTC)
    verdicts: list[Verdict] = []
    if is_pdf(content):
        verdicts += _embedded(content, trust, moment)
    if detached is not None:
        verdicts.append(_beside(content, detached, trust, moment))
    return min(verdicts, key=lambda v: _WORST_FIRST.index(v.signature), default=Verdict("none"))


def verify_on(content: bytes, detached: bytes | None, trust: Trust, dates: Sequence[date]) -> list[Verdict]:
    """Return what is known of a document's signatures on each of some dates, as `verify` tells it.

    Cost: one verification for each stretch of days in which nothing begins, ends or is revoked.
    """
    if len(dates) == 1:
        return [verify(content, detached, trust, dates[0])]
    found: dict[Hashable, Verdict] = {}
    asked = kinds(dates, turning_days(_carried(content, detached, trust)))
    for kind, day in zip(asked, dates, strict=True):
        if kind not in found:
            found[kind] = verify(content, detached, trust, day)
    return [found[kind] for kind in asked]


def _carried(content: bytes, detached: bytes | None, trust: Trust) -> list[bytes]:
    """Return all that a verification rests on: signatures, what is stored beside them, the user's trust."""
    objects = [item.dump() for item in (*trust.anchors, *trust.crls)]
    if is_pdf(content):
        try:
            reader = PdfFileReader(BytesIO(content))
            objects += [bytes(s.pkcs7_content) for s in reader.embedded_signatures[: 2 * SIGNATURES_MAX]]
            held = _stored(reader)
        except UNREADABLE:
            return [*objects, b"\x30"]  # cannot be followed: every date is judged for itself
        objects += [item.dump() for item in (*held.certificates, *held.crls, *held.ocsps)]
    if detached is not None:
        objects.append(_der(detached))
    return objects


def _der(detached: bytes) -> bytes:
    """Return a detached signature without the armour of PEM; as it is where that cannot be read."""
    try:
        return pem.unarmor(detached)[2] if pem.detect(detached) else detached
    except (ValueError, TypeError):
        return detached


def _embedded(content: bytes, trust: Trust, moment: datetime) -> list[Verdict]:
    """Return a verdict for each signature in a PDF."""
    try:
        reader = PdfFileReader(BytesIO(content))
        if reader.encrypted:
            return [Verdict("unverified", reason="the PDF is encrypted")]
        signatures = reader.embedded_regular_signatures
    except UNREADABLE as error:
        return [Verdict("unverified", reason=f"cannot be read as a PDF: {_words(error)}")]
    if len(signatures) > SIGNATURES_MAX:
        return [Verdict("unverified", reason=f"more than {SIGNATURES_MAX} signatures")]
    return [_of_pdf(reader, signature, trust, moment) for signature in signatures]


def _of_pdf(
    reader: PdfFileReader, signature: EmbeddedPdfSignature, trust: Trust, moment: datetime
) -> Verdict:
    """Return the verdict on one signature of a PDF."""
    try:
        held = _stored(reader)

        async def judge(at: datetime) -> PdfSignatureStatus:
            return await async_validate_pdf_signature(
                signature,
                signer_validation_context=_context(trust, held, at),
                ts_validation_context=_context(trust, held, moment),
                key_usage_settings=_USAGE,
            )

        status, at = _at_the_right_time(judge, moment)
        untouched = status.coverage is SignatureCoverageLevel.ENTIRE_FILE or (
            status.coverage is SignatureCoverageLevel.ENTIRE_REVISION
            and bool(status.docmdp_ok)
            and status.modification_level is not None
            and status.modification_level < ModificationLevel.OTHER
        )
        if status.intact and status.valid and not untouched:
            return _told("invalid", status, "the PDF was changed after it was signed")
        return _judged(status, at, [*trust.crls, *held.crls])
    except UNREADABLE as error:
        return _unreadable(error)


def _stored(reader: PdfFileReader) -> _Held:
    """Return what the PDF's security store holds: certificates, revocation lists and answers."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return _Held()
    return _Held(
        list(store.load_certs()),
        [crl.CertificateList.load(item.get_object().data) for item in store.crls],
        [ocsp.OCSPResponse.load(item.get_object().data) for item in store.ocsps],
    )


def _beside(content: bytes, detached: bytes, trust: Trust, moment: datetime) -> Verdict:
    """Return the verdict on a detached CMS signature."""
    try:
        der = pem.unarmor(detached)[2] if pem.detect(detached) else detached
        info = cms.ContentInfo.load(der, strict=True)
        if info["content_type"].native != "signed_data":
            return Verdict("unverified", reason="the file .p7s holds no signature")
        signed = info["content"]

        async def judge(at: datetime) -> StandardCMSSignatureStatus:
            return await async_validate_detached_cms(
                content,
                signed,
                signer_validation_context=_context(trust, _Held(), at),
                ts_validation_context=_context(trust, _Held(), moment),
                key_usage_settings=_USAGE,
            )

        return _judged(*_at_the_right_time(judge, moment), trust.crls)
    except UNREADABLE as error:
        return _unreadable(error)


def _context(trust: Trust, held: _Held, at: datetime) -> ValidationContext:
    """Return the rules of one verification; nothing is fetched.

    Lists issued after the moment count as well: they say when a certificate was revoked.
    """
    return ValidationContext(
        trust_roots=list(trust.anchors),
        other_certs=held.certificates,
        crls=[*trust.crls, *held.crls],
        ocsps=held.ocsps,
        moment=at,
        allow_fetching=False,
        revocation_mode="soft-fail",
        retroactive_revinfo=True,
    )


def _at_the_right_time(
    judge: Callable[[datetime], Awaitable[Any]], moment: datetime
) -> tuple[Any, datetime | None]:
    """Return the status at the time that a trusted timestamp proves, else at the moment.

    Returns:
        The status, and the proven time; None: nothing proves one.
    """
    status = asyncio.run(_await(judge(moment)))
    stamp = status.timestamp_validity
    if stamp is None or not stamp.trusted or stamp.timestamp > moment:
        return status, None
    return asyncio.run(_await(judge(stamp.timestamp))), stamp.timestamp


async def _await(something: Awaitable[Any]) -> Any:
    """Await what is no coroutine by type."""
    return await something


def _revocation(
    status: StandardCMSSignatureStatus, lists: Sequence[crl.CertificateList]
) -> tuple[str, datetime] | None:
    """Return whose certificate was revoked, and when, as far as is known at the time of judgement."""
    details = status.revocation_details
    if details is not None:
        return _ISSUER if details.ca_revoked else _SIGNER, details.revocation_date
    if status.validation_path is None or status.validation_time is None:
        return None
    path = list(status.validation_path.iter_certs(include_root=True))
    found = revoked_on(path, lists)
    if found is None or found[1] > status.validation_time:
        return None
    return _SIGNER if found[0] == len(path) - 1 else _ISSUER, found[1]


_SIGNER, _ISSUER = "the certificate", "an issuer's certificate"


def _judged(
    status: StandardCMSSignatureStatus, proven: datetime | None, lists: Sequence[crl.CertificateList]
) -> Verdict:
    """Return the verdict that a status means."""
    problem = status.trust_problem_indic
    if not status.intact:
        return _told("invalid", status, "the document was changed after it was signed")
    if not status.valid or isinstance(problem, AdESFailure):
        return _told("invalid", status, "the signature is not the signer's")
    if status.timestamp_validity is not None and not (
        status.timestamp_validity.intact and status.timestamp_validity.valid
    ):
        return _told("invalid", status, "its timestamp is of another signature")
    known = status.signing_cert
    revoked = _revocation(status, lists)
    if revoked is not None and (proven is None or revoked[1] <= proven):
        whose, day = revoked[0], revoked[1].date()
        if proven is not None:
            return _told("invalid", status, f"{whose} was revoked on {day}, before it was signed")
        return _told("unverified", status, f"{whose} was revoked on {day}, and no trusted timestamp is older")
    at = proven or status.validation_time
    if at is not None and not known.not_valid_before <= at <= known.not_valid_after:
        span = f"valid from {known.not_valid_before.date()} to {known.not_valid_after.date()}"
        return _told("unverified", status, f"the certificate is {span}, no trusted timestamp lies in it")
    if not status.trusted:
        return _told("unverified", status, _PROBLEMS.get(problem, f"not trusted: {_name(problem)}"))
    return _told("valid", status, "")


_PROBLEMS: dict[AdESSubIndic | None, str] = {
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: "no certificate in trust/ leads to the signer",
    AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE: "no certificate in trust/ leads to the signer",
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: "the signer's certificate is not one for signing documents",
    AdESIndeterminate.SIG_CONSTRAINTS_FAILURE: "the signer's certificate is not one for signing documents",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: "its algorithms are too weak to show anything",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: "its algorithms are too weak to show anything",
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: "an issuer's certificate is not valid on the date",
    AdESIndeterminate.EXPIRED: "an issuer's certificate is not valid on the date",
    AdESIndeterminate.NOT_YET_VALID: "an issuer's certificate is not valid on the date",
    None: "no certificate in trust/ leads to the signer",
}


def _name(problem: Any) -> str:
    """Return the standard's word for a problem, as people write it (ETSI EN 319 102-1)."""
    return str(problem.standard_name).lower().replace("_", " ")


def _told(state: str, status: StandardCMSSignatureStatus, reason: str) -> Verdict:
    """Return a verdict with what the signature says of its signer and day."""
    stamp = status.timestamp_validity
    when = stamp.timestamp if stamp is not None and stamp.trusted else status.signer_reported_dt
    day = None if when is None else when.astimezone(UTC).date()
    return Verdict(state, status.signing_cert.subject.human_friendly[:_WORDS_MAX], day, reason)


def _unreadable(error: Exception) -> Verdict:
    """Return the verdict on a signature that cannot be read."""
    return Verdict("unverified", reason=f"the signature cannot be read: {_words(error)}")


def _words(error: Exception) -> str:
    """Return what an error says, in one short line."""
    if isinstance(error, PdfReadError | SignatureValidationError | ValueError):
        return " ".join(str(error).split())[:_WORDS_MAX]
    return type(error).__name__
