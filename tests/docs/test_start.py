"""Does `netproof --help` stay quick? It must not import what only a command's work needs."""

from __future__ import annotations

import subprocess
import sys

from docs import build

HEAVY = {"duckdb", "jinja2", "jsonschema_rs", "numpy", "pyarrow", "pynetbox", "requests", "rich", "yaml"}


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from netproof.cli.main import main; sys.argv = ['netproof', '--help']\n"
        "try: main()\n"
        "except SystemExit: print('\\n' + ' '.join(sorted(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=build.environment(), capture_output=True, text=True, check=True
    )

    got = HEAVY & set(done.stdout.splitlines()[-1].split())

    assert got == set()
