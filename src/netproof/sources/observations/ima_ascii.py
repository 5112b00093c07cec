"""Reads the list that the kernel shows in `ascii_runtime_measurements`.

A line: register, template hash, template, then the template's fields. Source: Linux, ima_fs.c
(ima_ascii_measurements_show), ima_template_lib.c; templates ima, ima-ng, ima-sig, ima-buf and their v2.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.sources.observations.ima import ALGORITHMS, EVENTS_MAX, Event, check_event, holds
from netproof.sources.observations.lines import got, numbered

if TYPE_CHECKING:
    from typing import BinaryIO

LINE = re.compile(
    r"([0-9]{1,2}) ([0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}) ([a-z0-9|-]{1,64}) (.*)"
)
_OLD_NAME_BYTES = 256
_LITTLE, _BIG = "<", ">"
_DIGEST = re.compile(r"((?:(?:ima|verity):)?([a-z0-9_-]{1,32}):)?([0-9a-f]*)")
_WITH_THIRD = ("ima-sig", "ima-buf", "ima-sigv2")
_TEMPLATES = ("ima", "ima-ng", "ima-ngv2", *_WITH_THIRD)


def read_ascii(file: BinaryIO, place: str) -> list[Event]:
    """Return the events of a list, each with its hash recomputed.

    Args:
        file: The list.
        place: What to call it.

    Raises:
        SourceError: A line is none of such a list, or was changed.
    """
    events: list[Event] = []
    order = ""
    for line, text in numbered(file, place):
        event = _event(text, line, place, order or _LITTLE)
        if not order and not event.violation and event.template != "ima":
            # The kernel hashes lengths in its host's byte order, which the text does not tell.
            swapped = _event(text, line, place, _BIG)
            order = _BIG if holds(swapped) else _LITTLE
            event = swapped if order == _BIG else event
        check_event(event, place)
        events.append(event)
        if len(events) > EVENTS_MAX:
            raise SourceError(f"{place}: expected at most {EVENTS_MAX:,} events, got more")
    return events


def _event(text: str, line: int, place: str, byte_order: str) -> Event:
    """Read a line."""
    found = LINE.fullmatch(text)
    if not found:
        raise SourceError(f"{place}:{line}: expected `register hash template digest path`, got {got(text)}")
    pcr, stated, template, fields = found.groups()
    if template not in _TEMPLATES:
        raise SourceError(
            f"{place}:{line}:3: expected a template of {', '.join(_TEMPLATES)}, got {got(template)}",
            hint="take binary_runtime_measurements, whose events are read whatever their template",
        )
    digest_text, _, name = fields.partition(" ")
    third = ""
    if template in _WITH_THIRD:
        # The kernel writes underscores for blanks in names, so the last blank parts the third field.
        name, blank, third = name.rpartition(" ")
        if not blank:
            raise SourceError(f"{place}:{line}: expected a path and a further field, got {got(fields)}")
    prefix, algorithm, digest = _digest(digest_text, f"{place}:{line}:4")
    try:
        further = bytes.fromhex(third)
    except ValueError as error:
        raise SourceError(f"{place}:{line}:6: expected hexadecimal, got {got(third)}") from error
    path = name.encode()
    if template == "ima":
        data = digest + path[: _OLD_NAME_BYTES - 1].ljust(_OLD_NAME_BYTES, b"\0")
        algorithm = ALGORITHMS.get(len(digest), "")
    else:
        parts = [prefix.encode() + b"\0" + digest if prefix else digest, path + b"\0"]
        parts += [further] if template in _WITH_THIRD else []
        data = b"".join(struct.pack(f"{byte_order}I", len(part)) + part for part in parts)
    return Event(line, int(pcr), bytes.fromhex(stated), template, data, algorithm, digest, name, further)


def _digest(text: str, place: str) -> tuple[str, str, bytes]:
    """Return prefix with its colon, algorithm and bytes of `sha256:…`."""
    found = _DIGEST.fullmatch(text)
    if not found or len(found[3]) % 2:
        raise SourceError(f"{place}: expected a digest such as sha256:…, got {got(text)}")
    return found[1] or "", found[2] or "", bytes.fromhex(found[3])
