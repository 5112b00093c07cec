"""YAML as OSCAL uses it: JSON's values in another dress, nothing else.

Values are made straight from the parser's events, so that no depth can exhaust the stack. Words
and dates stay text (YAML's older rules would turn `yes` into a truth and a date into an object). An
alias may not blow a small file up, nor stand inside what it names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from netproof.errors import CatalogueError

if TYPE_CHECKING:
    from collections.abc import Callable

VALUES_MAX = 2_000_000
"""Values that a document may have once its aliases are written out."""
DEPTH_MAX = 100
_TEXT = "tag:yaml.org,2002:str"
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,17})\Z")
_NUMBER = re.compile(r"-?\d{1,17}\.\d{0,17}(?:[eE][-+]?\d{1,3})?\Z")


def parse_yaml(text: str, *, place: str) -> Any:
    """Return what a YAML text says.

    Raises:
        CatalogueError: It is no YAML, holds more than one document, is nested too deep, or grows
            too large by aliases.
    """
    builder = _Builder(place)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise CatalogueError(f"{place}{where}: expected YAML, got {error.problem}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise CatalogueError(f"{place}: expected YAML, got {str(error)[:120]}") from error
    return builder.root


@dataclass(slots=True)
class _Open:
    """A mapping or list that is not yet closed."""

    made: dict[str, Any] | list[Any]
    anchor: str | None
    size: int = 1
    key: str | None = None


@dataclass(slots=True)
class _Builder:
    """Makes values from events."""

    place: str
    root: Any = None
    _documents: int = 0
    _open: list[_Open] = field(default_factory=list)
    _named: dict[str, tuple[Any, int]] = field(default_factory=dict)

    def take(self, event: Any) -> None:
        """Take one event of the parser."""
        take: Callable[[Any], None] | None = {
            yaml.DocumentStartEvent: self._document,
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._alias,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
        }.get(type(event))
        if take is not None:
            take(event)

    def _refuse(self, event: Any, expected: str, got: str) -> CatalogueError:
        mark = event.start_mark
        return CatalogueError(
            f"{self.place}:{mark.line + 1}:{mark.column + 1}: expected {expected}, got {got[:120]}"
        )

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self._refuse(event, "one YAML document", "another")

    def _start(self, event: Any) -> None:
        if event.tag is not None:
            raise self._refuse(event, "plain values", event.tag)
        if len(self._open) >= DEPTH_MAX:
            raise self._refuse(event, "an OSCAL document", "YAML nested too deep")
        made: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        if self._wants_key():
            raise self._refuse(event, "a text as key", "a mapping or list")
        if event.anchor is not None:
            self._named.pop(event.anchor, None)
        self._open.append(_Open(made, event.anchor))

    def _end(self, event: Any) -> None:
        done = self._open.pop()
        self._put(event, done.made, done.size, done.anchor)

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._named or self._wants_key():
            raise self._refuse(event, "an alias of a value before it", f"*{event.anchor}")
        self._put(event, *self._named[event.anchor], None)

    def _scalar(self, event: Any) -> None:
        if event.tag not in {None, _TEXT}:
            raise self._refuse(event, "plain values", event.tag)
        text = event.value
        if self._wants_key():
            top = self._open[-1]
            if text in top.made:
                raise self._refuse(event, "every key once", repr(text))
            top.key = text
            return
        plain = event.style in {None, ""} and event.tag is None
        self._put(event, _value(text) if plain else text, 1, event.anchor)

    def _wants_key(self) -> bool:
        """Say whether the next value is the key of a mapping."""
        return bool(self._open) and isinstance(self._open[-1].made, dict) and self._open[-1].key is None

    def _put(self, event: Any, value: Any, size: int, anchor: str | None) -> None:
        """Put a finished value where it belongs."""
        if anchor is not None:
            self._named[anchor] = (value, size)
        if not self._open:
            self.root = value
            return
        top = self._open[-1]
        top.size += size
        if top.size > VALUES_MAX:
            raise self._refuse(event, f"at most {VALUES_MAX:,} values", "more by its aliases")
        if isinstance(top.made, list):
            top.made.append(value)
        elif top.key is not None:
            top.made[top.key] = value
            top.key = None


def _value(text: str) -> Any:
    """Return what a bare word means by YAML's core schema."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    return float(text) if _NUMBER.match(text) else text
