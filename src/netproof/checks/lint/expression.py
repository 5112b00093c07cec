"""What an expression may be: reads one and returns what is known of its value.

The neutrality rule is kept here and in `function`: a protected value is compared with protected
ones alone, and is never a condition.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netproof.checks.lint import function
from netproof.checks.lint.allow import (
    CASTS,
    EQUALITIES,
    INTERVALS,
    LITERALS,
    ORDERED_KEYS,
    ORDERINGS,
    TEXT_TYPES,
    WHOLE_TYPES,
)
from netproof.checks.lint.value import NULL, NULL_TEXT, TRUTH, UNKNOWN, Value, chosen
from netproof.checks.neutral import AMOUNTS, REVIEWED, VOCABULARY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netproof.checks.lint.context import Node
    from netproof.checks.lint.scope import Scope

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}")
_FOREVER = "9999-12-31"  # stands for no end, so for nobody
_NEUTRAL_HINT = (
    "a rule never names a supplier, product or country: compare with a column, "
    "and put who is meant into table restriction"
)


def value_of(node: Node, scope: Scope) -> Value:
    """Return what is known of an expression's value; refuse what is not allowed in it."""
    scope.context.enter(node)
    kind = str(node.get("class"))
    reader = _READERS.get(kind)
    if reader is None:
        scope.context.refuse(node, f"expected a portable expression, got {_WORDS.get(kind, kind)}")
        return UNKNOWN
    return reader(node, scope)


def condition(node: Node | None, scope: Scope) -> None:
    """Read an expression that decides: WHERE, ON, HAVING, CASE WHEN, FILTER."""
    if node is None:
        return
    value = value_of(node, scope)
    if value.protected:
        scope.context.refuse(
            node, f"expected a condition, got the protected {named(value)} as one", _NEUTRAL_HINT
        )


def named(value: Value) -> str:
    """Return words for a value in a message."""
    columns = ", ".join(sorted(value.sources)) or "value"
    return f"text made of {columns}" if value.mixed else f"column {columns}"


def unmixed(node: Node, value: Value, scope: Scope, use: str) -> Value:
    """Refuse a value of which only showing is allowed."""
    if value.mixed:
        scope.context.refuse(
            node,
            f"{use}: expected a column as it is, got {named(value)}, which may only be shown",
            _NEUTRAL_HINT,
        )
    return value


def compare(node: Node, values: Sequence[Value], scope: Scope, *, equality: bool) -> Value:
    """Read a comparison of the first value with the others."""
    if any(value.refused for value in values):
        return TRUTH
    if any(value.protected for value in values):
        return _compare_protected(node, values, scope, equality=equality)
    for value in values:
        for other in values:
            if other is not value and other.literal:
                _review(node, value, other, scope, equality=equality)
    return TRUTH


def _compare_protected(node: Node, values: Sequence[Value], scope: Scope, *, equality: bool) -> Value:
    """Read a comparison of which one side is protected: all others must be as well, and bare."""
    context = scope.context
    protected = [value for value in values if value.protected]
    for value in values:
        if value.mixed or (not value.protected and not value.null):
            other = next((each for each in protected if each is not value), value)
            got = named(value) if value.sources else "a literal or a parameter"
            context.refuse(
                node,
                f"protected {named(other)}: expected a comparison with another protected column, got {got}",
                _NEUTRAL_HINT,
            )
            return TRUTH
    columns = frozenset().union(*(value.sources for value in protected))
    words = ", ".join(sorted(columns))
    if not equality and not columns <= ORDERED_KEYS:
        context.flag(node, f"the order of {words} decides: would renaming change the answer?")
    if equality and any(value.ordered and not value.sources <= ORDERED_KEYS for value in protected):
        context.flag(node, f"the first or last of {words} is compared: would renaming change the answer?")
    return TRUTH


def _review(node: Node, value: Value, other: Value, scope: Scope, *, equality: bool) -> None:
    """Flag a literal that could single somebody out by a column that is not protected."""
    context = scope.context
    for column in sorted(value.sources & (REVIEWED | AMOUNTS if equality and value.bare else REVIEWED)):
        context.flag(node, f"{column} is compared with a literal: does it stand for somebody?")
    for column in sorted(value.sources & VOCABULARY.keys()):
        if not value.bare:
            context.flag(node, f"a part of {column} is compared with a literal: does it stand for somebody?")
        for text in sorted(other.texts or ()):
            if text != NULL_TEXT and not context.in_vocabulary(column, text):
                context.flag(
                    node, f"{text!r} is not in the vocabulary of {column}: does it stand for somebody?"
                )


def _column(node: Node, scope: Scope) -> Value:
    scope.context.only(node, "column_names")
    for part in node["column_names"]:
        scope.context.forbidden(node, part)
    return scope.resolve(node, node["column_names"])


def _constant(node: Node, scope: Scope) -> Value:
    context = scope.context
    context.only(node, "literal")
    literal = node["literal"]
    kind, text = literal.get("kind"), str(literal.get("text", ""))
    if kind not in LITERALS or set(literal) - {"kind", "text"}:
        context.refuse(node, f"expected a text, a number, true, false or null, got a literal of kind {kind}")
        return UNKNOWN
    if kind == "NULL_LITERAL":
        return NULL
    if kind != "STRING":
        return Value(literal=True, whole=kind != "NUMERIC")
    context.forbidden(node, text)
    if not text.isprintable():
        context.refuse(node, f"expected printable text, got {text!r}")
    if _DATE.search(text) and text != _FOREVER:
        context.flag(
            node, f"the date {text!r} is written in the rule; a parameter would say where it comes from"
        )
    return Value(literal=True, texts=frozenset({text}))


def _parameter(node: Node, scope: Scope) -> Value:
    scope.context.only(node, "identifier")
    name = str(node["identifier"])
    if name not in scope.context.parameters:
        known = ", ".join(f"${known}" for known in sorted(scope.context.parameters))
        scope.context.refuse(node, f"expected a parameter of this check ({known}), got ${name}")
        return UNKNOWN
    scope.context.asked.add(name)
    return Value(whole=True, date=name == "as_of")


def _operator(node: Node, scope: Scope) -> Value:
    context = scope.context
    kind, children = node["type"], node.get("children", [])
    context.only(node, "children")
    if kind in {"OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL"}:
        value_of(children[0], scope)
        return TRUTH
    if kind == "OPERATOR_NOT":
        condition(children[0], scope)
        return TRUTH
    if kind == "OPERATOR_COALESCE":
        return chosen([value_of(child, scope) for child in children])
    if kind in {"COMPARE_IN", "COMPARE_NOT_IN"}:
        return compare(node, [value_of(child, scope) for child in children], scope, equality=True)
    words = {"ARRAY_EXTRACT": "a list or its element", "OPERATOR_TRY": "TRY", "GROUPING_FUNCTION": "GROUPING"}
    context.refuse(node, f"expected a portable operator, got {words.get(kind, kind)}")
    return UNKNOWN


def _comparison(node: Node, scope: Scope) -> Value:
    scope.context.only(node, "left", "right")
    kind = node["type"]
    values = [value_of(node["left"], scope), value_of(node["right"], scope)]
    if kind not in EQUALITIES | ORDERINGS:
        scope.context.refuse(node, f"expected =, <>, <, <=, >, >= or IS DISTINCT FROM, got {kind}")
        return UNKNOWN
    return compare(node, values, scope, equality=kind in EQUALITIES)


def _between(node: Node, scope: Scope) -> Value:
    scope.context.only(node, "input", "lower", "upper")
    first, *bounds = (value_of(node[part], scope) for part in ("input", "lower", "upper"))
    for bound in bounds:
        compare(node, [first, bound], scope, equality=False)
    return TRUTH


def _conjunction(node: Node, scope: Scope) -> Value:
    scope.context.only(node, "children")
    for child in node["children"]:
        condition(child, scope)
    return TRUTH


def _case(node: Node, scope: Scope) -> Value:
    scope.context.only(node, "case_checks", "else_expr")
    results = []
    for check in node["case_checks"]:
        scope.context.only(check, "when_expr", "then_expr")
        condition(check["when_expr"], scope)
        results.append(value_of(check["then_expr"], scope))
    return chosen([*results, value_of(node["else_expr"], scope)])


def _cast(node: Node, scope: Scope) -> Value:
    context = scope.context
    context.only(node, "child", "type_expr")
    target = node["type_expr"]
    name = str(target.get("type_name", "")).lower()
    value = value_of(node["child"], scope)
    if value.refused:
        return value
    context.only(target, "type_name", "qualified_name")
    if target.get("class") != "TYPE" or name not in CASTS or len(target["qualified_name"]["path"]) != 1:
        hint = "write interval 3 day, not interval '3 days'" if name == "interval" else ""
        context.refuse(
            node, f"expected a cast to {', '.join(sorted(CASTS))}, got {name or 'something else'}", hint
        )
        return UNKNOWN
    if name in TEXT_TYPES:
        return value
    if value.protected:
        context.refuse(
            node, f"expected protected {named(value)} as it is, got a cast to {name}", _NEUTRAL_HINT
        )
        return UNKNOWN
    if name in WHOLE_TYPES and not value.whole and not value.null:
        context.refuse(
            node,
            f"expected a whole number to cast to {name}, got something else",
            "engines round or truncate differently: use floor, ceil or round, or compare as it is",
        )
    date = name in {"date", "timestamp"}
    return Value(
        literal=value.literal,
        date=date,
        whole=name in WHOLE_TYPES | {"boolean"},
        sources=value.sources,
        bare=value.bare,
    )


def _subquery(node: Node, scope: Scope) -> Value:
    context = scope.context
    context.only(node, "subquery", "subquery_type", "child", "comparison_type")
    kind = node["subquery_type"]
    outputs = scope.subquery(node["subquery"]["node"], scope)
    if kind in {"EXISTS", "NOT_EXISTS"}:
        return TRUTH
    if len(outputs) != 1:
        context.refuse(node, f"expected a subquery of one column, got {len(outputs)}")
        return UNKNOWN
    inner = outputs[0][1]
    if kind == "SCALAR":
        return inner
    comparison = node["comparison_type"]
    if kind != "ANY" or comparison not in EQUALITIES | ORDERINGS:
        context.refuse(
            node, f"expected IN, EXISTS or a single value, got a subquery with {kind} {comparison}"
        )
        return UNKNOWN
    return compare(node, [value_of(node["child"], scope), inner], scope, equality=comparison in EQUALITIES)


def _function(node: Node, scope: Scope) -> Value:
    path = [str(part).lower() for part in node["qualified_name"]["path"]]
    if path[-1] in INTERVALS:
        return function.interval(node, scope)
    return function.call(node, path, scope)


_READERS: dict[str, Callable[[Node, Scope], Value]] = {
    "BETWEEN": _between,
    "CASE": _case,
    "CAST": _cast,
    "COLUMN_REF": _column,
    "COMPARISON": _comparison,
    "CONJUNCTION": _conjunction,
    "CONSTANT": _constant,
    "FUNCTION": _function,
    "OPERATOR": _operator,
    "PARAMETER": _parameter,
    "SUBQUERY": _subquery,
    "WINDOW": function.window,
}
_WORDS = {
    "STAR": "* (name the columns) or ALL",
    "LAMBDA": "a lambda",
    "POSITIONAL_REFERENCE": "#position",
    "COLLATE": "COLLATE",
    "DEFAULT": "DEFAULT",
}
