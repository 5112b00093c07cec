"""The rows while they grow: what every part of the import reads and adds to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.sources.netbox.reading import Answers, Record, plain
from netproof.sources.netbox.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from netproof.sources.netbox.rules import Facts, Rules

Value = str | int | float | None
Row = dict[str, Value]
_NUMBERS = re.compile(r"(\d+)")


def natural(text: str) -> list[str | int]:
    """Return a sort key that puts `device-9` before `device-27`."""
    return [int(part) if part.isdigit() and part.isascii() else part for part in _NUMBERS.split(text)]


@dataclass(slots=True)
class Estate:
    """All that is known while an import runs.

    Attributes:
        rows: By table, then by key.
        sites: What rules may ask about each site that NetBox has, by its number there.
        devices: Devices that became components, with their site's number.
        passive: Devices that cables only lead through.
        roles: Slugs of a device role and its parents, by the role's number.
        unmapped: Components by role slug that no rule gives a function.
    """

    answers: Answers
    rules: Rules
    tally: Tally = field(default_factory=Tally)
    rows: dict[str, dict[tuple[str, ...], Row]] = field(default_factory=dict)
    sites: dict[int, Facts] = field(default_factory=dict)
    devices: dict[int, int | None] = field(default_factory=dict)
    passive: set[int] = field(default_factory=set)
    roles: dict[int, list[str]] = field(default_factory=dict)
    unmapped: dict[str, int] = field(default_factory=dict)

    def put(self, table: str, key: tuple[str, ...], row: Row) -> None:
        """Add a row; a key that is there already keeps its first row."""
        self.rows.setdefault(table, {}).setdefault(key, row)

    def has(self, table: str, *key: str) -> bool:
        """Whether a row with that key is there."""
        return key in self.rows.get(table, {})

    def table(self, name: str) -> list[Row]:
        """Return a table's rows, sorted by key."""
        found = self.rows.get(name, {})
        return [found[key] for key in sorted(found, key=lambda key: [natural(part) for part in key])]

    def need(self, what: str, needed: str, kind: str, source: str, group: str = "") -> None:
        """Add a dependency."""
        row: Row = {"from_id": what, "to_id": needed, "kind": kind, "group_id": group, "x_source": source}
        self.put("dependency", (what, needed, kind), row)

    def each(self, endpoint: str, take: Callable[[Record], str]) -> None:
        """Hand every object of an endpoint to `take`, which returns why it is left out, or nothing."""
        for record in self.answers.of(endpoint):
            if reason := take(record):
                self.tally.leave(endpoint, record.id, reason)

    def idle(self, record: Record) -> str:
        """Return why an object's status leaves it out; empty where it is in use."""
        status = record.choice("status")
        return f"its status is {status}" if status in self.rules.not_in_use else ""


def custom(record: Record, names: tuple[str, ...]) -> str:
    """Return the first custom field of those names that holds a text or number."""
    fields = record.within("custom_fields")
    for name in names if fields else ():
        value = fields.value.get(name) if fields else None
        if (
            isinstance(value, str | int | float)
            and not isinstance(value, bool)
            and (text := plain(str(value)))
        ):
            return text
    return ""


def day(text: str, place: str) -> str:
    """Return an ISO date; a time behind it is let go.

    Raises:
        SourceError: It is no date.
    """
    if not text:
        return ""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError as error:
        raise SourceError(f"{place}: expected a date such as 2026-11-01, got {text[:40]!r}") from error
