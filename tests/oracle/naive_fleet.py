"""The verdict on each component, told row by row in plain Python: the slow twin of image_status."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]
WORST = ["withdrawn", "unknown", "differs", "late", "no_evidence", "logged"]
REBUILDS = ["different", "same_after_normalising", "identical"]


def verdicts(tables: Tables, as_of: date) -> dict[str, Row]:
    """Return what image_status says of each component, without its reasons."""
    end = datetime.combine(as_of, time()) + timedelta(days=1)
    seen = [
        row
        for row in tables.get("observation", [])
        if row["slot"] in ("image", "firmware") and row["observed_at"] < end
    ]
    found = {}
    for component in tables.get("component", []):
        if not _in_use(component, as_of):
            continue
        own = [row for row in seen if row["component_id"] == component["component_id"]]
        if not own and not _has_software(component, tables):
            continue
        latest = _latest(own) or [{"slot": None, "version": None, "sha256": None, "observed_at": None}]
        told = [_worded(component, row, own, seen, tables, as_of) for row in latest]
        worst = min(told, key=_order)
        found[component["component_id"]] = {**worst, **_of_either(told)}
    return found


def _of_either(told: list[Row]) -> Row:
    """What was found of image or firmware."""
    compared = [row["compared_differs"] for row in told if row["compared_differs"] is not None]
    results = {row["rebuild"] for row in told}
    return {
        "signed_not_logged": any(row["signed_not_logged"] for row in told),
        "fleet_differs": any(row["fleet_differs"] for row in told),
        "compared_differs": any(compared) if compared else None,
        "rebuild": next((result for result in REBUILDS if result in results), None),
    }


def _in_use(component: Row, as_of: date) -> bool:
    first, retired = component["first_used_on"], component["retired_on"]
    return (first is None or first <= as_of) and (retired is None or retired > as_of)


def _has_software(component: Row, tables: Tables) -> bool:
    """Whether a version is recorded, or its product has releases."""
    product = component["product_id"]
    released = [one["product_id"] for name in ("release", "logged_release") for one in tables[name]]
    return component["version"] is not None or (product is not None and product in released)


def _latest(own: list[Row]) -> list[Row]:
    """What was seen last in each slot with a digest; where none was, without."""
    found = []
    for slot in ("image", "firmware"):
        here = [row for row in own if row["slot"] == slot]
        pool = [row for row in here if row["sha256"] is not None] or here
        found += [row for row in pool if row["observed_at"] == max(o["observed_at"] for o in pool)]
    return found


def _worded(component: Row, row: Row, own: list[Row], seen: list[Row], tables: Tables, as_of: date) -> Row:
    """The verdict on a slot, made worse by what was said of it without a digest."""
    told = _verdict(component, row, own, seen, tables, as_of)
    here = [one for one in own if one["slot"] == row["slot"] and one["sha256"] is None]
    said: list[tuple[Any, datetime | None]] = [
        (one["version"], one["observed_at"])
        for one in here
        if row["sha256"] is None or one["observed_at"] > row["observed_at"]
    ]
    if here and all(one["sha256"] is None for one in own):
        said.append((component["version"], None))
    entry, _ = _entry(row["sha256"], component["product_id"], told["version"], tables["logged_release"])
    logged = entry["version"] if entry else None
    others = [(version, at) for version, at in said if version not in (None, told["version"], logged)]
    state = tables["log_state"]
    readable = bool(state) and state[0]["problem"] is None
    bad = [
        one["version"]
        for one in tables["logged_withdrawal"]
        if readable and one["part"] is None and one["product_id"] == component["product_id"]
    ]
    withdrawn = [one for one in others if one[0] in bad]
    counting = withdrawn or (others if row["sha256"] is not None else [])
    newest = max((at for _, at in counting if at is not None), default=None)
    version = min((version for version, at in counting if at == newest), default=None)
    status = told["status"]
    if withdrawn:
        status = "withdrawn"
    elif counting and status == "logged":
        status = "no_evidence"
    return {**told, "status": status, "said_version": version, "said_at": newest}


def _order(told: Row) -> tuple[int, bool]:
    """The worst first, then image before firmware."""
    return WORST.index(told["status"]), told["slot"] != "image"


def _verdict(component: Row, row: Row, own: list[Row], seen: list[Row], tables: Tables, as_of: date) -> Row:
    product = component["product_id"]
    version = row["version"] if row["version"] is not None else component["version"]
    digest = row["sha256"]
    entry, nearness = _entry(digest, product, version, tables["logged_release"])
    claimed = [
        one
        for one in tables["logged_release"]
        if nearness != 0 and digest is not None and version is not None
        and (one["product_id"], one["version"]) == (product, version)
    ]  # fmt: skip
    ran = [one["observed_at"] for one in seen if digest is not None and one["sha256"] == digest]
    return {
        "slot": row["slot"],
        "product_id": product,
        "version": version,
        "sha256": digest,
        "observed_at": row["observed_at"],
        "entry_index": entry["entry_index"] if entry else None,
        "logged_at": entry["logged_at"] if entry else None,
        "status": _status(row, product, version, digest, entry, nearness, claimed, ran, tables),
        "signed_not_logged": bool(
            digest and entry is None and any(one["sha256"] == digest for one in tables["release"])
        ),
        "fleet_differs": _fleet_differs(row, product, version, digest, nearness, tables, as_of),
        "compared_differs": _compared(digest, product, version, entry, nearness, tables),
        "rebuild": _rebuild(digest, tables),
        **_change(row, own, tables),
    }


def _entry(digest: Any, product: Any, version: Any, logged: list[Row]) -> tuple[Row | None, int | None]:
    """The entry of a digest that is nearest to what the component is: its release, its product, any."""

    def near(one: Row) -> int:
        if product is not None and one["product_id"] != product:
            return 2
        return int(version is not None and one["version"] != version)

    found = [one for one in logged if digest is not None and one["sha256"] == digest]
    best = min(found, key=lambda one: (near(one), one["entry_index"]), default=None)
    return best, near(best) if best else None


def _status(  # noqa: PLR0913, PLR0917
    row: Row, product: Any, version: Any, digest: Any, entry: Row | None, nearness: int | None,
    claimed: list[Row], ran: list[datetime], tables: Tables,
) -> str:  # fmt: skip
    state = tables["log_state"]
    if not state or state[0]["problem"] is not None:
        return "no_evidence"
    names = {(product, version)} | ({(entry["product_id"], entry["version"])} if entry else set())
    for one in tables["logged_withdrawal"]:
        whole = one["part"] is None and (one["product_id"], one["version"]) in names
        if whole or (digest is not None and one["sha256"] == digest):
            return "withdrawn"
    if digest is None:
        return "no_evidence"
    if entry is None:
        return "unknown"
    if claimed or (nearness == 2 and row["slot"] == "image"):
        return "differs"
    if entry["logged_at"] is None:
        return "no_evidence"
    return "late" if entry["logged_at"] > min(ran) else "logged"


def _fleet_differs(  # noqa: PLR0913, PLR0917
    row: Row, product: Any, version: Any, digest: Any, nearness: int | None, tables: Tables, as_of: date
) -> bool:
    """Whether other bytes run elsewhere as the same release, and the log does not say that these are right."""
    if digest is None or product is None or version is None:
        return False
    others = {digest}
    end = datetime.combine(as_of, time()) + timedelta(days=1)
    for component in tables["component"]:
        if component["product_id"] != product or not _in_use(component, as_of):
            continue
        own = [
            one
            for one in tables["observation"]
            if one["component_id"] == component["component_id"]
            and one["slot"] in ("image", "firmware")
            and one["observed_at"] < end
        ]
        for one in _latest(own):
            runs = one["version"] if one["version"] is not None else component["version"]
            if one["slot"] == row["slot"] and runs == version and one["sha256"] is not None:
                others.add(one["sha256"])
    if len(others) == 1:
        return False
    named = [_entry(one, product, version, tables["logged_release"]) for one in others]
    parts = [entry["part"] for entry, near in named if entry and near == 0]
    return nearness != 0 or len(set(parts)) < len(parts)


def _compared(
    digest: Any, product: Any, version: Any, entry: Row | None, nearness: int | None, tables: Tables
) -> bool | None:
    """Whether another log has the release, and not with this digest; None: no log has it."""
    if digest is None or product is None or version is None:
        return None
    logs: dict[str, set[Any]] = {}
    for one in tables["compared_release"]:
        same_part = nearness != 0 or (entry or {})["part"] == one["part"]
        if (one["product_id"], one["version"]) == (product, version) and same_part:
            logs.setdefault(one["log"], set()).add(one["sha256"])
    return any(digest not in digests for digests in logs.values()) if logs else None


def _rebuild(digest: Any, tables: Tables) -> str | None:
    results = {one["result"] for one in tables["logged_rebuild"] if digest and one["sha256"] == digest}
    return next((result for result in REBUILDS if result in results), None)


def _change(row: Row, own: list[Row], tables: Tables) -> Row:
    """When it was first seen to run this; the last change of digests or of words, the one without work first."""
    none = {"first_seen_at": None, "changed_after": None, "changed_at": None, "change_recorded": None}
    if row["slot"] is None:
        return none
    here = [one for one in own if one["slot"] == row["slot"]]
    if row["sha256"] is not None:
        same = [one for one in here if one["sha256"] == row["sha256"]]
    else:
        same = [one for one in here if one["sha256"] is None and one["version"] == row["version"]]
    first = min(one["observed_at"] for one in same)
    changes = [
        change
        for shown in ([one for one in here if one["sha256"] is not None], here)
        if (change := _last_change(shown, tables)) is not None
    ]
    if not changes:
        return {**none, "first_seen_at": first}
    worst = [change for change in changes if not change["change_recorded"]] or changes
    newest = max(change["changed_at"] for change in worst)
    return {
        "first_seen_at": first, **next(change for change in worst if change["changed_at"] == newest)
    }  # fmt: skip


def _last_change(shown: list[Row], tables: Tables) -> Row | None:
    """The last change among some observations of a slot, with whether work on it is recorded."""
    row = max(shown, key=lambda one: one["observed_at"], default=None)
    if row is None:
        return None

    def other(one: Row) -> bool:
        if one["sha256"] is not None and row["sha256"] is not None:
            return bool(one["sha256"] != row["sha256"])
        return None not in (one["version"], row["version"]) and bool(one["version"] != row["version"])

    before = [one["observed_at"] for one in shown if other(one)]
    if not before:
        return None
    after = max(before)
    since = min(one["observed_at"] for one in shown if one["observed_at"] > after)
    days = [
        one["done_at"].date() for one in tables["work"] if one["component_id"] == row["component_id"]
        and one["done_at"] is not None
    ]  # fmt: skip
    recorded = any(after.date() <= day <= since.date() for day in days)
    return {"changed_after": after, "changed_at": since, "change_recorded": recorded}
