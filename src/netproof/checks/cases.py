"""Runs a check's case files: small tables in, the expected findings out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

import yaml

from netproof.catalogue.check import Check, Outcome
from netproof.checks.prepare import known_columns, prepare
from netproof.checks.run import Prepared, Result, run
from netproof.errors import CatalogueError
from netproof.tables.keys import build_version_keys
from netproof.tables.load import Staged, load
from netproof.tables.rows import stage_rows
from netproof.tables.spec import all_specs
from netproof.tables.store import Store

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from netproof.catalogue.loader import ReferenceTable
    from netproof.tables.lineage import Lineage

_SETTINGS = ("as_of", "expect", "in_scope", "reason", "parameters", "outcome")


class Derive(Protocol):
    """Makes derived tables; `None` means all."""

    def __call__(self, store: Store, as_of: date, *, only: Collection[str] | None) -> None:
        """Make them in the store."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a check.

    Attributes:
        tables: Rows by table; a table that is named is given, if only empty.
        expect: Outcome by subject.
    """

    name: str
    as_of: date
    tables: Mapping[str, Sequence[Mapping[str, Any]]]
    expect: Mapping[str, str]
    in_scope: int | None
    reason: Mapping[str, str]
    parameters: Mapping[str, Any]
    outcome: str | None


def read_cases(check: Check) -> list[Case]:
    """Return the cases of a check.

    Raises:
        CatalogueError: The file is not one of cases.
    """
    place = f"{check.id}.cases.yml"
    try:
        raw = yaml.safe_load(check.cases)
        default = raw.get("as_of")
        return [_case(str(name), case, default) for name, case in raw["cases"].items()]
    except yaml.YAMLError as error:
        raise CatalogueError(f"{place}: expected YAML, got {' '.join(str(error).split())}") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CatalogueError(f"{place}: expected as_of and cases, got {error!r}") from error


def _case(name: str, raw: Mapping[str, Any], default: date | None) -> Case:
    """Freeze a case."""
    as_of = raw.get("as_of", default)
    if not isinstance(as_of, date):
        raise ValueError(f"{name}: as_of: expected a date")  # noqa: TRY004 - read_cases words it
    return Case(
        name=name,
        as_of=as_of,
        tables={key: rows or [] for key, rows in raw.items() if key not in _SETTINGS},
        expect={str(key): str(value) for key, value in (raw["expect"] or {}).items()},
        in_scope=raw.get("in_scope"),
        reason=raw.get("reason") or {},
        parameters=raw.get("parameters") or {},
        outcome=raw.get("outcome"),
    )


def _text(value: Any) -> str | None:
    """Return a value of a case as a file would have it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return ";".join(str(item) for item in value)
    return str(value)


class CaseRunner:
    """Runs cases; what does not change from case to case is made once."""

    def __init__(self, reference: Sequence[ReferenceTable], derive: Derive, lineage: Lineage) -> None:
        """Make a runner.

        Args:
            reference: The catalogue's own tables, for cases that bring none.
            derive: Makes the named derived tables of a store, for a date.
            lineage: What each derived table rests on.
        """
        self._reference = reference
        self._derive = derive
        self._lineage = lineage
        self._prepared: dict[str, Prepared] = {}
        store = Store.empty(threads=1)
        load(store, [])
        build_version_keys(store)
        derive(store, date.min, only=None)
        self.columns = known_columns(store)
        store.connection.close()

    def run(self, check: Check, case: Case) -> tuple[Result, list[str]]:
        """Run a case.

        Returns:
            The result, and what differs from what was expected, in words; empty: nothing.

        Raises:
            CatalogueError: The lint refuses the check.
            TableError: The case names a table or column that is not known.
        """
        if check.id not in self._prepared:
            self._prepared[check.id] = prepare(check, self.columns, self._lineage)
        store = self._store(check, case)
        issues = store.rows("select table_name, line, column_name, got from import_issue order by all")
        result = run(store, self._prepared[check.id], case.as_of, check.values(case.parameters))
        store.connection.close()
        unread = [f"unreadable value in the case: {issue}" for issue in issues]
        return result, unread + list(_differences(case, result))

    def _store(self, check: Check, case: Case) -> Store:
        """Return a store with the case's tables and what the check reads of the derived ones."""
        store = Store.empty(threads=1)
        staged: list[Staged] = []
        for table, rows in case.tables.items():
            header = list(dict.fromkeys(name for row in rows for name in row))
            if not header and table in all_specs():
                header = list(all_specs()[table].names)
            values = [[_text(row.get(name)) for name in header] for row in rows]
            staged.append(stage_rows(store, table, header, values, file=f"{table} of the case"))
        staged += [
            stage_rows(store, item.table, item.header, item.rows, file=item.file)
            for item in self._reference
            if item.table not in case.tables
        ]
        load(store, staged)
        build_version_keys(store)
        self._derive(store, case.as_of, only=check.reads)
        return store


def _differences(case: Case, result: Result) -> Iterator[str]:
    """Yield in words what a result lacks or has too much."""
    if result.outcome is Outcome.ERROR:
        yield f"did not finish: {result.message}"
        return
    got = {row["subject_id"]: row for row in result.findings.to_pylist()}
    for subject in sorted(case.expect.keys() | got.keys()):
        wanted = case.expect.get(subject, "nothing")
        found = got[subject]["outcome"] if subject in got else "nothing"
        if wanted != found:
            reason = f" ({got[subject]['reason']})" if subject in got else ""
            yield f"{subject}: expected {wanted}, got {found}{reason}"
    for subject, words in case.reason.items():
        if subject in got and words not in got[subject]["reason"]:
            yield f"{subject}: expected a reason with {words!r}, got {got[subject]['reason']!r}"
    if case.in_scope is not None and case.in_scope != result.in_scope:
        yield f"expected {case.in_scope} in scope, got {result.in_scope}"
    if case.outcome is not None and case.outcome != result.outcome:
        yield f"expected outcome {case.outcome}, got {result.outcome}"
