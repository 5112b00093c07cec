"""Which component does a file mean? By its id, name or serial number, or by the user's own list of names.

All names that mean anything must mean one component. What means none, or two, is told with its line and
never dropped silently; two files that say different things of one moment are told too.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

from netproof.errors import SourceError
from netproof.sources.observations.lines import LINE_MAX, got, numbered, opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from netproof.sources.observations.seen import Kind, Reading, Seen, Slot

MAPPING_MAX = 1 << 28
"""Most bytes of the user's list of names."""
_SHOWN = 3
_REMEMBERED = 1_000_000


class Observation(NamedTuple):
    """What was seen on a component of the network; a tuple, because files hold millions.

    Attributes:
        at: UTC.
        path: File of the component, where files are measured one by one.
        dated: Whether the file says when; otherwise `at` is the caller's.
    """

    component_id: str
    at: datetime
    version: str
    sha256: str
    slot: Slot
    source: str
    path: str
    line: int
    dated: bool

    @property
    def row(self) -> tuple[str, str, str, str, str, str]:
        """The row of table observation: component_id, observed_at, version, sha256, slot, source."""
        moment = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return self.component_id, moment, self.version, self.sha256, self.slot.value, self.source


@dataclass(frozen=True, slots=True)
class Unidentified:
    """Something that was seen and belongs to no component, or to nobody knows which.

    Attributes:
        line: Where it stands first; 0: the whole file.
        name: What the file calls it.
        reason: Why it does not count.
        rows: How many rows of the file it is about.
    """

    line: int
    name: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class Identified:
    """A file whose names were looked up.

    Attributes:
        observations: In the order of the file.
        unidentified: What does not count.
        undated: Observations whose moment is the caller's, because the file does not say one.
        parts: Parts of devices that are no components; normal where the inventory does not list them.
    """

    file: str
    kind: Kind
    observations: tuple[Observation, ...]
    unidentified: tuple[Unidentified, ...]
    undated: int
    parts: int


class Components:
    """The names of a network's components.

    Args:
        rows: component_id, name and serial number of each; name and number may be None.
        mapping: Names that the user gave to components; they count before all others.

    Raises:
        SourceError: The mapping names a component that the network does not have.
    """

    def __init__(
        self, rows: Iterable[Sequence[str | None]], mapping: Mapping[str, tuple[str, str]] | None = None
    ) -> None:
        self._known: dict[str, set[str]] = {}
        ids = set()
        for component, name, serial in rows:
            if component is None:
                continue
            ids.add(component)
            for text in (component, name, serial):
                if text and (key := _key(text)):
                    self._known.setdefault(key, set()).add(component)
        self._given: dict[str, set[str]] = {}
        for name, (component, place) in (mapping or {}).items():
            if component not in ids:
                raise SourceError(f"{place}: component_id: expected a component, got {got(component)}")
            self._given[_key(name)] = {component}
        self._asked: dict[tuple[str, ...], set[str]] = {}

    def called(self, names: tuple[str, ...]) -> set[str]:
        """Return all components that these names mean; nobody changes them."""
        found = self._asked.get(names)
        if found is None:
            found = set().union(*(self._one(_key(name)) for name in names))
            if len(self._asked) < _REMEMBERED:
                self._asked[names] = found
        return found

    def _one(self, key: str) -> set[str]:
        """Return all components that a name means; a host's name also without its domain."""
        known = self._given.get(key) or self._known.get(key)
        host, dot, _ = key.partition(".")
        if known is None and dot and not host.isdigit():
            known = self._given.get(host) or self._known.get(host)
        return known or set()


def identify(reading: Reading, components: Components, default: datetime) -> Identified:
    """Look up whom a file means.

    Args:
        reading: The file.
        components: Those of the network.
        default: The moment of what the file does not date.
    """
    observations, lost = [], _Lost()
    undated = parts = 0
    own = (reading.own_name,) if reading.own_name else ()
    for seen in reading.seen:
        names = seen.names if seen.part else seen.names + own
        found = components.called(names)
        if not found and not seen.part and not own:
            found = components.called((reading.weak_name,))
        if len(found) == 1:
            at = seen.at
            undated += at is None
            (component,) = found
            observations.append(
                Observation(
                    component, at or default, seen.version, seen.sha256, seen.slot, seen.source, seen.path,
                    seen.line, at is not None,
                )
            )  # fmt: skip
        elif seen.part and not found:
            parts += 1
        else:
            lost.add(seen, " / ".join(names) or reading.weak_name, found)
    told = [Unidentified(item.line, item.name, item.reason, 1) for item in reading.passed]
    kept, conflicts = _once(observations)
    return Identified(reading.file, reading.kind, kept, (*lost.told(), *conflicts, *told), undated, parts)


class _Lost:
    """What was seen and belongs to no component, gathered by name and reason."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], int] = {}
        self._rows: Counter[tuple[str, str]] = Counter()

    def add(self, seen: Seen, name: str, found: set[str]) -> None:
        """Remember one."""
        if found:
            shown = ", ".join(sorted(found)[:_SHOWN])
            reason = f"means {len(found)} components: {shown}"
        else:
            reason = "means no component by its id, name or serial number"
        self._first.setdefault((name, reason), seen.line)
        self._rows[name, reason] += 1

    def told(self) -> list[Unidentified]:
        """Return them in the order of the file."""
        return [Unidentified(line, *key, self._rows[key]) for key, line in self._first.items()]


def _once(observations: Iterable[Observation]) -> tuple[tuple[Observation, ...], list[Unidentified]]:
    """Return what is said, each once, and where two lines say different things of one moment."""
    first: dict[tuple[object, ...], Observation] = {}
    more: set[tuple[object, ...]] = set()
    kept: list[Observation] = []
    found: dict[str, Unidentified] = {}
    for one in observations:
        key = (one.component_id, one.at, one.slot, one.path)
        other = first.setdefault(key, one)
        if other is not one:
            said = (*key, one.version, one.sha256)
            if (other.version, other.sha256) == said[-2:] or said in more:
                continue
            more.add(said)
            if not one.path:
                reason = f"lines {other.line} and {one.line} say different things of one moment; both count"
                found.setdefault(one.component_id, Unidentified(one.line, one.component_id, reason, 2))
        kept.append(one)
    return tuple(kept), list(found.values())


def read_mapping(path: Path) -> dict[str, tuple[str, str]]:
    """Read the user's list of names, a CSV with columns name and component_id.

    Returns:
        By name, the component and the place where that stands.

    Raises:
        SourceError: It is no such file, or gives a name to two components.
    """
    place = path.name
    found: dict[str, tuple[str, str]] = {}
    csv.field_size_limit(LINE_MAX)
    with opened(path, MAPPING_MAX) as file:
        reader = csv.reader((text + "\n" for _, text in numbered(file, place)), strict=True)
        try:
            header = next(reader, [])
            if header != ["name", "component_id"]:
                raise SourceError(
                    f"{place}:1: expected the columns name,component_id, got {got(','.join(header))}"
                )
            for row in reader:
                _take(row, f"{place}:{reader.line_num}", found)
        except csv.Error as error:
            raise SourceError(
                f"{place}:{reader.line_num}: expected a record after RFC 4180, got {error}"
            ) from error
    return found


def _take(row: list[str], place: str, found: dict[str, tuple[str, str]]) -> None:
    """Take one line of the user's list."""
    if not row:
        return
    if len(row) != len(("name", "component_id")) or not all(text.strip() for text in row):
        raise SourceError(f"{place}: expected a name and a component, got {got(','.join(row))}")
    name, component = (text.strip() for text in row)
    known = found.setdefault(_key(name), (component, place))
    if known[0] != component:
        raise SourceError(f"{place}:1: name: expected each name once, got {got(name)} also at {known[1]}")


def _key(name: str) -> str:
    """Return a name as it is compared: hosts are named in any case, and a last dot means nothing."""
    return name.strip().casefold().removesuffix(".")
