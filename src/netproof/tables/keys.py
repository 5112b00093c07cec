"""Computes the version keys: one for each distinct (product, version) that any table names.

Reads product, component, observation, release and certificate; writes `version_key` and
`certificate_range`, which checks join instead of ever comparing versions as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from netproof.tables.version import covered_range, sort_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netproof.tables.store import Store

MINOR_UPDATES = {"NESAS_CCS_GI": True, "BSZ": False, "EUCC": False, "CC": False}
"""Whether a scheme's certificate covers minor updates where it does not say. Source: BSI TR-03163 v1.2."""

_VERSIONS = """
    select distinct v.product_id::varchar, v.version::varchar, coalesce(p.version_scheme::varchar, 'generic')
    from (
        select product_id, version from component
        union
        select product_id, version from release
        union
        select c.product_id, o.version
        from observation as o join component as c on o.component_id = c.component_id
    ) as v left join product as p on v.product_id = p.product_id
    where v.product_id is not null and v.version is not null
    order by all
"""

_RANGES = """
    select c.certificate_id, c.version_from::varchar, c.version_to::varchar,
        coalesce(p.version_scheme::varchar, 'generic'), c.minor_updates, c.scheme::varchar
    from certificate as c left join product as p on c.product_id = p.product_id
    order by all
"""


def build_version_keys(store: Store) -> None:
    """Create and fill `version_key` and `certificate_range`."""
    keys = [
        (product, version, scheme, sort_key(version, scheme))
        for product, version, scheme in store.rows(_VERSIONS)
    ]
    ranges = []
    for name, first, last, scheme, minor, certification in store.rows(_RANGES):
        covers = MINOR_UPDATES.get(certification, False) if minor is None else minor
        lower, upper = covered_range(first, last, scheme, covers)
        ranges.append((name, lower, upper))
    _create(
        store,
        "version_key",
        [
            ("product_id", "d_product_id"),
            ("version", "d_version"),
            ("scheme", "varchar"),
            ("version_key", "varchar"),
        ],
        keys,
    )
    _create(
        store,
        "certificate_range",
        [("certificate_id", "varchar"), ("from_key", "varchar"), ("upto_key", "varchar")],
        ranges,
    )


def _create(
    store: Store, name: str, columns: list[tuple[str, str]], rows: Sequence[Sequence[str | None]]
) -> None:
    """Create and fill a table of text."""
    connection = store.connection
    connection.execute(f"create table {name} ({', '.join(f'{column} {kind}' for column, kind in columns)})")
    if rows:
        arrays = [pa.array(values, pa.string()) for values in zip(*rows, strict=True)]
        connection.register("_given", pa.table(arrays, names=[column for column, _ in columns]))
        connection.execute(f"insert into {name} select * from _given")
        connection.unregister("_given")
