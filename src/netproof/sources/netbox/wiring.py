"""Cables, panels and circuits as a graph of terminations, without any judgement.

A termination is what a cable plugs into: an interface, a port of a patch panel, an end of a
circuit, a power port. Both forms of panel ports are known: one rear port for a front port
(NetBox up to 4.4) and lists of mappings (4.5 and later).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netproof.sources.netbox.estate import Estate
    from netproof.sources.netbox.reading import Record

Termination = tuple[str, int]

INTERFACE = "dcim.interface"
FRONT = "dcim.frontport"
REAR = "dcim.rearport"
CIRCUIT_END = "circuits.circuittermination"
NETWORK = "circuits.providernetwork"
SITE = "dcim.site"
POWER_PORT = "dcim.powerport"
POWER_OUTLET = "dcim.poweroutlet"
POWER_FEED = "dcim.powerfeed"
CONSOLE = ("dcim.consoleport", "dcim.consoleserverport")

_KM = {"km": 1.0, "m": 1e-3, "cm": 1e-5, "mi": 1.609344, "ft": 3.048e-4, "in": 2.54e-5}
TAKEN = "one of its ends is taken by another cable"


@dataclass(frozen=True, slots=True)
class Strand:
    """One cable, or one radio link.

    Attributes:
        endpoint: `dcim.cables` or `wireless.wireless-links`.
        ends: The terminations at its A end and at its B end.
    """

    endpoint: str
    number: int
    ends: tuple[tuple[Termination, ...], tuple[Termination, ...]]
    usb: bool = False
    idle: str = ""
    length_km: float | None = None

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from all others."""
        return (self.endpoint, self.number)

    def far(self, near: Termination) -> tuple[Termination, ...]:
        """Return the terminations at the other end."""
        return self.ends[1] if near in self.ends[0] else self.ends[0]


@dataclass(frozen=True, slots=True)
class Circuit:
    """A line that a provider provides."""

    number: int
    provider: str
    idle: str
    capacity_gbps: float | None
    length_km: float | None


@dataclass(frozen=True, slots=True)
class CircuitEnd:
    """One end of a circuit.

    Attributes:
        place: The site or provider's network where it ends, if that is known.
        record: Its entry.
    """

    number: int
    circuit: int
    place: Termination | None
    kind: str
    record: Record


@dataclass(slots=True)
class Wiring:
    """The graph.

    Attributes:
        strand_of: The cable or radio link at a termination.
        device_of: The device that has a termination.
        through: Inside a panel: own position, other port, the other port's position.
        positions: How many positions a panel port has.
        single_rear: The only rear port of a panel, where NetBox counts one.
        other_end: The circuit's other end.
        ends_of: The recorded ends of a circuit.
    """

    strands: list[Strand] = field(default_factory=list)
    strand_of: dict[Termination, Strand] = field(default_factory=dict)
    device_of: dict[Termination, int] = field(default_factory=dict)
    through: dict[Termination, list[tuple[int, Termination, int]]] = field(default_factory=dict)
    positions: dict[Termination, int] = field(default_factory=dict)
    single_rear: dict[int, Termination] = field(default_factory=dict)
    circuits: dict[int, Circuit] = field(default_factory=dict)
    circuit_ends: dict[int, CircuitEnd] = field(default_factory=dict)
    other_end: dict[int, int] = field(default_factory=dict)
    ends_of: dict[int, list[CircuitEnd]] = field(default_factory=dict)


def read_wiring(estate: Estate) -> Wiring:
    """Return the graph of all cables, radio links, panels and circuits."""
    wiring = Wiring()
    for record in estate.answers.of("dcim.cables"):
        _add(estate, wiring, _cable(wiring, record))
    for record in estate.answers.of("wireless.wireless-links"):
        _add(estate, wiring, _radio(wiring, record))
    for endpoint, kind in (
        ("dcim.interfaces", INTERFACE),
        ("dcim.front-ports", FRONT),
        ("dcim.rear-ports", REAR),
    ):
        for record in estate.answers.of(endpoint):
            if device := record.reference("device"):
                wiring.device_of[kind, record.id] = device
    _panels(estate, wiring)
    _circuits(estate, wiring)
    return wiring


def _add(estate: Estate, wiring: Wiring, strand: Strand) -> None:
    """Add a strand whose ends no other strand has."""
    ends = {*strand.ends[0], *strand.ends[1]}
    if any(end in wiring.strand_of for end in ends):
        estate.tally.leave(strand.endpoint, strand.number, TAKEN)
        return
    wiring.strands.append(strand)
    wiring.strand_of.update(dict.fromkeys(sorted(ends), strand))


def _cable(wiring: Wiring, record: Record) -> Strand:
    """Return a cable; its answer also tells which device has each end."""
    status = record.choice("status")
    return Strand(
        endpoint="dcim.cables",
        number=record.id,
        ends=(tuple(_ends(wiring, record, "a")), tuple(_ends(wiring, record, "b"))),
        usb=record.choice("type") == "usb",
        idle="" if status in ("", "connected") else f"its status is {status}",
        length_km=length_km(record, "length", "length_unit"),
    )


def _ends(wiring: Wiring, record: Record, side: str) -> Iterator[Termination]:
    """Yield the terminations at one side of a cable, each once."""
    seen: set[Termination] = set()
    for end in record.objects(f"{side}_terminations"):
        found = (end.text("object_type"), end.needed("object_id"))
        if found in seen:
            continue
        seen.add(found)
        if (thing := end.within("object")) and (device := thing.reference("device")):
            wiring.device_of[found] = device
        yield found


def _radio(wiring: Wiring, record: Record) -> Strand:
    """Return a radio link between two interfaces."""
    ends: list[Termination] = []
    for name in ("interface_a", "interface_b"):
        found = (INTERFACE, record.needed(name))
        if (thing := record.within(name)) and (device := thing.reference("device")):
            wiring.device_of[found] = device
        ends.append(found)
    status = record.choice("status")
    return Strand(
        endpoint="wireless.wireless-links",
        number=record.id,
        ends=((ends[0],), (ends[1],)),
        idle="" if status in ("", "connected") else f"its status is {status}",
        length_km=length_km(record, "distance", "distance_unit"),
    )


def length_km(record: Record, name: str, unit: str) -> float | None:
    """Return a length in km; None where it or its unit is unknown."""
    value, factor = record.number(name), _KM.get(record.choice(unit))
    return None if value is None or factor is None or value < 0 else value * factor


def _panels(estate: Estate, wiring: Wiring) -> None:
    """Read how front ports and rear ports of panels are joined."""
    for front, front_position, rear, rear_position in sorted({*_front_pairs(estate), *_rear_pairs(estate)}):
        wiring.through.setdefault((FRONT, front), []).append((front_position, (REAR, rear), rear_position))
        wiring.through.setdefault((REAR, rear), []).append((rear_position, (FRONT, front), front_position))
    for port, rows in wiring.through.items():
        wiring.positions[port] = max(position for position, _, _ in rows)
    for endpoint, kind in (("dcim.front-ports", FRONT), ("dcim.rear-ports", REAR)):
        for record in estate.answers.of(endpoint):
            stated = record.integer("positions") or 1
            wiring.positions[kind, record.id] = max(stated, wiring.positions.get((kind, record.id), 1))
    single = {r.id for r in estate.answers.of("dcim.devices") if r.integer("rear_port_count") == 1}
    for end in wiring.strand_of:
        device = wiring.device_of.get(end)
        if end[0] == REAR and device in single and device is not None:
            wiring.single_rear[device] = end


def _front_pairs(estate: Estate) -> Iterator[tuple[int, int, int, int]]:
    """Yield front port, its position, rear port, its position, as front ports tell it."""
    for record in estate.answers.of("dcim.front-ports"):
        if (rear := record.reference("rear_port")) is not None:
            yield record.id, 1, rear, record.integer("rear_port_position") or 1
        for row in record.objects("rear_ports"):
            rear_position = row.integer("rear_port_position") or 1
            yield record.id, row.integer("position") or 1, row.needed("rear_port"), rear_position


def _rear_pairs(estate: Estate) -> Iterator[tuple[int, int, int, int]]:
    """Yield front port, its position, rear port, its position, as rear ports tell it."""
    for record in estate.answers.of("dcim.rear-ports"):
        for row in record.objects("front_ports"):
            # NetBox up to 4.4 lists the bare front ports here; they say the rest themselves.
            if (front := row.reference("front_port")) is not None:
                front_position = row.integer("front_port_position") or 1
                yield front, front_position, record.id, row.integer("position") or 1


def _circuits(estate: Estate, wiring: Wiring) -> None:
    """Read circuits and both their ends."""
    for record in estate.answers.of("circuits.circuits"):
        provider = record.reference("provider")
        status = record.choice("status")
        rate = record.integer("commit_rate")
        wiring.circuits[record.id] = Circuit(
            number=record.id,
            provider=f"provider-{provider}" if provider else "",
            idle="" if status in ("", "active", "offline", "deprovisioning") else f"its status is {status}",
            capacity_gbps=rate / 1e6 if rate else None,
            length_km=length_km(record, "distance", "distance_unit"),
        )
    for record in estate.answers.of("circuits.circuit-terminations"):
        kind, place = _place(record)
        circuit = record.needed("circuit")
        end = wiring.circuit_ends[record.id] = CircuitEnd(record.id, circuit, place, kind, record)
        wiring.ends_of.setdefault(circuit, []).append(end)
    for ends in wiring.ends_of.values():
        if len(ends) == 2:
            wiring.other_end[ends[0].number] = ends[1].number
            wiring.other_end[ends[1].number] = ends[0].number


def _place(record: Record) -> tuple[str, Termination | None]:
    """Return the kind of place where a circuit ends, and the place if a link may end there."""
    kind, number = record.text("termination_type"), record.integer("termination_id")
    # NetBox 4.1 and before: two fields instead of a type and a number.
    for name, old in (("site", SITE), ("provider_network", NETWORK)):
        if not kind and (found := record.reference(name)) is not None:
            kind, number = old, found
    return kind, (kind, number) if number and kind in (SITE, NETWORK) else None
