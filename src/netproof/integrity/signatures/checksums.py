"""Does a list of digests name a file, with the digest that it has?

Lines as coreutils (`DIGEST  NAME`, `DIGEST *NAME`), BSD (`SHA256 (NAME) = DIGEST`) or a lone digest in a file
named after the other. A list proves nothing by itself: whoever can change the file can change the list.
MD5, SHA-1 and SHA-224 are recorded as weak.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from netproof.errors import SourceError

if TYPE_CHECKING:
    from netproof.integrity.signatures.artifact import Signed

FORMAT = "checksums"
LINES_MAX = 200_000
_LENGTHS = {32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
_WEAK = ("md5", "sha1", "sha224")
_GNU = re.compile(r"(\\?)([0-9A-Fa-f]{32,128}) [ *](.+)")
_BSD = re.compile(r"(MD5|SHA1|SHA224|SHA256|SHA384|SHA512) \((.+)\) = ([0-9A-Fa-f]{32,128})")
_LONE = re.compile(r"([0-9A-Fa-f]{32,128})")
_ESCAPES = {"n": "\n", "r": "\r", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Line:
    """One digest of a list.

    Attributes:
        name: The file that it names; empty: the list has one digest and no name.
    """

    name: str
    algorithm: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Match:
    """What a list says of a file.

    Attributes:
        reason: Why it speaks against the file; else empty.
        algorithms: Which digests agree.
    """

    named: bool
    reason: str = ""
    algorithms: tuple[str, ...] = ()

    @property
    def weak(self) -> bool:
        """Whether no digest that agrees shows anything."""
        return all(algorithm in _WEAK for algorithm in self.algorithms)


def read(name: str, content: bytes) -> list[Line]:
    """Return the digests of a list; comments and empty lines are let pass.

    Raises:
        SourceError: A line is none of the three forms, or there are too many.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(f"{name}: expected a list of digests in UTF-8, got other bytes") from error
    found: list[Line] = []
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.removesuffix("\r")
        if not words.strip() or words.startswith("#"):
            continue
        if len(found) >= LINES_MAX:
            raise SourceError(f"{name}: expected at most {LINES_MAX:,} digests, got more")
        found.append(_line(name, number, words))
    if not found:
        raise SourceError(f"{name}: expected a list of digests, got none")
    if len(found) > 1 and any(not line.name for line in found):
        raise SourceError(f"{name}: expected a name beside each of several digests, got none")
    return found


def looks_like(content: bytes) -> bool:
    """Return whether a file begins as a list of digests does."""
    head = content[:2000].decode("utf-8", "replace").splitlines()
    first = next((line for line in head if line.strip() and not line.startswith("#")), "")
    return bool(_GNU.fullmatch(first) or _BSD.fullmatch(first) or _LONE.fullmatch(first.strip()))


def _line(file: str, number: int, words: str) -> Line:
    """Return one line's digest."""
    if gnu := _GNU.fullmatch(words):
        escaped, digest, name = gnu.groups()
        algorithm = _LENGTHS.get(len(digest), "")
        name = _unescaped(name) if escaped else name
    elif bsd := _BSD.fullmatch(words):
        label, name, digest = bsd.groups()
        algorithm = label.lower()
        if _LENGTHS.get(len(digest)) != algorithm:
            algorithm = ""
    elif lone := _LONE.fullmatch(words.strip()):
        digest, name = lone[1], ""
        algorithm = _LENGTHS.get(len(digest), "")
    else:
        algorithm = digest = name = ""
    if not algorithm:
        raise SourceError(f"{file}:{number}: expected a digest and a name, got {words[:60]!r}")
    return Line(name, algorithm, bytes.fromhex(digest))


def _unescaped(name: str) -> str:
    """Return a name that coreutils escaped."""
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), name)


def compare(lines: list[Line], name: str, signed: Signed) -> Match:
    """Return what a list says of a file; a name counts with or without `./` before it.

    Args:
        lines: The list.
        name: The file's name below the folder of the list.
        signed: Its bytes.
    """
    mine = [line for line in lines if not line.name or PurePosixPath(line.name) == PurePosixPath(name)]
    if not mine:
        return Match(named=False, reason=f"it does not name {name}")
    agreed: list[str] = []
    for line in mine:
        if not hmac.compare_digest(signed.digest(line.algorithm), line.digest):
            return Match(named=True, reason=f"the file's {line.algorithm} is not the one that it names")
        agreed.append(line.algorithm)
    return Match(named=True, algorithms=tuple(dict.fromkeys(agreed)))
