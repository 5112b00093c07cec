"""Counts what became of every object that was read: mapped, or left out with a reason.

Nothing vanishes: an object that nobody looked at is told as such.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netproof.sources.netbox.endpoints import BY_NAME, ENDPOINTS
from netproof.sources.netbox.report import EndpointReport, Reason

if TYPE_CHECKING:
    from netproof.sources.netbox.reading import Answers

EXAMPLES_MAX = 5
UNSEEN = "no table has a place for it"
_UNUSED = {
    "dcim.device-roles": "no component has it",
    "dcim.platforms": "no component has it",
    "dcim.virtual-chassis": "its master was left out, or it has none",
    "circuits.provider-networks": "no circuit that is a link ends there",
}
"""What it means when nobody looked at an object of these lists."""


@dataclass(slots=True)
class Tally:
    """What became of what was read.

    Attributes:
        used: Ids that stand behind a row, by endpoint.
        left: Reason by id, by endpoint; what is used as well counts as used.
        notes: Sentences that the report shows as they are.
    """

    used: dict[str, set[int]] = field(default_factory=dict)
    left: dict[str, dict[int, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def use(self, endpoint: str, number: int) -> str:
        """Note that an object stands behind a row, and return its `x_source`."""
        self.used.setdefault(endpoint, set()).add(number)
        return f"{BY_NAME[endpoint].path}/{number}"

    def leave(self, endpoint: str, number: int, reason: str) -> None:
        """Note why an object is left out; the first reason stays."""
        self.left.setdefault(endpoint, {}).setdefault(number, reason)

    def note(self, sentence: str) -> None:
        """Add a sentence to the report, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def endpoints(self, answers: Answers) -> tuple[EndpointReport, ...]:
        """Return the account of every endpoint that was read."""
        return tuple(self._endpoint(e.name, answers) for e in ENDPOINTS if answers.given(e.name))

    def _endpoint(self, name: str, answers: Answers) -> EndpointReport:
        """Return the account of one endpoint."""
        used = self.used.get(name, set())
        left = self.left.get(name, {})
        reasons: dict[str, list[int]] = {}
        read = [record.id for record in answers.of(name)]
        for number in read:
            if number not in used:
                reasons.setdefault(left.get(number, _UNUSED.get(name, UNSEEN)), []).append(number)
        path = BY_NAME[name].path
        return EndpointReport(
            endpoint=name,
            read=len(read),
            mapped=sum(number in used for number in read),
            not_mapped=tuple(
                Reason(reason, len(ids), tuple(f"{path}/{n}" for n in ids[:EXAMPLES_MAX]))
                for reason, ids in sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0]))
            ),
        )
