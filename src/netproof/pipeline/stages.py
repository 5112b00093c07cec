"""The order in which an assessment is made: read, verify, derive, lock, check, tell.

The one place that knows all rooms. Runs in a process of its own (`worker`), because the checks
that it runs may be somebody else's SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netproof import derived
from netproof.catalogue import restrictions
from netproof.catalogue.check import Family
from netproof.catalogue.loader import open_catalogue, own_checks, reference_tables, shipped_checks
from netproof.checks.prepare import known_columns, prepare
from netproof.checks.run import Prepared, Result, failed, run
from netproof.checks.sandbox import lock
from netproof.errors import CatalogueError, SourceError
from netproof.sources import Network, brings, read_folder, read_network
from netproof.sources.documents.status import read_documents
from netproof.tables.constraints import verify
from netproof.tables.keys import build_version_keys
from netproof.tables.rows import stage_rows
from netproof.tables.store import Store, quoted

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from netproof.catalogue.check import Check
    from netproof.catalogue.control import Catalogue
    from netproof.catalogue.loader import ReferenceTable
    from netproof.pipeline.request import Request

COMPRESSED_ABOVE = 128_000_000
"""Growth of the tables after which they are compressed [bytes]: about 200,000 components."""

Progress = Callable[[str, str, int, int], None]
"""Told the stage, what it works on, its number and how many there are."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be asked of a network.

    Attributes:
        checks: The checks that the catalogues and the operator ask for, each once.
        restrictions: The shipped sets of restrictions that count.
    """

    network: Network
    catalogues: tuple[Catalogue, ...]
    checks: tuple[Check, ...]
    values: Mapping[str, Mapping[str, Any]]
    restrictions: tuple[str, ...] = ()


def plan(request: Request) -> Plan:
    """Read what is asked, before any data.

    Raises:
        SourceError: The network cannot be opened.
        CatalogueError: A catalogue, check or parameter is wrong.
    """
    network = read_network(request.path)
    home = request.path if request.path.is_dir() else request.path.parent
    names = tuple(dict.fromkeys(request.catalogues or network.catalogues))
    catalogues = tuple(open_catalogue(name, home) for name in names)
    sets = restrictions.wanted(request.restrictions or network.restrictions, names)
    own = own_checks(network.checks)
    known = {**shipped_checks(), **own}
    wanted = list(
        dict.fromkeys([check for catalogue in catalogues for check in catalogue.check_ids()] + list(own))
    )
    if sets or brings(request.path, restrictions.TABLE):
        wanted = [
            *dict.fromkeys([*wanted, *(c.id for c in known.values() if c.verdict is Family.RESTRICTED)])
        ]
    for catalogue in catalogues:
        for check in catalogue.check_ids():
            if check not in known:
                raise CatalogueError(f"catalogue {catalogue.id}: expected a known check, got {check!r}")
    for check in network.parameters:
        if check not in known:
            raise CatalogueError(f"network.toml: parameters.{check}: expected a known check, got {check!r}")
    checks = tuple(known[name] for name in sorted(wanted))
    values = {check.id: check.values(network.parameters.get(check.id)) for check in checks}
    return Plan(network, catalogues, checks, values, sets)


def tables_beside(asked: Plan) -> list[ReferenceTable]:
    """Return what is read beside the network's own tables: the catalogues' and the restrictions asked for."""
    own = reference_tables(c.id for c in asked.catalogues)
    return [*own, *(restrictions.restriction_set(name) for name in asked.restrictions)]


def load(request: Request, asked: Plan, progress: Progress) -> Store:
    """Return the tables of a network, typed, verified and with all that is derived from them.

    Raises:
        SourceError: A file is not what its name promises, or `strict` and a value is unreadable.
    """
    store = Store.empty(compressed_above=COMPRESSED_ABOVE)
    extra = [
        stage_rows(store, item.table, item.header, item.rows, file=item.file) for item in tables_beside(asked)
    ]
    read_folder(store, request.path, extra=extra, progress=lambda *at: progress("read", *at))
    restrictions.mark_abroad(store, asked.network.country)
    if request.strict:
        _refuse_unreadable(store)
    verify(store, progress=lambda *at: progress("verify", *at))
    home = request.path if request.path.is_dir() else request.path.parent
    read_documents(store, home, request.as_of, progress=lambda *at: progress("verify", *at))
    build_version_keys(store)
    derived.build(store, request.as_of, progress=lambda *at: progress("derive", *at))
    return store


def derive_again(store: Store, as_of: date, progress: Progress) -> None:
    """Make what is derived anew for another date; works on a locked database too."""
    for name in derived.derived_sql():
        store.connection.execute(f"drop table {quoted(name)}")
    derived.build(store, as_of, progress=lambda *at: progress("derive", *at))


def _refuse_unreadable(store: Store) -> None:
    """Raise for the first value that could not be read."""
    rows = store.rows(
        "select s.file, i.line, i.column_name, i.expected, i.got, count(*) over () "
        "from import_issue as i join source as s using (source_no) order by s.file, i.line limit 1"
    )
    for file, line, column, expected, got, number in rows:
        more = f" ({number - 1:,} more like it)" if number > 1 else ""
        raise SourceError(
            f"{file}:{line}:{column}: expected {expected}, got {got}{more}",
            hint="mend the file, or leave out --strict to go on without these values",
        )


def run_checks(
    store: Store, request: Request, asked: Plan, progress: Progress, *, before: Callable[[], None]
) -> Iterator[Result]:
    """Yield the result of every check.

    Args:
        store: The tables; nothing can be read from outside any more after the first check.
        request: The assessment.
        asked: The checks.
        progress: Told of every check before it runs.
        before: Called when all is linted and the database is locked, before the first check.
    """
    ready = bind(store, request, asked, before=before)
    yield from answers(store, request, asked, ready, progress)


def bind(
    store: Store, request: Request, asked: Plan, *, before: Callable[[], None]
) -> dict[str, Prepared | str]:
    """Lint the checks, close the database, and return each check ready to run or why it is not.

    Args:
        store: The tables; nothing can be read from outside any more.
        request: The assessment.
        asked: The checks.
        before: Called when the database is locked.
    """
    columns = known_columns(store)
    lineage = derived.lineage()
    ready: dict[str, Prepared | str] = {}
    for check in asked.checks:
        try:
            ready[check.id] = prepare(check, columns, lineage)
        except CatalogueError as error:
            ready[check.id] = str(error)
    lock(store.connection, request.limits)
    before()
    return ready


def answers(
    store: Store, request: Request, asked: Plan, ready: Mapping[str, Prepared | str], progress: Progress
) -> Iterator[Result]:
    """Yield the result of every check for the request's date, for which the tables are derived."""
    for number, check in enumerate(asked.checks):
        progress("check", check.id, number, len(asked.checks))
        prepared = ready[check.id]
        if check.id in request.stopped:
            yield failed(check, request.stopped[check.id])
        elif isinstance(prepared, str):
            yield failed(check, prepared)
        else:
            yield run(store, prepared, request.as_of, asked.values[check.id])


def date_of(path: Path, given: date | None, today: date) -> date:
    """Return the date to check for: the given one, else the network's own, else today."""
    return given or read_network(path).as_of or today
