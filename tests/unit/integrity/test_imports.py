"""Who reads a signature does not load a database."""

from __future__ import annotations

import subprocess
import sys


def test_signatures_are_read_without_a_database() -> None:
    code = (
        "import sys, netproof.integrity.signatures, netproof.integrity.packages; "
        "print(sorted({'duckdb', 'pyarrow', 'numpy'} & sys.modules.keys()))"
    )

    got = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert got.stdout == "[]\n"
