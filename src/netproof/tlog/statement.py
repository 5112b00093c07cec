"""What does an entry say?

An entry is one statement: canonical JSON of a known kind, by `schema/statement.schema.json`. Its text holds
no sign that a person cannot see. Large things stay outside, by digest.
Source: RFC 8785; the kinds are this project's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from netproof.errors import LogError
from netproof.tlog.canonical import canonical, read_canonical, strings
from netproof.tlog.encoding import shown, visible
from netproof.tlog.tiles import ENTRY_BYTES_MAX

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """What a statement is about."""

    RELEASE = "release"
    WITHDRAW = "withdraw"
    OBSERVATION = "observation"
    REBUILD = "rebuild"
    SUPPLIER_KEY = "supplier-key"
    POLICY = "policy"
    ASSESSMENT = "assessment"


DIGEST_HEX = {"sha256": 64, "sha512": 128}
"""Digests that a statement can name, with their hexadecimal length."""


@dataclass(frozen=True, slots=True)
class Statement:
    """An entry that was read and is well-formed.

    Attributes:
        kind: what it is about.
        values: its fields; nobody changes them.
        entry: its bytes, exactly as they are hashed.
    """

    kind: Kind
    values: Mapping[str, Any]
    entry: bytes

    @property
    def time(self) -> datetime:
        """When it was made, as whoever logged it says (UTC); nothing proves it."""
        return datetime.fromisoformat(self.values["time"])

    @property
    def digests(self) -> Mapping[str, str]:
        """Digests of what it is about, by algorithm; empty for a kind that is about no bytes."""
        digests: Mapping[str, str] = self.values.get("digests", {})
        return digests


def make_statement(values: Mapping[str, Any]) -> Statement:
    """Return a statement with its bytes.

    Args:
        values: the fields, with `v` and `kind`.

    Raises:
        LogError: not by the schema, or text that misleads a reader.
    """
    return read_statement(canonical(dict(values)))


def read_statement(entry: bytes) -> Statement:
    """Read an entry.

    Raises:
        LogError: not canonical JSON, not by the schema, a date that is none, or text that misleads a reader.
    """
    values = read_canonical(entry, size=ENTRY_BYTES_MAX)
    problem = next(iter(_validator(_kind(values)).iter_errors(values)), None)
    if problem is not None:
        place = "/".join(map(str, problem.instance_path)) or "(whole)"
        raise LogError(f"statement, {place}: {shown(problem.message)}")
    for text in strings(values):
        visible(text, "statement")
    for name, form in (("time", datetime), ("as_of", date)):
        _check_date(values.get(name), name, form)
    return Statement(Kind(values["kind"]), values, entry)


def utc_seconds(moment: datetime) -> str:
    """Return a moment as statements write it: UTC, whole seconds.

    Raises:
        LogError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise LogError("statement, time: expected a moment with a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def statement_schema() -> dict[str, Any]:
    """Return the JSON schema of statements; nobody changes it."""
    text = (resources.files(__package__) / "schema" / "statement.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _kind(values: Any) -> Kind:
    """Return the kind of what may be a statement."""
    if not isinstance(values, dict) or values.get("v") != 1 or isinstance(values["v"], bool):
        raise LogError("statement: expected an object of version 1")
    try:
        return Kind(str(values.get("kind")))
    except ValueError as error:
        raise LogError(f"statement, kind: expected one of {', '.join(Kind)}") from error


@cache
def _validator(kind: Kind) -> Any:
    """Return the compiled schema of one kind; its own branch says what is wrong where."""
    import jsonschema_rs  # noqa: PLC0415 - a tenth of a second that only readers of statements pay

    return jsonschema_rs.validator_for({"$defs": statement_schema()["$defs"], "$ref": f"#/$defs/{kind}"})


def _check_date(text: str | None, name: str, form: type[date]) -> None:
    """Refuse a date that the calendar does not have."""
    try:
        if text is not None:
            form.fromisoformat(text)
    except ValueError as error:
        raise LogError(f"statement, {name}: expected a moment of the calendar, got {text}") from error
