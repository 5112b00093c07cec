"""Supplier shares: bars fill their width, each supplier keeps its letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netproof.report import shares
from tests.unit.report import sample

SHARE = st.fixed_dictionaries(
    {
        "dimension": st.sampled_from(["function", "region"]),
        "value": st.sampled_from(["AMF", "UPF", "09162", None]),
        "supplier_id": st.sampled_from(["S1", "S2", "S3", None]),
        "components": st.integers(1, 99),
    }
)


def rows(drawn: list[dict[str, object]]) -> list[dict[str, object]]:
    """Rows as the model has them: one for each value and supplier, with the total of the value."""
    unique = {(row["dimension"], row["value"], row["supplier_id"]): row for row in drawn}
    whole: dict[object, int] = {}
    for (dimension, value, _), row in unique.items():
        assert isinstance(row["components"], int)
        whole[dimension, value] = whole.get((dimension, value), 0) + row["components"]
    return [
        row | {"total": whole[row["dimension"], row["value"]], "supplier_name": row["supplier_id"]}
        for row in unique.values()
    ]


@given(st.lists(SHARE, max_size=30))
def test_segments_of_a_bar_follow_each_other_and_fill_it(drawn: list[dict[str, object]]) -> None:
    for chart in shares.charts(rows(drawn)):
        for bar in chart.bars:
            end = 0.0
            for segment in bar.segments:
                assert segment.start == pytest.approx(end)
                end += segment.share
            assert end == pytest.approx(1)


@given(st.lists(SHARE, max_size=30))
def test_row_order_changes_nothing(drawn: list[dict[str, object]]) -> None:
    assert shares.charts(rows(drawn)) == shares.charts(rows(drawn)[::-1])


def test_a_supplier_keeps_its_letter_and_look_in_all_charts() -> None:
    looks = {
        (segment.supplier.supplier_id, segment.supplier.letter, segment.supplier.look)
        for chart in shares.charts(sample.model()["details"]["shares"])
        for bar in chart.bars
        for segment in bar.segments
    }

    assert looks == {("S-ALD", "A", 0), ("S-BRK", "B", 1), ("S-CLV", "C", 2), ("S-DRO", "D", 3)}


def test_thirty_suppliers_keep_letters_of_their_own() -> None:
    many: list[dict[str, object]] = [
        {"dimension": "function", "value": "AMF", "supplier_id": f"S{n}", "components": 1} for n in range(30)
    ]

    (chart,) = shares.charts(rows(many))

    assert len({supplier.letter for supplier in chart.suppliers}) == 30
    assert max(supplier.look for supplier in chart.suppliers) == shares.COLOURS


def test_the_most_concentrated_come_first_and_the_rest_is_counted() -> None:
    many: list[dict[str, object]] = []
    for n in range(600):
        many.append({"dimension": "region", "value": f"{n:05d}", "supplier_id": "S1", "components": n + 1})
        many.append({"dimension": "region", "value": f"{n:05d}", "supplier_id": "S2", "components": 1})

    (chart,) = shares.charts(rows(many))

    assert (len(chart.bars), len(chart.rows), chart.count) == (shares.BARS_MAX, shares.ROWS_MAX, 600)
    assert chart.bars[0].value == "00599"


@pytest.mark.parametrize(
    ("share", "want"), [(0.0, "0 %"), (0.004, "<1 %"), (0.5, "50 %"), (0.999, ">99 %"), (1.0, "100 %")]
)
def test_a_share_is_never_rounded_to_nothing_or_to_all(share: float, want: str) -> None:
    assert shares.percent(share) == want
