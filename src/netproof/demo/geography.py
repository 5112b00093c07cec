"""Where do the sites of a made-up operator stand, and whom do they serve?

Cell sites follow the real population of Germany's 401 districts. Aggregation hubs, regional
centres and core sites stand in real towns. Everything is in the order of the district keys, so
that neighbours in the list are neighbours on the map.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources

import numpy as np

from netproof.demo.draw import Draw, Floats, Ints, apportion, spread, within

LEAST = 100
"""Fewer sites do not make a network of five core sites and sixteen Länder."""

LANDS = (
    "Schleswig-Holstein", "Hamburg", "Niedersachsen", "Bremen", "Nordrhein-Westfalen", "Hessen",
    "Rheinland-Pfalz", "Baden-Württemberg", "Bayern", "Saarland", "Berlin", "Brandenburg",
    "Mecklenburg-Vorpommern", "Sachsen", "Sachsen-Anhalt", "Thüringen",
)  # fmt: skip
"""The Länder, by key 01 to 16."""

CORE_DISTRICTS = (
    "06412", "05111", "02000", "11000", "09162", "14713", "08111", "03241", "09564", "05315",
)  # fmt: skip
"""Frankfurt, Düsseldorf, Hamburg, Berlin, München; larger networks go on with Leipzig, Stuttgart,
Hannover, Nürnberg and Köln."""

KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Districts:
    """The districts of Germany, by key.

    Attributes:
        land: int64[401], 0 to 15.
        population: int64[401] [people].
        radius_km: float64[401], how far from the town its sites may stand.
    """

    ags: tuple[str, ...]
    place: tuple[str, ...]
    land: Ints
    population: Ints
    latitude_deg: Floats
    longitude_deg: Floats
    radius_km: Floats


def read_districts() -> Districts:
    """Return the districts that netproof ships."""
    file = resources.files(__package__) / "data" / "district.csv"
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    return Districts(
        ags=tuple(row["ags"] for row in rows),
        place=tuple(row["place"] for row in rows),
        land=np.array([int(row["ags"][:2]) - 1 for row in rows], dtype=np.int64),
        population=np.array([int(row["population"]) for row in rows], dtype=np.int64),
        latitude_deg=np.array([float(row["latitude_deg"]) for row in rows]),
        longitude_deg=np.array([float(row["longitude_deg"]) for row in rows]),
        radius_km=np.array([float(row["radius_km"]) for row in rows]),
    )


@dataclass(frozen=True, slots=True)
class Tiers:
    """How many sites there are of each tier; their numbers follow one another in this order."""

    core: int
    regional: int
    hub: int
    cell: int

    @property
    def first_hub(self) -> int:
        """The number of the first hub."""
        return self.core + self.regional

    @property
    def first_cell(self) -> int:
        """The number of the first cell site."""
        return self.first_hub + self.hub


def tiers(sites: int) -> Tiers:
    """Return the tiers of a network of that many sites."""
    core = min(len(CORE_DISTRICTS), 5 + sites // 40_000)
    regional = min(40, 16 + sites // 2_000)
    hub = max(16, sites // 14)
    return Tiers(core, regional, hub, sites - core - regional - hub)


@dataclass(frozen=True, slots=True)
class Places:
    """All sites: core, regional, hub, cell.

    Attributes:
        district: int64[sites], position in the districts.
        land: int64[sites].
        population: int64[sites], people served first from here; only cell sites have any.
        hub_of_cell: int64[cells], 0 is the first hub; ascending.
        regional_of_hub: int64[hubs], 0 is the first regional centre; ascending.
    """

    tiers: Tiers
    kind: tuple[str, ...]
    name: tuple[str, ...]
    district: Ints
    land: Ints
    latitude_deg: Floats
    longitude_deg: Floats
    population: Ints
    hub_of_cell: Ints
    regional_of_hub: Ints


def _cell_districts(districts: Districts, cells: int) -> Ints:
    """Return the district of each cell site, ascending: by Land first, so that each Land has two or more."""
    people = np.bincount(districts.land, weights=districts.population, minlength=16).astype(np.int64)
    of_land = apportion(people, cells, least=2)
    counts = np.zeros(len(districts.ags), dtype=np.int64)
    for land in range(16):
        members = np.flatnonzero(districts.land == land)
        counts[members] = apportion(districts.population[members], int(of_land[land]))
    return np.repeat(np.arange(len(counts)), counts)


def _people(districts: Districts, cell_district: Ints, draw: Draw) -> Ints:
    """Return the people of each cell site; a district without one is served from the next in its Land."""
    everyone = np.arange(len(districts.ags))
    next_cell = np.searchsorted(cell_district, everyone)
    cell_land = districts.land[cell_district]
    last_in_land = np.searchsorted(cell_land, districts.land, side="right") - 1
    server = cell_district[np.minimum(next_cell, last_in_land)]
    served = np.zeros(len(everyone), dtype=np.int64)
    np.add.at(served, server, districts.population)
    return spread(served, cell_district, 100 + draw.below(len(cell_district), 900))


def _regional_districts(districts: Districts, count: int) -> Ints:
    """Return the districts of the regional centres: the largest of each Land, in order of the Länder."""
    people = np.bincount(districts.land, weights=districts.population, minlength=16).astype(np.int64)
    chosen: list[int] = []
    for land, size in enumerate(apportion(people, count, least=1)):
        members = np.flatnonzero(districts.land == land)
        largest = members[np.argsort(-districts.population[members], kind="stable")]
        chosen += [int(largest[k % len(largest)]) for k in range(int(size))]
    return np.array(chosen, dtype=np.int64)


def _cosine(latitude_deg: Floats) -> Floats:
    """Return the cosine by its series, whose last digit does not depend on the machine."""
    square = (latitude_deg * (3.141592653589793 / 180)) ** 2
    return 1 - square / 2 * (1 - square / 12 * (1 - square / 30 * (1 - square / 56)))


def _names(districts: Districts, district: Ints, words: str) -> list[str]:
    """Return a name for each site: the town, what it is, and a number within the town."""
    seen: dict[int, int] = {}
    names = []
    for number in district.tolist():
        seen[number] = seen.get(number, 0) + 1
        names.append(f"{districts.place[number]} {words}{seen[number]}")
    return names


def place_sites(districts: Districts, sites: int, seed: int) -> Places:
    """Return where the sites stand and whom they serve.

    Args:
        districts: Where people live.
        sites: How many sites, at least `LEAST`.
        seed: What chance starts from.
    """
    tier = tiers(sites)
    draw = Draw(seed, "place")
    cell = _cell_districts(districts, tier.cell)
    people = _people(districts, cell, draw)
    cells_of_land = np.bincount(districts.land[cell], minlength=16).astype(np.int64)
    hubs_of_land = apportion(cells_of_land, tier.hub, least=1)
    hub_start = np.cumsum(hubs_of_land) - hubs_of_land
    cell_land = districts.land[cell]
    hub_of_cell = (
        hub_start[cell_land] + within(cells_of_land) * hubs_of_land[cell_land] // cells_of_land[cell_land]
    )
    hub_ids = np.arange(tier.hub)
    middle = (
        np.searchsorted(hub_of_cell, hub_ids) + np.searchsorted(hub_of_cell, hub_ids, side="right")
    ) // 2
    hub = cell[np.minimum(middle, tier.cell - 1)]
    regional = _regional_districts(districts, tier.regional)
    regionals_of_land = np.bincount(districts.land[regional], minlength=16).astype(np.int64)
    regional_start = np.cumsum(regionals_of_land) - regionals_of_land
    hub_land = np.repeat(np.arange(16), hubs_of_land)
    regional_of_hub = (
        regional_start[hub_land]
        + within(hubs_of_land) * regionals_of_land[hub_land] // hubs_of_land[hub_land]
    )
    core = np.array([districts.ags.index(ags) for ags in CORE_DISTRICTS[: tier.core]], dtype=np.int64)
    district = np.concatenate([core, regional, hub, cell])
    reach = districts.radius_km[district] * 0.85
    # Two unit numbers on each axis: denser in the middle, never farther than the reach.
    north = (draw.unit(sites) + draw.unit(sites) - 1) * reach / KM_PER_DEGREE
    latitude = districts.latitude_deg[district]
    east = (draw.unit(sites) + draw.unit(sites) - 1) * reach / (KM_PER_DEGREE * _cosine(latitude))
    kind = ["core_dc"] * tier.core + ["regional_dc"] * tier.regional
    kind += ["edge" if number % 2 == 0 else "pop" for number in range(tier.hub)] + ["cell_site"] * tier.cell
    names = _names(districts, core, "core ") + _names(districts, regional, "regional centre ")
    names += _names(districts, hub, "hub ") + _names(districts, cell, "")
    return Places(
        tiers=tier,
        kind=tuple(kind),
        name=tuple(names),
        district=district,
        land=districts.land[district],
        latitude_deg=np.round(latitude + north, 5),
        longitude_deg=np.round(districts.longitude_deg[district] + east, 5),
        population=np.concatenate([np.zeros(tier.first_cell, dtype=np.int64), people]),
        hub_of_cell=hub_of_cell,
        regional_of_hub=regional_of_hub,
    )
