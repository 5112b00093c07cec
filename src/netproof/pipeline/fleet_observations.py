"""Files of observations for the fleet: their names looked up, their versions as suppliers write them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netproof.sources.observations import Components, Kind, identify, read_mapping, read_observations
from netproof.sources.observations.seen import WORDED
from netproof.sources.observations.versions import released

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from netproof.sources.observations import Identified, Observation
    from netproof.tables.store import Store


@dataclass(frozen=True, slots=True)
class Given:
    """A file that the user gave.

    Attributes:
        own_name: What the user calls the component that it is from; empty: nobody said.
        quoted: PCR 10 of a verified quote; empty: there is none.
    """

    file: Path
    own_name: str = ""
    quoted: bytes = b""


def identified(
    store: Store,
    given: Sequence[Given],
    mapping: Path | None,
    default: datetime,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> list[Identified]:
    """Read files of observations and look up whom they mean.

    Args:
        store: The network's tables.
        given: The files.
        mapping: The user's own list of names; None: there is none.
        default: The moment of what a file does not date.
        progress: Told of every file before its turn.

    Raises:
        SourceError: A file is not what its beginning promises, or the network has no such component.
    """
    named = read_mapping(mapping) if mapping else {}
    components = Components(store.rows("select component_id, name, serial from component"), named)
    products = dict(store.rows("select component_id, product_id from component where product_id is not null"))
    releases: dict[str, set[str]] = {}
    for product, version in store.rows(_PUBLISHED):
        releases.setdefault(product, set()).add(version)
    found = []
    for number, item in enumerate(given):
        progress(item.file.name, number, len(given))
        reading = read_observations(item.file, own_name=item.own_name, quoted=item.quoted)
        one = identify(reading, components, default)
        meant = one.observations
        if one.kind is not Kind.TABLE:
            meant = tuple(_as_released(seen, products, releases) for seen in meant)
        found.append(replace(one, observations=meant))
    return found


_PUBLISHED = """
select product_id, version from release where product_id is not null and version is not null
union
select product_id, version from logged_release where product_id is not null and version is not null
"""


def _as_released(
    seen: Observation, products: Mapping[str, str], releases: Mapping[str, set[str]]
) -> Observation:
    """Return an observation with the version as the supplier writes it, where that is certain."""
    known = releases.get(products.get(seen.component_id, ""))
    if seen.source not in WORDED or not known:
        return seen
    meant = released(seen.version, known)
    return seen if meant == seen.version else seen._replace(version=meant)
