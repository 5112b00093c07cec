"""What may be called: scalar functions, aggregates and windows, each with its arguments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netproof.checks.lint import expression
from netproof.checks.lint.allow import (
    AGGREGATES,
    FRAMES,
    PARTS,
    PATTERNS,
    RANKINGS,
    SCALARS,
    TRUNCATIONS,
    Rule,
)
from netproof.checks.lint.value import NULL, TRUTH, UNKNOWN, Value, chosen, computed, picked
from netproof.checks.neutral import VOCABULARY

if TYPE_CHECKING:
    from netproof.checks.lint.context import Context, Node
    from netproof.checks.lint.scope import Scope

_PREDICATES = PATTERNS | {"contains", "starts_with", "regexp_matches"}
_SAID = {"~~": "LIKE", "!~~": "NOT LIKE"}
_LETTERS = frozenset({"lower", "upper", "trim"})
"""Functions that leave a word the same word."""
_WINDOW_FIELDS = (
    "arguments",
    "end",
    "end_expr",
    "function_name",
    "has_ignore_nulls",
    "ignore_nulls",
    "orders",
    "partitions",
    "qualified_name",
    "start",
    "start_expr",
)
_CHOICES = frozenset({"if", "nullif", "greatest", "least"})
_WORDS = {
    # function: position of the argument, allowed words, why no others
    "date_diff": (0, frozenset({"day"}), "engines count other units differently"),
    "date_part": (0, PARTS, "engines number other parts differently"),
    "date_trunc": (0, TRUNCATIONS, "other units are not portable"),
    "strftime": (1, frozenset({"%Y-%m-%d"}), "other formats are not portable"),
}
_WHY_NOT = {
    "now": "the date is $as_of", "current_date": "the date is $as_of", "today": "the date is $as_of",
    "random": "a check gives the same answer twice", "uuid": "a check gives the same answer twice",
    "list_value": "lists differ between engines; write a in (...) or join",
    "struct_pack": "structs are not portable", "row": "compare column by column",
    "arg_max": "engines differ on NULL; use row_number() and keep row 1",
    "arg_min": "engines differ on NULL; use row_number() and keep row 1",
    "any_value": "use min or max", "first": "use min or max", "last": "use min or max",
    "ifnull": "use coalesce", "unnest": "rows come from tables",
}  # fmt: skip


def call(node: Node, path: list[str], scope: Scope) -> Value:
    """Read a call of a scalar function or an aggregate."""
    context, name = scope.context, path[-1]
    rule = SCALARS.get(name) or AGGREGATES.get(name)
    if rule is None or len(path) != 1:
        context.refuse(node, f"expected a known function, got {'.'.join(path)}", _WHY_NOT.get(name, ""))
        return UNKNOWN
    aggregate = name in AGGREGATES
    read = ["arguments", "function_name", "qualified_name", "is_operator"]
    read += ["filter", "distinct"] if aggregate else []
    context.only(node, *read, *(["order_bys"] if name == "string_agg" else []))
    arguments = _arguments(node, name, rule, scope)
    if arguments is None:
        return UNKNOWN
    values = [expression.value_of(argument, scope) for argument in arguments]
    if aggregate:
        expression.condition(node.get("filter"), scope)
        if name == "string_agg":
            context.only(node["order_bys"], "orders")
            _orders(node, node["order_bys"]["orders"], scope, needed="string_agg without ORDER BY")
        return _aggregated(node, name, values, scope)
    return _scalar(node, name, rule, arguments, values, scope)


def _arguments(node: Node, name: str, rule: Rule, scope: Scope) -> list[Node] | None:
    """Return the arguments if they are as the rule asks: how many, without name, literals."""
    context = scope.context
    raw = node.get("arguments", [])
    for item in raw:
        context.only(item, "expression", "name")
    arguments: list[Node] = [item["expression"] for item in raw]
    if any(item.get("name") for item in raw):
        context.refuse(node, f"{name}: expected arguments without name")
        return None
    if not rule.least <= len(arguments) <= rule.most:
        context.refuse(node, f"{name}: expected {rule.least} to {rule.most} arguments, got {len(arguments)}")
        return None
    for position in rule.literal:
        if position < len(arguments) and arguments[position].get("class") != "CONSTANT":
            context.refuse(node, f"{name}: expected a literal as argument {position + 1}")
            return None
    return arguments


def _literal(node: Node) -> str:
    """Return the text of a literal."""
    return str(node.get("literal", {}).get("text", ""))


def _scalar(
    node: Node, name: str, rule: Rule, arguments: list[Node], values: list[Value], scope: Scope
) -> Value:
    """Return what a scalar function gives."""
    context = scope.context
    if any(value.refused for value in values):
        return UNKNOWN
    if name in _CHOICES:
        return _choice(node, name, arguments, values, scope)
    if any(value.protected for value in values) and not rule.shows:
        first = next(value for value in values if value.protected)
        context.refuse(
            node,
            f"expected protected {expression.named(first)} as it is, got it inside {_SAID.get(name, name)}",
            "it may be shown, counted, grouped by and compared with another protected column",
        )
        return UNKNOWN
    problem = _misused(name, arguments, values)
    if problem:
        context.refuse(node, f"{name}: {problem}")
    if name in _PREDICATES:
        for column in sorted({c for value in values for c in value.sources} & VOCABULARY.keys()):
            if any(value.literal for value in values):
                context.flag(
                    node, f"a part of {column} is compared with a literal: does it stand for somebody?"
                )
        return TRUTH
    return _result(name, rule, values)


def _choice(node: Node, name: str, arguments: list[Node], values: list[Value], scope: Scope) -> Value:
    """Return what is known of one of the arguments that a function picks."""
    if name == "if":
        expression.condition(arguments[0], scope)
        return chosen(values[1:])
    expression.compare(node, values, scope, equality=name == "nullif")
    return chosen([values[0], NULL]) if name == "nullif" else picked(chosen(values))


def _result(name: str, rule: Rule, values: list[Value]) -> Value:
    """Return what is known of a scalar function's result."""
    dates = [value for value in values if value.date]
    if name in {"+", "-"} and dates:
        return Value(date=True, literal=any(value.literal for value in dates), sources=dates[0].sources)
    if name == "date_diff":
        # A span between two columns or $as_of is an amount; beside a literal it still tells the date.
        made = any(value.literal for value in values[1:])
        return Value(whole=True, literal=made, sources=computed(values).sources if made else frozenset())
    whole = rule.whole or (name in {"+", "-", "*"} and all(value.whole for value in values))
    result = computed(values, whole=whole, date=name == "date_trunc")
    return replace(result, bare=values[0].bare) if name in _LETTERS else result


def _misused(name: str, arguments: list[Node], values: list[Value]) -> str:
    """Return why a call is not portable; empty where it is."""
    if name in _WORDS:
        position, allowed, why = _WORDS[name]
        got = _literal(arguments[position])
        if got not in allowed and got.lower() not in allowed:
            return f"expected {', '.join(repr(word) for word in sorted(allowed))}, got {got!r}: {why}"
    if name in {"substr", "substring"} and not _literal(arguments[1]).strip("0").isdigit():
        return "expected a start from 1: engines differ on 0 and below"
    if name in PATTERNS and "\\" in _literal(arguments[1]):
        return "expected a pattern without backslash"
    if name == "-" and len(values) == 2 and all(value.date for value in values):
        return "expected a date and a number of days, got two dates: use date_diff('day', earlier, later)"
    if name in _DIVISIONS and not _not_zero(arguments[1]):
        return "expected a divisor that is never 0, got one that may be: use nullif(divisor, 0)"
    return ""


_DIVISIONS = frozenset({"/", "%", "//"})


def _not_zero(node: Node) -> bool:
    """Return whether a divisor is a number other than 0, or NULL instead of 0."""
    if node.get("class") == "CAST":
        return _not_zero(node["child"])
    if node.get("class") == "CONSTANT":
        return _literal(node).strip("-0.") not in {"", "e"}
    arguments = node.get("arguments", [])
    if node.get("function_name") == "nullif" and len(arguments) == 2:
        return _literal(arguments[1]["expression"]) == "0"
    return False


def interval(node: Node, scope: Scope) -> Value:
    """Read `interval n day`, which DuckDB writes as to_days(cast(trunc(cast(n as double)) as integer))."""
    context = scope.context
    name = node["function_name"]
    context.only(node, "arguments", "function_name", "qualified_name")
    arguments = _arguments(node, name, SCALARS[name], scope)
    if arguments is None:
        return UNKNOWN
    value = expression.value_of(_amount(arguments[0], context), scope)
    if value.refused:
        return UNKNOWN
    if value.protected or not (value.whole or value.null):
        context.refuse(node, "expected interval with a whole number")
        return UNKNOWN
    return Value(sources=value.sources)


def _amount(node: Node, context: Context) -> Node:
    """Return n of `cast(trunc(cast(n as double)) as integer)`; of anything else the node itself."""
    match node:
        case {
            "class": "CAST",
            "type_expr": {"class": "TYPE", "type_name": "INTEGER" | "BIGINT"} as whole,
            "child": {
                "class": "FUNCTION",
                "function_name": "trunc",
                "arguments": [
                    {
                        "expression": {
                            "class": "CAST",
                            "type_expr": {"class": "TYPE", "type_name": "DOUBLE"} as number,
                            "child": inner,
                        } as inside
                    }
                ],
            } as truncated,
        }:
            for cast in (node, inside):
                context.only(cast, "child", "type_expr")
            for target in (whole, number):
                context.only(target, "type_name", "qualified_name")
            context.only(truncated, "arguments", "function_name", "qualified_name")
            amount: Node = inner
            return amount
        case _:
            return node


def _aggregated(node: Node, name: str, values: list[Value], scope: Scope) -> Value:
    """Return what an aggregate gives."""
    context = scope.context
    if any(value.refused for value in values):
        return UNKNOWN
    if name in {"count", "count_star"}:
        if node.get("distinct"):
            expression.unmixed(node, values[0], scope, "count(distinct)")
        return Value(whole=True)
    value = values[0]
    if name == "string_agg":
        return computed(values)
    if name in {"min", "max"}:
        return picked(expression.unmixed(node, value, scope, name))
    if value.protected:
        context.refuse(node, f"expected protected {expression.named(value)} as it is, got it inside {name}")
        return UNKNOWN
    return computed(values, whole=name != "avg" and value.whole)


def window(node: Node, scope: Scope) -> Value:
    """Read a window function."""
    context = scope.context
    path = [str(part).lower() for part in node["qualified_name"]["path"]]
    name = path[-1]
    rule = RANKINGS.get(name) or AGGREGATES.get(name)
    if rule is None or len(path) != 1 or name == "string_agg":
        context.refuse(
            node, f"expected a known window function, got {'.'.join(path)}", _WHY_NOT.get(name, "")
        )
        return UNKNOWN
    context.only(node, *_WINDOW_FIELDS, *(["filter_expr"] if name in AGGREGATES else []))
    for bound in ("start", "end"):
        _frame(node, bound, scope)
    expression.condition(node.get("filter_expr"), scope)
    for partition in node["partitions"]:
        expression.unmixed(partition, expression.value_of(partition, scope), scope, "PARTITION BY")
    needed = f"{name} without ORDER BY" if name in RANKINGS else ""
    _orders(node, node["orders"], scope, needed=needed, decides=True)
    arguments = _arguments(node, name, rule, scope)
    if arguments is None:
        return UNKNOWN
    values = [expression.value_of(argument, scope) for argument in arguments]
    if name in AGGREGATES:
        return _aggregated(node, name, values, scope)
    if not values:
        return Value(whole=True)
    if any(value.refused for value in values):
        return UNKNOWN
    value = expression.unmixed(node, values[0], scope, name)
    return picked(chosen([value, *values[2:]]))


def _frame(node: Node, bound: str, scope: Scope) -> None:
    """Read one end of a window's frame."""
    kind, number = node.get(bound), node.get(f"{bound}_expr")
    if kind not in FRAMES:
        scope.context.refuse(node, f"expected a window of ROWS, got {kind}")
    elif number:
        value = expression.value_of(number, scope)
        if not value.refused and not (value.literal and value.whole and number["class"] == "CONSTANT"):
            scope.context.refuse(node, f"{bound} of a window: expected a whole number, got something else")


def _orders(node: Node, orders: list[Node], scope: Scope, *, needed: str = "", decides: bool = False) -> None:
    """Read the ORDER BY of a window or an aggregate."""
    context = scope.context
    if needed and not orders:
        context.refuse(node, f"expected an order that is always the same, got {needed}")
    for number, order in enumerate(orders):
        context.only(order, "expression", "null_order")
        inner = order["expression"]
        value = expression.value_of(inner, scope)
        expression.unmixed(inner, value, scope, "ORDER BY")
        if inner.get("class") == "CONSTANT":
            context.refuse(inner, "ORDER BY: expected a column, got a constant")
        if decides and number == 0 and value.protected:
            context.flag(
                inner, f"the order of {expression.named(value)} decides: would renaming change the answer?"
            )
