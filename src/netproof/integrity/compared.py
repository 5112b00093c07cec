"""What another operator's log says of releases: rows of table compared_release.

The log is read whole, every entry verified against a checkpoint that the policy accepts. A policy that lies
beside that log would let it choose its own judges, so the caller gives one. Products and suppliers are called
what the other operator calls them. Source: C2SP tlog-tiles, tlog-policy (5ba5ee8).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.integrity.audit.ahead import Ahead
from netproof.tlog.reader import TileReader
from netproof.tlog.statement import Kind, read_statement
from netproof.tlog.tiles import BUNDLE, TILE_WIDTH, Tile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from netproof.integrity.audit.source import Source
    from netproof.tlog.policy import Judged, Policy

HEADER = ("log", "entry_index", "supplier_id", "product_id", "version", "part", "sha256")
"""Columns of the rows, as table compared_release has them."""
ENTRIES_MAX = 20_000_000
"""Most entries of a log that is compared with; a head of more is refused, whoever signed it."""
_THREADS = 4
_AHEAD = 8

Row = tuple[str, str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """Another operator's log.

    Attributes:
        where: Folder or address.
        origin: What its checkpoints call it.
        proven_by: By then a quorum had cosigned the checkpoint [s since 1970]; None: no quorum is asked for.
        rows: Its releases, as text.
        not_statements: Entries that are none of netproof's statements; they count as bytes only.
    """

    where: str
    origin: str
    size: int
    proven_by: int | None
    rows: tuple[Row, ...]
    not_statements: int


def compared(
    source: Source, policy: Policy, *, progress: Callable[[int, int], None] = lambda *_: None
) -> Compared:
    """Read another operator's log.

    Args:
        source: Where it is read.
        policy: Which logs and witnesses count; the caller's own.
        progress: Told how many entries were read, and how many there are.

    Raises:
        LogError: The checkpoint is not good by the policy, the log is too large, or an entry is not its own.
        SourceError: Something cannot be had.
    """
    try:
        return _read(source, policy.judge(source.checkpoint()), progress)
    except LogError as error:
        raise LogError(f"{source.where}: {error}", hint=error.hint) from error


def _read(source: Source, judged: Judged, progress: Callable[[int, int], None]) -> Compared:
    """Read the entries of a checkpoint that the policy accepts."""
    tree = judged.checkpoint
    if tree.size > ENTRIES_MAX:
        raise LogError(f"expected at most {ENTRIES_MAX:,} entries, got {tree.size:,}")
    rows: list[Row] = []
    others = 0
    with Ahead(source, _THREADS) as ahead:
        reader = TileReader(tree, ahead.read)
        bundles = range(-(-tree.size // TILE_WIDTH))
        for index in bundles:
            ahead.begin(_tiles(tree.size, bundles[index : index + _AHEAD]))
            for number, entry in enumerate(reader.entries(index), index * TILE_WIDTH):
                row = _row(entry, number, tree.origin)
                others += row is None
                if row:
                    rows.append(row)
            progress(min(tree.size, (index + 1) * TILE_WIDTH), tree.size)
    return Compared(source.where, tree.origin, tree.size, judged.proven_by, tuple(rows), others)


def _row(entry: bytes, number: int, origin: str) -> Row | tuple[()] | None:
    """Return an entry as a row; empty: it is no release; None: it is no statement."""
    try:
        statement = read_statement(entry)
    except LogError:
        return None
    if statement.kind is not Kind.RELEASE:
        return ()
    values = statement.values
    return (
        origin,
        str(number),
        values["supplier"],
        values["product"],
        values["release"],
        values.get("component", ""),
        statement.digests["sha256"],
    )


def _tiles(size: int, bundles: range) -> Iterator[Tile]:
    """Yield the tiles that some bundles need: their own, and the leaf hashes beside full ones."""
    for index in bundles:
        width = min(TILE_WIDTH, size - index * TILE_WIDTH)
        if width == TILE_WIDTH:
            yield Tile(0, index)
        yield Tile(BUNDLE, index, width)
