"""What a check found from all standpoints together, where it was run from several.

Each subject counts once, with the worst that was found of it; every catalogue has its own result beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from netproof.catalogue.check import FOUND, Outcome
from netproof.checks.run import failed, of_findings
from netproof.tables.spec import all_specs
from netproof.tables.store import key_text, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from netproof.catalogue.check import Value
    from netproof.checks.run import Prepared, Result, Runner


def unite(results: Sequence[Result], in_scope: int) -> Result:
    """Return one result of a check for all standpoints: of each subject the worst that was found.

    Args:
        results: What it found from each standpoint.
        in_scope: Subjects that were judged from any.
    """
    check = results[0].check
    for result in results:
        if result.outcome is Outcome.ERROR:
            return failed(check, result.message)
    rows = pa.concat_tables([result.findings for result in results])
    ranks = pc.index_in(rows["outcome"], pa.array([str(outcome) for outcome in FOUND]))
    keys = ("subject_id", "rank", "reason")
    order = pc.sort_indices(rows.append_column("rank", ranks), [(key, "ascending") for key in keys])
    rows = rows.take(order)
    ids = rows["subject_id"].combine_chunks()
    if len(ids):
        first = pa.concat_arrays([pa.array([True]), pc.not_equal(ids[1:], ids[:-1])])
        rows = rows.filter(first)
    return of_findings(check, in_scope, rows)


@dataclass(slots=True)
class Scopes:
    """Counts the subjects that are in scope from any of several standpoints, each once.

    A subject with a row in its table is one bit, others are kept by name.

    Attributes:
        moving: Tables whose rows differ from standpoint to standpoint.
    """

    moving: Collection[str]
    _rows: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    _names: dict[str, set[str]] = field(default_factory=dict)
    _done: set[tuple[str, int]] = field(default_factory=set)

    def add(self, runner: Runner, prepared: Prepared, values: Mapping[str, Value], standpoint: int) -> None:
        """Count the subjects of a check from one standpoint; those of an equal scope are counted once."""
        key = _key(prepared, values)
        if (key, standpoint) in self._done:
            return
        self._done.add((key, standpoint))
        names = self._names.setdefault(key, set())
        found = runner.subjects(prepared, values)
        table = prepared.check.subject
        if table not in all_specs() or table in self.moving:
            names.update(found.to_pylist())
            return
        connection = runner.store.connection
        connection.register("_scope", pa.table({"subject_id": found}))
        placed = connection.sql(
            f"select s.subject_id, t.place from _scope as s left join (select {key_text(all_specs()[table])} "
            f"as k, min(rowid) as place from {quoted(table)} group by k) as t on s.subject_id = t.k"
        ).to_arrow_table()
        connection.unregister("_scope")
        if key not in self._rows:
            size = int(runner.store.value(f"select coalesce(max(rowid) + 1, 0) from {quoted(table)}"))
            self._rows[key] = np.zeros(size, bool)
        bits = self._rows[key]
        bits[placed["place"].drop_null().to_numpy()] = True
        names.update(placed.filter(pc.is_null(placed["place"]))["subject_id"].to_pylist())

    def count(self, prepared: Prepared, values: Mapping[str, Value]) -> int:
        """Return how many subjects of a check were counted from all standpoints."""
        key = _key(prepared, values)
        return int(self._rows.get(key, np.zeros(0, bool)).sum()) + len(self._names.get(key, ()))


def _key(prepared: Prepared, values: Mapping[str, Any]) -> str:
    """Return what makes two scopes the same."""
    return f"{prepared.check.subject} {sorted(values.items())} {prepared.scope}"
