"""Laws of the verdicts on a fleet: more knowledge of bad things never makes anything look better."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.fleets import Drawing, Tables, fleet, fleet_store, statuses, told

if TYPE_CHECKING:
    from collections.abc import Mapping

WORST = ["withdrawn", "unknown", "differs", "late", "no_evidence", "logged"]
SEEDS = range(60)
FLEETS = [fleet(seed) for seed in SEEDS]


def _better(now: Mapping[str, str], before: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Components that look better than before."""
    return {
        component: (before[component], now[component])
        for component in before
        if WORST.index(now[component]) > WORST.index(before[component])
    }


def test_the_order_of_rows_does_not_matter() -> None:
    draw = random.Random(1)  # noqa: S311 - repeatable, nothing secret
    shuffled = [{name: draw.sample(rows, len(rows)) for name, rows in tables.items()} for tables in FLEETS]
    columns = ("status", "sha256", "slot", "entry_index", "fleet_differs", "changed_at", "rebuild")

    assert told(shuffled, columns) == told(FLEETS, columns)


def test_a_withdrawal_never_makes_anything_look_better() -> None:
    more: list[Tables] = []
    for seed, tables in zip(SEEDS, FLEETS, strict=True):
        added = {**Drawing(seed).entry(90), "reason": "it leaks"}
        more.append({**tables, "logged_withdrawal": [*tables["logged_withdrawal"], added]})

    now, before = statuses(more), statuses(FLEETS)

    assert _better(now, before) == {}
    assert sum(now[component] != before[component] for component in before) > 10


def test_an_older_observation_never_makes_anything_look_better() -> None:
    more: list[Tables] = []
    for seed, tables in zip(SEEDS, FLEETS, strict=True):
        drawing = Drawing(seed + 1000)
        seen = [row for row in tables["observation"] if row["slot"] in ("image", "firmware")]
        older = [
            {**row, "observed_at": drawing.moment(-20, -11), "sha256": drawing.draw.choice(seen)["sha256"]}
            for row in seen
        ]
        more.append({**tables, "observation": [*tables["observation"], *older]})

    now, before = statuses(more), statuses(FLEETS)

    assert _better(now, before) == {}
    assert "late" in {now[component] for component in before if before[component] == "logged"}


def test_a_word_without_a_digest_never_makes_anything_look_better() -> None:
    more: list[Tables] = []
    for seed, tables in zip(SEEDS, FLEETS, strict=True):
        drawing = Drawing(seed + 2000)
        taken = {(row["component_id"], row["observed_at"], row["slot"]) for row in tables["observation"]}
        words = [
            {
                "component_id": component["component_id"],
                "observed_at": drawing.moment(),
                "version": drawing.draw.choice(["1", "2", None]),
                "sha256": None,
                "slot": drawing.draw.choice(["image", "firmware", "config", None]),
            }
            for component in tables["component"]
            if component["product_id"] is not None or component["version"] is not None
            for _ in range(3)
        ]
        new = {(row["component_id"], row["observed_at"], row["slot"]): row for row in words}
        added = [row for key, row in new.items() if key not in taken]
        more.append({**tables, "observation": [*tables["observation"], *added]})

    now, before = statuses(more), statuses(FLEETS)

    assert _better(now, before) == {}
    assert sum(now[component] != before[component] for component in before) > 5


def test_words_without_a_digest_never_take_back_what_digests_showed() -> None:
    measured = [
        {**tables, "observation": [row for row in tables["observation"] if row["sha256"] is not None]}
        for tables in FLEETS
    ]

    assert _findings(measured) <= _findings(FLEETS)


def _findings(fleets: list[Tables]) -> set[tuple[str, ...]]:
    """What else is found by digests, slot by slot."""
    store = fleet_store(fleets)
    found = set(
        store.rows(
            "select component_id, slot, finding from (unpivot (select component_id, slot, "
            "sha256 is not null and signed_not_logged as unlogged, sha256 is not null and fleet_differs as torn, "
            "coalesce(sha256 is not null and compared_differs, false) as compared, "
            "coalesce(sha256 is not null and rebuild = 'different', false) as rebuilt "
            "from software_verdict where slot is not null) on columns(* exclude (component_id, slot)) "
            "into name finding value is_so) where is_so"
        )
    )
    found |= set(
        store.rows("select component_id, slot, 'changed' from software_verdict where change_recorded = false")
    )
    store.connection.close()
    assert len({finding for _, _, finding in found}) == 5
    return found


def test_what_is_logged_is_in_the_log_not_withdrawn_and_was_proven_before_it_ran() -> None:
    rows = told(FLEETS, ("status", "sha256", "entry_index", "logged_at", "first_seen_at"))
    logged = {row["sha256"]: row for row in rows.values() if row["status"] == "logged"}
    entries = {one["entry_index"]: one for tables in FLEETS for one in tables["logged_release"]}
    withdrawn = {one["sha256"] for tables in FLEETS for one in tables["logged_withdrawal"]}

    assert len(logged) > 5
    assert withdrawn.isdisjoint(logged)
    assert all(entries[row["entry_index"]]["sha256"] == digest for digest, row in logged.items())
    assert all(row["logged_at"] <= row["first_seen_at"] for row in logged.values())


def test_without_a_log_or_with_one_that_does_not_hold_nothing_is_judged() -> None:
    torn = [{"origin": "log", "size": 0, "checkpoint_at": None, "quorum": False, "problem": "it is torn"}]

    assert set(statuses(FLEETS, []).values()) == {"no_evidence"}
    assert set(statuses(FLEETS, torn).values()) == {"no_evidence"}
