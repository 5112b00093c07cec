"""What a reader hands out of a package, one member after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Kind(StrEnum):
    """What a member is."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    HARD_LINK = "hard_link"


@dataclass(frozen=True, slots=True)
class Entry:
    """A member whose name was judged and whose bytes have not been read yet.

    Attributes:
        path: Its name, parts joined by `/`.
        kind: What it is.
        mode: Permission bits; None: the package does not say.
        target: Where a link leads, as written; else empty.
        chunks: Its bytes, to be read before the next member is asked for.
        capabilities: Whether it carries file capabilities (Linux), which give rights as setuid does.
        aside: What its header says and no inventory compares, such as its time; by what it is.
    """

    path: str
    kind: Kind
    mode: int | None
    target: str
    chunks: Iterator[bytes]
    capabilities: bool = False
    aside: Mapping[str, str] = field(default_factory=dict)
