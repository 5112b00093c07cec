"""The map: sites stand where they are, and the drawing stays small."""

from __future__ import annotations

import math
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netproof.report import sitemap, write
from netproof.report.geo import box_of, clipped, countries, holds
from tests.unit.report import sample

DEGREES = st.tuples(st.floats(5, 15), st.floats(47, 55))


def site(longitude: float | None, latitude: float | None, **found: int) -> dict[str, Any]:
    """A site with findings."""
    return {
        "site_id": "S",
        "name": "Site",
        "kind": "pop",
        "region": "11000",
        "longitude_deg": longitude,
        "latitude_deg": latitude,
        "components": 1,
        "critical": 0,
        "fail": 0,
        "no_evidence": 0,
        "needs_review": 0,
    } | found


def drawn(sites: list[dict[str, Any]]) -> sitemap.SiteMap:
    """The map, which must be there."""
    found = sitemap.site_map(sites)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("longitude", "latitude", "want"),
    [
        (13.4, 52.5, ["Germany"]),
        (2.35, 48.85, ["France"]),
        (16.37, 48.2, ["Austria"]),
        (-77.0, 38.9, ["United States of America"]),
        (3.0, 56.0, []),
        (12.453, 43.94, ["San Marino"]),
    ],
)
def test_a_point_lies_in_its_country(longitude: float, latitude: float, want: list[str]) -> None:
    assert [country.name for country in countries() if holds(country, (longitude, latitude))] == want


def test_the_outlines_stay_small() -> None:
    file = resources.files("netproof.report.geo") / "outline.json"

    assert len(file.read_bytes()) < 250_000


@given(DEGREES, DEGREES)
def test_north_is_up_and_east_is_right(one: tuple[float, float], other: tuple[float, float]) -> None:
    projection = sitemap.Projection((5, 47, 15, 55))
    (x1, y1), (x2, y2) = projection.xy(one), projection.xy(other)

    assert (x1 < x2) == (one[0] < other[0]) or math.isclose(x1, x2)
    assert (y1 < y2) == (one[1] > other[1]) or math.isclose(y1, y2)


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    found = drawn(sample.model()["details"]["sites"])
    # One degree of latitude is 111.2 to 111.3 km in Germany (WGS 84).
    projection = sitemap.Projection((5.87, 47.27, 15.04, 55.06))
    (_, south), (_, north) = projection.xy((10, 50)), projection.xy((10, 51))

    per_km_here = found.scale_width / found.scale_km
    assert per_km_here == pytest.approx((south - north) / 111.25, rel=0.25)
    assert found.scale_km in {50, 100, 200}


@given(st.lists(DEGREES, min_size=1, max_size=30))
def test_every_site_is_drawn_inside_the_map(points: list[tuple[float, float]]) -> None:
    found = drawn([site(longitude, latitude) for longitude, latitude in points])

    assert len(found.marks) == len(points)
    assert all(0 <= mark.x <= found.width and 0 <= mark.y <= found.height for mark in found.marks)


@given(DEGREES)
def test_a_single_site_stands_in_the_middle(point: tuple[float, float]) -> None:
    found = drawn([site(*point)])

    assert found.marks[0].x == pytest.approx(found.width / 2, abs=1)
    assert found.marks[0].y == pytest.approx(found.height / 2, abs=1)


def test_sites_all_over_germany_show_all_of_germany() -> None:
    found = drawn(sample.model()["details"]["sites"])

    assert [land.name for land in found.lands if land.home] == ["Germany"]
    assert {"France", "Austria", "Poland", "Denmark"} <= {land.name for land in found.lands}


def test_a_network_without_coordinates_has_no_map() -> None:
    assert sitemap.site_map([site(None, 50.0), site(None, None)]) is None


@pytest.mark.parametrize("point", [(200.0, 50.0), (10.0, 91.0), (math.nan, 50.0)])
def test_coordinates_outside_the_globe_are_not_drawn(point: tuple[float, float]) -> None:
    found = drawn([site(10.0, 50.0), site(*point)])

    assert (found.placed, found.unplaced) == (1, 1)


def test_sites_on_both_sides_of_the_world_are_drawn() -> None:
    found = drawn([site(-179.0, -60.0), site(179.0, 80.0)])

    assert len(found.marks) == 2
    assert found.height > 0


def test_the_worst_outcome_is_drawn_last_so_that_nothing_hides_it() -> None:
    found = drawn(sample.model()["details"]["sites"])

    got = [mark.outcome for mark in found.marks]

    assert got == sorted(got, key=lambda outcome: -sitemap.SITE_OUTCOMES.index(outcome))


def test_every_site_is_counted_once_placed_or_not() -> None:
    found = drawn(
        [site(10.0, 50.0, fail=1, no_evidence=3), site(None, None, no_evidence=1), site(11.0, 50.0)]
    )

    assert found.counts == {"fail": 1, "no_evidence": 1, "needs_review": 0, "none": 1}


def test_many_sites_are_drawn_on_a_grid_and_the_drawing_stays_small() -> None:
    model = sample.model(sites=20_000)

    html = write(model, "html")

    start = html.index('<svg class="sites"')
    assert html.index("</svg>", start) - start < 300_000
    assert drawn(model["details"]["sites"]).gridded


def test_two_thousand_sites_one_by_one_stay_small_too() -> None:
    html = write(sample.model(sites=2000), "html")

    start = html.index('<svg class="sites"')
    assert html.count("<use", start, html.index("</svg>", start)) > 1900
    assert html.index("</svg>", start) - start < 300_000


def test_the_table_says_what_the_map_says() -> None:
    sites = sample.model()["details"]["sites"]

    rows = sitemap.table(sites)

    found = drawn(sites)
    assert len(rows) == sum(found.counts[outcome] for outcome in sitemap.SITE_OUTCOMES[:3])
    assert [row.counts["fail"] for row in rows] == sorted((row.counts["fail"] for row in rows), reverse=True)


def test_regions_stand_in_the_table_where_sites_are_many() -> None:
    sites = sample.model(sites=3000)["details"]["sites"]

    rows = sitemap.table(sites)

    assert len(rows) == len(sample.CITIES)
    assert sum(row.counts["fail"] for row in rows) == sum(one["fail"] for one in sites)


@given(st.lists(DEGREES, min_size=3, max_size=12))
def test_what_is_clipped_lies_in_the_box(ring: list[tuple[float, float]]) -> None:
    box = (8.0, 49.0, 12.0, 53.0)

    got = clipped(tuple(ring), box)

    if got:
        west, south, east, north = box_of(got)
        assert west >= 8 - 1e-9
        assert south >= 49 - 1e-9
        assert east <= 12 + 1e-9
        assert north <= 53 + 1e-9
