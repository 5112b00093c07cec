"""The answers of `release check` and `release audit` as plain values, as their schemas say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from netproof.integrity.audit.finding import NOTES
from netproof.tlog.encoding import to_base64
from netproof.tlog.statement import DIGEST_HEX

if TYPE_CHECKING:
    from netproof.integrity.audit.finding import Audit, Finding
    from netproof.integrity.audit.proof import Checked
    from netproof.tlog.policy import Judged

VERSION = "1.0"


def check_model(checked: Checked, proof: str) -> dict[str, Any]:
    """Return what a proof file proved.

    Args:
        checked: the answer.
        proof: name of the proof file.
    """
    file = None
    if checked.file is not None:
        digests = {name: checked.digests.get(name) for name in DIGEST_HEX}
        file = {"file": str(checked.file.path), "size": checked.file.size, **digests}
    return {
        "schema_version": VERSION,
        "proof": proof,
        "holds": checked.holds,
        "reason": checked.reason,
        "file": file,
        "entry": checked.proven.index if checked.proven else None,
        "statement": dict(checked.statement.values) if checked.statement else None,
        "head": _head(checked.proven.judged) if checked.proven else None,
    }


def audit_model(audit: Audit) -> dict[str, Any]:
    """Return what an audit came to."""
    return {
        "schema_version": VERSION,
        "where": audit.where,
        "at": moment(audit.now),
        "passed": audit.passed,
        "head": _head(audit.head) if audit.head else None,
        "before": audit.before,
        "consistent": audit.consistent,
        "entries": {
            "read": audit.read,
            "read_to": audit.read_to,
            "as_statements": not audit.only_bytes,
            "kinds": dict(audit.kinds),
        },
        "counts": {kind.value: number for kind, number in audit.counts.items()},
        "new": {kind.value: number for kind, number in audit.new.items()},
        "findings": [_finding(finding) for finding in audit.findings],
        "state": audit.state,
    }


def moment(time: int | None) -> str | None:
    """Return a time as text in UTC; None stays None, and so does one that no calendar has."""
    try:
        return None if time is None else datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return None


def _head(judged: Judged) -> dict[str, Any]:
    """Return a tree with who stands behind it."""
    return {
        "origin": judged.checkpoint.origin,
        "size": judged.checkpoint.size,
        "root": to_base64(judged.checkpoint.root),
        "signed_by": [f"{key.name}+{key.key_id.hex()}" for key in judged.logs],
        "cosigned_by": [name.decode("utf-8", "backslashreplace") for name in judged.witnesses],
        "proven_by": moment(judged.proven_by),
        "fresh_at": moment(judged.fresh_at),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    """Return one finding."""
    return {
        "kind": finding.kind.value,
        "note": finding.kind in NOTES,
        "entry": finding.entry,
        "text": finding.text,
        "new": finding.new,
        "evidence": finding.evidence,
    }
