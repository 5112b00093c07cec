"""The process that makes an assessment: reads the tables, then binds itself, then runs the checks.

Started by `supervisor`, which sends a request on standard input and reads frames from a pipe:
a kind (J or A), a length of 8 bytes, then JSON or an Arrow stream. Once it is bound this process
can write no file; what it found leaves through the pipe only.
"""

from __future__ import annotations

import json
import os
import struct
import sys
import warnings
from typing import TYPE_CHECKING, Any

from netproof.errors import NetproofError
from netproof.pipeline.request import Request
from netproof.sources.documents.judge import expected_judge

if TYPE_CHECKING:
    import pyarrow as pa

    from netproof.sources.documents.judge import Judge


class _Frames:
    """Writes frames to a pipe."""

    def __init__(self, descriptor: int) -> None:
        self._file = os.fdopen(descriptor, "wb")

    def send(self, event: dict[str, Any]) -> None:
        """Send an event."""
        self._write(b"J", json.dumps(event).encode())

    def send_table(self, table: pa.Table) -> None:
        """Send a table."""
        import pyarrow as pa  # noqa: PLC0415

        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        self._write(b"A", sink.getvalue().to_pybytes())

    def progress(self, stage: str, what: str, number: int, total: int) -> None:
        """Tell where the work is."""
        self.send({"event": "progress", "stage": stage, "what": what, "number": number, "total": total})

    def _write(self, kind: bytes, payload: bytes) -> None:
        self._file.write(kind + struct.pack(">Q", len(payload)) + payload)
        self._file.flush()


def assess(request: Request, frames: _Frames, judge: Judge) -> None:
    """Make an assessment and send it.

    The rooms are imported only here, while the process that takes documents apart gets ready beside it.
    """
    from netproof.checks.sandbox import limit_process  # noqa: PLC0415
    from netproof.pipeline.forecast import forecast  # noqa: PLC0415
    from netproof.pipeline.model import all_findings, model  # noqa: PLC0415
    from netproof.pipeline.stages import load, plan, run_checks  # noqa: PLC0415

    if request.dates:
        told = forecast(request, frames.progress, judge=judge, before=lambda: limit_process(request.limits))
        frames.send({"event": "done", "model": told})
        return
    asked = plan(request)
    store = load(request, asked, frames.progress, judge=judge)
    results = list(
        run_checks(store, request, asked, frames.progress, before=lambda: limit_process(request.limits))
    )
    frames.progress("tell", "report", 0, 1)
    told = model(store, request, asked, results)
    capped = any(check["findings_total"] > len(check["findings"]) for check in told["checks"])
    if capped or request.all_findings:
        frames.send_table(all_findings(store))
    frames.send({"event": "done", "model": told})


def main() -> int:
    """Serve one request."""
    frames = _Frames(int(sys.argv[1]))
    request = Request.from_json(json.load(sys.stdin))
    try:
        with expected_judge(request.home) as judge:
            assess(request, frames, judge)
    except NetproofError as error:
        frames.send(
            {"event": "error", "kind": type(error).__name__, "message": str(error), "hint": error.hint}
        )
    return 0


if __name__ == "__main__":
    warnings.simplefilter("default")
    code = main()
    sys.stdout.flush()
    # The tables need not be taken apart: the process ends here.
    os._exit(code)
