"""What differs between two catalogues: requirements added, removed and changed, and their checks."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from netproof.pipeline.compare import texts_changed

if TYPE_CHECKING:
    from netproof.catalogue.control import Catalogue, Control

SCHEMA_VERSION = "1.0"


def compare_catalogues(old: Catalogue, new: Catalogue) -> dict[str, Any]:
    """Return what differs; requirements are the same where their ids are."""
    before, after = ({c.id: _plain(c) for c in catalogue.controls} for catalogue in (old, new))
    changed = [
        {"id": name, "title": after[name]["title"], "texts": texts}
        for name in before
        if name in after and (texts := texts_changed(before[name], after[name]))
    ]
    added = [after[name] for name in after if name not in before]
    removed = [before[name] for name in before if name not in after]
    return {
        "schema_version": SCHEMA_VERSION,
        "same": not (changed or added or removed),
        "old": _header(old),
        "new": _header(new),
        "added": added,
        "removed": removed,
        "changed": changed,
        "checks_added": sorted(set(new.check_ids()) - set(old.check_ids())),
        "checks_removed": sorted(set(old.check_ids()) - set(new.check_ids())),
        "network": None,
    }


def _plain(control: Control) -> dict[str, Any]:
    """Return a requirement as plain data, as far as differences are told."""
    return {
        "id": control.id,
        "title": control.title,
        "legal_status": control.legal_status,
        "valid_from": control.valid_from or None,
        "valid_to": control.valid_to or None,
        "prose": control.prose,
        "checks": list(control.checks),
        "sources": [asdict(source) for source in control.sources],
    }


def _header(catalogue: Catalogue) -> dict[str, Any]:
    """Return which catalogue it is."""
    return {
        "id": catalogue.id,
        "title": catalogue.title,
        "version": catalogue.version,
        "legal_status": catalogue.legal_status,
        "requirements": len(catalogue.controls),
    }
