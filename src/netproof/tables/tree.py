"""DuckDB's own syntax tree of a SELECT, walked: the engine's view, so that nobody can differ from it."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterator


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """Return a connection that only parses."""
    connection = duckdb.connect(":memory:", config={"threads": 1, "python_enable_replacements": False})
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def parse(text: str) -> dict[str, Any]:
    """Return the serialised statements of a text; `error` is true where it cannot be parsed."""
    found = _parser().cursor().execute("select json_serialize_sql($text)", {"text": text}).fetchall()
    tree: dict[str, Any] = json.loads(found[0][0])
    return tree


def render(tree: dict[str, Any]) -> str:
    """Return the text of a serialised statement."""
    found = (
        _parser()
        .cursor()
        .execute("select json_deserialize_sql($tree::json)", {"tree": json.dumps(tree)})
        .fetchall()
    )
    return str(found[0][0])


def walk(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a tree, parents first."""
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from walk(child)
    elif isinstance(node, list):
        for child in node:
            yield from walk(child)


@lru_cache(maxsize=512)
def tables_read(text: str) -> frozenset[str]:
    """Return the tables that a SELECT reads, those of its own WITH left out."""
    named: set[str] = set()
    own: set[str] = set()
    for node in walk(parse(text)):
        if node.get("type") == "BASE_TABLE":
            named.add(str(node["table_name"]))
        if isinstance(node.get("cte_map"), dict):
            own.update(entry["key"] for entry in node["cte_map"].get("map", []))
    return frozenset(named - own)


@lru_cache(maxsize=512)
def parameters_read(text: str) -> frozenset[str]:
    """Return the parameters that a SELECT asks for, without their dollar sign."""
    return frozenset(str(n["identifier"]) for n in walk(parse(text)) if n.get("type") == "VALUE_PARAMETER")
