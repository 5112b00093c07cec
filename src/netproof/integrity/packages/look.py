"""What a member's bytes show, seen once as they flow by: digest, addresses, keys; what must be held is held.

A window slides over the bytes; what begins in its middle is noted, so that nothing is cut in two and
nothing is noted twice.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netproof.integrity.packages import limits
from netproof.integrity.packages.addresses import addresses
from netproof.integrity.packages.forms import may_be_package
from netproof.integrity.packages.keys import DER_MAX, KeyFound, key_of_file, keys_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MARGIN: Final = DER_MAX
"""Longest thing that is found whole wherever it lies [bytes]."""
HEAD: Final = 1024
"""First bytes, by which it is told what a member may be."""
_WINDOW: Final = 1 << 20


@dataclass(slots=True)
class Findings:
    """What was noted of a whole package.

    Attributes:
        addresses: For each address, by kind and text, the first member that has it and how many have it.
        keys: For each key, by kind and digest, the first place.
        whole: Whether all keys, services and addresses were noted; there is a bound to what is.
    """

    addresses: dict[tuple[str, str], tuple[str, int]]
    keys: dict[tuple[str, str], KeyFound]
    whole: bool = True

    def add(self, other: Findings) -> None:
        """Take over what was noted of a package inside this one."""
        self.whole = self.whole and other.whole
        for one, (path, count) in other.addresses.items():
            self.address(one, path, count)
        for key in other.keys.values():
            self.key(key)

    def address(self, one: tuple[str, str], path: str, count: int = 1) -> None:
        """Note that a member has an address, if there is room."""
        first, before = self.addresses.get(one, (path, 0))
        if before == 0 and len(self.addresses) >= limits.ADDRESSES_MAX:
            self.whole = False
            return
        self.addresses[one] = (first, before + count)

    def key(self, key: KeyFound) -> None:
        """Note a key, if there is room."""
        if len(self.keys) >= limits.KEYS_MAX:
            self.whole = False
            return
        self.keys.setdefault((key.kind, key.sha256), key)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one member's bytes.

    Attributes:
        size: How many.
        sha256: Their digest.
        held: The bytes, where they were to be held and are few enough.
        package: Whether they begin as a package does.
    """

    size: int
    sha256: str
    held: bytes | None
    package: bool


def look(chunks: Iterable[bytes], path: str, findings: Findings, hold: Callable[[bytes], int]) -> Seen:
    """Return what a member's bytes show; addresses and keys are added to the findings.

    Args:
        chunks: Its bytes.
        path: Its name.
        findings: Grows.
        hold: Asked with the first bytes: how many bytes are held at most; 0: none.
    """
    digest = hashlib.sha256()
    size = most = 0
    held: list[bytes] = []
    noted: set[tuple[str, str]] = set()
    window, first, head = b"", True, b""
    for chunk in _begun(chunks):
        digest.update(chunk)
        if first and not size:
            most, head = hold(chunk), chunk[:HEAD]
        size += len(chunk)
        if size <= most:
            held.append(chunk)
        else:
            held.clear()
        window += chunk
        if len(window) >= _WINDOW + 2 * MARGIN:
            _note(window, 0 if first else MARGIN, len(window) - MARGIN, path, findings, noted)
            window, first = window[len(window) - 2 * MARGIN :], False
    _note(window, 0 if first else MARGIN, len(window), path, findings, noted)
    if first and size <= DER_MAX and (key := key_of_file(window, path)) is not None:
        findings.key(key)
    whole = b"".join(held) if size <= most else None
    return Seen(size, digest.hexdigest(), whole, may_be_package(head))


def _begun(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield chunks, the first of them long enough to tell what it begins."""
    start: bytes | None = b""
    for chunk in chunks:
        if start is None:
            yield chunk
            continue
        start += chunk
        if len(start) >= HEAD:
            yield start
            start = None
    if start:
        yield start


def _note(
    window: bytes, start: int, stop: int, path: str, findings: Findings, noted: set[tuple[str, str]]
) -> None:
    """Note what begins in a window between two places."""
    for one in addresses(window, start, stop):
        if len(noted) >= limits.ADDRESSES_MAX:
            findings.whole = False
            break
        if one not in noted:
            noted.add(one)
            findings.address(one, path)
    for key in keys_in(window, start, stop, path):
        findings.key(key)
