"""A sealed entry that was made by hand, or whose settings changed since: what `check --verify` says of it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from netproof.cli import exit_codes
from netproof.errors import LogError, ReportError
from netproof.integrity.log import Settings, create, file_path, keep_file, published, writing
from netproof.tlog.canonical import canonical
from netproof.tlog.policy_text import encode_policy
from netproof.tlog.statement import make_statement, read_statement
from tests.sealing import logged, network, with_log
from tests.tlogs import ORIGIN, TIME, key, policy, release
from tests.unit.cli.test_seal import run, told

if TYPE_CHECKING:
    from pathlib import Path

CATALOGUE = {
    "catalog": {
        "uuid": "c1c3a1f0-0000-4000-8000-000000000001",
        "metadata": {
            "title": "Mine", "version": "3", "oscal-version": "1.1.3", "last-modified": "2026-01-01T00:00:00Z",
        },
        "controls": [{"id": "m-1", "title": "Logged"}],
    }
}  # fmt: skip


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network with a catalogue of its own, sealed once; nobody changes it."""
    net = with_log(network(tmp_path_factory.mktemp("sealed") / "net"))
    (net / "mine.json").write_text(json.dumps(CATALOGUE))
    (net / "mine.mapping.toml").write_text('[controls]\nm-1 = ["OWN-001"]\n')
    assert run("seal", net, "--catalogue", net / "mine.json")[0] == exit_codes.PASSED
    return net


@pytest.fixture
def net(sealed: Path, tmp_path: Path) -> Path:
    """A copy of it, that may be changed."""
    shutil.copy2(sealed.with_name("net.key"), tmp_path)
    return shutil.copytree(sealed, tmp_path / "net")


def entry(net: Path) -> dict[str, Any]:
    """What the sealed entry says."""
    return dict(read_statement(dict(published(net / "releases").entries())[1]).values)


def test_an_outcome_that_the_answer_does_not_have_does_not_hold(net: Path) -> None:
    logged(net, entry(net) | {"outcome": "fail"})

    code, model = told("seal-verify", "check", net, "--verify")

    assert (code, model["same_answer"], model["holds"]) == (exit_codes.FOUND, True, False)
    assert model["outcome"] == {"sealed": "fail", "now": "pass"}
    assert "the entry says fail, the answer pass" in run("check", net, "--verify")[1]


def test_an_entry_that_names_another_catalogue_than_its_recipe_is_refused(net: Path) -> None:
    values = entry(net)
    one = values["catalogues"][0]
    logged(net, values | {"catalogues": [one | {"id": "of-the-state"}]})

    with pytest.raises(LogError, match="sealed assessment, rules: expected the recipe"):
        run("check", net, "--verify")


def test_a_recipe_that_repeats_another_catalogue_than_it_names_is_refused(net: Path) -> None:
    values = entry(net)
    recipe = json.loads(file_path(net / "releases", values["recipe_sha256"]).read_bytes())
    recipe["rules"] = {"of-the-state": recipe["rules"]["mine"]}
    digest = keep_file(net / "releases", canonical(recipe))
    one = values["catalogues"][0] | {"id": "of-the-state"}
    logged(net, values | {"catalogues": [one], "recipe_sha256": digest})

    with pytest.raises(LogError, match="expected catalogues of-the-state"):
        run("check", net, "--verify")


@pytest.mark.parametrize(
    "wrong",
    [
        {"files": [{"path": 1, "table": "a", "sha256": "b", "size": 2}]},
        {"log": {"origin": "o", "size": "1", "root": "r"}},
        {"rules": {"mine": {"a": 1}}},
        {"catalogues": "mine.json"},
        {"files": 1},
        {"as_of": 1},
    ],
)
def test_a_recipe_of_other_types_is_refused(net: Path, wrong: dict[str, Any]) -> None:
    values = entry(net)
    recipe = json.loads(file_path(net / "releases", values["recipe_sha256"]).read_bytes())
    logged(net, values | {"recipe_sha256": keep_file(net / "releases", canonical(recipe | wrong))})

    with pytest.raises(LogError, match="recipe"):
        run("check", net, "--verify")


def test_catalogues_that_network_toml_names_since_are_another_answer(tmp_path: Path) -> None:
    net = with_log(network(tmp_path / "net"))
    assert run("seal", net)[0] == exit_codes.PASSED
    settings = net / "network.toml"
    (net / "mine.json").write_text(json.dumps(CATALOGUE))
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("catalogues = []", 'catalogues = ["mine.json"]'), "utf-8")

    code, model = told("seal-verify", "check", net, "--verify")

    assert (code, model["same_answer"]) == (exit_codes.FOUND, False)
    assert {"path": "network.toml", "change": "changed"} in model["files"]["listed"]


def test_a_catalogue_named_twice_is_sealed_once(net: Path) -> None:
    code, model = told(
        "seal", "seal", net, "--catalogue", net / "mine.json", "--catalogue", net / "mine.json"
    )

    assert (code, [one["id"] for one in model["rules"]]) == (exit_codes.PASSED, ["mine"])
    assert told("seal-verify", "check", net, "--verify")[1]["holds"] is True


def test_a_log_made_anew_with_keys_of_ones_own_does_not_pass_under_the_readers_policy(
    net: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "log.policy"
    mine.write_bytes(encode_policy(policy(0)))
    assert run("check", net, "--verify", "--policy", mine)[0] == exit_codes.PASSED
    shutil.rmtree(net / "releases")
    forged = key(ORIGIN, number=1)
    create(net / "releases", Settings(ORIGIN, (forged.verifier(),)), encode_policy(policy(0, logs=(forged,))))
    net.with_name("net.key").write_text(f"{forged.secret_text()}\n")
    with writing(net / "releases") as writer:
        writer.append([make_statement(release()).entry])
        writer.checkpoint((forged,), TIME)
    assert run("seal", net)[0] == exit_codes.PASSED

    assert run("check", net, "--verify")[0] == exit_codes.PASSED
    code, model = told("seal-verify", "check", net, "--verify", "--policy", mine)
    assert (code, model["same_answer"], model["holds"]) == (exit_codes.FOUND, True, False)
    assert "expected a signature of a trusted key" in model["log"]["reason"]


def test_a_policy_goes_with_a_repetition_only(sealed: Path) -> None:
    with pytest.raises(ReportError, match="expected --verify"):
        run("check", sealed, "--policy", sealed / "releases/policy")
