"""Reads Prometheus' text exposition format, as a target prints it, sample by sample.

The text names no target: who it is from, the user or the file's name says. Source: Prometheus exposition
formats 0.0.4 and 1.0 (quoted names), OpenMetrics 1.0 (`# EOF`, exemplars).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.sources.observations.lines import got, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

LABELS_MAX = 200
_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL = re.compile(
    r'[ \t]*([a-zA-Z_][a-zA-Z0-9_]*|"(?:[^"\\]|\\.)*")[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(,|(?=\}))'
)
_QUOTED_NAME = re.compile(r'[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(,|(?=\}))')
_NUMBER = (
    r"[+-]?(?:Inf|NaN|inf|nan|[0-9][0-9_]*(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)"
)
_REST = re.compile(rf"[ \t]*({_NUMBER})(?:[ \t]+({_NUMBER}))?[ \t]*(?:# .*)?")
_ESCAPED = {"\\n": "\n", '\\"': '"', "\\\\": "\\"}


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample.

    Attributes:
        value: As a number; not a number where the text says so.
        time: As it is written: milliseconds, in OpenMetrics seconds; None where there is none.
    """

    line: int
    name: str
    labels: Mapping[str, str]
    value: float
    time: float | None


def samples(file: BinaryIO, place: str) -> Iterator[Sample]:
    """Yield the samples of a text in its order.

    Raises:
        SourceError: A line is neither comment nor sample.
    """
    for line, text in numbered(file, place):
        stripped = text.strip(" \t")
        if stripped and not stripped.startswith("#"):
            yield _sample(stripped, line, place)


def _sample(text: str, line: int, place: str) -> Sample:
    """Read one line."""
    found = _NAME.match(text)
    name, at = (found[0], found.end()) if found else ("", 0)
    labels: dict[str, str] = {}
    begins = at + len(text[at:]) - len(text[at:].lstrip(" \t"))
    if text[begins : begins + 1] == "{":
        quoted, at = _labels(text, begins + 1, labels, f"{place}:{line}")
        name = name or quoted
    rest = _REST.fullmatch(text, at)
    if not name or not rest:
        where = at + 1 if name else 1
        raise SourceError(f"{place}:{line}:{where}: expected `name{{labels}} value`, got {got(text)}")
    value, time = rest[1].replace("_", ""), rest[2]
    return Sample(line, name, labels, float(value), float(time.replace("_", "")) if time else None)


def _labels(text: str, at: int, labels: dict[str, str], place: str) -> tuple[str, int]:
    """Read labels up to the closing brace; return a name in quotes among them, and where they end."""
    name = ""
    if first := _QUOTED_NAME.match(text, at):
        name, at = _plain(first[1]), first.end()
    while found := _LABEL.match(text, at):
        key = _plain(found[1][1:-1]) if found[1].startswith('"') else found[1]
        if key in labels or len(labels) >= LABELS_MAX:
            raise SourceError(
                f"{place}:{at + 1}: expected each label once, at most {LABELS_MAX}, got {got(key)}"
            )
        labels[key] = _plain(found[2])
        at = found.end()
    at += len(text[at:]) - len(text[at:].lstrip(" \t"))
    if text[at : at + 1] != "}":
        raise SourceError(
            f'{place}:{at + 1}: expected `label="value"` or a closing brace, got {got(text[at:])}'
        )
    return name, at + 1


def _plain(text: str) -> str:
    """Return a quoted text without its escapes."""
    return re.sub(r"\\.", lambda found: _ESCAPED.get(found[0], found[0]), text)
