"""Words for verdicts: the terminal, JSON and one self-contained HTML file.

All are written from one report model, a plain dict that `pipeline` makes; a report
decides nothing. The same model gives the same bytes: no clock, no network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.report.files import write_file
from netproof.report.registry import FORMATS, writer

if TYPE_CHECKING:
    from netproof.report.words import Model

__all__ = ["FORMATS", "write", "write_file"]


def write(model: Model, format: str, *, width: int | None = None) -> str:  # noqa: A002 - the option is named so
    """The report as text.

    Args:
        model: Report model, version 1.
        format: A key of `FORMATS`.
        width: Columns of the paper, for formats that break lines; None: the format's own.

    Raises:
        ReportError: No such format, or the model lacks what the format shows.
    """
    return writer(format)(model, width)
