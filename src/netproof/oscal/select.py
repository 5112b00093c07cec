"""Which controls of a catalog does a profile's import choose?

By id, by pattern, with or without the controls below them; what is excluded is excluded however it
was included. What is chosen keeps its order and its groups.
"""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netproof.errors import CatalogueError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Raw = dict[str, Any]
"""A piece of an OSCAL document. It is never changed in place: what differs is a copy."""
CONTROLS_MAX = 100_000
"""Controls that a resolved catalog may have."""
DEPTH_MAX = 60


@dataclass(frozen=True, slots=True)
class Selection:
    """What one import chose.

    Attributes:
        origin: The document that it came from; groups of one origin and id are one group.
        groups: The groups with what was chosen, and no more.
        controls: What was chosen outside groups.
        source: The whole catalog.
    """

    origin: str
    groups: list[Raw]
    controls: list[Raw]
    source: Raw


def walk(parent: Mapping[str, Any], depth: int = 0) -> Iterator[Raw]:
    """Yield the controls of a catalog, group or control, each before those below it.

    Raises:
        CatalogueError: They are nested too deep.
    """
    if depth > DEPTH_MAX:
        raise CatalogueError(f"expected controls nested at most {DEPTH_MAX} deep, got more")
    for group in parent.get("groups", ()):
        yield from walk(group, depth + 1)
    for control in parent.get("controls", ()):
        yield control
        if "controls" in control:
            yield from walk(control, depth + 1)


def chosen_ids(asked: Mapping[str, Any], catalog: Raw, notes: list[str], place: str) -> set[str]:
    """Return the ids that an import, or an `insert-controls`, asks of a catalog.

    Args:
        asked: With `include-all` or `include-controls`, and `exclude-controls`; neither of the
            first two means all.
        catalog: What is chosen from.
        notes: Told of every id that the catalog does not have.
        place: Who asks, for notes.
    """
    controls = list(walk(catalog))
    if len(controls) > CONTROLS_MAX:
        raise CatalogueError(f"{place}: expected at most {CONTROLS_MAX:,} controls, got {len(controls):,}")
    below = {control["id"]: control for control in controls if "controls" in control}
    known = dict.fromkeys(control["id"] for control in controls)
    if "include-controls" in asked:
        wanted = _matched(asked["include-controls"], known, below, notes, place)
    else:
        wanted = set(known)
    return wanted - _matched(asked.get("exclude-controls", ()), known, below, notes, place)


def _matched(
    directives: Iterable[Raw],
    known: Mapping[str, None],
    below: Mapping[str, Raw],
    notes: list[str],
    place: str,
) -> set[str]:
    """Return the ids that some directives name, match, or find below those."""
    found: set[str] = set()
    for directive in directives:
        own: set[str] = set()
        for name in directive.get("with-ids", ()):
            if name in known:
                own.add(name)
            else:
                notes.append(f"{place}: no control {name} to choose")
        for matching in directive.get("matching", ()):
            if "pattern" in matching:
                pattern = re.compile(fnmatch.translate(matching["pattern"]))
                own.update(name for name in known if pattern.match(name))
        if directive.get("with-child-controls") == "yes":
            for name in list(own):
                own.update(child["id"] for child in walk(below.get(name, {})))
        found |= own
    return found


def prune(parent: Raw, wanted: set[str], seen: set[str] | None) -> Raw:
    """Return a catalog or group with only the wanted controls, and groups that hold any.

    A control whose parent is not wanted takes the parent's place.

    Args:
        parent: The catalog or group.
        wanted: Control ids.
        seen: Ids already taken, which are taken once only; None: as often as they come.
    """
    groups = [kept for group in parent.get("groups", ()) if _holds(kept := prune(group, wanted, seen))]
    controls = _prune(parent.get("controls", ()), wanted, seen)
    made = {key: value for key, value in parent.items() if key not in {"groups", "controls"}}
    if groups:
        made["groups"] = groups
    if controls:
        made["controls"] = controls
    return made


def _holds(group: Raw) -> bool:
    """Say whether a group stays."""
    return "groups" in group or "controls" in group or always(group)


def always(item: Mapping[str, Any]) -> bool:
    """Say whether a thing asks to be kept in any case."""
    return any(p["name"] == "keep" and p["value"] == "always" for p in item.get("props", ()))


def _prune(controls: Iterable[Raw], wanted: set[str], seen: set[str] | None) -> list[Raw]:
    """Return the wanted ones of some controls and of those below them."""
    kept: list[Raw] = []
    for control in controls:
        name = control["id"]
        take = name in wanted and (seen is None or name not in seen)
        if take and seen is not None:
            seen.add(name)
        if "controls" not in control:
            if take:
                kept.append(control)
            continue
        below = _prune(control["controls"], wanted, seen)
        if take:
            made = {key: value for key, value in control.items() if key != "controls"}
            if below:
                made["controls"] = below
            kept.append(made)
        else:
            kept += below
    return kept


def all_params(parent: Raw) -> Iterator[Raw]:
    """Yield the parameters of a catalog, of its groups and of its controls."""
    yield from parent.get("params", ())
    for key in ("groups", "controls"):
        for item in parent.get(key, ()):
            yield from all_params(item)
