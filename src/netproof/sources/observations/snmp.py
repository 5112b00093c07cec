"""What an SNMP agent says that its device runs: ENTITY-MIB revisions, else the one installed system.

A version is taken only where a standard object holds it (entPhysicalSoftwareRev, entPhysicalFirmwareRev,
hrSWInstalledName of an operating system). sysDescr is prose and is told, never parsed. The agent gives no
digest and is the device's own word. Source: RFC 6933 §2.12.1 and §3; RFC 2790 §4.6.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.sources.observations.lines import got
from netproof.sources.observations.seen import SNMP, Kind, Passed, Reading, Seen, Slot
from netproof.sources.observations.walk import Object, walked

if TYPE_CHECKING:
    from typing import BinaryIO

_CHASSIS = "3"
_OPERATING_SYSTEM = "2"
_FIELDS = {
    Object.entPhysicalClass: "kind",
    Object.entPhysicalSoftwareRev: "software",
    Object.entPhysicalFirmwareRev: "firmware",
    Object.entPhysicalSerialNum: "serial",
    Object.entPhysicalDescr: "description",
    Object.hrSWInstalledName: "name",
    Object.hrSWInstalledType: "kind",
}


@dataclass(slots=True)
class _Row:
    """One physical entity, or one piece of installed software."""

    line: int
    kind: str = ""
    software: str = ""
    firmware: str = ""
    serial: str = ""
    description: str = ""
    name: str = ""


@dataclass(slots=True)
class _Agent:
    """What a walk holds."""

    names: list[str] = field(default_factory=list)
    says: str = ""
    entities: dict[str, _Row] = field(default_factory=dict)
    installed: dict[str, _Row] = field(default_factory=dict)


def read_snmp(file: BinaryIO, place: str) -> Reading:
    """Return what a walk says.

    Raises:
        SourceError: It is no whole walk, or holds none of the objects that tell what runs.
    """
    agent = _agent(file, place)
    if not agent.entities and not agent.installed and not agent.says:
        raise SourceError(
            f"{place}: expected ENTITY-MIB, HOST-RESOURCES-MIB or sysDescr, got a walk without any of them",
            hint="snmpwalk -v3 … AGENT .1.3.6.1.2.1",
        )
    chassis = [row for row in agent.entities.values() if row.kind == _CHASSIS]
    parts = [row for row in agent.entities.values() if row.kind != _CHASSIS]
    seen, passed = _device(agent, chassis, parts)
    for row in [*(chassis if len(chassis) > 1 else ()), *parts]:
        if row.serial:
            seen += _revisions((row.serial,), row, part=True)
    nameless = sum(1 for row in parts if (row.software or row.firmware) and not row.serial)
    if nameless:
        told = "1 part tells" if nameless == 1 else f"{nameless:,} parts tell"
        passed.append(Passed(0, "parts", f"{told} a revision and no serial number"))
    return Reading(place, Kind.SNMP_WALK, tuple(seen), tuple(passed))


def _agent(file: BinaryIO, place: str) -> _Agent:
    """Gather a walk's values into rows."""
    agent = _Agent()
    for value in walked(file, place):
        if value.object is Object.sysName:
            agent.names = [value.text] if value.text else []
        elif value.object is Object.sysDescr:
            agent.says = value.text
        elif value.object in _FIELDS:
            rows = agent.installed if value.object.name.startswith("hr") else agent.entities
            row = rows.setdefault(value.index, _Row(value.line))
            setattr(row, _FIELDS[value.object], value.text)
            if value.object in (Object.entPhysicalSoftwareRev, Object.hrSWInstalledName):
                row.line = value.line
    return agent


def _device(agent: _Agent, chassis: list[_Row], parts: list[_Row]) -> tuple[list[Seen], list[Passed]]:
    """Return what the device as a whole runs, and what is not certain about it."""
    names = tuple(agent.names)
    if len(chassis) == 1 and chassis[0].serial:
        names = (chassis[0].serial, *names)
    told = [row for row in chassis if row.software] or [row for row in parts if row.software]
    versions = sorted({row.software for row in told})
    seen = [
        Seen(names, row.line, version=row.firmware, slot=Slot.FIRMWARE, source=SNMP)
        for row in chassis
        if row.firmware and len(chassis) == 1
    ]
    if len(versions) == 1:
        return [Seen(names, told[0].line, version=versions[0], source=SNMP), *seen], []
    if versions:
        shown = ", ".join(got(version) for version in versions[:3])
        why = f"its parts report {len(versions):,} software revisions, such as {shown}; the device's is open"
        return seen, [Passed(told[0].line, " ".join(names), why)]
    return _installed(agent, names, seen)


def _installed(agent: _Agent, names: tuple[str, ...], seen: list[Seen]) -> tuple[list[Seen], list[Passed]]:
    """Return the one operating system that is installed, or why none is taken."""
    systems = [row for row in agent.installed.values() if row.kind == _OPERATING_SYSTEM and row.name]
    if len(systems) == 1:
        return [Seen(names, systems[0].line, version=systems[0].name, source=SNMP), *seen], []
    if systems:
        why = f"{len(systems):,} operating systems are installed: which of them runs is open"
        return seen, [Passed(systems[0].line, " ".join(names), why)]
    why = "no object holds its software revision"
    if agent.says:
        why += f"; sysDescr, which is prose, says {got(agent.says)}"
    return seen, [Passed(0, " ".join(names), why)]


def _revisions(names: tuple[str, ...], row: _Row, *, part: bool) -> list[Seen]:
    """Return the revisions of one entity."""
    found = []
    if row.software:
        found.append(Seen(names, row.line, version=row.software, source=SNMP, part=part))
    if row.firmware:
        found.append(Seen(names, row.line, version=row.firmware, slot=Slot.FIRMWARE, source=SNMP, part=part))
    return found
