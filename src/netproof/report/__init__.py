"""Words for verdicts: for people on the terminal, in HTML, Markdown and XLSX; for tools in the rest.

All are written from one report model, a plain dict that `pipeline` makes; a report
decides nothing. The same model gives the same bytes: no clock, no network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.errors import ReportError
from netproof.report.files import write_file
from netproof.report.registry import BINARY, FORMATS, WITH_DETAILS, WITH_ROWS, binary_writer, writer

if TYPE_CHECKING:
    from netproof.report.words import Model

__all__ = ["BINARY", "FORMATS", "WITH_DETAILS", "WITH_ROWS", "write", "write_any", "write_file"]


def write(model: Model, format: str, *, width: int | None = None) -> str:  # noqa: A002 - the option is named so
    """The report as text.

    Args:
        model: Report model, version 1.
        format: A key of `FORMATS` that is not in `BINARY`.
        width: Columns of the paper, for formats that break lines; None: the format's own.

    Raises:
        ReportError: No such format, it is no text, or the model lacks what the format shows.
    """
    try:
        return writer(format)(model, width)
    except KeyError as error:
        raise ReportError(f"report: expected a whole report model, got one without {error}") from error


def write_any(model: Model, format: str, *, width: int | None = None) -> bytes | str:  # noqa: A002
    """The report as it goes to a file: bytes for the formats in `BINARY`, else text.

    Args:
        model: Report model, version 1.
        format: A key of `FORMATS`.
        width: As in `write`.

    Raises:
        ReportError: As in `write`.
    """
    if format not in BINARY:
        return write(model, format, width=width)
    try:
        return binary_writer(format)(model)
    except KeyError as error:
        raise ReportError(f"report: expected a whole report model, got one without {error}") from error
