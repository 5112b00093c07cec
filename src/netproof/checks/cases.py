"""Runs a check's case files: small tables in, the expected findings out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import yaml

from netproof.catalogue.check import Check, Outcome
from netproof.checks.prepare import known_columns, prepare
from netproof.checks.run import Result, run
from netproof.errors import CatalogueError
from netproof.tables.keys import build_version_keys
from netproof.tables.load import Staged, load
from netproof.tables.rows import stage_rows
from netproof.tables.spec import all_specs
from netproof.tables.store import Store

if TYPE_CHECKING:
    from netproof.catalogue.loader import ReferenceTable

_SETTINGS = ("as_of", "expect", "in_scope", "reason", "parameters", "outcome")
Derive = Callable[[Store, date], None]


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


def case_store(case: Case, reference: Sequence[ReferenceTable], derive: Derive) -> Store:
    """Return a store with the case's tables and all that is derived from them."""
    store = Store.empty(threads=1)
    staged: list[Staged] = []
    for table, rows in case.tables.items():
        header = list(dict.fromkeys(name for row in rows for name in row)) or list(all_specs()[table].names)
        values = [[_text(row.get(name)) for name in header] for row in rows]
        staged.append(stage_rows(store, table, header, values, file=f"{table} of the case"))
    staged += [
        stage_rows(store, item.table, item.header, item.rows, file=item.file)
        for item in reference
        if item.table not in case.tables
    ]
    load(store, staged)
    build_version_keys(store)
    derive(store, case.as_of)
    return store


def run_case(
    check: Check,
    case: Case,
    reference: Sequence[ReferenceTable],
    derive: Derive,
    inputs: Mapping[str, frozenset[str]],
) -> tuple[Result, list[str]]:
    """Run a case.

    Returns:
        The result, and what differs from what was expected, in words; empty: nothing.
    """
    store = case_store(case, reference, derive)
    issues = store.rows("select table_name, line, column_name, got from import_issue order by all")
    result = run(
        store, prepare(check, known_columns(store), inputs), case.as_of, check.values(case.parameters)
    )
    store.connection.close()
    return result, [f"unreadable value in the case: {issue}" for issue in issues] + list(
        _differences(case, result)
    )


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
