"""The process in which documents are taken apart: bound in memory and time, and expendable.

Started by `judge`. Reads on standard input one JSON line for the trust anchors, then one for each document,
each followed by the bytes that it announces; answers each with one JSON line. Whatever a hostile file makes
it do, the parent has an answer: an error that nobody foresaw is told as the last line, silence is an end.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from netproof.sources.documents.signature import Trust, read_trust, verify_on
from netproof.sources.documents.verdict import UNFORESEEN, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

MEMORY = 1_000_000_000
"""Memory that taking one document apart may cost, in address space [bytes]."""


def _say(file: BinaryIO, answer: dict[str, Any]) -> None:
    """Send one answer."""
    file.write(json.dumps(answer, default=str).encode() + b"\n")
    file.flush()


def _bind(seconds: int) -> None:
    """Bind this process: no files, so much memory and time."""
    used = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def serve(given: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the input ends."""
    head = json.loads(given.readline())
    try:
        trust = read_trust([(name, given.read(size)) for name, size in head["trust"]])
    except ValueError as error:
        _say(answers, {"refused": str(error)})
        return
    _say(answers, {"anchors": len(trust.anchors)})
    dates = [date.fromisoformat(day) for day in head["dates"]]
    while line := given.readline():
        _say(answers, _told(_answer(json.loads(line), given, trust, dates)))


def _told(verdicts: list[Verdict]) -> dict[str, Any]:
    """Return verdicts as an answer: the different ones, and for each date which of them."""
    different = list(dict.fromkeys(verdicts))
    return {
        "verdicts": [asdict(verdict) for verdict in different],
        "on": [different.index(verdict) for verdict in verdicts],
    }


def _answer(job: dict[str, Any], given: BinaryIO, trust: Trust, dates: Sequence[date]) -> list[Verdict]:
    """Return the verdict on the next document for each date."""
    content = given.read(job["size"])
    detached = None if job["detached"] is None else given.read(job["detached"])
    try:
        return verify_on(content, detached, trust, dates)
    except MemoryError:
        return [Verdict("unverified", reason="taking it apart needs too much memory")]


def main() -> None:
    """Serve the parent."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logging.disable()

    def last_words(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
        words = " ".join(f"{kind.__name__}: {error}".split())[:200]
        _say(answers, _told([Verdict("unverified", reason=f"{UNFORESEEN} ({words})")]))

    sys.excepthook = last_words
    _bind(int(sys.argv[1]))
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
