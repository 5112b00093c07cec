"""What was left out, or taken otherwise than written: told, not hidden.

Writes table outage_note. Rows that name nothing known are in `data_issue` too; here stands what became of
them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from netproof.graph.closure import Rules, cycles
from netproof.resilience.names import ids_of
from netproof.resilience.reading import lent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netproof.graph import Engine
    from netproof.resilience.network import Network
    from netproof.tables.store import Store

_SHOWN = 5
"""Members of a circle that its message names."""
_CIRCLES = {
    ("need_cycle", True): "{} needs itself",
    ("need_cycle", False): "{} need each other in a circle: one that is down takes the others along",
    ("alternative_cycle", True): "{} is among its own alternatives: itself it cannot help",
    ("alternative_cycle", False): (
        "{} need each other in a circle that runs through alternatives: one that is down takes others along "
        "only where none of their alternatives is left"
    ),
}
"""What is said of a circle: by its kind, and whether it is of one thing."""
_NO_SITE = "not exists (select 1 from _outage_site as s where s.site_id = t.site_id)"
_NO_FUNCTION = (
    "not exists (select 1 from service as s where s.service_id = t.service_id and s.function = t.function)"
)
_NO_COMPONENT = "not exists (select 1 from component as c where c.component_id = t.component_id)"
_NOT_IN_USE = "not exists (select 1 from _outage_component as c where c.component_id = t.component_id)"
_OTHER_FUNCTION = (
    "not exists (select 1 from _outage_component as c where c.component_id = t.component_id "
    "and c.function = enum_code(t.function))"
)


def _matter(end: str, table: str) -> str:
    """Return SQL: what is the matter with an end that is not part of the network."""
    is_link = f"'link ' || {end} || ' is left out'"
    if table in ("link", "flow"):
        is_link = f"{end} || ' is a link, no component or site'"
    return (
        f"case when exists (select 1 from component as k where k.component_id = {end}) "
        f"then {end} || ' is not in use' "
        f"when exists (select 1 from link as k where k.link_id = {end}) then {is_link} "
        f"when exists (select 1 from _outage_thing as k where k.thing_id = {end}) "
        f"then {end} || ' has no row in component or site' "
        f"else 'nothing is called ' || {end} end"
    )


def _left_out(table: str, key: str, ends: tuple[str, ...], what: str) -> str:
    """Return SQL that notes the rows of a table with an end that is not part of the network.

    Links and flows end at components and sites, which are the first `$ends` elements; others at anything.
    """
    within = "and i.element < $ends" if table in ("link", "flow") else ""
    unknown = [f"not exists (select 1 from _outage_id as i where i.id = t.{end} {within})" for end in ends]
    message = " ".join(
        f"when {one} then {_matter('t.' + end, table)}" for end, one in zip(ends, unknown, strict=True)
    )
    return (
        f"select '{table}_left_out', '{table}', {key}, case {message} end || '; {what}' from {table} as t "
        f"where {' or '.join(unknown)}"
    )


_NOTES = {
    "link": _left_out("link", "t.link_id", ("a_id", "b_id"), "the link is left out"),
    "dependency": _left_out(
        "dependency",
        "t.from_id || '/' || t.to_id || '/' || t.kind",
        ("from_id", "to_id"),
        "the dependency is left out",
    ),
    "event": _left_out(
        "event", "t.event_id || '/' || t.member_id", ("member_id",), "it is left out of the event"
    ),
    "flow": _left_out("flow", "t.flow_id", ("from_id", "to_id"), "the flow is left out"),
    "homing": f"""
        select
            'homing_left_out', 'homing',
            t.site_id || '/' || t.service_id || '/' || t.function || '/' || t.component_id,
            case
                when {_NO_SITE} then 'no site is called ' || t.site_id
                when {_NO_FUNCTION} then 'service ' || t.service_id || ' needs no ' || t.function
                when {_NO_COMPONENT} then 'no component is called ' || t.component_id
                when {_NOT_IN_USE} then t.component_id || ' is not in use'
                else t.component_id || ' is no ' || t.function
            end || '; it does not count'
        from homing as t
        where {_NO_SITE} or {_NO_FUNCTION} or {_OTHER_FUNCTION}
    """,
}
_ALWAYS = (
    """
        select 'self_link', 'link', link_id, 'both ends are ' || a_id || '; it joins nothing'
        from link
        where a_id = b_id
    """,
    """
        select
            'people_without_component', 'site', site_id,
            population || ' people, and no component in use; they are counted at the site'
        from _outage_site as t
        where population > 0 and not exists (select 1 from _outage_component as c where c.place = t.node)
    """,
    """
        select
            'people_differ', 'site', s.site_id,
            'the site says ' || any_value(s.population) || ' people, its components say '
            || sum(greatest(c.population, 0)) || '; the components count'
        from _outage_component as c
        join _outage_site as s on c.place = s.node
        where c.population >= 0 and s.population >= 0
        group by s.site_id
        having sum(greatest(c.population, 0)) <> any_value(s.population)
    """,
)


def write_notes(store: Store, network: Network, *, engine: Engine | None = None) -> None:
    """Fill `outage_note`."""
    kept = {
        "link": network.links,
        "dependency": network.topology.dependencies,
        "flow": network.flows.count,
    }
    # To look for what is left out takes a while among millions of rows: only where rows are missing.
    asked = [
        note
        for table, note in _NOTES.items()
        if store.value(f"select count(*) from {table}") not in (0, kept.get(table))
    ]
    ends = {"ends": network.sites + network.components}
    for note in (*asked, *_ALWAYS):
        store.connection.execute(
            f"insert into outage_note (kind, table_name, key, message) select * from ({note}) order by 3",
            ends if "$ends" in note else {},
        )
    _write_circles(store, network, engine)


def _write_circles(store: Store, network: Network, engine: Engine | None) -> None:
    """Note what needs itself by plain needs, and what does only where alternatives are counted as needs."""
    rules = network.topology.rules
    every = cycles(rules, engine=engine)
    if not every:
        return
    plain = np.diff(rules.member_start) == 1
    first = rules.member_start[:-1][plain]
    needed = cycles(
        Rules(rules.elements, rules.target[plain], np.arange(first.size + 1), rules.member[first]),
        engine=engine,
    )
    _write_named(store, network, "need_cycle", needed)
    whole = {circle.tobytes() for circle in needed}
    others = [circle for circle in every if circle.tobytes() not in whole]
    _write_named(store, network, "alternative_cycle", others)


def _write_named(store: Store, network: Network, kind: str, found: list[NDArray[np.int32]]) -> None:
    """Note some circles, each by its first members."""
    shown = [circle[:_SHOWN] for circle in found]
    named = ids_of(store, network.topology, np.concatenate([np.zeros(0, np.int32), *shown]))
    names = iter(name for _, name, _ in named)
    rows = []
    for circle in found:
        mine = [next(names) for _ in range(min(circle.size, _SHOWN))]
        more = f" and {circle.size - _SHOWN:,} more" if circle.size > _SHOWN else ""
        words = _CIRCLES[kind, circle.size == 1]
        rows.append((mine[0], words.format(", ".join(mine) + more)))
    keys, messages = (pa.array([row[side] for row in rows], pa.string()) for side in (0, 1))
    with lent(store, _cycles=pa.table({"key": keys, "message": messages})):
        store.connection.execute(
            "insert into outage_note (kind, table_name, key, message) "
            "select $kind, 'dependency', key, message from _cycles order by key",
            {"kind": kind},
        )
