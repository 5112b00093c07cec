"""Reads the text that Net-SNMP's `snmpwalk` prints: numeric, symbolic and half-resolved names of objects.

Only the objects of `Object` are kept. A value in quotes, or without, may go on over several lines. A walk
that broke off is refused: what is missing from it would look like what is not there.
Source: snmpcmd(1), output options -On, -Of, -OX, default; RFC 2578.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.sources.observations.lines import got, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_MIB_2 = (1, 3, 6, 1, 2, 1)
_ENTITY = (*_MIB_2, 47, 1, 1, 1, 1)
_INSTALLED = (*_MIB_2, 25, 6, 3, 1)


class Object(Enum):
    """An object that tells who the device is or what it runs; its value is its identifier.

    Source: RFC 3418 (system), RFC 6933 (ENTITY-MIB), RFC 2790 (HOST-RESOURCES-MIB).
    """

    sysDescr = (*_MIB_2, 1, 1)  # noqa: N815 - the standard's name
    sysName = (*_MIB_2, 1, 5)  # noqa: N815
    entPhysicalDescr = (*_ENTITY, 2)  # noqa: N815
    entPhysicalClass = (*_ENTITY, 5)  # noqa: N815
    entPhysicalName = (*_ENTITY, 7)  # noqa: N815
    entPhysicalFirmwareRev = (*_ENTITY, 9)  # noqa: N815
    entPhysicalSoftwareRev = (*_ENTITY, 10)  # noqa: N815
    entPhysicalSerialNum = (*_ENTITY, 11)  # noqa: N815
    hrSWInstalledName = (*_INSTALLED, 2)  # noqa: N815
    hrSWInstalledType = (*_INSTALLED, 4)  # noqa: N815


@dataclass(frozen=True, slots=True)
class Value:
    """The value of an object's instance.

    Attributes:
        index: What stands after the object's name, such as `67108867`.
        text: Without quotes and type; an enumerated value as its number, where that is told.
        line: Where it begins.
    """

    object: Object
    index: str
    text: str
    line: int


_NAME = re.compile(r"(\.?(?:iso|\d+)(?:\.\S+)?|\.?[A-Za-z][\w-]*(?:::|\.)\S.*?) = (.*)", re.DOTALL)
_TYPED = re.compile(r"(Hex-STRING|STRING|INTEGER|Gauge32|OID|[A-Z][\w-]*): ?(.*)", re.DOTALL)
_NUMBERED = re.compile(r"(?:[A-Za-z]\w*\()?(\d+)\)?")
_BROKE_OFF = ("Timeout:", "Error in packet", "Error: OID not increasing", "snmpwalk:", "snmpbulkwalk:")
_ROOTS = {
    "iso": (1,),
    "mib-2": _MIB_2,
    "entityMIB": (*_MIB_2, 47),
    "host": (*_MIB_2, 25),
    "system": (*_MIB_2, 1),
}
_WANTED = {item.value: item for item in Object}
_BY_NAME = {item.name: item for item in Object}
_LENGTHS = sorted({len(item) for item in _WANTED})
_CLASSES = {"chassis": "3", "module": "9", "stack": "11", "operatingSystem": "2", "application": "4"}
_VALUE_MAX = 1 << 20


def walked(file: BinaryIO, place: str) -> Iterator[Value]:
    """Yield the wanted values of a walk, in its order.

    Raises:
        SourceError: A line is none of a walk, or the walk broke off.
    """
    for line, name, raw in _pairs(file, place):
        known = _object(name)
        if known is not None and not raw.startswith("No Such "):
            yield Value(*known, _text(raw, f"{place}:{line}"), line)


def _pairs(file: BinaryIO, place: str) -> Iterator[tuple[int, str, str]]:
    """Yield names and raw values; lines that belong to one value are joined."""
    line, name, parts, size, quoted = 0, "", [""], 0, False
    for number, text in numbered(file, place):
        found = None if quoted else _NAME.fullmatch(text)
        if found:
            if name:
                yield line, name, "\n".join(parts)
            line, name, parts, size = number, found[1], [found[2]], 0
            quoted = _opens(found[2])
            continue
        _check_goes_on(text, f"{place}:{number}", began=bool(name), quoted=quoted)
        quoted = quoted and not _closes(text)
        size += len(text) + 1
        if size > _VALUE_MAX:
            raise SourceError(
                f"{place}:{line}: expected a value of at most {_VALUE_MAX:,} characters, got more"
            )
        parts.append(text)
    if quoted:
        raise SourceError(f"{place}:{line}: expected a whole walk, got a value whose quote never ends")
    if name:
        yield line, name, "\n".join(parts)


def _check_goes_on(text: str, place: str, *, began: bool, quoted: bool) -> None:
    """Refuse a line that no value goes on with."""
    if not quoted and text.startswith(_BROKE_OFF):
        raise SourceError(
            f"{place}: expected a whole walk, got one that broke off: {got(text)}",
            hint="walk the device again",
        )
    if not began and text.strip():
        raise SourceError(f"{place}: expected a line `OID = value`, got {got(text)}")


def _opens(raw: str) -> bool:
    """Return whether a value begins with a quote that does not end in its first line."""
    first = raw.partition(": ")[2] if _TYPED.match(raw) else raw
    return first.startswith('"') and not _closes(first[1:])


def _closes(text: str) -> bool:
    """Return whether a line ends with a quote that no backslash takes away."""
    body = text.removesuffix('"')
    return body != text and (len(body) - len(body.rstrip("\\"))) % 2 == 0


def _object(name: str) -> tuple[Object, str] | None:
    """Return the wanted object that a name means, and its index."""
    words = name.rpartition("::")[2].removeprefix(".").split(".")
    last = max((place for place, word in enumerate(words) if word[:1].isalpha()), default=-1)
    if last >= 0 and words[last] in _BY_NAME:
        return _BY_NAME[words[last]], ".".join(words[last + 1 :])
    rest = words[last + 1 :]
    if (last >= 0 and words[last] not in _ROOTS) or not all(
        word.isascii() and word.isdigit() for word in rest
    ):
        return None
    start = _ROOTS[words[last]] if last >= 0 else ()
    numbers = (*start, *(int(word[:10]) for word in rest))
    for length in _LENGTHS:
        if numbers[:length] in _WANTED:
            return _WANTED[numbers[:length]], ".".join(map(str, numbers[length:]))
    return None


def _text(raw: str, place: str) -> str:
    """Return a value without its type and quotes."""
    found = _TYPED.fullmatch(raw)
    kind, text = (found[1], found[2]) if found else ("", raw)
    if kind == "Hex-STRING":
        try:
            return bytes.fromhex(text).rstrip(b"\0").decode("utf-8", "replace").strip()
        except ValueError as error:
            raise SourceError(f"{place}: expected bytes in hexadecimal, got {got(text)}") from error
    if kind == "INTEGER":
        number = _NUMBERED.match(text)
        return number[1] if number else _CLASSES.get(text.strip(), text.strip())
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        text = re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
    return text.strip()
