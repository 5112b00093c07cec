from __future__ import annotations

import pytest

from netproof.tables.lineage import lineage_of
from netproof.tables.tree import tables_needed, tables_read


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("select 1", set()),
        ("select * from a", {"a"}),
        ("select * from a join b using (x)", {"a", "b"}),
        ("select * from a left join b using (x) where exists (select 1 from c)", {"a"}),
        ("select * from a right join b using (x)", {"b"}),
        ("select * from a full join b using (x)", set()),
        ("select * from a where x not in (select x from b)", {"a"}),
        ("select * from (select * from a) as s, b", {"a", "b"}),
        ("with s as (select * from a left join b using (x)) select * from s", {"a"}),
        ("select x from a union all select x from b", set()),
        ("select x from a join b using (x) union select x from a", {"a"}),
        ("with recursive r as (select x from a union all select x from r) select * from r", set()),
        ("selec", set()),
    ],
)
def test_only_tables_without_whose_rows_there_is_none_are_needed(text: str, needed: set[str]) -> None:
    assert tables_needed(text, {}) == needed


def test_lineage_goes_through_derived_tables() -> None:
    lineage = lineage_of(
        {
            "first": "select * from a left join b using (x)",
            "second": "select * from first join c using (x)",
            "third": "select x from first union all select x from second",
        }
    )

    assert lineage.read(["second", "d"]) == {"a", "b", "c", "d"}
    assert lineage.needed("select * from second left join d using (x)") == {"a", "c"}
    assert lineage.needs["third"] == {"a"}


def test_tables_of_a_with_are_its_own() -> None:
    assert tables_read("with s as (select * from a) select * from s join b using (x)") == {"a", "b"}
