"""What one lint run gathers: reasons to refuse with their place, flags for review, tables and columns."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netproof.checks.lint.allow import EVERYWHERE, NEUTRAL_VALUES, WHAT_IT_IS
from netproof.checks.neutral import VOCABULARY

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Node = dict[str, Any]

_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*")
_NOWHERE = 2**63


def folded(text: str) -> str:
    """Return a text as names are compared: forms and case folded, words set apart by one space."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold().replace("_", " "))
    return f" {' '.join(words)} "


@dataclass(slots=True)
class Context:
    """One lint run.

    Attributes:
        text: What the user wrote, in UTF-8: DuckDB counts bytes.
        columns: Known tables, their columns and these one's types, in lower case; a type may be unknown.
        protected: Protected columns of each table.
        parameters: Parameters that may be named.
        names: Words that must not appear, folded.
        here: The last place that was read: what has no place of its own is near it.
    """

    text: bytes
    columns: Mapping[str, Mapping[str, str]]
    protected: Mapping[str, Collection[str]]
    parameters: frozenset[str]
    names: tuple[str, ...]
    tables: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    own_tables: set[str] = field(default_factory=set)
    here: int = 0
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    flags: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, node: Node, message: str, hint: str = "") -> None:
        """Record a reason to refuse, at the place of a node."""
        self._keep(self.faults, (self._place(node), message, hint))

    def flag(self, node: Node, message: str) -> None:
        """Record something that a person should look at."""
        self._keep(self.flags, (self._place(node), message))

    @staticmethod
    def _keep(kept: list[Any], entry: Any) -> None:
        if entry not in kept:
            kept.append(entry)

    def _place(self, node: Node) -> int:
        """Return the place of a node, else of its first part, else the last one that was read."""
        place = node.get("query_location")
        if isinstance(place, int) and place < _NOWHERE:
            return place
        return _first_place(node, self.here)

    def enter(self, node: Node) -> None:
        """Remember where a node stands."""
        place = node.get("query_location")
        if isinstance(place, int) and place < _NOWHERE:
            self.here = place

    def where(self, place: int) -> str:
        """Return line and column of a place, both from 1."""
        before = self.text[: min(place, len(self.text))]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        return f"line {line}, column {column}"

    def only(self, node: Node, *read: str) -> bool:
        """Return whether a node says nothing in any field but those that are read; refuse it else."""
        plain = True
        for key, value in node.items():
            if key in read or key in EVERYWHERE or not value or value == NEUTRAL_VALUES.get(key):
                continue
            what = WHAT_IT_IS.get(key, f"{key} {value!r}"[:80])
            self.refuse(node, f"expected a plain, portable SELECT, got {what}")
            plain = False
        return plain

    def identifier(self, node: Node, name: str) -> str:
        """Return a name in lower case; refuse what is no plain identifier, or a forbidden word."""
        low = name.lower()
        if name and not _IDENTIFIER.fullmatch(low):
            self.refuse(node, f"expected a name of letters, digits and _, got {name!r}")
        self.forbidden(node, name)
        return low

    def forbidden(self, node: Node, text: str) -> None:
        """Refuse a text that holds a forbidden word."""
        if self.names:
            plain = folded(text)
            for name in self.names:
                if name in plain:
                    self.refuse(
                        node,
                        f"expected no supplier, product or country, got {name.strip()!r} in {text!r}",
                        "a rule judges by facts in the tables; who may not is a row of table restriction",
                    )

    def in_vocabulary(self, column: str, text: str) -> bool:
        """Return whether a text is a known word of a column; one that has no vocabulary knows all."""
        words = VOCABULARY.get(column)
        return words is None or text.casefold() in {word.casefold() for word in words}


def _first_place(node: Any, otherwise: int) -> int:
    """Return the first place that a node or one of its parts has."""
    places = []
    stack = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            place = item.get("query_location")
            if isinstance(place, int) and place < _NOWHERE:
                places.append(place)
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return min(places, default=otherwise)
