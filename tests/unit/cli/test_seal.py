"""`netproof seal` and `netproof check --verify`: what is sealed can be repeated by anybody with the folder."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from typer.testing import CliRunner

from netproof.cli import exit_codes
from netproof.cli.main import app
from netproof.demo import write
from netproof.errors import LogError, ReportError, SourceError
from netproof.integrity.log import Settings, create, file_path, published
from netproof.report.diff_json import schema
from netproof.tlog.policy_text import encode_policy
from netproof.tlog.statement import Kind, read_statement
from tests.sealing import KEYS, logged, network, with_log
from tests.tlogs import ORIGIN, TIME, policy, release

if TYPE_CHECKING:
    from pathlib import Path


FRESH = """select c.component_id as subject_id, 'fail' as outcome, 'cosigned ' || l.checkpoint_at as reason
from component as c cross join log_state as l
order by c.component_id
"""


def run(*words: str | Path) -> tuple[int, str]:
    """A command within this process."""
    got = CliRunner().invoke(app, list(map(str, words)))
    if got.exception and not isinstance(got.exception, SystemExit):
        raise got.exception
    return got.exit_code, got.stdout


def alone(*words: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, started elsewhere."""
    return subprocess.run(
        [sys.executable, "-m", "netproof", *map(str, words)],
        capture_output=True, text=True, cwd=folder, timeout=120, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def told(answer: str, *words: str | Path) -> tuple[int, dict[str, Any]]:
    """An answer as JSON, valid by its published schema."""
    code, out = run(*words, "--format", "json")
    model: dict[str, Any] = json.loads(out)
    jsonschema_rs.validator_for(schema(answer)).validate(model)
    return code, model


def entry(net: Path, index: int) -> dict[str, Any]:
    """What an entry of a network's log says."""
    entries = dict(published(net / "releases").entries())
    return dict(read_statement(entries[index]).values)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network, sealed once; nobody changes it."""
    net = with_log(network(tmp_path_factory.mktemp("sealed") / "net"))
    assert told("seal", "seal", net)[0] == exit_codes.PASSED
    return net


@pytest.fixture
def net(sealed: Path, tmp_path: Path) -> Path:
    """A copy of it, that may be changed."""
    shutil.copy2(sealed.with_name("net.key"), tmp_path)
    return shutil.copytree(sealed, tmp_path / "net")


def test_a_seal_verifies_elsewhere_in_another_process(net: Path, tmp_path: Path) -> None:
    _, printed = run("check", net, "--format", "json")
    there = tmp_path / "there/deep"
    there.mkdir(parents=True)
    net.rename(there / "moved")

    got = alone("check", "moved", "--verify", folder=there)

    assert (got.returncode, got.stderr) == (0, "")
    assert "same answer" in got.stdout
    values = entry(there / "moved", 1)
    kept = file_path(there / "moved/releases", values["answer_sha256"]).read_bytes()
    assert kept.decode() == printed
    recipe = file_path(there / "moved/releases", values["recipe_sha256"]).read_bytes()
    assert str(tmp_path).encode() not in kept + recipe


@pytest.mark.skipif("NETPROOF_LONG" not in os.environ, reason="takes ten seconds: set NETPROOF_LONG")
def test_the_example_operator_verifies_elsewhere_in_another_process(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    write(here / "musternetz", sites=100, seed=3)
    shutil.rmtree(here / "musternetz/releases", ignore_errors=True)
    with_log(here / "musternetz")
    printed = alone("check", "musternetz", "--format", "json", folder=here)

    made = alone("seal", "musternetz", "--format", "json", folder=here)
    (here / "musternetz").rename(there / "moved")
    got = alone("check", "moved", "--verify", folder=there)

    assert (made.returncode, got.returncode, got.stderr) == (0, 0, "")
    kept = file_path(there / "moved/releases", entry(there / "moved", 1)["answer_sha256"])
    assert kept.read_text("utf-8") == printed.stdout


def test_the_entry_names_digests_and_no_file(sealed: Path) -> None:
    values = entry(sealed, 1)

    assert values["kind"] == Kind.ASSESSMENT
    assert (values["outcome"], values["as_of"], values["catalogues"]) == ("pass", "2026-11-01", [])
    assert [one["table"] for one in values["inputs"]] == ["checks", "component", "network.toml", "releases"]
    table = hashlib.sha256((sealed / "component.csv").read_bytes()).hexdigest()
    assert {"table": "component", "sha256": table} in values["inputs"]
    log = published(sealed / "releases")
    assert values["log"] == {
        "origin": log.settings.origin, "size": 1, "root": log.reader.root(1).hex(),
    }  # fmt: skip
    assert "OWN-001.sql" not in json.dumps(values)


def test_what_is_logged_after_the_seal_does_not_change_the_repetition(net: Path) -> None:
    gone = {key: value for key, value in release().items() if key not in ("size", "media")}
    logged(net, gone | {"kind": "withdraw", "reason": "a hole"}, release(product="other"), time=TIME + 9)

    code, model = told("seal-verify", "check", net, "--verify")

    assert (code, model["holds"], model["log"]["size"]) == (exit_codes.PASSED, True, 4)


def test_a_second_seal_judges_the_log_with_the_first_in_it(net: Path) -> None:
    assert told("seal", "seal", net)[1]["judged_log"]["size"] == 2

    newest, first = (
        told("seal-verify", "check", net, "--verify"),
        told("seal-verify", "check", net, "1", "--verify"),
    )

    assert [(code, model["entry"]["index"], model["holds"]) for code, model in (newest, first)] == [
        (0, 2, True),
        (0, 1, True),
    ]


def test_another_answer_names_the_files_and_the_checks_that_differ(net: Path) -> None:
    (net / "component.csv").write_text("component_id,product_id\nC0,core-router-9\nC1,unheard\n")

    code, model = told("seal-verify", "check", net, "--verify")

    assert (code, model["holds"], model["same_answer"]) == (exit_codes.FOUND, False, False)
    assert model["files"] == {
        "sealed": 6, "changed": 1, "listed": [{"path": "component.csv", "change": "changed"}],
    }  # fmt: skip
    assert model["outcome"] == {"sealed": "pass", "now": "fail"}
    assert model["checks"] == [
        {"id": "OWN-001", "sealed": "pass", "now": "fail", "sealed_findings": 0, "now_findings": 1}
    ]
    assert "OWN-001: pass -> fail (1)" in run("check", net, "--verify")[1]


def test_changed_files_that_leave_the_answer_the_same_are_told(net: Path) -> None:
    with (net / "component.csv").open("a") as file:
        file.write("\n")
    (net / "documents").mkdir()
    (net / "documents/new.pdf").write_bytes(b"%PDF-")

    _, model = told("seal-verify", "check", net, "--verify")

    assert {one["path"]: one["change"] for one in model["files"]["listed"]} == {
        "component.csv": "changed",
        "documents/new.pdf": "added",
    }


def test_an_entry_without_the_quorum_that_the_policy_wants_is_not_proven(tmp_path: Path) -> None:
    net = with_log(network(tmp_path / "net"), threshold=2, witnesses=2)
    code, out = run("seal", net)
    assert code == exit_codes.PASSED
    assert "without a quorum" in out

    code, model = told("seal-verify", "check", net, "--verify")

    assert (code, model["same_answer"], model["holds"]) == (exit_codes.FOUND, True, False)
    assert "expected a quorum" in model["log"]["reason"]
    logged(net, release(product="later"), time=TIME + 99, witnesses=2)
    code, model = told("seal-verify", "check", net, "--verify")
    assert (code, model["holds"], model["log"]["proven_by"]) == (exit_codes.PASSED, True, TIME + 99)
    logged(net, release(product="latest"), time=TIME + 999, witnesses=1)
    assert told("seal-verify", "check", net, "--verify")[1]["log"]["proven_by"] == TIME + 99


def test_cosignatures_that_were_renewed_still_count_when_the_seal_is_repeated(tmp_path: Path) -> None:
    net = with_log(network(tmp_path / "net"), threshold=2, witnesses=2)
    (net / "mine/OWN-001.sql").write_text(FRESH, "utf-8")
    toml = net / "mine/OWN-001.toml"
    toml.write_text(toml.read_text("utf-8").replace("logged_release", "log_state"), "utf-8")
    logged(net, time=TIME + 7_200, witnesses=2)
    printed = run("check", net, "--format", "json")[1]
    assert run("seal", net)[0] == exit_codes.PASSED
    logged(net, time=TIME + 9_000, witnesses=2)

    code, model = told("seal-verify", "check", net, "--verify")

    assert (code, model["holds"], model["log"]["problem"]) == (exit_codes.PASSED, True, None)
    kept = file_path(net / "releases", entry(net, 1)["answer_sha256"]).read_text("utf-8")
    assert kept == printed
    recipe = json.loads(file_path(net / "releases", entry(net, 1)["recipe_sha256"]).read_bytes())
    assert recipe["log"]["renewed"] == TIME + 7_200
    file_path(net / "releases", recipe["log"]["checkpoint_sha256"]).unlink()
    code, model = told("seal-verify", "check", net, "--verify")
    assert (code, model["same_answer"], model["holds"]) == (exit_codes.FOUND, True, False)


def test_a_log_that_is_not_the_judged_one_is_told(net: Path, tmp_path: Path) -> None:
    other = with_log(network(tmp_path / "other"), product="instead")
    logged(other, entry(net, 1))
    shutil.copytree(net / "releases/files", other / "releases/files", dirs_exist_ok=True)

    code, model = told("seal-verify", "check", other, "--verify")

    assert (code, model["log"]["proven"], model["holds"]) == (exit_codes.FOUND, True, False)
    assert model["log"]["problem"].startswith("expected root")


def test_a_recipe_that_says_other_than_its_entry_is_refused(net: Path) -> None:
    values = entry(net, 1)
    logged(net, values | {"log": values["log"] | {"size": 0}}, values | {"as_of": "2026-11-02"})

    for index, what in ((2, "log"), (3, "as_of")):
        with pytest.raises(LogError, match=f"sealed assessment, {what}: expected the recipe"):
            run("check", net, str(index), "--verify")


@pytest.mark.parametrize("what", ["recipe_sha256", "answer_sha256"])
def test_what_is_kept_counts_only_with_its_digest(net: Path, what: str) -> None:
    path = file_path(net / "releases", entry(net, 1)[what])
    path.write_bytes(path.read_bytes() + b" ")
    (net / "component.csv").write_text("component_id,product_id\nC0,unheard\n")

    if what == "recipe_sha256":
        with pytest.raises(LogError, match="recipe"):
            run("check", net, "--verify")
    else:
        assert told("seal-verify", "check", net, "--verify")[1]["answer_kept"] is False


def test_only_a_sealed_assessment_is_repeated(net: Path, tmp_path: Path) -> None:
    with pytest.raises(LogError, match="expected a sealed assessment, got a release"):
        run("check", net, "0", "--verify")
    with pytest.raises(LogError, match="expected the number of an entry") as refused:
        run("check", net, "99", "--verify")
    assert "newest" in refused.value.hint
    with pytest.raises(LogError, match="expected a sealed assessment, got none"):
        run("check", with_log(network(tmp_path / "fresh")), "--verify")


def test_a_repetition_takes_no_wishes_and_an_entry_none_without_it(sealed: Path) -> None:
    with pytest.raises(ReportError, match="expected no --as-of"):
        run("check", sealed, "--verify", "--as-of", "2026-12-01")
    with pytest.raises(ReportError, match="expected one network"):
        run("check", sealed, "1")


def test_without_a_log_or_a_checkpoint_nothing_is_sealed(tmp_path: Path) -> None:
    net = network(tmp_path / "net")

    with pytest.raises(LogError, match="expected a log of releases") as refused:
        run("seal", net)

    assert "release log NET init" in refused.value.hint
    assert not (net / "releases").exists()
    settings = Settings(ORIGIN, tuple(key.verifier() for key in KEYS))
    create(net / "releases", settings, encode_policy(policy(0)))
    with pytest.raises(LogError, match="no checkpoint is published yet"):
        run("seal", net)


def test_without_a_key_the_seal_is_durable_and_waits_for_a_checkpoint(net: Path) -> None:
    net.with_name("net.key").unlink()

    code, out = run("seal", net)

    assert code == exit_codes.PASSED
    assert "no checkpoint covers it yet" in out
    assert published(net / "releases").checkpoint.size == 2


def test_a_catalogue_of_ones_own_is_sealed_with_its_mapping(tmp_path: Path) -> None:
    net = with_log(network(tmp_path / "net", settings=""))
    catalogue = {
        "catalog": {
            "uuid": "c1c3a1f0-0000-4000-8000-000000000001",
            "metadata": {
                "title": "Mine", "version": "3", "oscal-version": "1.1.3",
                "last-modified": "2026-01-01T00:00:00Z",
            },
            "controls": [{"id": "m-1", "title": "Logged"}],
        }
    }  # fmt: skip
    (net / "own").mkdir()
    (net / "own/mine.json").write_text(json.dumps(catalogue))
    (net / "own/mine.mapping.toml").write_text('[controls]\nm-1 = ["OWN-001"]\n')

    code, model = told("seal", "seal", net, "--catalogue", net / "own/mine.json")
    assert code == exit_codes.PASSED
    assert [(one["id"], one["version"]) for one in model["rules"]] == [("mine", "3")]
    assert told("seal-verify", "check", net, "--verify")[1]["holds"] is True

    (net / "own/mine.mapping.toml").write_text("[controls]\nm-1 = []\n")
    changed = told("seal-verify", "check", net, "--verify")[1]
    assert [one["path"] for one in changed["files"]["listed"]] == ["own/mine.mapping.toml"]
    assert (changed["holds"], len(changed["requirements"])) == (False, 1)

    shutil.copytree(net / "own", tmp_path / "outside")
    with pytest.raises(SourceError, match="expected a file inside"):
        run("seal", net, "--catalogue", tmp_path / "outside/mine.json")
