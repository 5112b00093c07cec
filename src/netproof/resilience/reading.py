"""Columns of the store as arrays, and arrays as tables of the store."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from netproof.tables.store import Store


def columns(store: Store, sql: str, parameters: Any = None) -> pa.Table:
    """Return the rows of a query as columns."""
    return store.connection.sql(sql, params=parameters or {}).to_arrow_table()


def integers(values: pa.ChunkedArray) -> NDArray[np.int32]:
    """Return a column of whole numbers without NULL as int32."""
    return np.ascontiguousarray(values.to_numpy(), np.int32)


def column(store: Store, sql: str, parameters: Any = None) -> NDArray[np.int32]:
    """Return the only column of a query, whole numbers without NULL, as int32."""
    return integers(columns(store, sql, parameters).column(0))


@contextmanager
def lent(store: Store, **tables: Mapping[str, Any] | pa.Table) -> Iterator[None]:
    """Let queries read arrays as tables, by name, without a copy."""
    for name, arrays in tables.items():
        store.connection.register(name, arrays if isinstance(arrays, pa.Table) else pa.table(dict(arrays)))
    try:
        yield
    finally:
        for name in tables:
            store.connection.unregister(name)
