"""`netproof release verify`: what it prints, its exit codes, its schema, and that nothing heavy is loaded for help."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from typer.testing import CliRunner

from netproof.cli import exit_codes
from netproof.cli.main import app
from netproof.errors import ReportError, SourceError
from netproof.report.diff_json import schema
from netproof.report.diff_registry import write_answer
from tests.unit.integrity.signatures.authority import folder, holder, signed

ROOT = Path(__file__).parents[3]
KEY = holder("Releases of Kelmaro")
AT = ("--at", "2026-11-01")


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "image.bin"
    path.write_bytes(b"image")
    path.with_name("image.bin.sig").write_bytes(signed(KEY, b"image"))
    folder(tmp_path / "trust", key__pem=KEY.pem)
    return path


def run(*words: str | Path) -> tuple[int, str]:
    got = CliRunner().invoke(app, ["release", "verify", *map(str, words)])
    if got.exception and not isinstance(got.exception, SystemExit):
        raise got.exception
    return got.exit_code, got.stdout


def as_json(*words: str | Path) -> dict[str, Any]:
    _, text = run(*words, "--format", "json")
    model: dict[str, Any] = json.loads(text)
    jsonschema_rs.validator_for(schema("release-verify")).validate(model)
    return model


def test_a_verified_file_is_told_with_signer_and_digests(image: Path) -> None:
    code, text = run(image, "--trust", image.parent / "trust", *AT)

    assert code == exit_codes.PASSED
    assert "image.bin: verified" in text
    assert hashlib.sha256(b"image").hexdigest() in text
    assert "signer: Releases of Kelmaro" in text
    assert "1 file: 1 verified" in text


def test_exit_codes_tell_verified_from_not_and_from_broken(image: Path) -> None:
    trust = ("--trust", image.parent / "trust")

    assert run(image, *trust, *AT)[0] == exit_codes.PASSED
    assert run(image, *AT)[0] == exit_codes.FOUND
    image.write_bytes(b"other")
    assert run(image, *trust, *AT)[0] == exit_codes.FOUND
    with pytest.raises(SourceError, match="nowhere"):
        run(image.with_name("nowhere"))
    with pytest.raises(SourceError, match="expected a folder"):
        run(image, "--trust", image)
    with pytest.raises(ReportError, match="--format"):
        run(image, "--format", "xml")


def test_one_file_that_is_not_verified_is_enough(image: Path) -> None:
    second = image.with_name("second.bin")
    second.write_bytes(b"second")
    code, text = run(image, second, "--trust", image.parent / "trust", *AT)

    assert code == exit_codes.FOUND
    assert "2 files: 1 verified, 1 unsigned" in text


@pytest.mark.parametrize("case", ["verified", "not_verified", "unknown_signer", "digest_only", "unsigned"])
def test_each_verdict_follows_the_schema(image: Path, case: str) -> None:
    words: list[str | Path] = [image, *AT]
    if case in {"verified", "not_verified"}:
        words += ["--trust", image.parent / "trust"]
    if case == "not_verified":
        image.write_bytes(b"another")
    if case in {"digest_only", "unsigned"}:
        image.with_name("image.bin.sig").unlink()
    if case == "digest_only":
        listed = f"{hashlib.sha256(b'image').hexdigest()}  image.bin\n"
        image.with_name("SHA256SUMS").write_text(listed)
    model = as_json(*words)

    assert model["files"][0]["verdict"] == case
    assert model["summary"][case] == 1
    assert set(model["summary"]) == set(schema("release-verify")["properties"]["summary"]["properties"])


def test_a_name_cannot_steer_the_terminal(image: Path) -> None:
    nasty = image.with_name("a\x1b[2J\n.bin")
    nasty.write_bytes(b"x")
    _, text = run(nasty, *AT)

    assert "\x1b" not in text


def test_the_answer_can_go_to_a_file(image: Path, tmp_path: Path) -> None:
    output = tmp_path / "answer.json"
    run(image, *AT, "--format", "json", "--output", output)

    assert json.loads(output.read_text())["files"][0]["file"] == str(image)
    assert write_answer("release-verify", json.loads(output.read_text()), "terminal", width=60)


def test_the_commands_of_the_guide_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = (ROOT / "docs" / "guides" / "releases.md").read_text("utf-8")
    commands = [
        line.split()[4:] for line in guide.splitlines() if line.startswith("$ netproof release verify")
    ]
    monkeypatch.chdir(tmp_path)
    image = tmp_path / "router-7.2.bin"
    image.write_bytes(b"image")
    (tmp_path / "downloads").mkdir()
    for place in (tmp_path / "downloads" / "release.sig", tmp_path / "router-7.2.bin.sig"):
        place.write_bytes(signed(KEY, b"image"))
    folder(tmp_path / "suppliers-keys", key__pem=KEY.pem)

    assert [run(*words, *AT)[0] for words in commands] == [exit_codes.PASSED] * 2


def test_help_loads_no_cryptography() -> None:
    code = (
        "import sys, netproof.cli.main\n"
        "heavy = {'pysequoia', 'cryptography', 'asn1crypto', 'netproof.integrity.signatures'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    got = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert got.stdout == "[]\n"
