"""`netproof release prove`, `check` and `audit`: what they print, exit codes, schemas, and the guide's commands."""

from __future__ import annotations

import json
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
import typer
from typer.testing import CliRunner

from netproof.cli import exit_codes, proofs
from netproof.cli.release_audit import own_state
from netproof.errors import LogError, ReportError, SourceError
from netproof.report.diff_json import schema
from netproof.tlog.policy_text import encode_policy
from netproof.tlog.proof import parse_proof
from tests.tlogs import ARTIFACT, TIME, policy
from tests.unit.integrity.audit.logs import entries, statement, withdraw, written
from tests.unit.integrity.audit.serving import files, serving
from tests.unit.integrity.audit.test_proof import OWN, cosign, logged

if TYPE_CHECKING:
    from typer.testing import Result

ROOT = Path(__file__).parents[3]


def run(*words: str | Path) -> Result:
    app = typer.Typer()
    proofs.register(app)
    got = CliRunner().invoke(app, [str(word) for word in words])
    if got.exception and not isinstance(got.exception, SystemExit):
        raise got.exception
    return got


@pytest.fixture
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A network with a log of two checkpoints, a released file, the policy, and the clock an hour later."""
    monkeypatch.setattr(time, "time", lambda: float(TIME + 3_600))
    folder = tmp_path / "musternetz"
    folder.mkdir()
    logged(folder / "releases", [*entries(0, 20), statement()], entries(20, 300))
    (tmp_path / "image.bin").write_bytes(ARTIFACT)
    (tmp_path / "log.policy").write_bytes(encode_policy(policy(2)))
    monkeypatch.chdir(tmp_path)
    return folder


def checked(proof: Path | str, *words: str | Path) -> Result:
    return run("check", proof, *words, "--policy", "log.policy")


def test_prove_writes_the_proof_and_nothing_else_to_standard_output(net: Path, tmp_path: Path) -> None:
    got = run("prove", net, "core-router-9@2.4.1")
    (tmp_path / "r.tlog-proof").write_bytes(got.stdout_bytes)
    answer = checked("r.tlog-proof", "image.bin")

    assert got.exit_code == answer.exit_code == exit_codes.PASSED
    assert parse_proof(got.stdout_bytes).index == 20
    assert got.stderr == "entry 20: release of Sample Networks/core-router-9@2.4.1\n"
    assert "image.bin: proven to be in the log" in answer.stdout


@pytest.mark.parametrize("name", ["20", "Sample Networks/core-router-9@2.4.1"])
def test_prove_takes_an_entry_by_number_or_name(net: Path, tmp_path: Path, name: str) -> None:
    run("prove", net, name, "--output", tmp_path / "r.tlog-proof")

    assert checked("r.tlog-proof", "image.bin").exit_code == exit_codes.PASSED


def test_prove_first_takes_the_first_checkpoint_that_holds_the_entry(net: Path) -> None:
    first = parse_proof(run("prove", net, "20", "--first").stdout_bytes)
    newest = parse_proof(run("prove", net, "20").stdout_bytes)

    assert (first.checkpoint.splitlines()[1], newest.checkpoint.splitlines()[1]) == (b"21", b"321")
    assert first.extra == newest.extra


def test_prove_says_what_it_cannot_find_or_tell_apart(net: Path) -> None:
    with pytest.raises(LogError, match="expected an entry among the 321 of the published log, got none"):
        run("prove", net, "core-router-9@9.9")
    with pytest.raises(LogError, match="expected one entry, got 321") as many:
        # Every made-up release has the same bytes.
        run("prove", net, json.loads(statement())["digests"]["sha256"])
    assert "name one: 0: release of Sample Networks/core-router-9@2.4.1-0; 1: " in many.value.hint
    with pytest.raises(ReportError):
        run("prove", net, "20", "--output", net / "nowhere" / "file")
    with pytest.raises(LogError, match="expected a log"):
        run("prove", net.parent, "20")


def test_prove_warns_of_a_later_withdrawal(net: Path) -> None:
    from netproof.integrity.log import writing

    with writing(net / "releases") as writer:
        writer.append([withdraw()])
        writer.checkpoint(OWN, TIME, cosign)
    got = run("prove", net, "20")

    assert "warning: entry 321 withdraws it; the proof does not show that" in got.stderr
    assert run("prove", net, "321").stderr.startswith("entry 321: withdraw of Sample Networks/")


def test_check_tells_held_from_not_and_from_broken(net: Path, tmp_path: Path) -> None:
    run("prove", net, "20", "--output", "r.tlog-proof")
    (tmp_path / "other.bin").write_bytes(b"other")
    entry = tmp_path / "entry"
    entry.write_bytes(statement())

    assert checked("r.tlog-proof", "image.bin").exit_code == exit_codes.PASSED
    assert checked("r.tlog-proof").exit_code == exit_codes.PASSED
    assert checked("r.tlog-proof", "image.bin", "--entry", entry).exit_code == exit_codes.PASSED
    assert checked("r.tlog-proof", "image.bin", "--max-age", "1").exit_code == exit_codes.PASSED
    assert checked("r.tlog-proof", "image.bin", "--max-age", "0.9").exit_code == exit_codes.FOUND
    assert checked("r.tlog-proof", "other.bin").exit_code == exit_codes.FOUND
    assert checked("log.policy", "image.bin").exit_code == exit_codes.FOUND
    with pytest.raises(SourceError, match="nowhere"):
        checked("r.tlog-proof", "nowhere")
    with pytest.raises(SourceError, match="nowhere"):
        checked("nowhere", "image.bin")
    with pytest.raises(LogError, match="policy"):
        run("check", "r.tlog-proof", "image.bin", "--policy", "r.tlog-proof")
    with pytest.raises(ReportError, match="--format"):
        checked("r.tlog-proof", "image.bin", "--format", "xml")


def as_json(name: str, got: Result) -> dict[str, Any]:
    model: dict[str, Any] = json.loads(got.stdout)
    jsonschema_rs.validator_for(schema(name)).validate(model)
    return model


def test_check_as_json_follows_its_schema(net: Path) -> None:
    run("prove", net, "20", "--output", "r.tlog-proof")
    held = as_json("release-check", checked("r.tlog-proof", "image.bin", "--format", "json"))
    failed = as_json("release-check", checked("log.policy", "image.bin", "--format", "json"))

    assert (held["holds"], held["entry"], held["statement"]["release"]) == (True, 20, "2.4.1")
    assert held["head"]["proven_by"] == "2026-10-26T07:33:20Z"
    assert (failed["holds"], failed["statement"], failed["file"]["file"]) == (False, None, "image.bin")


def audited(where: Path | str, *words: str | Path) -> Result:
    return run("audit", where, "--policy", "log.policy", "--state", "state", *words)


def test_audit_tells_a_good_log_over_http_from_a_finding(net: Path) -> None:
    with serving(files(net / "releases")) as server:
        got = audited(server.url)
        again = as_json("release-audit", audited(server.url, "--format", "json"))
        stale = audited(server.url, "--max-age", "0.5")

    assert got.exit_code == exit_codes.PASSED
    assert f"{server.url}: nothing found" in got.stdout
    assert "321 new entries hashed and read; 321 in all" in got.stdout
    assert "first audit: nothing is remembered" in got.stdout
    assert (again["passed"], again["before"], again["consistent"], again["findings"]) == (True, 321, True, [])
    assert (stale.exit_code, "not fresh: " in stale.stdout) == (exit_codes.FOUND, True)
    assert "begins with the tree of 321 entries that was verified before" in stale.stdout


def test_audit_of_a_folder_with_options(net: Path, tmp_path: Path) -> None:
    folder = net / "releases"
    other = written(tmp_path / "other", 400)
    bad = audited(folder, "--against", other.folder)
    known = audited(folder, "--only-new")

    assert bad.exit_code == exit_codes.FOUND
    assert "two histories: the log signed a tree of 400" in bad.stdout
    assert "evidence: " in bad.stdout
    assert (known.exit_code, "(told before)" in known.stdout) == (exit_codes.PASSED, True)
    assert audited(folder).exit_code == exit_codes.FOUND
    assert run("audit", folder, "--policy", "log.policy", "--state", "s2", "--max-new", "9").exit_code == 1
    loose = run("audit", folder, "--policy", "log.policy", "--state", "s3", "--any-entries")
    assert "321 new entries hashed; 321 in all" in loose.stdout


def test_audit_of_a_server_that_is_down_is_a_finding(net: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with serving(files(net / "releases")) as server:
        pass
    got = audited(server.url)

    assert got.exit_code == exit_codes.FOUND
    assert "could not be had: " in got.stdout


def test_audit_of_no_log_at_all_is_broken(net: Path) -> None:
    for where, policy_file in (("ftp://log.example/", "log.policy"), (str(net / "nowhere"), "log.policy")):
        with pytest.raises(SourceError, match="expected"):
            run("audit", where, "--policy", policy_file, "--state", "state")
    with pytest.raises(SourceError, match="nowhere"):
        run("audit", net / "releases", "--policy", "nowhere", "--state", "state")
    with pytest.raises(LogError, match="policy"):
        run("audit", net / "releases", "--policy", "image.bin", "--state", "state")


def test_the_memory_lies_where_the_user_s_state_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/var/state")
    named = own_state()
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setenv("HOME", "/users/auditor")

    assert named == Path("/var/state/netproof/audits")
    assert own_state() == Path("/users/auditor/.local/state/netproof/audits")


def test_the_commands_of_the_guide_run(net: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each as it stands, with this machine's server and a release of this log in place of the guide's."""
    monkeypatch.setenv("XDG_STATE_HOME", str(net.parent / "home"))
    guide = (ROOT / "docs" / "guides" / "audit-a-log.md").read_text("utf-8")
    commands = [
        shlex.split(
            line.removeprefix("$ netproof release ").replace("zirbelwerk-upf@6.4.0", "core-router-9@2.4.1")
        )
        for line in guide.splitlines()
        if line.startswith("$ netproof release ")
    ]
    with serving(files(net / "releases")) as server:
        got = [
            run(*(server.url if "example" in word else word for word in words)).exit_code
            for words in commands
        ]

    assert [words[0] for words in commands if words[0] not in {"prove", "check", "audit"}] == []
    assert got == [exit_codes.PASSED] * len(commands)
    assert len(commands) >= 5


def test_help_loads_neither_network_nor_cryptography() -> None:
    import subprocess

    code = (
        "import sys, netproof.cli.proofs\n"
        "heavy = {'requests', 'ssl', 'cryptography', 'sqlite3', 'netproof.integrity.audit'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    got = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert got.stdout == "[]\n"
