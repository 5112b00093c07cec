"""Does the way to an environment say what is missing?"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "requirements" / "environment.sh"


def test_a_machine_without_python_is_told_what_to_install(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("dirname", "id"):
        (tools / tool).symlink_to(str(shutil.which(tool)))

    done = subprocess.run(
        [str(shutil.which("sh")), str(SCRIPT), "environment", "run"],
        cwd=tmp_path,
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "error: netproof needs Python 3.11 or newer, found none" in done.stderr
    assert "hint: install it" in done.stderr
    assert not (tmp_path / "environment").exists()
