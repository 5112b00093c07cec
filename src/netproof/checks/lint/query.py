"""What a query may be: SELECT, set operations, WITH and FROM; returns its columns and what is known of them.

Every table that is read is written with its database and schema into the tree, so that no
temporary table or view can stand in for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.checks.lint.allow import JOIN_KINDS, JOINS, SCHEMA, SET_OPERATIONS
from netproof.checks.lint.expression import compare, condition, unmixed, value_of
from netproof.checks.lint.scope import Columns, Outputs, Scope
from netproof.checks.lint.value import Value, chosen
from netproof.checks.neutral import is_date, is_whole, protected_among

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netproof.checks.lint.context import Context, Node


def read_query(
    node: Node,
    context: Context,
    ctes: Mapping[str, Columns],
    outer: Scope | None = None,
    *,
    top: bool = False,
) -> Outputs:
    """Return the columns of a query, by name and with what is known of them.

    Args:
        node: The query.
        context: The lint run.
        ctes: Tables of WITH that it sees.
        outer: The query around it, where it is a subquery of an expression.
        top: Whether its rows are the check's answer: only then may shown text be made distinct.
    """
    kind = node.get("type")
    if kind == "SELECT_NODE":
        return _select(node, context, _with(node, context, ctes), outer, top=top)
    if kind == "SET_OPERATION_NODE":
        return _set_operation(node, context, _with(node, context, ctes), outer, top=top)
    words = {"RECURSIVE_CTE_NODE": "a recursive WITH"}
    context.refuse(node, f"expected a SELECT, got {words.get(str(kind), kind)}")
    return []


def _subquery(node: Node, scope: Scope) -> Outputs:
    """Read a query inside an expression: it sees the names around it."""
    return read_query(node, scope.context, scope.ctes, scope)


def _with(node: Node, context: Context, ctes: Mapping[str, Columns]) -> dict[str, Columns]:
    """Return the tables of WITH that a query sees, its own with those around it."""
    seen = dict(ctes)
    for entry in node["cte_map"]["map"]:
        body = entry["value"]
        query = body["query_node"]
        name = context.identifier(query, entry["key"])
        context.only(body, "query_node")
        if name in context.columns or name in context.own_tables:
            context.refuse(
                query, f"expected a name of its own after WITH, got {name}, which another table has"
            )
        context.own_tables.add(name)
        seen[name] = _named(query, read_query(query, context, seen), context)
    return seen


def _select(
    node: Node, context: Context, ctes: Mapping[str, Columns], outer: Scope | None, *, top: bool
) -> Outputs:
    context.only(
        node, "modifiers", "cte_map", "select_list", "from_table", "where_clause", "group_expressions",
        "group_sets", "having",
    )  # fmt: skip
    scope = Scope(context, ctes, _subquery, outer)
    _from(node["from_table"], scope)
    outputs: Outputs = []
    for item in node["select_list"]:
        value = value_of(item, scope)
        name = context.identifier(item, item.get("alias") or (item.get("column_names") or [""])[-1])
        if name:
            scope.aliases[name] = chosen([scope.aliases[name], value]) if name in scope.aliases else value
        outputs.append((name, value))
    condition(node.get("where_clause"), scope)
    if len(node["group_sets"]) > 1:
        context.refuse(node, "expected one GROUP BY, got GROUPING SETS, ROLLUP or CUBE")
    for group in node["group_expressions"]:
        _positional(group, context, "GROUP BY")
        unmixed(group, value_of(group, scope), scope, "GROUP BY")
    condition(node.get("having"), scope)
    _modifiers(node, scope, outputs, top=top)
    return outputs


def _positional(node: Node, context: Context, where: str) -> None:
    if node.get("class") == "CONSTANT":
        context.refuse(node, f"{where}: expected a column, got a position or a constant")


def _modifiers(node: Node, scope: Scope, outputs: Outputs, *, top: bool) -> None:
    """Read ORDER BY and DISTINCT."""
    context = scope.context
    for modifier in node["modifiers"]:
        kind = modifier["type"]
        if kind == "ORDER_MODIFIER":
            context.only(modifier, "orders")
            for order in modifier["orders"]:
                context.only(order, "expression", "null_order")
                inner = order["expression"]
                _positional(inner, context, "ORDER BY")
                value = value_of(inner, scope)
                if not top:
                    unmixed(inner, value, scope, "ORDER BY")
        elif kind == "DISTINCT_MODIFIER":
            context.only(modifier)
            for name, value in outputs:
                if not top:
                    unmixed(node, value, scope, f"DISTINCT over {name or 'a column'}")
        else:
            words = {"LIMIT_MODIFIER": "LIMIT or OFFSET", "LIMIT_PERCENT_MODIFIER": "LIMIT"}
            context.refuse(
                node, f"expected all rows, got {words.get(kind, kind)}", "report shortens, rules do not"
            )


def _set_operation(
    node: Node, context: Context, ctes: Mapping[str, Columns], outer: Scope | None, *, top: bool
) -> Outputs:
    context.only(node, "modifiers", "cte_map", "setop_type", "setop_all", "children")
    kind, every = node["setop_type"], node.get("setop_all")
    if kind not in SET_OPERATIONS:
        context.refuse(node, f"expected UNION, EXCEPT or INTERSECT, got {kind}")
    keeps_top = top and kind == "UNION"
    sides = [read_query(child, context, ctes, outer, top=keeps_top) for child in node["children"]]
    if len({len(side) for side in sides}) > 1:
        context.refuse(node, f"expected as many columns on both sides, got {[len(side) for side in sides]}")
        return sides[0]
    scope = Scope(context, ctes, _subquery, outer)
    outputs: Outputs = []
    for column in zip(*sides, strict=True):
        values = [value for _, value in column]
        if not (kind == "UNION" and (every or top)) and any(value.protected for value in values):
            compare(node, values, scope, equality=True)
        outputs.append((column[0][0], chosen(values)))
    scope.aliases = {name: value for name, value in outputs if name}
    _modifiers(node, scope, outputs, top=keeps_top)
    return outputs


def _from(node: Node, scope: Scope) -> None:
    """Make the tables of FROM known."""
    context = scope.context
    kind = node["type"]
    if kind == "EMPTY":
        context.only(node)
    elif kind == "BASE_TABLE":
        _base_table(node, scope)
    elif kind == "SUBQUERY":
        context.only(node, "subquery")
        alias = context.identifier(node, node.get("alias") or "")
        outputs = read_query(node["subquery"]["node"], context, scope.ctes)
        scope.add(node, alias, _named(node, outputs, context))
    elif kind == "JOIN":
        _join(node, scope)
    else:
        words = {
            "TABLE_FUNCTION": "a table function",
            "EXPRESSION_LIST": "VALUES",
            "SHOW_REF": "SHOW or DESCRIBE",
            "PIVOT": "PIVOT or UNPIVOT",
            "COLUMN_DATA": "data of the program's own",
        }
        context.refuse(node, f"FROM: expected a table or a subquery, got {words.get(kind, kind)}")


def _named(node: Node, outputs: Outputs, context: Context) -> Columns:
    """Return a subquery's columns; refuse a name that two have, for engines differ on which is meant."""
    names = [name for name, _ in outputs if name]
    for name in sorted({name for name in names if names.count(name) > 1}):
        context.refuse(node, f"expected each column once, got {name} twice")
    return {name: value for name, value in outputs if name}


def _base_table(node: Node, scope: Scope) -> None:
    context = scope.context
    context.only(node, "table_name", "qualified_name")
    name = str(node["table_name"]).lower()
    alias = context.identifier(node, node.get("alias") or name)
    if name in scope.ctes:
        scope.add(node, alias, scope.ctes[name])
        return
    known = context.columns.get(name)
    if known is None:
        context.refuse(
            node, f"FROM: expected a known table, got {name!r}", "netproof catalogue show lists them"
        )
        scope.add(node, alias, {})
        return
    context.tables.add(name)
    protected = protected_among(name, known, context.protected)
    scope.add(
        node,
        alias,
        {
            column: Value(
                protected=column in protected,
                bare=True,
                date=is_date(column, kind),
                whole=is_whole(column, kind),
                sources=frozenset({column}),
            )
            for column, kind in known.items()
        },
    )
    node["catalog_name"], node["schema_name"] = SCHEMA
    node["table_name"] = name
    node["qualified_name"] = {"path": [*SCHEMA, name]}
    node["alias"] = alias


def _join(node: Node, scope: Scope) -> None:
    context = scope.context
    context.only(node, "left", "right", "condition", "join_type", "ref_type", "using_columns", "is_implicit")
    kind, how = node["join_type"], node["ref_type"]
    if kind not in JOINS or how not in JOIN_KINDS:
        hint = "name the columns with ON or USING" if how == "NATURAL" else ""
        context.refuse(node, f"FROM: expected a plain join, got {how} {kind}", hint)
    _from(node["left"], scope)
    before = set(scope.sources)
    _from(node["right"], scope)
    right = set(scope.sources) - before
    for written in node.get("using_columns", []):
        column = written.lower()
        left_value = _column(column, scope, before)
        right_value = _column(column, scope, right)
        if left_value is None or right_value is None:
            context.refuse(node, f"USING: expected a column of both tables, got {written}")
            continue
        compare(node, [left_value, right_value], scope, equality=True)
        scope.merged.add(column)
        context.read.add(column)
    condition(node.get("condition"), scope)
    if kind in {"SEMI", "ANTI"}:
        for alias in right:
            del scope.sources[alias]


def _column(column: str, scope: Scope, aliases: set[str]) -> Value | None:
    """Return what is known of a column that some of these tables have; None where none has it."""
    values = [scope.sources[alias][column] for alias in sorted(aliases) if column in scope.sources[alias]]
    return chosen(values) if values else None
