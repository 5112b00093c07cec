"""What may fail: every thing of every kind, with what fails at first.

Reads the tables of `topology` and table event. What goes down with it is the business of `graph.closure`.

- component, facility, duct: a component in use. A duct is what a row of kind in_duct names, a facility is
  another component of function FACILITY or a thing that is needed and has no row; all else is a component.
- site, link: their own rows.
- product, release: all components in use of the product, or of the product and version.
- supplier: all that it delivered or made, and all lines that it provides; by zone: its components there;
  by region: its components at sites there, and its lines that end there.
- custom: the rows of table event.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from netproof.resilience.reading import columns, integers

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from netproof.resilience.topology import Topology
    from netproof.tables.store import Store

_FIELD = 1 << 31


class Kind(StrEnum):
    """What kind of thing fails."""

    COMPONENT = "component"
    SITE = "site"
    LINK = "link"
    FACILITY = "facility"
    DUCT = "duct"
    PRODUCT = "product"
    RELEASE = "release"
    SUPPLIER = "supplier"
    SUPPLIER_ZONE = "supplier_zone"
    SUPPLIER_REGION = "supplier_region"
    CUSTOM = "custom"


KINDS = tuple(Kind)
"""All kinds; an event's kind is its position here."""
SINGLE = (Kind.COMPONENT, Kind.SITE, Kind.LINK, Kind.FACILITY, Kind.DUCT)
"""Kinds of one thing."""


@dataclass(frozen=True, slots=True)
class Events:
    """All events.

    Attributes:
        kind: uint8[events], position in `KINDS`.
        first: int32[events]; for one thing its element, for others two codes that name them (`second` too).
        second: int32[events].
        start: int64[events + 1], where each event's own elements start in `element`.
        element: int32[], what fails at first.
        probability: float64[events], what table event says of it; NaN: nothing.
    """

    kind: NDArray[np.uint8]
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    start: NDArray[np.int64]
    element: NDArray[np.int32]
    probability: NDArray[np.float64]

    @property
    def count(self) -> int:
        """How many events there are."""
        return int(self.kind.size)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Events of one kind."""

    kind: Kind
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    size: NDArray[np.int64]
    element: NDArray[np.int32]
    probability: NDArray[np.float64] | None = None


def read_events(store: Store, topology: Topology) -> Events:
    """Return every event of a network, in order of kind."""
    component = columns(
        store, "select * exclude (component_id, population) from _outage_component order by node"
    )
    batches = [
        *_things(store, topology, component),
        *_shared(store, topology, component),
        _custom(store, topology),
    ]
    batches.sort(key=lambda batch: KINDS.index(batch.kind))
    return Events(
        kind=np.concatenate([np.full(b.first.size, KINDS.index(b.kind), np.uint8) for b in batches]),
        first=np.concatenate([b.first for b in batches]),
        second=np.concatenate([b.second for b in batches]),
        start=np.concatenate([np.zeros(1, np.int64), np.cumsum(np.concatenate([b.size for b in batches]))]),
        element=np.concatenate([b.element for b in batches]).astype(np.int32),
        probability=np.concatenate(
            [np.full(b.first.size, np.nan) if b.probability is None else b.probability for b in batches]
        ),
    )


def _alone(kind: Kind, element: NDArray[np.int32]) -> _Batch:
    """Return events of one thing each."""
    return _Batch(
        kind, element, np.full(element.size, -1, np.int32), np.ones(element.size, np.int64), element
    )


def _things(store: Store, topology: Topology, component: pa.Table) -> list[_Batch]:
    """Return the events of one thing."""
    top = topology.sites + topology.components
    duct = np.zeros(topology.nodes, np.bool_)
    duct[columns(store, _DUCT)["node"].to_numpy()] = True
    facility = np.zeros(topology.nodes, np.bool_)
    code = store.value("select enum_code('FACILITY'::d_function)")
    facility[topology.sites : top] = integers(component["function"]) == code
    facility[top:] = True
    node = np.arange(topology.sites, topology.nodes, dtype=np.int32)
    duct, facility = duct[node], facility[node]
    return [
        _alone(Kind.COMPONENT, node[~duct & ~facility]),
        _alone(Kind.SITE, np.arange(topology.sites, dtype=np.int32)),
        _alone(Kind.LINK, np.arange(topology.nodes, topology.nodes + topology.links, dtype=np.int32)),
        _alone(Kind.FACILITY, node[facility & ~duct]),
        _alone(Kind.DUCT, node[duct]),
    ]


_DUCT = """
    select node from _outage_thing where duct
    union all
    select c.node
    from _outage_component as c
    where c.component_id in (select to_id from dependency where kind = 'in_duct')
"""


def _shared(store: Store, topology: Topology, component: pa.Table) -> list[_Batch]:
    """Return the events of a product, a release or a supplier."""
    node = np.arange(topology.sites, topology.sites + topology.components, dtype=np.int32)
    product, version = integers(component["product"]), integers(component["version"])
    supplier, maker = integers(component["supplier"]), integers(component["maker"])
    zone, region = integers(component["zone"]), integers(component["region"])
    link = columns(store, "select provider from _outage_link order by link")
    provider = integers(link["provider"])
    line = np.arange(topology.nodes, topology.nodes + topology.links, dtype=np.int32)
    of_site = integers(columns(store, "select region from _outage_site order by node")["region"])
    at = np.append(of_site, np.int32(-1))[topology.place]
    one, other = at[topology.graph.tail[: topology.links]], at[topology.graph.head[: topology.links]]
    nothing = np.zeros_like
    return [
        _grouped(Kind.PRODUCT, product, nothing(product), node),
        _grouped(Kind.RELEASE, product, version, node),
        _grouped(
            Kind.SUPPLIER,
            np.concatenate([supplier, maker, provider]),
            nothing(np.concatenate([supplier, maker, provider])),
            np.concatenate([node, node, line]),
        ),
        _grouped(
            Kind.SUPPLIER_ZONE,
            np.concatenate([supplier, maker]),
            np.concatenate([zone, zone]),
            np.concatenate([node, node]),
        ),
        _grouped(
            Kind.SUPPLIER_REGION,
            np.concatenate([supplier, maker, provider, provider]),
            np.concatenate([region, region, one, other]),
            np.concatenate([node, node, line, line]),
        ),
    ]


def _grouped(
    kind: Kind, first: NDArray[np.int32], second: NDArray[np.int32], element: NDArray[np.int32]
) -> _Batch:
    """Return an event for each pair of codes, with its elements once each; a code of -1 is unknown."""
    known = (first >= 0) & (second >= 0)
    code = first[known].astype(np.int64) * _FIELD + second[known]
    order = np.lexsort((element[known], code))
    code, element = code[order], element[known][order]
    fresh = np.ones(code.size, np.bool_)
    fresh[1:] = (code[1:] != code[:-1]) | (element[1:] != element[:-1])
    code, element = code[fresh], element[fresh]
    names, size = np.unique(code, return_counts=True)
    return _Batch(
        kind,
        (names // _FIELD).astype(np.int32),
        (names % _FIELD).astype(np.int32),
        size.astype(np.int64),
        element,
    )


_CUSTOM = """
    select
        cast(dense_rank() over (order by e.event_id) - 1 as integer) as event,
        coalesce(c.node, s.node, $nodes + l.link, t.node) as element,
        coalesce(max(e.probability) over (partition by e.event_id), 'nan') as probability
    from event as e
    left join _outage_component as c on e.member_id = c.component_id
    left join _outage_site as s on e.member_id = s.site_id
    left join _outage_link as l on e.member_id = l.link_id
    left join _outage_thing as t on e.member_id = t.thing_id
    order by event, element
"""


def _custom(store: Store, topology: Topology) -> _Batch:
    """Return the operator's own events; members that are not in use or not known are left out."""
    rows = columns(store, _CUSTOM, {"nodes": topology.nodes})
    event = integers(rows["event"])
    element = rows["element"].to_numpy(zero_copy_only=False)
    probability = rows["probability"].to_numpy()
    known = ~np.isnan(element.astype(np.float64))
    names, at = np.unique(event, return_index=True)
    size = np.bincount(event[known], minlength=names.size)
    return _Batch(
        Kind.CUSTOM,
        names,
        np.full(names.size, -1, np.int32),
        size.astype(np.int64),
        element[known].astype(np.int32),
        probability[at],
    )
