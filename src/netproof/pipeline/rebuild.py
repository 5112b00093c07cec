"""A release against one's own build of its source, as a model and as a statement for the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from netproof.errors import LogError
from netproof.integrity.log import published
from netproof.integrity.rebuild import Comparison, compare
from netproof.integrity.register.find import find
from netproof.pipeline.release_diff import told_change
from netproof.tlog.statement import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from netproof.integrity.rebuild import Package
    from netproof.integrity.register.find import Found

SCHEMA_VERSION: Final = "1.0"
LISTED: Final = 1000
"""Members that an answer names of each kind of difference."""
_NAMES: Final = ("supplier", "product", "release", "component")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A comparison, and the logged release that it is about; None: nobody looked into a log."""

    comparison: Comparison
    found: Found | None

    def model(self, source: Mapping[str, str]) -> dict[str, Any]:
        """Return the model of the answer, with nothing appended yet."""
        one = self.comparison
        return {
            "schema_version": SCHEMA_VERSION,
            "result": str(one.result),
            "reason": one.reason or None,
            "release": self.names() or None,
            "release_entry": None if self.found is None else self.found.index,
            "source": dict(source) or None,
            "published": _package(one.published),
            "built": _package(one.built),
            "normalised": [
                {
                    "kind": said.kind,
                    "what": said.what,
                    "members": len(said.paths),
                    "paths": list(said.paths[:LISTED]),
                }
                for said in one.normalised
            ],
            "headers": [
                {"path": said.path, "what": said.what, "published": said.old, "built": said.new}
                for said in one.headers
            ],
            "files": [told_change(said) for said in one.files],
            "entry": None,
            "checkpoint": None,
            "deep": None,
        }

    def names(self) -> dict[str, str]:
        """Return which release it is; empty where nobody looked."""
        values = self.found.statement.values if self.found is not None else {}
        return {name: values[name] for name in _NAMES if name in values}

    def source(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return from which source it was built: as given, else as the release's entry says."""
        logged = self.found.statement.values.get("source", {}) if self.found is not None else {}
        return {**logged, **given}

    def statement(self, source: Mapping[str, str], time: str) -> dict[str, Any]:
        """Return the fields of the statement `rebuild`.

        Args:
            source: From which source it was built.
            time: As `utc_seconds` writes it.

        Raises:
            LogError: Nobody looked into a log, or the source is not known.
        """
        if self.found is None:
            raise LogError("rebuild: expected a release of the log, got none")
        if not source:
            raise LogError(
                "rebuild: expected to know from which source it was built",
                hint="name it with --source-sha256 or --commit",
            )
        one = self.comparison
        return {
            "v": 1,
            "kind": str(Kind.REBUILD),
            **self.names(),
            "digests": {"sha256": one.published.sha256},
            "source": dict(source),
            "rebuilt": {"sha256": one.built.sha256},
            "result": str(one.result),
            "normalised": [said.sentence for said in one.normalised],
            "time": time,
        }


def rebuilt(releases: Path | None, name: str, built: Path, given: Path) -> Rebuilt:
    """Return what the comparison of a release with one's own build came to.

    Args:
        releases: The log's folder; None: nobody looks into a log.
        name: The release, as `register.find` reads it.
        built: One's own build.
        given: The published file; its digest must be the logged one.

    Raises:
        LogError: No such release is logged, or with another digest.
        SourceError: A file cannot be read, or a package is refused or damaged.
    """
    comparison = compare(given, built)
    if releases is None:
        return Rebuilt(comparison, None)
    found = [one for one in find(published(releases), name) if one.statement.kind is Kind.RELEASE]
    sha256 = comparison.published.sha256
    same = [one for one in found if one.statement.digests["sha256"] == sha256]
    if same:
        return Rebuilt(comparison, same[0])
    if not found:
        raise LogError(f"{name}: expected a release of the log, got none of that name")
    logged = ", ".join(dict.fromkeys(one.statement.digests["sha256"] for one in found[:5]))
    raise LogError(
        f"{given.name}: expected the logged bytes, sha256 {logged}, got sha256 {sha256}",
        hint="this is not the file that was logged as that release: look into it before anything else",
    )


def _package(one: Package) -> dict[str, Any]:
    """Return one of the packages."""
    return {"name": one.name, "size": one.size, "sha256": one.sha256, "format": one.form or None}
