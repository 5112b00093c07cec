"""Does the house keep its own rules: short files, whole checks, no words of the place where it was made?"""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "netproof"
LINES_MAX = 400

# Written in parts, so that this file does not hold what it forbids.
_HOSTS = ("files.python" + "hosted", "py" + "pi.org", "registry.npm" + "js", "deb.debian" + ".org")
_FOLDERS = ("wo" + "rk", "ro" + "ot", "ho" + r"me/\w+", "tm" + "p", "op" + "t/(?:wheels|pypi)")
FORBIDDEN = {
    "a package registry's host": "|".join(map(re.escape, _HOSTS)),
    "a folder of one machine": rf"(?<![\w.~/-])/(?:{'|'.join(_FOLDERS)})/",
    "a folder beside the checkout": r"\.\./sha" + "red",
}
# Words of others, kept byte for byte: licences, schemas, vectors.
OTHERS = ("LICENSE", "/vendor/", "tests/conformance/", "src/netproof/oscal/schema/", "/geo/")


def tracked() -> list[Path]:
    """Every file that is in the repository or would be with the next commit."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    names = sorted(set(done.stdout.decode().split("\0")) - {""})
    return [path for name in names if (path := ROOT / name).is_file() and not path.is_symlink()]


def text_of(path: Path) -> str:
    """A file's text; empty where it is none."""
    data = path.read_bytes()
    return "" if b"\0" in data[:8000] else data.decode("utf-8", "replace")


def test_no_file_of_the_house_is_over_400_lines() -> None:
    own = [
        path
        for path in tracked()
        if path.suffix in {".py", ".sql", ".j2", ".sh", ".cpp", ".h"}
        and not any(o in path.as_posix() for o in OTHERS)
    ]
    got = {
        path.relative_to(ROOT).as_posix(): lines
        for path in own
        if (lines := len(path.read_text("utf-8").splitlines())) > LINES_MAX
    }

    assert got == {}


def test_no_tracked_file_names_a_registry_host_or_a_machine() -> None:
    got = []
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if any(other in f"/{name}" for other in OTHERS):
            continue
        got += [
            f"{name}: {found[0]} ({what})"
            for what, pattern in FORBIDDEN.items()
            for found in re.finditer(pattern, text_of(path))
        ]

    assert got == []


def test_every_check_has_its_three_files() -> None:
    folder = PACKAGE / "catalogue" / "checks"
    ids = {path.name.split(".")[0] for path in folder.rglob("*") if path.is_file()}
    want = {f"{id_.split('-')[0]}/{id_}{end}" for id_ in ids for end in (".toml", ".sql", ".cases.yml")}

    got = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    assert ids
    assert got == want


def test_names_of_modules_are_the_house_s() -> None:
    banned = {"utils", "helpers", "common", "manager", "process", "misc"}

    assert [path.name for path in PACKAGE.rglob("*.py") if path.stem in banned] == []


def test_exception_is_caught_in_the_command_line_only() -> None:
    pattern = re.compile(r"except\s*(?:\(?\s*(?:Base)?Exception\b|:)")
    got = [
        path.relative_to(PACKAGE).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        if pattern.search(path.read_text("utf-8"))
    ]

    assert set(got) <= {"cli/main.py"}


def test_every_source_of_the_kernels_is_built() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        (kernels,) = tomllib.load(file)["tool"]["setuptools"]["ext-modules"]
    native = PACKAGE / "graph" / "native"
    want = [
        path.relative_to(ROOT).as_posix() for end in ("cpp", "h") for path in sorted(native.glob(f"*.{end}"))
    ]

    assert kernels["sources"] + kernels["depends"] == want
