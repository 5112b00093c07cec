"""LibreOffice opens the workbook and reads back every cell as it was written."""

from __future__ import annotations

import csv
import shutil
import subprocess
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from netproof import report
from tests.unit.report.tool_models import MODELS
from tests.unit.report.workbook import sheets

if TYPE_CHECKING:
    from pathlib import Path

FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
ABOUT_JAVA = "failed to launch javaldx"
DAYS = {"valid from", "valid to", "waiver ends"}


def shown(title: str, value: str) -> str:
    """A cell as LibreOffice shows it: a day by its name, a text as it is written in the file."""
    if title in DAYS and value.isdigit():
        return str(date(1899, 12, 30) + timedelta(days=int(value)))
    return value


NAMES = ("sample", "waived", "hostile, waived")


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """The folder in which LibreOffice wrote every sheet as CSV, and the workbooks; it starts once."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("no soffice (LibreOffice Calc)")
    folder = tmp_path_factory.mktemp("workbooks")
    books = {}
    for number, name in enumerate(NAMES):
        content = report.write_any(MODELS[name], "xlsx")
        assert isinstance(content, bytes)
        (folder / f"book{number}.xlsx").write_bytes(content)
        books[name] = content
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    done = subprocess.run(
        [soffice, profile, "--headless", "--convert-to", FILTER, "--outdir", folder, *sorted(folder.glob("*.xlsx"))],
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    warnings = [line for line in done.stderr.splitlines() if line.strip() and ABOUT_JAVA not in line]

    assert (done.returncode, warnings) == (0, [])
    return folder, books


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_cell_is_read_back_without_a_warning(
    name: str, converted: tuple[Path, dict[str, bytes]]
) -> None:
    folder, books = converted
    for sheet, rows in sheets(books[name]).items():
        titles = list(rows[0].values())
        letters = list(rows[0])
        file = folder / f"book{NAMES.index(name)}-{sheet}.csv"
        with file.open(encoding="utf-8", newline="") as lines:
            got = list(csv.reader(lines))
        want = [
            [shown(title, row.get(letter, "")) for title, letter in zip(titles, letters, strict=True)]
            for row in rows[1:]
        ]
        assert got[0] == titles
        assert got[1:] == want, sheet
