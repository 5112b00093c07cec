"""Every answer about outages of a small network, end to end: files in, a page out, nothing of it made up."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from netproof.errors import TableError
from netproof.pipeline import chances, outage_event, outages
from netproof.pipeline.exposure import exposure
from netproof.report.diff_json import schema
from netproof.report.diff_registry import write_answer
from tests.networks import write_network

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2026, 11, 1)
SITES = """site_id,name,latitude_deg,longitude_deg,population
S1,Core,50,8,
S2,Left,51,9,300
S3,Right,49,9,200
S4,Nowhere,,,10
"""
TABLES: dict[str, str | bytes] = {
    "site": SITES,
    "component": "component_id,site_id,function,zone\nU1,S1,UPF,core\nA2,S2,O_RU,access\nA3,S3,O_RU,access\nA4,S4,O_RU,access\n",
    "link": "link_id,a_id,b_id,capacity_gbps\nL2,U1,A2,10\nL3,U1,A3,10\nL4,U1,A4,10\n",
    "service": "service_id,function\ndata,UPF\n",
    "flow": "flow_id,from_id,to_id,rate_gbps\nF1,A2,U1,1\nF2,A3,U1,2\n",
}


def loaded(folder: Path, tables: dict[str, str | bytes]) -> outages.Loaded:
    return outages.read(write_network(folder / "net", tables), AS_OF, lambda *_: None)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> outages.Loaded:
    """The small network."""
    return loaded(tmp_path_factory.mktemp("small"), TABLES)


@pytest.mark.parametrize("answer", ["outages", "outage-event", "outage-samples", "outage-pairs", "exposure"])
def test_every_answer_follows_its_schema_and_has_a_page(read: outages.Loaded, answer: str) -> None:
    ask: dict[str, Any] = {
        "outages": lambda: outages.outages(read, 10),
        "outage-event": lambda: outage_event.one_event(read, "link", "L2"),
        "outage-samples": lambda: chances.samples(read, 64, 1),
        "outage-pairs": lambda: chances.pairs(read),
        "exposure": lambda: exposure(read, flow="F1", start="", end="", avoid=""),
    }
    model = ask[answer]()

    jsonschema_rs.validator_for(schema(answer)).validate(json.loads(json.dumps(model)))
    assert "How this file was made" in write_answer(answer, model, "html")


def test_pairs_that_no_kernel_can_search_are_refused_in_words(
    read: outages.Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ValueError("expected at most 3000 nodes and links without compiled kernels, got 9999")

    monkeypatch.setattr("netproof.resilience.pairs", refuse)

    with pytest.raises(TableError, match="pairs: expected at most 3000 nodes") as found:
        chances.pairs(read)
    assert "--sample" in found.value.hint


def test_an_event_tells_which_sites_are_dark_and_where_the_others_lie(read: outages.Loaded) -> None:
    lost = outage_event.one_event(read, "link", "L2")["lost"]

    assert [(site["site_id"], site["lost_population"], site["dark"]) for site in lost["sites"]] == [
        ("S2", 300, True)
    ]
    assert lost["kept"] == {"sites": 3, "places": [[49.0, 9.0, 1], [50.0, 8.0, 1]]}
    assert [flow["state"] for flow in lost["flows"]] == ["lost", "carried"]


def test_many_sites_without_a_loss_are_told_by_cells(tmp_path: Path) -> None:
    many = "".join(
        f"T{number},,{48 + number % 7 * 0.01:.2f},{10 + number % 90 * 0.001:.3f},\n"
        for number in range(outage_event.KEPT_PLACES)
    )
    kept = outage_event.one_event(loaded(tmp_path, {**TABLES, "site": SITES + many}), "link", "L2")["lost"][
        "kept"
    ]

    assert kept["sites"] == outage_event.KEPT_PLACES + 3
    assert sum(sites for *_, sites in kept["places"]) == outage_event.KEPT_PLACES + 2
    assert len(kept["places"]) < 10
