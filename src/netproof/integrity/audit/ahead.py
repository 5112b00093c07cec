"""Fetches tiles before they are asked for, a few at a time.

Over a network most of an audit's time is waiting for one small file after another. Threads wait instead; what
they fetch is verified by whoever asks for it, as ever.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Future

    from netproof.integrity.audit.source import Source
    from netproof.tlog.tiles import Tile


class Ahead:
    """Reads of a source, some of which were begun earlier.

    Args:
        source: where tiles are read.
        threads: how many wait at the same time; 0 reads only when asked.
    """

    def __init__(self, source: Source, threads: int) -> None:
        self._source = source
        self._pool = ThreadPoolExecutor(threads) if threads else None
        self._begun: dict[Tile, Future[bytes]] = {}

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Drop what nobody asked for; what is being fetched is waited for, within its deadline."""
        for future in self._begun.values():
            future.cancel()
        if self._pool is not None:
            self._pool.shutdown()

    def begin(self, tiles: Iterable[Tile]) -> None:
        """Begin to fetch tiles, those that are not under way yet."""
        if self._pool is not None:
            for tile in tiles:
                if tile not in self._begun:
                    self._begun[tile] = self._pool.submit(self._source.read, tile)

    def read(self, tile: Tile) -> bytes:
        """Return a tile, or raise what its fetch raised."""
        future = self._begun.pop(tile, None)
        return self._source.read(tile) if future is None else future.result()
