"""What was left out, or taken otherwise than written: told, not hidden.

Writes table outage_note. Rows that name nothing known are in `data_issue` too; here stands what became of
them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from netproof.graph.closure import cycles
from netproof.resilience.names import ids_of
from netproof.resilience.reading import lent

if TYPE_CHECKING:
    from netproof.graph import Engine
    from netproof.resilience.network import Network
    from netproof.tables.store import Store

_SHOWN = 5
"""Members of a cycle that its message names."""
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


def _matter(end: str) -> str:
    """Return SQL: what is the matter with an end that is not part of the network."""
    return (
        f"case when exists (select 1 from component as k where k.component_id = {end}) "
        f"then {end} || ' is not in use' "
        f"when exists (select 1 from link as k where k.link_id = {end}) "
        f"then 'link ' || {end} || ' is left out' "
        f"else 'nothing is called ' || {end} end"
    )


def _left_out(table: str, key: str, ends: tuple[str, ...], what: str) -> str:
    """Return SQL that notes the rows of a table with an end that is not part of the network."""
    unknown = [f"not exists (select 1 from _outage_id as i where i.id = t.{end})" for end in ends]
    message = " ".join(
        f"when {one} then {_matter('t.' + end)}" for end, one in zip(ends, unknown, strict=True)
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
    for note in (*asked, *_ALWAYS):
        store.connection.execute(
            f"insert into outage_note (kind, table_name, key, message) select * from ({note}) order by 3"
        )
    found = cycles(network.topology.rules, engine=engine)
    shown = [cycle[:_SHOWN] for cycle in found]
    named = ids_of(store, network.topology, np.concatenate([np.zeros(0, np.int32), *shown]))
    names = iter(name for _, name, _ in named)
    rows = []
    for cycle in found:
        mine = [next(names) for _ in range(min(cycle.size, _SHOWN))]
        more = f" and {cycle.size - _SHOWN:,} more" if cycle.size > _SHOWN else ""
        listed = ", ".join(mine) + more
        whole = f"{listed} need each other in a circle: one that is down takes the others along"
        rows.append((mine[0], f"{listed} needs itself" if cycle.size == 1 else whole))
    keys, messages = (pa.array([row[side] for row in rows], pa.string()) for side in (0, 1))
    with lent(store, _cycles=pa.table({"key": keys, "message": messages})):
        store.connection.execute(
            "insert into outage_note (kind, table_name, key, message) "
            "select 'need_cycle', 'dependency', key, message from _cycles order by key"
        )
