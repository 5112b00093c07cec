"""What lies between two ends of a network, and whether there is a way around a supplier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.errors import TableError
from netproof.graph.paths import avoiding, block_tree, every, some
from netproof.resilience.answers import Exposure, Passed, SupplierExposure
from netproof.resilience.exposure import Suppliers, read_suppliers
from netproof.resilience.flows import extended, settle
from netproof.resilience.names import element_of, ids_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netproof.graph import Engine, Multigraph
    from netproof.resilience.network import Network
    from netproof.tables.store import Store

PASSED = 1_000
"""Things on every path, and things on some path, that an answer names."""


def exposure(  # noqa: PLR0913 - one for each option of the command
    store: Store,
    network: Network,
    *,
    flow: str | None = None,
    source: str | None = None,
    target: str | None = None,
    avoid: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    engine: Engine | None = None,
) -> Exposure:
    """Return what lies between the ends of a flow, or between two components or sites.

    Args:
        store: The tables.
        network: The network that was read from them.
        flow: A flow; else `source` and `target` are needed.
        source: Where it starts.
        target: Where it ends.
        avoid: A supplier to be avoided.
        progress: Told what is done, its number and how many there are.
        engine: Who computes.

    Raises:
        TableError: Something is not known, or not in use.
    """
    if flow is not None:
        rows = store.rows("select from_id, to_id from flow where flow_id = ?", [flow])
        if not rows:
            raise TableError(f"expected a flow of table flow, got {flow!r}")
        source, target = rows[0]
    if source is None or target is None:
        raise TableError(
            "expected a flow, or where it starts and where it ends", hint="name --flow, or --from and --to"
        )
    graph, ends = _between(store, network, source, target)
    suppliers = read_suppliers(store, network)
    tree = block_tree(graph, engine=engine)
    always, sometimes = every(tree, *ends, engine=engine), some(tree, *ends, engine=engine)
    connected = bool(tree.root[tree.position[ends[0]]] == tree.root[tree.position[ends[1]]])
    named = (
        _things(network, *always),
        _things(network, *(_less(a, b) for a, b in zip(sometimes, always, strict=True))),
    )
    met = _met(store, graph, ends, suppliers, (always, sometimes), progress, engine) if connected else ()
    path = None
    if connected:
        code = _code(store, avoid) if avoid is not None else -2
        without = _padded(graph, suppliers, code)
        found = avoiding(graph, *ends, *without, engine=engine)
        if found is not None:
            path = _told(store, network, _in_turn(network, found.node, found.link), suppliers)
    return Exposure(
        flow_id=flow,
        from_id=source,
        to_id=target,
        connected=connected,
        every=_told(store, network, named[0][:PASSED], suppliers),
        some=_told(store, network, named[1][:PASSED], suppliers),
        every_total=int(named[0].size),
        some_total=int(named[1].size),
        suppliers=met,
        avoid=avoid,
        path=path,
    )


def _between(store: Store, network: Network, source: str, target: str) -> tuple[Multigraph, tuple[int, int]]:
    """Return the network with the nodes of two ends."""
    topology = network.topology
    ends = []
    for name in (source, target):
        found = element_of(store, topology, name)
        if not 0 <= found < topology.sites + topology.components:
            raise TableError(f"expected a component or site that is in use, got {name!r}")
        ends.append(np.array([found], np.int32))
    one, other, gates = settle(topology, *ends)
    return extended(topology.graph, list(gates)), (int(one[0]), int(other[0]))


def _less(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return what is in `a` and not in `b`."""
    return a & ~b


def _things(network: Network, node: NDArray[np.bool_], link: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return components, sites and links as elements of the network; implied links are left out."""
    topology = network.topology
    nodes = np.flatnonzero(node[: topology.nodes])
    return np.append(nodes, topology.nodes + np.flatnonzero(link[: topology.links])).astype(np.int32)


def _in_turn(network: Network, node: NDArray[np.int32], link: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return a path's nodes and links in turn, without what is implied."""
    topology = network.topology
    both = np.full(node.size + link.size, -1, np.int64)
    both[::2] = np.where(node < topology.nodes, node, -1)
    both[1::2] = np.where(link < topology.links, link.astype(np.int64) + topology.nodes, -1)
    return both[both >= 0].astype(np.int32)


def _told(
    store: Store, network: Network, element: NDArray[np.int32], suppliers: Suppliers
) -> tuple[Passed, ...]:
    """Return elements in words."""
    names = _supplier_ids(store)
    topology = network.topology
    result = []
    for number, (table, name, called) in zip(element.tolist(), ids_of(store, topology, element), strict=True):
        code = (
            suppliers.node[0, number] if number < topology.nodes else suppliers.link[number - topology.nodes]
        )
        result.append(Passed(table, name, called, names[code] if code >= 0 else None))
    return tuple(result)


def _supplier_ids(store: Store) -> list[str]:
    """Return the suppliers, each at its code."""
    return list(store.value("select enum_range(null::d_supplier_id)"))


def _code(store: Store, supplier: str) -> int:
    """Return a supplier's code."""
    known = _supplier_ids(store)
    if supplier not in known:
        raise TableError(
            f"expected a supplier of the network, got {supplier!r}", hint="known are " + ", ".join(known[:20])
        )
    return known.index(supplier)


def _padded(
    graph: Multigraph, suppliers: Suppliers, code: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which nodes and links of an extended graph are of one supplier."""
    node, link = np.zeros(graph.nodes, np.bool_), np.zeros(graph.links, np.bool_)
    own = suppliers.without(code)
    node[: own[0].size], link[: own[1].size] = own
    return node, link


def _met(  # noqa: PLR0913, PLR0917 - what is asked, of whom, and who hears of it
    store: Store,
    graph: Multigraph,
    ends: tuple[int, int],
    suppliers: Suppliers,
    found: tuple[tuple[NDArray[np.bool_], NDArray[np.bool_]], tuple[NDArray[np.bool_], NDArray[np.bool_]]],
    progress: Callable[[str, int, int], None] | None,
    engine: Engine | None,
) -> tuple[SupplierExposure, ...]:
    """Return every supplier that some path meets."""
    always, sometimes = found
    ids = _supplier_ids(store)
    names = dict(store.rows("select supplier_id::varchar, name from supplier"))
    result = []
    for code, name in enumerate(ids):
        if progress:
            progress("ways around suppliers", code, len(ids))
        node, link = _padded(graph, suppliers, code)
        components = int(np.count_nonzero(node & sometimes[0]))
        lines = int(np.count_nonzero(link & sometimes[1]))
        if not components and not lines:
            continue
        on_every = bool((node & always[0]).any() or (link & always[1]).any())
        around = not on_every and avoiding(graph, *ends, node, link, engine=engine) is not None
        result.append(SupplierExposure(name, names.get(name), components, lines, on_every, around))
    return tuple(result)
