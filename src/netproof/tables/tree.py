"""DuckDB's own syntax tree of a SELECT, walked: the engine's view, so that nobody can differ from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
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


@lru_cache(maxsize=1024)
def serialised(text: str) -> str:
    """Return the statements of a text as DuckDB writes their tree in JSON; a text is parsed once."""
    found = _parser().cursor().execute("select json_serialize_sql($text)", {"text": text}).fetchall()
    return str(found[0][0])


def parse(text: str) -> dict[str, Any]:
    """Return the statements of a text, as a tree of one's own; `error` is true where it cannot be parsed."""
    tree: dict[str, Any] = json.loads(serialised(text))
    return tree


def written(tree: dict[str, Any]) -> str:
    """Return a tree in JSON, as DuckDB writes it."""
    return json.dumps(tree, separators=(",", ":"), ensure_ascii=False)


def render(tree: str) -> str:
    """Return the text of a statement from its tree in JSON."""
    found = _parser().cursor().execute("select json_deserialize_sql($tree::json)", {"tree": tree}).fetchall()
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


Needs = Mapping[str, frozenset[str]]


def tables_needed(text: str, known: Needs) -> frozenset[str]:
    """Return the tables without whose rows a SELECT has none.

    Those that it only left-joins, or looks into in a condition, are not among them.

    Args:
        text: The SELECT.
        known: What tables that are made of others need in their turn.
    """
    tree = parse(text)
    return _needed(tree["statements"][0]["node"], known) if tree.get("statements") else frozenset()


def _needed(node: dict[str, Any], known: Needs) -> frozenset[str]:
    """Return the tables that a query node needs."""
    own = dict(known)
    for entry in node["cte_map"]["map"]:
        own[entry["key"]] = _needed(entry["value"]["query_node"], own)
    if node["type"] == "SELECT_NODE":
        return _joined(node["from_table"], own)
    if node["type"] == "SET_OPERATION_NODE":
        return frozenset.intersection(*(_needed(child, own) for child in node["children"]))
    return frozenset()


def _joined(source: dict[str, Any], known: Needs) -> frozenset[str]:
    """Return the tables that what stands after FROM needs."""
    match source["type"]:
        case "BASE_TABLE":
            name = str(source["table_name"])
            return known.get(name, frozenset({name}))
        case "SUBQUERY":
            return _needed(source["subquery"]["node"], known)
        case "JOIN":
            left, right = _joined(source["left"], known), _joined(source["right"], known)
            kept = {"LEFT": left, "ANTI": left, "RIGHT": right, "FULL": left & right}
            return kept.get(str(source["join_type"]), left | right)
    return frozenset()


@lru_cache(maxsize=512)
def parameters_read(text: str) -> frozenset[str]:
    """Return the parameters that a SELECT asks for, without their dollar sign."""
    return frozenset(str(n["identifier"]) for n in walk(parse(text)) if n.get("type") == "VALUE_PARAMETER")
