"""What is down in an event, and why: the closure in words.

Writes table outage_member.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.resilience.events import KINDS
from netproof.resilience.names import group_names, named_elements, named_events
from netproof.resilience.reading import lent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netproof.resilience.lists import Lists
    from netproof.resilience.network import Network
    from netproof.resilience.topology import Topology
    from netproof.tables.store import Store

MEMBERS = 10_000
"""Members of an event that are kept."""
_NAMED = 3
"""Alternatives that a cause names."""


def first_members(down: Lists, limit: int = MEMBERS) -> NDArray[np.bool_]:
    """Return which items are among the first so many of their list."""
    return np.arange(down.item.size) - np.repeat(down.start[:-1], down.sizes) < limit


def write_members(store: Store, network: Network) -> None:
    """Fill `outage_member`."""
    topology, closed = network.topology, network.closed
    keep = first_members(closed.down)
    event = closed.several[closed.down.owners()[keep]].astype(np.int32)
    element, cause = closed.down.item[keep], closed.cause[keep]
    codes, number = np.unique(cause, return_inverse=True)
    members = {"event": event, "element": element, "number": number.astype(np.int32)}
    groups = group_names(store, network.events)
    several = closed.several.astype(np.int32)
    given = {"event": several, "kind": network.events.kind[several], "first": network.events.first[several]}
    with lent(store, _given=given, _groups=groups):
        store.connection.execute(
            "create or replace temp table _outage_named as select event, kind, event_id "
            f"from {named_events(topology)}"
        )
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    write_causes(store, topology, codes)
    with lent(store, _given=members):
        store.connection.execute(
            f"insert into outage_member by name select list_extract([{kinds}], n.kind + 1) as kind, "
            "n.event_id, m.member_table, m.member_id, w.cause "
            f"from {named_elements(topology)} as m join _outage_named as n on m.event = n.event "
            "join _outage_cause as w on m.number = w.number order by m.event, m.element"
        )
    store.connection.execute("drop table _outage_named; drop table _outage_cause")


def causes(store: Store, topology: Topology, rule: NDArray[np.int32]) -> list[str]:
    """Return in words why each rule took its target down; -1 is no rule: it fails itself."""
    write_causes(store, topology, rule)
    words = [row[0] for row in store.rows("select cause from _outage_cause order by number")]
    store.connection.execute("drop table _outage_cause")
    return words


def write_causes(store: Store, topology: Topology, rule: NDArray[np.int32]) -> None:
    """Make table `_outage_cause`: number in `rule`, and in words why that rule took its target down."""
    rules = topology.rules
    number = np.flatnonzero(rule >= 0)
    known = rule[number]
    start = rules.member_start[known]
    size = rules.member_start[known + 1] - start
    shown = np.minimum(size, _NAMED)
    turn = np.arange(int(shown.sum())) - np.repeat(np.cumsum(shown) - shown, shown)
    places = known < topology.needs_start
    needed = {
        "number": np.repeat(number, shown).astype(np.int32),
        "turn": turn.astype(np.int32),
        "element": rules.member[np.repeat(start, shown) + turn],
        "size": np.repeat(size, shown),
        "place": np.repeat(places, shown),
    }
    itself = {"number": np.flatnonzero(rule < 0).astype(np.int32)}
    with lent(store, _given=needed, _itself=itself):
        store.connection.execute(
            f"""
            create or replace temp table _outage_cause as
            with named as (select number, turn, size, place, member_id from {named_elements(topology)})
            select number, '' as cause from _itself
            union all
            select number, if(place, 'stands at ', 'needs ') || member_id from named where size = 1
            union all
            select
                number,
                'needs one of ' || string_agg(member_id, ', ' order by turn)
                || if(max(size) > {_NAMED}, format(' and {{:,}} more', max(size) - {_NAMED}), '')
            from named where size > 1
            group by number
            """
        )
