"""Who made an OpenPGP detached signature, and does it hold on a date?

RFC 9580 §5.2. Sequoia verifies, with its policy: no SHA-1, no MD5, no short keys, no subkey that does not
sign back. Beyond it: the key must not be expired or revoked on the date of judgement, whatever time the
signature claims, for nobody but the signer vouches for that time. The fingerprint is shown in full; a key ID
decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pysequoia import Sig, verify
from pysequoia.packet import HashAlgorithm, SignatureType, Tag

from netproof.errors import SourceError
from netproof.integrity.signatures.answer import Signature, Signer, Verdict
from netproof.integrity.signatures.artifact import Artifact, Bytes
from netproof.integrity.signatures.openpgp_keys import first_line, packets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from netproof.integrity.signatures.openpgp_keys import KeyFacts, Known

FORMAT = "openpgp"
ARMOUR = b"-----BEGIN PGP SIGNATURE-----"
CLEAR = b"-----BEGIN PGP SIGNED MESSAGE-----"
SIGNATURES_MAX = 50
_WEAK = ((HashAlgorithm.MD5, "MD5"), (HashAlgorithm.SHA1, "SHA-1"), (HashAlgorithm.RipeMD, "RIPEMD-160"))
_BROKEN = "the signature does not hold: the file or the signature was changed, or the key may not sign"


def read(name: str, content: bytes) -> list[Sig]:
    """Return the detached signatures of a file.

    Raises:
        SourceError: It holds none, or anything beside them.
    """
    if CLEAR in content:
        raise SourceError(
            f"{name}: expected a detached OpenPGP signature, got a signed text",
            hint="text around the signed part would pass unseen; ask the supplier for a detached signature",
        )
    try:
        found = packets(content)
        if not found or any(packet.tag != Tag.Signature for packet in found):
            raise ValueError("other packets than signatures")  # noqa: TRY301 - one way out for both kinds
        if len(found) > SIGNATURES_MAX:
            raise ValueError(f"more than {SIGNATURES_MAX} signatures")  # noqa: TRY301
        return [Sig.from_bytes(bytes(packet)) for packet in found]
    except (ValueError, RuntimeError) as error:
        raise SourceError(f"{name}: expected OpenPGP signatures, got: {first_line(error)}") from error


def judge(
    name: str, content: bytes, signed: Artifact | Bytes, known: Sequence[Known], moment: datetime
) -> list[Signature]:
    """Return what is known of each signature in a file.

    Args:
        name: The file of signatures.
        content: Its bytes.
        signed: What they are said to sign.
        known: Whom the user trusts.
        moment: The time of judgement.

    Raises:
        SourceError: The file holds no detached signatures.
    """
    signatures = read(name, content)
    try:
        return [_one(name, sig, signed, known, moment) for sig in signatures]
    except RuntimeError as error:  # how Sequoia says that a part is of a kind that it does not know
        raise SourceError(f"{name}: expected OpenPGP signatures, got: {first_line(error)}") from error


def _one(
    name: str, sig: Sig, signed: Artifact | Bytes, known: Sequence[Known], moment: datetime
) -> Signature:
    """Return what is known of one signature."""
    created = sig.created
    algorithm = f"{_word(sig.key_algorithm)} with {_word(sig.hash_algorithm)}"

    def told(verdict: Verdict, reason: str = "", signer: Signer | None = None) -> Signature:
        claimed = created.date() if created else None
        return Signature(name, FORMAT, verdict, reason, signer, algorithm, claimed)

    asked = (sig.issuer_fingerprint or sig.issuer_key_id or "").lower()
    matching = [(one, key) for one in known for key in one.keys if _matches(sig, key)]
    if not matching:
        whose = Signer("(not in the trust folder)", asked or "(not said)")
        return told(Verdict.UNKNOWN_SIGNER, "no key of the trust folder is the one that it names", whose)
    reason = _against(sig, *matching[0], moment)
    if reason:
        return told(Verdict.NOT_VERIFIED, reason, _signer(*matching[0]))
    made_by = _verified(sig, signed, [one for one, _ in matching])
    if made_by is None:
        return told(Verdict.NOT_VERIFIED, _BROKEN, _signer(*matching[0]))
    # Two keys may have one ID: the key that really signed is judged again, and told.
    reason = _against(sig, *made_by, moment)
    return told(Verdict.NOT_VERIFIED if reason else Verdict.VERIFIED, reason, _signer(*made_by))


def _signer(known: Known, key: KeyFacts) -> Signer:
    """Return who a key belongs to."""
    return Signer(known.name, known.cert.fingerprint, key.fingerprint)


def _matches(sig: Sig, key: KeyFacts) -> bool:
    """Return whether a signature says that a key made it."""
    if sig.issuer_fingerprint:
        return sig.issuer_fingerprint.lower() == key.fingerprint.lower()
    return bool(sig.issuer_key_id) and (sig.issuer_key_id or "").lower() == key.key_id


def _against(sig: Sig, known: Known, key: KeyFacts, moment: datetime) -> str:
    """Return what speaks against a signature before it is computed; empty: nothing."""
    weak = next((word for algorithm, word in _WEAK if sig.hash_algorithm == algorithm), None)
    primary = known.keys[0]
    checks: list[tuple[bool, Callable[[], str]]] = [
        (sig.signature_type != SignatureType.Binary, lambda: "it does not sign a file's bytes"),
        (weak is not None, lambda: f"made with {weak}, which shows nothing any more"),
        (primary.revoked, lambda: "the key was revoked"),
        (key.revoked, lambda: "the subkey that signed was revoked"),
        (_ended(primary.ends, moment), lambda: f"the key expired on {_day(primary.ends)}"),
        (_ended(key.ends, moment), lambda: f"the subkey that signed expired on {_day(key.ends)}"),
        (_ended(sig.expiration, moment), lambda: f"the signature expired on {_day(sig.expiration)}"),
        (sig.created is None, lambda: "it does not say when it was made"),
        (
            sig.created is not None and sig.created > moment,
            lambda: f"it says that it was made on {_day(sig.created)}, after the date",
        ),
    ]
    return next((reason() for applies, reason in checks if applies), "")


def _ended(ends: datetime | None, moment: datetime) -> bool:
    """Return whether something ended before a moment."""
    return ends is not None and ends <= moment


def _day(moment: datetime | None) -> str:
    """Return a moment's day."""
    return moment.date().isoformat() if moment else "?"


def _verified(sig: Sig, signed: Artifact | Bytes, matching: Sequence[Known]) -> tuple[Known, KeyFacts] | None:
    """Return the certificate and the key that made a signature; None: none of them did."""
    certs = [known.cert for known in matching]
    try:
        if isinstance(signed, Artifact):
            found = verify(file=str(signed.path), store=lambda _: certs, signature=sig)
        else:
            found = verify(bytes=signed.content, store=lambda _: certs, signature=sig)
    except (RuntimeError, ValueError, OSError):
        return None
    made_by = {(one.certificate.lower(), one.signing_key.lower()) for one in found.valid_sigs}
    return next(
        (
            (known, key)
            for known in matching
            for key in known.keys
            if (known.cert.fingerprint.lower(), key.fingerprint.lower()) in made_by
        ),
        None,
    )


def _word(value: object) -> str:
    """Return the name of an algorithm."""
    return str(value).rsplit(".", 1)[-1]
