"""`netproof fleet` as a user runs it: files of every kind, another operator's log, refusals by name."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from netproof.cli.fleet_run import Wish, run
from netproof.errors import LogError, ReportError, SourceError
from netproof.integrity.log import Settings, create
from netproof.report.diff_json import schema
from netproof.tlog.policy_text import encode_policy
from tests.networks import write_network
from tests.sealing import KEYS, logged
from tests.tlogs import ORIGIN, TIME, policy, release
from tests.unit.sources.observations.measured import Made, ascii_list, binary_list, pcr_10

if TYPE_CHECKING:
    from pathlib import Path

GOOD, EVIL, BAD = (sha256(name).hexdigest() for name in (b"image 7.1", b"evil", b"image 6.9"))
TABLES: dict[str, str | bytes] = {
    "supplier": "supplier_id,name\nS1,One\n",
    "product": "product_id,supplier_id,name\nP1,S1,Router\n",
    "component": "component_id,name,product_id,version,serial,zone\n"
    "C1,core-1,P1,7.1,SN1,core\nC2,core-2,P1,7.1,SN2,core\nC3,core-3,P1,7.1,SN3,core\n",
    "release": f"product_id,version,sha256\nP1,7.1,{GOOD}\nP1,6.9,{BAD}\n",
    "observation": f"component_id,observed_at,version,sha256,slot,source\nC1,2026-10-30T10:00:00Z,7.1,{GOOD},image,scan\n",
}
SIX_NINE = {"supplier": "S1", "product": "P1", "release": "6.9", "digests": {"sha256": BAD}}
ENTRIES = (
    release(supplier="S1", product="P1", release="7.1", digests={"sha256": GOOD}),
    release(**SIX_NINE),
    {
        name: value
        for name, value in release(kind="withdraw", reason="leaks", **SIX_NINE).items()
        if name != "size"
    },
)
WALK = (
    b'.1.3.6.1.2.1.1.5.0 = STRING: "core-2"\n.1.3.6.1.2.1.47.1.1.1.1.10.1 = STRING: "NOS 7.1, built today"\n'
)


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """A network of three routers with a log that two witnesses cosign."""
    folder = write_network(tmp_path / "net", TABLES)
    create(
        folder / "releases",
        Settings(ORIGIN, tuple(key.verifier() for key in KEYS)),
        encode_policy(policy(2)),
    )
    logged(folder, *ENTRIES, witnesses=2, time=TIME)
    return folder


def file(net: Path, name: str, content: str | bytes) -> str:
    """A file beside the network."""
    path = net.parent / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def table(*rows: str) -> str:
    """A table of observations."""
    return "component_id,observed_at,version,sha256,slot,source\n" + "".join(f"{row}\n" for row in rows)


def fleet(net: Path, capsys: pytest.CaptureFixture[str], *observations: str, **how: Any) -> dict[str, Any]:
    """The answer as JSON, which follows its schema."""
    code = run(Wish(net, observations, report_format="json", **how))
    model: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema_rs.validator_for(schema("fleet")).validate(model)
    assert code == (model["outcome"] != "pass")
    return model


def statuses(model: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    """Status and version of the components that are not logged."""
    return {row["component_id"]: (row["status"], row["version"]) for row in model["listed"]}


def test_what_was_never_seen_lacks_evidence(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    got = fleet(net, capsys)

    assert statuses(got) == {"C2": ("no_evidence", "7.1"), "C3": ("no_evidence", "7.1")}
    assert (got["log"]["size"], got["log"]["quorum"], len(got["log"]["witnesses"])) == (3, True, 2)


def test_a_table_of_digests_gives_verdicts_by_any_name_of_a_component(
    net: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = file(
        net,
        "scan.txt",
        table(
            f"core-2,2026-10-31T10:00:00Z,7.1,{GOOD},image,scan",
            f"SN3,2026-10-31T10:00:00Z,7.1,{EVIL},image,scan",
        ),
    )

    got = fleet(net, capsys, given)

    assert statuses(got) == {"C3": ("unknown", "7.1")}
    assert got["observations"]["read"] == [
        {"file": "scan.txt", "kind": "table", "rows": 2, "files": 0, "undated": 0, "parts": 0}
    ]


def test_a_walk_gives_a_version_without_a_digest_by_the_component_s_own_word(
    net: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    got = fleet(net, capsys, file(net, "a.walk", WALK))

    (found,) = [row for row in got["listed"] if row["component_id"] == "C2"]
    assert (found["status"], found["version"], found["self_reported"]) == ("no_evidence", "7.1", True)
    assert "without a digest" in found["reason"]
    assert found["observed_at"] == "2026-11-01T23:59:59Z"
    assert got["observations"]["read"][0]["undated"] == 1


def test_the_moment_of_a_walk_can_be_named(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    moment = datetime(2026, 10, 28, 6, tzinfo=UTC)

    got = fleet(net, capsys, file(net, "a.walk", WALK), observed_at=moment)

    assert [row["observed_at"] for row in got["listed"] if row["component_id"] == "C2"] == [
        "2026-10-28T06:00:00Z"
    ]


def test_prometheus_gives_a_digest_that_is_the_component_s_own_word(
    net: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    metric = {"__name__": "nos_build_info", "instance": "10.0.0.3:9100", "version": "7.1", "sha256": GOOD}
    answer = {
        "status": "success",
        "data": {"resultType": "vector", "result": [{"metric": metric, "value": [TIME, "1"]}]},
    }
    given = file(net, "q.json", json.dumps(answer))
    names = file(net, "names.csv", "name,component_id\n10.0.0.3,C3\n")

    without = fleet(net, capsys, given)
    got = fleet(net, capsys, given, identify=net.parent / names)

    assert [(row["name"], row["rows"]) for row in without["observations"]["left_out"]["listed"]] == [
        ("10.0.0.3:9100 / 10.0.0.3", 1)
    ]
    assert "C3" not in statuses(got)
    assert [row["component_id"] for row in got["findings"]["self_reported"]["listed"]] == ["C3"]


@pytest.mark.parametrize("write", [ascii_list, binary_list])
def test_a_list_of_measured_files_is_compared_file_by_file(
    net: Path, capsys: pytest.CaptureFixture[str], write: Any
) -> None:
    events = (Made("boot_aggregate"), Made("/a", b"image 7.1"), Made("/b", b"image 6.9"), Made("/c", b"evil"))
    given = file(net, "host.list", write(events))

    got = fleet(net, capsys, f"core-3={given}", quotes=(f"core-3={pcr_10(events).hex()}",))

    assert got["files"]["counts"] == {"withdrawn": 1, "unknown": 1, "logged": 1}
    assert [(row["component_id"], row["path"], row["status"]) for row in got["files"]["listed"]] == [
        ("C3", "/b", "withdrawn"),
        ("C3", "/c", "unknown"),
    ]
    assert got["outcome"] == "fail"


def test_a_list_that_is_not_the_quoted_one_is_refused(net: Path) -> None:
    given = file(net, "host.list", ascii_list())

    with pytest.raises(SourceError, match=r"host.list: expected events that lead to PCR 10 0{63}1, got"):
        run(Wish(net, (f"core-3={given}",), quotes=(f"core-3={1:064x}",)))


def other_log(net: Path, digest: str) -> tuple[str, Path]:
    """Another operator's log with one release, and the policy under which it is read."""
    other = write_network(net.parent / "other", {})
    create(
        other / "releases", Settings(ORIGIN, tuple(key.verifier() for key in KEYS)), encode_policy(policy(0))
    )
    logged(other, release(supplier="S1", product="P1", release="7.1", digests={"sha256": digest}))
    (net.parent / "other.policy").write_bytes(encode_policy(policy(0)))
    return str(other / "releases"), net.parent / "other.policy"


@pytest.mark.parametrize(("digest", "differ"), [(GOOD, []), (EVIL, ["C1"])])
def test_a_release_that_another_operator_got_otherwise_is_found(
    net: Path, capsys: pytest.CaptureFixture[str], digest: str, differ: list[str]
) -> None:
    where, how = other_log(net, digest)

    got = fleet(net, capsys, compare=(where,), policies=(how,))

    assert got["compared"] == [{"log": ORIGIN, "releases": 1}]
    assert [row["component_id"] for row in got["findings"]["compared_differs"]["listed"]] == differ


def test_another_log_is_not_read_under_its_own_policy(net: Path) -> None:
    where, how = other_log(net, GOOD)
    with pytest.raises(ReportError, match="--compare: expected --compare-policy FILE, got none"):
        run(Wish(net, compare=(where,)))
    with pytest.raises(
        ReportError, match="--compare-policy: expected one for all logs or one each, got 2 for 1"
    ):
        run(Wish(net, compare=(where,), policies=(how, how)))
    with pytest.raises(ReportError, match="--compare-policy: expected --compare too, got none"):
        run(Wish(net, policies=(how,)))
    with pytest.raises(SourceError, match="none: expected a file that can be read"):
        run(Wish(net, compare=(where,), policies=(net / "none",)))
    how.write_bytes(b"no policy\n")
    with pytest.raises(LogError, match="policy"):
        run(Wish(net, compare=(where,), policies=(how,)))
    how.write_bytes(b"#" * ((1 << 20) + 1))
    with pytest.raises(SourceError, match="expected at most"):
        run(Wish(net, compare=(where,), policies=(how,)))


@pytest.mark.parametrize("quote", ["core-3", "core-3=zz", "core-3=abcd", "=" + "00" * 32])
def test_a_quote_is_a_name_and_a_digest(net: Path, quote: str) -> None:
    with pytest.raises(ReportError, match="--quote: expected NAME=HEX"):
        run(Wish(net, quotes=(quote,)))


def test_a_quote_for_no_list_is_refused(net: Path) -> None:
    with pytest.raises(ReportError, match="--quote: expected the name of a list, got 'core-9'"):
        run(Wish(net, quotes=("core-9=" + "00" * 32,)))


def test_a_file_whose_name_holds_an_equals_sign_is_that_file(
    net: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    got = fleet(net, capsys, file(net, "a=b.csv", table(f"C2,2026-10-31T10:00:00Z,7.1,{GOOD},image,scan")))

    assert statuses(got) == {"C3": ("no_evidence", "7.1")}


def test_the_command_tells_people(net: Path) -> None:
    given = file(net, "all.csv", table(*(f"C{n},2026-10-31T10:00:00Z,7.1,{GOOD},image,scan" for n in (2, 3))))
    command = [sys.executable, "-m", "netproof", "fleet", str(net), "--observations", given]

    got = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (got.returncode, got.stderr) == (0, "")
    assert "3 components: 3 logged\n" in got.stdout


def test_a_page_is_written_where_it_is_wanted(net: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = net.parent / "fleet.html"

    code = run(Wish(net, report_format="html", output=output))

    assert (code, capsys.readouterr().out) == (1, "")
    assert "Is what runs what was published?" in output.read_text("utf-8")
