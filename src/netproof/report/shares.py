"""Supplier shares as stacked bars: per function and per region, the most concentrated first.

Bars are given in percent of the width, so that the drawing keeps its letters readable
on a narrow screen. Each supplier keeps one letter, colour and pattern in all bars.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any, Final

COLOURS: Final = 8
"""Suppliers with a colour and pattern of their own; all others share one."""
BARS_MAX: Final = 30
ROWS_MAX: Final = 500
LETTER_FROM: Final = 0.08
"""Smallest share whose bar holds its letter."""
PERCENT_FROM: Final = 0.17
"""Smallest share whose bar holds letter and percent."""
ROW_PX: Final = 46


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier in the charts: `look` is the number of its colour and pattern."""

    supplier_id: str
    name: str
    letter: str
    look: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A supplier's part of one bar; `start` and `share` of the whole [1]."""

    supplier: Supplier
    components: int
    start: float
    share: float

    @property
    def label(self) -> str:
        """What fits into it."""
        if self.share >= PERCENT_FROM:
            return f"{self.supplier.letter} {percent(self.share)}"
        return self.supplier.letter if self.share >= LETTER_FROM else ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One function or region."""

    value: str
    total: int
    segments: tuple[Segment, ...]

    @property
    def largest(self) -> float:
        """The largest share [1]."""
        return max((segment.share for segment in self.segments), default=0.0)


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one dimension; `bars` are drawn, `rows` stand in the table, `count` there are."""

    dimension: str
    suppliers: tuple[Supplier, ...]
    bars: tuple[Bar, ...]
    rows: tuple[Bar, ...]
    count: int

    @property
    def height_px(self) -> int:
        """Height of the drawing."""
        return len(self.bars) * ROW_PX


def percent(share: float) -> str:
    """A share as a percentage without decimals, never rounded to nothing or to all."""
    if 0 < share < 0.01:
        return "<1 %"
    if 0.99 < share < 1:
        return ">99 %"
    return f"{share * 100:.0f} %"


def charts(shares: list[dict[str, Any]]) -> list[Chart]:
    """A chart for each dimension that has shares: function, then region."""
    suppliers = _suppliers(shares)
    found = []
    for dimension in ("function", "region"):
        bars = _bars([share for share in shares if share["dimension"] == dimension], suppliers)
        if bars:
            used = {segment.supplier for bar in bars for segment in bar.segments}
            shown = tuple(supplier for supplier in suppliers.values() if supplier in used)
            found.append(Chart(dimension, shown, bars[:BARS_MAX], bars[:ROWS_MAX], len(bars)))
    return found


def _suppliers(shares: list[dict[str, Any]]) -> dict[str, Supplier]:
    """Letters and looks of the suppliers: by name, so that no count decides them."""
    names: dict[str, str] = {share["supplier_id"] or "": share["supplier_name"] or "" for share in shares}
    found: dict[str, Supplier] = {}
    place = 0
    for key, name in sorted(names.items(), key=lambda item: (not item[0], item[1] or item[0], item[0])):
        if not key:
            found[key] = Supplier(key, "supplier not recorded", "?", COLOURS)
            continue
        found[key] = Supplier(key, name or key, _letter(place), min(place, COLOURS))
        place += 1
    return found


def _letter(place: int) -> str:
    """Letters from A to Z, then A1, B1 and so on."""
    again, letter = divmod(place, len(ascii_uppercase))
    return ascii_uppercase[letter] + (str(again) if again else "")


def _bars(shares: list[dict[str, Any]], suppliers: dict[str, Supplier]) -> tuple[Bar, ...]:
    """Bars of one dimension, the most concentrated first, then the largest."""
    by_value: dict[str, list[dict[str, Any]]] = {}
    for share in shares:
        by_value.setdefault(share["value"] or "(not recorded)", []).append(share)
    bars = [_bar(value, parts, suppliers) for value, parts in by_value.items()]
    return tuple(sorted(bars, key=lambda bar: (-bar.largest, -bar.total, bar.value)))


def _bar(value: str, parts: list[dict[str, Any]], suppliers: dict[str, Supplier]) -> Bar:
    """One bar; its segments in the order of the legend."""
    whole = max(sum(part["components"] for part in parts), *(part["total"] for part in parts), 1)
    order = list(suppliers)
    segments, start = [], 0.0
    for part in sorted(parts, key=lambda part: order.index(part["supplier_id"] or "")):
        share = part["components"] / whole
        segments.append(Segment(suppliers[part["supplier_id"] or ""], part["components"], start, share))
        start += share
    return Bar(value, whole, tuple(segments))
