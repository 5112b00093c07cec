from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from netproof.sources.netbox import ImportReport, import_netbox
from tests.unit.sources.netbox.objects import save

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Imported:
    into: Path
    report: ImportReport

    def rows(self, table: str) -> list[dict[str, str]]:
        path = self.into / f"{table}.csv"
        if not path.exists():
            return []
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def column(self, table: str, *names: str) -> list[tuple[str, ...]]:
        return [tuple(row[name] for name in names) for row in self.rows(table)]

    def links(self) -> list[tuple[str, ...]]:
        return self.column("link", "a_id", "b_id")

    def reasons(self, endpoint: str) -> dict[str, int]:
        return {item.reason: item.count for item in self.report.endpoint(endpoint).not_mapped}


Run = Callable[..., Imported]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Import saved answers that a test makes up."""

    def import_(answers: dict[str, Any], **options: Any) -> Imported:
        source = save(tmp_path / "answers", answers)
        into = tmp_path / "net"
        return Imported(into, import_netbox(str(source), into, **options))

    return import_
