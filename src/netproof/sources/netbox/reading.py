"""Strict, bounded reading of NetBox answers, saved as files or fresh from a server.

What comes out is a `Record`: an object that knows its place, so that every wrong type is told
with file, JSON pointer (RFC 6901), what was expected and what was got.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netproof.errors import SourceError
from netproof.sources.netbox.endpoints import BY_NAME, ENDPOINTS, Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

FILE_BYTES_MAX = 512 * 2**20
"""A NetBox answer of 300,000 interfaces has about that size."""
TEXT_MAX = 1000
"""NetBox's own limit on names is 255 characters."""
GOT_MAX = 60
"""How much of a wrong value an error repeats."""
ID_MAX = 2**63 - 1
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_PART = re.compile(r"([a-z]+\.[a-z-]+)(?:\.(\d{1,9}))?\.json")


def plain(text: str) -> str:
    """Return text on one line, without control characters and lone surrogates."""
    return _UNPRINTABLE.sub(" ", text).strip()[:TEXT_MAX]


def told(value: Any) -> str:
    """Return a wrong value as JSON, cut short, for an error."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return plain(json.dumps(value, ensure_ascii=False))[:GOT_MAX]


def _wrong(place: str, expected: str, value: Any) -> SourceError:
    """Return the error for a value of the wrong type."""
    return SourceError(
        f"{place}: expected {expected}, got {told(value)}",
        hint="save the answer of NetBox's REST API again, unchanged",
    )


@dataclass(frozen=True, slots=True)
class Record:
    """One JSON object of an answer, and where it stands.

    Attributes:
        place: File and JSON pointer, as in `dcim.devices.json:/17`.
    """

    value: Mapping[str, Any]
    place: str

    @property
    def id(self) -> int:
        """NetBox's own number of the object."""
        return _number_of(self.value.get("id"), f"{self.place}/id")

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self.value.get(name) is not None

    def text(self, name: str) -> str:
        """Return a text on one line; empty where it is null or absent."""
        value = self.value.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise _wrong(f"{self.place}/{name}", "text or null", value)
        return plain(value)

    def choice(self, name: str) -> str:
        """Return the value of a choice, which is an object {value, label} or the bare value."""
        value = self.value.get(name)
        if isinstance(value, dict):
            value = value.get("value")
        if value is None:
            return ""
        if not isinstance(value, str):
            raise _wrong(f"{self.place}/{name}", "a choice, null or text", value)
        return plain(value)

    def number(self, name: str) -> float | None:
        """Return a number; NetBox writes decimals as numbers or as text."""
        value = self.value.get(name)
        if isinstance(value, str):
            try:
                value = float(value) if value else None
            except ValueError:
                raise _wrong(f"{self.place}/{name}", "a number or null", value) from None
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < ID_MAX:
            raise _wrong(f"{self.place}/{name}", "a number or null", value)
        return float(value)

    def integer(self, name: str) -> int | None:
        """Return a whole number that is not negative, or None."""
        value = self.value.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= ID_MAX:
            raise _wrong(f"{self.place}/{name}", "a whole number or null", value)
        return value

    def yes(self, name: str) -> bool | None:
        """Return true, false, or None where it is null or absent."""
        value = self.value.get(name)
        if value is not None and not isinstance(value, bool):
            raise _wrong(f"{self.place}/{name}", "true, false or null", value)
        return value

    def within(self, name: str) -> Record | None:
        """Return the object in a field, or None where it is null or absent."""
        value = self.value.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise _wrong(f"{self.place}/{name}", "an object or null", value)
        return Record(value, f"{self.place}/{name}")

    def reference(self, name: str) -> int | None:
        """Return the id of the object that a field names, nested or as a bare number."""
        value = self.value.get(name)
        if value is None:
            return None
        if isinstance(value, dict):
            return _number_of(value.get("id"), f"{self.place}/{name}/id")
        if isinstance(value, bool) or not isinstance(value, int):
            raise _wrong(f"{self.place}/{name}", "an object or null", value)
        return _number_of(value, f"{self.place}/{name}")

    def needed(self, name: str) -> int:
        """Return the id of the object that a field must name."""
        found = self.reference(name)
        if found is None:
            raise _wrong(f"{self.place}/{name}", "an object", None)
        return found

    def slug(self, name: str) -> str:
        """Return the slug of the object that a field names; empty where it names none."""
        nested = self.within(name)
        return nested.text("slug") if nested else ""

    def objects(self, name: str) -> list[Record]:
        """Return the objects of a list; empty where it is null or absent."""
        value = self.value.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise _wrong(f"{self.place}/{name}", "a list or null", value)
        found = []
        for number, item in enumerate(value):
            if not isinstance(item, dict):
                raise _wrong(f"{self.place}/{name}/{number}", "an object", item)
            found.append(Record(item, f"{self.place}/{name}/{number}"))
        return found


def _number_of(value: Any, place: str) -> int:
    """Return a value that must be an id."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= ID_MAX:
        raise _wrong(place, "an id (a whole number above 0)", value)
    return value


@dataclass(slots=True)
class Answers:
    """All answers that could be had.

    Attributes:
        records: By endpoint, sorted by id.
        missing: By endpoint, why there is no answer.
        digests: What was read and its SHA-256.
        ignored: Files that lay beside and were not read.
    """

    records: dict[str, list[Record]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)

    def of(self, name: str) -> list[Record]:
        """Return the objects of an endpoint; empty where there is no answer."""
        return self.records.get(name, [])

    def given(self, name: str) -> bool:
        """Whether there is an answer, even an empty one."""
        return name in self.records

    def add(self, endpoint: Endpoint, records: Iterable[Record]) -> None:
        """Keep an endpoint's objects.

        Raises:
            SourceError: An id is there twice.
        """
        by_id: dict[int, Record] = {}
        for record in records:
            if (earlier := by_id.setdefault(record.id, record)) is not record:
                raise SourceError(
                    f"{record.place}/id: expected every id once, "
                    f"got {record.id} again, first at {earlier.place}",
                    hint="the answer changed while it was read, or a page was saved twice: save it again",
                )
        self.records[endpoint.name] = [by_id[number] for number in sorted(by_id)]


def trimmed(endpoint: Endpoint, value: Any, place: str) -> Record:
    """Return an object of an answer with only the fields that are read."""
    if not isinstance(value, dict):
        raise _wrong(place, "an object", value)
    return Record({k: value[k] for k in ("id", *endpoint.fields) if k in value}, place)


def parse(data: bytes, place: str) -> Any:
    """Parse JSON strictly: UTF-8, no NaN, no name twice in one object.

    Raises:
        SourceError: It is not such JSON, or nested too deep.
    """
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise SourceError(f"{place}: expected UTF-8, got byte {error.start} that is none") from error
    except json.JSONDecodeError as error:
        raise SourceError(
            f"{place}: expected JSON, got an error at line {error.lineno}, column {error.colno}: {error.msg}",
            hint="save the answer again; perhaps the file is cut off",
        ) from error
    except ValueError as error:
        raise SourceError(f"{place}: expected strict JSON, got {error}") from error
    except RecursionError as error:
        raise SourceError(f"{place}: expected JSON of moderate depth, got one nested too deep") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object and refuse a name that stands twice in it."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object with the same name twice")
    return found


def _no_constant(name: str) -> None:
    """Refuse NaN and Infinity, which are no JSON."""
    raise ValueError(name)


def read_saved(folder: Path, *, limit: int = FILE_BYTES_MAX) -> Answers:
    """Read a folder of saved answers: `dcim.devices.json`, or pages of it such as `dcim.devices.2.json`.

    Args:
        folder: Holds a file for each endpoint: a bare list, or pages {count, next, results}.
        limit: Largest file that is read [bytes].

    Raises:
        SourceError: There is no answer in it, or one is not what NetBox answers.
    """
    parts: dict[str, list[tuple[int, Path]]] = {}
    answers = Answers()
    try:
        files = sorted(folder.iterdir())
    except OSError as error:
        raise SourceError(f"{folder}: expected a readable folder, got {error.strerror}") from error
    for file in files:
        match = _PART.fullmatch(file.name)
        if match and match[1] in BY_NAME and file.is_file():
            parts.setdefault(match[1], []).append((int(match[2] or 0), file))
        elif file.suffix == ".json":
            answers.ignored.append(file.name)
    if not parts:
        raise SourceError(
            f"{folder}: expected saved NetBox answers such as dcim.devices.json, got none",
            hint="save one file for each endpoint, or give the server's address",
        )
    for endpoint in ENDPOINTS:
        if endpoint.name not in parts:
            answers.missing[endpoint.name] = "no file"
            continue
        files = [file for _, file in sorted(parts[endpoint.name])]
        answers.add(endpoint, _pages(endpoint, files, answers.digests, limit))
    return answers


def _pages(endpoint: Endpoint, files: list[Path], digests: dict[str, str], limit: int) -> Iterator[Record]:
    """Yield the objects of an endpoint's files, and see that no page is missing."""
    count: int | None = None
    seen = 0
    for file in files:
        data = _bytes(file, limit)
        digests[file.name] = hashlib.sha256(data).hexdigest()
        value = parse(data, file.name)
        pointer = ""
        if isinstance(value, dict):
            page = Record(value, f"{file.name}:")
            count = page.integer("count")
            if "results" not in value:
                raise _wrong(f"{file.name}:", "a list or a page with results", value)
            value, pointer = value["results"], "/results"
        if not isinstance(value, list):
            raise _wrong(f"{file.name}:{pointer}", "a list", value)
        seen += len(value)
        for number, item in enumerate(value):
            yield trimmed(endpoint, item, f"{file.name}:{pointer}/{number}")
    if count is not None and seen != count:
        raise SourceError(
            f"{files[-1].name}:/count: expected {count} objects in all pages of {endpoint.name}, got {seen}",
            hint=f"save every page: {endpoint.name}.1.json, {endpoint.name}.2.json and so on",
        )


def _bytes(file: Path, limit: int) -> bytes:
    """Read a file that is not too large."""
    try:
        with file.open("rb") as opened:
            data = opened.read(limit + 1)
    except OSError as error:
        raise SourceError(f"{file.name}: expected a readable file, got {error.strerror}") from error
    if len(data) > limit:
        raise SourceError(
            f"{file.name}: expected at most {limit:,} bytes, got more",
            hint="save it in pages: the parameters limit and offset of NetBox's API",
        )
    return data
