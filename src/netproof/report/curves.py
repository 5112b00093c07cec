"""Falling curves on two scales of powers of ten, as a template draws them: losses by rank, and by chance.

All curves begin at the left, so each is named there, beside its beginning, and its letter stands at its
end: no colour is needed to tell them apart. Widths are shares of the drawing, heights are pixels, so that
letters keep their size on a narrow screen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING, Final

from netproof.report.outage_words import power_of_ten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WIDTH: Final = 1000
"""Width of the plot in its own units; it is stretched to whatever room there is."""
HEIGHT_PX: Final = 320
TOP_PX: Final = 22
FOOT_PX: Final = 30
"""Room below for the numbers of the level scale."""
LABEL_PX: Final = 19
"""Height of a name beside the plot."""
NEAR_PX: Final = 15
"""Letters at ends of curves nearer than that stand above each other."""
NEAR: Final = 0.07
"""The same across, as a share of the width [1]."""
LINES_MAX: Final = 11
COLOURS: Final = 6
DOTS_MAX: Final = 20
"""A curve of so many points shows each of them."""
TICKS_MAX: Final = 8
CROWDED: Final = 4
"""More numbers than that below a plot, and every second is left out on a narrow screen."""

Points = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve that falls: its points from the left, both coordinates positive."""

    name: str
    points: Points


@dataclass(frozen=True, slots=True)
class Line:
    """A curve as it is drawn.

    Attributes:
        look: Number of its colour and dashes.
        begin_px: Height of its first point, from the top.
        label_px: Height of its name beside the plot.
        end: Its last point: share of the width [1] and height [px].
    """

    letter: str
    name: str
    look: int
    path: str
    dots: str
    begin_px: float
    label_px: float
    end: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of a scale; `at` is a share of the width [1] or a height [px], `second` may be left out."""

    at: float
    label: str
    second: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """What the template draws; `unnamed` counts curves that found no room."""

    height: int
    floor: float
    lines: tuple[Line, ...]
    level: tuple[Tick, ...]
    upright: tuple[Tick, ...]
    unnamed: int


def plot(curves: Sequence[Curve], top: float, *, said: Callable[[float], str], all_said: str) -> Plot | None:
    """Lay out curves, the highest beginning first; None where there is nothing to draw.

    Args:
        curves: Any number; the first `LINES_MAX` that have points are drawn.
        top: Where the upright scale ends.
        said: A power of ten of the upright scale in words.
        all_said: Its end in words.
    """
    drawn = [curve for curve in curves if curve.points]
    if not drawn:
        return None
    unnamed = max(0, len(drawn) - LINES_MAX)
    drawn = sorted(drawn, key=lambda curve: -curve.points[0][1])[:LINES_MAX]
    height = max(HEIGHT_PX, TOP_PX + FOOT_PX + LABEL_PX * len(drawn))
    high = math.log10(max(top, *(curve.points[0][1] for curve in drawn)))
    low = min(math.floor(math.log10(min(y for curve in drawn for _, y in curve.points))), high - 1)
    wide = max(1.0, math.log10(max(x for curve in drawn for x, _ in curve.points)))
    floor = height - FOOT_PX

    def place(point: tuple[float, float]) -> tuple[float, float]:
        """A point as share of the width [1] and height [px]."""
        down = (high - math.log10(point[1])) / (high - low)
        return math.log10(point[0]) / wide, round(TOP_PX + down * (floor - TOP_PX), 1)

    placed = [[place(point) for point in curve.points] for curve in drawn]
    labels = _apart([points[0][1] for points in placed], floor)
    ends = _ends([points[-1] for points in placed])
    lines = tuple(
        Line(
            ascii_uppercase[number],
            curve.name,
            number,
            _path(points),
            _dots(points) if len(points) <= DOTS_MAX else "",
            points[0][1],
            labels[number],
            ends[number],
        )
        for number, (curve, points) in enumerate(zip(drawn, placed, strict=True))
    )
    return Plot(height, floor, lines, _level(wide), _upright(low, high, floor, said, all_said), unnamed)


def _path(points: Points) -> str:
    """SVG path of a curve; points that fall together are left out."""
    steps = [f"{x * WIDTH:.0f} {y:.1f}" for x, y in points]
    kept = [step for at, step in enumerate(steps) if at == 0 or step != steps[at - 1]]
    return "M" + "L".join(kept)


def _dots(points: Points) -> str:
    """SVG path of points: lines of no length, which round ends make visible."""
    return "".join(f"M{x * WIDTH:.0f} {y:.1f}h0" for x, y in points)


def _apart(wanted: list[float], floor: float) -> list[float]:
    """Heights of names near where they belong, none above another's; `wanted` falls from the top."""
    found: list[float] = []
    for height in wanted:
        found.append(max(height, found[-1] + LABEL_PX if found else TOP_PX))
    limit = floor
    for at in range(len(found) - 1, -1, -1):
        found[at] = round(min(found[at], limit), 1)
        limit = found[at] - LABEL_PX
    return found


def _ends(wanted: Points) -> Points:
    """Places of letters at ends of curves: those that would meet stand above each other."""
    found: Points = []
    for across, height in wanted:
        free = height
        while any(abs(across - x) < NEAR and abs(free - y) < NEAR_PX for x, y in found):
            free -= NEAR_PX
        found.append((across, round(free, 1)))
    return found


def _level(wide: float) -> tuple[Tick, ...]:
    """Powers of ten along the floor."""
    powers = range(math.floor(wide + 1e-9) + 1)
    crowded = len(powers) > CROWDED
    return tuple(
        Tick(power / wide, power_of_ten(10.0**power), crowded and power % 2 == 1) for power in powers
    )


def _upright(
    low: float, high: float, floor: float, said: Callable[[float], str], all_said: str
) -> tuple[Tick, ...]:
    """Powers of ten up the plot, and its end."""

    def down(power: float) -> float:
        return round(TOP_PX + (high - power) / (high - low) * (floor - TOP_PX), 1)

    powers = range(math.ceil(low), math.ceil(high))
    step = -(-len(powers) // TICKS_MAX) or 1
    ticks = [Tick(down(power), said(10.0**power)) for power in powers[::step]]
    return (Tick(float(TOP_PX), all_said), *(tick for tick in ticks if tick.at - TOP_PX > LABEL_PX))
