"""The shipped restrictions: sound rows with dates and sources, asked for by name, judged by neutral checks."""

from __future__ import annotations

import csv
import re
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from netproof.catalogue.check import Family
from netproof.catalogue.loader import shipped_checks
from netproof.catalogue.restrictions import MEMBERS, restriction_ids, restriction_set, wanted
from netproof.checks.neutral import PROTECTED
from netproof.cli.main import app
from netproof.errors import CatalogueError
from netproof.sources import brings
from netproof.tables.load import load
from netproof.tables.rows import stage_rows
from netproof.tables.spec import ColumnType, all_specs
from netproof.tables.store import Store
from tests.assessing import assessed, findings
from tests.networks import write_network

SPEC = all_specs()["restriction"]
BINDING = {"in_force", "contract"}
ZONES = {"core", "management", "transport", "access"}
RES = sorted(check.id for check in shipped_checks().values() if check.verdict is Family.RESTRICTED)


def shipped(name: str) -> list[dict[str, str]]:
    """The rows of a set, by column."""
    table = restriction_set(name)
    return [dict(zip(table.header, row, strict=True)) for row in table.rows]


def all_shipped() -> list[dict[str, str]]:
    """The rows of all sets."""
    return [row for name in restriction_ids() for row in shipped(name)]


@pytest.mark.parametrize("name", restriction_ids())
def test_every_value_of_a_shipped_set_can_be_read(name: str) -> None:
    table = restriction_set(name)
    store = Store.empty(threads=1)

    load(store, [stage_rows(store, table.table, table.header, table.rows, file=table.file)])

    assert store.rows("select line, column_name, got from import_issue") == []
    assert store.value("select count(*) from restriction") == len(table.rows) > 0


@pytest.mark.parametrize("row", all_shipped(), ids=lambda row: row["restriction_id"])
def test_a_shipped_row_says_who_where_when_and_by_what_source(row: dict[str, str]) -> None:
    needed = ("regime", "jurisdiction", "legal_status", "effect", "effective_on", "source", "tag")
    selectors = [
        c for c in ("supplier_name", "supplier_pen", "supplier_lei", "country", "country_not") if row.get(c)
    ]
    zones, functions = row["zone"].split(";"), row["function"].split(";")

    assert [name for name in needed if not row[name]] == []
    assert date.fromisoformat(row["effective_on"]) > date(2019, 1, 1)
    assert selectors, "a shipped row cannot know an operator's own supplier_id, and must not select everybody"
    assert set(zones) <= {"", *ZONES}
    assert set(functions) <= {"", *all_specs()["component"].column("function").vocabulary}
    assert re.fullmatch(r"[A-Z]{2}", row["jurisdiction"])
    assert (row["effect"] == "cap") == bool(row["share_max"])
    assert row["tag"] != "M" or "from memory" in row["source"], "what is remembered says so"
    assert row["tag"] != "D" or "assumed" in row["source"], "what is assumed says so"


def test_no_two_shipped_rows_have_one_id_and_each_bears_the_name_of_its_set() -> None:
    names = [row["restriction_id"] for row in all_shipped()]

    assert len(set(names)) == len(names)
    for name in restriction_ids():
        assert all(row["restriction_id"].startswith(f"{name}:") for row in shipped(name))


def test_the_sets_that_the_books_name_are_there_with_their_force() -> None:
    got = {name: {row["legal_status"] for row in shipped(name)} for name in restriction_ids()}

    assert got == {
        "de-contracts-2024": {"contract"},
        "de-plan-2023": {"what_if"},
        "eu-csa2-proposal": {"proposal"},
        "it-golden-power": {"in_force"},
        "uk-advice-2020": {"what_if"},
        "uk-direction-2022": {"in_force", "draft"},
        "us-covered-list": {"in_force"},
        "us-ndaa-889-a": {"in_force"},
        "us-ndaa-889-b": {"in_force"},
    }


def test_dates_and_shares_are_those_of_the_facts() -> None:
    days = {
        name: {(row["effect"], row["share_max"], row["effective_on"]) for row in shipped(name)}
        for name in ("de-contracts-2024", "de-plan-2023", "uk-direction-2022")
    }

    assert days["de-contracts-2024"] == {("ban", "", "2026-12-31"), ("ban", "", "2029-12-31")}
    assert {("ban", "", "2026-01-01"), ("cap", "0.25", "2026-10-01")} <= days["de-plan-2023"]
    assert days["uk-direction-2022"] == {
        ("bar_new", "", "2022-10-13"),
        ("ban", "", "2023-01-28"),
        ("cap", "0.35", "2023-07-31"),
        ("cap", "0.35", "2023-10-31"),
        ("ban", "", "2023-12-31"),
        ("ban", "", "2025-12-31"),
        ("ban", "", "2027-12-31"),
    }
    assert len({row["effective_on"] for row in shipped("eu-csa2-proposal")}) == 3


def test_the_us_list_bars_new_models_only() -> None:
    assert {row["effect"] for row in shipped("us-covered-list")} == {"bar_new_model"}


def test_italy_excludes_every_member_of_the_eu_and_nobody_else() -> None:
    (row,) = shipped("it-golden-power")

    assert set(row["country_not"].split(";")) == set(MEMBERS)
    assert len(MEMBERS) == 27


def test_an_unknown_set_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(CatalogueError, match="'de-contract-2024'") as caught:
        wanted(["de-contract-2024"], [])

    assert caught.value.hint == "did you mean de-contracts-2024?"


def test_a_catalogue_of_the_same_name_brings_its_set_once() -> None:
    assert wanted([], ["de-tkg-2.0"]) == ()
    assert wanted([], ["de-tkg-2.0", "de-contracts-2024"]) == ("de-contracts-2024",)
    assert wanted(["de-contracts-2024"], ["de-contracts-2024"]) == ("de-contracts-2024",)


# The worked example of docs/guides/restrictions.md.
EXAMPLE = {
    "supplier": "supplier_id,name,country,parent_id\n"
    "v7,Regional Dealer GmbH,DE,\nv8,Another Maker AB,SE,\nv9,Fictional Branch Deutschland GmbH,DE,v7\n",
    "supplier_alias": "alias,kind,supplier_id\nHUAWEI TECHNOLOGIES CO. LTD,name,v7\n",
    "site": "site_id,kind,region\nA,core_dc,11000\n",
    "component": "component_id,site_id,function,zone,supplier_id,first_used_on\n"
    "AMF-1,A,AMF,core,v7,2021-05-01\n"
    "AMF-2,A,AMF,core,v8,2021-05-01\n"
    "PSU-1,A,FACILITY,core,v7,2021-05-01\n"
    "EMS-1,A,RAN_MGMT,management,v9,2021-05-01\n"
    "GNB-1,A,GNB,access,v7,2021-05-01\n",
}


def example(folder: Path, settings: str = "", **more: str) -> Path:
    """Write the example."""
    tables: dict[str, str | bytes] = {**EXAMPLE, **more}
    return write_network(folder / "net", tables, settings=settings)


def found(told: dict[str, Any]) -> dict[tuple[str, str], str]:
    """What the checks of restrictions found: outcome by check and subject."""
    return {(check, name): outcome for check, name, outcome in findings(told) if check in RES}


def reasons(told: dict[str, Any]) -> dict[tuple[str, str], str]:
    """Why."""
    return {(c["id"], f["subject_id"]): f["reason"] for c in told["checks"] for f in c["findings"]}


CORE, MANAGEMENT = "de-contracts-2024:core-huawei", "de-contracts-2024:management-huawei"


@pytest.mark.parametrize(
    ("day", "want"),
    [
        (date(2026, 11, 1), {("RES-006", CORE): "needs_review"}),
        (date(2026, 12, 31), {("RES-001", "AMF-1"): "fail"}),
        (date(2027, 12, 31), {("RES-001", "AMF-1"): "fail"}),
        (date(2029, 11, 1), {("RES-001", "AMF-1"): "fail", ("RES-006", MANAGEMENT): "needs_review"}),
        (date(2029, 12, 31), {("RES-001", "AMF-1"): "fail", ("RES-001", "EMS-1"): "fail"}),
    ],
    ids=str,
)
def test_the_contracts_on_their_days_by_an_alias_and_by_control(
    tmp_path: Path, day: date, want: dict[tuple[str, str], str]
) -> None:
    folder = example(tmp_path, 'country = "DE"\nrestrictions = ["de-contracts-2024"]\n')

    assert found(assessed(folder, day)) == want


def test_a_verdict_names_regime_date_and_source(tmp_path: Path) -> None:
    folder = example(tmp_path, 'country = "DE"\nrestrictions = ["de-contracts-2024"]\n')

    reason = reasons(assessed(folder, date(2026, 12, 31)))["RES-001", "AMF-1"]

    assert "banned since 2026-12-31 by de-contracts-2024:core-huawei (Public-law contracts" in reason
    assert "; source: https://5g.nrw/" in reason


def test_what_is_only_planned_or_holds_elsewhere_never_fails(tmp_path: Path) -> None:
    sets = sorted(set(restriction_ids()) - {"de-contracts-2024"})
    folder = example(tmp_path, f'country = "DE"\nrestrictions = {sets}\n'.replace("'", '"'))

    got = found(assessed(folder, date(2031, 12, 31)))

    assert {outcome for (check, _), outcome in got.items() if check != "RES-005"} <= set()
    assert {outcome for (check, _), outcome in got.items() if check == "RES-005"} == {"needs_review"}
    assert ("RES-005", "uk-direction-2022:core") in got
    assert ("RES-005", "eu-csa2-proposal:from-list-huawei") in got


def test_the_direction_binds_where_it_holds(tmp_path: Path) -> None:
    folder = example(tmp_path, 'country = "GB"\nrestrictions = ["uk-direction-2022"]\n')

    got = found(assessed(folder, date(2026, 11, 1)))

    assert got["RES-001", "AMF-1"] == "fail"
    assert got["RES-001", "GNB-1"] == "no_evidence", (
        "whether its site is of national significance is not recorded"
    )
    assert got["RES-002", "uk-direction-2022:5g-access-cap"] == "fail"
    assert ("RES-005", "uk-direction-2022:core") not in got


def test_a_law_of_the_eu_is_at_home_in_its_members(tmp_path: Path) -> None:
    own = "restriction_id,jurisdiction,legal_status,supplier_id,effect,effective_on\nB1,{},in_force,v8,ban,2026-01-01\n"
    at = date(2026, 11, 1)

    got = {
        (where, code): found(
            assessed(
                example(tmp_path / where / code, f'country = "{where}"\n', restriction=own.format(code)), at
            )
        )
        for where, code in (("DE", "EU"), ("DE", "de"), ("DE", "US"), ("CH", "EU"))
    }

    assert got["DE", "EU"] == got["DE", "de"] == {("RES-001", "AMF-2"): "fail"}
    assert got["DE", "US"] == got["CH", "EU"] == {("RES-005", "B1"): "needs_review"}


def test_a_jurisdiction_that_is_no_code_binds_and_is_told(tmp_path: Path) -> None:
    own = "restriction_id,jurisdiction,legal_status,supplier_id,effect,effective_on\nB1,{},in_force,v8,ban,2026-01-01\n"
    told = {
        code: assessed(example(tmp_path / code, 'country = "GB"\n', restriction=own.format(code)), date(2026, 11, 1))
        for code in ("United Kingdom", "UK", "GB", "EU")
    }  # fmt: skip

    got = {code: sorted(found(model)) for code, model in told.items()}
    assert got["United Kingdom"] == got["UK"] == got["GB"] == [("RES-001", "AMF-2")]
    assert got["EU"] == [("RES-005", "B1")]
    assert {code: model["data_issues"]["by_kind"] for code, model in told.items() if code != "EU"} == {
        "United Kingdom": {"unknown_word": 1}, "UK": {}, "GB": {},
    }  # fmt: skip


def test_a_restriction_of_ones_own_is_a_header_and_a_row(tmp_path: Path) -> None:
    own = "restriction_id,legal_status,supplier_name,effect,effective_on\nB1,in_force,another maker,ban,2026-01-01\n"
    folder = example(tmp_path, restriction=own)

    told = assessed(folder, date(2026, 11, 1))

    assert found(told) == {("RES-001", "AMF-2"): "fail"}
    assert (told["import_issues"]["total"], told["data_issues"]["total"]) == (0, 0)
    assert [check["id"] for check in told["checks"] if check["id"] in RES] == RES


def test_ones_own_rows_count_beside_shipped_sets(tmp_path: Path) -> None:
    own = "restriction_id,legal_status,supplier_name,effect,effective_on\nB1,in_force,another maker,ban,2026-01-01\n"
    folder = example(tmp_path, 'restrictions = ["de-contracts-2024"]\n', restriction=own)

    got = found(assessed(folder, date(2026, 12, 31)))

    assert got == {("RES-001", "AMF-1"): "fail", ("RES-001", "AMF-2"): "fail"}


def test_nobody_is_under_a_set_that_nobody_named(tmp_path: Path) -> None:
    told = assessed(example(tmp_path), date(2030, 1, 1))

    assert [table["given"] for table in told["details"]["tables"] if table["name"] == "restriction"] == [
        False
    ]


def test_sets_named_on_the_command_line_take_the_place_of_those_in_the_folder(tmp_path: Path) -> None:
    folder = example(tmp_path, 'country = "DE"\nrestrictions = ["de-contracts-2024"]\n')
    command = ["check", str(folder), "--as-of", "2031-12-31", "--format", "json"]
    sets = ["--restriction", "eu-csa2-proposal", "--restriction", "it-golden-power"]

    done = CliRunner().invoke(app, [*command, *sets])

    assert '"RES-005"' in done.stdout
    assert "eu-csa2-proposal:from-designation-huawei" in done.stdout
    assert "de-contracts-2024:" not in done.stdout


def test_the_readme_names_every_set_and_the_guide_too() -> None:
    readme = (resources.files("netproof.catalogue") / "restrictions" / "README.md").read_text("utf-8")
    guide = (Path(__file__).parents[2] / "docs" / "guides" / "restrictions.md").read_text("utf-8")

    for name in restriction_ids():
        assert f"`{name}`" in readme
        assert f"`{name}`" in guide


def test_the_three_lines_in_the_guide_work(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guides" / "restrictions.md").read_text("utf-8")
    (block,) = re.findall(r"```csv\n(restriction_id,.*?)```", guide, re.DOTALL)
    rows = list(csv.DictReader(block.splitlines()))
    folder = example(tmp_path, restriction=block)

    told = assessed(folder, date(2026, 11, 1))

    assert len(block.splitlines()) <= 3
    assert set(rows[0]) <= set(SPEC.names)
    assert found(told)["RES-001", "AMF-2"] == "fail"
    assert told["import_issues"]["total"] == 0


def test_selecting_columns_are_protected_from_literals_in_rules() -> None:
    naming = {c.name for c in SPEC.columns if c.name.startswith(("supplier", "country"))}

    assert naming <= PROTECTED["restriction"]
    assert all(c.type is not ColumnType.VOCABULARY for c in SPEC.columns if c.name in naming)


def test_a_database_that_brings_restrictions_is_asked_all_of_them(tmp_path: Path) -> None:
    path = tmp_path / "net.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute(
            "create table restriction as select 'B1' as restriction_id, 'in_force' as legal_status, "
            "'S1' as supplier_id, 'ban' as effect, date '2026-01-01' as effective_on"
        )
        connection.execute("create table component as select 'C1' as component_id, 'S1' as supplier_id")

    told = assessed(path, date(2026, 11, 1))

    assert brings(path, "restriction")
    assert not brings(path, "supplier")
    assert found(told) == {("RES-001", "C1"): "fail"}
    assert [check["id"] for check in told["checks"] if check["id"] in RES] == RES


def test_a_folder_that_names_no_known_set_is_refused(tmp_path: Path) -> None:
    folder = example(tmp_path, 'restrictions = ["uk-direction-2021"]\n')

    with pytest.raises(CatalogueError, match="'uk-direction-2021'"):
        assessed(folder, date(2026, 11, 1))
