"""Where people are: whom each component serves first.

Reads the tables of `topology`. What components say counts; where only the site says how many people it
serves, they are spread over its components in use in whole people, by largest remainder: equal shares, and
what is left over goes one by one to the first in order of component_id.

Source: the design, "Failure, precisely", People.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.resilience.reading import columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netproof.tables.store import Store

_COMPONENT = """
    select coalesce(population, -1) as people, access
    from _outage_component
    order by node
"""
_SITE = "select coalesce(population, -1) as people from _outage_site order by node"


def spread(
    store: Store, nodes: int, sites: int, components: int, place: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Return int64[nodes], the people whom each node serves first; negative numbers count as unknown.

    People of a site without any component stay on the site's node.

    Args:
        store: The tables of `topology`; components stand in order of their id within a site.
        nodes: How many nodes there are.
        sites: How many of them are sites.
        components: How many of them are components.
        place: int32[nodes], the site of each node, or -1.
    """
    found = columns(store, _COMPONENT)
    own = found["people"].to_numpy().astype(np.int64)
    access = found["access"].to_numpy()
    there = place[sites : sites + components]
    housed = there >= 0
    of_site = np.asarray(columns(store, _SITE)["people"].to_numpy(), np.int64)
    says = np.bincount(there[housed & (own >= 0)], minlength=sites) > 0
    asked = np.append((of_site > 0) & ~says, False)  # the last stands for no site: place -1

    any_access = np.bincount(there[housed & access], minlength=sites + 1) > 0
    takes = housed & asked[there] & (access | ~any_access[there])
    result = np.zeros(nodes, np.int64)
    result[sites : sites + components] = np.maximum(own, 0)
    who = np.flatnonzero(takes)
    where = there[who]
    count = np.bincount(where, minlength=sites)
    # Components of a site stand side by side: a place in the row, less that of the site's first.
    first = np.zeros(sites, np.int64)
    starts = np.flatnonzero(np.diff(where, prepend=-1))
    first[where[starts]] = starts
    rank = np.arange(who.size) - first[where]
    share, left = np.divmod(of_site[where], count[where])
    result[sites + who] = share + (rank < left)
    alone = asked[:sites] & (np.bincount(there[housed], minlength=sites) == 0)
    result[:sites][alone] = of_site[alone]
    return result
