"""When an assessment reads the log, what checks say without one, and that each standpoint sees it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from netproof.catalogue.loader import shipped_checks
from netproof.integrity import build
from netproof.pipeline.log_tables import log_read
from netproof.pipeline.request import Request
from netproof.pipeline.stages import derive_again, load, plan
from netproof.pipeline.standpoint import standpoints
from tests.assessing import assessed
from tests.cosigned import new_log, sign
from tests.networks import write_network
from tests.tables import store_of
from tests.unit.pipeline.test_fleet import TABLES, statement

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2026, 11, 1)
NO_LOG = "no log of releases: begin one with netproof release log NET init"
TOML = """id = "{name}"
title = "T"
subject = "{subject}"
scope = "{scope}"
reads = {reads}
evidence = {evidence}
severity = "high"
verdict = "operation"
motivation = "m"
remedy = "r"
"""
CHECKS = {
    "OWN-001": (
        {
            "subject": "component",
            "scope": "select component_id as subject_id from component",
            "reads": '["component", "image_status"]',
            "evidence": '["log_state", "observation"]',
        },
        (
            "select i.component_id as subject_id, 'fail' as outcome, i.reason from image_status as i "
            "where i.status = 'unknown' order by i.component_id"
        ),
    ),
    "OWN-002": (
        {
            "subject": "log_state",
            "scope": "select origin as subject_id from log_state",
            "reads": '["log_state"]',
            "evidence": "[]",
        },
        (
            "select origin as subject_id, 'fail' as outcome, 'no quorum' as reason from log_state "
            "where not quorum order by origin"
        ),
    ),
}


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """A network with two checks of its own that read the log; it has none yet."""
    folder = write_network(tmp_path / "net", TABLES, settings='catalogues = []\nchecks = ["mine"]\n')
    (folder / "mine").mkdir()
    for name, (fields, sql) in CHECKS.items():
        (folder / "mine" / f"{name}.toml").write_text(TOML.format(name=name, **fields), "utf-8")
        (folder / "mine" / f"{name}.sql").write_text(sql, "utf-8")
        (folder / "mine" / f"{name}.cases.yml").write_text("as_of: 2026-11-01\ncases: {}\n", "utf-8")
    return folder


def findings(folder: Path, as_of: date = AS_OF, **wishes: Any) -> dict[str, dict[str, tuple[str, str]]]:
    """What each check found: outcome and reason by subject."""
    model = assessed(folder, as_of, details=False, **wishes)
    return {
        check["id"]: {one["subject_id"]: (one["outcome"], one["reason"]) for one in check["findings"]}
        for check in model["checks"]
    }


def with_log(folder: Path) -> Path:
    """Give a network a log with releases 1, 2 and 4, later 3."""
    log = new_log(folder)
    sign(log, [statement("1"), statement("2"), statement("4")], 10)
    sign(log, [statement("3")], 20)
    return folder


def test_without_a_log_every_subject_lacks_evidence_and_the_reason_says_what_to_do(network: Path) -> None:
    found = findings(network)

    assert found["OWN-001"] == dict.fromkeys("ABCDEFG", ("no_evidence", NO_LOG))
    assert found["OWN-002"] == {"(all)": ("no_evidence", NO_LOG)}


def test_tables_of_files_and_the_log_that_are_both_missing_are_both_named(network: Path) -> None:
    (network / "observation.csv").unlink()

    assert findings(network)["OWN-001"]["A"] == (
        "no_evidence",
        f"table observation is missing: nothing shows it; {NO_LOG}",
    )


def test_with_a_log_the_checks_judge(network: Path) -> None:
    found = findings(with_log(network))

    assert [(name, outcome) for name, (outcome, _) in found["OWN-001"].items()] == [("C", "fail")]
    assert found["OWN-002"] == {}


def test_the_size_of_the_log_can_be_given_and_crosses_to_the_other_process(network: Path) -> None:
    request = Request(path=network, as_of=AS_OF, log_size=3)

    assert set(findings(with_log(network), log_size=3)["OWN-001"]) == {"C", "E"}
    assert Request.from_json(request.to_json()) == request


def test_each_date_of_a_forecast_sees_the_log_of_its_own_day(network: Path) -> None:
    days = (date(2026, 10, 15), date(2026, 11, 1))
    with_log(network)
    request = Request(path=network, as_of=days[0], dates=days)
    asked = plan(request)
    store = load(request, asked, lambda *_: None)
    first = store.value("select count(*) from image_status where status = 'unknown'")
    derive_again(store, asked, days[1], lambda *_: None)
    then = store.value("select count(*) from image_status where status = 'unknown'")
    store.connection.close()

    assert (first, then) == (2, 1)


def test_the_log_is_read_only_where_a_check_reads_it(network: Path) -> None:
    shipped = shipped_checks()

    assert not log_read([shipped["CERT-001"]])
    assert log_read([shipped["CERT-001"], shipped["INT-012"]])
    assert not log_read([])
    assert log_read(plan(Request(path=network, as_of=AS_OF)).checks)


def test_the_log_is_given_from_every_standpoint() -> None:
    store = store_of({"component": [{"component_id": "A"}]})
    store.given |= build.TABLES

    (one,) = standpoints(store, {"a": frozenset({"component"}), "b": frozenset({"component"})})

    assert one.given == {"component", *build.TABLES}
