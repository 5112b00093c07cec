"""Which value a column's name stands for, at one place of a query.

Where DuckDB could take a name for more than one thing (a column or an alias of the select
list), the answer is the strictest of them: so the lint never needs to know which wins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netproof.checks.lint.value import UNKNOWN, Value, chosen

if TYPE_CHECKING:
    from netproof.checks.lint.context import Context, Node

Columns = Mapping[str, Value]
Outputs = list[tuple[str, Value]]


@dataclass(slots=True)
class Scope:
    """The names that one SELECT sees.

    Attributes:
        ctes: Tables of WITH, by name.
        subquery: Reads a query inside an expression.
        sources: Tables of FROM, by alias.
        merged: Columns that USING made one of two.
        aliases: Names of the select list, as far as it is read.
        outer: The query around a subquery.
    """

    context: Context
    ctes: Mapping[str, Columns]
    subquery: Callable[[Node, Scope], Outputs]
    outer: Scope | None = None
    sources: dict[str, Columns] = field(default_factory=dict)
    merged: set[str] = field(default_factory=set)
    aliases: dict[str, Value] = field(default_factory=dict)

    def add(self, node: Node, alias: str, columns: Columns) -> None:
        """Make a table of FROM known by its alias."""
        if alias in self.sources:
            self.context.refuse(node, f"expected another alias than {alias}, which an earlier table has")
        self.sources[alias] = columns

    def resolve(self, node: Node, parts: list[str]) -> Value:
        """Return what a column's name stands for; refuse one that is not known."""
        names = [part.lower() for part in parts]
        if len(names) > 2:
            self.context.refuse(
                node, f"expected table.column, got {'.'.join(parts)}", "give the table an alias"
            )
            return UNKNOWN
        found = self._qualified(*names) if len(names) == 2 else self._plain(node, names[0])
        if found is None:
            self.context.refuse(
                node,
                f"expected a column of the tables in FROM, got {'.'.join(parts)}",
                "netproof catalogue show lists tables and columns; text stands in single quotes",
            )
            return UNKNOWN
        self.context.read.add(names[-1])
        return found

    def _qualified(self, alias: str, name: str) -> Value | None:
        """Look a column up by table and name."""
        if alias in self.sources:
            return self.sources[alias].get(name)
        return None if self.outer is None else self.outer._qualified(alias, name)  # noqa: SLF001 - its own class

    def _plain(self, node: Node, name: str) -> Value | None:
        """Look a column up by name alone."""
        found = [columns[name] for columns in self.sources.values() if name in columns]
        if len(found) > 1 and name not in self.merged:
            self.context.refuse(
                node, f"expected a table before {name}, which {len(found)} tables have, got none"
            )
        if name in self.aliases:
            found.append(self.aliases[name])
        if not any(name in columns for columns in self.sources.values()) and self.outer is not None:
            further = self.outer._plain(node, name)  # noqa: SLF001 - its own class
            found += [] if further is None else [further]
        return chosen(found) if found else None
