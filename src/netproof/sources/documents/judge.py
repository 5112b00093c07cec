"""Asks another process whose signature a document carries, so that a hostile file harms nobody.

A process that ends or falls silent costs its document the verdict `unverified`; the next document gets a new
process. After a number of such ends the rest is not looked at any more, and says so.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
from contextlib import suppress
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from netproof.errors import SourceError
from netproof.sources.documents.verdict import UNFORESEEN, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

FOLDER = "documents"
"""Below which folder of a network its documents lie."""
BESIDE = ".p7s"
"""What is added to a document's name for the signature that lies beside it."""
_SIGNED_SUFFIXES = (".pdf", BESIDE)
_LOOKED_THROUGH_MAX = 1000
"""Files by whose names it is guessed whether any signature is to be looked at."""
SECONDS = 30.0
"""Time for one document [s]."""
ENDS_MAX = 20
"""After so many documents that ended their process, no further one is looked at."""
LOOKED_AT_MAX = 10_000
"""Documents whose signatures are looked at in one run."""
_CPU_SECONDS = 3600
_READER = "netproof.sources.documents.reader"


class Judge:
    """Verifies documents, one after another."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        """Make a judge; its process starts with the first document, or with `begin`.

        Args:
            seconds: Time for one document [s].
        """
        self._trust: Sequence[tuple[str, bytes]] = ()
        self._dates: tuple[date, ...] = ()
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._greeted = False
        self._ends = 0
        self._asked = 0

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._end()

    def begin(self) -> None:
        """Start the process before it is needed: until it can answer takes longer than most answers."""
        if self._process is None:
            self._launch()

    def trust(self, files: Sequence[tuple[str, bytes]], dates: Sequence[date]) -> None:
        """Say whom to trust and when.

        Args:
            files: Names and bytes of the files with trust anchors and revocation lists.
            dates: The dates of judgement, at least one.
        """
        self._trust, self._dates = files, tuple(dates)

    def ask(self, content: bytes, detached: bytes | None) -> tuple[Verdict, ...]:
        """Return what is known of a document's signatures on each date.

        Args:
            content: The document.
            detached: The CMS signature that lies beside it, if one does.

        Raises:
            SourceError: A file of trust anchors cannot be read.
        """
        if self._asked >= LOOKED_AT_MAX:
            return self._unverified(f"more than {LOOKED_AT_MAX:,} documents")
        if self._ends >= ENDS_MAX:
            return self._unverified(f"not looked at: {ENDS_MAX} documents broke the reader")
        self._asked += 1
        job = {"size": len(content), "detached": None if detached is None else len(detached)}
        answer = self._exchange(json.dumps(job).encode() + b"\n" + content + (detached or b""))
        if answer is None:
            self._ends += 1
            self._end()
            return self._unverified("taking it apart did not end within its time or memory")
        verdicts = [_verdict(raw) for raw in answer["verdicts"]]
        if verdicts[0].reason.startswith(UNFORESEEN):
            self._ends += 1
            self._end()
        if len(verdicts) == 1:
            return tuple(verdicts * len(self._dates))
        return tuple(verdicts[place] for place in answer["on"])

    def _unverified(self, reason: str) -> tuple[Verdict, ...]:
        """Return for each date that nothing is known."""
        return (Verdict("unverified", reason=reason),) * len(self._dates)

    def _exchange(self, message: bytes) -> dict[str, Any] | None:
        """Send a message and return the answer; None where there is none in time."""
        process = self._process if self._process and self._greeted else self._start()
        return self._sent(process, message)

    def _sent(self, process: subprocess.Popen[bytes], message: bytes) -> dict[str, Any] | None:
        """Send a message to a process and return its answer."""
        assert process.stdin is not None  # noqa: S101 - opened in _launch
        with suppress(BrokenPipeError):
            process.stdin.write(message)
            process.stdin.flush()
        return self._line(process)

    def _launch(self) -> subprocess.Popen[bytes]:
        """Start a process."""
        self._greeted = False
        self._process = subprocess.Popen(  # noqa: S603 - our own module, by our own interpreter
            [sys.executable, "-m", _READER, str(_CPU_SECONDS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        """Return a process that knows the trust anchors and the dates."""
        process = self._process or self._launch()
        head = {
            "dates": [day.isoformat() for day in self._dates],
            "trust": [[name, len(content)] for name, content in self._trust],
        }
        blobs = b"".join(content for _, content in self._trust)
        hello = self._sent(process, json.dumps(head).encode() + b"\n" + blobs)
        if hello is None or "refused" in hello:
            self._end()
            why = hello["refused"] if hello else "expected its files to be read, got none"
            raise SourceError(f"trust/{why}", hint="put in certificates and CRLs only, in PEM or DER")
        self._greeted = True
        return process

    def _line(self, process: subprocess.Popen[bytes]) -> dict[str, Any] | None:
        """Return the next line as JSON."""
        assert process.stdout is not None  # noqa: S101 - opened in _launch
        if not select.select([process.stdout], [], [], self._seconds)[0]:
            return None
        line = process.stdout.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def _end(self) -> None:
        """End the process, if there is one."""
        if self._process is None:
            return
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        self._process.wait()
        self._process = None


def expected_judge(home: Path) -> Judge:
    """Return a judge of a network's documents, begun where it seems that there are signatures to look at.

    Args:
        home: The network's folder.
    """
    judge = Judge()
    some = islice((home / FOLDER).rglob("*"), _LOOKED_THROUGH_MAX)
    if any(path.suffix.lower() in _SIGNED_SUFFIXES for path in some):
        judge.begin()
    return judge


def _verdict(raw: Mapping[str, Any]) -> Verdict:
    """Return a verdict from an answer."""
    day = raw["signed_on"]
    return Verdict(raw["signature"], raw["signer"], date.fromisoformat(day) if day else None, raw["reason"])
