"""Starts the worker, watches it, and starts it again without a check that stopped it.

A worker that is silent for longer than a check may take is killed. Whatever happens to it, the
answer names every check.
"""

from __future__ import annotations

import json
import os
import select
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from netproof import errors
from netproof.errors import CheckError

if TYPE_CHECKING:
    from netproof.pipeline.request import Request

_GRACE_S = 5.0
_ERROR_CHARACTERS = 2000

Progress = Callable[[str, str, int, int], None]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What came of a request.

    Attributes:
        model: The report model.
        findings: Arrow stream of all findings where the model does not list them all, else empty.
    """

    model: dict[str, Any]
    findings: bytes


class _Stopped(Exception):  # noqa: N818 - not an error of the caller's, but a state of the worker
    """The worker ended before it was done."""

    def __init__(self, check: str, why: str) -> None:
        super().__init__(why)
        self.check = check
        self.why = why


class _Words:
    """What a worker says on standard error, read beside its frames so that it never blocks."""

    def __init__(self, worker: subprocess.Popen[bytes]) -> None:
        self._worker = worker
        self._said = b""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        if self._worker.stderr is not None:
            with self._worker.stderr as file:
                self._said = file.read()

    def all(self) -> str:
        """Wait for the worker's end and return all that it said."""
        self._worker.wait()
        self._thread.join()
        return self._said.decode("utf-8", "replace").strip()

    def last(self) -> str:
        """Return in words how the worker ended."""
        lines = self.all()[-_ERROR_CHARACTERS:].splitlines()
        code = self._worker.returncode
        how = f"signal {-code}" if code < 0 else f"code {code}"
        said = lines[-1] if lines else "no words"
        return f"expected it to finish within its memory, got an end by {how} ({said})"


def assess(request: Request, progress: Progress) -> Assessment:
    """Make an assessment in a process of its own.

    Args:
        request: What is asked.
        progress: Told the stage, what it works on, its number and how many there are.

    Returns:
        The report model.

    Raises:
        NetproofError: As the worker raised it.
        CheckError: The worker ended outside any check.
    """
    stopped = dict(request.stopped)
    while True:
        try:
            return _attempt(replace(request, stopped=stopped), progress)
        except _Stopped as end:
            if not end.check or end.check in stopped:
                raise CheckError(f"the assessment stopped: {end.why}") from end
            stopped[end.check] = end.why


def _attempt(request: Request, progress: Progress) -> Assessment:
    """Run one worker to its end."""
    reading, writing = os.pipe()
    worker = subprocess.Popen(  # noqa: S603 - our own module, by our own interpreter
        [sys.executable, "-m", "netproof.pipeline.worker", str(writing)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        pass_fds=[writing],
    )
    os.close(writing)
    words = _Words(worker)
    try:
        _send(worker, request)
        return _listen(words, reading, request, progress)
    finally:
        os.close(reading)
        worker.kill()
        words.all()


def _send(worker: subprocess.Popen[bytes], request: Request) -> None:
    """Send the request; a worker that is gone already is noticed by who listens."""
    assert worker.stdin is not None  # noqa: S101 - opened above
    try:
        worker.stdin.write(json.dumps(request.to_json()).encode())
        worker.stdin.close()
    except BrokenPipeError:
        pass


def _listen(words: _Words, reading: int, request: Request, progress: Progress) -> Assessment:
    """Read the worker's frames until it is done."""
    check, findings = "", b""
    while True:
        frame = _frame(reading, request.limits.seconds + _GRACE_S if check else None)
        if frame is None:
            raise _Stopped(check, f"expected an answer within {request.limits.seconds:g} s, got none")
        kind, payload = frame
        if not kind:
            raise _Stopped(check, words.last())
        if kind == b"A":
            findings = payload
            continue
        event = json.loads(payload)
        if event["event"] == "progress":
            check = event["what"] if event["stage"] == "check" else ""
            progress(event["stage"], event["what"], event["number"], event["total"])
        elif event["event"] == "error":
            raise getattr(errors, event["kind"])(event["message"], hint=event["hint"])
        else:
            return Assessment(event["model"], findings)


def _frame(reading: int, seconds: float | None) -> tuple[bytes, bytes] | None:
    """Return the next frame; an empty kind at the end, None where it does not come in time."""
    head = _exactly(reading, 9, seconds)
    if head is None:
        return None
    if len(head) < 9:
        return b"", b""
    payload = _exactly(reading, struct.unpack(">Q", head[1:])[0], seconds)
    return None if payload is None else (head[:1], payload)


def _exactly(reading: int, size: int, seconds: float | None) -> bytes | None:
    """Return so many bytes, fewer at the end, None where nothing comes in time."""
    parts: list[bytes] = []
    while size:
        if not select.select([reading], [], [], seconds)[0]:
            return None
        part = os.read(reading, min(size, 1 << 20))
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
