"""How much is lost, and how often, when things fail at random: independently and by common cause.

Scenarios are drawn from the odds of nodes, links and events with a seed; the same seed gives the same
scenarios whatever the block size and the engine. Arrays in, arrays out: no tables, no files, no clock.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import numpy as np

from netproof.graph import library, sample_portable
from netproof.graph.asking import Handed, turns
from netproof.graph.chance import FailureModel, failures
from netproof.graph.closure import arrange, spread_bits
from netproof.graph.draw import Chances, Draw
from netproof.graph.elimination import Program, answered
from netproof.graph.library import Engine, address, kernels
from netproof.graph.samples import Failing, Samples
from netproof.graph.scenarios import words_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from netproof.graph.asking import Asking
    from netproof.graph.closure import ArrangedRules, Rules
    from netproof.graph.multigraph import Multigraph, Need

__all__ = ["Failing", "FailureModel", "Samples", "failing", "sample"]

MOST = 2**31 - 2
# Nodes and links that one call into the compiled kernels passes by, so that progress is told often enough.
_AT_ONCE = 1 << 24


def sample(  # noqa: PLR0913 - who computes, how and how much are the caller's to say
    program: Program,
    needs: Sequence[Need],
    model: FailureModel,
    scenarios: int,
    seed: int,
    rules: Rules | None = None,
    *,
    blame: int = 0,
    words: int | None = None,
    engine: Engine | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Samples:
    """Return what is lost in random scenarios.

    Args:
        program: Answer of `eliminate` for the graph.
        needs: Who needs what.
        model: The odds of what may fail.
        scenarios: How many are drawn.
        seed: From 0 to 2^64 - 1; the same seed gives the same scenarios.
        rules: What else goes down with what; their elements are the graph's nodes, then its links.
        blame: The need by whose losses elements are blamed.
        words: Words of 64 scenarios a block has, 1, 4 or 8; it decides about time and memory, never about
            the answer. None: by the number of scenarios.
        engine: Who computes; None: whoever made the program.
        progress: Called between blocks with scenarios done and all scenarios.

    Raises:
        ValueError: Model, needs or rules do not fit the graph, or a number is out of range.
        MemoryError: The kernel's rows do not fit.

    Cost: O(n + m + g) words for each block of 64, and O(1) for each failure and each difference to a
        neighbour; memory 64 bytes for each node with neighbours that hang on it, and for each link on a ring.
    Source: `eliminate` for the answer, `chance.failures` for the draw.
    Twin: `sample_portable.run`, one search for components a scenario; the same scenarios.
    """
    graph = program.graph
    model.check(graph)
    _check(graph, needs, scenarios, blame, words, rules)
    ready = None if rules is None else arrange(rules)
    native = program.engine(engine) is Engine.NATIVE
    wide = (words or words_for(scenarios)) if native else 1
    asked = list(turns(needs, graph.nodes, wide))
    parts: list[tuple[list[int], Samples]] = []
    for turn, (at, asking) in enumerate(asked):

        def told(done: int, before: int = turn * scenarios) -> None:
            if progress is not None:
                progress(before + done, len(asked) * scenarios)

        draw = Draw(model, scenarios, seed, at.index(blame) if blame in at else None)
        if native:
            parts.append((at, _native(program, asking, draw, ready, wide, told)))
        else:
            parts.append((at, sample_portable.run(graph, asking, draw, ready, told)))
    return _together(parts, len(needs))


def failing(
    graph: Multigraph,
    model: FailureModel,
    scenarios: int,
    seed: int,
    wanted: NDArray[np.int64],
    *,
    engine: Engine | None = None,
) -> Failing:
    """Return what failed of itself in some scenarios of a sample: say, in the worst ones.

    Args:
        graph: The graph of the sample.
        model: Its odds.
        scenarios: How many were drawn.
        seed: Its seed.
        wanted: int64[], the scenarios asked for.
        engine: Who draws.

    Raises:
        ValueError: The model does not fit the graph, or a scenario was not drawn.

    Cost: O(failures of the whole sample), as elements skip from one failure to the next; nothing is solved.
    Twin: `chance.failures`, which yields them all.
    """
    model.check(graph)
    if wanted.size and not 0 <= int(wanted.min()) <= int(wanted.max()) < scenarios:
        raise ValueError(
            f"expected scenarios from 0 to {scenarios - 1}, got {wanted.min()} to {wanted.max()}"
        )
    asked = np.zeros(scenarios, bool)
    asked[wanted] = True
    if library.engine(engine) is Engine.PORTABLE:
        blocks = [
            (element[asked[when]], when[asked[when]])
            for _, element, when in failures(model.pace(), seed, scenarios, sample_portable.BLOCK)
        ]
        element, when = (
            (np.concatenate(side) for side in zip(*blocks, strict=True)) if blocks else np.zeros((2, 0))
        )
    else:
        element, when = _native_failing(Chances(Draw(model, scenarios, seed, None)), asked)
    order = np.lexsort((element, when))
    element, when = element[order], when[order]
    first, last = np.searchsorted(when, wanted), np.searchsorted(when, wanted, side="right")
    chosen = [element[a:b] for a, b in zip(first, last, strict=True)]
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(last - first)])
    return Failing(start, np.concatenate([np.zeros(0, np.int32), *chosen]).astype(np.int32))


def _check(
    graph: Multigraph,
    needs: Sequence[Need],
    scenarios: int,
    blame: int,
    words: int | None,
    rules: Rules | None,
) -> None:
    """Refuse what cannot be sampled.

    Raises:
        ValueError: A number is out of range, or the rules are for another graph.
    """
    if not 0 <= scenarios <= MOST:
        raise ValueError(f"expected 0 to {MOST} scenarios, got {scenarios}")
    if not needs:
        raise ValueError("expected somebody who needs something, got no needs")
    if not 0 <= blame < len(needs):
        raise ValueError(f"expected a need from 0 to {len(needs) - 1} to blame by, got {blame}")
    if words not in (None, 1, 4, 8):
        raise ValueError(f"expected blocks of 1, 4 or 8 words, got {words}")
    if rules is not None and rules.elements != graph.nodes + graph.links:
        raise ValueError(f"expected rules for {graph.nodes + graph.links} elements, got {rules.elements}")


def _together(parts: list[tuple[list[int], Samples]], needs: int) -> Samples:
    """Return the parts' needs in the order they were asked in; one part at most has somebody to blame."""

    def placed(name: str) -> NDArray[np.int64]:
        rows: list[NDArray[np.int64]] = [getattr(part, name) for _, part in parts]
        together = rows[0] if len(rows) == 1 else np.concatenate(rows)
        # Rows of a million nodes are not copied without need.
        return together if (np.diff(back) == 1).all() else together[back]

    back = np.argsort(np.array([one for at, _ in parts for one in at], np.int64), kind="stable")
    places = [one for _, part in parts for one in part.place_unavailable]
    hits, blamed = (np.sum([getattr(part, name) for _, part in parts], axis=0) for name in ("hits", "blamed"))
    return Samples(
        placed("lost"),
        placed("places"),
        placed("unavailable"),
        tuple(places[at] for at in back[:needs]),
        placed("baseline"),
        placed("baseline_places"),
        hits,
        blamed,
    )


def _native(
    program: Program,
    asking: Asking,
    draw: Draw,
    rules: ArrangedRules | None,
    words: int,
    told: Callable[[int], None],
) -> Samples:
    """Return what the compiled kernels find."""
    graph, native = program.graph, kernels()
    handed, chances = Handed(asking), Chances(draw)
    found = draw.empty(graph, asking)
    made = ctypes.c_void_p()
    answered(
        native.netproof_sample_open(
            program.pointer,
            ctypes.byref(handed.asked),
            ctypes.byref(chances.handed),
            ctypes.c_int32(words),
            address(found.baseline),
            address(found.baseline_places),
            ctypes.byref(made),
        )
    )
    try:
        losses = (address(found.lost), address(found.places))
        rows = np.zeros((0 if rules is None else graph.nodes + graph.links, words), np.uint64)
        step = (
            64 * words if rules is not None else 64 * words * max(1, _AT_ONCE // max(1, graph.nodes * words))
        )
        for first in range(0, draw.scenarios, step):
            start, end = ctypes.c_int64(first), min(first + step, draw.scenarios)
            if rules is None:
                answered(native.netproof_sample_run(made, start, ctypes.c_int64(end), *losses))
            else:
                answered(native.netproof_sample_draw(made, start, address(rows)))
                spread_bits(rules, rows, engine=Engine.NATIVE)
                answered(native.netproof_sample_solve(made, start, address(rows), *losses))
            told(end)
        without = np.zeros((len(asking.classes), graph.nodes), np.int32)
        dark = np.zeros(sum(one.size for one in found.place_unavailable), np.int32)
        answered(
            native.netproof_sample_result(
                made,
                ctypes.c_int32(draw.scenarios),
                address(without),
                address(dark),
                address(found.hits),
                address(found.blamed),
            )
        )
    finally:
        native.netproof_sample_free(made)
    found.unavailable[:] = without[asking.need_class]
    cuts = np.cumsum([one.size for one in found.place_unavailable])
    for one, part in zip(found.place_unavailable, np.split(dark, cuts[:-1]), strict=True):
        one[:] = part
    return found


def _native_failing(
    chances: Chances, wanted: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return elements that fail of themselves in the scenarios wanted, and when."""
    room = 1 << 16
    while True:
        element, when = np.zeros((2, room), np.int32)
        found = kernels().netproof_sample_failing(
            ctypes.byref(chances.handed),
            ctypes.c_int64(chances.elements),
            address(wanted),
            ctypes.c_int64(room),
            address(element),
            address(when),
        )
        if found <= room:
            return element[:found], when[:found]
        room = found
