"""Feeds a parser hostile inputs in a child process that may crash, hang or eat memory.

Inputs that reach lines of the package that none before reached are kept and changed further. The same seed gives
the same inputs in the same order; an input that ends the parser in the wrong way is handed back.
"""

from __future__ import annotations

import mmap
import multiprocessing
import resource
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import netproof
from tests.fuzz.mutation import BYTES_MAX, mutated

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from types import CodeType, FrameType
    from typing import Any

    from netproof.errors import NetproofError

MORE_BYTES = 1 << 30
"""Address space that a child may take beside what it has at the start."""
HANG_S = 20.0
"""How long one input may take."""
_SOURCE = str(Path(netproof.__file__).parent)


@dataclass(frozen=True, slots=True)
class Target:
    """A parser.

    Attributes:
        seeds: good inputs.
        parse: Reads one input; whatever it returns is right.
        refusal: The one error that it may raise; its message can be shown.
    """

    name: str
    seeds: tuple[bytes, ...]
    parse: Callable[[bytes], object]
    refusal: type[NetproofError]


@dataclass(frozen=True, slots=True)
class Result:
    """What was seen.

    Attributes:
        lines: Lines of the package that were reached.
        slowest_s: The most computing that one input took [s].
        problem: What went wrong; empty: nothing.
        data: The input it went wrong with.
    """

    name: str
    executions: int = 0
    kept: int = 0
    lines: int = 0
    slowest_s: float = 0.0
    problem: str = ""
    data: bytes = b""


class Explorer:
    """Makes inputs and tries them, one after another."""

    def __init__(self, target: Target, seed: int, *, traced: bool) -> None:
        self.target = target
        self.random = Random(f"{target.name}/{seed}")  # noqa: S311 - chance that can be repeated
        self.kept = list(target.seeds)
        self.lines: set[tuple[CodeType, int]] = set()
        self.executions = 0
        self.slowest = 0.0
        self._traced = traced
        self._fresh = False

    def next(self) -> bytes:
        """Return the next input: first the good ones as they are."""
        if self.executions < len(self.target.seeds):
            return self.target.seeds[self.executions]
        return mutated(self.random.choice(self.kept), self.kept, self.random)

    def tried(self, data: bytes) -> str:
        """Try an input; return what went wrong, or nothing."""
        start = time.process_time()  # of this process, so that a busy machine makes no input slow
        problem = self._run(data)
        self.slowest = max(self.slowest, time.process_time() - start)
        if self._fresh and self.executions >= len(self.target.seeds):
            self.kept.append(data)
        self.executions += 1
        return problem

    def result(self, problem: str = "", data: bytes = b"") -> Result:
        """Return what was seen until now."""
        sizes = (self.executions, len(self.kept), len(self.lines))
        return Result(self.target.name, *sizes, self.slowest, problem, data)

    def _run(self, data: bytes) -> str:
        self._fresh = False
        if self._traced:
            sys.settrace(self._enter)
        try:
            self.target.parse(data)
        except self.target.refusal as error:
            return "" if str(error).isprintable() else f"a message that cannot be shown: {error!r}"
        except Exception:  # noqa: BLE001 - every other error is what is looked for
            return traceback.format_exc()
        finally:
            if self._traced:
                sys.settrace(None)
        return ""

    def _enter(self, frame: FrameType, _: str, __: Any) -> Any:
        return self._line if frame.f_code.co_filename.startswith(_SOURCE) else None

    def _line(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "line" and (place := (frame.f_code, frame.f_lineno)) not in self.lines:
            self.lines.add(place)
            self._fresh = True
        return self._line


def fuzzed(target: Target, seed: int, seconds: float, *, hang_s: float = HANG_S) -> Result:
    """Try a target in a child process for a time, or until something goes wrong."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    with mmap.mmap(-1, 16 + BYTES_MAX) as shared:
        child = context.Process(target=_child, args=(target, seed, seconds, theirs, shared), daemon=True)
        child.start()
        theirs.close()
        try:
            return _watched(target, ours, shared, hang_s)
        finally:
            child.kill()
            child.join()
            ours.close()


def _watched(target: Target, ours: Connection, shared: mmap.mmap, hang_s: float) -> Result:
    """Return the child's result, or what it was doing when it ended or stood still."""
    count, since = -1, time.monotonic()
    while not ours.poll(0.1):
        now = int.from_bytes(shared[:8], "big")
        if now != count:
            count, since = now, time.monotonic()
        elif time.monotonic() - since > hang_s:
            return Result(target.name, count, problem=f"no answer within {hang_s:g} s", data=_last(shared))
    try:
        result: Result = ours.recv()
    except EOFError:
        count = int.from_bytes(shared[:8], "big")
        return Result(target.name, count, problem="the process was ended by the input", data=_last(shared))
    return result


def _last(shared: mmap.mmap) -> bytes:
    """Return the input that the child is at."""
    return shared[16 : 16 + int.from_bytes(shared[8:16], "big")]


def _child(target: Target, seed: int, seconds: float, pipe: Connection, shared: mmap.mmap) -> None:
    """Try inputs; tells each one before it is tried."""
    used = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MORE_BYTES, used + MORE_BYTES))
    explorer = Explorer(target, seed, traced=True)
    end = time.monotonic() + seconds
    problem, data = "", b""
    while not problem and time.monotonic() < end:
        data = explorer.next()
        shared[8:16] = len(data).to_bytes(8, "big")
        shared[16 : 16 + len(data)] = data
        shared[:8] = explorer.executions.to_bytes(8, "big")
        problem = explorer.tried(data)
    pipe.send(explorer.result(problem, data if problem else b""))
