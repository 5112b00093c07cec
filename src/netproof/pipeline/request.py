"""What one assessment is asked for; plain enough to cross to the process that makes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netproof.checks.sandbox import Limits
from netproof.sources.network import read_network

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Request:
    """One assessment.

    Attributes:
        path: The network's folder or file.
        as_of: The date.
        catalogues: Ids or OSCAL files; empty: what the network says.
        restrictions: Ids of shipped sets of restrictions; empty: what the network says.
        strict: Whether one unreadable value stops it.
        findings_max: Findings of a check that the report lists.
        details: Whether the model holds what only a page shows: sites, shares, the rows found.
        stopped: Checks that did not finish in an earlier process, with the reason.
        dates: Dates to assess one after another (a forecast); empty: `as_of` alone.
        all_findings: Whether every finding is sent, even where the model lists them all.
        papers_only: Whether a forecast leaves out what rests on evidence that ages.
        log_size: Entries of the log that counted when the same was asked before; None: the date says.
        log_renewed: When these had been cosigned anew then [s since 1970]; None: not anew.
    """

    path: Path
    as_of: date
    catalogues: tuple[str, ...] = ()
    strict: bool = False
    findings_max: int = 1000
    details: bool = True
    limits: Limits = field(default_factory=Limits)
    stopped: Mapping[str, str] = field(default_factory=dict)
    dates: tuple[date, ...] = ()
    all_findings: bool = False
    papers_only: bool = False
    restrictions: tuple[str, ...] = ()
    log_size: int | None = None
    log_renewed: int | None = None

    @property
    def home(self) -> Path:
        """The network's folder, also where its tables lie in one file."""
        return self.path if self.path.is_dir() else self.path.parent

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON can say it."""
        return {
            "path": str(self.path),
            "as_of": self.as_of.isoformat(),
            "catalogues": list(self.catalogues),
            "strict": self.strict,
            "findings_max": self.findings_max,
            "details": self.details,
            "memory_mb": self.limits.memory_mb,
            "seconds": self.limits.seconds,
            "stopped": dict(self.stopped),
            "dates": [day.isoformat() for day in self.dates],
            "all_findings": self.all_findings,
            "papers_only": self.papers_only,
            "restrictions": list(self.restrictions),
            "log_size": self.log_size,
            "log_renewed": self.log_renewed,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Request:
        """Return what `to_json` made."""
        return cls(
            path=Path(raw["path"]),
            as_of=date.fromisoformat(raw["as_of"]),
            catalogues=tuple(raw["catalogues"]),
            strict=raw["strict"],
            findings_max=raw["findings_max"],
            details=raw["details"],
            limits=Limits(raw["memory_mb"], raw["seconds"]),
            stopped=raw["stopped"],
            dates=tuple(date.fromisoformat(day) for day in raw["dates"]),
            all_findings=raw["all_findings"],
            papers_only=raw["papers_only"],
            restrictions=tuple(raw["restrictions"]),
            log_size=raw["log_size"],
            log_renewed=raw["log_renewed"],
        )


def date_of(path: Path, given: date | None, today: date) -> date:
    """Return the date to check for: the given one, else the network's own, else today."""
    return given or read_network(path).as_of or today
