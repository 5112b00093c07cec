"""What became of releases that were to be logged, on a terminal: refused ones first, then the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from netproof.report.diff_lines import Lines
from netproof.report.words import number

if TYPE_CHECKING:
    from netproof.report.words import Model

REFUSED_SHOWN: Final = 100
SHOWN: Final = 20
"""How many releases are told one by one, those with notes first; JSON has more."""
_OUTCOME: Final = {
    "logged": "logged as entry {entry}",
    "already_logged": "logged before, as entry {entry}",
    "withdrawn": "withdrawn for ever by entry {entry}",
    "already_withdrawn": "withdrawn before, by entry {entry}",
    "refused": "REFUSED",
}
_COUNTED: Final = {
    "logged": "logged",
    "already_logged": "logged before",
    "withdrawn": "withdrawn",
    "already_withdrawn": "withdrawn before",
    "refused": "refused",
}
_VERDICT: Final = {
    "not_verified": "NOT verified",
    "verified": "verified",
    "unknown_signer": "signer unknown",
    "digest_only": "digest only",
    "unsigned": "unsigned",
}


def text(model: Model, width: int | None = None) -> str:
    """Return the answer as plain text, wrapped at `width` (80 unless told)."""
    lines = Lines(width)
    refused = [row for row in model["releases"] if row["outcome"] == "refused"]
    others = [row for row in model["releases"] if row["outcome"] != "refused"]
    told = refused[:REFUSED_SHOWN]
    told += sorted(others, key=lambda row: not row["notes"])[:SHOWN]
    for row in told:
        _row(row, lines)
    more = len(model["releases"]) + model["unlisted"] - len(told)
    if more:
        unlisted = model["unlisted"]
        left = f"all but {number(unlisted)}" if unlisted else "them"
        lines.line(
            0, f"and {number(more)} more" + (f" (--format json lists {left})" if more > unlisted else "")
        )
    for one in model["left_out"]:
        lines.line(0, f"left out, nothing to log by itself: {number(one['number'])} of kind {one['kind']}")
    if told or more or model["left_out"]:
        lines.gap()
    counts = ", ".join(f"{number(n)} {_COUNTED[outcome]}" for outcome, n in model["summary"].items() if n)
    lines.line(
        0,
        f"{counts or 'nothing to log'}; log {model['log']['origin']} has "
        f"{number(model['log']['size'])} {_entries(model['log']['size'])}",
    )
    _checkpoint(model, lines)
    return lines.text()


def _row(row: dict[str, Any], lines: Lines) -> None:
    """Write what became of one release."""
    lines.line(0, f"{row['shown']}: {_OUTCOME[row['outcome']].format(entry=row['entry'])}")
    if row["reason"]:
        lines.line(2, f"because: {row['reason']}")
    if row["release"]:
        named = row["release"]
        part = f", part {named['component']}" if "component" in named else ""
        lines.line(2, f"{named['supplier']}/{named['product']}@{named['release']}{part}")
    if row["sha256"]:
        lines.raw(f"  sha256 {row['sha256']}")
    if row["verdict"] and row["verdict"] != "verified":
        lines.line(2, _VERDICT[row["verdict"]])
    for signature in row["signatures"]:
        lines.line(2, f"signed: {signature['format']}, by {signature['signer']}")
    for name, words in (("sbom_sha256", "bill of materials"), ("provenance_sha256", "provenance")):
        if row[name]:
            lines.line(2, f"{words} kept: {row[name]}")
    for note in row["notes"]:
        lines.line(2, f"note: {note}")


def _checkpoint(model: Model, lines: Lines) -> None:
    """Write whether what was appended is public, and who vouches for it."""
    signed = model["checkpoint"]
    if signed is None:
        if model["unpublished"]:
            lines.line(0, f"durable, not public yet: {model['unpublished']}")
            lines.line(0, "publish with: netproof release log NET checkpoint")
        return
    who = "cosigned by " + (", ".join(signed["witnesses"]) or "nobody")
    enough = f"{who}, the policy's quorum" if signed["quorum"] else f"{who}, NOT the quorum of the policy"
    if signed["quorum"] and not signed["witnesses"]:
        enough = "the log's policy asks for no witness"
    lines.line(
        0,
        f"checkpoint of {number(signed['size'])} {_entries(signed['size'])} signed; {enough}",
    )
    for problem in signed["problems"]:
        lines.line(2, f"note: {problem}")


def _entries(count: int) -> str:
    """Return the word after a number of entries."""
    return "entry" if count == 1 else "entries"
