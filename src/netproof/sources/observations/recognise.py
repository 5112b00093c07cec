"""What is this file? Its content says it, never its name; then the reader of its kind reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.sources.observations.ima import ALGORITHMS, reading
from netproof.sources.observations.ima_ascii import LINE, read_ascii
from netproof.sources.observations.ima_binary import form_of, read_binary
from netproof.sources.observations.lines import opened
from netproof.sources.observations.prometheus import ANSWER_MAX, read_exposition, read_query
from netproof.sources.observations.seen import Kind, Reading
from netproof.sources.observations.snmp import read_snmp
from netproof.sources.observations.table import read_table

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

_HEAD = 4096
_WALK = re.compile(r"(\.?(iso|1)\.[0-9a-z.-]+|\.?[A-Za-z][\w-]*::\S+|\.iso\.\S+) = ")
_SAMPLE = re.compile(r'[a-zA-Z_:][a-zA-Z0-9_:]*(\{.*\})?[ \t]+[-+0-9.NI]|\{"[^"]+"[ \t]*[,}]')
_COMMENT = re.compile(r"#[ \t]*(HELP|TYPE|UNIT|EOF)\b")


def read_observations(path: Path, *, own_name: str = "", quoted: bytes = b"") -> Reading:
    """Read a file of observations.

    Args:
        path: The file.
        own_name: What the user calls the component that it is from; empty: nobody said.
        quoted: PCR 10 of a verified quote, for a measurement list; empty: there is none.

    Raises:
        SourceError: It is no kind of file that is known, or not what its beginning promises.
    """
    place = path.name
    with opened(path) as file:
        head = file.read(_HEAD)
        file.seek(0)
        kind = kind_of(head)
        if kind is None:
            raise SourceError(
                f"{place}: expected a table of observations, a text of snmpwalk, Prometheus' text or query "
                "answer, or an IMA list, got something else",
                hint="docs/guides/fleet.md shows how to make each",
            )
        if quoted and kind not in (Kind.IMA_ASCII, Kind.IMA_BINARY):
            raise SourceError(f"{place}: expected an IMA list, of which PCR 10 was quoted, got {kind.value}")
        if quoted and len(quoted) not in ALGORITHMS:
            raise SourceError(f"{place}: expected PCR 10 as 20, 32, 48 or 64 bytes, got {len(quoted)}")
        if kind is Kind.PROMETHEUS_QUERY:
            with opened(path, ANSWER_MAX):
                pass
        found = _read(kind, file, place, quoted)
    stem = path.name.partition(".")[0]
    return Reading(found.file, found.kind, found.seen, found.passed, own_name, stem)


def kind_of(head: bytes) -> Kind | None:
    """Return what a file is that begins like this; None: nothing that is known."""
    if form_of(head):
        return Kind.IMA_BINARY
    text = head.decode("utf-8", "replace").removeprefix("\ufeff").lstrip("\r\n\t ")
    first = text.partition("\n")[0].rstrip("\r")
    if text.startswith("{") and any(f'"{key}"' in text for key in ("resultType", "status")):
        return Kind.PROMETHEUS_QUERY
    if LINE.match(first):
        return Kind.IMA_ASCII
    if _WALK.match(first):
        return Kind.SNMP_WALK
    if _COMMENT.match(first) or _SAMPLE.match(first):
        return Kind.PROMETHEUS_TEXT
    columns = {name.strip('" ') for name in first.split(",")}
    return Kind.TABLE if {"component_id", "observed_at"} & columns else None


def _read(kind: Kind, file: BinaryIO, place: str, quoted: bytes) -> Reading:
    """Read a file of a kind."""
    match kind:
        case Kind.TABLE:
            return read_table(file, place)
        case Kind.SNMP_WALK:
            return read_snmp(file, place)
        case Kind.PROMETHEUS_TEXT:
            return read_exposition(file, place)
        case Kind.PROMETHEUS_QUERY:
            return read_query(file, place)
        case Kind.IMA_ASCII:
            return reading(read_ascii(file, place), place, kind, quoted)
        case Kind.IMA_BINARY:
            return reading(read_binary(file, place), place, kind, quoted)
