"""Is a release what its source builds? The published package against one's own build of the same source.

The same bytes: identical. Else both packages are read member by member; what headers say besides (times,
owners, order, packing) and detached signatures may differ and is set aside, every kind of it listed with what
it concerns. Anything else that differs, in a member or in a header, makes the build different.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from netproof.errors import SourceError
from netproof.integrity.packages import SetAside, inventory
from netproof.integrity.packages.aside import Aside
from netproof.integrity.packages.forms import form_of
from netproof.integrity.packages.reading import INSIDE
from netproof.integrity.signatures import cms, openpgp
from netproof.integrity.update import Change, changes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from netproof.integrity.packages import Inventory, Member

NAMED_MAX: Final = 20
"""How many members a sentence about one kind of difference names."""
_SENTENCE_MAX: Final = 900


class Result(StrEnum):
    """What a comparison came to."""

    IDENTICAL = "identical"
    NORMALISED = "same_after_normalising"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Package:
    """One of the two packages; `form` is empty where it is none that can be read."""

    name: str
    size: int
    sha256: str
    form: str


@dataclass(frozen=True, slots=True)
class Normalised:
    """A kind of difference that was set aside.

    Attributes:
        kind: time, owner, order, compression, form, signature, mode, content or container.
        what: In words.
        paths: What it concerns, in order of name; the package itself is the empty name.
    """

    kind: str
    what: str
    paths: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Return it as one sentence, with the first of what it concerns."""
        named = [_escaped(path) or "the package itself" for path in self.paths[:NAMED_MAX]]
        more = f" and {len(self.paths) - NAMED_MAX} more" if len(self.paths) > NAMED_MAX else ""
        text = f"{self.what}: {', '.join(named)}"
        return (text if len(text) <= _SENTENCE_MAX else f"{text[:_SENTENCE_MAX]}...") + more


@dataclass(frozen=True, slots=True)
class HeaderChange:
    """Something that only a header says, that no build may change: a comment, an attribute, a tag."""

    path: str
    what: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison came to.

    Attributes:
        published: What the supplier published.
        built: What was built from its source.
        result: See `Result`.
        normalised: What was set aside.
        files: Members that differ: old is published, new is built.
        headers: What headers say differently.
        reason: Why nothing more can be told; empty: everything was compared.
    """

    published: Package
    built: Package
    result: Result
    normalised: tuple[Normalised, ...] = ()
    files: tuple[Change, ...] = ()
    headers: tuple[HeaderChange, ...] = ()
    reason: str = ""


_WORDS: Final = {
    Aside.TIME: "times in headers differ",
    Aside.OWNER: "owners in headers differ",
    Aside.ORDER: "members stand in another order",
    Aside.COMPRESSION: "compressed otherwise to the same content",
    Aside.FORM: "headers of another form say the same",
    Aside.SIGNATURE: "a detached signature is on one side only or is another one",
}
_MODE: Final = "permissions are stated on one side only"
_CONTENT: Final = "a package inside has other bytes and the same content"
_CONTAINER: Final = "filling or headers around the members differ"


def compare(published: Path, built: Path) -> Comparison:
    """Return whether a release is what its source builds.

    Args:
        published: What the supplier published.
        built: One's own build of its source.

    Raises:
        SourceError: A file cannot be read, or a package is refused or damaged.

    Cost: one pass over each file; if they differ, one over what each unpacks to.
    """
    one, two = _package(published), _package(built)
    if one.sha256 == two.sha256:
        return Comparison(one, two, Result.IDENTICAL)
    for side in (one, two):
        if not side.form:
            reason = f"{side.name} is no package whose members could be compared, and the bytes differ"
            return Comparison(one, two, Result.DIFFERENT, reason=reason)
    aside, other = SetAside(), SetAside()
    before, after = inventory(published, aside=aside), inventory(built, aside=other)
    for side, read in ((one, before), (two, after)):
        if side.sha256 != read.sha256:
            raise SourceError(f"{side.name}: expected a file at rest, got one that changed while it was read")
    return _Pair(one, two, before, after, aside, other).compared()


def _package(path: Path) -> Package:
    """Return a file's digest and form."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SourceError(f"{path.name}: expected a file, got a folder or a device")
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
            return Package(path.name, size, sha256, form_of(file, path.name) or "")
    except OSError as error:
        raise SourceError(f"{path.name}: expected a readable file, got: {error.strerror or error}") from error


class _Pair:
    """Two packages, read."""

    def __init__(
        self,
        one: Package,
        two: Package,
        before: Inventory,
        after: Inventory,
        aside: SetAside,
        other: SetAside,
    ) -> None:
        self._one, self._two = one, two
        self._was = {member.path: member for member in before.members}
        self._now = {member.path: member for member in after.members}
        self._closed = {path for path, _ in (*before.closed, *after.closed)}
        self._aside, self._other = aside, other
        self._found: dict[tuple[str, str], set[str]] = {}
        self._headers: list[HeaderChange] = []

    def compared(self) -> Comparison:
        """Return what the comparison came to."""
        files = tuple(one for one in changes(self._was, self._now) if not self._set_aside(one))
        both = self._was.keys() & self._now.keys()
        for path in sorted(both):
            self._modes(path)
            self._facts(path, self._aside.members.get(path, {}), self._other.members.get(path, {}))
        for above in sorted(self._aside.packages.keys() & self._other.packages.keys()):
            name = above.removesuffix(INSIDE)
            self._facts(name, self._aside.packages[above], self._other.packages[above])
            self._orders(above, name)
        different = bool(files or self._headers)
        if not self._found and not different:
            self._note("container", _CONTAINER, "")
        normalised = tuple(
            Normalised(kind, what, tuple(sorted(paths)))
            for (kind, what), paths in sorted(self._found.items())
        )
        result = Result.DIFFERENT if different else Result.NORMALISED
        return Comparison(self._one, self._two, result, normalised, files, tuple(self._headers))

    def _set_aside(self, one: Change) -> bool:
        """Return whether a member's difference is none of content; it is noted then."""
        if self._is_signature(one.path, self._aside, one.old) and self._is_signature(
            one.path, self._other, one.new
        ):
            self._note(Aside.SIGNATURE, _WORDS[Aside.SIGNATURE], one.path)
            return True
        inside = one.path + INSIDE
        opened = inside in self._aside.packages and inside in self._other.packages
        if one.parts == ("content",) and opened and one.path not in self._closed:
            self._note("content", _CONTENT, one.path)
            return True
        return False

    @staticmethod
    def _is_signature(path: str, aside: SetAside, member: Member | None) -> bool:
        """Return whether a member is a detached signature and nothing else, or is not there."""
        if member is None:
            return True
        content = aside.signatures.get(path)
        return content is not None and _is_detached(path, content)

    def _modes(self, path: str) -> None:
        """Note permissions that one side does not state."""
        if (self._was[path].mode is None) != (self._now[path].mode is None):
            self._note("mode", _MODE, path)

    def _facts(self, name: str, was: Mapping[str, str], now: Mapping[str, str]) -> None:
        """Compare what headers say."""
        for said in sorted(was.keys() | now.keys()):
            old, new = was.get(said), now.get(said)
            if old == new:
                continue
            kind = said.partition(",")[0]
            if kind in _WORDS:
                self._note(kind, _WORDS[Aside(kind)], name)
            else:
                self._headers.append(HeaderChange(name, said, old, new))

    def _orders(self, above: str, name: str) -> None:
        """Note that members of a package stand in another order."""
        was = [above + path for path in self._aside.orders[above]]
        now = [above + path for path in self._other.orders[above]]
        both = set(was) & set(now)
        if [path for path in was if path in both] != [path for path in now if path in both]:
            self._note(Aside.ORDER, _WORDS[Aside.ORDER], name)

    def _note(self, kind: str, what: str, path: str) -> None:
        """Note something that is set aside."""
        self._found.setdefault((str(kind), what), set()).add(path)


def _escaped(path: str) -> str:
    """Return a name in ASCII: an entry of a log holds no sign that a person cannot see."""
    return path.encode("ascii", "backslashreplace").decode("ascii")


def _is_detached(path: str, content: bytes) -> bool:
    """Return whether bytes are OpenPGP or CMS signatures, detached, and nothing else."""
    readers: tuple[Callable[[str, bytes], object], ...] = (openpgp.read, cms.read)
    return any(_reads(read, path, content) for read in readers)


def _reads(read: Callable[[str, bytes], object], path: str, content: bytes) -> bool:
    """Return whether a reader of signatures takes the bytes."""
    try:
        read(path, content)
    except SourceError:
        return False
    return True
