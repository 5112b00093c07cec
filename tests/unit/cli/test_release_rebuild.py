"""`netproof release rebuild`: what it tells, what it logs, and which file it refuses to call the published one."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from typer.testing import CliRunner

from netproof.cli import exit_codes
from netproof.cli.main import app
from netproof.errors import LogError
from netproof.integrity.log import published
from netproof.report.diff_json import schema
from netproof.tlog.statement import read_statement
from tests.sealing import logged, network, with_log
from tests.tlogs import release
from tests.unit.integrity.test_rebuild import FILES, stamped, zipped

if TYPE_CHECKING:
    from pathlib import Path

PUBLISHED = stamped(FILES, mtime=1)
SOURCE = "ab" * 32
ID = "core-router-9@3.0"


def run(*words: str | Path) -> tuple[int, str]:
    got = CliRunner().invoke(app, ["release", "rebuild", *map(str, words)])
    if got.exception and not isinstance(got.exception, SystemExit):
        raise got.exception
    return got.exit_code, got.stdout


def told(*words: str | Path) -> tuple[int, dict[str, Any]]:
    """The answer as JSON, valid by its published schema."""
    code, out = run(*words, "--format", "json")
    model: dict[str, Any] = json.loads(out)
    jsonschema_rs.validator_for(schema("release-rebuild")).validate(model)
    return code, model


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a network whose log has a release, the published file and three builds."""
    builds = {
        "published.tar": PUBLISHED,
        "same.tar": PUBLISHED,
        "later.tar": stamped(FILES, mtime=2),
        "other.tar": stamped(FILES | {"bin/agent": b"\x7fELF other"}, mtime=1),
    }
    for name, data in builds.items():
        (tmp_path / name).write_bytes(data)
    net = with_log(network(tmp_path / "net"))
    digests = {"sha256": hashlib.sha256(PUBLISHED).hexdigest()}
    logged(net, release(release="3.0", digests=digests, component="image"))
    return tmp_path


def compared(place: Path, build: str, *more: str) -> tuple[int, dict[str, Any]]:
    return told(place / "net", ID, place / build, "--published", place / "published.tar", *more)


@pytest.mark.parametrize(
    ("build", "result", "code", "kinds"),
    [
        ("same.tar", "identical", exit_codes.PASSED, []),
        ("later.tar", "same_after_normalising", exit_codes.PASSED, ["time"]),
        ("other.tar", "different", exit_codes.FOUND, []),
    ],
)
def test_the_result_is_told_and_logged_with_every_normalisation(
    place: Path, build: str, result: str, code: int, kinds: list[str]
) -> None:
    got, model = compared(place, build, "--source-sha256", SOURCE)

    assert (got, model["result"], [one["kind"] for one in model["normalised"]]) == (code, result, kinds)
    values = read_statement(dict(published(place / "net/releases").entries())[model["entry"]]).values
    assert (values["kind"], values["result"], values["component"]) == ("rebuild", result, "image")
    assert values["source"] == {"escrow_sha256": SOURCE}
    assert values["digests"]["sha256"] == model["published"]["sha256"]
    assert values["rebuilt"]["sha256"] == model["built"]["sha256"]
    assert len(values["normalised"]) == len(kinds)
    assert model["checkpoint"]["quorum"] is True


def test_a_file_that_is_not_the_logged_one_is_refused_and_nothing_is_logged(place: Path) -> None:
    with pytest.raises(LogError, match="expected the logged bytes") as refused:
        run(place / "net", ID, place / "same.tar", "--published", place / "other.tar", "--commit", "c" * 40)

    assert "not the file that was logged" in refused.value.hint
    assert published(place / "net/releases").checkpoint.size == 2


def test_a_release_that_nobody_logged_is_refused(place: Path) -> None:
    with pytest.raises(LogError, match="expected a release of the log, got none of that name"):
        run(place / "net", "core-router-9@9.9", place / "same.tar", "--published", place / "published.tar")


def test_without_its_source_a_result_is_not_logged(place: Path) -> None:
    with pytest.raises(LogError, match="from which source") as refused:
        compared(place, "same.tar")

    assert "--source-sha256" in refused.value.hint


def test_without_the_log_it_only_tells(place: Path, tmp_path: Path) -> None:
    bare = network(tmp_path / "bare")
    words = (place / "later.tar", "--published", place / "published.tar", "--no-log")

    code, model = told(bare, ID, *words)
    assert (code, model["release"], model["entry"]) == (exit_codes.PASSED, None, None)
    assert told(place / "net", ID, *words)[1]["release"]["release"] == "3.0"
    assert published(place / "net/releases").checkpoint.size == 2
    assert not (bare / "releases").exists()


def test_people_read_the_result_first_and_then_what_was_set_aside(place: Path) -> None:
    _, out = run(
        place / "net", ID, place / "later.tar", "--published", place / "published.tar", "--commit", "c" * 40
    )

    lines = out.splitlines()
    assert lines[0] == "the same after normalising: only what is listed here differs"
    assert lines[1] == "release Sample Networks/core-router-9@3.0 (image), entry 1 of the log"
    assert "  time, times in headers differ: bin/agent, etc/agent.conf" in lines
    assert lines[-1].startswith("logged as entry 2; checkpoint of 3 entries, the policy asks for no witness")


def test_what_differs_is_named(place: Path) -> None:
    _, out = run(place / "net", ID, place / "other.tar", "--published", place / "published.tar", "--no-log")

    assert out.startswith("DIFFERENT: the build is not what was published\n")
    assert "Members that differ: 1" in out
    assert "bin/agent: sha256" in out


@pytest.mark.skipif(shutil.which("diffoscope") is None, reason="diffoscope is not installed")
def test_deep_looks_into_what_differs_and_not_into_what_is_identical(place: Path) -> None:
    _, other = compared(place, "other.tar", "--deep", "--no-log")
    _, same = compared(place, "same.tar", "--deep", "--no-log")

    assert other["deep"]["same"] is False
    assert "bin/agent" in other["deep"]["text"]
    assert same["deep"] is None


def test_headers_that_say_otherwise_are_named(place: Path) -> None:
    (place / "noted.zip").write_bytes(zipped(FILES, note=b"run me"))
    (place / "plain.zip").write_bytes(zipped(FILES))
    words = (place / "plain.zip", "--published", place / "noted.zip", "--no-log")

    code, out = run(network(place / "bare"), ID, *words)

    assert code == exit_codes.FOUND
    assert "  bin/agent: comment, published run me, built (nothing)" in out.splitlines()
