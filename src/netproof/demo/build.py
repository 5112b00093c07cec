"""What does a whole made-up operator consist of?

The one place that knows the order: places, components, links, papers, people, and faults last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.demo.equipment import equip
from netproof.demo.evidence import documents, evidence_frames
from netproof.demo.faults_documents import POLICY
from netproof.demo.geography import place_sites, read_districts
from netproof.demo.market import read_market
from netproof.demo.network import network_frames
from netproof.demo.people import open_channels, people_frames
from netproof.demo.plant import plant
from netproof.demo.running import running_frames
from netproof.demo.wiring import depend, wire

if TYPE_CHECKING:
    from netproof.demo.faults import Planted
    from netproof.demo.frames import Frames


@dataclass(frozen=True, slots=True)
class Operator:
    """A made-up operator.

    Attributes:
        frames: All tables, by name.
        documents: The files of folder documents/, by name.
        trust: The files of folder trust/, by name.
        planted: What is wrong with it on purpose.
    """

    frames: Frames
    documents: dict[str, bytes]
    trust: dict[str, bytes]
    planted: tuple[Planted, ...]


def make(sites: int, seed: int) -> Operator:
    """Return a made-up operator; the same sites and seed give the same one everywhere.

    Args:
        sites: How many sites, at least `geography.LEAST`.
        seed: What chance starts from.

    Cost: 400 sites in 0.1 s, 200,000 in about 10 s and 1.5 GB.
    """
    market = read_market()
    places = place_sites(read_districts(), sites, seed)
    fleet = equip(places, market, seed)
    links = wire(places, fleet, market, seed)
    needs = depend(places, fleet, market)
    frames = network_frames(places, fleet, links, needs, market, seed)
    component = frames["component"]
    frames |= evidence_frames(market)
    frames |= running_frames(fleet, market, component, seed)
    frames |= people_frames(fleet, market, component, sites, seed)
    open_channels(frames)
    planted = plant(frames, places, fleet, market)
    named = set(frames["declaration"]["document"].tolist())
    files = {name: content for name, content in documents(market).items() if name in named}
    from netproof.demo.signatures import signatures  # noqa: PLC0415 - slow to import

    signed, trust = signatures(frames, files)
    return Operator(frames, signed | POLICY, trust, planted)
