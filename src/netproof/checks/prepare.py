"""Lints a check and makes it ready to run: what is run is rendered from the tree, never typed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from netproof.checks.lint import Known, Linted, lint
from netproof.checks.neutral import PROTECTED
from netproof.checks.run import Prepared
from netproof.errors import CatalogueError
from netproof.tables.spec import TableKind, all_specs

if TYPE_CHECKING:
    from netproof.catalogue.check import Check
    from netproof.tables.lineage import Lineage
    from netproof.tables.store import Store

_HIDDEN = ("source", "import_issue", "data_issue")
"""Tables that no check reads: they depend on files, not on the network."""
_INPUTS = frozenset(
    spec.name for spec in all_specs().values() if spec.kind is TableKind.INPUT or spec.missing
)

Columns = Mapping[str, Mapping[str, str]]
"""Tables, their columns and the columns' types."""


def known_columns(store: Store) -> Known:
    """Return the tables that a check may read, with their columns and the columns' types."""
    known = Known()
    for table, column, kind in store.rows(
        "select table_name, column_name, if(starts_with(data_type, 'ENUM'), 'ENUM', data_type) "
        "from duckdb_columns() where not internal "
        "and schema_name = 'main' and not starts_with(table_name, '_') and not starts_with(column_name, '_') "
        "order by table_name, column_index"
    ):
        if table not in _HIDDEN:
            known.setdefault(table.lower(), {})[column.lower()] = kind
    return known


@lru_cache(maxsize=1024)
def _linted(
    text: str, kind: Literal["findings", "scope"], parameters: frozenset[str], known: Known
) -> Linted:
    """Return what may be run of a text; a text is linted once against the same tables."""
    return lint(text, columns=known, protected=PROTECTED, parameters=parameters, kind=kind)


def prepare(check: Check, columns: Columns, lineage: Lineage) -> Prepared:
    """Lint a check.

    Args:
        check: The check.
        columns: Tables that it may read, with their columns.
        lineage: What each derived table rests on.

    Raises:
        CatalogueError: It is not one portable, neutral SELECT over known tables, or does not
            say rightly what it reads.
    """
    parameters = frozenset({"as_of", *(p.name for p in check.parameters)})
    known = columns if isinstance(columns, Known) else Known.of(columns)
    try:
        scope = _linted(check.scope, "scope", parameters, known)
        sql = _linted(check.sql, "findings", parameters, known)
    except CatalogueError as error:
        raise CatalogueError(f"{check.id}: {error}", hint=error.hint) from error
    tables = scope.tables | sql.tables
    if tables != set(check.reads):
        wanted, said = ", ".join(sorted(tables)), ", ".join(sorted(check.reads))
        raise CatalogueError(f"{check.id}.toml: reads: expected {wanted}, got {said}")
    if check.subject not in columns:
        raise CatalogueError(f"{check.id}.toml: subject: expected a known table, got {check.subject!r}")
    for table in check.evidence:
        if table not in all_specs():
            raise CatalogueError(f"{check.id}.toml: evidence: expected an input table, got {table!r}")

    return Prepared(
        check=check,
        sql=sql.sql,
        scope=scope.sql,
        columns=scope.columns | sql.columns,
        parameters=sql.parameters,
        scope_parameters=scope.parameters,
        inputs=lineage.read(tables),
        subject_inputs=(lineage.needed(check.scope) | (lineage.read(scope.tables) & set(check.evidence)))
        & _INPUTS,
        review=(*scope.review, *sql.review),
    )
