"""Is there a worked mapping for a catalogue that somebody brings?

`mappings/examples/` holds mappings to catalogues that netproof does not ship. Each says by which
controls, and by which word in the catalogue's title or its parties, the catalogue is known.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netproof.catalogue.control import Catalogue


@dataclass(frozen=True, slots=True)
class Example:
    """A worked mapping.

    Attributes:
        word: What the title or a party's name contains.
        ids: Controls that the catalogue has.
        controls: Control id → check ids.
    """

    name: str
    word: str
    ids: frozenset[str]
    controls: Mapping[str, tuple[str, ...]]


@cache
def examples() -> tuple[Example, ...]:
    """Return all worked mappings, by name."""
    folder = resources.files(__package__) / "mappings" / "examples"
    found = []
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        raw = tomllib.loads(file.read_text("utf-8"))
        controls = {control: tuple(checks) for control, checks in raw["controls"].items()}
        match = raw["match"]
        found.append(
            Example(file.name.removesuffix(".toml"), match["word"], frozenset(match["ids"]), controls)
        )
    return tuple(found)


def example_for(catalogue: Catalogue, metadata: Mapping[str, Any]) -> Example | None:
    """Return the worked mapping that fits a catalogue.

    Args:
        catalogue: Its controls.
        metadata: Its OSCAL metadata.
    """
    known = {control.id for control in catalogue.controls}
    names = [metadata["title"], *(party.get("name", "") for party in metadata.get("parties", ()))]
    for example in examples():
        if example.ids <= known and any(example.word in name for name in names):
            return example
    return None
