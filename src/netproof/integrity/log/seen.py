"""Which entries are in the log already?

By leaf hash: all hashes one after the other, and for most of them sorted runs of their first eight bytes with
the index; the newest stand in a dict. A hit is compared in full. About 48 bytes an entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netproof.tlog.encoding import HASH_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Run = tuple[NDArray[np.uint64], NDArray[np.uint64]]
    """First eight bytes of hashes, sorted, and the index of each."""

RECENT_MAX = 65_536


class Seen:
    """The leaf hashes of a log, by index.

    Args:
        hashes: those of the first entries, one after the other.
    """

    def __init__(self, hashes: bytes = b"") -> None:
        self._hashes = bytearray(hashes)
        self._runs: list[Run] = [_run(hashes, 0)] if hashes else []
        self._recent: dict[bytes, int] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._hashes) // HASH_BYTES

    def add(self, leaves: Sequence[bytes]) -> None:
        """Add the hashes of the next entries."""
        for index, leaf in enumerate(leaves, len(self)):
            self._recent.setdefault(leaf, index)
        self._hashes += b"".join(leaves)
        if len(self._recent) > RECENT_MAX:
            first = sum(len(keys) for keys, _ in self._runs)
            self._runs.append(_run(bytes(self._hashes[first * HASH_BYTES :]), first))
            self._recent = {}
            # Each run at least twice the next one: few runs to look in, each hash merged few times.
            while len(self._runs) > 1 and len(self._runs[-2][0]) < 2 * len(self._runs[-1][0]):
                last = self._runs.pop()
                self._runs[-1] = _merged(self._runs[-1], last)

    def find(self, leaves: Sequence[bytes]) -> list[int]:
        """Return the first index of each hash; -1 where it is new.

        Cost: log n a hash and run.
        """
        found = [self._recent.get(leaf, -1) for leaf in leaves]
        wanted = _keys(b"".join(leaves))
        for keys, places in reversed(self._runs):
            left = np.searchsorted(keys, wanted)
            near = keys[np.minimum(left, len(keys) - 1)]
            for at in np.flatnonzero(near == wanted).tolist():
                found[at] = self._first(leaves[at], keys, places, int(left[at]), found[at])
        return found

    def _first(
        self, leaf: bytes, keys: NDArray[np.uint64], places: NDArray[np.uint64], at: int, known: int
    ) -> int:
        """Return the index of a hash among those that begin as it does; `known` where it is no one's."""
        key = keys[at]
        while at < len(keys) and keys[at] == key:
            start = int(places[at]) * HASH_BYTES
            if self._hashes[start : start + HASH_BYTES] == leaf:
                return int(places[at])
            at += 1
        return known


def _keys(hashes: bytes) -> NDArray[np.uint64]:
    """Return the first eight bytes of each hash as a number."""
    return np.frombuffer(hashes, dtype=np.uint64)[:: HASH_BYTES // 8]


def _run(hashes: bytes, first: int) -> Run:
    """Return a run of hashes whose first has this index."""
    keys = _keys(hashes)
    order = np.argsort(keys, kind="stable")
    return keys[order], order.astype(np.uint64) + np.uint64(first)


def _merged(left: Run, right: Run) -> Run:
    """Return two runs as one; equal keys keep the order of their indexes."""
    keys = np.concatenate([left[0], right[0]])
    order = np.argsort(keys, kind="stable")
    return keys[order], np.concatenate([left[1], right[1]])[order]
