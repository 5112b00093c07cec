"""Are all new entries there, and what do they say?

Every entry is hashed again against the verified tree and then read. What is learned is committed as far as
nothing is missing: after a hole the rest is still looked at, so that all that is wrong is told, but the next
audit begins at the hole again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from netproof.errors import LogError, SourceError
from netproof.integrity.audit.finding import Finding, Findings, Kind
from netproof.integrity.audit.source import told
from netproof.tlog.reader import TileReader
from netproof.tlog.tiles import BUNDLE, TILE_WIDTH, Tile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netproof.integrity.audit.ahead import Ahead
    from netproof.integrity.audit.facts import Facts
    from netproof.tlog.checkpoint import Checkpoint

Progress = Callable[[int, int], None]
Take = Callable[[int, bytes], None]
HOLES_MAX = 16
"""Bundles that may be missing or wrong before the rest is left unread."""
WINDOW = 8
"""Bundles that are fetched ahead; each has at most 17 MB, mostly far less."""
_COMMIT_BUNDLES = 256


class Reading:
    """Reads the entries that no earlier audit has read.

    Args:
        facts: what earlier entries said; `read_to` is where this begins.
        findings: where findings go.
        take: judges an entry.
        settle: hands what was judged to the facts, before a commit.
    """

    def __init__(self, facts: Facts, findings: Findings, take: Take, settle: Callable[[], None]) -> None:
        self._facts = facts
        self._findings = findings
        self._take = take
        self._settle = settle
        self.read = 0

    def run(self, tree: Checkpoint, ahead: Ahead, progress: Progress) -> None:
        """Read all entries of a tree from `facts.read_to` on.

        Raises:
            LogError: the unfinished tiles are not the tree's.
            SourceError: they cannot be had.
        """
        reader = TileReader(tree, ahead.read)
        start = self._facts.read_to
        bundles = range(start // TILE_WIDTH, -(-tree.size // TILE_WIDTH))
        holes = 0
        for index in bundles:
            ahead.begin(_tiles(tree.size, range(index, min(index + WINDOW, bundles.stop))))
            first = max(start, index * TILE_WIDTH)
            try:
                entries = reader.entries(index)
            except (LogError, SourceError) as error:
                if not holes:
                    self._commit()
                holes += 1
                self._hole(error, first)
                if holes == HOLES_MAX:
                    text = f"entries after bundle {index} were not read: {holes} bundles are missing or wrong"
                    self._findings.add(Finding(Kind.UNAVAILABLE, text, (index + 1) * TILE_WIDTH))
                    break
                continue
            for number, entry in enumerate(entries[first - index * TILE_WIDTH :], first):
                self._take(number, entry)
            self.read += len(entries) - (first - index * TILE_WIDTH)
            progress(self.read, tree.size - start)
            if not holes:
                self._facts.read_to = index * TILE_WIDTH + len(entries)
                if index % _COMMIT_BUNDLES == _COMMIT_BUNDLES - 1:
                    self._commit()
        if holes:
            self._facts.rollback()
        else:
            self._commit()

    def _hole(self, error: LogError | SourceError, first: int) -> None:
        """Take the finding for a bundle that is missing or wrong."""
        kind = Kind.BAD_ENTRIES if isinstance(error, LogError) else Kind.UNAVAILABLE
        self._findings.add(Finding(kind, told(error), first))

    def _commit(self) -> None:
        """Keep what was learned."""
        self._settle()
        self._facts.commit()


def _tiles(size: int, bundles: range) -> Iterator[Tile]:
    """Yield the tiles that some bundles need: their own, and the leaf hashes beside full ones."""
    for index in bundles:
        width = min(TILE_WIDTH, size - index * TILE_WIDTH)
        if width == TILE_WIDTH:
            # Those beside the unfinished bundle were read with the tree's edge.
            yield Tile(0, index)
        yield Tile(BUNDLE, index, width)
