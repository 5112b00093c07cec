"""Which formats a report can be written in.

A new format is one file with a function `(model, width) -> str` and one line here.
Modules are imported when they are asked for: the JSON of a check needs no Jinja2.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from netproof.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Callable

    from netproof.report.words import Model

    Writer = Callable[[Model, int | None], str]

FORMATS: Final = {
    "html": "as_html",
    "json": "as_json",
    "terminal": "terminal",
}
"""Name of a format and the file beside this one whose `text` writes it."""


def writer(name: str) -> Writer:
    """The function that writes a format.

    Raises:
        ReportError: There is no such format.
    """
    if name not in FORMATS:
        raise ReportError(
            f"report: expected a format of {', '.join(FORMATS)}, got {name!r}",
            hint="`netproof check --help` lists the formats",
        )
    return cast("Writer", import_module(f"netproof.report.{FORMATS[name]}").text)
