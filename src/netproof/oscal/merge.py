"""How are the controls that a profile chose put together: flat, as they were, or in groups of its own?

Profile resolution specification, phase "merge". Order is kept: imports in order, within each the
catalog's order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof.errors import CatalogueError
from netproof.oscal.select import Raw, Selection, chosen_ids, prune, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_OPTIONAL = ("groups", "controls")


def merge(directive: Mapping[str, Any], selections: Sequence[Selection], notes: list[str], place: str) -> Raw:
    """Return the groups and controls of the resolved catalog.

    Args:
        directive: The profile's `merge`, or nothing.
        selections: What each import chose.
        notes: Told of ids that clash.
        place: The profile, for notes.
    """
    method = directive.get("combine", {}).get("method", "keep")
    if method == "merge":
        selections = _combined(selections)
    elif method == "keep":
        _tell_clashes(selections, notes, place)
    if directive.get("as-is"):
        return _as_is(selections)
    if "custom" in directive:
        return _custom(directive["custom"], selections, notes, place)
    # "No grouping or nesting of controls" (section "flat"); NIST's own examples show both readings.
    controls = list(_each(selections))
    return {"controls": controls} if controls else {}


def _tree(selection: Selection) -> Raw:
    """Return what was chosen as one tree."""
    return {"groups": selection.groups, "controls": selection.controls}


def _each(selections: Iterable[Selection]) -> Iterator[Raw]:
    """Yield all controls in order, each without those below it."""
    for selection in selections:
        for control in walk(_tree(selection)):
            yield {key: value for key, value in control.items() if key != "controls"}


def _tell_clashes(selections: Iterable[Selection], notes: list[str], place: str) -> None:
    """Tell of ids that come more than once."""
    seen: set[str] = set()
    for control in _each(selections):
        if control["id"] in seen:
            notes.append(f"{place}: control {control['id']} comes more than once; use-first keeps one")
        seen.add(control["id"])


def _combined(selections: Sequence[Selection]) -> list[Selection]:
    """Return selections in which a control of one id stands once, with all that any of them has."""
    whole: dict[str, Raw] = {}
    for control in _each(selections):
        name = control["id"]
        whole[name] = _union(whole[name], control) if name in whole else control
    seen: set[str] = set()
    made = []
    for selection in selections:
        kept = _replaced(prune(_tree(selection), set(whole), seen), whole)
        groups, controls = kept.get("groups", []), kept.get("controls", [])
        made.append(Selection(selection.origin, groups, controls, selection.source))
    return made


def _union(first: Raw, second: Raw) -> Raw:
    """Return a control with what both have; where one id has two texts, the first stays."""
    made = dict(first)
    for key, value in second.items():
        if key not in made:
            made[key] = value
        elif isinstance(value, list):
            ids = {item["id"] for item in made[key] if "id" in item}
            more = [item for item in value if item.get("id") not in ids and item not in made[key]]
            made[key] = made[key] + more
    return made


def _replaced(parent: Raw, whole: Mapping[str, Raw]) -> Raw:
    """Return a tree whose controls have the contents that `whole` says."""
    made = dict(parent)
    if "groups" in made:
        made["groups"] = [_replaced(group, whole) for group in made["groups"]]
    if "controls" in made:
        made["controls"] = [
            _replaced(
                {**whole[control["id"]], **{k: control[k] for k in ("controls",) if k in control}}, whole
            )
            for control in made["controls"]
        ]
    return made


def _as_is(selections: Sequence[Selection]) -> Raw:
    """Return the groups as they were; groups of one origin and id become one."""
    groups: list[tuple[str, Raw]] = []
    controls: list[Raw] = []
    for selection in selections:
        for group in selection.groups:
            _put(groups, selection.origin, group)
        controls += selection.controls
    made: Raw = {}
    if groups:
        made["groups"] = [group for _, group in groups]
    if controls:
        made["controls"] = controls
    return made


def _put(groups: list[tuple[str, Raw]], origin: str, group: Raw) -> None:
    """Add a group, or its contents to the group that it is a part of."""
    for number, (other, before) in enumerate(groups):
        if other == origin and "id" in group and before.get("id") == group["id"]:
            inner: list[tuple[str, Raw]] = [(origin, item) for item in before.get("groups", ())]
            for item in group.get("groups", ()):
                _put(inner, origin, item)
            controls = [*before.get("controls", ()), *group.get("controls", ())]
            made = {key: value for key, value in before.items() if key not in _OPTIONAL}
            if inner:
                made["groups"] = [item for _, item in inner]
            if controls:
                made["controls"] = controls
            groups[number] = (other, made)
            return
    groups.append((origin, group))


def _custom(
    directive: Mapping[str, Any], selections: Sequence[Selection], notes: list[str], place: str
) -> Raw:
    """Return the groups that the profile made, with the controls it puts into each."""
    pool = _as_is(selections)
    sources = {group["id"]: group for s in selections for group in _groups(s.source) if "id" in group}
    taken: set[str] = set()
    return _filled(directive, pool, sources, taken, notes, place)


def _groups(parent: Mapping[str, Any]) -> Iterator[Raw]:
    """Yield the groups of a catalog, with those below them."""
    for group in parent.get("groups", ()):
        yield group
        yield from _groups(group)


def _filled(
    asked: Mapping[str, Any],
    pool: Raw,
    sources: Mapping[str, Raw],
    taken: set[str],
    notes: list[str],
    place: str,
) -> Raw:
    """Return a group of the profile's own, with its groups and controls."""
    made: Raw = {key: value for key, value in asked.items() if key not in {"groups", "insert-controls"}}
    source = sources.get(asked.get("id", ""), {})
    for key in ("class", "title", "params", "props", "links", "parts"):
        if key not in source:
            continue
        if key not in made:
            made[key] = source[key]
        elif isinstance(made[key], list):
            made[key] = source[key] + [item for item in made[key] if item not in source[key]]
    groups = [_filled(group, pool, sources, taken, notes, place) for group in asked.get("groups", ())]
    controls = [
        control
        for insert in asked.get("insert-controls", ())
        for control in _inserted(insert, pool, taken, notes, place)
    ]
    if groups:
        made["groups"] = groups
    if controls:
        made["controls"] = controls
    return made


def _inserted(insert: Raw, pool: Raw, taken: set[str], notes: list[str], place: str) -> list[Raw]:
    """Return the controls that one `insert-controls` chooses; each control is put in one place."""
    wanted = chosen_ids(insert, pool, notes, f"{place}: insert-controls")
    if not wanted:
        notes.append(f"{place}: an insert-controls chooses nothing")
    notes += [
        f"{place}: control {name} is inserted in more than one place; the first holds"
        for name in sorted(wanted & taken)
    ]
    kept = list(_top(prune(pool, wanted - taken, None)))
    taken |= wanted
    order = insert.get("order", "keep")
    if order not in {"keep", "ascending", "descending"}:
        raise CatalogueError(
            f"{place}: insert-controls: expected keep, ascending or descending, got {order!r}"
        )
    if order == "keep":
        return kept
    return _sorted(kept, descending=order == "descending")


def _top(parent: Raw) -> Iterator[Raw]:
    """Yield the controls of a tree without its groups; those below a control stay there."""
    for group in parent.get("groups", ()):
        yield from _top(group)
    yield from parent.get("controls", ())


def _sorted(controls: list[Raw], *, descending: bool) -> list[Raw]:
    """Return controls by id, at every level."""
    made = [
        {**control, "controls": _sorted(control["controls"], descending=descending)}
        if "controls" in control
        else control
        for control in controls
    ]
    return sorted(made, key=lambda control: control["id"], reverse=descending)
