"""Catalogues that disagree about what is critical answer each for its own list."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from netproof.demo import write
from tests.assessing import assessed, findings
from tests.networks import write_network

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 1)
BOTH = ("de-tkg-2.0", "de-tkg-2025-draft")
NETWORK: dict[str, str | bytes] = {
    "site": "site_id,kind,region\nS1,core_dc,North\nS2,cell_site,North\nS3,core_dc,South\n",
    "supplier": "supplier_id,name,country\nA,Alpha,AA\nB,Beta,BB\n",
    "product": "product_id,supplier_id,name\nPA,A,Core\nPB,B,Radio\n",
    "component": (
        "component_id,site_id,function,zone,product_id,supplier_id,version,first_used_on\n"
        "C1,S1,AMF,core,PA,A,1.0,2025-01-01\n"
        "C2,S3,AMF,core,PA,A,1.0,2025-01-01\n"
        "G1,S2,GNB,access,PB,B,2.0,2025-01-01\n"
    ),
    "declaration": "declaration_id,supplier_id,form,signed_on,valid_to,signature\nD1,A,trustworthiness,2025-01-01,2027-01-01,valid\n",
    "dependency": (
        "from_id,to_id,kind,group_id\nC1,F1,powered_by,g\nC1,F2,powered_by,g\nC2,F3,powered_by,g\n"
        "C2,F4,powered_by,g\nG1,F5,powered_by,\n"
    ),
    "monitor": "component_id,signal,state,last_seen_at\nC1,edr,up,2026-10-31T23:00:00Z\nC2,edr,up,2026-10-31T23:00:00Z\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_network(tmp_path_factory.mktemp("concern") / "net", NETWORK)


@pytest.fixture(scope="module")
def told(network: Path) -> dict[str, Any]:
    return assessed(network, DAY, catalogues=BOTH)


def requirements(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {r["id"]: r for c in told["catalogues"] for r in c["requirements"]}


def test_each_check_runs_once(told: dict[str, Any]) -> None:
    ids = [check["id"] for check in told["checks"]]

    assert len(ids) == len(set(ids))


def test_the_checks_run_over_what_any_list_names(told: dict[str, Any]) -> None:
    got = findings(told)

    assert ("RED-002", "G1", "fail") in got
    assert ("TRUST-001", "B", "fail") in got
    assert ("MON-001", "G1", "fail") in got


def test_a_base_station_does_not_fail_the_catalogue_in_force(told: dict[str, Any]) -> None:
    asked = requirements(told)

    assert asked["A2-3"]["findings"]["fail"] < asked["D25-trust"]["findings"]["fail"]
    assert asked["A2-5"]["findings"]["fail"] < asked["D25-monitoring"]["findings"]["fail"]
    assert "further findings" in asked["A2-5"]["reason"]
    assert "reason" not in asked["D25-monitoring"]


def test_each_catalogue_answers_as_if_it_had_been_asked_alone(network: Path, told: dict[str, Any]) -> None:
    for name in BOTH:
        alone = assessed(network, DAY, catalogues=(name,))
        together = next(c for c in told["catalogues"] if c["id"] == name)
        wanted = {r["id"]: (r["outcome"], r.get("findings")) for r in alone["catalogues"][0]["requirements"]}

        assert {r["id"]: (r["outcome"], r.get("findings")) for r in together["requirements"]} == wanted


def test_the_order_of_the_catalogues_does_not_matter(network: Path, told: dict[str, Any]) -> None:
    turned = assessed(network, DAY, catalogues=BOTH[::-1])

    assert requirements(turned) == requirements(told)
    assert turned["checks"] == told["checks"]


def test_a_catalogue_without_a_list_answers_by_the_default_one(network: Path) -> None:
    alone = requirements(assessed(network, DAY, catalogues=("eu-toolbox",)))
    beside = requirements(assessed(network, DAY, catalogues=("de-tkg-2025-draft", "eu-toolbox")))

    assert {name: r["outcome"] for name, r in beside.items() if name in alone} == {
        name: r["outcome"] for name, r in alone.items()
    }


def test_a_network_of_base_stations_only_is_not_judged_by_the_catalogue_in_force(tmp_path: Path) -> None:
    tables = dict(NETWORK)
    header, *rows = str(tables["component"]).splitlines(keepends=True)
    tables["component"] = header + rows[-1]
    folder = write_network(tmp_path / "net", tables)

    together = requirements(assessed(folder, DAY, catalogues=BOTH))
    alone = requirements(assessed(folder, DAY, catalogues=BOTH[:1]))

    assert together["D25-monitoring"]["outcome"] == "fail"
    assert {name: r["outcome"] for name, r in together.items() if name in alone} == {
        name: r["outcome"] for name, r in alone.items()
    }


def test_an_operators_own_list_counts_for_every_catalogue(tmp_path: Path) -> None:
    own = (
        "catalogue_id,rank,area,function_class,function,zone,schemes,route,source\n"
        "own,1,RAN,station,GNB,,,none,Own identification\n"
    )
    folder = write_network(tmp_path / "net", {**NETWORK, "critical_function": own})

    asked = requirements(assessed(folder, DAY, catalogues=BOTH))

    assert asked["A2-5"]["outcome"] == asked["D25-monitoring"]["outcome"] == "fail"


def test_the_example_fails_the_catalogue_in_force_by_its_own_faults_only(tmp_path: Path) -> None:
    write(tmp_path / "net", sites=100, seed=1, format="parquet")

    alone = requirements(assessed(tmp_path / "net", DAY, catalogues=BOTH[:1]))
    together = requirements(assessed(tmp_path / "net", DAY, catalogues=BOTH))

    for name, got in alone.items():
        exact = "to be exact" not in together[name].get("reason", "")
        assert together[name]["outcome"] == got["outcome"]
        assert not exact or together[name].get("findings") == got.get("findings"), name
    assert together["D25-monitoring"]["findings"]["fail"] > together["A2-5"]["findings"]["fail"]
