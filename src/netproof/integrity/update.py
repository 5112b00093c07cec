"""What does an update change? Two packages in, their differences out, in values that nobody changes.

Members are compared by name, or below the one folder that holds all of a package where those folders are
named differently. Keys and addresses are compared by what they are, not by where they lie: what moved to
another file is not new.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netproof.errors import SourceError
from netproof.integrity.packages import Address, Inventory, KeyFound, Member, Service, inventory
from netproof.integrity.packages.limits import SBOM_MAX
from netproof.integrity.update_sbom import SbomChange, Unread, sbom_changes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_RIGHTS: Final = ((0o4000, "setuid"), (0o2000, "setgid"))


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two packages.

    Attributes:
        name: Of the file.
        form: zip, csar, tar, deb or rpm.
        size: Of the file [bytes].
        sha256: Of the file.
        members: How many it has, those of packages inside it too.
        below: The folder that holds all of them and is left out of the comparison; empty: none is.
        closed: Packages inside that were not opened, and why.
        whole: Whether all keys, services and addresses were noted; there is a bound to what is.
    """

    name: str
    form: str
    size: int
    sha256: str
    members: int
    below: str
    closed: tuple[tuple[str, str], ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A member that is not what it was.

    Attributes:
        change: added, removed or changed.
        path: Its name, without the folder left out.
        old: What it was; None: it was not there.
        new: What it is; None: it is not there.
        parts: What changed: kind, content, mode, target, capabilities.
        moved_from: Of an added file: a removed one with the same bytes; else empty.
    """

    change: str
    path: str
    old: Member | None
    new: Member | None
    parts: tuple[str, ...]
    moved_from: str


@dataclass(frozen=True, slots=True)
class Privileged:
    """A file that gives rights to whoever starts it, and did not before, or has other bytes now.

    Attributes:
        path: Its name.
        rights: setuid, setgid, capabilities.
        why: new file, newly set, or content changed.
    """

    path: str
    rights: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Update:
    """What an update changes.

    Attributes:
        old: The package before.
        new: The package after.
        same: How many members are the same.
        files: Members that are not.
        privileged: Files that newly give rights.
        keys: Keys and certificates that were nowhere in the old package.
        services: Network services that were not in the old package under that name.
        addresses: Strings that look like addresses and were nowhere in the old package.
        sboms: Differences between bills of materials.
        unread: Bills of materials that could not be read, and why.
    """

    old: Side
    new: Side
    same: int
    files: tuple[Change, ...]
    privileged: tuple[Privileged, ...]
    keys: tuple[KeyFound, ...]
    services: tuple[Service, ...]
    addresses: tuple[Address, ...]
    sboms: tuple[SbomChange, ...]
    unread: tuple[Unread, ...]

    @property
    def differs(self) -> bool:
        """Whether anything that is compared differs."""
        return bool(self.files or any(one.components or one.only for one in self.sboms))


def update(old: Path, new: Path, *, sbom_old: Path | None = None, sbom_new: Path | None = None) -> Update:
    """Return what an update changes.

    Args:
        old: The package before.
        new: The package after.
        sbom_old: A bill of materials of the old package, in place of those found in it.
        sbom_new: One of the new package.

    Raises:
        SourceError: A package is refused or damaged, or a bill of materials that was named cannot be read.
    """
    given_old, given_new = _given(sbom_old), _given(sbom_new)
    before, after = inventory(old), inventory(new)
    below_old, below_new = _folders(before, after)
    was = {member.path.removeprefix(below_old): member for member in before.members}
    now = {member.path.removeprefix(below_new): member for member in after.members}
    files = tuple(changes(was, now))
    sboms, unread = sbom_changes(before, after, given_old, given_new)
    return Update(
        old=_side(before, below_old),
        new=_side(after, below_new),
        same=len(was.keys() & now.keys()) - sum(one.change == "changed" for one in files),
        files=files,
        privileged=tuple(_privileged(files)),
        keys=_new_keys(before, after),
        services=_new_services(before, after, below_old, below_new),
        addresses=_new_addresses(before, after),
        sboms=sboms,
        unread=unread,
    )


def _given(path: Path | None) -> tuple[str, bytes] | None:
    """Return a named bill of materials."""
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            data = file.read(SBOM_MAX + 1)
    except OSError as error:
        raise SourceError(f"{path.name}: expected a readable file, got: {error.strerror or error}") from error
    if len(data) > SBOM_MAX:
        raise SourceError(f"{path.name}: expected at most {SBOM_MAX:,} bytes, got more")
    return path.name, data


def _side(one: Inventory, below: str) -> Side:
    """Return what is said of a package itself."""
    return Side(
        one.name, one.form, one.size, one.sha256, len(one.members), below.rstrip("/"), one.closed, one.whole
    )


def _folders(before: Inventory, after: Inventory) -> tuple[str, str]:
    """Return the folders to leave out: those that hold everything, where they are named differently."""
    old, new = _only_folder(before), _only_folder(after)
    return (old, new) if old and new and old != new else ("", "")


def _only_folder(one: Inventory) -> str:
    """Return the folder that holds all members, with a slash; empty where there is none."""
    tops = {member.path.split("/", 1)[0] for member in one.members}
    if len(tops) != 1:
        return ""
    top = tops.pop()
    inner = any(member.path.startswith(f"{top}/") for member in one.members)
    return f"{top}/" if inner and "!" not in top else ""


def changes(was: dict[str, Member], now: dict[str, Member]) -> Iterator[Change]:
    """Yield the members that differ, in the order of their names."""
    gone = {member.sha256: path for path, member in was.items() if path not in now and member.size}
    for path in sorted(was.keys() | now.keys()):
        old, new = was.get(path), now.get(path)
        if old is None and new is not None:
            moved = gone.get(new.sha256, "") if new.size else ""
            yield Change("added", path, None, new, (), moved)
        elif new is None:
            yield Change("removed", path, old, None, (), "")
        elif old is not None and (parts := _parts(old, new)):
            yield Change("changed", path, old, new, parts, "")


def _parts(old: Member, new: Member) -> tuple[str, ...]:
    """Return what of a member changed; a mode that one side does not say is not compared."""
    told = None not in (old.mode, new.mode)
    differing = {
        "kind": old.kind != new.kind,
        "content": old.sha256 != new.sha256,
        "mode": told and old.mode != new.mode,
        "target": old.target != new.target,
        "capabilities": old.capabilities != new.capabilities,
    }
    return tuple(part for part, differs in differing.items() if differs)


def _privileged(files: tuple[Change, ...]) -> Iterator[Privileged]:
    """Yield the files that newly give rights, or give them with other bytes."""
    for one in files:
        if one.new is None or not (rights := _rights(one.new)):
            continue
        before = _rights(one.old) if one.old is not None else ()
        if one.old is None:
            yield Privileged(one.path, rights, "new file")
        elif set(rights) - set(before):
            yield Privileged(one.path, rights, "newly set")
        elif "content" in one.parts:
            yield Privileged(one.path, rights, "content changed")


def _rights(member: Member) -> tuple[str, ...]:
    """Return the rights that a file gives; folders give none, the bits mean something else there."""
    if member.kind not in ("file", "hard_link"):
        return ()
    rights = [word for bit, word in _RIGHTS if (member.mode or 0) & bit]
    return tuple(rights + ["capabilities"] * member.capabilities)


def _new_keys(before: Inventory, after: Inventory) -> tuple[KeyFound, ...]:
    """Return the keys that were nowhere in the old package."""
    known = {one.sha256 for one in before.keys}
    return tuple(one for one in after.keys if one.sha256 not in known)


def _new_services(before: Inventory, after: Inventory, below_old: str, below_new: str) -> tuple[Service, ...]:
    """Return the services that were not in the old package under that name."""
    known = {(one.path.removeprefix(below_old), one.rule, one.value) for one in before.services}
    return tuple(
        one for one in after.services if (one.path.removeprefix(below_new), one.rule, one.value) not in known
    )


def _new_addresses(before: Inventory, after: Inventory) -> tuple[Address, ...]:
    """Return the addresses that were nowhere in the old package."""
    known = {(one.kind, one.value) for one in before.addresses}
    return tuple(one for one in after.addresses if (one.kind, one.value) not in known)
