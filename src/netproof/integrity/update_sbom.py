"""Which components does an update add, remove or change, by the bills of materials of both packages?

A bill that is not there, cannot be read, is about other bytes, or does not say that it is complete leaves
unknown what it does not list, and the answer says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.integrity.sbom import Listed, Sbom, differing, read_sbom

if TYPE_CHECKING:
    from netproof.integrity.packages import Inventory


@dataclass(frozen=True, slots=True)
class Unread:
    """A bill of materials that could not be read.

    Attributes:
        side: old or new.
        path: Its name.
        reason: Why.
    """

    side: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill of materials of one side.

    Attributes:
        name: Of the file.
        form: Its format and version.
        listed: How many components it lists.
        subject: Whether it is about these bytes: matches, differs or not_stated.
        complete: Whether it says that it lists everything and is not about other bytes; False: unknown.
    """

    name: str
    form: str
    listed: int
    subject: str
    complete: bool


@dataclass(frozen=True, slots=True)
class ComponentChange:
    """A component that is not what it was.

    Attributes:
        change: added, removed, version (another version) or digest (the same version, other bytes).
        key: What it is, whatever its version.
        old: What it was; None: not listed.
        new: What it is; None: not listed.
    """

    change: str
    key: str
    old: Listed | None
    new: Listed | None


@dataclass(frozen=True, slots=True)
class SbomChange:
    """The difference between two bills of materials.

    Attributes:
        old: The bill before; None: there is none.
        new: The bill after; None: there is none.
        components: What differs; empty where one side has no bill.
    """

    old: Bill | None
    new: Bill | None
    components: tuple[ComponentChange, ...]

    @property
    def only(self) -> bool:
        """Whether only one side has the bill."""
        return self.old is None or self.new is None


def sbom_changes(
    before: Inventory,
    after: Inventory,
    given_old: tuple[str, bytes] | None,
    given_new: tuple[str, bytes] | None,
) -> tuple[tuple[SbomChange, ...], tuple[Unread, ...]]:
    """Return the differences between bills of materials, and the bills that could not be read.

    Args:
        before: The old package.
        after: The new package.
        given_old: Name and bytes of a bill of the old package, in place of those found in it.
        given_new: The same of the new package.

    Raises:
        SourceError: A given bill cannot be read.
    """
    old, bad_old = _bills("old", before, given_old)
    new, bad_new = _bills("new", after, given_new)
    changes = []
    for left, right in _pairs(old, new):
        components: tuple[ComponentChange, ...] = ()
        if left is not None and right is not None:
            components = tuple(_change(*pair) for pair in differing(left.components, right.components))
        changes.append(SbomChange(_bill(left, before), _bill(right, after), components))
    return tuple(changes), tuple(bad_old + bad_new)


def _bills(side: str, one: Inventory, given: tuple[str, bytes] | None) -> tuple[list[Sbom], list[Unread]]:
    """Return the bills of one side, and those that could not be read."""
    if given is not None:
        sbom = read_sbom(*given)
        if sbom is None:
            raise SourceError(f"{given[0]}: expected CycloneDX or SPDX as JSON, got JSON that is neither")
        return [sbom], []
    bills, unread = [], []
    for path, data in one.sboms:
        try:
            sbom = read_sbom(path, data)
        except SourceError as error:
            unread.append(Unread(side, path, str(error)))
            continue
        if sbom is not None:
            bills.append(sbom)
    return bills, unread


def _pairs(old: list[Sbom], new: list[Sbom]) -> list[tuple[Sbom | None, Sbom | None]]:
    """Return bills that belong together: the only ones, or those of one name."""
    if len(old) == len(new) == 1:
        return [(old[0], new[0])]
    before, after = ({one.name: one for one in bills} for bills in (old, new))
    return [(before.get(name), after.get(name)) for name in sorted({*before, *after})]


def _bill(sbom: Sbom | None, one: Inventory) -> Bill | None:
    """Return what is said of a bill itself."""
    if sbom is None:
        return None
    known = {one.sha256, *(member.sha256 for member in one.members if member.sha256)}
    subject = "not_stated" if not sbom.subject else "matches" if sbom.subject in known else "differs"
    complete = sbom.complete and subject != "differs"
    return Bill(sbom.name, sbom.form, len(sbom.components), subject, complete)


def _change(old: Listed | None, new: Listed | None) -> ComponentChange:
    """Return how a component changed."""
    one = new or old
    key = one.key if one is not None else ""
    if old is None or new is None:
        return ComponentChange("added" if old is None else "removed", key, old, new)
    return ComponentChange("version" if old.version != new.version else "digest", key, old, new)
