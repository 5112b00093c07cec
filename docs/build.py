"""Writes the parts of the manual that are made: `python -m docs.build`, or `make docs`.

Reads the table specifications, the checks, the error tree, `--help` of every command and the output of the
README's own command; writes docs/reference/ and the marked block of README.md. tests/docs compares what
stands there with what this would write.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import typer.main

from docs import check_pages, pages
from netproof.catalogue.loader import catalogue_ids, shipped_catalogue, shipped_checks
from netproof.checks.prepare import known_columns
from netproof.cli.main import app
from netproof.derived import build as derived_tables
from netproof.derived import derived_sql
from netproof.tables.keys import build_version_keys
from netproof.tables.load import load
from netproof.tables.spec import all_specs
from netproof.tables.store import Store

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
PACKAGE = ROOT / "src" / "netproof"
README = ROOT / "README.md"
SHOWN = re.compile(r"(<!-- output of make demo -->\n```text\n)(.*?)(```\n)", re.DOTALL)
ANY_DATE = date(2026, 1, 1)
NETPROOF = (
    sys.executable,
    "-c",
    "import sys; sys.argv[0] = 'netproof'; from netproof.cli.main import main; main()",
)


def environment(columns: int = 80) -> dict[str, str]:
    """Return an environment in which the words are the same everywhere: so many columns, no colour."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return kept | {"COLUMNS": str(columns), "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1"}


def command_names() -> list[tuple[str, ...]]:
    """Return every command as its words after `netproof`, groups before their commands."""
    found: list[tuple[str, ...]] = []

    def walk(command: object, words: tuple[str, ...]) -> None:
        found.append(words)
        children = getattr(command, "commands", {})
        for name, child in children.items():
            if not child.hidden:
                walk(child, (*words, name))

    walk(typer.main.get_command(app), ())
    return found


def help_of(words: tuple[str, ...]) -> str:
    """Return what a command says of itself."""
    done = subprocess.run(
        [*NETPROOF, *words, "--help"], capture_output=True, text=True, env=environment(), check=True
    )
    return "\n".join(line.rstrip() for line in done.stdout.strip("\n").splitlines())


def commands() -> str:
    """Return the page of all commands."""
    text = pages.MADE + "# Commands\n\nWhat `--help` says, command by command. "
    text += "[Errors and exit codes](errors.md) are on a page of their own.\n"
    for words in command_names():
        text += f"\n## {' '.join(('netproof', *words))}\n\n```text\n{help_of(words)}\n```\n"
    return text


def table_columns() -> dict[str, tuple[str, ...]]:
    """Return the columns of every table that a check may read."""
    store = Store.empty(threads=1)
    load(store, [])
    build_version_keys(store)
    derived_tables(store, ANY_DATE)
    return {name: tuple(columns) for name, columns in known_columns(store).items()}


def reference() -> dict[Path, str]:
    """Return every page of docs/reference by its path."""
    sources = {
        path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8")
        for path in sorted(PACKAGE.rglob("*.py"))
    }
    return {
        REFERENCE / "tables.md": pages.tables(all_specs(), derived_sql(), table_columns()),
        REFERENCE / "checks.md": check_pages.checks(shipped_checks().values()),
        REFERENCE / "catalogues.md": check_pages.catalogues(
            {i: shipped_catalogue(i) for i in catalogue_ids()}
        ),
        REFERENCE / "commands.md": commands(),
        REFERENCE / "errors.md": pages.error_page(sources),
    }


def demo_output() -> list[str]:
    """Run the example in an empty folder and return the lines that the README shows."""
    with tempfile.TemporaryDirectory(prefix="netproof-docs-") as folder:
        done = subprocess.run(
            [*NETPROOF, "demo", "musternetz"],
            capture_output=True,
            text=True,
            env=environment(),
            cwd=folder,
            check=False,
        )
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    return shown_lines(done.stdout, done.stderr)


def shown_lines(stdout: str, stderr: str) -> list[str]:
    """Return all that the example says of itself: what was written, the summary, where the report lies."""
    first, *_, last = stderr.strip().splitlines()
    return [first, *stdout.splitlines(), last]


def readme(text: str, shown: list[str]) -> str:
    """Return the README with `shown` in its marked block and the right number of checks."""
    block = "".join(f"{line}\n" for line in shown)
    counted = re.sub(r"\d+ checks\]", f"{len(shipped_checks())} checks]", text)
    return SHOWN.sub(lambda found: found[1] + block + found[3], counted)


def main() -> None:
    """Write every made page anew."""
    for path, text in reference().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    README.write_text(readme(README.read_text("utf-8"), demo_output()), "utf-8")


if __name__ == "__main__":
    main()
