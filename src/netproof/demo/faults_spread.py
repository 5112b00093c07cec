"""Where does the network hang on one thing? Faults for the later checks of RED and DIV.

Functions in one region and regions with one dominant maker come with the size of the network; they
are counted here, not planted.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from netproof.demo.faults import Ground

HUBS = frozenset({"core_dc", "regional_dc", "edge", "pop"})
"""Kinds of sites through which the core is reached."""

BOTH_ON_ONE = ("INTERCONNECT", "MANO", "NRF", "SEPP")
"""Functions both of whose makers buy processors from one sub-supplier."""

LARGE, FEW = 0.9, 20
"""DIV-006: the largest share of a maker, in regions with so many components or more."""


def _regions(ground: Ground) -> None:
    """Note functions of the core in one region, and regions with one dominant maker."""
    component, site = ground.frames["component"], ground.frames["site"]
    region = dict(zip(site["site_id"].tolist(), site["region"].tolist(), strict=True))
    core = component.where(zone="core")
    places: dict[str, set[str]] = {}
    for function, where in zip(component["function"][core], component["site_id"][core], strict=True):
        if function != "ROUTER":
            places.setdefault(function, set()).add(region[where])
    alone = [function for function, regions in places.items() if len(regions) == 1]
    ground.note("RED-004", "fail", alone, "all its instances stand in one Land")
    access = component.where(zone="access")
    makers: dict[str, Counter[str]] = {}
    for maker, where in zip(component["supplier_id"][access], component["site_id"][access], strict=True):
        makers.setdefault(region[where], Counter())[maker] += 1
    held = [
        name
        for name, count in makers.items()
        if count.total() >= FEW and max(count.values()) > LARGE * count.total()
    ]
    if held:
        ground.note("DIV-006", "fail", held, "nearly all radio from one supplier")


def _host(ground: Ground) -> None:
    """Put both instances of a function on one server."""
    dependency = ground.frames["dependency"]
    instances = ground.named(ground.frames["component"].where(function="NEF"))
    rows = dependency.among("from_id", instances)
    rows = rows[dependency["kind"][rows] == "runs_on"]
    first = np.array([rows[dependency["from_id"][rows] == name][0] for name in instances])
    dependency["to_id"][first] = dependency["to_id"][first[0]]
    dependency["group_id"][first] = None
    dependency.drop(np.setdiff1d(rows, first))
    ground.note("RED-005", "fail", ["NEF"], "both instances run on one server")


def _lines_of_hubs(ground: Ground) -> dict[str, list[tuple[int, str]]]:
    """Return the lines of each hub towards the core: position in table link, and the other site."""
    site, link = ground.frames["site"], ground.frames["link"]
    hubs = {
        name
        for name, kind in zip(site["site_id"].tolist(), site["kind"].tolist(), strict=True)
        if kind in HUBS
    }
    lines: dict[str, list[tuple[int, str]]] = {}
    for row, (a, b) in enumerate(zip(link["a_id"].tolist(), link["b_id"].tolist(), strict=True)):
        one, other = a.partition("-")[0], b.partition("-")[0]
        if one != other and one in hubs and other in hubs:
            lines.setdefault(one, []).append((row, other))
            lines.setdefault(other, []).append((row, one))
    return lines


def _provider(ground: Ground) -> None:
    """Let one provider have all lines of a hub; its neighbours keep two."""
    lines, provider = _lines_of_hubs(ground), ground.frames["link"]["provider_id"]
    for name in sorted(lines, reverse=True):
        if len(lines[name]) != 2:  # a hub in a ring has two
            continue
        (kept, _), (changed, other) = lines[name]
        left = {provider[kept] if row == changed else provider[row] for row, _ in lines[other]}
        if provider[kept] is not None and len(left - {None}) > 1:
            provider[changed] = provider[kept]
            ground.note("RED-006", "fail", [name], "both lines from one provider")
            return


def _duct(ground: Ground) -> None:
    """Lay both lines of a hub in one duct, and forget the duct of another hub's line.

    Both are hubs whose changed line leads to a centre, which has many others.
    """
    lines, link = _lines_of_hubs(ground), ground.frames["link"]["link_id"]
    dependency = ground.frames["dependency"]
    ends = [
        (name, *(str(link[row]) for row, _ in sorted(lines[name], key=lambda line: len(lines[line[1]]))))
        for name in sorted(lines)
        if len(lines[name]) == 2 and max(len(lines[other]) for _, other in lines[name]) > 3
    ]
    (one, kept, moved), (bare, _, lost) = ends[0], ends[-1]
    duct = dependency["to_id"]
    duct[dependency.where(from_id=moved, kind="in_duct")] = duct[
        dependency.where(from_id=kept, kind="in_duct")
    ]
    ground.note("RED-008", "fail", [one], "both lines in one duct")
    dependency.drop(dependency.where(from_id=lost, kind="in_duct"))
    ground.note("RED-008", "no_evidence", [bare], "the duct of one of two lines is not recorded")


def plant_spread(ground: Ground) -> None:
    """Plant faults for the later checks of RED and DIV."""
    _regions(ground)
    _host(ground)
    _provider(ground)
    _duct(ground)
    words = "both makers rest on one sub-supplier of processors"
    ground.note("DIV-005", "needs_review", list(BOTH_ON_ONE), words)
