"""What one question about one network gets for an answer: values with ids, ready to be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Member:
    """Something that is down, and why; an empty cause: it fails itself."""

    table: str
    id: str
    name: str | None
    cause: str


@dataclass(frozen=True, slots=True)
class ServiceLoss:
    """What an event takes from one service [people, sites]."""

    service_id: str
    people: int
    sites: int


@dataclass(frozen=True, slots=True)
class SiteLoss:
    """What an event takes from one site.

    Attributes:
        people: People without at least one service who had all before.
        all_people: People served first there.
        dark: Whether all its people are without at least one service.
    """

    site_id: str
    people: int
    all_people: int
    dark: bool


@dataclass(frozen=True, slots=True)
class FlowLoss:
    """A flow whose ends are down or apart, and were not before."""

    flow_id: str
    from_id: str
    to_id: str
    classification: str | None
    rate_gbps: float | None


@dataclass(frozen=True, slots=True)
class Capacity:
    """What still fits where links say what they carry.

    Attributes:
        state: fits, does_not_fit, no_flows, no_capacities or too_large.
        demand_gbps: Rates of the flows that are still connected.
        share: The largest share of its rate that every such flow gets at once, at most 1; None: not computed.
        share_before: The same before the event.
        served_gbps: The largest total of these flows when none gets more than its rate; None: not computed.
        served_before_gbps: The same before the event.
        unlimited_links: Links whose capacity is not known; they do not limit.
        statement: What was computed, in a few words.
    """

    state: str
    demand_gbps: float
    share: float | None
    share_before: float | None
    served_gbps: float | None
    served_before_gbps: float | None
    unlimited_links: int
    statement: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One event in full.

    Attributes:
        members: What is down, the first of it.
        people: People without at least one service who had all before.
        elsewhere: Those of them whom what fails itself does not serve first.
        services: Every service.
        sites: Sites that lose people, worst first.
        flows: Flows that it tears apart.
        lost_demand_gbps: Their rates; None where no flow has one.
    """

    kind: str
    event_id: str
    name: str
    members: tuple[Member, ...]
    members_total: int
    people: int
    elsewhere: int
    services: tuple[ServiceLoss, ...]
    lost_sites: int
    sites: tuple[SiteLoss, ...]
    flows: tuple[FlowLoss, ...]
    lost_demand_gbps: float | None
    capacity: Capacity


@dataclass(frozen=True, slots=True)
class Passed:
    """Something on a path, or an element of a pair; a site stands for its node."""

    table: str
    id: str
    name: str | None = None
    supplier_id: str | None = None


@dataclass(frozen=True, slots=True)
class SupplierExposure:
    """A supplier that some path meets.

    Attributes:
        components: Its components on some path.
        links: Its lines on some path.
        on_every: Whether one of them is on every path.
        avoidable: Whether there is a path without any of them.
    """

    supplier_id: str
    name: str | None
    components: int
    links: int
    on_every: bool
    avoidable: bool


@dataclass(frozen=True, slots=True)
class Exposure:
    """What lies between two ends.

    Attributes:
        every: Components, sites' nodes and links on every path, the first of them.
        some: The same on some path but not on every, the first of them.
        every_total, some_total: How many there are.
        avoid: The supplier that the path avoids.
        path: A shortest path without it, with its links; None: there is none.
    """

    flow_id: str | None
    from_id: str
    to_id: str
    connected: bool
    every: tuple[Passed, ...]
    some: tuple[Passed, ...]
    every_total: int
    some_total: int
    suppliers: tuple[SupplierExposure, ...]
    avoid: str | None
    path: tuple[Passed, ...] | None


@dataclass(frozen=True, slots=True)
class PairLoss:
    """Two elements that fail together; `alone`: what each takes when it fails alone [people]."""

    a: Passed
    b: Passed
    people: int
    alone: tuple[int, int]


@dataclass(frozen=True, slots=True)
class WorstPartner:
    """An element and the one with which it takes most [people]."""

    element: Passed
    partner: Passed
    people: int
    alone: int


@dataclass(frozen=True, slots=True)
class PairLosses:
    """All pairs of one service.

    Attributes:
        service_id: The service; '' for all together.
        elements: How many elements there are.
        pairs: How many pairs.
        total: What all pairs take, added up [people].
        maximum: What the worst pair takes [people].
        top: The worst pairs.
        worst: The elements that take most with another.
        statement: What was computed, in a sentence or two.
    """

    service_id: str
    elements: int
    pairs: int
    total: int
    maximum: int
    top: tuple[PairLoss, ...]
    worst: tuple[WorstPartner, ...]
    statement: str

    @property
    def mean(self) -> float:
        """What a pair takes on average [people]."""
        return self.total / self.pairs if self.pairs else 0.0


@dataclass(frozen=True, slots=True)
class SampleService:
    """What random scenarios take from one service.

    Attributes:
        losses: int64[scenarios], rising [people].
        availability: Share of scenarios with the service, weighted by people [1].
        availability_min_site: The same of the site that has it least [1].
    """

    service_id: str
    losses: NDArray[np.int64] = field(repr=False)
    mean: float
    availability: float
    availability_min_site: float

    def quantile(self, share: float) -> int:
        """Return the smallest loss that a share of the scenarios does not exceed [people]."""
        at = min(max(-int(-share * self.losses.size // 1) - 1, 0), self.losses.size - 1)
        return int(self.losses[at])


@dataclass(frozen=True, slots=True)
class Contributor:
    """Something whose failures cost most.

    Attributes:
        hits: Scenarios in which it failed of itself.
        people: People lost in these, on average, whatever else failed in them [people].
        alone: People lost when nothing else fails [people].
        share: `alone` times `hits`, as part of the same of all that were looked at [1].
    """

    kind: str
    event_id: str
    name: str
    hits: int
    people: float
    alone: int
    share: float


@dataclass(frozen=True, slots=True)
class SampleLosses:
    """Random scenarios.

    Attributes:
        services: '' for all together first, then each.
        contributors: Worst first.
        rates: The probability of each kind that was used.
        stated: The kinds whose rate the network states itself; the others are assumptions.
        assumption: Where the assumptions come from.
    """

    scenarios: int
    seed: int
    services: tuple[SampleService, ...]
    contributors: tuple[Contributor, ...]
    rates: Mapping[str, float]
    stated: frozenset[str]
    assumption: str


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """One thing whose failure takes service from people whom it does not serve first itself.

    Attributes:
        people: People lost.
        elsewhere: Those of them who hang on it from elsewhere.
        share: `people` as part of all people [1].
    """

    kind: str
    event_id: str
    name: str
    people: int
    elsewhere: int
    sites: int
    share: float
