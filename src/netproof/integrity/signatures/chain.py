"""Does a certificate lead to somebody whom the user trusts, and may it sign software on a date?

Paths by `cryptography` (RFC 5280 §6) with a policy for code signing: the signer must be meant for it (EKU
codeSigning), issuers must be CAs. A certificate that itself lies in the trust folder needs no path, but must
be valid all the same. What the verifier refuses is told in words, where a reason can be found.
"""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509 import (
    BasicConstraints,
    Certificate,
    DuplicateExtension,
    ExtendedKeyUsage,
    ExtensionNotFound,
    InvalidVersion,
    KeyUsage,
    NameOID,
    load_der_x509_certificate,
)
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from netproof.integrity.signatures.answer import Signer, Verdict
from netproof.integrity.signatures.crls import look_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from cryptography.x509 import CertificateRevocationList

    from netproof.integrity.signatures.trust import Trust

MALFORMED = (ValueError, TypeError, UnsupportedAlgorithm, DuplicateExtension, InvalidVersion)
"""What a certificate or list that is not well made raises, at once or when it is asked."""
UNREADABLE = (*MALFORMED, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""What malformed ASN.1 makes its reader raise."""
DEPTH_MAX = 8
POOL_MAX = 200
"""Certificates that a signature may bring along."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a signer's certificate.

    Attributes:
        verdict: VERIFIED, NOT_VERIFIED or UNKNOWN_SIGNER.
        missing: What would have to be given to know more.
    """

    verdict: Verdict
    reason: str = ""
    missing: tuple[str, ...] = ()


def load(der: bytes) -> Certificate:
    """Return a certificate.

    Raises:
        ValueError: It is none, or one that `cryptography` only reads with a warning.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        try:
            return load_der_x509_certificate(der)
        except (CryptographyDeprecationWarning, InvalidVersion) as error:
            raise ValueError(why(error)) from error


def signer_of(certificate: Certificate) -> Signer:
    """Return who a certificate says its holder is, and its SHA-256."""
    try:
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        name = str(names[0].value) if names else certificate.subject.rfc4514_string()
    except MALFORMED:
        name = "(a name that cannot be read)"
    return Signer(name or "(no name)", hashlib.sha256(_der(certificate)).hexdigest())


def judge(
    signer: Certificate,
    brought: Sequence[Certificate],
    trust: Trust,
    lists: Iterable[CertificateRevocationList],
    moment: datetime,
) -> Standing:
    """Return whether a certificate may sign software at a moment.

    Args:
        signer: The certificate.
        brought: Other certificates at hand, not trusted.
        trust: Whom the user trusts.
        lists: Revocation lists at hand, beside those of the trust folder.
        moment: The time of judgement.
    """
    try:
        try:
            return _judged(signer, brought, trust, lists, moment)
        except VerificationError as error:
            return _refused(signer, brought, trust, moment, error)
    except MALFORMED as error:
        return Standing(Verdict.NOT_VERIFIED, f"its certificate cannot be used: {why(error)}")


def _judged(
    signer: Certificate,
    brought: Sequence[Certificate],
    trust: Trust,
    lists: Iterable[CertificateRevocationList],
    moment: datetime,
) -> Standing:
    """Return whether a certificate that leads to the user's trust may sign.

    Raises:
        VerificationError: It does not lead there at that moment.
    """
    pinned = signer in trust.certificates
    chain = [signer] if pinned else _path(signer, brought, trust, moment)
    reason = _dates(chain, moment) or _purpose(signer, pinned=pinned) or _issuers_purpose(chain[1:-1])
    if reason:
        return Standing(Verdict.NOT_VERIFIED, reason)
    known = chain if len(chain) > 1 else walk(signer, [*brought, *trust.certificates])
    said = look_up(known, [*trust.crls, *lists], moment)
    if said.reason:
        return Standing(Verdict.NOT_VERIFIED, said.reason)
    return Standing(Verdict.VERIFIED, "", said.missing)


def _path(
    signer: Certificate, brought: Sequence[Certificate], trust: Trust, moment: datetime
) -> list[Certificate]:
    """Return the path from a certificate to the user's trust.

    Raises:
        VerificationError: There is none at that moment.
    """
    if not trust.certificates:
        raise VerificationError("nothing is trusted")
    builder = PolicyBuilder().store(Store(list(trust.certificates))).time(moment).max_chain_depth(DEPTH_MAX)
    builder = builder.extension_policies(ca_policy=_issuers(), ee_policy=_signers())
    return builder.build_client_verifier().verify(signer, list(brought)[:POOL_MAX]).chain


def _issuers() -> ExtensionPolicy:
    """Return what an issuer's certificate must say."""
    policy = ExtensionPolicy.permit_all()
    policy = policy.require_present(BasicConstraints, Criticality.AGNOSTIC, _is_ca)
    return policy.may_be_present(KeyUsage, Criticality.AGNOSTIC, _may_issue)


def _signers() -> ExtensionPolicy:
    """Return what a signer's certificate must say; its purpose is judged apart, for a better reason."""
    return ExtensionPolicy.permit_all()


def _is_ca(_policy: Policy, _certificate: Certificate, constraints: BasicConstraints) -> None:
    """Refuse an issuer that is no CA."""
    if not constraints.ca:
        raise ValueError("an issuer is no CA")


def _may_issue(_policy: Policy, _certificate: Certificate, usage: KeyUsage | None) -> None:
    """Refuse an issuer whose key may not sign certificates."""
    if usage is not None and not usage.key_cert_sign:
        raise ValueError("an issuer may not sign certificates")


def _refused(
    signer: Certificate,
    brought: Sequence[Certificate],
    trust: Trust,
    moment: datetime,
    error: VerificationError,
) -> Standing:
    """Return why there is no path: nobody known, or somebody known who may not."""
    chain = walk(signer, [*trust.certificates, *brought])
    if not any(certificate in trust.certificates for certificate in chain):
        return Standing(
            Verdict.UNKNOWN_SIGNER, "no certificate of the trust folder leads to the signer's certificate"
        )
    reason = _dates(chain, moment) or f"its certificates make no valid path: {why(error)}"
    return Standing(Verdict.NOT_VERIFIED, reason)


def walk(signer: Certificate, pool: Sequence[Certificate]) -> list[Certificate]:
    """Return a certificate and its issuers as far as they are at hand, by their signatures."""
    chain = [signer]
    while len(chain) < DEPTH_MAX:
        issuer = next((c for c in pool[:POOL_MAX] if c not in chain and _issued(chain[-1], c)), None)
        if issuer is None:
            break
        chain.append(issuer)
    return chain


def _issued(certificate: Certificate, issuer: Certificate) -> bool:
    """Return whether a certificate bears an issuer's signature."""
    try:
        if certificate.issuer != issuer.subject:
            return False
        certificate.verify_directly_issued_by(issuer)
    except (*MALFORMED, InvalidSignature):
        return False
    return True


def _dates(chain: Sequence[Certificate], moment: datetime) -> str:
    """Return which certificate is not valid at a moment; empty: all are."""
    for certificate in chain:
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if not begins <= moment <= ends:
            name = certificate.subject.rfc4514_string()
            return f"the certificate {name} is valid from {begins.date()} to {ends.date()} only"
    return ""


def _purpose(signer: Certificate, *, pinned: bool) -> str:
    """Return why a certificate may not sign software; empty: it may."""
    extensions = signer.extensions
    try:
        usage = extensions.get_extension_for_class(KeyUsage).value
        if not (usage.digital_signature or usage.content_commitment):
            return "the signer's certificate is not for signatures (key usage)"
    except ExtensionNotFound:
        pass
    try:
        purposes = list(extensions.get_extension_for_class(ExtendedKeyUsage).value)
    except ExtensionNotFound:
        return "" if pinned else "the signer's certificate does not say that it is for software (no EKU)"
    wanted = [ExtendedKeyUsageOID.CODE_SIGNING]
    if pinned:
        wanted.append(ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)
    if not any(purpose in wanted for purpose in purposes):
        return "the signer's certificate is not for signing software (EKU)"
    return ""


def _issuers_purpose(issuers: Sequence[Certificate]) -> str:
    """Return which issuer between is for other purposes only; empty: none is."""
    for issuer in issuers:
        try:
            purposes = list(issuer.extensions.get_extension_for_class(ExtendedKeyUsage).value)
        except ExtensionNotFound:
            continue
        wanted = (ExtendedKeyUsageOID.CODE_SIGNING, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)
        if not any(purpose in wanted for purpose in purposes):
            return f"the issuer {issuer.subject.rfc4514_string()} is not for signing software (EKU)"
    return ""


def _der(certificate: Certificate) -> bytes:
    """Return a certificate in DER."""
    return certificate.public_bytes(Encoding.DER)


def why(error: BaseException) -> str:
    """Return the first line of what a parser's error says; the file's own bytes in it are shown safely."""
    line = str(error).split("\n", 1)[0][:200]
    return line if line.isprintable() else ascii(line)
