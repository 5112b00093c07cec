"""`netproof check`: make an assessment and write the report."""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from netproof.checks.sandbox import Limits
from netproof.cli import exit_codes, messages
from netproof.cli.answers import PAPER, check_output
from netproof.errors import ReportError
from netproof.pipeline.request import Request, date_of
from netproof.pipeline.supervisor import Assessment, assess
from netproof.report import BINARY, FORMATS, WITH_ROWS, write_any, write_file

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for."""

    net: Path
    catalogues: tuple[str, ...] = ()
    restrictions: tuple[str, ...] = ()
    as_of: date | None = None
    report_format: str = "terminal"
    output: Path | None = None
    strict: bool = False
    findings_max: int = 200
    details: bool = True
    check_seconds: float = 300.0
    memory_mb: int = 4096


def run(wish: Wish) -> int:
    """Check a network, write the report, and return the exit code."""
    if wish.report_format not in FORMATS:
        raise ReportError(f"--format: expected {', '.join(FORMATS)}, got {wish.report_format!r}")
    if wish.report_format in BINARY and wish.output is None:
        raise ReportError(
            f"--format {wish.report_format}: expected --output FILE, got standard output for a file of bytes",
            hint=f"add `--output report.{wish.report_format}`",
        )
    check_output(wish.output)
    assessment = assessed(wish)
    tell(wish, assessment)
    return exit_codes.of_model(assessment.model)


def assessed(wish: Wish) -> Assessment:
    """Make the assessment."""
    today = datetime.now(UTC).astimezone().date()
    request = Request(
        path=wish.net,
        as_of=date_of(wish.net, wish.as_of, today),
        catalogues=wish.catalogues,
        restrictions=wish.restrictions,
        strict=wish.strict,
        findings_max=wish.findings_max,
        details=wish.details,
        all_findings=wish.report_format in WITH_ROWS and wish.output is not None,
        limits=Limits(wish.memory_mb, wish.check_seconds),
    )
    with messages.progress() as progress:
        return assess(request, progress)


def tell(wish: Wish, assessment: Assessment) -> None:
    """Write the report where it is wanted, and beside it all findings where it does not list them."""
    model = assessment.model
    if wish.output is not None:
        _lay_beside(wish.output, wish.report_format, assessment)
    if wish.report_format == "terminal" and wish.output is None:
        _show(model)
        return
    report = write_any(model, wish.report_format, width=PAPER)
    if wish.output is not None:
        write_file(wish.output, report)
        messages.say(f"report written to {wish.output}")
    elif isinstance(report, str):  # `run` refuses bytes without a file
        sys.stdout.write(report)


def _lay_beside(output: Path, report_format: str, assessment: Assessment) -> None:
    """Write all findings beside the report where it does not list them, and name the file in the model."""
    model = assessment.model
    if not any(check["findings_total"] for check in model["checks"]) or not assessment.findings:
        return
    beside = output.with_name(output.stem + ".findings.parquet")
    rows, content = _parquet(assessment.findings)
    write_file(beside, content)
    messages.say(f"all findings are in {beside}")
    for check in model["checks"]:
        if check["findings_total"] > len(check["findings"]):
            check["all_findings_file"] = beside.name
    if report_format in WITH_ROWS:
        model["details"]["findings_file"] = {
            "name": beside.name,
            "href": quote(os.fsencode(beside.name)),
            "media_type": "application/vnd.apache.parquet",
            "sha256": hashlib.sha256(content).hexdigest(),
            "rows": rows,
        }


def _parquet(stream: bytes) -> tuple[int, bytes]:
    """Return how many findings there are, and all of them as Parquet."""
    import pyarrow as pa  # noqa: PLC0415 - only for findings in a file of their own
    import pyarrow.parquet as pq  # noqa: PLC0415

    with pa.ipc.open_stream(stream) as reader:
        table = reader.read_all()
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return table.num_rows, sink.getvalue().to_pybytes()


def _show(model: dict[str, Any]) -> None:
    """Print the report on the terminal."""
    from rich.console import Console  # noqa: PLC0415

    from netproof.report.terminal import show  # noqa: PLC0415

    show(model, Console(highlight=False))
