"""Moves the fragments in changes/ into CHANGELOG.md: `python -m docs.changelog VERSION DATE`.

A fragment is `<issue>.<kind>.md`, one or more lines that a user understands. Fragments instead of one file
that everybody edits: two changes at a time never meet in the same line.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "changes"
CHANGELOG = ROOT / "CHANGELOG.md"
KINDS = ("added", "changed", "fixed", "removed", "security")
MARK = "<!-- new releases go below this line -->\n"


def fragments() -> list[Path]:
    """Return every fragment, ordered by issue and name."""
    found = [path for path in FOLDER.glob("*.md") if path.name != "README.md"]
    return sorted(found, key=lambda path: (int(path.name.split(".")[0]), path.name))


def kind_of(path: Path) -> str:
    """Return a fragment's kind.

    Raises:
        ValueError: Its name is not `<issue>.<kind>.md`.
    """
    parts = path.name.split(".")
    if len(parts) != 3 or not parts[0].isdigit() or parts[1] not in KINDS:
        msg = f"{path.name}: expected <issue>.<{'|'.join(KINDS)}>.md"
        raise ValueError(msg)
    return parts[1]


def section(version: str, released: str, paths: Iterable[Path]) -> str:
    """Return one release's section of the changelog."""
    text = f"\n## {version} ({released})\n"
    by_kind: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for path in paths:
        issue = path.name.split(".")[0]
        for line in path.read_text("utf-8").strip().splitlines():
            by_kind[kind_of(path)].append(f"- {line.removeprefix('- ')} (issue {issue})\n")
    for kind, lines in by_kind.items():
        if lines:
            text += f"\n### {kind.capitalize()}\n\n" + "".join(lines)
    return text


def main(arguments: list[str]) -> int:
    """Write the section of a release and remove the fragments that it holds."""
    if len(arguments) != 2:
        sys.stderr.write('error: expected VERSION DATE\n\nhint: make changelog ARGS="0.2.0 2026-12-01"\n')
        return 2
    version, released = arguments
    paths = fragments()
    new = section(version, date.fromisoformat(released).isoformat(), paths)
    CHANGELOG.write_text(CHANGELOG.read_text("utf-8").replace(MARK, MARK + new, 1), "utf-8")
    for path in paths:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
