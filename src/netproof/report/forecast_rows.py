"""Which dates and rows of a forecast are worth showing, on a terminal and in HTML alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netproof.report.words import Model


def kept_dates(model: Model) -> list[int]:
    """Places of the dates on which something differs from the date before, and of the first."""
    rows = [*model["requirements"], *model["checks"]]
    return [
        place
        for place in range(len(model["dates"]))
        if not place or any(_state(row, place) != _state(row, place - 1) for row in rows)
    ]


def for_a_person(row: dict[str, Any]) -> bool:
    """Whether a requirement waits for a person's answer on every date."""
    return not row["checks"] and set(row["outcomes"]) <= {"needs_review", "not_applicable"}


def lapsing_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Certificates of a month: those that leave most components without another one first."""
    return sorted(rows, key=lambda row: (-row["uncovered"], row["expires_on"], row["certificate_id"]))


def _state(row: dict[str, Any], place: int) -> tuple[Any, ...]:
    """What a row shows on a date."""
    counts = tuple(numbers[place] for numbers in row.get("counts", {}).values())
    return (row["outcomes"][place], counts)
