"""Which tables a SELECT rests on, through all that is derived in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.tables.spec import all_specs
from netproof.tables.tree import tables_needed, tables_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Lineage:
    """What each derived table rests on in the end.

    Attributes:
        inputs: The tables that it reads.
        needs: Those of them without whose rows it has none.
    """

    inputs: Mapping[str, frozenset[str]]
    needs: Mapping[str, frozenset[str]]

    def read(self, tables: Iterable[str]) -> frozenset[str]:
        """Return the tables that these tables rest on."""
        return frozenset().union(*(self.inputs.get(name, {name}) for name in tables))

    def needed(self, text: str) -> frozenset[str]:
        """Return the tables without whose rows a SELECT has none."""
        return tables_needed(text, self.needs)


def lineage_of(texts: Mapping[str, str]) -> Lineage:
    """Return the lineage of tables by their SELECT, each after those that it reads.

    Tables that kernels make say in their specification what they rest on.
    """
    made = [spec for spec in all_specs().values() if spec.rests_on]
    inputs = {spec.name: frozenset(spec.rests_on) for spec in made}
    needs = {spec.name: frozenset(spec.needs) for spec in made}
    lineage = Lineage(inputs, needs)
    for name, text in texts.items():
        inputs[name] = lineage.read(tables_read(text))
        needs[name] = lineage.needed(text)
        lineage = Lineage(inputs, needs)
    return lineage
