"""Do the words agree with the code: reference, README, commands, links, fragments?"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from docs import build, changelog, pages
from netproof.catalogue.loader import shipped_checks
from netproof.tables.spec import all_specs

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
TARGETS = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def test_the_reference_says_what_the_code_says() -> None:
    want = build.reference()

    got = {path: path.read_text("utf-8") for path in sorted(build.REFERENCE.glob("*.md"))}

    assert [path.name for path in got.keys() | want.keys() if got.get(path) != want.get(path)] == [], (
        "run `make docs`"
    )


def test_every_table_check_command_and_error_is_in_the_manual() -> None:
    manual = "".join(path.read_text("utf-8") for path in sorted(build.REFERENCE.glob("*.md")))
    headings = (
        [f"\n## {name}\n" for name in all_specs()]
        + [f"\n### {name}\n" for name in build.table_columns().keys() - all_specs().keys()]
        + [f"\n### {name}\n" for name in shipped_checks()]
        + [f"\n## {' '.join(('netproof', *words))}\n" for words in build.command_names()]
        + [f"| `{kind.__name__}` |" for kind in pages.error_classes()]
    )

    assert [heading for heading in headings if heading not in manual] == []


def test_the_readme_counts_the_checks_right() -> None:
    got = set(re.findall(r"(\d+) checks\]", README))

    assert got == {str(len(shipped_checks()))}, "run `make docs`"


def test_the_readme_s_first_screen_fits() -> None:
    first = README.split("\n## ")[0]

    assert len(first.strip().splitlines()) <= 28


def ready_checkout(folder: Path) -> Path:
    """A copy of what `make demo` needs, to run it apart from this checkout's own folders."""
    copy = folder / "netproof"
    copy.mkdir()
    shutil.copy(ROOT / "Makefile", copy)
    shutil.copytree(ROOT / "requirements", copy / "requirements")
    return copy


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run make with this very environment, at a terminal of the usual width."""
    command = ["make", f"VENV={sys.prefix}", *words]
    return subprocess.run(
        command,
        cwd=folder,
        env=build.environment(),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_make_demo_says_what_the_readme_shows_and_runs_again_over_its_own_folder(tmp_path: Path) -> None:
    copy = ready_checkout(tmp_path)
    shown = build.SHOWN.search(README)
    assert shown is not None

    first = make(copy, "demo")
    again = make(copy, "demo")

    assert first.returncode == 0, first.stderr
    assert build.readme(README, build.shown_lines(first.stdout, first.stderr)) == README, "run `make docs`"
    assert (copy / "musternetz" / "network.toml").is_file()
    assert len(list(copy.glob("**/*.html"))) == 1
    assert (again.returncode, again.stdout) == (first.returncode, first.stdout)


def commands_of(text: str) -> list[str]:
    """The commands that a page shows in its console blocks, one a line."""
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    return [
        line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")
    ]


def run_commands_of(folder: Path, *shown: str) -> None:
    """Run the commands of pages in a folder, one after another; what two pages show runs once."""
    path = f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}"
    commands = [commands_of((ROOT / page).read_text("utf-8")) for page in shown]
    assert all(commands)
    for command in dict.fromkeys(command for page in commands for command in page):
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=folder,
            env=build.environment() | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in {0, 1}, f"{command}\n{done.stderr}"


def outcomes(network: Path) -> dict[str, str]:
    """What each check of a network comes to."""
    command: list[str | Path] = [*build.NETPROOF, "check", network, "--format", "json"]
    done = subprocess.run(command, env=build.environment(), capture_output=True, text=True, check=False)
    return {check["id"]: check["outcome"] for check in json.loads(done.stdout)["checks"]}


@pytest.mark.slow
def test_the_readme_s_commands_run_and_the_first_check_comes_out_as_its_guide_says(tmp_path: Path) -> None:
    run_commands_of(tmp_path, "README.md", "docs/guides/your-first-check.md")
    certified = outcomes(tmp_path / "my-network")
    (tmp_path / "my-network" / "certificate.csv").unlink()
    uncertified = outcomes(tmp_path / "my-network")

    assert Counter(uncertified.values()).most_common(1)[0][0] == "no_evidence"
    assert (uncertified["RED-001"], uncertified["DIV-001"], uncertified["DIV-004"]) == (
        "pass",
        "fail",
        "fail",
    )
    assert uncertified["CERT-001"] == "no_evidence"
    assert (certified["CERT-001"], certified["CERT-002"]) == ("pass", "no_evidence")


def test_links_inside_the_manual_lead_somewhere() -> None:
    got = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "changes").glob("*.md")]:
        for target in LINK.findall(page.read_text("utf-8")):
            place, _, anchor = target.partition("#")
            if "://" in target or target.startswith("mailto:"):
                continue
            led = (page.parent / place).resolve() if place else page
            if not led.exists() or (anchor and anchor not in anchors(led)):
                got.append(f"{page.relative_to(ROOT)}: {target}")

    assert got == []


def anchors(page: Path) -> set[str]:
    """The names that headings of a page can be linked by."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_make_targets_that_texts_name_exist() -> None:
    texts = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / ".ci" / "run"]
    named = {
        target
        for text in texts
        for target in re.findall(r"(?:`|^|    )make ([a-z]+)", text.read_text("utf-8"), re.MULTILINE)
    }

    assert named <= set(TARGETS)


def test_fragments_are_named_by_issue_and_kind() -> None:
    for path in changelog.fragments():
        changelog.kind_of(path)


def test_a_release_takes_all_fragments_in_the_order_of_kinds(tmp_path: Path) -> None:
    fixed, added = tmp_path / "3.fixed.md", tmp_path / "2.added.md"
    fixed.write_text("a slip\n")
    added.write_text("one thing\n- another\n")

    got = changelog.section("0.2.0", "2026-12-01", [fixed, added])

    assert got == (
        "\n## 0.2.0 (2026-12-01)\n\n### Added\n\n- one thing (issue 2)\n- another (issue 2)\n"
        "\n### Fixed\n\n- a slip (issue 3)\n"
    )
