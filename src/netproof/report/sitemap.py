"""The map of the sites: where they are and what was found there.

Shape and word carry the outcome; colour only helps. Few sites are drawn one by
one, many on a grid, so that the drawing stays small. Outlines are clipped to the map.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from netproof.report.geo import Box, Country, Point, box_of, clipped, countries, holds, meets

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTH: Final = 640
"""Width of the drawing [its own units]; the height follows from the map."""
SITES_MAX: Final = 2000
"""More sites than that are drawn on a grid."""
GRID: Final = 40
"""Cells of the grid from west to east."""
TABLE_MAX: Final = 200
SAMPLE: Final = 64
"""Sites that are asked in which country they lie."""
HOME_SHARE: Final = 0.15
"""A country that holds this share of the sites is drawn as theirs [1]."""
NO_FINDING: Final = "none"
SITE_OUTCOMES: Final = ("fail", "no_evidence", "needs_review", NO_FINDING)
KM_PER_DEG: Final = 111.32
"""Length of a degree of latitude, WGS 84, mean."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a map shows of sites.

    Attributes:
        outcomes: What a site can come to, the worst first; each has a symbol `m-...`.
        of: A site's outcome.
        told: A site in words.
        counted: Outcomes after a number of sites, in words.
        nothing: A cell in which no site has one of those.
    """

    outcomes: tuple[str, ...]
    of: Callable[[dict[str, Any]], str]
    told: Callable[[dict[str, Any]], str]
    counted: dict[str, str]
    nothing: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: a site, or the sites of a cell with the worst outcome there.

    Attributes:
        size: 1 to 3, by the number of sites.
        title: What a pointer reads.
    """

    x: float
    y: float
    outcome: str
    size: int
    title: str


@dataclass(frozen=True, slots=True)
class Land:
    """A country as an SVG path; `home` where sites lie in it."""

    name: str
    path: str
    home: bool


@dataclass(frozen=True, slots=True)
class SiteMap:
    """What the template draws.

    Attributes:
        placed: Sites with coordinates.
        unplaced: Sites without.
        gridded: Whether marks stand for cells.
        scale_km: Length of the scale bar [km].
        scale_width: The same in the drawing's units.
        counts: Sites per outcome, all sites.
    """

    width: int
    height: int
    lands: tuple[Land, ...]
    marks: tuple[Mark, ...]
    placed: int
    unplaced: int
    gridded: bool
    scale_km: int
    scale_width: float
    counts: dict[str, int]

    @property
    def mark(self) -> int:
        """Size of the smallest marks: smaller where there are many."""
        return 12 if len(self.marks) <= 600 else 9


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table beside the map: a site, or all sites of a region."""

    label: str
    name: str
    kind: str
    region: str
    sites: int
    components: int
    counts: dict[str, int]


class Projection:
    """Degrees to the drawing: equirectangular, true to scale along the middle latitude."""

    def __init__(self, box: Box) -> None:
        west, south, east, north = box
        self.box = box
        self.cosine = max(0.05, math.cos(math.radians((south + north) / 2)))
        self.units_per_deg = WIDTH / ((east - west) * self.cosine)
        self.height = round((north - south) * self.units_per_deg)

    def xy(self, point: Point) -> Point:
        """Place of a longitude and latitude, from the upper left corner."""
        west, _, _, north = self.box
        return (
            (point[0] - west) * self.cosine * self.units_per_deg,
            (north - point[1]) * self.units_per_deg,
        )


def site_outcome(site: dict[str, Any]) -> str:
    """The worst that was found at a site."""
    return next((outcome for outcome in SITE_OUTCOMES[:3] if site[outcome]), NO_FINDING)


def site_map(sites: list[dict[str, Any]], look: Look | None = None) -> SiteMap | None:
    """The map; None where no site has coordinates.

    Args:
        sites: Each with its coordinates; one that stands for several says so under `sites`.
        look: What is shown of them; None: what was found there.
    """
    look = look or FINDINGS
    placed = [site for site in sites if _point(site) is not None]
    counts = dict.fromkeys(look.outcomes, 0)
    for site in sites:
        counts[look.of(site)] += _many(site)
    if not placed:
        return None
    whole, on_map = sum(counts.values()), sum(map(_many, placed))
    points = [(site["longitude_deg"], site["latitude_deg"]) for site in placed]
    home = _home(points)
    projection = Projection(_frame(points, home))
    gridded = on_map > SITES_MAX
    marks = _cells(placed, projection, look) if gridded else _sites(placed, projection, look)
    scale_km = _round_length(projection)
    return SiteMap(
        WIDTH,
        projection.height,
        _lands(projection, home),
        tuple(sorted(marks, key=lambda mark: -look.outcomes.index(mark.outcome))),
        on_map,
        whole - on_map,
        gridded,
        scale_km,
        round(scale_km / KM_PER_DEG * projection.units_per_deg, 1),
        counts,
    )


def table(sites: list[dict[str, Any]]) -> list[Row]:
    """The same in rows: sites with findings, the worst first; regions where sites are many."""
    if len(sites) <= SITES_MAX:
        rows = [
            Row(
                site["site_id"],
                site["name"] or "",
                site["kind"] or "",
                site["region"] or "",
                1,
                site["components"],
                {outcome: site[outcome] for outcome in SITE_OUTCOMES[:3]},
            )
            for site in sites
            if site_outcome(site) != NO_FINDING
        ]
    else:
        rows = _regions(sites)
    return sorted(rows, key=lambda row: (*(-row.counts[outcome] for outcome in SITE_OUTCOMES[:3]), row.label))


def _regions(sites: list[dict[str, Any]]) -> list[Row]:
    """One row for each region that has findings."""
    by_region: dict[str, list[dict[str, Any]]] = {}
    for site in sites:
        by_region.setdefault(site["region"] or "(no region)", []).append(site)
    return [
        Row(
            region,
            "",
            "",
            region,
            len(members),
            sum(site["components"] for site in members),
            counts,
        )
        for region, members in by_region.items()
        if any((counts := {o: sum(site[o] for site in members) for o in SITE_OUTCOMES[:3]}).values())
    ]


def _many(site: dict[str, Any]) -> int:
    """How many sites an entry stands for."""
    return int(site.get("sites", 1))


def _point(site: dict[str, Any]) -> Point | None:
    """Coordinates of a site, if both are known and on the globe."""
    lon, lat = site["longitude_deg"], site["latitude_deg"]
    if lon is None or lat is None or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return None
    return lon, lat


def _home(points: list[Point]) -> tuple[Country, ...]:
    """Countries that hold a good part of an even sample of the points."""
    sample = points[:: max(1, len(points) // SAMPLE)]
    box = box_of(sample)
    near = [country for country in countries() if any(meets(ring, box) for ring in country.boxes)]
    return tuple(
        country
        for country in near
        if sum(holds(country, point) for point in sample) >= HOME_SHARE * len(sample)
    )


def _frame(points: list[Point], home: tuple[Country, ...]) -> Box:
    """What the map shows: all points, the whole home country where they fill much of it, a margin."""
    west, south, east, north = box_of(points)
    for country in home:
        other = max(country.boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
        if (other[2] - other[0]) < 2.5 * (east - west) and (other[3] - other[1]) < 2.5 * (north - south):
            west, south = min(west, other[0]), min(south, other[1])
            east, north = max(east, other[2]), max(north, other[3])
    # At least 30 km wide, at most three times as wide as high and 1.4 times as high as wide.
    cosine = max(0.05, math.cos(math.radians((south + north) / 2)))
    high, wide = max(north - south, 0.2), max((east - west) * cosine, 0.3)
    high, wide = max(high, wide / 3) * 1.08, max(wide, high / 1.4) * 1.08
    x, y = (west + east) / 2, (south + north) / 2
    return x - wide / cosine / 2, y - high / 2, x + wide / cosine / 2, y + high / 2


def _lands(projection: Projection, home: tuple[Country, ...]) -> tuple[Land, ...]:
    """Outlines that the map touches, the home countries last."""
    lands = []
    for country in countries():
        path = "".join(
            _path([projection.xy(point) for point in part])
            for ring, box in zip(country.rings, country.boxes, strict=True)
            if meets(box, projection.box) and len(part := clipped(ring, projection.box)) > 2
        )
        if path:
            lands.append(Land(country.name, path, country in home))
    return tuple(sorted(lands, key=lambda land: land.home))


def _path(points: list[Point]) -> str:
    """SVG path of a ring in tenths of a unit; points that fall together are left out."""
    steps = [f"{x:.1f} {y:.1f}" for x, y in points]
    kept = [step for place, step in enumerate(steps) if place == 0 or step != steps[place - 1]]
    return "M" + "L".join(kept) + "Z"


def _sites(sites: list[dict[str, Any]], projection: Projection, look: Look) -> list[Mark]:
    """A mark for each site."""
    marks = []
    for site in sites:
        x, y = projection.xy((site["longitude_deg"], site["latitude_deg"]))
        label = (site["name"] or site["site_id"] or "")[:60]
        marks.append(Mark(round(x, 1), round(y, 1), look.of(site), 1, f"{label}: {look.told(site)}"))
    return marks


def _found(site: dict[str, Any]) -> str:
    """What was found at a site, in words."""
    words = {"fail": "fail", "no_evidence": "without evidence", "needs_review": "to review"}
    return ", ".join(f"{site[key]} {word}" for key, word in words.items() if site[key]) or "no finding"


FINDINGS: Final = Look(
    SITE_OUTCOMES,
    site_outcome,
    _found,
    {"fail": "fail", "no_evidence": "lack evidence", "needs_review": "need review"},
    "no finding",
)


def _cells(sites: list[dict[str, Any]], projection: Projection, look: Look) -> list[Mark]:
    """A mark for each cell of a grid: its worst outcome, larger where more sites have it."""
    width = WIDTH / GRID
    cells: dict[tuple[int, int], dict[str, int]] = {}
    for site in sites:
        x, y = projection.xy((site["longitude_deg"], site["latitude_deg"]))
        cell = cells.setdefault((int(x // width), int(y // width)), dict.fromkeys(look.outcomes, 0))
        cell[look.of(site)] += _many(site)
    marks = []
    for (column, row), counts in sorted(cells.items()):
        outcome = next(outcome for outcome in look.outcomes if counts[outcome])
        whole = sum(counts.values())
        size = 1 if counts[outcome] < 10 else 2 if counts[outcome] < 100 else 3
        told = ", ".join(f"{counts[key]} {word}" for key, word in look.counted.items() if counts[key])
        title = f"{whole} sites here: {told or look.nothing}"
        marks.append(
            Mark(round((column + 0.5) * width, 1), round((row + 0.5) * width, 1), outcome, size, title)
        )
    return marks


def _round_length(projection: Projection) -> int:
    """A round length for the scale bar, at most a quarter of the width [km]."""
    longest = WIDTH / 4 / projection.units_per_deg * KM_PER_DEG
    lengths = [step * 10**power for power in range(5) for step in (1, 2, 5)]
    return max((length for length in lengths if length <= longest), default=1)
