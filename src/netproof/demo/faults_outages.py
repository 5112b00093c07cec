"""What takes too many people with it? Faults for the checks RED-009 to RED-014 and DIV-008 to DIV-010.

Most come of one slip: the cell sites of some Länder are pinned to a single user plane, which hangs on one
link, one switch and one feed. What one supplier takes comes with the market and is noted here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from netproof.demo.draw import Ints
    from netproof.demo.faults import Ground

PINNED = ("03", "05", "08", "09")
"""Länder with 60 of 100 people: Niedersachsen, Nordrhein-Westfalen, Baden-Württemberg, Bayern."""

SHARES = {"RED-009": 0.25, "RED-010": 0.25, "RED-011": 0.25, "RED-012": 0.25, "DIV-008": 0.55, "DIV-009": 0.9}
"""Share of the people that each may take: much, since with a few hundred sites each of them is large."""

TAKING_ALL = ("ampelmoor", "zirbelwerk")
"""Suppliers without whom nobody is served: of all supplies, and of all user planes."""


def _release(ground: Ground, name: str) -> str:
    """Return the release of a component, as events call it."""
    component = ground.frames["component"]
    row = component.where(component_id=name)[0]
    return f"{component['product_id'][row]}/{component['version'][row]}"


def _pin(ground: Ground) -> None:
    """Pin the cell sites of some Länder to one user plane, and let that hang on single things."""
    component, site, link, homing, dependency = (
        ground.frames[name] for name in ("component", "site", "link", "homing", "dependency")
    )
    plane = str(component["component_id"][component.where(function="UPF")[2]])
    cells = site.where(kind="cell_site")
    cells = cells[np.isin(site["region"][cells].astype(str), PINNED)]
    homing.append(
        len(cells),
        site_id=site["site_id"][cells].tolist(),
        service_id="data",
        function="UPF",
        component_id=plane,
    )
    first, second = np.append(link.where(a_id=plane), link.where(b_id=plane))
    line, switch = str(link["link_id"][second]), _other_end(ground, second, plane)
    link.drop(np.array([first]))
    feeds = dependency.where(from_id=plane, kind="powered_by")
    feed = str(dependency["to_id"][feeds[0]])
    dependency.drop(feeds[1:])
    words = "60 of 100 people are pinned to one user plane"
    ground.note("RED-002", "fail", [plane], "a single power feed")
    ground.note("RED-009", "fail", [plane, switch], f"{words}, which hangs on one switch")
    ground.note("RED-010", "fail", [plane.partition("-")[0]], f"{words} at this site")
    ground.note("RED-011", "fail", [line], f"{words}, which hangs on this link")
    ground.note("RED-012", "fail", [feed], f"{words}, which hangs on this feed")
    ground.note("DIV-008", "fail", sorted({_release(ground, plane), _release(ground, switch)}), words)
    ground.note("DIV-009", "fail", list(TAKING_ALL), "nobody is served without them")


def _other_end(ground: Ground, row: int, name: str) -> str:
    """Return the other end of a link."""
    link = ground.frames["link"]
    return str(link["b_id"][row] if link["a_id"][row] == name else link["a_id"][row])


def _leaf(ground: Ground) -> tuple[str, Ints]:
    """Return a cell site with one line and no flow, about which nothing was noted yet, and that line."""
    site, link, flow = (ground.frames[name] for name in ("site", "link", "flow"))
    lines: dict[str, list[int]] = {}
    for row, (a, b) in enumerate(zip(link["a_id"].tolist(), link["b_id"].tolist(), strict=True)):
        one, other = a.partition("-")[0], b.partition("-")[0]
        if one != other:
            lines.setdefault(one, []).append(row)
            lines.setdefault(other, []).append(row)
    taken = {name.partition("-")[0] for item in ground.found for name in item.subjects}
    taken |= set(flow["from_id"].tolist()) | set(ground.frames["homing"]["site_id"].tolist())
    cells = site["site_id"][site.where(kind="cell_site")].tolist()
    name = next(name for name in cells if len(lines[name]) == 1 and name not in taken)
    return str(name), np.array(lines[name])


def _cut_off(ground: Ground) -> None:
    """Forget the only line of a cell site."""
    _, line = _leaf(ground)
    ground.frames["link"].drop(line)
    ground.note(
        "RED-013", "fail", ["data", "voice"], "a cell site without a line: its people have no service"
    )


def _sensitive(ground: Ground) -> None:
    """Rate a supplier high whom no flow to a user plane can avoid."""
    factor, flow = ground.frames["supplier_factor"], ground.frames["flow"]
    factor["rating"][factor.where(supplier_id="zirbelwerk", factor="quality")] = "high"
    ground.note("TRUST-011", "needs_review", ["zirbelwerk"], "quality is rated high")
    rows = np.flatnonzero(np.isin(flow["classification"].astype(str), ("emergency", "government")))
    names = flow["flow_id"][rows].tolist()
    ground.note(
        "DIV-010", "needs_review", names, "ends at a user plane of a supplier whose quality is rated high"
    )


def plant_outages(ground: Ground) -> None:
    """Plant faults for the checks of outages."""
    _pin(ground)
    _cut_off(ground)
    _sensitive(ground)
    words = "all instances at one site, or on one server there"
    ground.note("RED-014", "fail", ["NEF", "SEPP"], words)
