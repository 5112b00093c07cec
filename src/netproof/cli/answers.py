"""Where answers go: a place that can be written is made sure of first, then the answer is written whole."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any

from netproof.cli import messages
from netproof.errors import ReportError
from netproof.report import write_file
from netproof.report.diff_registry import known, write_answer

if TYPE_CHECKING:
    from pathlib import Path

PAPER = 100
"""Columns of an answer that is written to a file."""


def check_output(output: Path | None) -> None:
    """Refuse a place that cannot be written before any work is done.

    Raises:
        ReportError: Its folder is not there.
    """
    if output is not None and not output.parent.is_dir():
        raise ReportError(
            f"{output}: expected a folder to write into, got none at {output.parent}",
            hint="make the folder first",
        )


def check_wish(answer: str, report_format: str, output: Path | None) -> None:
    """Refuse a format that an answer does not have, or a place that cannot be written.

    Raises:
        ReportError: As said.
    """
    known(answer, report_format)
    check_output(output)


def tell(answer: str, model: dict[str, Any], report_format: str, output: Path | None) -> None:
    """Write an answer where it is wanted."""
    width = PAPER if output is not None or not sys.stdout.isatty() else shutil.get_terminal_size().columns
    text = write_answer(answer, model, report_format, width=width)
    if output is None:
        sys.stdout.write(text)
        return
    write_file(output, text)
    messages.say(f"answer written to {output}")
