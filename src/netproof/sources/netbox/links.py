"""Traced cables and circuits become links: one row for each pair of interfaces that they join.

NetBox stores its own trace with each interface. It is used where it is there, because it knows
how patch panels are wired inside; our own trace tells the cables, circuits and providers on the
way, ends links at sites where a circuit is not cabled, and checks NetBox's answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netproof.sources.netbox.places import put_provider_network
from netproof.sources.netbox.power import NOT_IMPORTED
from netproof.sources.netbox.reading import Record
from netproof.sources.netbox.trace import LOOSE, ONE_END, Path, paths
from netproof.sources.netbox.wiring import (
    CIRCUIT_END,
    CONSOLE,
    INTERFACE,
    NETWORK,
    SITE,
    Circuit,
    Strand,
    Termination,
    Wiring,
)

if TYPE_CHECKING:
    from netproof.sources.netbox.estate import Estate, Row

NO_CABLE = "no cable, no radio link"
SAME_PLACE = "both its ends are at the same place"
_RATE = re.compile(r"(\d+(?:\.\d+)?)(g?)base")
_SHORT = {INTERFACE: "interface", SITE: "site", NETWORK: "provider-network"}
_RADIO = "wireless.wireless-links"


@dataclass(slots=True)
class _Draft:
    """A link while what lies on its way is gathered from both its ends.

    Attributes:
        whole: One trace leads all the way, so that all cables on it are known.
    """

    ends: tuple[Termination, Termination]
    strands: dict[tuple[str, int], Strand] = field(default_factory=dict)
    circuits: set[int] = field(default_factory=set)
    whole: bool = False
    radio: bool = False

    def add(self, path: Path) -> None:
        """Add what lies on a way."""
        self.strands.update({strand.key: strand for strand in path.strands})
        self.circuits |= set(path.circuits)
        self.whole = self.whole or path.end in self.ends


@dataclass(slots=True)
class Linker:
    """Gathers links.

    Attributes:
        interfaces: Entries of interfaces, by number.
        networks: Entries of providers' networks, by number, wherever they were seen.
    """

    estate: Estate
    wiring: Wiring
    interfaces: dict[int, Record] = field(default_factory=dict)
    networks: dict[int, Record] = field(default_factory=dict)
    drafts: dict[tuple[Termination, Termination], _Draft] = field(default_factory=dict)
    disagree: list[str] = field(default_factory=list)

    def put(self) -> None:
        """Add all links to the estate, and say why the rest is none."""
        self._know()
        starts = {end for end in self.wiring.strand_of if end[0] == INTERFACE}
        starts |= {(INTERFACE, number) for number in self.interfaces}
        for start in sorted(starts):
            self._from_interface(start)
        for key in sorted(self.drafts):
            self._write(self.drafts[key], "-".join(f"{_SHORT[kind]}-{number}" for kind, number in key))
        for number in sorted(self.wiring.circuits):
            self._circuit(number)
        self._account()

    def _know(self) -> None:
        """Learn interfaces, and providers' networks from every answer that names one."""
        self.interfaces = {record.id: record for record in self.estate.answers.of("dcim.interfaces")}
        for record in self.estate.answers.of("circuits.provider-networks"):
            self.networks.setdefault(record.id, record)
        for end in self.wiring.circuit_ends.values():
            if end.place and end.place[0] == NETWORK:
                nested = end.record.within("termination") or end.record.within("provider_network")
                self.networks.setdefault(
                    end.place[1], nested or Record({"id": end.place[1]}, end.record.place)
                )

    def _stated(self, record: Record | None) -> list[Termination]:
        """Return the ends that NetBox's own trace of an interface states."""
        if record is None:
            return []
        kind = record.text("connected_endpoints_type")
        found: list[Termination] = []
        for thing in record.objects("connected_endpoints"):
            end = (kind, thing.id)
            if kind == INTERFACE and (device := thing.reference("device")):
                self.wiring.device_of.setdefault(end, device)
            elif kind == NETWORK:
                self.networks.setdefault(thing.id, thing)
            found.append(end)
        return found

    def _from_interface(self, start: Termination) -> None:
        """Find where an interface leads."""
        record = self.interfaces.get(start[1])
        ways = paths(self.wiring, start) if start in self.wiring.strand_of else []
        stated = self._stated(record)
        if not ways and not stated:
            self.estate.tally.leave("dcim.interfaces", start[1], NO_CABLE)
            return
        arrived = {path.end: path for path in ways if path.end}
        if stated and ways and all(path.end for path in ways) and not set(stated) <= set(arrived):
            self.disagree.append(f"dcim/interfaces/{start[1]}")
        idle = _idle(self.wiring, ways)
        if not idle and stated and record and record.yes("connected_endpoints_reachable") is False:
            idle = "NetBox says that something on the way is not connected"
        ends = sorted({end for end in stated if end[0] in _SHORT} or arrived)
        if idle or not ends:
            why = idle or next(
                (path.why for path in ways if path.why), f"it leads to a {stated[0][0] if stated else '?'}"
            )
            self._leave(start, ways, why)
            return
        for end in ends:
            first, second = sorted((start, end), key=_interfaces_first)
            if first == second:
                continue
            draft = self.drafts.setdefault((first, second), _Draft((first, second)))
            draft.radio = draft.radio or bool(record and record.has("wireless_link"))
            if path := arrived.get(end):
                draft.add(path)
            elif len(ways) == 1:
                draft.add(ways[0])

    def _leave(self, start: Termination, ways: list[Path], why: str) -> None:
        """Say why an interface and what is plugged into it are no link."""
        self.estate.tally.leave("dcim.interfaces", start[1], why)
        for path in ways:
            for strand in path.strands:
                self.estate.tally.leave(strand.endpoint, strand.number, why)
            for circuit in path.circuits:
                self.estate.tally.leave("circuits.circuits", circuit, why)

    def _node(self, end: Termination) -> str:
        """Return the component or site at a link's end; empty where it was left out."""
        kind, number = end
        if kind == INTERFACE:
            device = self.wiring.device_of.get(end)
            return f"device-{device}" if device in self.estate.devices else ""
        if kind == NETWORK:
            return put_provider_network(
                self.estate, self.networks[number], f"circuits/provider-networks/{number}"
            )
        return f"site-{number}" if number in self.estate.sites else ""

    def _write(self, draft: _Draft, link: str) -> bool:
        """Write a link whose ends are both there and differ; else say why not."""
        nodes = [self._node(end) for end in draft.ends]
        if not all(nodes) or nodes[0] == nodes[1]:
            why = SAME_PLACE if all(nodes) else NOT_IMPORTED
            for end in draft.ends:
                path = Path(None, tuple(draft.strands.values()), tuple(draft.circuits))
                if end[0] == INTERFACE:
                    self._leave(end, [path], why)
            return False
        tally = self.estate.tally
        sources = [tally.use(*key) for key in sorted(draft.strands)]
        sources += [tally.use("circuits.circuits", number) for number in sorted(draft.circuits)]
        for kind, number in draft.ends:
            if kind == INTERFACE:
                source = tally.use("dcim.interfaces", number)
                sources = sources or [source]
        radio = draft.radio or any(endpoint == _RADIO for endpoint, _ in draft.strands)
        row: Row = {
            "link_id": link,
            "a_id": nodes[0],
            "b_id": nodes[1],
            "layer": "radio" if radio else "physical",
            "capacity_gbps": self._capacity(draft),
            "provider_id": self._provider(draft, link),
            "length_km": self._length(draft),
            "x_source": ";".join(sources),
        }
        self.estate.put("link", (link,), row)
        return True

    def _capacity(self, draft: _Draft) -> float | None:
        """Return the smallest rate that is known on the way [Gbit/s]."""
        rates = [self._rate(number) for kind, number in draft.ends if kind == INTERFACE]
        rates += [circuit.capacity_gbps for circuit in self._circuits(draft)]
        for number in draft.circuits:
            speeds = [end.record.integer("port_speed") for end in self.wiring.ends_of.get(number, [])]
            rates += [speed / 1e6 for speed in speeds if speed]
        return min((rate for rate in rates if rate), default=None)

    def _circuits(self, draft: _Draft) -> list[Circuit]:
        """Return the circuits on the way that are among the answers."""
        return [self.wiring.circuits[n] for n in sorted(draft.circuits) if n in self.wiring.circuits]

    def _rate(self, number: int) -> float | None:
        """Return an interface's speed as set, or else what its type can do [Gbit/s]."""
        record = self.interfaces.get(number)
        if record is None:
            return None
        if speed := record.integer("speed"):
            return speed / 1e6
        match = _RATE.match(record.choice("type"))
        return float(match[1]) / (1 if match[2] else 1000) if match else None

    def _provider(self, draft: _Draft, link: str) -> str:
        """Return who provides the line; empty where nobody or more than one does."""
        names = {circuit.provider for circuit in self._circuits(draft)} - {""}
        if len(names) > 1:
            self.estate.tally.note(
                f"link {link} has circuits of {', '.join(sorted(names))}: provider_id is left empty"
            )
        return names.pop() if len(names) == 1 else ""

    def _length(self, draft: _Draft) -> float | None:
        """Return the length where every piece of the way has one."""
        pieces = [strand.length_km for strand in draft.strands.values()]
        pieces += [circuit.length_km for circuit in self._circuits(draft)]
        known = [piece for piece in pieces if piece is not None]
        return round(sum(known), 6) if draft.whole and pieces and len(known) == len(pieces) else None

    def _circuit(self, number: int) -> None:
        """Write a circuit that no interface leads over, from what is at its two ends."""
        circuit = self.wiring.circuits[number]
        if number in self.estate.tally.used.get("circuits.circuits", set()):
            return
        ends = self.wiring.ends_of.get(number, [])
        why = circuit.idle or ("" if len(ends) == 2 else ONE_END if ends else "it has no recorded end")
        if not why:
            nears = [self._near(end.number) for end in sorted(ends, key=lambda end: end.number)]
            why = next((path.why for path in nears if path.end is None), "") or _idle(self.wiring, nears)
            if not why and nears[0].end and nears[1].end:
                draft = _Draft((nears[0].end, nears[1].end), circuits={number}, whole=True)
                for path in nears:
                    draft.strands.update({strand.key: strand for strand in path.strands})
                why = "" if self._write(draft, f"circuit-{number}") else NOT_IMPORTED
        if why:
            self.estate.tally.leave("circuits.circuits", number, why)

    def _near(self, number: int) -> Path:
        """Return the way from a circuit's end to the device there, or to its site."""
        start = (CIRCUIT_END, number)
        ways = paths(self.wiring, start) if start in self.wiring.strand_of else []
        if len(ways) == 1 and ways[0].end and not ways[0].circuits and self._node(ways[0].end):
            return ways[0]
        place = self.wiring.circuit_ends[number].place
        return Path(
            place,
            why=""
            if place
            else f"it ends at a {self.wiring.circuit_ends[number].kind or 'place nobody names'}",
        )

    def _account(self) -> None:
        """Say what became of circuits' ends, and why cables that nobody passed are no link."""
        tally = self.estate.tally
        used = tally.used.get("circuits.circuits", set())
        for end in self.wiring.circuit_ends.values():
            if end.circuit in used:
                tally.use("circuits.circuit-terminations", end.number)
            else:
                why = tally.left.get("circuits.circuits", {}).get(
                    end.circuit, "its circuit is not among the answers"
                )
                tally.leave("circuits.circuit-terminations", end.number, why)
        for record in self.estate.answers.of("circuits.virtual-circuits"):
            tally.leave("circuits.virtual-circuits", record.id, "virtual circuits are not imported")
        for strand in self.wiring.strands:
            tally.leave(strand.endpoint, strand.number, strand.idle or _useless(strand))
        for port in ("front", "rear"):
            endpoint, kind = f"dcim.{port}-ports", f"dcim.{port}port"
            for record in self.estate.answers.of(endpoint):
                plugged = self.wiring.strand_of.get((kind, record.id))
                if plugged and plugged.number in tally.used.get(plugged.endpoint, set()):
                    tally.use(endpoint, record.id)
                else:
                    tally.leave(endpoint, record.id, "no link leads through it")
        if self.disagree:
            tally.note(
                f"NetBox's stored trace differs from its cables for {len(self.disagree)} interfaces "
                f"({', '.join(self.disagree[:5])}): its trace was used"
            )


def _interfaces_first(end: Termination) -> tuple[bool, Termination]:
    """Return the order of a link's ends."""
    return (end[0] != INTERFACE, end)


def _idle(wiring: Wiring, ways: list[Path]) -> str:
    """Return why a way carries nothing; empty where all of it is in use."""
    for path in ways:
        for strand in path.strands:
            if strand.idle:
                return f"a cable on the way: {strand.idle}"
        for number in path.circuits:
            if number in wiring.circuits and wiring.circuits[number].idle:
                return f"a circuit on the way: {wiring.circuits[number].idle}"
    return ""


def _useless(strand: Strand) -> str:
    """Return why a cable that no trace passed is no link."""
    kinds = {kind for kind, _ in (*strand.ends[0], *strand.ends[1])}
    if not strand.ends[0] or not strand.ends[1]:
        return LOOSE
    if strand.usb or kinds & set(CONSOLE):
        return "a console or USB cable: it carries no traffic"
    return "no interface leads over it"
