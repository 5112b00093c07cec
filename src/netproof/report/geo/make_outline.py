"""How `outline.json` was made from the npm package world-atlas; kept so that it can be made again.

    python -m netproof.report.geo.make_outline FOLDER    # with countries-10m.json and -110m.json

Countries of Europe come from the 1:10 million file, thinned arc by arc, so that two neighbours keep one
border; all others come from the 1:110 million file. Reads two TopoJSON files, writes one file beside itself.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

Point = tuple[float, float]

EUROPE = (-11.0, 34.5, 33.0, 71.5)
"""West, south, east, north [degree]: a country whose largest ring lies in it is drawn finely."""
TOLERANCE_DEG = 0.012
"""Largest distance by which a thinned arc may leave the original [degree]."""
SMALLEST_DEG2 = 0.0015
"""A ring with a smaller area is left out, unless it is the country's largest [square degree]."""
TOO_LARGE = frozenset({"Russia", "Antarctica"})
"""Russia is drawn coarsely; Antarctica not at all."""


def arcs_of(topology: dict[str, Any]) -> list[list[Point]]:
    """Decode the delta-coded arcs to degrees."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for coded in topology["arcs"]:
        x = y = 0
        arc = []
        for step_x, step_y in coded:
            x, y = x + step_x, y + step_y
            arc.append((x * kx + dx, y * ky + dy))
        arcs.append(arc)
    return arcs


def distance(point: Point, start: Point, end: Point) -> float:
    """Distance of a point from a segment [degree]."""
    (px, py), (ax, ay), (bx, by) = point, start, end
    length = (bx - ax) ** 2 + (by - ay) ** 2
    share = 0.0 if length == 0 else ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length
    share = min(1.0, max(0.0, share))
    return float(((ax + share * (bx - ax) - px) ** 2 + (ay + share * (by - ay) - py) ** 2) ** 0.5)


def thinned(arc: list[Point], tolerance: float) -> list[Point]:
    """Keep the points that matter (Douglas and Peucker 1973); both ends always stay."""
    keep = {0, len(arc) - 1}
    spans = [(0, len(arc) - 1)]
    while spans:
        first, last = spans.pop()
        far, at = max(
            ((distance(arc[i], arc[first], arc[last]), i) for i in range(first + 1, last)),
            default=(0.0, first),
        )
        # A closed arc has equal ends: its farthest point is always needed.
        if far > tolerance or (far > 0 and arc[first] == arc[last]):
            keep.add(at)
            spans += [(first, at), (at, last)]
    return [arc[i] for i in sorted(keep)]


def rings_of(geometry: dict[str, Any], arcs: list[list[Point]]) -> list[list[Point]]:
    """Join a country's arcs to closed rings; holes are rings like others (drawn even-odd)."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    rings = []
    for polygon in polygons:
        for indices in polygon:
            ring: list[Point] = []
            for index in indices:
                arc = arcs[index] if index >= 0 else arcs[~index][::-1]
                ring += arc if not ring else arc[1:]
            rings.append(ring)
    return rings


def area(ring: list[Point]) -> float:
    """Area of a ring [square degree]."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2


def coded(ring: list[Point]) -> list[int]:
    """Thousandths of a degree: first point as it is, then differences."""
    flat: list[int] = []
    last_x = last_y = 0
    for lon, lat in ring[:-1]:
        x, y = round(lon * 1000), round(lat * 1000)
        if not flat or (x, y) != (last_x, last_y):
            flat += [x - last_x, y - last_y]
        last_x, last_y = x, y
    return flat


def inside(ring: list[Point], box: tuple[float, float, float, float]) -> bool:
    """Whether the ring's middle lies in the box."""
    west, south, east, north = box
    x = (min(p[0] for p in ring) + max(p[0] for p in ring)) / 2
    y = (min(p[1] for p in ring) + max(p[1] for p in ring)) / 2
    return west <= x <= east and south <= y <= north


def countries(topology: dict[str, Any], tolerance: float) -> dict[str, list[list[Point]]]:
    """Rings of each country, largest first."""
    arcs = [thinned(arc, tolerance) for arc in arcs_of(topology)]
    return {
        geometry["properties"]["name"]: sorted(rings_of(geometry, arcs), key=area, reverse=True)
        for geometry in topology["objects"]["countries"]["geometries"]
    }


def outline(fine: dict[str, Any], coarse: dict[str, Any]) -> dict[str, list[list[int]]]:
    """Rings of each country, coded, by name."""
    found: dict[str, list[list[int]]] = {}
    for name, rings in countries(coarse, TOLERANCE_DEG).items():
        if name != "Antarctica":
            found[name] = [coded(ring) for ring in rings]
    for name, rings in countries(fine, TOLERANCE_DEG).items():
        if name not in TOO_LARGE and inside(rings[0], EUROPE):
            kept = [ring for ring in rings if area(ring) >= SMALLEST_DEG2] or rings[:1]
            found[name] = [code for ring in kept if len(code := coded(ring)) >= 6]
    return dict(sorted(found.items()))


def main(folder: Path) -> None:
    """Write `outline.json` beside this file."""
    fine, coarse = (
        json.loads((folder / f"countries-{scale}.json").read_text(encoding="utf-8"))
        for scale in ("10m", "110m")
    )
    rings = outline(fine, coarse)
    lines = ",\n".join(
        f"{json.dumps(name)}:{json.dumps(rings[name], separators=(',', ':'))}" for name in rings
    )
    Path(__file__).with_name("outline.json").write_text("{\n" + lines + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
