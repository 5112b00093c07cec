"""One package being read, member by member, and the packages inside it.

A package inside is read apart and counted with the one around it only when all of it was admitted; if it
is refused, it stays closed, and the reason is kept. Bounds are of the whole: who passes them ends the whole.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

from netproof.errors import SourceError
from netproof.integrity.packages import csar, limits
from netproof.integrity.packages.aside import SIGNATURES_MAX, may_be_signature
from netproof.integrity.packages.entry import Entry, Kind
from netproof.integrity.packages.forms import entries_of, form_of, may_be_package
from netproof.integrity.packages.look import Findings, Seen, look
from netproof.integrity.packages.names import Ledger, clean
from netproof.integrity.packages.refusal import Refusal, refuse
from netproof.integrity.packages.services import Service, services, wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netproof.integrity.packages.budget import Budget

INSIDE: Final = "!/"
"""What stands between a package's name and a member's, for packages inside packages."""
_LINUX: Final = frozenset({"deb", "rpm"})
_SBOM_SIGNS: Final = (b'"bomFormat"', b'"spdxVersion"', b"spdx.org/rdf/3")


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a package, or of a package inside it.

    Attributes:
        path: Its name.
        kind: What it is.
        mode: Permission bits; None: the package does not say.
        size: Bytes of a file; 0 of others.
        sha256: Digest of a file; empty of others.
        target: Where a link leads.
        capabilities: Whether it carries file capabilities.
    """

    path: str
    kind: Kind
    mode: int | None
    size: int
    sha256: str
    target: str
    capabilities: bool


@dataclass(frozen=True, slots=True)
class SetAside:
    """What headers say and no inventory compares.

    Attributes:
        members: By member, what its headers say.
        packages: By what stands before the names of its members, what a package's own headers say.
        orders: Likewise, its members in the order in which they stand.
        signatures: Members that are called as signatures are, and their bytes.
    """

    members: dict[str, Mapping[str, str]] = field(default_factory=dict)
    packages: dict[str, Mapping[str, str]] = field(default_factory=dict)
    orders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    signatures: dict[str, bytes] = field(default_factory=dict)

    def add(self, inner: SetAside) -> None:
        """Take over what was said in a package inside."""
        self.members.update(inner.members)
        self.packages.update(inner.packages)
        self.orders.update(inner.orders)
        self.signatures.update(inner.signatures)


class Reading:
    """What was read of a package so far."""

    def __init__(
        self, budget: Budget, place: str, above: str = "", depth: int = 0, aside: SetAside | None = None
    ) -> None:
        """Begin.

        Args:
            budget: The account of the outermost package.
            place: What this package is called in errors.
            above: What stands before its members' names.
            depth: How many packages are around it.
            aside: Where to note what no inventory compares; None: nowhere.
        """
        self.members: list[Member] = []
        self.closed: list[tuple[str, str]] = []
        self.services: list[Service] = []
        self.sboms: list[tuple[str, bytes]] = []
        self.findings = Findings({}, {})
        self._budget, self._place, self._above, self._depth = budget, place, above, depth
        self.aside = aside
        self._here: dict[str, Member] = {}
        self._meta: bytes | None = None

    def open(self, file: BinaryIO, size: int) -> str:
        """Take in the members of a package, and return its form.

        Args:
            file: Its bytes; it can be sought in.
            size: How many.

        Raises:
            SourceError: It is no package, is damaged, or is refused by name.
        """
        form = form_of(file, self._place)
        if form is None:
            raise refuse(self._place, Refusal.FORMAT, "a file that is none of them")
        noting = self.aside is not None
        ledger = Ledger(self._place, self._budget, linux=form in _LINUX, noting=noting)
        for entry in entries_of(form, file, size, self._place, ledger, self._budget):
            self._here[entry.path] = self._take(entry)
        ledger.settle()
        if form == "zip" and self._meta is not None:
            csar.check(self._place, self._meta, frozenset(self._here))
            form = "csar"
        self.members += self._here.values()
        if self.aside is not None:
            self.aside.packages[self._above] = {"format": form, **ledger.aside}
            self.aside.orders[self._above] = tuple(self._here)
        return form

    def _take(self, entry: Entry) -> Member:
        """Return a member whose bytes were seen."""
        path = self._above + entry.path
        if self.aside is not None:
            self.aside.members[path] = entry.aside
        size, sha256 = 0, ""
        if entry.kind is Kind.FILE:
            seen = look(entry.chunks, path, self.findings, lambda head: self._most(path, entry.path, head))
            size, sha256 = seen.size, seen.sha256
            self._held(entry.path, path, seen)
        else:
            for _ in entry.chunks:
                pass  # what stands behind a header without content is the reader's to pass over
            if entry.kind is Kind.HARD_LINK:
                first = self._here[clean(self._place, entry.target)]
                size, sha256 = first.size, first.sha256
        return Member(path, entry.kind, entry.mode, size, sha256, entry.target, entry.capabilities)

    def _most(self, path: str, name: str, head: bytes) -> int:
        """Return how many bytes of a member are held, by its name and how it begins."""
        most = 0
        if wanted(path):
            most = limits.TEXT_MAX
        if name == csar.META:
            most = max(most, csar.META_MAX)
        if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
            most = max(most, limits.SBOM_MAX)
        if may_be_package(head):
            most = max(most, limits.HELD_MAX)
        if self.aside is not None and may_be_signature(name):
            most = max(most, SIGNATURES_MAX)
        return most

    def _held(self, name: str, path: str, seen: Seen) -> None:
        """Look at what can be told of a member only as a whole."""
        data = seen.held
        if wanted(path):
            text = data is not None and len(data) <= limits.TEXT_MAX
            self._serve(services(path, data if data is not None and text else b"\0"))
        if self.aside is not None and data is not None and may_be_signature(name):
            self.aside.signatures[path] = data
        if seen.package:
            self._inside(path, data)
        elif data is not None and len(data) <= limits.SBOM_MAX and any(sign in data for sign in _SBOM_SIGNS):
            self._bill(path, data)
        if name == csar.META:
            if data is None:
                raise refuse(self._place, Refusal.SIZE, f"{csar.META} of {seen.size:,} bytes")
            self._meta = data

    def _inside(self, path: str, data: bytes | None) -> None:
        """Open a package inside this one, or say why it stays closed."""
        if data is None:
            self.closed.append((path, f"larger than {limits.HELD_MAX:,} bytes"))
            return
        file, place = io.BytesIO(data), f"{self._place}{INSIDE}{path.removeprefix(self._above)}"
        try:
            if form_of(file, place) is None:
                return
            if self._depth >= limits.DEPTH_MAX:
                self.closed.append((path, f"below {limits.DEPTH_MAX} packages"))
                return
            aside = SetAside() if self.aside is not None else None
            inner = Reading(self._budget, place, path + INSIDE, self._depth + 1, aside)
            inner.open(file, len(data))
        except SourceError as error:
            if self._budget.spent:
                raise
            self.closed.append((path, str(error)))
            return
        self._add(inner)

    def _add(self, inner: Reading) -> None:
        """Count an admitted package inside with this one."""
        self.members += inner.members
        self.closed += inner.closed
        if self.aside is not None and inner.aside is not None:
            self.aside.add(inner.aside)
        self._serve(inner.services)
        for path, data in inner.sboms:
            self._bill(path, data)
        self.findings.add(inner.findings)

    def _serve(self, found: Iterable[Service]) -> None:
        """Note services, if there is room."""
        self.services += islice(found, limits.SERVICES_MAX + 1 - len(self.services))
        if len(self.services) > limits.SERVICES_MAX:
            del self.services[limits.SERVICES_MAX :]
            self.findings.whole = False

    def _bill(self, path: str, data: bytes) -> None:
        """Keep a bill of materials."""
        self.sboms.append((path, data))
        if sum(len(kept) for _, kept in self.sboms) > limits.SBOMS_MAX:
            raise refuse(
                self._place, Refusal.SIZE, f"bills of materials of more than {limits.SBOMS_MAX:,} bytes"
            )
