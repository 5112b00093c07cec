"""Is every known attack tried by a test that exists?"""

from __future__ import annotations

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = (TESTS.parent / "docs" / "concepts" / "attacks.md").read_text("utf-8")
ROWS = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \| (.+) \|$", PAGE, re.MULTILINE)


def test_every_attack_of_the_list_has_its_row() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, 45))


def test_every_row_names_tests_that_exist() -> None:
    wrong = []
    known: dict[str, set[str]] = {}
    for number, _, _, tried in ROWS:
        named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", tried)
        if not named:
            wrong.append(number)
        for file, name in named:
            if file not in known:
                tree = ast.parse((TESTS / file).read_text("utf-8"))
                known[file] = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            if name not in known[file]:
                wrong.append(f"{number}: {file}::{name}")

    assert wrong == []
