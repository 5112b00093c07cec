"""What is joined to what, and what goes down with what: the tables of a network as arrays.

Reads site, component, link, dependency and product; writes tables of its own (`_outage_…`) that tell which
number stands for which id. Nodes are the sites (0 to sites - 1), the components in use on the date, then
things that somebody needs and no table holds (a duct that is only named). Element `nodes + l` is link `l`;
links of table `link` come first, then those that the design implies inside sites.

Source: the design, "Failure, precisely".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph import Multigraph
from netproof.graph.closure import Rules
from netproof.resilience import population
from netproof.resilience.reading import column, columns, integers

if TYPE_CHECKING:
    from datetime import date

    import pyarrow as pa
    from numpy.typing import NDArray

    from netproof.tables.store import Store

TABLES = ("_outage_site", "_outage_component", "_outage_thing", "_outage_link", "_outage_id")
"""Tables of this file."""

IN_USE = "(first_used_on is null or first_used_on <= $as_of) and (retired_on is null or retired_on > $as_of)"
"""SQL: whether a component is in use on the date."""

# A number that runs along is a third of the price of row_number() over (order by ...).
_SITE = """
    create temp table _outage_site as
    select cast(row_number() over () - 1 as integer) as node, *
    from (
        select site_id, name, coalesce(enum_code(region), -1)::integer as region, population
        from site
        order by site_id
    )
"""
_COMPONENT = """
    create temp table _outage_component as
    select cast($first + row_number() over () - 1 as integer) as node, *
    from (
        select
            c.component_id, coalesce(s.node, -1)::integer as place,
            coalesce(s.region, -1)::integer as region,
            coalesce(enum_code(c.function), -1)::integer as function,
            c.zone is not distinct from 'core' as core, c.zone is not distinct from 'access' as access,
            coalesce(enum_code(c.zone), -1)::integer as zone,
            coalesce(enum_code(c.product_id), -1)::integer as product,
            coalesce(enum_code(c.version), -1)::integer as version,
            coalesce(enum_code(coalesce(c.supplier_id, p.supplier_id)), -1)::integer as supplier,
            coalesce(enum_code(coalesce(p.supplier_id, c.supplier_id)), -1)::integer as maker,
            c.population
        from (select * from component where {in_use}) as c
        left join _outage_site as s on c.site_id = s.site_id
        left join product as p on c.product_id = p.product_id
        order by s.node, c.component_id
    )
"""
_ID = """
    create temp table _outage_id as
    select component_id as id, node as element
    from _outage_component
"""
_MORE_IDS = """
    insert into _outage_id
    select {id}, {element}
    from {table} as t
    where not exists (select 1 from _outage_id as i where i.id = t.{id})
"""
_THING = """
    create temp table _outage_thing as
    select cast($first + row_number() over () - 1 as integer) as node, *
    from (
        select to_id as thing_id, bool_or(kind is not distinct from 'in_duct') as duct
        from dependency
        where to_id is not null
        group by to_id
    ) as d
    where
        not exists (select 1 from component as c where c.component_id = d.thing_id)
        and not exists (select 1 from site as s where s.site_id = d.thing_id)
        and not exists (select 1 from link as l where l.link_id = d.thing_id)
    order by thing_id
"""
_LINK = """
    create temp table _outage_link as
    select cast(row_number() over () - 1 as integer) as link, *
    from (
        select
            l.link_id, a.element as tail, b.element as head,
            coalesce(enum_code(l.provider_id), -1)::integer as provider, l.capacity_gbps
        from link as l
        inner join _outage_id as a on l.a_id = a.id
        inner join _outage_id as b on l.b_id = b.id
        order by l.link_id
    )
"""
# Groups of one target are told apart by 64 bits of a hash of their names: texts would take five times longer.
_NEED = """
    select
        f.element as target, t.element as member, coalesce(hash(d.group_id), 0) as choice,
        d.group_id is not null as chosen
    from dependency as d
    inner join _outage_id as f on d.from_id = f.id
    inner join _outage_id as t on d.to_id = t.id
    order by target, chosen, choice, member
"""


@dataclass(frozen=True, slots=True)
class Topology:
    """A network as arrays.

    Attributes:
        graph: Nodes and links that carry traffic.
        rules: What goes down with what, over nodes and then links.
        sites: How many nodes are sites; they come first.
        components: How many nodes are components in use; they come next.
        links: How many links are rows of table `link`; they come first among the graph's links.
        population: int64[nodes], people whom each node serves first [people].
        place: int32[nodes], the site of each node, or -1.
        needs_start: How many of the rules only say that a component is down with its site; they come first.
        dependencies: How many rows of table dependency count.
    """

    graph: Multigraph
    rules: Rules
    sites: int
    components: int
    links: int
    population: NDArray[np.int64]
    place: NDArray[np.int32]
    needs_start: int
    dependencies: int

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return self.graph.nodes

    @property
    def elements(self) -> int:
        """How many nodes and links there are, implied links too."""
        return self.graph.nodes + self.graph.links


def read_topology(store: Store, as_of: date) -> Topology:
    """Return the network of a date as arrays; leaves the tables `_outage_…` behind.

    Cost: a few hash joins over the rows of component, link and dependency.
    """
    for name in TABLES:
        store.connection.execute(f"drop table if exists {name}")
    store.connection.execute(_SITE)
    sites = int(store.value("select count(*) from _outage_site"))
    store.connection.execute(_COMPONENT.format(in_use=IN_USE), {"first": sites, "as_of": as_of})
    components = int(store.value("select count(*) from _outage_component"))
    store.connection.execute(_THING, {"first": sites + components})
    nodes = sites + components + int(store.value("select count(*) from _outage_thing"))
    store.connection.execute(_ID)
    store.connection.execute(_MORE_IDS.format(id="site_id", element="node", table="_outage_site"))
    store.connection.execute(_LINK)
    link = f"{nodes} + link"
    store.connection.execute(_MORE_IDS.format(id="link_id", element=link, table="_outage_link"))
    store.connection.execute(_MORE_IDS.format(id="thing_id", element="node", table="_outage_thing"))

    place = np.full(nodes, -1, np.int32)
    place[:sites] = np.arange(sites)
    place[sites : sites + components] = column(store, "select place from _outage_component order by node")
    ends = columns(store, "select tail, head from _outage_link order by link")
    tail, head = integers(ends["tail"]), integers(ends["head"])
    links = int(tail.size)
    inside = _implied(place, tail, head, sites, components)
    graph = Multigraph(nodes, np.append(tail, inside), np.append(head, place[inside]))
    needed = columns(store, _NEED)
    return Topology(
        graph=graph,
        rules=_rules(needed, graph, place, sites, components),
        sites=sites,
        components=components,
        links=links,
        population=population.spread(store, nodes, sites, components, place),
        place=place,
        needs_start=int(np.count_nonzero(place[sites:] >= 0)),
        dependencies=needed.num_rows,
    )


def _implied(
    place: NDArray[np.int32], tail: NDArray[np.int32], head: NDArray[np.int32], sites: int, components: int
) -> NDArray[np.int32]:
    """Return the components that are joined to their site's node because no link says how it is wired."""
    within = (place[tail] == place[head]) & (place[tail] >= 0) & (tail != head)
    wired = np.zeros(sites + 1, np.bool_)
    wired[place[tail[within]]] = True
    wired[sites] = True  # stands for no site: place -1
    component = np.arange(sites, sites + components, dtype=np.int32)
    return component[~wired[place[component]]]


def _rules(
    found: pa.Table, graph: Multigraph, place: NDArray[np.int32], sites: int, components: int
) -> Rules:
    """Return what goes down with what: components with their site, then the rows of table dependency."""
    component = np.arange(sites, sites + components, dtype=np.int32)
    housed = component[place[component] >= 0]
    target, member = integers(found["target"]), integers(found["member"])
    choice, chosen = found["choice"].to_numpy(), found["chosen"].to_numpy()
    fresh = np.ones(target.size, np.bool_)
    same = (target[1:] == target[:-1]) & (chosen[1:] == chosen[:-1]) & (choice[1:] == choice[:-1])
    fresh[1:] = ~same | ~chosen[1:]
    again = np.zeros(target.size, np.bool_)
    again[1:] = same & (member[1:] == member[:-1])
    first = np.flatnonzero((fresh & ~again)[~again])
    member = member[~again]
    return Rules(
        graph.nodes + graph.links,
        np.concatenate([housed, target[~again][first]]),
        np.concatenate([np.arange(housed.size), first + housed.size, [housed.size + member.size]]),
        np.concatenate([place[housed], member]),
    )
