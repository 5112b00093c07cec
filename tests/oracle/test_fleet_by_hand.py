"""The query that the benchmark compares with gives the same verdicts, component by component."""

from __future__ import annotations

from benchmarks.subjects.fleet_10m import AS_OF, BY_HAND, fleet
from netproof import derived

SAME = (
    "component_id, product_id, version, sha256, observed_at, first_seen_at, entry_index, logged_at, status, "
    "change_recorded, rebuild"
)
"""What both tell; the reason of the query by hand is one sentence whatever the status."""


def test_the_benchmark_s_query_by_hand_gives_the_same_rows() -> None:
    store = fleet(components=2_000, releases=30_000)
    derived.build(store, AS_OF, only=["image_status"])

    got = store.rows(f"select {SAME} from image_status order by component_id")
    by_hand = f"select {SAME} from ({BY_HAND}) order by component_id"
    want = store.connection.execute(by_hand, {"as_of": AS_OF}).fetchall()

    assert got == want
    assert {row[8] for row in got} >= {"logged", "unknown", "late"}
    assert {row[9] for row in got} == {True, False, None}
