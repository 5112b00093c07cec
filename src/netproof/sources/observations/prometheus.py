"""What Prometheus knows of versions and digests: labels of `*_build_info` and of whatever names a digest.

Read are a target's own text and an answer of /api/v1/query or query_range. A metric counts that ends in
`_build_info`, or has a label with a SHA-256; what exporters and monitors say of themselves does not.
Prometheus repeats what the target says: it is the component's own word.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from netproof.errors import SourceError
from netproof.sources.observations.exposition import samples
from netproof.sources.observations.lines import got
from netproof.sources.observations.seen import PROMETHEUS, Kind, Passed, Reading, Seen, Slot
from netproof.sources.observations.values import from_seconds, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from typing import BinaryIO

ANSWER_MAX = 1 << 28
"""Most bytes of a query's answer, which is held in memory."""
NAMES = (
    "component_id", "component", "serial", "sysName", "nodename", "hostname", "host", "node", "instance",
)  # fmt: skip
"""Labels that may name the component, the surest first; the first that is there counts."""
DIGESTS = ("sha256", "image_sha256", "digest", "image_digest", "image_id")
VERSIONS = ("version", "software_version", "revision")
_OWN = ("exporter", "prometheus", "alertmanager", "pushgateway", "grafana", "thanos")
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Sample:
    """A metric's labels at a moment."""

    line: int
    name: str
    labels: Mapping[str, str]
    at: datetime | None
    names: tuple[str, ...]


def read_exposition(file: BinaryIO, place: str) -> Reading:
    """Return what a target's own text says.

    Raises:
        SourceError: It is no exposition text.
    """
    found = [
        _Sample(
            sample.line, sample.name, sample.labels, _moment(sample.time), _names(sample.labels, own=False)
        )
        for sample in samples(file, place)
        if sample.value == 1
    ]
    return _reading(found, place, Kind.PROMETHEUS_TEXT)


def read_query(file: BinaryIO, place: str) -> Reading:
    """Return what an answer of /api/v1/query or query_range says.

    Raises:
        SourceError: It is no such answer, or says that the query failed.
    """
    try:
        answer = orjson.loads(file.read(ANSWER_MAX + 1))
    except orjson.JSONDecodeError as error:
        raise SourceError(f"{place}:{error.lineno}:{error.colno}: expected JSON, got {error.msg}") from error
    if not isinstance(answer, dict) or answer.get("status") != "success":
        says = answer.get("error") if isinstance(answer, dict) else answer
        raise SourceError(f"{place}:/status: expected an answer with success, got {got(str(says))}")
    data = answer.get("data")
    kind = data.get("resultType") if isinstance(data, dict) else None
    series = data.get("result") if isinstance(data, dict) else None
    if kind not in ("vector", "matrix") or not isinstance(series, list):
        raise SourceError(
            f"{place}:/data: expected a vector or a matrix of series, got {got(str(kind))}",
            hint="ask /api/v1/query?query={__name__=~'.+_build_info'}",
        )
    found = [
        sample
        for number, item in enumerate(series)
        for sample in _series(item, kind, number, f"{place}:/data/result/{number}")
    ]
    warned = [
        Passed(0, "the answer as a whole", f"the server warns: {got(str(words))}")
        for key in ("warnings", "infos")
        for words in _list(answer.get(key))[:_SHOWN]
    ]
    return _reading(found, place, Kind.PROMETHEUS_QUERY, warned)


def _series(item: Any, kind: str, number: int, place: str) -> Iterator[_Sample]:
    """Yield the first and the last sample with value 1 of a series."""
    labels = item.get("metric") if isinstance(item, dict) else None
    if not isinstance(labels, dict) or not all(isinstance(value, str) for value in labels.values()):
        raise SourceError(f"{place}/metric: expected labels that are texts, got {got(str(labels))}")
    points = [item.get("value")] if kind == "vector" else item.get("values")
    moments = [moment for moment, value in (_point(point, place) for point in _list(points)) if value == 1]
    for moment in dict.fromkeys((*moments[:1], *moments[-1:])):
        yield _Sample(number + 1, labels.get("__name__", ""), labels, moment, _names(labels, own=True))


def _point(point: Any, place: str) -> tuple[datetime | None, float]:
    """Return moment and value of `[seconds, "value"]`."""
    if not isinstance(point, list) or len(point) != 2 or isinstance(point[0], bool):
        raise SourceError(f"{place}/value: expected a moment and a value, got {got(str(point))}")
    try:
        return _moment(float(point[0]) * 1000), float(point[1])
    except (TypeError, ValueError) as error:
        raise SourceError(f"{place}/value: expected a moment and a value, got {got(str(point))}") from error


def _list(value: Any) -> list[Any]:
    """Return a list, empty where there is none."""
    return value if isinstance(value, list) else []


def _moment(milliseconds: float | None) -> datetime | None:
    """Return a moment; None where there is none."""
    if milliseconds is None or not math.isfinite(milliseconds):
        return None
    return from_seconds(milliseconds / 1000)


def _names(labels: Mapping[str, str], *, own: bool) -> tuple[str, ...]:
    """Return what labels call the component: the surest one, an address also without its port.

    Args:
        labels: Of a sample.
        own: Whether the server put in whom it asked; a target does not know its own address.
    """
    for key in NAMES if own else NAMES[:-1]:
        if name := labels.get(key, ""):
            host, colon, port = name.rpartition(":")
            return (name, host.strip("[]")) if colon and port.isdigit() and host else (name,)
    return ()


def _reading(found: list[_Sample], place: str, kind: Kind, passed: list[Passed] | None = None) -> Reading:
    """Take what tells of software; of several that differ about one component, none."""
    passed = [*(passed or ())]
    taken: dict[tuple[tuple[str, ...], Slot, datetime | None], list[tuple[_Sample, Seen]]] = {}
    for sample in found:
        seen = _seen(sample)
        if seen is None:
            continue
        if any(word in sample.name for word in _OWN):
            passed.append(
                Passed(
                    sample.line, " ".join(sample.names[:1]), f"{sample.name} speaks of the monitoring itself"
                )
            )
            continue
        taken.setdefault((seen.names, seen.slot, seen.at), []).append((sample, seen))
    seen_all = []
    for tellers in taken.values():
        # A digest says more than a version: where there are any, they decide.
        group = [pair for pair in tellers if pair[1].sha256] or tellers
        if len({(seen.version, seen.sha256) for _, seen in group}) == 1:
            seen_all.append(group[0][1])
            continue
        shown = ", ".join(
            f"{sample.name} {got(seen.version or seen.sha256)}" for sample, seen in group[:_SHOWN]
        )
        passed.append(
            Passed(
                group[0][0].line, " ".join(group[0][1].names[:1]), f"metrics differ about what runs: {shown}"
            )
        )
    if not seen_all and not passed:
        passed.append(Passed(0, "", "no metric ends in _build_info or names a SHA-256 digest"))
    return Reading(place, kind, tuple(seen_all), tuple(passed))


def _seen(sample: _Sample) -> Seen | None:
    """Return what a sample says of software; None: nothing."""
    digest = next((found for key in DIGESTS if (found := sha256_of(sample.labels.get(key, "")))), "")
    if not digest and not sample.name.endswith("_build_info"):
        return None
    version = next((sample.labels[key] for key in VERSIONS if sample.labels.get(key)), "")
    slot = sample.labels.get("slot", "")
    if not version and not digest:
        return None
    return Seen(
        sample.names,
        sample.line,
        version=version.strip(),
        sha256=digest,
        slot=Slot(slot) if slot in tuple(Slot) else Slot.IMAGE,
        at=sample.at,
        source=PROMETHEUS,
    )
