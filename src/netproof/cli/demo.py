"""`netproof demo`: write the example operator, check it, and say where the report lies."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast, get_args

from netproof.cli import messages
from netproof.cli.check import Wish, assessed, tell
from netproof.demo import Format, write
from netproof.errors import ReportError
from netproof.report.terminal import summary

if TYPE_CHECKING:
    from pathlib import Path


def run(folder: Path, *, sites: int, seed: int, file_format: str, check_it: bool) -> None:
    """Write the example operator; with `check_it`, print its summary and write its report."""
    if file_format not in get_args(Format):
        raise ReportError(f"--format: expected {' or '.join(get_args(Format))}, got {file_format!r}")
    chosen = cast("Format", file_format)
    with messages.progress() as progress:
        write(folder, sites=sites, seed=seed, format=chosen, progress=lambda *at: progress("writing", *at))
    messages.say(f"example operator written to {folder} (made up: see its README.md)")
    if not check_it:
        return
    assessment = assessed(Wish(net=folder))
    sys.stdout.write(summary(assessment.model))
    sys.stdout.flush()
    report = folder.with_name(folder.name + "-report.html")
    tell(Wish(net=folder, report_format="html", output=report), assessment)
