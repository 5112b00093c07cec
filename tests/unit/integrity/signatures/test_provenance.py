"""Provenance and the user's policy: who built it, how and from what (attack 39)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from typer.testing import CliRunner

from netproof.cli import exit_codes
from netproof.cli.main import app
from netproof.errors import SourceError
from netproof.integrity.signatures import Release, Verdict, read_trust, verify
from netproof.integrity.signatures.provenance import Policy, read
from tests.unit.integrity.signatures.authority import AT, folder, holder, signed
from tests.unit.integrity.signatures.test_dsse import CONTENT, envelope, public, statement

if TYPE_CHECKING:
    from pathlib import Path

KEY = ed25519.Ed25519PrivateKey.generate()
BARE = holder("Kelmaro Releases")
POLICY = b"""
builders = ["https://builds.kelmaro.example/1", "https://builds.kelmaro.example/2"]
build_types = ["https://builds.kelmaro.example/image/v1"]

[external_parameters]
ref = ["refs/heads/main", "refs/heads/stable"]
debug = false
comment = "*"
workflow.repository = "https://git.kelmaro.example/router"
"""
GOOD: dict[str, Any] = {
    "ref": "refs/heads/main",
    "debug": False,
    "workflow": {"repository": "https://git.kelmaro.example/router"},
}


def predicate(
    builder: Any = "https://builds.kelmaro.example/1",
    kind: Any = "https://builds.kelmaro.example/image/v1",
    **parameters: Any,
) -> dict[str, Any]:
    given = {name: value for name, value in (GOOD | parameters).items() if value is not ...}
    return {
        "buildDefinition": {"buildType": kind, "externalParameters": given},
        "runDetails": {"builder": {"id": builder}},
    }


def judged(
    tmp_path: Path, said: Any, policy: bytes | None = POLICY, *, kind: str = "v1", key: Any = KEY
) -> Release:
    path = tmp_path / "image.bin"
    path.write_bytes(CONTENT)
    payload = statement(predicate=said, predicateType=f"https://slsa.dev/provenance/{kind}")
    path.with_name("image.bin.intoto.jsonl").write_text(json.dumps(envelope(payload, key)))
    trust = read_trust(folder(tmp_path / "trust", key__pem=public(KEY), cert__pem=BARE.pem))
    expected = read("release.toml", policy) if policy else None
    return verify([path], at=AT, trust=trust, policy=expected).releases[0]


def test_39_provenance_that_the_policy_expects_is_verified(tmp_path: Path) -> None:
    got = judged(tmp_path, predicate(comment="nightly"))

    assert (got.verdict, got.reason) == (Verdict.VERIFIED, "")
    assert got.signatures[0].notes[-1] == "its provenance meets release.toml"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (predicate("https://builds.kelmaro.example/3"), "built by 'https://builds.kelmaro.example/3', whom"),
        (predicate("https://builds.kelmaro.example/"), "whom release.toml does not list"),
        (predicate(None), "built by nobody says what"),
        (predicate(["https://builds.kelmaro.example/1"]), "whom release.toml does not list"),
        (predicate(kind="x"), "by the procedure 'x', which"),
        (predicate(extra="y"), "the external parameter /extra is not expected, by release.toml"),
        (predicate(ref="refs/heads/evil"), "the external parameter /ref is 'refs/heads/evil'"),
        (predicate(ref=["refs/heads/main"]), "the external parameter /ref is ['refs/heads/main']"),
        (predicate(ref=...), "the external parameter /ref is missing"),
        (predicate(debug=True), "the external parameter /debug is True"),
        (predicate(debug=0), "the external parameter /debug is 0"),
        (predicate(workflow="x"), "the external parameter /workflow is 'x'"),
        (predicate(workflow={}), "the external parameter /workflow/repository is missing"),
        (
            predicate(workflow=GOOD["workflow"] | {"path": "evil"}),
            "the external parameter /workflow/path is not expected",
        ),
        (predicate(**{"\x1b[2J": 1}), r"/'\x1b[2J' is not expected"),
        ({}, "built by nobody says what"),
        ([], "built by nobody says what"),
        (
            predicate() | {"buildDefinition": {"buildType": "https://builds.kelmaro.example/image/v1"}},
            "not say",
        ),
    ],
)
def test_39_provenance_that_the_policy_does_not_expect_is_refused(
    tmp_path: Path, said: Any, reason: str
) -> None:
    got = judged(tmp_path, said)

    assert got.verdict is Verdict.NOT_VERIFIED
    assert got.reason.startswith("its provenance is another: ")
    assert reason in got.reason
    assert got.reason.isprintable()


def test_39_without_a_policy_a_note_says_that_provenance_was_compared_with_none(tmp_path: Path) -> None:
    got = judged(tmp_path, predicate("https://evil.example"), None)

    assert got.verdict is Verdict.VERIFIED
    assert got.signatures[0].notes[-1] == "its provenance was compared with no policy (--provenance-policy)"


def test_39_who_asks_for_provenance_is_not_served_by_its_absence(tmp_path: Path) -> None:
    judged(tmp_path, predicate())
    path = tmp_path / "image.bin"
    path.with_name("image.bin.intoto.jsonl").unlink()
    path.with_name("image.bin.sig").write_bytes(signed(BARE, CONTENT))
    trust = read_trust(tmp_path / "trust")

    assert verify([path], at=AT, trust=trust).releases[0].verdict is Verdict.VERIFIED

    (got,) = verify([path], at=AT, trust=trust, policy=read("p", POLICY)).releases

    assert (got.verdict, got.reason) == (
        Verdict.NOT_VERIFIED,
        "no provenance (SLSA v1) that holds is there to meet the policy",
    )


def test_39_another_version_of_provenance_meets_no_policy(tmp_path: Path) -> None:
    got = judged(tmp_path, predicate(), kind="v0.2")

    assert got.verdict is Verdict.NOT_VERIFIED
    assert "of another version than v1" in got.signatures[0].notes[-1]


def test_39_provenance_by_a_stranger_meets_no_policy(tmp_path: Path) -> None:
    got = judged(tmp_path, predicate(), key=ed25519.Ed25519PrivateKey.generate())

    assert got.verdict is Verdict.NOT_VERIFIED
    assert "holds under none" in got.reason


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "a list of texts as builders"),
        (b"builders = []\nbuild_types = ['x']", "a list of texts as builders"),
        (b"builders = ['']\nbuild_types = ['x']", "a list of texts as builders"),
        (b"builders = 'x'\nbuild_types = ['x']", "a list of texts as builders"),
        (b"builders = ['x']\nbuild_types = [1]", "a list of texts as build_types"),
        (
            b"builders = ['x']\nbuild_types = ['x']\nexternal_parameters = ['x']",
            "a table external_parameters",
        ),
        (b"builders = ['x']\nbuild_types = ['x']\nexternal_parameter = {}", "got 'external_parameter'"),
        (b"builders = ", "expected TOML"),
        (b"\xff", "expected TOML"),
        (b"a = " + b"[" * 5_000, "expected TOML"),
    ],
)
def test_a_policy_that_is_not_of_its_form_is_refused_by_name(content: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=f"^release.toml: .*{why}"):
        read("release.toml", content)


def test_a_policy_without_parameters_expects_none() -> None:
    policy = Policy("p", ("b",), ("t",), {})
    said: dict[str, Any] = {
        "buildDefinition": {"buildType": "t", "externalParameters": {}},
        "runDetails": {"builder": {"id": "b"}},
    }

    assert policy.against(said) == ""
    said["buildDefinition"]["externalParameters"] = {"x": 1}
    assert policy.against(said) == "the external parameter /x is not expected, by p"


def test_the_command_takes_a_policy(tmp_path: Path) -> None:
    judged(tmp_path, predicate())
    (tmp_path / "good.toml").write_bytes(POLICY)
    (tmp_path / "bad.toml").write_bytes(POLICY.replace(b"builds.kelmaro", b"builds.veldraum"))
    words = ["release", "verify", tmp_path / "image.bin", "--trust", tmp_path / "trust", "--at", str(AT)]

    def run(policy: str) -> int:
        more = ["--provenance-policy", tmp_path / policy]
        return CliRunner().invoke(app, [*map(str, words), *map(str, more)]).exit_code

    assert (run("good.toml"), run("bad.toml")) == (exit_codes.PASSED, exit_codes.FOUND)
