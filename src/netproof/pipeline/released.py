"""What the operator's tables know of releases and of what runs, for the register."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from netproof.integrity.register.naming import Known, called
from netproof.integrity.register.observed import Seen
from netproof.sources import read_folder
from netproof.tables.store import Store

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

TABLES: Final = ("product", "release", "supplier", "supplier_alias")


def known_releases(net: Path, progress: Callable[[str, int, int], None] | None = None) -> Known:
    """Return what a network's tables say of products, releases and suppliers.

    Args:
        net: the network's folder, or a `.duckdb` file.
        progress: told the name of each file that is read, its number and how many there are.

    Raises:
        SourceError: a file is not what its name promises.
    """
    store = Store.empty()
    read_folder(store, net, only=TABLES, progress=progress)
    products = store.rows(
        "select cast(product_id as varchar), cast(supplier_id as varchar), name from product "
        "where product_id is not null"
    )
    releases = store.rows(
        "select cast(product_id as varchar), cast(version as varchar), sha256, cast(status as varchar) "
        "from release where product_id is not null and version is not null"
    )
    names = store.rows(
        "select name, cast(supplier_id as varchar) from supplier where name is not null "
        "union select cast(supplier_id as varchar), cast(supplier_id as varchar) from supplier "
        "union select alias, cast(supplier_id as varchar) from supplier_alias "
        "where kind is null or kind in ('name', 'slug')"
    )
    unreadable = store.value(
        "select count(*) from import_issue where table_name = 'release' and column_name = 'sha256'"
    )
    return Known(
        suppliers={product: supplier or "" for product, supplier, _ in products},
        releases={
            # A second row that says nothing takes nothing away.
            (product, version): sha256
            for product, version, sha256, _ in sorted(releases, key=lambda row: row[2] is not None)
        },
        names=_grouped(names),
        products=_grouped(
            [*((name, key) for key, _, name in products if name), *((p, p) for p, *_ in products)]
        ),
        withdrawn=frozenset(
            (product, version) for product, version, _, status in releases if status == "withdrawn"
        ),
        disputed=_disputed(((product, version), sha256) for product, version, sha256, _ in releases)
        | _disputed(((product, ""), supplier) for product, supplier, _ in products),
        unreadable=int(unreadable),
    )


def _disputed(rows: Iterable[tuple[tuple[str, str], object]]) -> frozenset[tuple[str, str]]:
    """Return the keys of which rows state different values; one that says nothing is no other value."""
    first: dict[tuple[str, str], object] = {}
    return frozenset(
        key for key, value in rows if value is not None and first.setdefault(key, value) != value
    )


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Return the ids by what they are called."""
    found: dict[str, set[str]] = {}
    for name, key in pairs:
        found.setdefault(called(name), set()).add(key)
    return {name: frozenset(keys) for name, keys in found.items()}


def newest_observations(net: Path, left_out: Counter[str]) -> Iterator[Seen]:
    """Yield the newest observation of each component and slot that has a digest.

    Args:
        net: the network's folder, or a `.duckdb` file.
        left_out: gets the number of observations that cannot be logged, by what they lack.

    Raises:
        SourceError: a file is not what its name promises.
    """
    store = Store.empty()
    read_folder(store, net, only=("component", "observation", "product"))
    rows = store.connection.execute(
        "select o.component_id, cast(p.supplier_id as varchar), cast(c.product_id as varchar), "
        "cast(o.version as varchar), o.sha256, cast(o.source as varchar), o.observed_at "
        "from observation as o left join component as c using (component_id) "
        "left join product as p on c.product_id = p.product_id "
        "where o.component_id is not null and o.observed_at is not null "
        "qualify row_number() over (partition by o.component_id, o.slot order by o.observed_at desc) = 1 "
        "order by o.observed_at, o.component_id, o.slot"
    )
    while some := rows.fetchmany(10_000):
        for element, supplier, product, version, sha256, source, at in some:
            if sha256 is None or product is None:
                left_out["observation without " + ("product" if sha256 else "digest")] += 1
                continue
            yield Seen(
                element,
                supplier or "",
                product,
                version or "",
                sha256.hex(),
                source or "",
                at.replace(tzinfo=UTC),
            )
