"""How long does the lint of every shipped check take, beside DuckDB's parser alone with the same texts?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

import duckdb

from benchmarks.registry import Phase, Subject, in_process
from netproof import derived
from netproof.catalogue.loader import shipped_checks
from netproof.checks.lint import lint
from netproof.checks.neutral import PROTECTED
from netproof.checks.prepare import known_columns
from netproof.tables.keys import build_version_keys
from netproof.tables.load import load
from netproof.tables.store import Store
from netproof.tables.tree import parse, render, serialised, written

if TYPE_CHECKING:
    from pathlib import Path

Text = tuple[Literal["scope", "findings"], str, frozenset[str]]


def _texts() -> list[Text]:
    """Return the two texts of every shipped check, each with the parameters that it may name."""
    texts: list[Text] = []
    for check in shipped_checks().values():
        parameters = frozenset({"as_of", *(parameter.name for parameter in check.parameters)})
        texts += [("scope", check.scope, parameters), ("findings", check.sql, parameters)]
    return texts


def _columns() -> dict[str, dict[str, str]]:
    """Return every table that a check may read, with its columns and their types."""
    store = Store.empty(threads=1)
    load(store, [])
    build_version_keys(store)
    derived.build(store, date(2026, 11, 1))
    return known_columns(store)


def prepare(scratch: Path) -> list[Phase]:
    """Read the shipped checks; nothing is written."""
    del scratch
    texts, columns = _texts(), _columns()
    connection = duckdb.connect(":memory:", config={"threads": 1})

    def parsed() -> None:
        for _, text, _ in texts:
            connection.execute("select json_serialize_sql($text)", {"text": text}).fetchall()

    def rendered() -> None:
        serialised.cache_clear()
        for _, text, _ in texts:
            parse(render(written(parse(text))))

    def linted() -> None:
        serialised.cache_clear()
        for kind, text, parameters in texts:
            lint(text, columns=columns, protected=PROTECTED, parameters=parameters, kind=kind)

    parser = f"DuckDB parses {len(texts)} texts"
    return [
        Phase(parser, in_process(parsed)),
        Phase("tree as JSON, rendered, parsed again", in_process(rendered), against=parser),
        Phase("netproof lints them", in_process(linted), against=parser),
    ]


SUBJECT = Subject("lint of all shipped checks", prepare)
