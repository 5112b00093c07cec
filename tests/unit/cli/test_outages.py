"""`outages` and `exposure` as a user runs them: numbers by hand, formats, refusals."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from netproof.report.diff_json import schema
from tests.networks import write_network

if TYPE_CHECKING:
    from pathlib import Path

# Two cell sites on one router, one of them also on a second, through which the other finds its way when the
# first router's own line to the core is cut. The first router needs a feed.
TABLES: dict[str, str | bytes] = {
    "site": "site_id,name,kind,region,population\nA,Alpha,cell_site,01,100\nB,Beta,cell_site,01,50\n"
    "M,Middle,core_dc,02,\n",
    "component": "component_id,name,site_id,function,zone,product_id,supplier_id,version,population\n"
    "DA,Cell A,A,GNB_DU,access,PD,S1,1,\nDB,Cell B,B,GNB_DU,access,PD,S1,1,\n"
    "R1,Router 1,M,ROUTER,transport,PR,S1,1,\nR2,Router 2,M,ROUTER,transport,PR,S2,2,\n"
    "U1,User plane,M,UPF,core,PU,S2,1,\nF1,Feed,M,FACILITY,transport,PF,S3,1,\n",
    "link": "link_id,a_id,b_id,layer,capacity_gbps,provider_id\nL1,DA,R1,ip,10,S3\nL2,DB,R1,ip,10,\n"
    "L3,DB,R2,ip,10,\nL4,R1,U1,ip,10,\nL5,R2,U1,ip,10,\nL6,R2,U1,ip,10,\n",
    "service": "service_id,function\ndata,UPF\nvoice,UPF\nvoice,IMS\n",
    "dependency": "from_id,to_id,kind,group_id\nR1,F1,powered_by,\n",
    "flow": "flow_id,from_id,to_id,classification,rate_gbps\nG1,DA,U1,government,8\nG2,DB,U1,subscriber,6\n",
    "supplier": "supplier_id,name\nS1,One\nS2,Two\nS3,Three\n",
    "product": "product_id,supplier_id,name\nPD,S1,Unit\nPR,S1,Router\nPU,S2,Plane\nPF,S3,Feed\n",
}


def netproof(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "netproof", *map(str, words)],
        capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def told(answer: str, *words: str | Path) -> dict[str, Any]:
    """The answer as JSON, valid by its published schema."""
    done = netproof(*words, "--format", "json")
    assert done.returncode == 0, done.stderr
    model: dict[str, Any] = json.loads(done.stdout)
    jsonschema_rs.validator_for(schema(answer)).validate(model)
    return model


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outages") / "net"
    tables = {name: text for name, text in TABLES.items() if name != "service"}
    return write_network(folder, tables | {"service": "service_id,function\ndata,UPF\n"})


@pytest.fixture(scope="module")
def every(net: Path) -> dict[str, Any]:
    return told("outages", "outages", net)


def lost(model: dict[str, Any]) -> dict[str, int]:
    """Lost people by event."""
    return {f"{event['kind']}:{event['id']}": event["lost_population"] for event in model["events"]}


def test_every_component_link_and_site_takes_what_hangs_on_it_alone(every: dict[str, Any]) -> None:
    got = {
        name: people
        for name, people in lost(every).items()
        if name.split(":")[0] in ("component", "link", "site")
    }

    assert got == {
        "component:DA": 100, "component:DB": 50, "component:R1": 100, "component:R2": 0, "component:U1": 150,
        "link:L1": 100, "link:L2": 0, "link:L3": 0, "link:L4": 0, "link:L5": 0, "link:L6": 0,
        "site:A": 100, "site:B": 50, "site:M": 150,
    }  # fmt: skip


def test_what_needs_something_goes_down_with_it(every: dict[str, Any]) -> None:
    event = next(event for event in every["events"] if event["kind"] == "facility")

    assert (event["id"], event["members_total"], event["lost_population"]) == ("F1", 2, 100)
    assert {"table": "component", "id": "R1", "cause": "needs F1"} in event["members"]


def test_suppliers_products_and_releases_are_events(every: dict[str, Any]) -> None:
    got = {name: people for name, people in lost(every).items() if name.startswith(("supplier:", "release:"))}

    assert got == {
        "supplier:S1": 150, "supplier:S2": 150, "supplier:S3": 100, "release:PD/1": 150, "release:PR/1": 100,
        "release:PR/2": 0, "release:PU/1": 150, "release:PF/1": 100,
    }  # fmt: skip


def test_a_cell_that_takes_only_its_own_people_is_no_single_point_of_failure(every: dict[str, Any]) -> None:
    got = {point["id"] for point in every["single_points_of_failure"]}

    assert got == {"F1", "L1", "M", "R1", "U1"}


def test_flows_whose_ends_part_are_lost_demand(every: dict[str, Any]) -> None:
    got = {
        event["id"]: event["lost_demand_gbps"] for event in every["events"] if event["kind"] == "component"
    }

    assert got == {"DA": 8, "DB": 6, "R1": 8, "R2": 0, "U1": 14}


def test_a_function_that_nobody_provides_is_a_baseline_not_a_loss(tmp_path: Path) -> None:
    folder = write_network(tmp_path / "net", TABLES)

    model = told("outages", "outages", folder)
    reasons = {row["service"]: row["reason"] for row in model["baseline"]["by_service"]}

    assert model["baseline"]["lost_population"] == 150
    assert "IMS" in reasons["voice"]
    assert set(lost(model).values()) == {0}


def test_one_event_is_told_with_causes_people_flows_and_capacity(net: Path) -> None:
    model = told("outage-event", "outages", net, "--event", "facility:F1")

    assert [member["cause"] for member in model["event"]["members"] if member["id"] == "R1"] == ["needs F1"]
    assert [(site["site_id"], site["lost_population"]) for site in model["lost"]["sites"]] == [("A", 100)]
    assert {flow["flow_id"]: flow["state"] for flow in model["lost"]["flows"]} == {
        "G1": "lost",
        "G2": "carried",
    }
    assert model["capacity"]["state"] == "fits"


def test_the_terminal_tells_an_event_in_words(net: Path) -> None:
    done = netproof("outages", net, "--event", "facility:F1")

    assert done.returncode == 0, done.stderr
    assert "component R1, because it needs F1" in done.stdout
    assert "100 people" in done.stdout


def test_pairs_are_exact_and_the_worst_are_named(net: Path) -> None:
    model = told("outage-pairs", "outages", net, "--pairs")

    assert model["lost"]["maximum"] == 150
    assert model["pairs"] == model["elements"] * (model["elements"] - 1) // 2
    assert all(row["lost_population"] >= max(row["alone"]) for row in model["top"])
    assert "pairs of" in netproof("outages", net, "--pairs").stdout


def test_the_same_seed_draws_the_same_and_another_seed_another(net: Path) -> None:
    first, again, other = (
        told("outage-samples", "outages", net, "--sample", "20000", "--seed", seed)
        for seed in ("7", "7", "8")
    )

    assert first == again
    assert first != other
    assert sum(bar[2] for bar in first["services"][0]["histogram"]) == 20_000


def test_exposure_tells_what_is_on_every_path_and_whether_a_supplier_can_be_avoided(net: Path) -> None:
    model = told("exposure", "exposure", net, "--flow", "G2", "--avoid", "S2")
    ids = {step["id"] for step in model["every"]}

    assert {"DB", "U1"} <= ids
    assert not ids & {"R1", "R2"}
    assert {one["supplier_id"]: one["avoidable"] for one in model["suppliers"]}["S2"] is False
    assert model["path"] is None


def test_two_ends_may_be_named_in_place_of_a_flow(net: Path) -> None:
    done = netproof("exposure", net, "--from", "DB", "--to", "R2")

    assert done.returncode == 0, done.stderr
    assert "A shortest path at all:" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["outages", "--event", "R1"], "--event: expected KIND:ID, got 'R1'"),
        (["outages", "--event", "router:R1"], "--event: expected KIND:ID, got 'router:R1'"),
        (["outages", "--event", "component:R9"], "R9"),
        (["outages", "--pairs", "--sample", "5"], "expected one of --event, --pairs and --sample"),
        (["outages", "--sample", "10000001"], "--sample: expected at most 10,000,000 scenarios"),
        (["outages", "--sample", "5", "--seed", str(2**64)], "--seed: expected at most 18446744073709551615"),
        (["outages", "--format", "sarif"], "--format: expected"),
        (["exposure"], "expected --flow ID, or --from A and --to B"),
        (["exposure", "--from", "DB"], "expected --flow ID, or --from A and --to B"),
        (["exposure", "--flow", "G9"], "G9"),
        (["exposure", "--flow", "G1", "--avoid", "nobody"], "nobody"),
    ],
)
def test_a_wrong_wish_is_refused_with_what_was_expected(net: Path, words: list[str], said: str) -> None:
    done = netproof(words[0], net, *words[1:])

    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert said in done.stderr
    assert done.stdout == ""
