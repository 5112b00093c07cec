"""What events and elements are called: numbers back to ids and names.

Reads the tables of `topology`; the arrays to be named are lent to the store as table `_given`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from netproof.errors import TableError
from netproof.resilience.events import KINDS, SINGLE, Events, Kind
from netproof.resilience.reading import lent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netproof.resilience.topology import Topology
    from netproof.tables.store import Store


def group_names(store: Store, events: Events) -> pa.Table:
    """Return event, event_id and name of every event that is not of one thing."""
    codes = {
        name: _codes(store, name)
        for name in ("product_id", "version", "supplier_id", "component_zone", "region")
    }
    called = {
        Kind.PRODUCT: dict(
            store.rows("select product_id::varchar, name from product where name is not null")
        ),
        Kind.SUPPLIER: dict(
            store.rows("select supplier_id::varchar, name from supplier where name is not null")
        ),
    }
    custom = [row[0] for row in store.rows("select distinct event_id from event order by event_id")]
    number = np.flatnonzero(events.kind >= KINDS.index(Kind.PRODUCT))
    ids, names = [], []
    for event in number.tolist():
        kind, first, second = KINDS[events.kind[event]], events.first[event], events.second[event]
        if kind is Kind.CUSTOM:
            ids.append(custom[first])
            names.append(custom[first])
            continue
        product = kind in (Kind.PRODUCT, Kind.RELEASE)
        whole = codes["product_id" if product else "supplier_id"][first]
        part = {
            Kind.RELEASE: codes["version"],
            Kind.SUPPLIER_ZONE: codes["component_zone"],
            Kind.SUPPLIER_REGION: codes["region"],
        }.get(kind)
        name = called[Kind.PRODUCT if product else Kind.SUPPLIER].get(whole, whole)
        ids.append(whole if part is None else f"{whole}/{part[second]}")
        names.append(name if part is None else _of_part(kind, name, part[second]))
    return pa.table(
        {
            "event": pa.array(number, pa.int32()),
            "event_id": pa.array(ids, pa.string()),
            "name": pa.array(names, pa.string()),
        }
    )


def _of_part(kind: Kind, name: str, part: str) -> str:
    """Return what a part of a product or supplier is called."""
    words = {Kind.SUPPLIER_ZONE: f", zone {part}", Kind.SUPPLIER_REGION: f", region {part}"}
    return name + words.get(kind, f" {part}")


def _codes(store: Store, domain: str) -> list[str]:
    """Return the values of a dictionary, each at its code."""
    return list(store.value(f"select enum_range(null::d_{domain})"))


def named_events(topology: Topology) -> str:
    """Return SQL: the rows of `_given` (event, kind, first, and more) with event_id and name.

    Needs `_groups`, the answer of `group_names`, beside it.
    """
    one, site, link = (
        ", ".join(str(KINDS.index(kind)) for kind in kinds)
        for kinds in ((Kind.COMPONENT, Kind.FACILITY, Kind.DUCT), (Kind.SITE,), (Kind.LINK,))
    )
    return f"""(
        select g.*, c.component_id as event_id, coalesce(k.name, c.component_id) as name
        from _given as g join _outage_component as c on g.first = c.node
        join component as k on c.component_id = k.component_id where g.kind in ({one})
        union all
        select g.*, t.thing_id, t.thing_id
        from _given as g join _outage_thing as t on g.first = t.node where g.kind in ({one})
        union all
        select g.*, s.site_id, coalesce(s.name, s.site_id)
        from _given as g join _outage_site as s on g.first = s.node where g.kind in ({site})
        union all
        select g.*, l.link_id, l.link_id
        from _given as g join _outage_link as l on g.first = {topology.nodes} + l.link
        where g.kind in ({link})
        union all
        select g.*, n.event_id, n.name from _given as g join _groups as n on g.event = n.event
    )"""


def named_elements(topology: Topology) -> str:
    """Return SQL: the rows of `_given` (element, and more) with member_table, member_id and name."""
    return f"""(
        select g.*, 'component' as member_table, c.component_id as member_id, k.name
        from _given as g join _outage_component as c on g.element = c.node
        join component as k on c.component_id = k.component_id
        union all
        select g.*, 'site', s.site_id, s.name
        from _given as g join _outage_site as s on g.element = s.node
        union all
        select g.*, 'link', l.link_id, null
        from _given as g join _outage_link as l on g.element = {topology.nodes} + l.link
        union all
        select g.*, 'dependency', t.thing_id, null
        from _given as g join _outage_thing as t on g.element = t.node
    )"""


def find_event(store: Store, topology: Topology, events: Events, kind: str, event_id: str) -> int:
    """Return the number of an event.

    Raises:
        TableError: There is none of that kind and id.
    """
    known = [str(one) for one in KINDS]
    if kind not in known:
        raise TableError(f"expected a kind of event, got {kind!r}", hint="kinds are " + ", ".join(known))
    of_kind = events.kind == KINDS.index(Kind(kind))
    if Kind(kind) in SINGLE:
        # A component is found by its id whether it counts as a facility, a duct or neither.
        found = element_of(
            store,
            topology,
            event_id,
            "site" if kind == Kind.SITE else "link" if kind == Kind.LINK else "component",
        )
        at = np.flatnonzero((events.first == found) & (events.kind <= KINDS.index(Kind.DUCT)))
    else:
        groups = group_names(store, events)
        wanted = np.array([name == event_id for name in groups["event_id"].to_pylist()], np.bool_)
        at = groups["event"].to_numpy()[wanted]
        at = at[of_kind[at]]
    if not at.size:
        raise TableError(
            f"expected a {kind.replace('_', ' ')} that is in use, got {event_id!r}",
            hint="netproof outages lists the events of each kind",
        )
    return int(at[0])


def element_of(store: Store, topology: Topology, name: str, table: str = "") -> int:
    """Return the element of an id, of one table or of the first that has it; -1 where none has."""
    rows = store.rows(
        "select node, 0 as rank, 'component' as kept from _outage_component where component_id = $name "
        "union all select node, 1, 'site' from _outage_site where site_id = $name "
        f"union all select {topology.nodes} + link, 2, 'link' from _outage_link where link_id = $name "
        "union all select node, 3, 'component' from _outage_thing where thing_id = $name order by rank",
        {"name": name},
    )
    return next((int(row[0]) for row in rows if table in ("", row[2])), -1)


def ids_of(
    store: Store, topology: Topology, element: NDArray[np.int32]
) -> Sequence[tuple[str, str, str | None]]:
    """Return the table, id and name of each element, in order; an implied link is in no table."""
    given = {"place": np.arange(element.size), "element": element}
    with lent(store, _given=given):
        rows = store.rows(
            f"select place, member_table, member_id, name from {named_elements(topology)} order by place"
        )
    found = {int(row[0]): (row[1], row[2], row[3]) for row in rows}
    return [found.get(number, ("", "", None)) for number in range(element.size)]
