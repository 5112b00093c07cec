"""The order in which an assessment is made: read, verify, derive, lock, check, tell.

The one place that knows all rooms. Runs in a process of its own (`worker`), because the checks
that it runs may be somebody else's SQL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netproof import derived
from netproof.catalogue import restrictions
from netproof.catalogue.check import Family
from netproof.catalogue.loader import open_catalogue, own_checks, reference_tables, shipped_checks
from netproof.checks.prepare import known_columns, prepare
from netproof.checks.sandbox import lock
from netproof.errors import CatalogueError, SourceError
from netproof.integrity import channels
from netproof.integrity.build import build_again
from netproof.pipeline.log_tables import fill_log
from netproof.pipeline.outage_tables import fill_outages
from netproof.pipeline.turns import answers
from netproof.sources import Network, brings, read_folder, read_network
from netproof.sources.documents.judge import expected_judge
from netproof.sources.documents.status import judge_again, read_documents
from netproof.tables.constraints import verify
from netproof.tables.keys import build_version_keys
from netproof.tables.rows import stage_rows
from netproof.tables.store import Store

if TYPE_CHECKING:
    from datetime import date

    from netproof.catalogue.check import Check
    from netproof.catalogue.control import Catalogue
    from netproof.catalogue.loader import ReferenceTable
    from netproof.checks.run import Prepared, Result
    from netproof.pipeline.request import Request
    from netproof.sources.documents.judge import Judge

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
        beside: For every catalogue the shipped files that it would bring if it were asked alone.
        for_all: Checks that are asked beside all catalogues, whichever of them name them.
    """

    network: Network
    catalogues: tuple[Catalogue, ...]
    checks: tuple[Check, ...]
    values: Mapping[str, Mapping[str, Any]]
    restrictions: tuple[str, ...] = ()
    beside: Mapping[str, frozenset[str]] = field(default_factory=dict)
    for_all: frozenset[str] = frozenset()

    def asking(self, check: str) -> frozenset[str]:
        """Return the catalogues for which a check is run."""
        names = {c.id for c in self.catalogues}
        return frozenset(
            names if check in self.for_all else {c.id for c in self.catalogues if check in c.check_ids()}
        )


def plan(request: Request) -> Plan:
    """Read what is asked, before any data.

    Raises:
        SourceError: The network cannot be opened.
        CatalogueError: A catalogue, check or parameter is wrong.
    """
    network = read_network(request.path)
    home = request.home
    names = tuple(dict.fromkeys(request.catalogues or network.catalogues))
    catalogues = tuple(open_catalogue(name, home) for name in names)
    for name, number in Counter(catalogue.id for catalogue in catalogues).items():
        if number > 1:
            raise CatalogueError(
                f"catalogue {name}: expected one of that name, got {number}",
                hint="a file is called what its name says before the suffix: rename one of them",
            )
    explicit = request.restrictions or network.restrictions
    sets = restrictions.wanted(explicit, names)
    own = own_checks(network.checks)
    known = {**shipped_checks(), **own}
    for_all = set(own)
    if sets or brings(request.path, restrictions.TABLE):
        for_all |= {check.id for check in known.values() if check.verdict is Family.RESTRICTED}
    wanted = for_all.union(*(catalogue.check_ids() for catalogue in catalogues))
    for catalogue in catalogues:
        for check in catalogue.check_ids():
            if check not in known:
                raise CatalogueError(f"catalogue {catalogue.id}: expected a known check, got {check!r}")
    for check in network.parameters:
        if check not in known:
            raise CatalogueError(f"network.toml: parameters.{check}: expected a known check, got {check!r}")
    checks = tuple(known[name] for name in sorted(wanted))
    values = {check.id: check.values(network.parameters.get(check.id)) for check in checks}
    beside = {
        catalogue.id: frozenset(
            item.file for item in _tables([catalogue.id], restrictions.wanted(explicit, [name]))
        )
        for name, catalogue in zip(names, catalogues, strict=True)
    }
    return Plan(network, catalogues, checks, values, sets, beside, frozenset(for_all))


def tables_beside(asked: Plan) -> list[ReferenceTable]:
    """Return what is read beside the network's own tables: the catalogues' and the restrictions asked for."""
    return _tables([catalogue.id for catalogue in asked.catalogues], asked.restrictions)


def _tables(catalogues: Sequence[str], sets: Sequence[str]) -> list[ReferenceTable]:
    """Return the tables that catalogues bring, and sets of restrictions."""
    return [*reference_tables(catalogues), *(restrictions.restriction_set(name) for name in sets)]


def load(request: Request, asked: Plan, progress: Progress, *, judge: Judge | None = None) -> Store:
    """Return the tables of a network, typed, verified and with all that is derived from them.

    Args:
        request: The assessment.
        asked: What is asked.
        progress: Told of every file and table before its turn.
        judge: Takes the documents apart, begun already; ended here.

    Raises:
        SourceError: A file is not what its name promises, or `strict` and a value is unreadable.
    """
    home = request.home
    with judge or expected_judge(home) as looking:
        store = read_tables(request, asked, progress)
        dates = request.dates or (request.as_of,)
        read_documents(store, home, dates, looking, progress=lambda *at: progress("verify", *at))
    build_version_keys(store)
    fill_log(store, request, asked.checks, lambda *at: progress("verify", *at))
    told = request.details and not request.dates
    fill_outages(store, asked.checks, request.as_of, lambda *at: progress("derive", *at), told=told)
    derived.build(store, request.as_of, progress=lambda *at: progress("derive", *at))
    return store


def read_tables(
    request: Request, asked: Plan, progress: Progress, *, only: Collection[str] | None = None
) -> Store:
    """Return the tables as they are written, typed and verified; nothing is derived from them yet.

    Args:
        request: The assessment.
        asked: What is asked.
        progress: Told of every file and table before its turn.
        only: The tables that are wanted; None: all.

    Raises:
        SourceError: A file is not what its name promises, or `strict` and a value is unreadable.
    """
    store = Store.empty(compressed_above=COMPRESSED_ABOVE)
    extra = [
        stage_rows(store, item.table, item.header, item.rows, file=item.file) for item in tables_beside(asked)
    ]
    read_folder(store, request.path, extra=extra, only=only, progress=lambda *at: progress("read", *at))
    restrictions.mark_abroad(store, asked.network.country)
    channels.mark_abroad(store, asked.network.country)
    if request.strict:
        _refuse_unreadable(store)
    verify(store, progress=lambda *at: progress("verify", *at))
    return store


def derive_again(store: Store, asked: Plan, as_of: date, progress: Progress) -> None:
    """Judge signatures and make what is derived anew for another date; works on a locked database too."""
    judge_again(store, as_of)
    build_again(store, as_of)
    fill_outages(store, asked.checks, as_of, lambda *at: progress("derive", *at))
    derived.drop(store, derived.derived_sql().keys())
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
    """Yield what every check came to, as `turns.answers` does.

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
