"""Who works on the network, what were they instructed in, and what did they do?

Everybody with administrator rights holds what the rules ask for; trainees and people from long ago
do not, and need not. Only pseudonyms, nobody real.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netproof.demo.draw import Draw, Flags, Ints
from netproof.demo.equipment import ZONES, Fleet, days
from netproof.demo.frames import UNKNOWN, Frame, Frames, numbered, texts
from netproof.demo.running import AS_OF, DAY_S

if TYPE_CHECKING:
    from netproof.demo.market import Market

TRAINEES = 6
"""The operator's last people: no valid instruction, and never administrator rights."""

TASKS = (
    "software update", "configuration change", "fault repair", "certificate renewal", "capacity upgrade",
    "log review", "backup restored",
)  # fmt: skip

AREAS = ("core", "core", "transport", "transport", "access", "management")
"""What the operator's people do, in turn."""

FIRST_WORK = days(2025, 8, 1)


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody: the operator's people by turn of `AREAS`, trainees, then the suppliers' people.

    Attributes:
        own: How many work for the operator, trainees included.
        employer: Name of each person's employer; empty: the operator.
        area: What each person is instructed in.
    """

    own: int
    employer: tuple[str | None, ...]
    area: tuple[str, ...]


def hire(sites: int, market: Market) -> Staff:
    """Return the people of a network of that many sites."""
    own = min(3000, 48 + sites // 16)
    outside: list[str] = []
    sellers = {item.supplier_id for item in market.products if item.versions}
    each = min(200, 5 + sites // 400)
    for supplier in market.suppliers:
        if supplier.supplier_id in sellers or supplier.supplier_id == "turmfalk":
            outside += [supplier.supplier_id] * each
    area = [AREAS[number % len(AREAS)] for number in range(own)] + ["core"] * len(outside)
    return Staff(own, (*[None] * own, *outside), tuple(area))


def _person(staff: Staff, market: Market) -> Frame:
    """Return table person."""
    country = {supplier.supplier_id: supplier.country for supplier in market.suppliers}
    role = [f"{area} operations" for area in staff.area[: staff.own - TRAINEES]] + ["trainee"] * TRAINEES
    role += ["supplier support"] * (len(staff.employer) - staff.own)
    return Frame(
        person_id=numbered("P-", len(staff.employer), digits=4),
        employer_id=texts(staff.employer),
        role=texts(role),
        country=texts([country[name] if name else "DE" for name in staff.employer]),
    )


def _qualification(staff: Staff, person: Frame) -> Frame:
    """Return table qualification."""
    rows: list[tuple[int, str, int, int]] = []
    for number, area in enumerate(staff.area):
        began = days(2025, 1, 7) + (number * 13) % 150
        if staff.own - TRAINEES <= number < staff.own:
            rows.append((number, "security_instruction", days(2022, 3, 1), days(2024, 2, 29)))
            continue
        rows += [
            (number, "security_instruction", began - 730, began - 1),
            (number, "security_instruction", began, days(2027, 3, 31)),
            (number, area, began, days(2028, 12, 31)),
        ]
        if area == "core":
            rows.append((number, "background_check", began, UNKNOWN))
    ids = person["person_id"]
    return Frame(
        person_id=ids[np.array([row[0] for row in rows])],
        subject=texts([row[1] for row in rows]),
        valid_from=np.array([row[2] for row in rows]),
        valid_to=np.array([row[3] for row in rows]),
    )


def _workers(staff: Staff, zone: Ints, supplier: list[str], outside: Flags, draw: Draw) -> Ints:
    """Return who does each piece of work: a supplier's person on its own product, or the operator's."""
    count = len(zone)
    turn = draw.below(count, 1_000_000)
    chosen = np.zeros(count, dtype=np.int64)
    area = np.array(staff.area)
    able = np.arange(len(staff.employer)) < staff.own - TRAINEES
    for number, name in enumerate(ZONES):
        pool = np.flatnonzero(able & (area == name))
        mine = zone == number
        chosen[mine] = pool[turn[mine] % len(pool)]
    employer = np.array([name or "" for name in staff.employer])
    seller = np.array(supplier)
    for name in sorted(set(supplier)):
        pool = np.flatnonzero(employer == name)
        mine = outside & (seller == name)
        if len(pool):
            chosen[mine] = pool[turn[mine] % len(pool)]
    return chosen


def _work(staff: Staff, fleet: Fleet, component: Frame, person: Frame, draw: Draw) -> Frame:
    """Return table work."""
    soft = np.flatnonzero((fleet.slot >= 0) & (fleet.zone >= 0))
    central = soft[fleet.zone[soft] < 2]
    count = max(600, len(component) // 4)
    anywhere = soft[draw.below(count, len(soft))]
    inside = central[draw.below(count, len(central))]
    target = np.where(draw.chance(count, 0.4), inside, anywhere)
    outside = draw.chance(count, 0.25)
    supplier = component["supplier_id"][target].tolist()
    worker = _workers(staff, fleet.zone[target], supplier, outside, draw)
    privileged = draw.chance(count, 0.6)
    # Trainees look on, and people whose instruction ended long ago worked long ago.
    learning = ~privileged & draw.chance(count, 0.1)
    worker = np.where(learning, staff.own - 1 - draw.below(count, TRAINEES), worker)
    done = (
        (FIRST_WORK + draw.below(count, AS_OF - FIRST_WORK)) * DAY_S + 6 * 3600 + draw.below(count, 12 * 3600)
    )
    order = np.argsort(done, kind="stable")
    remote = outside | draw.chance(count, 0.5)
    country = np.where(remote, person["country"][worker], "DE")
    return Frame(
        work_id=numbered("W", count),
        component_id=component["component_id"][target][order],
        person_id=person["person_id"][worker][order],
        done_at=done[order],
        task=texts(TASKS)[draw.below(count, len(TASKS))],
        privileged=texts(privileged[order].tolist()),
        remote=texts(remote[order].tolist()),
        from_country=country[order],
    )


def people_frames(fleet: Fleet, market: Market, component: Frame, sites: int, seed: int) -> Frames:
    """Return tables person, qualification and work.

    Args:
        fleet: The components.
        market: Who sells what.
        component: Table component.
        sites: How many sites the network has.
        seed: What chance starts from.
    """
    staff = hire(sites, market)
    person = _person(staff, market)
    return {
        "person": person,
        "qualification": _qualification(staff, person),
        "work": _work(staff, fleet, component, person, Draw(seed, "work")),
    }


def open_channels(frames: Frames) -> None:
    """Add channels for support by which the suppliers' people worked from afar, where there is none yet."""
    component, channel, person, work = (frames[name] for name in ("component", "channel", "person", "work"))
    employer = dict(zip(person["person_id"].tolist(), person["employer_id"].tolist(), strict=True))
    country = dict(zip(person["person_id"].tolist(), person["country"].tolist(), strict=True))
    watched = component["component_id"][np.isin(component["zone"].astype(str), ZONES[:3])]
    known = set(zip(channel["component_id"].tolist(), channel["supplier_id"].tolist(), strict=True))
    wanted = frozenset(watched.tolist())
    opened: dict[tuple[str, str], str] = {}
    remote = np.flatnonzero((work["remote"] == True) & (work["privileged"] == True))  # noqa: E712 -- by element
    for name, who in zip(work["component_id"][remote], work["person_id"][remote], strict=True):
        way = (name, employer[who])
        if way[1] is not None and way not in known and name in wanted:
            opened.setdefault(way, country[who])
    first = len(channel) + 1
    channel.append(
        len(opened),
        channel_id=[f"CH{number:06}" for number in range(first, first + len(opened))],
        component_id=[name for name, _ in opened],
        supplier_id=[supplier for _, supplier in opened],
        kind="support",
        ends_in_country=list(opened.values()),
        controlled_by_operator=True,
        recorded=True,
    )
