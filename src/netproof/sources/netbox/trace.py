"""Where a cable leads: through patch panels and circuits, to the next device, or why not.

Follows the algorithm by which NetBox itself traces (its `CablePath`): a rear port with several
positions is entered with the position on a stack, and left by the same position at the other
panel. Loops end, and a trace that splits too often stops.
"""

from __future__ import annotations

from dataclasses import dataclass

from netproof.sources.netbox.wiring import (
    CIRCUIT_END,
    FRONT,
    INTERFACE,
    NETWORK,
    REAR,
    Strand,
    Termination,
    Wiring,
)

STEPS_MAX = 4096
"""More ways than any real cable has; what is beyond is refused, not followed."""
LOOP = "the cables form a loop"
ONE_END = "the circuit has one recorded end: nobody knows where it leads"
NO_PORTS = "it ends in a patch panel whose ports are not among the answers (dcim.front-ports)"
NOT_WIRED = "it ends at a patch panel port that leads nowhere"
FANS_OUT = "it enters a patch panel port with several positions, and the position is not known"
LOOSE = "one of its ends is not connected"


@dataclass(frozen=True, slots=True)
class Path:
    """One way from a termination.

    Attributes:
        end: An interface, site or provider's network; None where the way stops before one.
        strands: Cables and radio links on it, in order.
        circuits: Circuits on it, in order.
        why: Why it stops; empty where it arrives.
    """

    end: Termination | None
    strands: tuple[Strand, ...] = ()
    circuits: tuple[int, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Step:
    """A way so far; it goes on over the cable at `at`."""

    at: Termination
    stack: tuple[int | None, ...]
    strands: tuple[Strand, ...]
    circuits: tuple[int, ...]
    seen: frozenset[Termination]


def paths(wiring: Wiring, start: Termination) -> list[Path]:
    """Return every way from a termination over its cable, each to its end.

    Cost: at most `STEPS_MAX` terminations.
    """
    found: list[Path] = []
    open_steps = [_Step(start, (), (), (), frozenset({start}))]
    steps = 0
    while open_steps:
        step = open_steps.pop()
        strand = wiring.strand_of.get(step.at)
        steps += 1 + (len(strand.far(step.at)) if strand else 0)
        if steps > STEPS_MAX:
            return [
                Path(
                    None, step.strands, step.circuits, f"its trace splits into more than {STEPS_MAX:,} steps"
                )
            ]
        if strand is None:
            found.append(Path(None, step.strands, step.circuits, NOT_WIRED if step.strands else LOOSE))
            continue
        if strand in step.strands:
            found.append(Path(None, step.strands, step.circuits, LOOP))
            continue
        strands = (*step.strands, strand)
        far = strand.far(step.at)
        if not far:
            found.append(Path(None, strands, step.circuits, LOOSE))
        for end in reversed(far):
            if end in step.seen:
                found.append(Path(None, strands, step.circuits, LOOP))
                continue
            onward = _Step(end, step.stack, strands, step.circuits, step.seen | {end})
            done, more = _arrive(wiring, onward)
            found += done
            open_steps += reversed(more)
    return found


def _arrive(wiring: Wiring, step: _Step) -> tuple[list[Path], list[_Step]]:
    """Return what follows when a cable arrives at a termination: ends, and ways onward."""
    kind = step.at[0]
    if kind == INTERFACE:
        return [Path(step.at, step.strands, step.circuits)], []
    if kind in (FRONT, REAR):
        return _through_panel(wiring, step)
    if kind == CIRCUIT_END:
        return _through_circuit(wiring, step)
    return [_stop(step, f"it ends at a {kind.partition('.')[2]}")], []


def _stop(step: _Step, why: str) -> Path:
    """Return a way that arrives nowhere."""
    return Path(None, step.strands, step.circuits, why)


def _through_panel(wiring: Wiring, step: _Step) -> tuple[list[Path], list[_Step]]:
    """Go from a front port to its rear port, or back."""
    rows = wiring.through.get(step.at, [])
    stack = step.stack
    if not rows:
        rear = wiring.single_rear.get(wiring.device_of.get(step.at, 0))
        if step.at[0] == FRONT and rear:
            # Every front port of a panel with one rear port leads to it; at which position is not known.
            return [], [_Step(rear, (*stack, None), step.strands, step.circuits, step.seen | {rear})]
        known = wiring.through or step.at in wiring.positions
        return [_stop(step, NOT_WIRED if known else NO_PORTS)], []
    if wiring.positions.get(step.at, 1) > 1:
        wanted = stack[-1] if stack else None
        if wanted is None and len(rows) > 1:
            return [_stop(step, FANS_OUT)], []
        stack = stack[:-1]
        rows = rows if wanted is None else [row for row in rows if row[0] == wanted]
    more = []
    for _, port, position in rows:
        if port not in step.seen:
            onward = (*stack, position) if wiring.positions.get(port, 1) > 1 else stack
            more.append(_Step(port, onward, step.strands, step.circuits, step.seen | {port}))
    return ([], more) if more else ([_stop(step, LOOP if rows else NOT_WIRED)], [])


def _through_circuit(wiring: Wiring, step: _Step) -> tuple[list[Path], list[_Step]]:
    """Go from one end of a circuit to the other."""
    here = wiring.circuit_ends.get(step.at[1])
    if here is None:
        return [_stop(step, "it ends at a circuit whose ends are not among the answers")], []
    circuits = (*step.circuits, here.circuit)
    other = wiring.circuit_ends.get(wiring.other_end.get(here.number, 0))
    if other is None:
        return [Path(None, step.strands, circuits, ONE_END)], []
    end = (CIRCUIT_END, other.number)
    if end in step.seen:
        return [Path(None, step.strands, circuits, LOOP)], []
    if other.place and (other.place[0] == NETWORK or end not in wiring.strand_of):
        return [Path(other.place, step.strands, circuits)], []
    if end in wiring.strand_of:
        return [], [_Step(end, step.stack, step.strands, circuits, step.seen | {end})]
    return [
        Path(None, step.strands, circuits, f"its circuit ends at a {other.kind or 'place nobody names'}")
    ], []
