"""The words of the fleet: what each status means, what to do about it, what else can be found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from netproof.report.words import number, plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netproof.report.words import Model

STATUS: Final = ("withdrawn", "unknown", "differs", "late", "no_evidence", "logged")
"""The worst first."""
SAID: Final = {
    "withdrawn": "withdrawn",
    "unknown": "unknown",
    "differs": "differs",
    "late": "late",
    "no_evidence": "without evidence",
    "logged": "logged",
}
"""A status after a number."""
TITLE: Final = {
    "withdrawn": "Withdrawn",
    "unknown": "Unknown",
    "differs": "Differs",
    "late": "Late",
    "no_evidence": "No evidence",
    "logged": "Logged",
}
LOOK: Final = {
    "withdrawn": "fail",
    "unknown": "fail",
    "differs": "fail",
    "late": "needs_review",
    "no_evidence": "no_evidence",
    "logged": "pass",
}
"""How a status looks on a page, as the outcome that is nearest."""
MEANING: Final = {
    "withdrawn": "What runs is logged, and the log says that it must no longer be used.",
    "unknown": "Its digest is in no release of the log: nobody recorded where these bytes come from.",
    "differs": "Its digest is logged, but as another release than the one that it says it runs.",
    "late": "It ran before its release was proven to be in the log.",
    "no_evidence": "Nothing was measured, or only a version without a digest, or it says another version "
    "since, or the log proves nothing.",
    "logged": "Its digest is a release in the log, proven before it first ran.",
}
NEXT: Final = {
    "withdrawn": "Install a release that is not withdrawn; the log's entry says why this one is.",
    "unknown": "Find out where these bytes come from: ask the supplier for the release's digest and "
    "signature. Log it only when `netproof release verify` has verified the file; until then take the "
    "component for changed by somebody.",
    "differs": "Install the logged file of the release again, or correct the version in the inventory; find "
    "out who put the other one in.",
    "late": "Find the work order of the update, and what it changed (`netproof release diff`); log releases "
    "before they are installed.",
    "no_evidence": "Measure the digest of what runs by another way than the component's own word, and give "
    "it to `netproof fleet --observations`.",
}
FINDING: Final = {
    "signed_not_logged": "Published by the supplier, but not in the log",
    "fleet_differs": "One release, several digests in this network",
    "compared_differs": "One release, another digest in another operator's log",
    "version_differs": "Says another version than it ran when last measured",
    "change_not_recorded": "Software changed, and no work is recorded for it",
    "rebuild_different": "Built again from source, and something else came out",
    "self_reported": "Known only by the component's own word",
}
ADVICE: Final = {
    "signed_not_logged": "Add the release to the log, after it is verified: `netproof release add`.",
    "fleet_differs": "Ask the supplier why one release has several digests; compare the files by `netproof "
    "release diff`.",
    "compared_differs": "Compare the two files with the other operator: a release that only one of you got "
    "is how a targeted attack looks.",
    "version_differs": "Measure its digest anew: since the last one it says that it runs something else.",
    "change_not_recorded": "Find out who changed it. An update that nobody asked for is how a hostile one "
    "looks.",
    "rebuild_different": "Let the supplier explain every difference; until then the source says nothing of "
    "what runs.",
    "self_reported": "Measure it by a second path or a quote: a component that was changed can say anything.",
}
FILES: Final = (
    "A file that is in no entry says little where releases are logged as packages; one that is withdrawn "
    "says all."
)
"""What files that are measured one by one show."""
KIND: Final = {
    "table": "table of observations",
    "snmp_walk": "SNMP walk",
    "prometheus_text": "Prometheus text",
    "prometheus_query": "Prometheus answer",
    "ima_ascii": "IMA list",
    "ima_binary": "IMA list, binary",
}
"""Kinds of files."""


def moment(text: str | None) -> str:
    """A moment as people write it: `2026-11-01 08:00 UTC`; nothing where there is none."""
    if not text:
        return ""
    day, _, clock = text.partition("T")
    return f"{day} {clock[:5]} UTC" if clock else day


def tally(counts: Mapping[str, int]) -> str:
    """Components by status as a phrase, the worst first: `3 unknown, 17 logged`."""
    return ", ".join(f"{number(counts[key])} {SAID[key]}" for key in STATUS if counts.get(key)) or "none"


def without_software(components: Mapping[str, Any]) -> str:
    """How many components are not judged, as a sentence; empty: none."""
    count = components["without_software"]
    if not count:
        return ""
    return (
        f"{number(count)} further {plural('component', count)} without software on record: no version, no "
        "release of the product, nothing seen."
    )


def log_said(log: Model | None) -> str:
    """The log's state as a sentence or two."""
    if log is None:
        return (
            "This network has no log of releases, so nothing can be compared: netproof release log NET init."
        )
    origin, problem = log["origin"], log["problem"]
    if problem:
        return f"The log {origin} shows nothing: {problem.rstrip('.')}."
    size = f"{number(log['size'])} {plural('entry', log['size'])}"
    holds = ", ".join(
        f"{number(log[key])} {plural(key[:-1], log[key])}" for key in ("releases", "withdrawals", "rebuilds")
    )
    if not log["quorum"]:
        return (
            f"The log {origin} has {size} ({holds}); no quorum of witnesses cosigned it: it proves no time."
        )
    names = ", ".join(log["witnesses"]) or "its witnesses"
    return f"The log {origin} has {size} ({holds}), cosigned by {names} by {moment(log['checkpoint_at'])}."


def where(component: Mapping[str, Any]) -> str:
    """What a component is, after its id: function, zone, whether it is critical."""
    parts = [component["function"], component["zone"], "critical" if component["critical"] else None]
    return ", ".join(part for part in parts if part)


def place(row: Mapping[str, Any]) -> str:
    """Where something stands: `query.json:3`; the file alone where it is about all of it."""
    return f"{row['file']}:{row['line']}" if row["line"] else str(row["file"])


def critical_first(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Components of each status in their order, those first that a critical function needs."""
    return sorted(components, key=lambda row: (STATUS.index(row["status"]), not row["critical"]))


def digest(sha256: str | None) -> str:
    """The beginning of a digest, which is enough to find it; nothing where there is none."""
    return sha256[:16] if sha256 else ""


def reasons(channel: Mapping[str, Any]) -> str:
    """Why an update channel is a finding."""
    return "; ".join(channel["reasons"]) or "nothing is known of it"


def left(total: int, shown: int) -> str:
    """How many are not listed: `and 12 more`; empty where all are."""
    return f"and {number(total - shown)} more" if total > shown else ""


def found(model: Model) -> list[str]:
    """Names of the further findings that there are, in their order.

    Where there is no log, that nothing is in it is said once and not of every component.
    """
    hidden = {"signed_not_logged"} if model["log"] is None else set()
    return [key for key in FINDING if model["findings"][key]["components"] and key not in hidden]


def advice(model: Model) -> list[str]:
    """What to do next, the most urgent first."""
    counts = model["components"]["counts"]
    steps = []
    if model["log"] is None:
        steps.append(
            "Begin a log: `netproof release log NET init`, then `netproof release add NET --from-table`."
        )
    elif model["log"]["problem"]:
        steps.append(
            "See to the log before all else: what keeps it from showing anything is told above; `netproof "
            "release log NET fsck` tells whether it is damaged."
        )
    elif not model["log"]["quorum"]:
        steps.append(
            "Let witnesses cosign the log, so that it proves when an entry was in it: name them in "
            "NET/releases/policy, then `netproof release log NET checkpoint` asks them."
        )
    if model["log"] is None or model["log"]["problem"]:
        return steps
    steps += [NEXT[key] for key in STATUS if key in NEXT and counts.get(key)]
    steps += [ADVICE[key] for key in found(model)]
    if model["channels"]["findings"]:
        steps.append("Let updates end at a place of your own, opened for each update and recorded.")
    if model["observations"]["left_out"]["total"]:
        steps.append("Give the names that mean no component, or several, one: `--identify FILE`.")
    return steps
