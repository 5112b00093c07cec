"""What does an entry say, a million of them one after the other?

Takes exactly what `tlog.statement.read_statement` takes. An entry whose bytes are plain, printable ASCII is
read by a parser that is written in Rust: written anew, its value must give the same bytes, so no two readers
differ about it. Any other entry goes the slow way.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from netproof.errors import LogError
from netproof.tlog.statement import Kind, read_statement, statement_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_KINDS = frozenset(Kind) - {Kind.ASSESSMENT}
"""Kinds whose numbers are fields of the statement itself, so that it is cheap to look at each."""


def read_entries(entries: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, Kind, Mapping[str, Any]]]:
    """Yield index, kind and fields of every entry.

    Args:
        entries: index and bytes.

    Raises:
        LogError: an entry that `read_statement` refuses, with its index.

    Cost: about 8 us an entry where all of its signs are plain.
    """
    plain = _Plain()
    for index, entry in entries:
        values: Mapping[str, Any] | None = plain.read(entry)
        if values is None:
            try:
                values = read_statement(entry).values
            except LogError as error:
                raise LogError(f"entry {index}: {error}") from error
        yield index, Kind(values["kind"]), values


class _Plain:
    """Reads entries of plain signs."""

    def __init__(self) -> None:
        import jsonschema_rs  # noqa: PLC0415 - a tenth of a second that only readers of a log pay

        definitions = statement_schema()["$defs"]
        self._valid = {
            str(kind): jsonschema_rs.validator_for({"$defs": definitions, "$ref": f"#/$defs/{kind}"}).is_valid
            for kind in _KINDS
        }

    def read(self, entry: bytes) -> dict[str, Any] | None:
        """Return what an entry says; None: it is for `read_statement` to say, or to refuse."""
        if not _plain(entry):
            return None
        try:
            values = orjson.loads(entry)
            # Equal bytes: no key was repeated, no number spelt otherwise, nothing out of order.
            if orjson.dumps(values, option=orjson.OPT_SORT_KEYS) != entry:
                return None
        except (orjson.JSONDecodeError, orjson.JSONEncodeError):
            return None
        if type(values) is not dict or type(values.get("kind")) is not str:
            return None
        # The schema takes 1.0 for a whole number, RFC 8785 does not write it so.
        if type(values.get("v")) is not int or type(values.get("size", 0)) is not int:
            return None
        valid = self._valid.get(values["kind"])
        if valid is None or not valid(values):
            return None
        try:
            datetime.fromisoformat(values["time"])
        except ValueError:
            return None
        return values


def _plain(entry: bytes) -> bool:
    """Return whether an entry has no other sign, no escape, no empty text and none with a space at an end."""
    return (
        entry.isascii()
        and b"\\" not in entry
        and b'""' not in entry
        and b'" ' not in entry
        and b' "' not in entry
        and b"\x7f" not in entry
    )
