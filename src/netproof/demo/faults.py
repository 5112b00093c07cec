"""What does planting a fault need: the tables, a way to find things in them, and a list to note it in?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from netproof.demo.running import AS_OF, DAY_S

if TYPE_CHECKING:
    from netproof.demo.draw import Ints
    from netproof.demo.frames import Column, Frames
    from netproof.demo.geography import Places
    from netproof.demo.market import Market, Product


@dataclass(frozen=True, slots=True)
class Planted:
    """What one check must find because of one fault.

    Attributes:
        check: Its identity.
        outcome: fail, no_evidence or needs_review.
        subjects: Identities of the rows that it must name.
        words: What is wrong, for people.
    """

    check: str
    outcome: str
    subjects: tuple[str, ...]
    words: str


@dataclass(slots=True)
class Ground:
    """The tables in which faults are planted, and the list of them.

    Attributes:
        csr: Positions of the routers at cell sites.
        found: What was planted so far.
    """

    frames: Frames
    places: Places
    market: Market
    csr: Ints
    found: list[Planted] = field(default_factory=list)

    @property
    def ids(self) -> Column:
        """The identities of all components."""
        return self.frames["component"]["component_id"]

    def note(self, check: str, outcome: str, subjects: list[str], words: str) -> None:
        """Put down what a check must find."""
        self.found.append(Planted(check, outcome, tuple(sorted(subjects)), words))

    def named(self, positions: Ints) -> list[str]:
        """Return the identities of components."""
        return [str(name) for name in self.ids[positions]]

    def every(self, turn: int) -> Ints:
        """Return routers at cell sites for fault number `turn`: one in about 350, each only once."""
        count = max(1, len(self.csr) // 350)
        step = len(self.csr) // count
        return self.csr[np.arange(count) * step + (turn * 7) % step]

    def product(self, product_id: str) -> Product:
        """Return a product."""
        return next(item for item in self.market.products if item.product_id == product_id)

    def measured(self, position: int) -> int:
        """Return the position of the last measurement of a component's image."""
        observation = self.frames["observation"]
        rows = observation.where(component_id=self.ids[position], slot="image")
        return int(rows[np.argmax(observation["observed_at"][rows])])

    def run(self, position: int, slot: int, *, recorded: bool) -> str:
        """Make a component run another version of its product; return the version."""
        component, observation = self.frames["component"], self.frames["observation"]
        item = self.product(component["product_id"][position])
        row = self.measured(position)
        observation["version"][row] = item.versions[slot]
        observation["sha256"][row] = item.digest(slot)
        if recorded:
            component["version"][position] = item.versions[slot]
        return item.versions[slot]

    def work(self, components: list[str], person_id: str | None, day: int, **values: object) -> list[str]:
        """Add work with administrator rights on each component; return its identities."""
        work = self.frames["work"]
        names = [f"W{len(work) + number:06}" for number in range(1, len(components) + 1)]
        row: dict[str, object] = {"task": "configuration change", "privileged": True, "remote": False}
        row |= {"person_id": person_id, "done_at": day * DAY_S + 36_000, "from_country": "DE", **values}
        work.append(len(names), work_id=names, component_id=components, **row)
        return names


__all__ = ["AS_OF", "DAY_S", "Ground", "Planted"]
