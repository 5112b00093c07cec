"""Which formats a report can be written in.

A new format is one file with a function `text(model, width) -> str`, or `content(model) -> bytes`
where the format is no text, and one line here. Modules are imported when they are asked for: the
JSON of a check needs no Jinja2.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from netproof.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Callable

    from netproof.report.words import Model

    Writer = Callable[[Model, int | None], str]
    BinaryWriter = Callable[[Model], bytes]

FORMATS: Final = {
    "html": "as_html",
    "json": "as_json",
    "junit": "junit",
    "markdown": "markdown",
    "ocsf": "ocsf",
    "oscal": "oscal_results",
    "poam": "oscal_poam",
    "sarif": "sarif",
    "terminal": "terminal",
    "xlsx": "xlsx",
}
"""Name of a format and the file beside this one that writes it."""
BINARY: Final = frozenset({"xlsx"})
"""Formats that are bytes, not text: they go to a file, never to standard output."""
WITH_ROWS: Final = frozenset({"oscal", "poam"})
"""Formats that group findings and name the file that holds every row; it is written beside them."""

WITH_DETAILS: Final = frozenset({"html", "oscal", "poam"})
"""Formats that show more than the verdicts: the files read, and the page also sites, shares and rows."""


def writer(name: str) -> Writer:
    """The function that writes a format of text.

    Raises:
        ReportError: There is no such format, or it is no text.
    """
    if name in BINARY:
        raise ReportError(
            f"report: expected a format of text, got {name}, which is bytes",
            hint="`--output FILE` says where to write it",
        )
    return cast("Writer", import_module(f"netproof.report.{_module(name)}").text)


def binary_writer(name: str) -> BinaryWriter:
    """The function that writes a format of bytes; `name` is one of `BINARY`."""
    return cast("BinaryWriter", import_module(f"netproof.report.{_module(name)}").content)


def _module(name: str) -> str:
    """The file that writes a format."""
    if name not in FORMATS:
        raise ReportError(
            f"report: expected a format of {', '.join(FORMATS)}, got {name!r}",
            hint="`netproof check --help` lists the formats",
        )
    return FORMATS[name]
