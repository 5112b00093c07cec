"""Which entries of a log does somebody mean?

By number, by `product@release`, by `supplier/product@release`, or by SHA-256. Names are compared whole. Where
identifiers themselves hold `/` or `@`, several releases may be spelled alike: all of them are found, and
whoever needs one must refuse several.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.tlog.canonical import canonical
from netproof.tlog.encoding import shown
from netproof.tlog.statement import Kind, Statement, read_statement
from netproof.tlog.tiles import TILE_WIDTH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from netproof.integrity.log import Published

_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Found:
    """An entry and what it says."""

    index: int
    statement: Statement


def find(published: Published, name: str) -> list[Found]:
    """Return the entries that a name means.

    Args:
        published: a verified log.
        name: the number of an entry: that entry, of whatever kind; `product@release`,
            `supplier/product@release` or 64 hexadecimal digits: the entries of kind `release` with that name
            or digest, in the order of the log (a release has an entry a part).

    Returns:
        What was found; nothing where nothing has that name.

    Raises:
        LogError: the name is none of these, an entry is no statement, or the log does not verify.

    Cost: by number one bundle; else one pass over the log, which reads only entries that hold the name.
    """
    if _NUMBER.fullmatch(name):
        return _numbered(published, int(name))
    if _DIGEST.fullmatch(name):
        return _scan(published, [name.encode()], lambda values: values["digests"]["sha256"] == name)
    needles = [
        b'"release":' + canonical(name[at + 1 :])
        for at, sign in enumerate(name)
        if sign == "@" and at + 1 < len(name)
    ]
    if not needles:
        raise LogError(
            f"release {shown(name)}: expected an entry's number, product@release, supplier/product@release "
            "or the 64 hexadecimal digits of a SHA-256"
        )
    return _scan(published, needles, lambda values: name in names_of(values))


def names_of(values: Mapping[str, Any]) -> tuple[str, str]:
    """Return the names that a release goes by: with and without its supplier."""
    short = f"{values['product']}@{values['release']}"
    return short, f"{values['supplier']}/{short}"


def _numbered(published: Published, index: int) -> list[Found]:
    """Return the entry with this number, if the log has it."""
    if index >= published.checkpoint.size:
        return []
    entries = published.reader.entries(index // TILE_WIDTH)
    return [Found(index, read_statement(entries[index % TILE_WIDTH]))]


def _scan(
    published: Published, needles: list[bytes], meant: Callable[[Mapping[str, Any]], bool]
) -> list[Found]:
    """Return the releases that are meant; entries without any of the needles are not read."""
    found: list[Found] = []
    for index, entry in published.entries():
        if any(needle in entry for needle in needles):
            statement = read_statement(entry)
            if statement.kind is Kind.RELEASE and meant(statement.values):
                found.append(Found(index, statement))
    return found
