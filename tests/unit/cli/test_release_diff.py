"""`netproof release diff`: what it prints, its exit codes, its schema."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from typer.testing import CliRunner

from netproof.cli import exit_codes
from netproof.cli.main import app
from netproof.errors import ReportError, SourceError
from netproof.report.diff_json import schema
from netproof.report.diff_registry import write_answer
from netproof.report.release_diff_terminal import SHOWN
from tests.unit.integrity.packages.archives import member, tar, tar_gz, tar_of, zip_of
from tests.unit.integrity.test_sbom import component, cyclonedx

if TYPE_CHECKING:
    from pathlib import Path

PEM = (
    b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
    b"-----END PUBLIC KEY-----\n"
)
OLD = {
    "image-7.1/bin/agent": b"\x7fELF one",
    "image-7.1/etc/agent.conf": b"server = 192.0.2.1\n",
    "image-7.1/bom.json": json.dumps(cyclonedx(component("zlib", "1.2"), component("gone"))).encode(),
    "image-7.1/readme": b"read me",
}
NEW = {
    "image-7.2/bin/agent": b"\x7fELF two https://collector.example.net/upload\0",
    "image-7.2/etc/agent.conf": b"server = 192.0.2.1\nlisten = 0.0.0.0:4433\n" + PEM,
    "image-7.2/bom.json": json.dumps(cyclonedx(component("zlib", "1.3"), component("came"))).encode(),
    "image-7.2/lib/systemd/system/agent.service": b"[Service]\n",
    "image-7.2/bin/helper": b"\x7fELF helper",
    "image-7.2/inner.zip": b"PK\3\4 no zip",
}


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """A package and its update."""
    old, new = tmp_path / "image-7.1.tar.gz", tmp_path / "image-7.2.tar.gz"
    old.write_bytes(tar_gz(OLD))
    new.write_bytes(tar_gz(NEW, {"image-7.2/bin/helper": 0o4755}))
    return old, new


def run(*words: str | Path) -> tuple[int, str]:
    got = CliRunner().invoke(app, ["release", "diff", *map(str, words)])
    if got.exception and not isinstance(got.exception, SystemExit):
        raise got.exception
    return got.exit_code, got.stdout


def told(*words: str | Path) -> dict[str, Any]:
    """The answer as JSON, valid by its published schema."""
    _, out = run(*words, "--format", "json")
    model: dict[str, Any] = json.loads(out)
    jsonschema_rs.validator_for(schema("release-diff")).validate(model)
    return model


def test_an_update_is_told_with_what_gives_power_first(pair: tuple[Path, Path]) -> None:
    code, got = run(*pair)

    assert code == exit_codes.FOUND
    order = [
        "members: 3 added, 1 removed, 3 changed, 0 same",
        "compared below image-7.1/ and image-7.2/",
        "Files that newly give rights: 1",
        "  bin/helper: setuid, new file",
        "Keys and certificates that were not there before: 1",
        "  public key in image-7.2/etc/agent.conf, sha256 ",
        "Network services that were not there before: 2",
        "  port in image-7.2/etc/agent.conf: listen = 0.0.0.0:4433",
        "  unit in image-7.2/lib/systemd/system/agent.service: agent.service",
        "Addresses that were not there before: 2",
        "  ipv4 0.0.0.0 in image-7.2/etc/agent.conf",
        "  url https://collector.example.net/upload in image-7.2/bin/agent",
        "what it does not list is unknown",
        "Components: 3",
        "  added: library came 1",
        "  removed: library gone 1",
        "  version: library zlib 1.2 -> 1.3",
        "Added: 3",
        "Removed: 1",
        "Changed: 3",
        "Packages inside that stay closed: 1",
        "  new: image-7.2/inner.zip: image-7.2.tar.gz!/image-7.2/inner.zip: refused (damaged)",
    ]
    places = [got.find(line) for line in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_the_json_follows_its_schema_and_has_everything(pair: tuple[Path, Path]) -> None:
    got = told(*pair)

    assert got["summary"] == {
        "added": 3, "removed": 1, "changed": 3, "same": 0,
        "privileged": 1, "keys": 1, "services": 2, "addresses": 2, "components": 3,
    }  # fmt: skip
    assert got["same"] is False
    assert [one["new"]["mode"] for one in got["files"] if one["path"] == "bin/helper"] == ["4755"]


def test_the_same_contents_give_exit_code_0(tmp_path: Path) -> None:
    files = {"a": b"1", "b": b"2"}
    (tmp_path / "a.tar").write_bytes(tar_of(files))
    (tmp_path / "b.tar.gz").write_bytes(tar_gz(files))

    code, got = run(tmp_path / "a.tar", tmp_path / "b.tar.gz")

    assert code == exit_codes.PASSED
    assert "No member differs." in got
    assert told(tmp_path / "a.tar", tmp_path / "b.tar.gz")["same"] is True


def test_given_bills_stand_in_for_those_in_the_packages(pair: tuple[Path, Path], tmp_path: Path) -> None:
    for name, version in (("old", "1"), ("new", "2")):
        (tmp_path / f"{name}.json").write_text(json.dumps(cyclonedx(component("given", version))))

    got = told(*pair, "--sbom-old", tmp_path / "old.json", "--sbom-new", tmp_path / "new.json")

    assert [(one["change"], one["key"]) for one in got["sboms"][0]["components"]] == [
        ("version", "library given")
    ]


def test_without_bills_components_are_unknown(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(zip_of({"x": name.encode()}))

    code, got = run(tmp_path / "a", tmp_path / "b")

    assert code == exit_codes.FOUND
    assert "Components: unknown, neither package has a bill of materials that is read" in got


def test_a_refused_package_stops_the_command(tmp_path: Path) -> None:
    (tmp_path / "old.tar").write_bytes(tar_of({"a": b"1"}))
    (tmp_path / "new.tar").write_bytes(tar(member(b"../../etc/passwd", b"x")))

    with pytest.raises(SourceError, match=r"new\.tar: refused \(path traversal\).*'\.\./\.\./etc/passwd'"):
        run(tmp_path / "old.tar", tmp_path / "new.tar")


def test_long_lists_are_cut_on_a_terminal_and_whole_in_json(tmp_path: Path) -> None:
    (tmp_path / "old.tar").write_bytes(tar_of({"a": b"1"}))
    (tmp_path / "new.tar").write_bytes(tar_of({f"f{number:02}": b"1" for number in range(SHOWN + 5)}))

    _, got = run(tmp_path / "old.tar", tmp_path / "new.tar")

    assert "  and 5 more" in got
    assert told(tmp_path / "old.tar", tmp_path / "new.tar")["summary"]["added"] == SHOWN + 5


def test_an_answer_goes_to_a_file(pair: tuple[Path, Path], tmp_path: Path) -> None:
    _, out = run(*pair, "--output", tmp_path / "answer.txt")

    assert out == ""
    assert "members: 3 added" in (tmp_path / "answer.txt").read_text()


def test_the_same_packages_give_the_same_bytes(pair: tuple[Path, Path]) -> None:
    assert run(*pair, "--format", "json") == run(*pair, "--format", "json")


def test_other_formats_are_refused(pair: tuple[Path, Path]) -> None:
    with pytest.raises(ReportError, match="expected html, json, terminal, got 'xml'"):
        run(*pair, "--format", "xml")


def test_every_kind_of_change_has_words(pair: tuple[Path, Path]) -> None:
    model = told(*pair)
    model["files"] = [
        {"change": "changed", "path": "p", "parts": ["kind", "mode", "target", "capabilities"], "moved_from": None,
         "old": {"kind": "file", "mode": "0644", "size": 1, "sha256": "00" * 32, "target": None, "capabilities": False},
         "new": {"kind": "link", "mode": None, "size": 0, "sha256": None, "target": "q", "capabilities": True}},
        {"change": "added", "path": "r", "parts": [], "moved_from": "s", "old": None,
         "new": {"kind": "link", "mode": None, "size": 0, "sha256": None, "target": "q", "capabilities": False}},
    ]  # fmt: skip
    model["sboms"] = [{"old": None, "new": model["sboms"][0]["new"], "components": []}]
    model["sboms_unread"] = [{"side": "new", "path": "x", "reason": "x: expected strict JSON"}]
    model["new"]["whole"] = False

    got = write_answer("release-diff", model, "terminal", width=200)

    assert (
        "p: kind file -> link; mode 0644 -> (not said); target (not said) -> q; capabilities no -> yes" in got
    )
    assert "r: link, to q, has the bytes of s" in got
    assert "Components: unknown, only one side has this bill" in got
    assert "not read, new: x: expected strict JSON" in got
    assert "new: more keys, services or addresses than are noted" in got


@pytest.mark.skipif(shutil.which("diffoscope") is None, reason="diffoscope is not installed")
def test_deep_adds_what_diffoscope_tells(pair: tuple[Path, Path]) -> None:
    got = told(*pair, "--deep")["deep"]

    assert (got["said"], got["same"]) == ("finds differences", False)
    assert "image-7.2/bin/helper" in got["text"]
    assert f"{got['tool']}: finds differences" in run(*pair, "--deep")[1]


def test_deep_without_diffoscope_says_how_to_get_it(
    pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")

    code, out = run(*pair, "--deep")

    assert code == exit_codes.FOUND
    assert "diffoscope: not installed: `apt install diffoscope-minimal`" in out
    assert told(*pair, "--deep")["deep"]["same"] is None
