"""What is known of released files, on a terminal: verdict, digests, signers, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from netproof.report.diff_lines import Lines
from netproof.report.words import number, plural

if TYPE_CHECKING:
    from netproof.report.words import Model

VERDICT: Final = {
    "not_verified": "NOT verified",
    "verified": "verified",
    "unknown_signer": "signer unknown, not verified",
    "digest_only": "digest only, not verified",
    "unsigned": "unsigned",
}
_COUNTED: Final = {
    "not_verified": "not verified",
    "verified": "verified",
    "unknown_signer": "by unknown signers",
    "digest_only": "with a digest only",
    "unsigned": "unsigned",
}
_FORMAT: Final = {
    "openpgp": "OpenPGP signature",
    "cms": "CMS signature",
    "raw": "bare signature",
    "checksums": "list of digests",
    "dsse": "signed statement",
    "sigstore": "Sigstore bundle",
    "csar": "signature inside the package",
    "csar-manifest": "signed manifest inside the package",
    "unknown": "unreadable",
}
_TRUSTED: Final = {
    "openpgp": "OpenPGP key",
    "certificates": "certificate",
    "keys": "bare key",
    "crls": "revocation list",
    "timestamping": "timestamp authority",
    "identities": "identity",
}


def text(model: Model, width: int | None = None) -> str:
    """Return the answer as plain text, wrapped at `width` (80 unless told)."""
    lines = Lines(width)
    for file in model["files"]:
        _file(file, lines)
        lines.gap()
    files = len(model["files"])
    counts = ", ".join(f"{number(n)} {_COUNTED[verdict]}" for verdict, n in model["summary"].items() if n)
    lines.line(0, f"{number(files)} {plural('file', files)}: {counts or 'nothing to tell'}")
    given = ", ".join(f"{number(n)} {plural(_TRUSTED[kind], n)}" for kind, n in model["trusted"].items() if n)
    lines.line(0, f"judged for the end of {model['at']} (UTC); trusted: {given or 'nobody'}")
    return lines.text()


def _file(file: dict[str, Any], lines: Lines) -> None:
    """Write what is known of one file."""
    lines.line(0, f"{file['file']}: {VERDICT[file['verdict']]}")
    if file["reason"]:
        lines.line(2, f"because: {file['reason']}")
    lines.line(2, f"{file['kind']}, {number(file['size'])} {plural('byte', file['size'])}")
    lines.raw(f"  sha256 {file['sha256']}")
    lines.raw(f"  sha512 {file['sha512'][:64]}")
    lines.raw(f"         {file['sha512'][64:]}")
    for signature in file["signatures"]:
        _signature(signature, lines)
    for words in file["missing"]:
        lines.line(2, f"missing: {words}")


def _signature(signature: dict[str, Any], lines: Lines) -> None:
    """Write what is known of one signature."""
    lines.line(2, f"{_FORMAT[signature['format']]} {signature['file']}: {VERDICT[signature['verdict']]}")
    signer = signature["signer"]
    if signer:
        lines.line(4, f"signer: {signer['name']}")
        lines.raw(f"    {signer['identity']}")
        if signer["subkey"] and signer["subkey"] != signer["identity"]:
            lines.raw(f"    by its key {signer['subkey']}")
    if signature["algorithm"]:
        lines.line(4, f"made with: {signature['algorithm']}")
    if signature["claimed_on"]:
        lines.line(4, f"says that it was made on {signature['claimed_on']}, which nothing proves")
    if signature["proven_at"]:
        lines.line(4, f"proven to have existed by {signature['proven_at']}")
    if signature["reason"]:
        lines.line(4, f"because: {signature['reason']}")
    for note in signature["notes"]:
        lines.line(4, f"note: {note}")
