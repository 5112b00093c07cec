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
from typing import TYPE_CHECKING, Any, Self

from netproof.errors import SourceError
from netproof.sources.documents.verdict import UNFORESEEN, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

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

    def __init__(self, trust: Sequence[tuple[str, bytes]], as_of: date, *, seconds: float = SECONDS) -> None:
        """Make a judge; its process starts with the first document.

        Args:
            trust: Names and bytes of the files with trust anchors and revocation lists.
            as_of: The date of judgement.
            seconds: Time for one document [s].
        """
        self._trust = trust
        self._as_of = as_of
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
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

    def ask(self, content: bytes, detached: bytes | None) -> Verdict:
        """Return what is known of a document's signatures.

        Args:
            content: The document.
            detached: The CMS signature that lies beside it, if one does.

        Raises:
            SourceError: A file of trust anchors cannot be read.
        """
        if self._asked >= LOOKED_AT_MAX:
            return Verdict("unverified", reason=f"more than {LOOKED_AT_MAX:,} documents")
        if self._ends >= ENDS_MAX:
            return Verdict("unverified", reason=f"not looked at: {ENDS_MAX} documents broke the reader")
        self._asked += 1
        job = {"size": len(content), "detached": None if detached is None else len(detached)}
        answer = self._exchange(json.dumps(job).encode() + b"\n" + content + (detached or b""))
        if answer is None:
            self._ends += 1
            self._end()
            return Verdict("unverified", reason="taking it apart did not end within its time or memory")
        if answer["reason"].startswith(UNFORESEEN):
            self._ends += 1
            self._end()
        day = answer["signed_on"]
        return Verdict(
            answer["signature"], answer["signer"], date.fromisoformat(day) if day else None, answer["reason"]
        )

    def _exchange(self, message: bytes) -> dict[str, Any] | None:
        """Send a message and return the answer; None where there is none in time."""
        process = self._process or self._start()
        assert process.stdin is not None  # noqa: S101 - opened in _start
        with suppress(BrokenPipeError):
            process.stdin.write(message)
            process.stdin.flush()
        return self._line(process)

    def _start(self) -> subprocess.Popen[bytes]:
        """Start a process and give it the trust anchors."""
        self._process = process = subprocess.Popen(  # noqa: S603 - our own module, by our own interpreter
            [sys.executable, "-m", _READER, str(_CPU_SECONDS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        head = {
            "as_of": self._as_of.isoformat(),
            "trust": [[name, len(content)] for name, content in self._trust],
        }
        blobs = b"".join(content for _, content in self._trust)
        hello = self._exchange(json.dumps(head).encode() + b"\n" + blobs)
        if hello is None or "refused" in hello:
            self._end()
            why = hello["refused"] if hello else "expected its files to be read, got none"
            raise SourceError(f"trust/{why}", hint="put in certificates and CRLs only, in PEM or DER")
        return process

    def _line(self, process: subprocess.Popen[bytes]) -> dict[str, Any] | None:
        """Return the next line as JSON."""
        assert process.stdout is not None  # noqa: S101 - opened in _start
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
