"""`netproof check --format` writes every format, and lays the rows beside the OSCAL documents."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from netproof.demo import write
from netproof.report import FORMATS
from tests.unit.report.workbook import sheets

if TYPE_CHECKING:
    from pathlib import Path


def netproof(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "netproof", *map(str, words)],
        capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture(scope="module")
def musternetz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("formats") / "musternetz"
    write(folder, sites=100, seed=3)
    return folder


@pytest.mark.slow
def test_the_rows_lie_beside_assessment_results_with_their_digest(musternetz: Path, tmp_path: Path) -> None:
    output = tmp_path / "a result.json"
    done = netproof("check", musternetz, "--format", "oscal", "--findings", "2", "--output", output)
    told = json.loads(output.read_text("utf-8"))["assessment-results"]
    link = told["back-matter"]["resources"][-1]["rlinks"][0]
    rows = tmp_path / "a result.findings.parquet"

    assert done.returncode == 1, done.stderr
    assert link["href"] == "a%20result.findings.parquet"
    assert link["hashes"][0]["value"] == hashlib.sha256(rows.read_bytes()).hexdigest()
    found = pq.read_table(rows)
    by_check = {
        next(p["value"] for p in one["props"] if p["name"] == "check-id"): one
        for one in told["results"][0]["observations"]
    }
    for check_id in set(found["check_id"].to_pylist()):
        assert "relevant-evidence" in by_check[check_id]


@pytest.mark.slow
def test_all_rows_are_the_same_whether_the_model_lists_them_or_not(musternetz: Path, tmp_path: Path) -> None:
    for folder, most in (("few", "1"), ("all", "100000")):
        (tmp_path / folder).mkdir()
        netproof(
            *("check", musternetz, "--format", "poam", "--findings", most),
            *("--output", tmp_path / folder / "poam.json"),
        )

    few, everything = (
        pq.read_table(tmp_path / folder / "poam.findings.parquet") for folder in ("few", "all")
    )
    assert everything.num_rows > 10
    assert everything.to_pylist() == few.to_pylist()


@pytest.mark.slow
def test_a_workbook_goes_to_a_file_and_never_to_standard_output(musternetz: Path, tmp_path: Path) -> None:
    refused = netproof("check", musternetz, "--format", "xlsx")
    done = netproof("check", musternetz, "--format", "xlsx", "--output", tmp_path / "report.xlsx")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert "expected --output FILE" in refused.stderr
    assert "add `--output report.xlsx`" in refused.stderr
    assert done.returncode == 1
    assert "findings" in sheets((tmp_path / "report.xlsx").read_bytes())


@pytest.mark.slow
def test_text_goes_to_standard_output_the_same_every_time(musternetz: Path) -> None:
    for format_ in ("markdown", "sarif"):
        first, second = (netproof("check", musternetz, "--format", format_) for _ in range(2))

        assert (first.returncode, first.stderr) == (1, "")
        assert first.stdout == second.stdout


def test_help_names_every_format() -> None:
    told = netproof("check", "--help").stdout

    assert [name for name in FORMATS if name not in told] == []


def test_an_unknown_format_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    done = netproof("check", tmp_path, "--format", "pdf")

    assert done.returncode == 2
    assert ", ".join(FORMATS) in done.stderr
