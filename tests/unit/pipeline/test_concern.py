"""Catalogues that see different lists or restrictions answer each as if it had been asked alone."""

from __future__ import annotations

from datetime import date
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

from netproof.catalogue.loader import catalogue_ids
from netproof.demo import write
from netproof.errors import CatalogueError
from netproof.pipeline.model import model
from netproof.pipeline.request import Request
from netproof.pipeline.stages import load, plan, run_checks
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


def test_two_catalogues_of_one_name_are_refused(network: Path, tmp_path: Path) -> None:
    text = (resources.files("netproof.catalogue") / "controls" / "de-bsig.json").read_text("utf-8")
    files = [tmp_path / folder / "ours.json" for folder in ("old", "new")]
    for file in files:
        file.parent.mkdir()
        file.write_text(text, "utf-8")

    with pytest.raises(CatalogueError, match="catalogue ours: expected one of that name, got 2"):
        plan(Request(path=network, as_of=DAY, catalogues=tuple(map(str, files))))


def requirements(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {r["id"]: r for c in told["catalogues"] for r in c["requirements"]}


def judged(folder: Path, *names: str) -> dict[str, dict[str, Any]]:
    """What each requirement of each catalogue came to in one run: outcome, counts, and every finding."""
    request = Request(path=folder, as_of=DAY, catalogues=names, details=False)
    asked = plan(request)
    store = load(request, asked, lambda *_: None)
    results = list(run_checks(store, request, asked, lambda *_: None, before=lambda: None))
    told = model(store, request, asked, results)
    store.connection.close()
    found = {
        name: {r.check.id: r for r in results if not r.catalogues}
        | {r.check.id: r for r in results if name in r.catalogues}
        for name in names
    }
    return {
        c["id"]: {
            r["id"]: (
                r["outcome"],
                r.get("findings"),
                [(found[c["id"]][n].in_scope, found[c["id"]][n].findings.to_pylist()) for n in r["checks"]],
            )
            for r in c["requirements"]
        }
        for c in told["catalogues"]
    }


def test_each_check_has_one_entry(told: dict[str, Any]) -> None:
    ids = [check["id"] for check in told["checks"]]

    assert len(ids) == len(set(ids))


def test_a_check_shows_what_any_list_finds(told: dict[str, Any]) -> None:
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


def test_an_operators_own_list_beside_a_shipped_one_is_its_catalogues_own(tmp_path: Path) -> None:
    own = (
        "catalogue_id,rank,area,function_class,function,zone,schemes,route,source\n"
        "de-tkg-2.0,1,Core,amf,AMF,core,NESAS,open,Annex\n"
        "de-tkg-2025-draft,1,RAN,station,GNB,,,none,Draft\n"
    )
    folder = write_network(tmp_path / "net", {**NETWORK, "critical_function": own})

    together = judged(folder, *BOTH, "eu-toolbox")

    for name in (*BOTH, "eu-toolbox"):
        assert together[name] == judged(folder, name)[name]


def test_a_restriction_that_one_catalogue_brings_binds_no_other(tmp_path: Path) -> None:
    tables = {**NETWORK, "supplier": str(NETWORK["supplier"]).replace("Alpha", "Huawei")}
    folder = write_network(tmp_path / "net", tables)
    names = ("de-contracts-2024", "eu-toolbox")

    together = judged(folder, *names)

    for name in names:
        assert together[name] == judged(folder, name)[name]
    later = assessed(folder, date(2027, 1, 1), catalogues=names)
    by = {r["id"]: r["outcome"] for r in later["catalogues"][0]["requirements"]}
    assert "fail" in by.values()


def test_a_subject_counts_once_in_a_check_with_the_worst_that_any_list_finds(
    network: Path, told: dict[str, Any]
) -> None:
    alone = {name: assessed(network, DAY, catalogues=(name,)) for name in BOTH}
    order = ["fail", "no_evidence", "needs_review"]

    for check in told["checks"]:
        worst: dict[str, str] = {}
        for one in alone.values():
            for _, subject, outcome in (f for f in findings(one) if f[0] == check["id"]):
                worst[subject] = min(worst.get(subject, outcome), outcome, key=order.index)

        assert {f["subject_id"]: f["outcome"] for f in check["findings"]} == worst, check["id"]
        assert check["findings_total"] == sum(check["counts"][o] for o in order)


def test_subjects_in_scope_of_several_lists_are_counted_once(told: dict[str, Any]) -> None:
    in_scope = {check["id"]: check["in_scope"] for check in told["checks"]}

    assert in_scope["MON-001"] == 3  # C1 and C2 of both lists, G1 of the draft alone


def test_a_waiver_accepts_for_every_catalogue(tmp_path: Path) -> None:
    waiver = (
        "check_id,subject_id,reason,owner_role,granted_on,ends_on,document\n"
        "RED-002,G1,planned,CTO,2026-01-01,2026-12-31,\n"
    )
    folder = write_network(tmp_path / "net", {**NETWORK, "waiver": waiver})
    together = requirements(assessed(folder, DAY, catalogues=BOTH))
    alone = requirements(assessed(folder, DAY, catalogues=BOTH[1:]))

    assert {n: (r["outcome"], r.get("findings")) for n, r in together.items() if n in alone} == {
        n: (r["outcome"], r.get("findings")) for n, r in alone.items()
    }


def test_all_shipped_catalogues_answer_for_the_example_as_if_each_had_been_asked_alone(
    tmp_path: Path,
) -> None:
    write(tmp_path / "net", sites=100, seed=1, format="parquet")

    together = judged(tmp_path / "net", *catalogue_ids())

    for name in catalogue_ids():
        assert together[name] == judged(tmp_path / "net", name)[name]
    outcomes = {n: r[1]["fail"] for c in together.values() for n, r in c.items() if r[1] is not None}
    assert outcomes["D25-monitoring"] > outcomes["A2-5"]
