"""The pages of tables and errors.

Specifications and the error tree in, Markdown out. What a page says of a table or an error stands in the
data: a page that is wrong is mended there.
"""

from __future__ import annotations

import inspect
import re
from itertools import takewhile
from typing import TYPE_CHECKING

from netproof import errors
from netproof.cli import exit_codes
from netproof.tables.spec import ColumnSpec, ColumnType, TableKind, TableSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MADE = "<!-- Made by `make docs`. Change the source, not this page. -->\n\n"

TYPE_MEANINGS = {
    ColumnType.ID: "text that names one row among many",
    ColumnType.DICTIONARY: "text that repeats (a supplier, a version)",
    ColumnType.VOCABULARY: "one of a list of words",
    ColumnType.TEXT: "any text",
    ColumnType.LIST: "several texts in one field, separated by semicolons: `a;b`",
    ColumnType.INTEGER: "a whole number: `1200`",
    ColumnType.NUMBER: "a number with a decimal point: `0.6`",
    ColumnType.BOOLEAN: "`true` or `false`",
    ColumnType.DATE: "ISO 8601: `2026-11-01`",
    ColumnType.TIMESTAMP: "ISO 8601, with its offset from UTC: `2026-11-01T08:30:00Z`",
    ColumnType.DIGEST: "SHA-256 as 64 hexadecimal digits",
}

GIVERS = {TableKind.INPUT: "you", TableKind.REFERENCE: "the catalogue", TableKind.COMPUTED: "netproof"}


MADE_WHEN_READ = {
    "version_key": "The sort key of every version that a table names; NULL where it cannot be read. Versions "
    "are compared by their keys, with `<`, never by text. Key: product_id, version.",
    "certificate_range": "The versions that each certificate covers, as sort keys: from_key belongs to them, "
    "upto_key does not. Key: certificate_id.",
}
"""Tables that reading itself makes; they have no query to take a comment from."""


def one_line(text: object) -> str:
    """Return a text in one line."""
    return " ".join(str(text).split())


def _cell(text: object) -> str:
    """Return text that fits in one cell of a Markdown table."""
    return one_line(text).replace("|", "\\|")


def rows(headings: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    text = ["| " + " | ".join(headings) + " |", "|" + " --- |" * len(headings)]
    text += ["| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines]
    return "\n".join(text) + "\n"


def _allowed(column: ColumnSpec) -> str:
    """Say in words what a column's values may be."""
    parts = []
    if column.references:
        parts.append("a key of " + " or ".join(f"[{name}](#{name})" for name in column.references))
    if column.vocabulary:
        parts.append(", ".join(f"`{word}`" for word in column.vocabulary))
        if column.open:
            parts.append("other words are kept and reported")
    if column.minimum is not None:
        parts.append(f"at least {column.minimum:g}")
    if column.maximum is not None:
        parts.append(f"at most {column.maximum:g}")
    return "; ".join(parts)


def _column(column: ColumnSpec) -> tuple[str, str, str, str]:
    """Return a column's line: name, type, meaning, what is allowed."""
    name = f"`{column.name}`" + (" (required)" if column.required else "")
    kind = column.type.value + (f" [{column.unit}]" if column.unit else "")
    return name, kind, column.meaning, _allowed(column)


def _comment(sql: str) -> str:
    """Return the comment that a query begins with."""
    lines = takewhile(lambda line: line.startswith("--"), sql.splitlines())
    return " ".join(line.removeprefix("--").strip() for line in lines)


def _computed(name: str, meaning: str, columns: Sequence[str]) -> str:
    """Return a computed table's part of the page."""
    listed = ", ".join(f"`{column}`" for column in columns)
    return f"\n### {name}\n\n{meaning}\n\nColumns: {listed}.\n"


def tables(
    specs: Mapping[str, TableSpec], computed: Mapping[str, str], columns: Mapping[str, Sequence[str]]
) -> str:
    """Return the page of all tables.

    Args:
        specs: Tables that somebody gives.
        computed: Queries of the tables that netproof computes, by name.
        columns: Columns of every table, by name.
    """
    text = MADE + (
        "# Tables\n\n"
        "A network is a folder with one file a table: `<table>.csv`, `<table>.parquet`, or a folder "
        "`<table>/` of Parquet parts. A table that you do not have may be missing: what depends on it then "
        "lacks evidence. An empty field means unknown, never no. A column of your own begins with `x_`.\n\n"
        "## How values are written\n\n"
    )
    text += rows(("type", "written as"), ((f"`{kind}`", TYPE_MEANINGS[kind]) for kind in ColumnType))
    text += "\n## All tables\n\n"
    text += rows(
        ("table", "what a row is", "who gives it"),
        ((f"[{s.name}](#{s.name})", s.meaning, GIVERS[s.kind]) for s in specs.values()),
    )
    for spec in specs.values():
        text += f"\n## {spec.name}\n\n{spec.title}. {spec.meaning}\n\n"
        text += "Key: " + ", ".join(f"`{name}`" for name in spec.key) + ".\n"
        if spec.standard:
            text += f"Elsewhere: {spec.standard}.\n"
        text += "\n" + rows(("column", "type", "meaning", "allowed"), map(_column, spec.columns))
    text += (
        "\n## Computed tables\n\n"
        "netproof makes these, those with a date in their words for the date of the check. Checks may read "
        "them; a folder may not bring them.\n"
    )
    made = MADE_WHEN_READ | {name: _comment(sql) for name, sql in computed.items()}
    return text + "".join(_computed(name, made[name], columns[name]) for name in sorted(made))


def error_classes() -> list[type[errors.NetproofError]]:
    """Return every error class that netproof raises, in the order of the file."""
    members = [value for value in vars(errors).values() if inspect.isclass(value)]
    return [value for value in members if issubclass(value, errors.NetproofError)]


def error_page(sources: Mapping[str, str]) -> str:
    """Return the page of all errors.

    Args:
        sources: Text of every file of the package, by its path in the package.
    """
    text = MADE + (
        "# Errors\n\n"
        "An error stops the command with exit code 2. It says the place, what was expected and what was got, "
        "and where there is something to do, a hint:\n\n"
        "```text\nerror: <place>: expected <this>, got <that>\n\nhint: <what to do>\n```\n\n"
        "Nothing is half-written: a report appears whole or not at all. A bad row does not stop the command: "
        "it is kept in `import_issue` and counted, unless `--strict` is given.\n\n"
    )
    lines = []
    for kind in error_classes():
        users = sorted({path.split("/")[0] for path, code in sources.items() if _raises(kind.__name__, code)})
        meaning = (kind.__doc__ or "").strip().splitlines()[0]
        lines.append(
            (
                f"`{kind.__name__}`",
                meaning,
                ", ".join(f"`{user}`" for user in users) or "(the root of the others)",
            )
        )
    text += rows(("error", "meaning", "raised in"), lines)
    text += "\n## Exit codes\n\n" + rows(
        ("code", "meaning"),
        (
            (exit_codes.PASSED, "every check in scope passed"),
            (exit_codes.FOUND, "something failed, lacks evidence or needs review"),
            (exit_codes.BROKEN, "the tool could not finish, or one of the checks did not"),
            (exit_codes.STOPPED, "somebody pressed Ctrl-C"),
        ),
    )
    return text


def _raises(name: str, code: str) -> bool:
    """Whether a file makes an error of that class."""
    return re.search(rf"(?<!class )\b{name}\(", code) is not None
