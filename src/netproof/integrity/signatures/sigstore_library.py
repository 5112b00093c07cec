"""The library `sigstore`, at arm's length: does a bundle hold under a trusted root, and who signed?

Only imported where a bundle is judged, since the library is an extra and takes half a second. It is asked
offline: no root is refreshed, no log is asked. Its errors, and what hostile input makes its parsers raise,
come out as ValueError.
"""

from __future__ import annotations

import json
import logging
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import (
    ExtensionNotFound,
    RFC822Name,
    SubjectAlternativeName,
    UniformResourceIdentifier,
    UnsupportedGeneralNameType,
)
from sigstore.errors import Error, VerificationError
from sigstore.hashes import Hashed
from sigstore.models import Bundle, ClientTrustConfig
from sigstore.verify import Verifier
from sigstore.verify.policy import AllOf, AnyOf, Identity, OIDCIssuer, OIDCIssuerV2
from sigstore_models.common.v1 import HashAlgorithm

from netproof.integrity.signatures.chain import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography.x509 import Certificate

    from netproof.integrity.signatures.sigstore_trust import Identity as Expected

_RAISED = (
    Error,
    ExtensionNotFound,
    InvalidSignature,
    UnsupportedGeneralNameType,
    OSError,
    struct.error,
    *UNREADABLE,
)
_NO_SERVICES = {"mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json"}
_CONFIG = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"

logging.getLogger("sigstore").addHandler(logging.NullHandler())  # else its warnings go to the terminal


@dataclass(frozen=True, slots=True)
class Held:
    """What holds.

    Attributes:
        certificate: The signer's.
        payload_type: Of a signed statement; else empty.
        payload: The statement's verified bytes; None: the file itself was signed.
    """

    certificate: Certificate
    payload_type: str = ""
    payload: bytes | None = None


class _Anybody:
    """The library's policy that leaves to us who is expected: it is asked after all else holds."""

    def verify(self, cert: Certificate) -> None:
        """Let anybody pass."""


def hold(content: bytes, root: dict[str, Any], sha256: bytes, *, statement: bool) -> Held:
    """Return who signed, if a bundle holds: certificate, log entry, its place in the log, time, signature.

    Args:
        content: The bundle.
        root: JSON of the trusted root.
        sha256: Digest of the file.
        statement: Whether a statement about the file was signed, and not the file.

    Raises:
        ValueError: It does not hold.
    """
    try:
        bundle = Bundle.from_json(content)
        certificate = bundle.signing_certificate
        if not isinstance(certificate.public_key(), ec.EllipticCurvePublicKey):
            raise ValueError("a certificate whose key is not ECDSA")  # noqa: TRY004
        verifier = Verifier(trusted_root=_root(root))
        if statement:
            return Held(certificate, *verifier.verify_dsse(bundle, _Anybody()))
        hashed = Hashed(algorithm=HashAlgorithm.SHA2_256, digest=sha256)
        verifier.verify_artifact(hashed, bundle, _Anybody())
    except _RAISED as error:
        raise ValueError(str(error)) from error
    return Held(certificate)


def _root(root: dict[str, Any]) -> Any:
    """Return the library's form of a trusted root."""
    whole = {"mediaType": _CONFIG, "trustedRoot": root, "signingConfig": _NO_SERVICES}
    return ClientTrustConfig.from_json(json.dumps(whole)).trusted_root


def is_one_of(certificate: Certificate, expected: Iterable[Expected]) -> bool:
    """Return whether a certificate is of somebody who is expected: name and issuer, both exactly."""
    policies = [
        AllOf([AnyOf([OIDCIssuer(one.issuer), OIDCIssuerV2(one.issuer)]), Identity(identity=one.san)])
        for one in expected
    ]
    try:
        AnyOf([*policies]).verify(certificate)
    except VerificationError:
        return False
    except _RAISED as error:
        raise ValueError(str(error)) from error
    return True


def name_of(certificate: Certificate) -> str:
    """Return whom a certificate names, to be shown; nothing is decided by it."""
    try:
        names = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value
        found = [
            *names.get_values_for_type(RFC822Name),
            *names.get_values_for_type(UniformResourceIdentifier),
        ]
        issuer = certificate.extensions.get_extension_for_oid(OIDCIssuer.oid).value.public_bytes().decode()
    except _RAISED:
        return "(a name that cannot be read)"
    return f"{', '.join(found) or '(another kind of name)'}, says {issuer}"
