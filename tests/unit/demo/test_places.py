from __future__ import annotations

import numpy as np
import pytest

from netproof.demo.geography import Places, place_sites, read_districts, tiers

GERMANY_2018 = 83_019_213
"""People at the end of 2018: Destatis, Gemeindeverzeichnis."""


@pytest.fixture(scope="module", params=[100, 400, 5000])
def places(request: pytest.FixtureRequest) -> Places:
    return place_sites(read_districts(), request.param, 2026)


def test_there_are_401_districts_whose_keys_have_five_digits() -> None:
    ags = read_districts().ags

    assert len(set(ags)) == 401
    assert {len(key) for key in ags} == {5}
    assert ags[0] == "01001"


def test_all_people_of_the_country_are_served_once(places: Places) -> None:
    assert int(places.population.sum()) == GERMANY_2018


def test_people_are_served_from_cell_sites_only(places: Places) -> None:
    first = places.tiers.first_cell

    assert int(places.population[:first].sum()) == 0
    assert int(places.population[first:].min()) > 0


def test_people_stay_in_their_land(places: Places) -> None:
    districts = read_districts()
    want = np.bincount(districts.land, weights=districts.population)

    got = np.bincount(places.land, weights=places.population)

    assert got.tolist() == want.tolist()


def test_every_land_has_two_cell_sites_or_more(places: Places) -> None:
    counts = np.bincount(places.land[places.tiers.first_cell :], minlength=16)

    assert int(counts.min()) >= 2


def test_sites_are_as_many_as_asked_for(places: Places) -> None:
    tier = places.tiers

    assert len(places.kind) == tier.core + tier.regional + tier.hub + tier.cell
    assert places.kind.count("core_dc") == tier.core


def test_sites_stand_within_reach_of_their_town(places: Places) -> None:
    districts = read_districts()
    north = (places.latitude_deg - districts.latitude_deg[places.district]) * 111.2
    slope = np.cos(np.radians(districts.latitude_deg[places.district]))
    east = (places.longitude_deg - districts.longitude_deg[places.district]) * 111.2 * slope
    # Two draws, each at most 0.85 of the reach: the corner is at 1.21 of it.
    reach = districts.radius_km[places.district] * 1.21

    assert bool(np.all(np.hypot(north, east) <= reach + 0.01))


def test_sites_stand_in_germany(places: Places) -> None:
    assert 47.2 < float(places.latitude_deg.min()) < float(places.latitude_deg.max()) < 55.1
    assert 5.8 < float(places.longitude_deg.min()) < float(places.longitude_deg.max()) < 15.1


def test_hubs_serve_cell_sites_of_their_own_land(places: Places) -> None:
    tier = places.tiers
    hub_land = places.land[tier.first_hub : tier.first_cell]

    assert hub_land[places.hub_of_cell].tolist() == places.land[tier.first_cell :].tolist()


def test_tiers_grow_with_the_network() -> None:
    small, large = tiers(400), tiers(200_000)

    assert (small.core, small.regional) == (5, 16)
    assert (large.core, large.regional) == (10, 40)
