"""What does a profile change in the controls that it chose: parameters set, contents added and removed?

Profile resolution specification, phase "modify". What is changed is copied first, since one
catalog may serve several profiles.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from netproof.oscal.select import Raw, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OSCAL_NS = "http://csrc.nist.gov/ns/oscal"
"""Namespace of a prop or part that names none."""
_ITEMS = {"params": "param", "props": "prop", "links": "link", "parts": "part"}
_REPLACED = ("class", "depends-on", "label", "usage", "values", "select")
_ADDED = ("props", "links", "constraints", "guidelines")
_CRITERIA = {"by-name": "name", "by-class": "class", "by-id": "id", "by-ns": "ns"}


def modify(
    catalog: Raw, params: list[Raw], directive: Mapping[str, Any], notes: list[str], place: str
) -> list[Raw]:
    """Change a resolved catalog in place, and return the other parameters as set.

    Args:
        catalog: Its groups and controls; it and what it holds may be shared, and is copied.
        params: Parameters that stand in none of its groups and controls.
        directive: The profile's `modify`.
        notes: Told of what is set or altered without being there.
        place: The profile, for notes.
    """
    settings: dict[str, list[Raw]] = {}
    for setting in directive.get("set-parameters", ()):
        settings.setdefault(setting["param-id"], []).append(setting)
    alters = directive.get("alters", ())
    found: set[str] = set()
    catalog.update(_thawed(catalog, {alter["control-id"] for alter in alters}, settings, found))
    loose = [_set_all(param, settings, found) for param in params]
    notes += [f"{place}: no parameter {name} to set" for name in settings if name not in found]
    index: dict[str, list[Raw]] = {}
    for control in walk(catalog) if alters else ():
        index.setdefault(control["id"], []).append(control)
    notes += [
        f"{place}: no control {alter['control-id']} to alter"
        for alter in alters
        if alter["control-id"] not in index
    ]
    for alter in alters:
        for control in index.get(alter["control-id"], ()):
            _alter(control, alter, notes, place)
    return loose


def _thawed(
    parent: Raw,
    altered: set[str],
    settings: Mapping[str, list[Raw]],
    found: set[str],
    *,
    inside: bool = False,
) -> Raw:
    """Return a tree that may be changed: altered controls are copied whole, and parameters set."""
    inside = inside or ("id" in parent and parent["id"] in altered)
    made = {key: value for key, value in parent.items() if key not in {"groups", "controls"}}
    if inside:
        made = deepcopy(made)
    if settings and "params" in made:
        made["params"] = [_set_all(param, settings, found) for param in made["params"]]
    for key in ("groups", "controls"):
        if key in parent:
            made[key] = [_thawed(item, altered, settings, found, inside=inside) for item in parent[key]]
    return made


def _set_all(param: Raw, settings: Mapping[str, list[Raw]], found: set[str]) -> Raw:
    """Return a parameter as all its settings want it."""
    if param["id"] not in settings:
        return param
    found.add(param["id"])
    made = dict(param)
    for setting in settings[param["id"]]:
        if "values" in setting or "select" in setting:
            made.pop("values", None)
            made.pop("select", None)
        made.update({key: setting[key] for key in _REPLACED if key in setting})
        for key in _ADDED:
            if key in setting:
                made[key] = [*made.get(key, ()), *setting[key]]
    return made


def _alter(control: Raw, alter: Raw, notes: list[str], place: str) -> None:
    """Remove from a control and add to it."""
    where = f"{place}: alter {control['id']}"
    idle = [remove for remove in alter.get("removes", ()) if not _remove(control, remove)]
    notes += [f"{where}: nothing that a remove names is there"] * bool(idle)
    for add in alter.get("adds", ()):
        _add(control, deepcopy(add), notes, where)


def _remove(parent: Raw, asked: Raw) -> bool:
    """Remove all that meets every criterion, at any depth; say whether anything did."""
    if not any(key in asked for key in (*_CRITERIA, "by-item-name")):
        return False
    removed = False
    for key, word in _ITEMS.items():
        if key not in parent:
            continue
        kept = [item for item in parent[key] if not _meets(item, word, asked)]
        removed |= len(kept) < len(parent[key])
        parent[key] = kept
        if not kept:
            del parent[key]
        for item in kept:
            removed |= _remove(item, asked)
    for child in parent.get("controls", ()):
        removed |= _remove(child, asked)
    return removed


def _meets(item: Raw, word: str, asked: Raw) -> bool:
    """Say whether a thing meets every criterion."""
    if "by-item-name" in asked and asked["by-item-name"] != word:
        return False
    spaced = {**item, "ns": item.get("ns", OSCAL_NS)} if word in {"prop", "part"} else item
    return all(spaced.get(name) == asked[key] for key, name in _CRITERIA.items() if key in asked)


def _add(control: Raw, add: Raw, notes: list[str], where: str) -> None:
    """Add to a control, or to or beside a thing in it."""
    position = add.pop("position", "ending")
    name = add.pop("by-id", "")
    if name in {"", control["id"]}:
        _add_inside(control, add, first=position in {"starting", "before"})
        return
    spot = next(_find(control, name), None)
    if spot is None:
        notes.append(f"{where}: nothing of id {name} to add to")
        return
    holder, key, item = spot
    if position in {"before", "after"}:
        _add_beside(holder, key, item, add, first=position == "before")
    else:
        _add_inside(item, add, first=position == "starting")


def _find(parent: Raw, name: str) -> Iterator[tuple[Raw, str, Raw]]:
    """Yield what has an id in a control: its holder, the list there, and the thing."""
    for key in ("params", "parts", "controls"):
        for item in parent.get(key, ()):
            if item.get("id") == name:
                yield parent, key, item
            yield from _find(item, name)


def _add_inside(item: Raw, add: Raw, *, first: bool) -> None:
    """Add at the start or end of what a thing holds."""
    for key, value in add.items():
        if isinstance(value, list):
            before = item.get(key, [])
            item[key] = value + before if first else before + value
        else:
            item[key] = value


def _add_beside(holder: Raw, key: str, item: Raw, add: Raw, *, first: bool) -> None:
    """Add before or after a thing; what is of another kind goes to the start or end of its list."""
    same = add.pop(key, [])
    at = next(number for number, other in enumerate(holder[key]) if other is item) + (0 if first else 1)
    holder[key][at:at] = same
    add.pop("title", None)
    _add_inside(holder, add, first=first)
