"""Which names may the members of a package have, and where may links lead?

Every name is judged before the member's bytes are read: no traversal, no absolute path, no character
that is not shown as it is, nothing twice, nothing below a file or a link. Links are judged when all
names are known, step by step through the package's own links, as a kernel would follow them.

Packages of Linux distributions (deb, RPM) are unpacked at the root of a Linux system and nowhere else:
there an absolute target of a link counts from the package's root, and case tells names apart.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from netproof.integrity.packages import limits
from netproof.integrity.packages.entry import Kind
from netproof.integrity.packages.refusal import Refusal, refuse, shown

if TYPE_CHECKING:
    from netproof.integrity.packages.budget import Budget

# Controls, format characters (bidirectional and of no width among them), lone surrogates, private use,
# line and paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def clean(place: str, name: str) -> str:
    """Return a name without `./` before and `/` behind it; empty for the root itself.

    Raises:
        SourceError: It is no name of a member.
    """
    if len(name) > limits.NAME_MAX:
        raise refuse(place, Refusal.LENGTH, f"{shown(name)} of {len(name):,} characters")
    if not name.isascii() or not name.isprintable():
        _characters(place, name)
    if name.startswith(("/", "\\")) or (name[1:2] == ":" and name[:1].isalpha()):
        raise refuse(place, Refusal.ABSOLUTE, shown(name))
    parts = name.removesuffix("/").split("/")
    if ".." in parts or ".." in name.split("\\"):
        raise refuse(place, Refusal.TRAVERSAL, shown(name))
    if parts[0] == ".":
        parts = parts[1:]
    if "\\" in name or "" in parts or "." in parts or not name:
        raise refuse(place, Refusal.UNCLEAN, shown(name))
    if len(parts) > limits.NAME_DEPTH_MAX:
        raise refuse(place, Refusal.LENGTH, f"{shown(name)} below {len(parts) - 1:,} folders")
    return "/".join(parts)


def _characters(place: str, text: str) -> None:
    """Refuse a text with characters that are not shown as they are."""
    for character in text:
        if unicodedata.category(character) in _UNSEEN:
            raise refuse(place, Refusal.CHARACTERS, f"U+{ord(character):04X} in {shown(text)}")


class _Node:
    """A member, or a folder above members."""

    __slots__ = ("below", "kind", "name", "target")

    def __init__(self, name: str) -> None:
        self.name = name
        self.kind: Kind | None = None
        self.target = ""
        self.below: dict[str, _Node] = {}


class Ledger:
    """The names of one package, judged as they come."""

    def __init__(self, place: str, budget: Budget, *, linux: bool = False, noting: bool = False) -> None:
        """Make an empty ledger.

        Args:
            place: The package.
            budget: Its account.
            linux: Whether the package is unpacked at the root of a Linux system only.
            noting: Whether anybody wants to know what headers say besides.
        """
        self._place = place
        self._budget = budget
        self._linux = linux
        self.noting = noting
        self._root = _Node("")
        self._links: list[tuple[str, str]] = []
        self.aside: dict[str, str] = {}
        """What the package's own headers say and no inventory compares, such as how it is compressed."""

    def admit(self, name: str, kind: Kind, target: str | None = "") -> str:
        """Return a member's clean name; empty for the root folder itself, which is no member.

        Args:
            name: As the package has it.
            kind: What it is.
            target: Where a link leads; None: `lead` says it later.

        Raises:
            SourceError: The name, or what a hard link leads to, is refused.
        """
        path = clean(self._place, name)
        self._budget.member(self._place, len(name) + len(target or ""))
        if not path:
            if kind is not Kind.FOLDER:
                raise refuse(self._place, Refusal.UNCLEAN, shown(name))
            return path
        node = self._node(path)
        if node.kind is not None:
            raise refuse(self._place, Refusal.DUPLICATE, shown(path))
        if node.below and kind is not Kind.FOLDER:
            raise refuse(self._place, Refusal.BELOW, f"members below {shown(path)}")
        if kind is Kind.HARD_LINK:
            self._hard(path, target or "")
        node.kind = kind
        if kind is Kind.LINK and target is not None:
            self.lead(path, target)
        return path

    def lead(self, path: str, target: str) -> None:
        """Take down where an admitted link leads.

        Raises:
            SourceError: The target is no path.
        """
        if not target or len(target) > limits.NAME_MAX:
            raise refuse(
                self._place, Refusal.LENGTH, f"{shown(path)} with a target of {len(target):,} characters"
            )
        _characters(self._place, target)
        if "\\" in target or (target[1:2] == ":" and target[:1].isalpha()):
            raise refuse(self._place, Refusal.LINK, f"{shown(path)} to {shown(target)}")
        self._find(path.split("/")).target = target
        self._links.append((path, target))

    def settle(self) -> None:
        """Judge where links lead, once all names are known.

        Raises:
            SourceError: A link leads out of the package, or nowhere.
        """
        for path, target in self._links:
            self._follow(path, target)

    def _key(self, part: str) -> str:
        """Return what two parts share that are one on some file system."""
        return part if self._linux else unicodedata.normalize("NFC", part).casefold()

    def _node(self, path: str) -> _Node:
        """Return the place of a name in the tree; folders above it are made."""
        here = self._root
        for part in path.split("/"):
            if here.kind not in (None, Kind.FOLDER):
                raise refuse(
                    self._place, Refusal.BELOW, f"{shown(path)} below {here.kind} {shown(here.name)}"
                )
            key = self._key(part)
            below = here.below.get(key)
            if below is None:
                self._budget.node(self._place)
                below = here.below[key] = _Node(part)
            elif below.name != part:
                raise refuse(
                    self._place, Refusal.CASE, f"{shown(path)}, where {shown(below.name)} is already"
                )
            here = below
        return here

    def _find(self, parts: list[str]) -> _Node:
        """Return an admitted member."""
        here = self._root
        for part in parts:
            here = here.below[self._key(part)]
        return here

    def _hard(self, path: str, target: str) -> None:
        """Refuse a hard link that does not lead to a file which came before."""
        node: _Node | None = self._root
        for part in clean(self._place, target).split("/"):
            node = node.below.get(self._key(part)) if node is not None else None
            if node is not None and node.name != part:
                node = None  # found only where case does not tell names apart
        if node is None or node.kind not in (Kind.FILE, Kind.HARD_LINK):
            raise refuse(self._place, Refusal.HARD_LINK, f"{shown(path)} to {shown(target)}")

    def _follow(self, path: str, target: str) -> None:
        """Refuse a link that leads out of the package."""
        stack = [self._root]
        for part in path.split("/")[:-1]:
            stack.append(stack[-1].below[self._key(part)])
        todo = self._start(stack, target)
        followed = steps = 0
        while todo:
            part = todo.pop()
            steps += 1
            if part in ("", "."):
                continue
            if part == "..":
                if len(stack) == 1:
                    raise refuse(self._place, Refusal.LINK, f"{shown(path)} to {shown(target)}")
                stack.pop()
                continue
            node = stack[-1].below.get(self._key(part)) or _Node(part)
            if node.kind is not Kind.LINK:
                stack.append(node)
                continue
            followed += 1
            if followed > limits.LINKS_MAX:
                raise refuse(self._place, Refusal.LINK_LOOP, shown(path))
            todo += self._start(stack, node.target)
        self._budget.steps(self._place, steps)

    def _start(self, stack: list[_Node], target: str) -> list[str]:
        """Return the parts of a target, the first one last; an absolute one starts at the root."""
        if target.startswith("/"):
            if not self._linux:
                raise refuse(self._place, Refusal.LINK, f"a link to {shown(target)}")
            del stack[1:]
        return target.split("/")[::-1]
