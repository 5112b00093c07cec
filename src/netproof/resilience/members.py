"""What is down in an event, and why: the closure in words.

Writes table outage_member.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.resilience.events import KINDS
from netproof.resilience.names import group_names, ids_of, named_elements, named_events
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
    words = {"number": np.arange(codes.size, dtype=np.int32), "cause": causes(store, topology, codes)}
    with lent(store, _given=members, _words=words):
        store.connection.execute(
            f"insert into outage_member by name select list_extract([{kinds}], n.kind + 1) as kind, "
            "n.event_id, m.member_table, m.member_id, w.cause "
            f"from {named_elements(topology)} as m join _outage_named as n on m.event = n.event "
            "join _words as w on m.number = w.number order by m.event, m.element"
        )
    store.connection.execute("drop table _outage_named")


def causes(store: Store, topology: Topology, rule: NDArray[np.int32]) -> list[str]:
    """Return in words why each rule took its target down; -1 is no rule: it fails itself."""
    rules = topology.rules
    known = rule[rule >= 0]
    starts, ends = rules.member_start[known], rules.member_start[known + 1]
    shown = np.minimum(ends - starts, _NAMED)
    at = np.repeat(starts - np.concatenate([[0], np.cumsum(shown)[:-1]]) if known.size else starts, shown)
    member = rules.member[np.arange(int(shown.sum())) + at]
    ids = iter(ids_of(store, topology, member))
    words = []
    for number, first, last in zip(rule.tolist(), *_bounds(rule, starts, ends), strict=True):
        if number < 0:
            words.append("")
            continue
        names = [next(ids)[1] for _ in range(min(last - first, _NAMED))]
        if number < topology.needs_start:
            words.append(f"stands at {names[0]}")
        elif last - first == 1:
            words.append(f"needs {names[0]}")
        else:
            more = last - first - len(names)
            words.append("needs one of " + ", ".join(names) + (f" and {more:,} more" if more else ""))
    return words


def _bounds(
    rule: NDArray[np.int32], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[list[int], list[int]]:
    """Return where the members of each rule start and end; of no rule, nowhere."""
    first, last = np.zeros(rule.size, np.int64), np.zeros(rule.size, np.int64)
    first[rule >= 0], last[rule >= 0] = starts, ends
    return first.tolist(), last.tolist()
