"""Reads a check's SQL from its text to what is run, or says everything that stands against it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

from netproof.checks.lint.allow import OUTCOMES
from netproof.checks.lint.context import Context, Node, folded
from netproof.checks.lint.query import read_query
from netproof.checks.lint.value import NULL_TEXT
from netproof.errors import CatalogueError
from netproof.tables.tree import parse, render, serialised, written

if TYPE_CHECKING:
    from collections.abc import Collection

    from netproof.checks.lint.scope import Outputs

LONGEST = 64 * 1024
"""A longer text is not parsed at all [bytes]."""
MOST_PARENTHESES = 500
"""The parser's time grows with the square of their depth: 9,000 in FROM take a minute."""
_PLACES = re.compile(r'"query_location(?:_length)?":\d+')
_TOP = {"findings": ("subject_id", "outcome", "reason"), "scope": ("subject_id",)}


@dataclass(frozen=True, slots=True)
class Linted:
    """A check's SQL that may be run.

    Attributes:
        sql: What is run: rendered from the tree, each table with database and schema.
        tables: The tables that it reads.
        columns: The columns that it names.
        parameters: The parameters that it names.
        review: What a person should look at; not a reason to refuse.
    """

    sql: str
    tables: frozenset[str]
    columns: frozenset[str]
    parameters: frozenset[str]
    review: tuple[str, ...]


def lint(
    text: str,
    *,
    columns: Mapping[str, Collection[str]],
    protected: Mapping[str, Collection[str]],
    parameters: Collection[str],
    names: Collection[str] = (),
    kind: Literal["findings", "scope"] = "findings",
) -> Linted:
    """Return what may be run of a check's SQL.

    Args:
        text: One SELECT as the author wrote it, at most 64 KiB.
        columns: The tables that it may read, with their columns; a mapping gives each column's
            DuckDB type, by which columns of computed tables are known not to name anybody.
        protected: The columns of each table by which somebody could be named (`neutral.PROTECTED`).
        parameters: The parameters that it may name, without the dollar sign.
        names: Words that must appear in no literal and no name: a second wall behind the first.
        kind: `findings` for subject_id, outcome, reason; `scope` for subject_id alone.

    Raises:
        CatalogueError: It is not one portable, deterministic, neutral SELECT over these tables; the
            message has each reason on a line of its own, with line and column of the text.

    Cost: a few milliseconds.
    """
    try:
        tree = _tree(text)
        context = Context(
            text=text.encode(),
            columns=columns if isinstance(columns, Known) else Known.of(columns),
            protected=protected,
            parameters=frozenset(parameters),
            names=tuple(sorted({folded(name) for name in names} - {"  "})),
        )
        statement = tree["statements"][0]
        outputs = read_query(statement["node"], context, {}, top=True)
        _judge_top(statement["node"], outputs, context, kind)
        _raise(context)
        sql = _rendered(tree)
    except RecursionError as error:
        raise CatalogueError("expected a plain SELECT, got one that is nested too deeply") from error
    return Linted(
        sql=sql,
        tables=frozenset(context.tables),
        columns=frozenset(context.read),
        parameters=frozenset(context.asked),
        review=tuple(f"{context.where(place)}: {message}" for place, message in sorted(context.flags)),
    )


class Known(dict[str, dict[str, str]]):
    """The tables that a check may read, their columns and these one's types, in lower case.

    Nobody changes it once it is made, so that what was linted against it can be remembered.
    """

    def __hash__(self) -> int:  # type: ignore[override] # a dict has none
        """Return the hash of the tables' names; whether two are equal, their columns decide."""
        return hash(tuple(self))

    @classmethod
    def of(cls, columns: Mapping[str, Collection[str]]) -> Self:
        """Return tables and columns as `lint` looks them up; worth it where many texts are linted."""
        return cls({table.lower(): _typed(known) for table, known in columns.items()})


def _typed(columns: Collection[str]) -> dict[str, str]:
    """Return columns in lower case with their types, as far as these are given."""
    if isinstance(columns, Mapping):
        return {name.lower(): str(kind) for name, kind in columns.items()}
    return {name.lower(): "" for name in columns}


def _tree(text: str) -> dict[str, Any]:
    """Return DuckDB's tree of a text that is one SELECT."""
    if "\0" in text:
        raise CatalogueError("expected text, got a NUL character")
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise CatalogueError("expected text that can be written as UTF-8, got half a character") from error
    if size > LONGEST:
        raise CatalogueError(f"expected a SELECT of at most {LONGEST} bytes, got {size}")
    if text.count("(") > MOST_PARENTHESES:
        raise CatalogueError(f"expected at most {MOST_PARENTHESES} parentheses, got {text.count('(')}")
    tree = parse(text)
    if tree.get("error"):
        position = tree.get("position")
        place = ""
        if position is not None:
            context = Context(text.encode(), {}, {}, frozenset(), ())
            place = f"{context.where(int(position))}: "
        said = str(tree.get("error_message"))
        got = "another statement" if said.startswith("Only SELECT") else said
        raise CatalogueError(f"{place}expected one SELECT, got {got}")
    count = len(tree["statements"])
    if count != 1:
        raise CatalogueError(f"expected one SELECT, got {count} statements")
    return tree


def _judge_top(node: Node, outputs: Outputs, context: Context, kind: str) -> None:
    """Refuse an answer that has other columns than asked, or outcomes that nobody knows."""
    names = tuple(name for name, _ in outputs)
    if names != _TOP[kind]:
        got = ", ".join(name or "(unnamed)" for name in names) or "none"
        context.refuse(node, f"expected the columns {', '.join(_TOP[kind])}, got {got}")
        return
    values = dict(outputs)
    if values["subject_id"].mixed:
        context.refuse(node, "subject_id: expected a column as it is, got text made of one")
    if kind == "scope":
        return
    texts = values["outcome"].texts
    known = ", ".join(f"'{outcome}'" for outcome in sorted(OUTCOMES))
    if values["outcome"].refused:
        return
    if texts is None:
        context.refuse(node, f"outcome: expected the literals {known}, got something made")
    else:
        for text in sorted(texts - OUTCOMES):
            hint = "a CASE without ELSE gives NULL" if text == NULL_TEXT else ""
            context.refuse(node, f"outcome: expected {known}, got {text!r}", hint)
    if values["reason"].null:
        context.refuse(node, "reason: expected a text that says the fact, got NULL")


def _raise(context: Context) -> None:
    """Raise what stands against the text, in its order."""
    if not context.faults:
        return
    faults = sorted(context.faults)
    lines = [f"{context.where(place)}: {message}" for place, message, _ in faults]
    hints = dict.fromkeys(hint for _, _, hint in faults if hint)
    raise CatalogueError("\n".join(lines), hint="; ".join(hints))


def _plain(node: Any) -> Any:
    """Return a tree without the places of its text."""
    if isinstance(node, dict):
        return {
            key: _plain(value)
            for key, value in node.items()
            if key not in {"query_location", "query_location_length"}
        }
    if isinstance(node, list):
        return [_plain(item) for item in node]
    return node


def _rendered(tree: dict[str, Any]) -> str:
    """Return the text of a tree; it is handed on only if it reads back as the same tree."""
    meant = written(tree)
    sql = render(meant)
    # Mostly the two are the same letter by letter; how a number is written does not matter.
    if _PLACES.sub("", serialised(sql)) != _PLACES.sub("", meant) and _plain(parse(sql)) != _plain(tree):
        raise CatalogueError(
            "expected a SELECT that is the same when it is written anew, got one that changes",
            hint="write it in a simpler way; this is a defect of netproof or DuckDB: please report it",
        )
    return sql
