"""Who made a detached CMS signature, and does it hold on a date?

RFC 5652. asn1crypto reads strictly, `cryptography` verifies. Signed attributes are required, each once:
without them the bytes of some other signature's attributes could be presented as a file. The signer's time is
shown and proves nothing; a timestamp by somebody who is trusted for the time does. Each signer is judged for
itself.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import (
    Certificate,
    CertificateRevocationList,
    load_der_x509_crl,
)

from netproof.errors import SourceError
from netproof.integrity.signatures import armour, chain, timestamps
from netproof.integrity.signatures.answer import Signature, Verdict
from netproof.integrity.signatures.artifact import Bytes
from netproof.integrity.signatures.der import assert_whole
from netproof.integrity.signatures.instant import UNPROVEN, Instant, earliest, stamped
from netproof.integrity.signatures.keys import (
    HASHES,
    WEAK,
    EdwardsOrLattice,
    Key,
    Padding,
    holds,
    kind,
    usable,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from netproof.integrity.signatures.artifact import Digested
    from netproof.integrity.signatures.trust import Trust

FORMAT = "cms"
KINDS = ("CMS", "PKCS7", "PKCS #7 SIGNED DATA")
SIGNERS_MAX = 20
_EMBEDDED_MAX = 100
_DER = Encoding.DER
_SET = b"\x31"
"""The tag under which signed attributes are signed, in place of their own."""


class _RefusedError(Exception):
    """A signature that says nothing; the text says why."""


@dataclass(frozen=True, slots=True)
class SignerPart:
    """What a CMS file holds of one signer.

    asn1crypto writes a value otherwise than it read it once somebody looked into it (it adds parameters that
    a digest left out), so that the bytes that are signed are kept as they came.

    Attributes:
        info: The part, read.
        attributes: The bytes of the signed attributes, as they are signed (RFC 5652 §5.4).
        value: The signature itself.
        tokens: The timestamps among the unsigned attributes.
    """

    info: cms.SignerInfo
    attributes: bytes
    value: bytes
    tokens: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A CMS file, read."""

    name: str
    signed: cms.SignedData
    signers: tuple[SignerPart, ...]
    certificates: tuple[Certificate, ...]
    crls: tuple[CertificateRevocationList, ...]


def read(name: str, content: bytes) -> Message:
    """Return the parts of a detached CMS signature, DER or PEM.

    Raises:
        SourceError: It is none.
    """
    try:
        der = content
        if armour.PEM in content:
            found = list(armour.blocks(content))
            if len(found) != 1 or found[0][0] not in KINDS:
                raise ValueError("PEM of another kind")
            der = found[0][1]
        assert_whole(der)
        info = cms.ContentInfo.load(der, strict=True)
        if info["content_type"].native != "signed_data":
            raise ValueError(f"CMS of kind {info['content_type'].native}")
        return _message(name, info["content"])
    except chain.UNREADABLE as error:
        raise SourceError(f"{name}: expected a detached CMS signature, got: {chain.why(error)}") from error


def _message(name: str, signed: cms.SignedData) -> Message:
    """Return the parts of signed data that nobody has looked into yet."""
    if not isinstance(signed["encap_content_info"]["content"], core.Void):
        raise ValueError("a signature with content of its own")  # noqa: TRY004 - a form, not a type
    signers = tuple(map(_part, signed["signer_infos"]))
    if not 0 < len(signers) <= SIGNERS_MAX:
        raise ValueError(f"{len(signers)} signers")
    embedded, lists = list(signed["certificates"] or ()), list(signed["crls"] or ())
    if len(embedded) + len(lists) > _EMBEDDED_MAX:
        raise ValueError(f"more than {_EMBEDDED_MAX} certificates and lists")
    certificates = tuple(
        chain.load(choice.chosen.dump()) for choice in embedded if choice.name == "certificate"
    )
    crls = tuple(
        load_der_x509_crl(choice.chosen.dump()) for choice in lists if choice.name == "certificate_list"
    )
    return Message(name, signed, signers, certificates, crls)


def _part(info: cms.SignerInfo) -> SignerPart:
    """Return one signer's part, with its bytes."""
    attributes: bytes = info["signed_attrs"].dump()
    return SignerPart(info, _SET + attributes[1:], info["signature"].native, timestamps.tokens_of(info))


def judge(
    message: Message,
    signed: Digested,
    beside: Sequence[Certificate],
    trust: Trust,
    moment: datetime,
    proven: Instant = UNPROVEN,
) -> list[Signature]:
    """Return what is known of each signer's signature.

    Args:
        message: The signature file.
        signed: What it is said to sign.
        beside: Certificates that lie beside the signature; they are not trusted.
        trust: Whom the user trusts.
        moment: The time of judgement.
        proven: By when the file existed, as something outside proves; timestamps inside are looked at here.
    """
    found: list[Signature] = []
    where = f"{message.name} (inside)"
    for part in message.signers:
        inside = [timestamps.judge(where, one, part.value, trust.timestamping, moment) for one in part.tokens]
        instant = earliest([proven, *inside])
        found.append(stamped(_one(message, part, signed, beside, trust, instant.at or moment), instant))
    return found


def _one(
    message: Message,
    part: SignerPart,
    signed: Digested,
    beside: Sequence[Certificate],
    trust: Trust,
    moment: datetime,
) -> Signature:
    """Return what is known of one signer's signature."""
    info, pool = part.info, [*message.certificates, *beside, *trust.certificates]
    try:
        certificate = _certificate(info["sid"], pool)
        if certificate is None:
            return Signature(
                message.name,
                FORMAT,
                Verdict.UNKNOWN_SIGNER,
                "the signer's certificate is neither in the signature nor beside it nor in the trust folder",
                missing=("the signer's certificate",),
            )
        claimed = _claimed(info)
        signer, key, algorithm = chain.signer_of(certificate), None, ""
        try:
            key = usable(certificate.public_key())
            algorithm = f"{kind(key)} with {_hash(info)}"
            _assert_holds(message, part, certificate, key, signed)
        except (_RefusedError, UnsupportedAlgorithm, ValueError) as error:
            return Signature(
                message.name, FORMAT, Verdict.NOT_VERIFIED, str(error), signer, algorithm, claimed
            )
        standing = chain.judge(certificate, [*message.certificates, *beside], trust, message.crls, moment)
        return Signature(
            message.name,
            FORMAT,
            standing.verdict,
            standing.reason,
            signer,
            algorithm,
            claimed,
            missing=standing.missing,
        )
    except chain.UNREADABLE as error:
        raise SourceError(f"{message.name}: expected a CMS signature, got: {chain.why(error)}") from error


def _certificate(sid: cms.SignerIdentifier, pool: Sequence[Certificate]) -> Certificate | None:
    """Return the certificate that a signer's identifier names; None: it is not at hand."""
    for certificate in pool:
        parsed = asn1_x509.Certificate.load(certificate.public_bytes(_DER), strict=True)
        if sid.name == "issuer_and_serial_number":
            wanted = sid.chosen
            if parsed.issuer == wanted["issuer"] and parsed.serial_number == wanted["serial_number"].native:
                return certificate
        elif parsed.key_identifier == sid.chosen.native:
            return certificate
    return None


def _assert_holds(
    message: Message, part: SignerPart, certificate: Certificate, key: Key, signed: Digested
) -> None:
    """Refuse a signature that is not over the file, or not by the certificate's key.

    Raises:
        _RefusedError: As said.
    """
    info = part.info
    name = _hash(info)
    if name not in HASHES:
        words = f"made with {name}, which shows nothing any more" if name in WEAK else f"digest {name}"
        raise _RefusedError(words)
    if not len(info["signed_attrs"]):
        raise _RefusedError("it has no signed attributes, so that it does not say what it signs")
    kind_of_content = message.signed["encap_content_info"]["content_type"].native
    if _single(info, "content_type").native != kind_of_content:
        raise _RefusedError("its signed content type is another than that of its content")
    if not hmac.compare_digest(_single(info, "message_digest").native, signed.digest(name)):
        raise _RefusedError("the file is another than the one that was signed")
    _assert_names_certificate(info, certificate)
    content = Bytes(part.attributes)
    if not holds(key, part.value, content, *_scheme(info, key, name)):
        raise _RefusedError("the signature is not the signer's")


def _scheme(info: cms.SignerInfo, key: Key, name: str) -> tuple[str, Padding]:
    """Return digest and padding of a signature, where they agree with all that the file says."""
    algorithm = info["signature_algorithm"]
    said = algorithm["algorithm"].native
    if isinstance(key, EdwardsOrLattice):
        return name, Padding.PKCS1
    if said == "rsassa_pss":
        parameters = algorithm["parameters"]
        inner = _hash_name(parameters["hash_algorithm"]["algorithm"].native)
        mask = _hash_name(parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native)
        if (inner, mask) != (name, name):
            raise _RefusedError("its digests are not the same throughout")
        return name, Padding.PSS
    if said in {"rsassa_pkcs1v15", "ecdsa"}:
        return name, Padding.PKCS1
    if _hash_name(algorithm.hash_algo) != name:
        raise _RefusedError("its digests are not the same throughout")
    return name, Padding.PKCS1


def _single(info: cms.SignerInfo, wanted: str) -> Any:
    """Return the one value of a signed attribute that must be there exactly once (RFC 5652 §11)."""
    found = [attribute for attribute in info["signed_attrs"] if attribute["type"].native == wanted]
    if len(found) != 1 or len(found[0]["values"]) != 1:
        words = wanted.replace("_", " ")
        raise _RefusedError(f"expected one signed attribute {words}, got {len(found) or 'none'}")
    return found[0]["values"][0]


def _assert_names_certificate(info: cms.SignerInfo, certificate: Certificate) -> None:
    """Refuse a certificate other than the one that the signer signed for (RFC 5035 §3)."""
    for attribute in info["signed_attrs"]:
        if attribute["type"].native != "signing_certificate_v2":
            continue
        wanted: tsp.ESSCertIDv2 = attribute["values"][0]["certs"][0]
        algorithm: algos.DigestAlgorithm = wanted["hash_algorithm"]
        name = _hash_name(algorithm["algorithm"].native)
        if name not in HASHES:
            raise _RefusedError(f"it names its certificate by {name}")
        if hashlib.new(name, certificate.public_bytes(_DER)).digest() != wanted["cert_hash"].native:
            raise _RefusedError("it was made for another certificate")


def _hash(info: cms.SignerInfo) -> str:
    """Return the digest that a signer used, as hashlib names it."""
    return _hash_name(info["digest_algorithm"]["algorithm"].native)


def _hash_name(native: str) -> str:
    """Return a digest's name as hashlib has it."""
    return native.replace("-", "_")


def _claimed(info: cms.SignerInfo) -> date | None:
    """Return the day that a signer claims."""
    for attribute in info["signed_attrs"]:
        if attribute["type"].native == "signing_time" and len(attribute["values"]):
            found: datetime = attribute["values"][0].native
            return found.date()
    return None
