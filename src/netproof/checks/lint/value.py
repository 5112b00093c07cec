"""What is known of a value while the tree is walked: where it comes from and what it may do.

A protected value is a bare one of a protected column, or of a choice among such columns; it may
be shown, grouped, counted, and compared with another protected one. A mixed value holds protected
content together with text of the rule's own: it may only be shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NULL_TEXT = "NULL"
"""Stands for NULL among the texts that a value may have."""


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of a value.

    Attributes:
        protected: It holds content of a protected column.
        mixed: It is protected and more than a bare column: it may only be shown.
        literal: A literal of the rule's own flows into it.
        null: It is NULL as written.
        bare: It is a column's own value, not made from it.
        ordered: It was picked by order: a smallest, largest, first or next one.
        date: It is a date or a timestamp.
        whole: It is a whole number or a yes/no.
        sources: Names of the columns that it is made of.
        texts: All that it may be, where that is known; else None.
        refused: Something in it was refused already; nothing more is said about it.
    """

    protected: bool = False
    mixed: bool = False
    literal: bool = False
    null: bool = False
    bare: bool = False
    ordered: bool = False
    date: bool = False
    whole: bool = False
    sources: frozenset[str] = frozenset()
    texts: frozenset[str] | None = None
    refused: bool = False


UNKNOWN = Value(refused=True)
"""What was refused already."""
TRUTH = Value(whole=True)
NULL = Value(null=True, texts=frozenset({NULL_TEXT}))


def _union(values: Iterable[Value]) -> frozenset[str]:
    return frozenset().union(*(value.sources for value in values))


def chosen(values: Iterable[Value]) -> Value:
    """Return what is known of a value that is one of these: CASE, coalesce, UNION ALL."""
    every = list(values)
    if any(value.refused for value in every):
        return UNKNOWN
    real = [value for value in every if not value.null]
    if not real:
        return NULL
    protected = any(value.protected for value in real)
    texts: frozenset[str] | None = frozenset()
    for value in every:
        texts = None if texts is None or value.texts is None else texts | value.texts
    return Value(
        protected=protected,
        mixed=any(value.mixed for value in real)
        or (protected and not all(value.protected for value in real)),
        literal=any(value.literal for value in real),
        bare=all(value.bare for value in real),
        ordered=any(value.ordered for value in real),
        date=all(value.date for value in real),
        whole=all(value.whole for value in real),
        sources=_union(real),
        texts=texts,
    )


def computed(values: Iterable[Value], *, whole: bool = False, date: bool = False) -> Value:
    """Return what is known of what a function makes of these: display text if one is protected."""
    every = list(values)
    protected = any(value.protected for value in every)
    return Value(
        protected=protected,
        mixed=protected,
        literal=any(value.literal for value in every),
        whole=whole,
        date=date,
        sources=_union(every),
    )


def picked(value: Value) -> Value:
    """Return what is known of a value that order picked out: min, max, lag, first_value."""
    return replace(value, ordered=True, texts=None)
