"""What a file says that somebody saw: the words that all readers share.

A reader gives `Seen` in the order of the file and `Passed` for all that it saw and did not take, with the
reason. It knows no components: names stay as the file has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime


class Kind(StrEnum):
    """What a file is."""

    TABLE = "table"
    """CSV with the columns of table observation."""
    SNMP_WALK = "snmp_walk"
    PROMETHEUS_TEXT = "prometheus_text"
    PROMETHEUS_QUERY = "prometheus_query"
    IMA_ASCII = "ima_ascii"
    IMA_BINARY = "ima_binary"


class Slot(StrEnum):
    """Which part of a component was seen; the words of table observation."""

    IMAGE = "image"
    CONFIG = "config"
    FIRMWARE = "firmware"


SNMP = "SNMP agent (self-reported)"
PROMETHEUS = "Prometheus (self-reported)"
IMA_OWN_WORD = "IMA list (self-reported)"
IMA_QUOTED = "IMA list (quoted PCR 10)"
"""Who measured, as column `source` of table observation says it; in brackets, how. What a component says of
itself, one that was changed can say as well."""
WORDED = frozenset({SNMP, PROMETHEUS})
"""Sources that put words of their own around a version."""


class Seen(NamedTuple):
    """One thing that was seen to run; a tuple, because files hold millions.

    Attributes:
        names: What the file calls the component; all that mean anything must mean the same one.
        line: Where in the file, counted from 1; for a JSON or binary file the number of the record.
        version: As it is reported; may be empty.
        sha256: In hexadecimal; may be empty.
        at: When, UTC; None where the file does not say.
        source: Who measured.
        path: File of the component, where files are measured one by one.
        part: A part of a device, such as a board: no finding if no component is called so.
    """

    names: tuple[str, ...]
    line: int
    version: str = ""
    sha256: str = ""
    slot: Slot = Slot.IMAGE
    at: datetime | None = None
    source: str = ""
    path: str = ""
    part: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """Something in a file that did not become an observation.

    Attributes:
        line: As in `Seen`; 0: the whole file.
        name: What it is about.
        reason: Why.
    """

    line: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a file says.

    Attributes:
        file: Its name, for messages.
        own_name: What the user calls the component that the file is from; empty: see `weak_name`.
        weak_name: The file's name without its suffixes, which counts where the file itself names nobody.
    """

    file: str
    kind: Kind
    seen: tuple[Seen, ...]
    passed: tuple[Passed, ...] = ()
    own_name: str = ""
    weak_name: str = ""
