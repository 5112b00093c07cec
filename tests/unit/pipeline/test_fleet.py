"""The answer `fleet`: what runs against the log, files that were given besides, other operators' logs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import SourceError
from netproof.pipeline.fleet import Loaded, fleet, read
from netproof.sources.observations import Identified, Kind, Observation
from netproof.sources.observations.identify import Unidentified
from netproof.sources.observations.seen import SNMP, Slot
from netproof.tlog.statement import make_statement
from tests.cosigned import new_log, sign
from tests.networks import write_network
from tests.tlogs import ORIGIN, release

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2026, 11, 1)
STATUSES = ("withdrawn", "unknown", "differs", "late", "no_evidence", "logged")


def digest(version: str) -> str:
    """The digest of a version's image."""
    return sha256(version.encode()).hexdigest()


def statement(version: str, **values: Any) -> bytes:
    """An entry about a version of product P1."""
    digests = {"sha256": digest(version)}
    return make_statement(release(product="P1", release=version, digests=digests, **values)).entry


def withdrawal(version: str) -> bytes:
    """An entry that withdraws a version."""
    values = release(kind="withdraw", product="P1", release=version, digests={"sha256": digest(version)})
    values.pop("size")
    return make_statement({**values, "reason": "it leaks"}).entry


def seen(component: str, version: str, day: str, runs: str = "", slot: str = "image") -> str:
    """A row of table observation."""
    return f"{component},2026-{day}T08:00:00Z,{version},{digest(runs or version)},{slot},boot-log"


TABLES: dict[str, str | bytes] = {
    "supplier": "supplier_id,name\nS1,One\n",
    "product": "product_id,supplier_id,name\nP1,S1,Router\n",
    "site": "site_id,name,kind\nX,Here,core_dc\n",
    "component": "component_id,name,site_id,function,zone,product_id,version,serial\n"
    + "".join(
        f"{name},Unit {name},X,AMF,core,P1,{version},{name}-1\n"
        for name, version in (
            ("A", "1"), ("B", "2"), ("C", "9"), ("D", "1"), ("E", "3"), ("F", "1"), ("G", "4"),
        )
    ),
    "release": f"product_id,version,sha256\nP1,9,{digest('9')}\n",
    "observation": "component_id,observed_at,version,sha256,slot,source\n"
    + "\n".join(
        [
            seen("A", "1", "10-15"),
            seen("B", "2", "10-15"),
            seen("C", "9", "10-15"),
            seen("D", "1", "10-15", runs="4"),
            seen("E", "3", "10-15"),
            seen("G", "1", "10-20"),
            seen("G", "4", "10-28"),
        ]
    )
    + "\n",
    "work": "work_id,component_id,done_at\nW1,G,2026-10-10T08:00:00Z\n",
    "channel": "channel_id,component_id,supplier_id,kind,ends_in_country,controlled_by_operator,recorded\n"
    "H1,G,S1,update,US,true,\nH2,A,S1,update,DE,true,true\nH3,A,S1,support,US,false,false\n",
}  # fmt: skip


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """A network with one component of each verdict, and a log that two checkpoints prove."""
    folder = write_network(tmp_path / "net", TABLES, settings='country = "DE"\n')
    log = new_log(folder)
    sign(log, [statement("1"), statement("2"), statement("4")], 10)
    sign(log, [statement("3"), withdrawal("2")], 20)
    return folder


def loaded(network: Path, as_of: date = AS_OF) -> Loaded:
    """The network as the command reads it."""
    return read(network, as_of, lambda *_: None)


def observed(*rows: tuple[str, str, str], unidentified: tuple[Unidentified, ...] = ()) -> Identified:
    """A further file: component, version, version whose image runs; empty: no digest."""
    at = datetime(2026, 10, 30, 8, tzinfo=UTC)
    observations = tuple(
        Observation(name, at, version, digest(runs) if runs else "", Slot.IMAGE, SNMP, "", line, True)
        for line, (name, version, runs) in enumerate(rows, start=1)
    )
    return Identified("walk.txt", Kind.SNMP_WALK, observations, unidentified, 0, 0)


def verdicts(model: dict[str, Any]) -> dict[str, str]:
    """The verdict on each component that is not logged."""
    return {row["component_id"]: row["status"] for row in model["listed"]}


def test_each_component_has_its_verdict_worst_first(network: Path) -> None:
    model = fleet(loaded(network))

    assert verdicts(model) == {
        "B": "withdrawn", "C": "unknown", "D": "differs", "E": "late", "F": "no_evidence",
    }  # fmt: skip
    assert model["components"] == {
        "total": 7, "counts": dict.fromkeys(STATUSES, 1) | {"logged": 2}, "without_software": 0,
    }  # fmt: skip
    assert [row["status"] for row in model["reasons"]] == list(STATUSES)
    assert model["outcome"] == "fail"


def test_reasons_tell_digests_entries_and_days(network: Path) -> None:
    reasons = {row["component_id"]: row["reason"] for row in fleet(loaded(network))["listed"]}

    assert reasons == {
        "B": "release 2 of product P1 is withdrawn by entry 4 of 2026-10-20: it leaks",
        "C": f"digest {digest('9')[:16]} is in no release among the 5 entries of the log as proven on 2026-10-20",
        "D": f"digest {digest('4')[:16]} is release 4 of product P1 (entry 2); release 1 is entry 0 with digest "
        f"{digest('1')[:16]}",
        "E": f"digest {digest('3')[:16]} ran on 2026-10-15, its entry 3 is proven only by 2026-10-20",
        "F": "nothing was measured on it",
    }


def test_the_model_tells_the_log_and_what_was_seen(network: Path) -> None:
    model = fleet(loaded(network))

    assert model["log"] == {
        "origin": ORIGIN, "size": 5, "checkpoint_at": "2026-10-20T12:00:00Z", "quorum": True, "problem": "",
        "witnesses": ["W1", "W2", "W3"], "releases": 4, "withdrawals": 1, "rebuilds": 0,
    }  # fmt: skip
    assert model["observations"] == {
        "rows": 7, "components": 6, "last_at": "2026-10-28T08:00:00Z", "read": [],
        "left_out": {"total": 0, "listed": []},
    }  # fmt: skip


def test_what_else_was_found_is_told_by_kind(network: Path) -> None:
    found = fleet(loaded(network))["findings"]

    assert {name: [row["component_id"] for row in one["listed"]] for name, one in found.items()} == {
        "signed_not_logged": ["C"],
        "fleet_differs": ["D"],
        "compared_differs": [],
        "version_differs": [],
        "change_not_recorded": ["G"],
        "rebuild_different": [],
        "self_reported": [],
    }
    assert found["change_not_recorded"]["listed"][0]["reason"] == (
        f"digest {digest('4')[:16]} runs since 2026-10-28, something else ran until 2026-10-20; "
        "last work before: 2026-10-10"
    )


def test_update_channels_that_leave_the_operators_hand_are_findings(network: Path) -> None:
    assert fleet(loaded(network))["channels"] == {
        "total": 2,
        "known": True,
        "findings": 1,
        "listed": [
            {
                "channel_id": "H1", "component_id": "G", "supplier_id": "S1", "ends_in_country": "US",
                "abroad": True, "controlled_by_operator": True, "recorded": None,
                "reasons": ["ends abroad, in US", "whether it is recorded is not known"],
                "components_changed": 1,
            }
        ],
    }  # fmt: skip


def test_without_work_and_channels_nothing_is_known_of_them(network: Path) -> None:
    (network / "work.csv").unlink()
    (network / "channel.csv").unlink()
    model = fleet(loaded(network))

    assert model["findings"]["change_not_recorded"] == {"components": 0, "listed": [], "known": False}
    assert model["channels"] == {"total": 0, "known": False, "findings": 0, "listed": []}


def test_lists_are_bounded_and_totals_are_whole(network: Path) -> None:
    model = fleet(loaded(network), listed=1)

    assert verdicts(model) == {"B": "withdrawn"}
    assert (len(model["releases"]["listed"]), model["releases"]["total"]) == (1, 6)


def test_for_an_earlier_date_only_what_was_proven_by_then_counts(network: Path) -> None:
    found = verdicts(fleet(loaded(network, date(2026, 10, 19))))

    assert found == {"C": "unknown", "D": "differs", "E": "unknown", "F": "no_evidence", "G": "no_evidence"}


def test_without_a_log_nothing_is_shown(tmp_path: Path) -> None:
    model = fleet(loaded(write_network(tmp_path / "net", TABLES)))

    assert model["log"] is None
    assert model["components"]["counts"] == dict.fromkeys(STATUSES, 0) | {"no_evidence": 7}
    assert {row["reason"] for row in model["listed"]} == {
        "no log of releases: begin one with netproof release log NET init"
    }


def test_a_log_that_does_not_hold_shows_nothing(network: Path) -> None:
    (network / "releases" / "policy").unlink()
    model = fleet(loaded(network))

    assert model["log"]["problem"] == "releases/policy: expected the log's policy, got no file"
    assert set(verdicts(model).values()) == {"no_evidence"}
    assert model["log"]["witnesses"] == []


def test_a_further_file_counts_like_the_table(network: Path) -> None:
    model = fleet(loaded(network), observations=[observed(("F", "1", "1"), ("A", "brand new", ""))])

    assert "F" not in verdicts(model)
    assert verdicts(model)["A"] == "no_evidence"
    assert model["findings"]["self_reported"]["components"] == 1
    assert model["findings"]["version_differs"]["listed"] == [
        {
            "component_id": "A",
            "reason": "says version brand new on 2026-10-30, ran version 1 with digest "
            f"{digest('1')[:16]} when last measured on 2026-10-15",
        }
    ]
    assert model["observations"]["read"] == [
        {"file": "walk.txt", "kind": "snmp_walk", "rows": 2, "files": 0, "undated": 0, "parts": 0}
    ]


def test_a_later_word_without_a_digest_hides_no_bad_digest(network: Path) -> None:
    model = fleet(loaded(network), observations=[observed(("C", "9", ""), ("D", "1", ""), ("A", "1", ""))])
    found = {row["component_id"]: row for row in model["listed"]}

    assert {name: found[name]["status"] for name in "CD"} == {"C": "unknown", "D": "differs"}
    assert found["C"]["reason"].endswith("; last measured on 2026-10-15, only seen without a digest since")
    assert "A" not in found
    assert model["findings"]["version_differs"]["components"] == 0


def test_what_has_no_software_on_record_is_counted_apart(network: Path) -> None:
    more = "P,Battery,X,FACILITY,core,P9,,\nQ,Rectifier,X,FACILITY,core,,,\nR,Radio,X,GNB,access,P1,,\n"
    for table, rows in {"component": more, "product": "P9,S1,Battery\n"}.items():
        with (network / f"{table}.csv").open("a", encoding="utf-8") as file:
            file.write(rows)
    model = fleet(loaded(network))

    assert (model["components"]["total"], model["components"]["without_software"]) == (8, 2)
    assert verdicts(model)["R"] == "no_evidence"
    assert fleet(loaded(network), observations=[observed(("P", "1", ""))])["components"]["total"] == 9


def test_of_two_words_about_one_moment_the_worse_counts(network: Path) -> None:
    twice = [
        observed(("F", "1", "1"), ("F", "1", "")),
        observed(("F", "1", "bad")),
        observed(("F", "1", "4")),
    ]

    assert verdicts(fleet(loaded(network), observations=twice))["F"] == "unknown"
    assert verdicts(fleet(loaded(network), observations=twice[::-1]))["F"] == "unknown"
    assert "F" not in verdicts(fleet(loaded(network), observations=twice[:1]))
    assert verdicts(fleet(loaded(network), observations=[observed(("F", "2", "2"), ("F", "2", "bad"))]))[
        "F"
    ] == ("withdrawn")


def test_what_a_file_says_of_nobody_is_told(network: Path) -> None:
    lost = Unidentified(3, "host-7", "means no component", 4)
    model = fleet(loaded(network), observations=[observed(unidentified=(lost, lost))], listed=1)

    assert model["observations"]["left_out"] == {
        "total": 2,
        "listed": [
            {"file": "walk.txt", "line": 3, "name": "host-7", "reason": "means no component", "rows": 4}
        ],
    }


def test_files_measured_one_by_one_are_judged_apart(network: Path) -> None:
    at = datetime(2026, 10, 30, 8, tzinfo=UTC)
    rows = tuple(
        Observation("F", at, "", digest(version), Slot.IMAGE, "", f"/bin/{version}", 1, True)
        for version in ("1", "2", "bad", "bad")
    )
    model = fleet(loaded(network), observations=[Identified("ima", Kind.IMA_ASCII, rows, (), 0, 0)])

    assert verdicts(model)["F"] == "no_evidence"
    assert model["files"]["counts"] == {"withdrawn": 1, "unknown": 1, "logged": 1}
    assert (model["files"]["total"], model["files"]["components"]) == (3, 1)
    assert [(row["path"], row["status"], row["entry_index"]) for row in model["files"]["listed"]] == [
        ("/bin/2", "withdrawn", 1),
        ("/bin/bad", "unknown", None),
    ]


def test_a_release_that_another_operator_has_with_another_digest_is_told(network: Path) -> None:
    rows = [
        ("other.example", "0", "S1", "P1", "1", "", digest("1")),
        ("other.example", "1", "S1", "P1", "4", "", digest("elsewhere")),
    ]
    model = fleet(loaded(network), compared=rows)

    assert model["compared"] == [{"log": "other.example", "releases": 2}]
    assert [row["component_id"] for row in model["findings"]["compared_differs"]["listed"]] == ["D", "G"]
    told = {
        row["version"]: (row["compared_differs"], row["other_log"]) for row in model["releases"]["listed"]
    }
    assert told["4"] == (True, "other.example")
    assert told["2"] == (None, None)


def test_a_fleet_that_is_wholly_logged_passes(network: Path) -> None:
    rows = str(TABLES["component"]).splitlines()
    (network / "component.csv").write_text("\n".join(rows[:2]) + "\n", "utf-8")
    (network / "channel.csv").unlink()
    one = str(TABLES["observation"]).splitlines()
    (network / "observation.csv").write_text("\n".join(one[:2]) + "\n", "utf-8")
    model = fleet(loaded(network))

    assert (model["outcome"], model["listed"], model["issues"]) == ("pass", [], {"total": 0, "listed": []})


def test_values_that_could_not_be_read_are_told_and_never_pass(network: Path) -> None:
    rows = str(TABLES["component"]).splitlines()
    (network / "component.csv").write_text("\n".join(rows[:2]) + "\n", "utf-8")
    (network / "channel.csv").unlink()
    one = str(TABLES["observation"]).splitlines()
    (network / "observation.csv").write_text("\n".join([*one[:2], "A,never,1,,image,"]) + "\n", "utf-8")
    model = fleet(loaded(network))

    assert model["outcome"] == "no_evidence"
    assert model["issues"]["total"] == 1
    assert model["issues"]["listed"][0]["file"] == "observation.csv"


def test_two_rows_of_one_moment_in_the_table_are_told_and_never_pass(network: Path) -> None:
    rows = str(TABLES["component"]).splitlines()
    (network / "component.csv").write_text("\n".join(rows[:2]) + "\n", "utf-8")
    (network / "channel.csv").unlink()
    one = str(TABLES["observation"]).splitlines()
    torn = [*one[:2], seen("A", "1", "10-15", runs="evil")]
    (network / "observation.csv").write_text("\n".join(torn) + "\n", "utf-8")
    model = fleet(loaded(network))

    assert model["outcome"] == "no_evidence"
    assert [(row["file"], row["expected"]) for row in model["issues"]["listed"]] == [
        ("observation.csv", "one row for each key")
    ]


def test_components_are_named_for_those_who_look_them_up(network: Path) -> None:
    assert loaded(network).components()[0] == ("A", "Unit A", "A-1")


def test_a_network_without_components_is_refused(tmp_path: Path) -> None:
    folder = write_network(tmp_path / "net", {"site": TABLES["site"]})

    with pytest.raises(SourceError, match="expected table component, got none"):
        read(folder, AS_OF, lambda *_: None)
