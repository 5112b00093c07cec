"""Fills the tables that tell what the operator's log of releases says, from a log that was verified.

Reads the folder of the log; writes the tables of `TABLES`, whose columns stand in their specifications. A log
that cannot be read or verified fills nothing but the reason: what rests on it then lacks evidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from netproof.errors import LogError
from netproof.tables.store import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from netproof.integrity.proven import Proven, State
    from netproof.tables.store import Store

    Progress = Callable[[str, int, int], None]

FOLDER: Final = "releases"
"""Folder of a network that holds its log."""
STATE: Final = "log_state"
ENTRIES: Final = ("logged_release", "logged_withdrawal", "logged_rebuild")
TABLES: Final = frozenset({STATE, *ENTRIES})
"""Tables that come from the operator's own log; where there is none, nobody has given them."""
_DAYS: Final = "_log_state_day"
"""Table of the states on all dates that are asked for."""
_ALL: Final = "_all_"
"""Before the names of tables with the entries of all dates, where these differ."""


def build(  # noqa: PLR0913 - which dates, and how much of the log, are told apart
    store: Store,
    as_of: date,
    folder: Path | None,
    *,
    size: int | None = None,
    renewed: int | None = None,
    dates: Sequence[date] = (),
    progress: Progress | None = None,
) -> None:
    """Fill the tables of the log for a date; what was in them is replaced.

    Args:
        store: The tables; not locked yet.
        as_of: The date: what a quorum of witnesses had cosigned by its end counts.
        folder: The log's own folder, `releases` of a network; None, or no such folder: there is no log.
        size: Entries that counted when the same was asked before, for an assessment that was sealed.
        renewed: When they had been cosigned anew then [s since 1970].
        dates: Further dates, for which `build_again` will be asked.
        progress: Told what is read, how many entries are done and how many there are.

    Cost: about 15 us an entry.
    """
    _clear(store)
    if folder is None or not (folder.exists() or folder.is_symlink()):
        return
    days = tuple(dict.fromkeys((as_of, *dates)))
    states, proven = _states(folder, days, size, renewed)
    try:
        if proven is not None:
            _fill(store, proven, states, progress or (lambda *_: None))
    except LogError as error:
        _clear(store)
        states = [_unreadable(state.origin, folder, error) for state in states]
    store.given |= TABLES
    _keep(store, dict(zip(days, states, strict=True)))
    build_again(store, as_of)


def build_again(store: Store, as_of: date) -> None:
    """Let the tables tell of another of the dates that were asked for; works on a locked database too."""
    if STATE not in store.given:
        return
    connection = store.connection
    connection.execute(f"delete from {STATE}")
    connection.execute(
        f"insert into {STATE} by name select origin, size, checkpoint_at, quorum, problem "
        f"from {_DAYS} where day = $day",
        {"day": as_of},
    )
    if not store.value(
        "select count(*) from duckdb_tables() where table_name = $t", {"t": _ALL + ENTRIES[0]}
    ):
        return
    size = store.value(f"select max(size) from {STATE}")
    for table in ENTRIES:
        connection.execute(f"delete from {table}")
        connection.execute(
            f"insert into {table} by name select * from {_ALL + table} where entry_index < $size",
            {"size": size},
        )


def _clear(store: Store) -> None:
    """Take out what was there before."""
    for table in sorted(TABLES):
        store.connection.execute(f"delete from {quoted(table)}")
    for table in (_DAYS, *(_ALL + entries for entries in ENTRIES)):
        store.connection.execute(f"drop table if exists {table}")
    store.given -= TABLES


def _states(
    folder: Path, days: Sequence[date], size: int | None, renewed: int | None
) -> tuple[list[State], Proven | None]:
    """Return what counts on each day, and the log; None where it cannot be read."""
    from netproof.integrity.proven import read_proven  # noqa: PLC0415 - only where there is a log

    try:
        proven = read_proven(folder)
    except LogError as error:
        return [_unreadable(FOLDER, folder, error)] * len(days), None
    return [proven.state(day, size, renewed) for day in days], proven


def _unreadable(origin: str, folder: Path, error: LogError) -> State:
    """Return the state of a log that does not hold; where its folder lies is the machine's own business."""
    from netproof.integrity.proven import State  # noqa: PLC0415

    return State(origin, problem=str(error).replace(str(folder), FOLDER))


def _fill(store: Store, proven: Proven, states: Sequence[State], progress: Progress) -> None:
    """Fill the tables of entries; those of all dates where the dates differ."""
    from netproof.integrity.entry_rows import batches  # noqa: PLC0415 - likewise

    sizes = {state.size for state in states}
    targets = {table: table if len(sizes) == 1 else _ALL + table for table in ENTRIES}
    for table, target in targets.items():
        if target != table:
            store.connection.execute(f"create table {target} as from {table}")
    for table, rows in batches(proven, max(sizes), progress):
        store.connection.register("_entries", rows)
        store.connection.execute(f"insert into {targets[table]} by name select * from _entries")
        store.connection.unregister("_entries")


def _keep(store: Store, states: Mapping[date, State]) -> None:
    """Keep the states of all dates."""
    store.connection.execute(
        f"create table {_DAYS} (day date, origin varchar, size bigint, checkpoint_at timestamp, "
        "quorum boolean, problem varchar)"
    )
    store.connection.executemany(
        f"insert into {_DAYS} values (?, ?, ?, ?, ?, ?)",
        [
            (day, one.origin, one.size, one.checkpoint_at, one.quorum, one.problem or None)
            for day, one in states.items()
        ],
    )
