"""What goes down with what: needs, alternatives, and their spread to the fixed point.

Elements are a network's nodes, then its links: element `nodes + l` is link `l`. A rule takes its target down
when all of its members are down: one member is a plain need, several are a group of alternatives. An element
may have several rules. Needs may run in cycles; a cycle of plain needs goes down together.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import finalize

import numpy as np

from netproof.graph import closure_portable, library
from netproof.graph.library import Engine, address

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

# Between two of these a caller hears of progress, and can stop.
_EVENTS_AT_ONCE = 1 << 16


@dataclass(frozen=True, slots=True)
class Rules:
    """Which elements need which.

    Attributes:
        elements: How many elements there are, numbered from 0.
        target: int32[r], the element that each rule takes down.
        member_start: int64[r + 1], where each rule's members start in `member`; no rule is without members.
        member: int32[member_start[r]], elements that must all be down for the rule to hold.

    Raises:
        ValueError: The arrays do not fit each other, or name an element that does not exist.
    """

    elements: int
    target: NDArray[np.int32]
    member_start: NDArray[np.int64]
    member: NDArray[np.int32]

    def __post_init__(self) -> None:
        """Refuse what is no set of rules, before a kernel reads outside its arrays."""
        for name, kind in (("target", np.int32), ("member_start", np.int64), ("member", np.int32)):
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), kind))
        check_lists(self.member_start, self.member, self.target.size, self.elements)
        if self.target.size and int(np.diff(self.member_start).min()) < 1:
            raise ValueError("expected at least one member in each rule, got a rule without members")
        if self.target.size and not 0 <= int(self.target.min()) <= int(self.target.max()) < self.elements:
            raise ValueError(f"expected targets from 0 to {self.elements - 1}")

    @property
    def rules(self) -> int:
        """How many rules there are."""
        return int(self.target.size)


def check_lists(start: NDArray[np.int64], element: NDArray[np.int32], lists: int, elements: int) -> None:
    """Refuse lists of elements whose parts do not fit each other.

    Raises:
        ValueError: `start` is not one rising row of `lists` + 1 numbers from 0 to the length of `element`, or
            `element` names an element that does not exist.
    """
    if start.shape != (lists + 1,) or int(start[0]) != 0 or int(start[-1]) != element.size:
        raise ValueError(f"expected {lists + 1} starts from 0 to {element.size}, got {start.size}")
    if lists and int(np.diff(start).min()) < 0:
        raise ValueError("expected starts that do not fall")
    if element.size and not 0 <= int(element.min()) <= int(element.max()) < elements:
        raise ValueError(
            f"expected elements from 0 to {elements - 1}, got {element.min()} to {element.max()}"
        )


@dataclass(frozen=True, slots=True)
class ArrangedRules:
    """Rules in an order in which members come before targets, for `spread_bits` here and in native/closure.h.

    Attributes:
        elements, target, member_start, member: As in `Rules`, the rules in the new order.
        block_start: int32[b + 1], where each block of rules starts; targets rise within a block.
        block_repeat: uint8[b], 1 where the needs of a block run in cycles.
        use_start: int64[elements + 1], where each element's part of `use` starts.
        use: int32[], rules of repeating blocks in which the element is a member.
    """

    elements: int
    target: NDArray[np.int32]
    member_start: NDArray[np.int64]
    member: NDArray[np.int32]
    block_start: NDArray[np.int32]
    block_repeat: NDArray[np.uint8]
    use_start: NDArray[np.int64]
    use: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Closures:
    """All that is down in each event.

    Attributes:
        start: int64[events + 1], where each event's part starts.
        element: int32[], elements that are down, rising within an event.
        cause: int32[], the rule that took each down, or -1 where it is one of the event's own. Where several
            rules hold, it is the one that holds after the fewest steps; among those, the first.
    """

    start: NDArray[np.int64]
    element: NDArray[np.int32]
    cause: NDArray[np.int32]


def arrange(rules: Rules, *, engine: Engine | None = None) -> ArrangedRules:
    """Return the rules in an order in which members come before targets, for `spread_bits`.

    Cost: O(elements + members), and a sort of the rules.
    Twin: `closure_portable.order`.
    """
    group, level = _order(rules, engine)
    inside = _in_cycles(group)
    block = level[rules.target].astype(np.int64) * 2 + inside[rules.target]
    rank = np.argsort(block * max(rules.elements, 1) + rules.target, kind="stable")
    entries, member_start = closure_portable.gather(rules.member_start, rank)
    ordered = Rules(rules.elements, rules.target[rank], member_start, rules.member[entries])
    block = block[rank]
    cuts = np.flatnonzero(np.diff(block, prepend=-1)).astype(np.int32)
    use_start, use = _uses_in_cycles(ordered, inside)
    return ArrangedRules(
        elements=rules.elements,
        target=ordered.target,
        member_start=ordered.member_start,
        member=ordered.member,
        block_start=np.append(cuts, np.int32(rules.rules)).astype(np.int32),
        block_repeat=(block[cuts] % 2).astype(np.uint8),
        use_start=use_start,
        use=use,
    )


def _in_cycles(group: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which elements share their cycle with another."""
    return np.bincount(group)[group] > 1 if group.size else np.zeros(0, np.bool_)


def _uses_in_cycles(rules: Rules, inside: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return, for each element, the rules with targets in cycles of which it is a member."""
    if not inside.any():
        return np.zeros(rules.elements + 1, np.int64), np.zeros(0, np.int32)
    return closure_portable.uses(rules, inside[rules.target])


def _order(rules: Rules, wanted: Engine | None) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return for each element the smallest element of its cycle, and its level."""
    if library.engine(wanted) is Engine.PORTABLE:
        return closure_portable.order(rules)
    group, level = np.zeros(rules.elements, np.int32), np.zeros(rules.elements, np.int32)
    code = library.kernels().netproof_closure_order(*_rules(rules), address(group), address(level))
    _answer(code)
    return group, level


def cycles(rules: Rules, *, engine: Engine | None = None) -> list[NDArray[np.int32]]:
    """Return the groups of elements that need each other in a circle, and elements that need themselves.

    Alternatives count as needs here: a circle through a group of them is named, though it may never close.

    Returns:
        int32[], elements of each group, rising; groups by their first element.

    Cost: O(elements + members). Source: Tarjan 1972, strongly connected components.
    Twin: `closure_portable.order`.
    """
    group, _ = _order(rules, engine)
    circular = _in_cycles(group)
    target = np.repeat(rules.target, np.diff(rules.member_start))
    circular[target[target == rules.member]] = True
    element = np.flatnonzero(circular).astype(np.int32)
    element = element[np.argsort(group[element], kind="stable")]
    cuts = np.flatnonzero(np.diff(group[element], prepend=-1))
    return np.split(element, cuts[1:]) if element.size else []


def closures(
    rules: Rules,
    start: NDArray[np.int64],
    element: NDArray[np.int32],
    *,
    engine: Engine | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Closures:
    """Return everything that is down in each event: its own elements, and all that cannot work without them.

    Args:
        rules: What goes down with what.
        start: int64[events + 1], where each event's own elements start in `element`.
        element: int32[], the events' own elements, in any order; naming one twice changes nothing.
        engine: Who computes.
        progress: Called with events done and events in all.

    Raises:
        ValueError: `start` and `element` do not fit, or name an element that does not exist.
        MemoryError: The closures do not fit in memory.

    Cost: O(elements + members), and for each event the members of the rules it touches, and a sort.
    Twin: `closure_portable.closures`.
    """
    start, element = np.ascontiguousarray(start, np.int64), np.ascontiguousarray(element, np.int32)
    check_lists(start, element, start.size - 1, rules.elements)
    portable = library.engine(engine) is Engine.PORTABLE
    run = closure_portable.closures(rules) if portable else _native_closures(rules)
    events = start.size - 1
    parts = [(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32))]
    for low in range(0, events, _EVENTS_AT_ONCE):
        high = min(low + _EVENTS_AT_ONCE, events)
        ends, found, cause = run(start[low : high + 1], element)
        parts.append((ends + parts[-1][0][-1], found, cause))
        if progress is not None:
            progress(high, events)
    return Closures(
        np.concatenate([part[0] for part in parts]),
        np.concatenate([part[1] for part in parts]),
        np.concatenate([part[2] for part in parts]),
    )


def _native_closures(rules: Rules) -> closure_portable.Run:
    """Return the compiled kernel as a function of some events."""
    call, state = library.kernels(), ctypes.c_void_p()
    _answer(call.netproof_closure_open(*_rules(rules), ctypes.byref(state)))

    def run(start: NDArray[np.int64], element: NDArray[np.int32]) -> closure_portable.Found:
        size = ctypes.c_int64()
        many = ctypes.c_int64(start.size - 1)
        _answer(
            call.netproof_closure_events(state, many, address(start), address(element), ctypes.byref(size))
        )
        ends = np.zeros(start.size - 1, np.int64)
        found, cause = np.zeros(size.value, np.int32), np.zeros(size.value, np.int32)
        call.netproof_closure_take(state, address(ends), address(found), address(cause))
        return ends, found, cause

    # The rules' arrays are read as long as the state lives.
    finalize(run, lambda _: call.netproof_closure_close(state), rules)
    return run


def spread_bits(
    rules: ArrangedRules, rows: NDArray[np.uint64], *, alive: bool = False, engine: Engine | None = None
) -> None:
    """Spread what is down through rows of scenario bits, in place, to the fixed point.

    Args:
        rules: Answer of `arrange`.
        rows: uint64[elements, words], 64 scenarios a word: 1 where the element is down.
        alive: The bits are 1 where the element is up instead.
        engine: Who computes.

    Raises:
        ValueError: `rows` has not a row for each element, or does not lie in one piece.

    Cost: O(words * members); needs in cycles are repeated where a member changed.
    Twin: `closure_portable.spread_bits`.
    """
    if (
        rows.ndim != 2
        or rows.shape[0] != rules.elements
        or rows.dtype != np.uint64
        or not rows.flags.c_contiguous
    ):
        raise ValueError(
            f"expected uint64[{rules.elements}, words] in one piece, got {rows.dtype}{list(rows.shape)}"
        )
    if library.engine(engine) is Engine.PORTABLE:
        closure_portable.spread_bits(rules, rows, alive=alive)
        return
    _answer(
        library.kernels().netproof_closure_spread(
            *arranged(rules), address(rows), ctypes.c_int64(rows.shape[1]), ctypes.c_int32(alive)
        )
    )


def arranged(rules: ArrangedRules) -> tuple[object, ...]:
    """Return the first ten arguments of `netproof_closure_spread`; keep `rules` alive while they are used."""
    return (
        ctypes.c_int32(rules.elements),
        ctypes.c_int32(rules.target.size),
        address(rules.target),
        address(rules.member_start),
        address(rules.member),
        ctypes.c_int32(rules.block_repeat.size),
        address(rules.block_start),
        address(rules.block_repeat),
        address(rules.use_start),
        address(rules.use),
    )


def _rules(rules: Rules) -> tuple[object, ...]:
    """Return rules as arguments of a compiled kernel."""
    return (
        ctypes.c_int32(rules.elements),
        ctypes.c_int32(rules.rules),
        address(rules.target),
        address(rules.member_start),
        address(rules.member),
    )


def _answer(code: int) -> None:
    """Raise what a compiled kernel could not do."""
    if code != 0:
        raise MemoryError("the closure of events does not fit in memory")
