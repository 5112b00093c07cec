from __future__ import annotations

import pytest

from netproof.errors import TableError
from netproof.tables.spec import ColumnType, all_specs, read_spec


def test_every_table_of_the_design_is_specified() -> None:
    designed = {
        "site", "component", "link", "dependency", "service", "homing", "flow", "channel", "supplier",
        "supplier_alias", "supplier_factor", "product", "release", "declaration", "commitment", "certificate",
        "restriction", "observation", "person", "qualification", "work", "monitor", "same_as",
    }  # fmt: skip

    assert designed <= all_specs().keys()


def test_every_reference_names_a_table_whose_first_key_it_can_be() -> None:
    specs = all_specs()
    dangling = [
        (spec.name, column.name, target)
        for spec in specs.values()
        for column in spec.columns
        for target in column.references
        if target not in specs
    ]

    assert dangling == []


def test_columns_that_are_compared_share_a_dictionary() -> None:
    specs = all_specs()

    domains = {
        specs["supplier"].column("supplier_id").domain,
        specs["component"].column("supplier_id").domain,
        specs["product"].column("supplier_id").domain,
        specs["person"].column("employer_id").domain,
        specs["sub_supplier"].column("sub_supplier_id").domain,
    }

    assert domains == {"supplier_id"}
    assert specs["product"].column("function").domain == specs["component"].column("function").domain


def test_every_column_says_what_it_means_and_every_quantity_its_unit() -> None:
    columns = [(s.name, c) for s in all_specs().values() for c in s.columns]

    assert [f"{t}.{c.name}" for t, c in columns if not c.meaning] == []
    assert [f"{t}.{c.name}" for t, c in columns if c.type is ColumnType.NUMBER and not c.unit] == []


@pytest.mark.parametrize(
    "text", ["title = ", 'title = "x"', 'title="x"\nmeaning="y"\nkind="input"\nkey=["a"]\ncolumns=[]']
)
def test_a_broken_specification_is_refused_by_name(text: str) -> None:
    with pytest.raises(TableError, match="odd"):
        read_spec("odd", text)
