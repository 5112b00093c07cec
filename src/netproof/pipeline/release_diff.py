"""What an update changes, as a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof.integrity.update import update

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.integrity.packages import Member
    from netproof.integrity.sbom import Listed
    from netproof.integrity.update import Change, Side
    from netproof.integrity.update_sbom import Bill, SbomChange


def release_diff(
    old: Path, new: Path, *, sbom_old: Path | None = None, sbom_new: Path | None = None
) -> dict[str, Any]:
    """Return what an update changes.

    Args:
        old: The package before.
        new: The package after.
        sbom_old: A bill of materials of the old package.
        sbom_new: One of the new package.

    Raises:
        SourceError: A package is refused or damaged, or a bill of materials that was named cannot be read.
    """
    told = update(old, new, sbom_old=sbom_old, sbom_new=sbom_new)
    counts = dict.fromkeys(("added", "removed", "changed"), 0)
    for one in told.files:
        counts[one.change] += 1
    return {
        "schema_version": "1.0",
        "same": not told.differs,
        "old": _side(told.old),
        "new": _side(told.new),
        "summary": {
            **counts,
            "same": told.same,
            "privileged": len(told.privileged),
            "keys": len(told.keys),
            "services": len(told.services),
            "addresses": len(told.addresses),
            "components": sum(len(one.components) for one in told.sboms),
        },
        "privileged": [
            {"path": one.path, "rights": list(one.rights), "why": one.why} for one in told.privileged
        ],
        "keys": [
            {"kind": one.kind, "sha256": one.sha256, "about": one.about, "path": one.path}
            for one in told.keys
        ],
        "services": [{"path": one.path, "rule": one.rule, "value": one.value} for one in told.services],
        "addresses": [
            {"kind": one.kind, "value": one.value, "path": one.path, "members": one.members}
            for one in told.addresses
        ],
        "sboms": [_sbom(one) for one in told.sboms],
        "sboms_unread": [{"side": one.side, "path": one.path, "reason": one.reason} for one in told.unread],
        "files": [told_change(one) for one in told.files],
        "deep": None,
    }


def _side(side: Side) -> dict[str, Any]:
    """Return one of the packages."""
    return {
        "name": side.name,
        "format": side.form,
        "size": side.size,
        "sha256": side.sha256,
        "members": side.members,
        "below": side.below or None,
        "whole": side.whole,
        "closed": [{"path": path, "reason": reason} for path, reason in side.closed],
    }


def told_change(one: Change) -> dict[str, Any]:
    """Return a member that differs."""
    return {
        "change": one.change,
        "path": one.path,
        "parts": list(one.parts),
        "moved_from": one.moved_from or None,
        "old": _member(one.old),
        "new": _member(one.new),
    }


def _member(one: Member | None) -> dict[str, Any] | None:
    """Return a member; permissions in octal digits, as people write them."""
    if one is None:
        return None
    return {
        "kind": one.kind.value,
        "mode": None if one.mode is None else f"{one.mode:04o}",
        "size": one.size,
        "sha256": one.sha256 or None,
        "target": one.target or None,
        "capabilities": one.capabilities,
    }


def _sbom(one: SbomChange) -> dict[str, Any]:
    """Return the difference between two bills of materials."""
    return {
        "old": _bill(one.old),
        "new": _bill(one.new),
        "components": [
            {
                "change": changed.change,
                "key": changed.key,
                "old": _listed(changed.old),
                "new": _listed(changed.new),
            }
            for changed in one.components
        ],
    }


def _bill(one: Bill | None) -> dict[str, Any] | None:
    """Return a bill of materials itself."""
    if one is None:
        return None
    return {
        "name": one.name,
        "format": one.form,
        "components": one.listed,
        "subject": one.subject,
        "completeness": "complete" if one.complete else "unknown",
    }


def _listed(one: Listed | None) -> dict[str, Any] | None:
    """Return a component of a bill."""
    if one is None:
        return None
    return {"name": one.name, "version": one.version or None, "sha256": one.sha256 or None}
