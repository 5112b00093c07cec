"""`netproof check`: make an assessment and write the report."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from netproof.checks.sandbox import Limits
from netproof.cli import exit_codes, messages
from netproof.errors import ReportError
from netproof.pipeline.request import Request
from netproof.pipeline.stages import date_of
from netproof.pipeline.supervisor import Assessment, assess
from netproof.report import FORMATS, write, write_file

if TYPE_CHECKING:
    from pathlib import Path


PAPER = 100
"""Columns of a terminal report that is written to a file."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for."""

    net: Path
    catalogues: tuple[str, ...] = ()
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
    if wish.output is not None and not wish.output.parent.is_dir():
        raise ReportError(
            f"{wish.output}: expected a folder to write into, got none at {wish.output.parent}",
            hint="make the folder first",
        )
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
        strict=wish.strict,
        findings_max=wish.findings_max,
        details=wish.details,
        limits=Limits(wish.memory_mb, wish.check_seconds),
    )
    with messages.progress() as progress:
        return assess(request, progress)


def tell(wish: Wish, assessment: Assessment) -> None:
    """Write the report where it is wanted, and beside it all findings where it does not list them."""
    model = assessment.model
    if wish.output is not None and assessment.findings:
        beside = wish.output.with_name(wish.output.stem + ".findings.parquet")
        _write_findings(beside, assessment.findings)
        for check in model["checks"]:
            if check["findings_total"] > len(check["findings"]):
                check["all_findings_file"] = beside.name
        messages.say(f"all findings are in {beside}")
    if wish.report_format == "terminal" and wish.output is None:
        _show(model)
        return
    text = write(model, wish.report_format, width=PAPER)
    if wish.output is None:
        sys.stdout.write(text)
        return
    write_file(wish.output, text)
    messages.say(f"report written to {wish.output}")


def _write_findings(path: Path, stream: bytes) -> None:
    """Write all findings as Parquet."""
    import pyarrow as pa  # noqa: PLC0415 - only for very many findings
    import pyarrow.parquet as pq  # noqa: PLC0415

    with pa.ipc.open_stream(stream) as reader:
        table = reader.read_all()
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    write_file(path, sink.getvalue().to_pybytes())


def _show(model: dict[str, Any]) -> None:
    """Print the report on the terminal."""
    from rich.console import Console  # noqa: PLC0415

    from netproof.report.terminal import show  # noqa: PLC0415

    show(model, Console(highlight=False))
