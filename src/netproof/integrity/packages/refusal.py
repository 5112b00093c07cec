"""Why a package is not opened: each reason has a name, and every refusal says it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from netproof.errors import SourceError

_SHOWN = 200


class Refusal(StrEnum):
    """The names of what is refused."""

    TRAVERSAL = "path traversal"
    ABSOLUTE = "absolute path"
    UNCLEAN = "unclean name"
    CHARACTERS = "control or bidirectional characters"
    LENGTH = "name too long"
    DUPLICATE = "duplicate name"
    CASE = "case clash"
    BELOW = "member below a file or link"
    LINK = "link that leaves"
    LINK_LOOP = "links without end"
    HARD_LINK = "hard link outside"
    DEVICE = "device"
    KIND = "unknown kind of member"
    SPARSE = "sparse member"
    HEADERS = "differing headers"
    HIDDEN = "hidden bytes"
    OVERLAP = "overlapping members"
    ENCRYPTED = "encrypted member"
    METHOD = "unknown compression"
    DAMAGED = "damaged"
    RATIO = "bomb: ratio"
    SIZE = "bomb: size"
    NUMBER = "bomb: number"
    MEMORY = "bomb: memory"
    MANIFEST = "manifest names what is not there"
    FORMAT = "unknown format"


_EXPECTED: Final = {
    Refusal.TRAVERSAL: "names that stay inside the package",
    Refusal.ABSOLUTE: "names that start inside the package",
    Refusal.UNCLEAN: "names in one spelling, without backslashes, empty parts or single dots",
    Refusal.CHARACTERS: "names that are shown as they are",
    Refusal.LENGTH: "names of bounded length and depth",
    Refusal.DUPLICATE: "every name once",
    Refusal.CASE: "names that differ in more than case",
    Refusal.BELOW: "members below folders only",
    Refusal.LINK: "links that stay inside the package",
    Refusal.LINK_LOOP: "links that lead somewhere",
    Refusal.HARD_LINK: "hard links to files that came before",
    Refusal.DEVICE: "files, folders and links",
    Refusal.KIND: "files, folders and links",
    Refusal.SPARSE: "files that are stored whole",
    Refusal.HEADERS: "the same said of a member wherever it is described",
    Refusal.HIDDEN: "no bytes beside the listed members",
    Refusal.OVERLAP: "members one behind the other",
    Refusal.ENCRYPTED: "members that can be read",
    Refusal.METHOD: "a compression that is read here",
    Refusal.DAMAGED: "a whole package",
    Refusal.RATIO: "a bounded ratio of unpacked to packed bytes",
    Refusal.SIZE: "a bounded size",
    Refusal.NUMBER: "a bounded number of members",
    Refusal.MEMORY: "a stream that unpacks in bounded memory",
    Refusal.MANIFEST: "every file that the manifest names",
    Refusal.FORMAT: "zip, tar, CSAR, deb or RPM",
}


def refuse(place: str, refusal: Refusal, got: str) -> SourceError:
    """Return the error that refuses a package.

    Args:
        place: The package, and inside it the package that is meant.
        refusal: The reason's name.
        got: What was met, in words that are safe to show.
    """
    return SourceError(
        f"{place}: refused ({refusal}): expected {_EXPECTED[refusal]}, got {got}",
        hint="only packages are opened; `netproof release verify` takes any file"
        if refusal is Refusal.FORMAT
        else "nothing was unpacked; ask the supplier for a package without it",
    )


def shown(name: str) -> str:
    """Return a name as it may be shown: escaped and bounded."""
    text = ascii(name)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...'"
