"""Outlines of countries and how degrees become places on paper.

Reads `outline.json` (see README.md beside it for origin and licence); knows no report.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

Point = tuple[float, float]
"""Longitude and latitude [degree]."""
Box = tuple[float, float, float, float]
"""West, south, east, north [degree]."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country's outline.

    Attributes:
        name: English short name.
        rings: Closed rings, the largest first; the last point is not repeated.
        boxes: Extent of each ring.
    """

    name: str
    rings: tuple[tuple[Point, ...], ...]
    boxes: tuple[Box, ...]


@cache
def countries() -> tuple[Country, ...]:
    """All countries, by name."""
    file = resources.files("netproof.report.geo") / "outline.json"
    coded: dict[str, list[list[int]]] = json.loads(file.read_text(encoding="utf-8"))
    found = []
    for name, codes in coded.items():
        rings = tuple(_decoded(code) for code in codes)
        found.append(Country(name, rings, tuple(box_of(ring) for ring in rings)))
    return tuple(found)


def _decoded(code: list[int]) -> tuple[Point, ...]:
    """Points of a ring: differences in thousandths of a degree, the first from nothing."""
    x = y = 0
    ring = []
    for step_x, step_y in zip(code[::2], code[1::2], strict=True):
        x, y = x + step_x, y + step_y
        ring.append((x / 1000, y / 1000))
    return tuple(ring)


def box_of(points: tuple[Point, ...] | list[Point]) -> Box:
    """The smallest box around points; there must be one."""
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    return min(lons), min(lats), max(lons), max(lats)


def meets(one: Box, other: Box) -> bool:
    """Whether two boxes share a place."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def holds(country: Country, point: Point) -> bool:
    """Whether a point lies in a country (even-odd rule, so that holes count)."""
    x, y = point
    odd = False
    for ring, box in zip(country.rings, country.boxes, strict=True):
        if not (box[0] <= x <= box[2] and box[1] <= y <= box[3]):
            continue
        for (ax, ay), (bx, by) in pairwise((*ring, ring[0])):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                odd = not odd
    return odd


def clipped(ring: tuple[Point, ...], box: Box) -> list[Point]:
    """The part of a ring that lies in a box (Sutherland and Hodgman 1974); may be empty."""
    points = list(ring)
    for axis, limit, above in ((0, box[0], True), (1, box[1], True), (0, box[2], False), (1, box[3], False)):
        points = _half(points, axis, limit, above=above)
    return points


def _half(points: list[Point], axis: int, limit: float, *, above: bool) -> list[Point]:
    """The part of a ring on one side of a line along an axis."""
    kept: list[Point] = []
    for place, end in enumerate(points):
        start = points[place - 1]
        start_in, end_in = (start[axis] >= limit) == above, (end[axis] >= limit) == above
        if start_in != end_in:
            share = (limit - start[axis]) / (end[axis] - start[axis])
            kept.append((start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))
        if end_in:
            kept.append(end)
    return kept
