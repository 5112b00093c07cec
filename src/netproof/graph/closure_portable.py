"""Needs and their spread without compiled kernels: the integers of native/closure.cpp, in numpy and scipy.

`graph.closure` says what the arrays mean and chooses between the two.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph.distinct import distinct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from netproof.graph.closure import ArrangedRules, Rules

    Found = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]
    Run = Callable[[NDArray[np.int64], NDArray[np.int32]], Found]
    _Index = tuple[list[int], list[int], list[int], list[int]]

# Words of scenario bits gathered at once; keeps a block of a whole nation's rules in tens of megabytes.
_WORDS_AT_ONCE = 1 << 22


def gather(
    start: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the entries of the wanted lists lie, list after list, and where each list now starts."""
    size = start[wanted + 1] - start[wanted]
    first = np.zeros(wanted.size + 1, np.int64)
    np.cumsum(size, out=first[1:])
    return np.arange(first[-1]) + np.repeat(start[wanted] - first[:-1], size), first


def uses(rules: Rules, kept: NDArray[np.bool_] | None = None) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return, for each element, the rules (rising) of which it is a member; only rules that are `kept`."""
    rule = np.repeat(np.arange(rules.rules, dtype=np.int32), np.diff(rules.member_start))
    member = rules.member
    if kept is not None:
        member, rule = member[kept[rule]], rule[kept[rule]]
    start = np.zeros(rules.elements + 1, np.int64)
    np.cumsum(np.bincount(member, minlength=rules.elements), out=start[1:])
    return start, rule[np.argsort(member, kind="stable")]


def order(rules: Rules) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return for each element the smallest element of its cycle (itself where there is none), and its level.

    The level is the length of the longest chain of needs below an element's cycle.
    """
    from scipy.sparse import coo_array  # noqa: PLC0415 - costs a third of a second, and only where needed
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    n = rules.elements
    if n == 0:
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    head = np.repeat(rules.target, np.diff(rules.member_start))
    edges = coo_array((np.ones(head.size, np.bool_), (rules.member, head)), shape=(n, n))
    _, label = connected_components(edges, directed=True, connection="strong")
    smallest = np.full(n, n, np.int64)
    np.minimum.at(smallest, label, np.arange(n))
    group = smallest[label]
    tail, head = group[rules.member], group[head]
    tail, head = tail[tail != head], head[tail != head]
    start = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(tail, minlength=n), out=start[1:])
    head = head[np.argsort(tail, kind="stable")]
    waits = np.bincount(head, minlength=n)
    level = np.zeros(n, np.int32)
    ready = np.flatnonzero(waits == 0)
    depth = 0
    while ready.size:
        level[ready] = depth
        reached, times = np.unique(head[gather(start, ready)[0]], return_counts=True)
        waits[reached] -= times
        ready = reached[waits[reached] == 0]
        depth += 1
    return group.astype(np.int32), level[group]


def closures(rules: Rules) -> Run:
    """Return a function from events' starts and elements to ends, elements and causes of what is down."""
    use_start, use = uses(rules)
    needed = np.diff(use_start) > 0
    index = (use_start.tolist(), use.tolist(), rules.target.tolist(), np.diff(rules.member_start).tolist())
    n = max(rules.elements, 1)

    def run(start: NDArray[np.int64], element: NDArray[np.int32]) -> Found:
        event = np.repeat(np.arange(start.size - 1, dtype=np.int64), np.diff(start))
        own = distinct(event * n + element[start[0] : start[-1]])
        found, why = _spread_events(index, own[needed[own % n]], n)
        fresh = ~np.isin(found, own)
        keys = np.concatenate([own, found[fresh]])
        cause = np.concatenate([np.full(own.size, -1, np.int32), why[fresh]])
        rank = np.argsort(keys)
        keys = keys[rank]
        return np.searchsorted(keys, np.arange(1, start.size) * n), (keys % n).astype(np.int32), cause[rank]

    return run


def _spread_events(
    index: _Index, needed: NDArray[np.int64], n: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return what goes down besides what `needed` holds, and why; keys are event * n + element."""
    use_start, use, target, size = index
    found: list[int] = []
    why: list[int] = []
    for low, high in pairwise([0, *(np.flatnonzero(np.diff(needed // n)) + 1).tolist(), needed.size]):
        base = int(needed[low]) // n * n if low < high else 0
        front = (needed[low:high] - base).tolist()
        down = set(front)
        left: dict[int, int] = {}
        while front:
            taken: dict[int, int] = {}
            for one in front:
                for rule in use[use_start[one] : use_start[one + 1]]:
                    left[rule] = left.get(rule, size[rule]) - 1
                    if left[rule] == 0 and target[rule] not in down:
                        taken[target[rule]] = min(taken.get(target[rule], rule), rule)
            front = list(taken)
            down.update(front)
            found.extend(base + one for one in front)
            why.extend(taken.values())
    return np.array(found, np.int64), np.array(why, np.int32)


def spread_bits(rules: ArrangedRules, rows: NDArray[np.uint64], *, alive: bool) -> None:
    """Spread what is down through rows of scenario bits, in place."""
    for low, high, repeat in zip(
        rules.block_start[:-1].tolist(),
        rules.block_start[1:].tolist(),
        rules.block_repeat.tolist(),
        strict=True,
    ):
        changed = _apply(rules, rows, np.arange(low, high), alive=alive)
        while repeat and changed.size:
            again = distinct(rules.use[gather(rules.use_start, changed)[0]])
            again = again[(again >= low) & (again < high)].astype(np.int64)
            changed = _apply(rules, rows, again, alive=alive)


def _apply(
    rules: ArrangedRules, rows: NDArray[np.uint64], these: NDArray[np.int64], *, alive: bool
) -> NDArray[np.int64]:
    """Apply rules once, in order, and return the elements whose bits changed."""
    together, join = (np.bitwise_or, np.bitwise_and) if alive else (np.bitwise_and, np.bitwise_or)
    changed = []
    for part in _parts(rules, these, rows.shape[1]):
        member, first = gather(rules.member_start, part)
        holds = together.reduceat(rows[rules.member[member]], first[:-1], axis=0)
        target = rules.target[part]
        new = np.flatnonzero(np.diff(target, prepend=-1))
        target, holds = target[new].astype(np.int64), join.reduceat(holds, new, axis=0)
        before = rows[target]
        after = join(before, holds)
        rows[target] = after
        changed.append(target[(before != after).any(axis=1)])
    return distinct(np.concatenate(changed)) if changed else np.zeros(0, np.int64)


def _parts(rules: ArrangedRules, these: NDArray[np.int64], words: int) -> Iterator[NDArray[np.int64]]:
    """Yield the rules in runs whose members' bits fit in memory together."""
    size = np.cumsum(rules.member_start[these + 1] - rules.member_start[these]) * max(words, 1)
    cuts = np.flatnonzero(np.diff(size // _WORDS_AT_ONCE)) + 1
    yield from (part for part in np.split(these, cuts) if part.size)
