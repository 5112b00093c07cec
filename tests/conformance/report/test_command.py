"""`netproof check --format` writes every format, and lays the rows beside the OSCAL documents.

Two processes and one assessment in this one, side by side, serve all tests: each of the three reads
and judges the network anew, so that what they have in common does not come from one run.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from netproof.cli.check import Wish, assessed, tell
from netproof.demo import write
from netproof.pipeline.supervisor import Assessment
from netproof.report import BINARY, FORMATS
from tests.unit.report.workbook import sheets

if TYPE_CHECKING:
    from pathlib import Path

EVERYTHING = 100_000
"""More findings than any check has."""


@dataclass(frozen=True)
class Runs:
    """What the two processes wrote, and the assessment with its wish."""

    folder: Path
    oscal: subprocess.CompletedProcess[str]
    markdown: subprocess.CompletedProcess[str]
    wish: Wish
    assessment: Assessment

    def told(self, format_: str, folder: Path) -> Path:
        """The report of the assessment in a format, in a file as the command writes it."""
        wish = replace(self.wish, report_format=format_, output=folder / f"report.{format_}")
        model: dict[str, Any] = json.loads(json.dumps(self.assessment.model))
        tell(wish, Assessment(model, self.assessment.findings))
        assert wish.output is not None
        return wish.output


def netproof(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "netproof", *map(str, words)],
        capture_output=True, text=True, timeout=240, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    folder = tmp_path_factory.mktemp("formats")
    musternetz = folder / "musternetz"
    write(musternetz, sites=100, seed=3)
    output = folder / "a result.json"
    wish = Wish(musternetz, report_format="poam", output=folder / "poam.json", findings_max=EVERYTHING)
    command = ("check", musternetz, "--format")
    with ThreadPoolExecutor(2) as pool:
        oscal = pool.submit(netproof, *command, "oscal", "--findings", "2", "--output", output)
        markdown = pool.submit(netproof, *command, "markdown", "--findings", str(EVERYTHING))
        assessment = assessed(wish)
    return Runs(folder, oscal.result(), markdown.result(), wish, assessment)


@pytest.mark.slow
def test_the_rows_lie_beside_assessment_results_with_their_digest(runs: Runs) -> None:
    told = json.loads((runs.folder / "a result.json").read_text("utf-8"))["assessment-results"]
    link = told["back-matter"]["resources"][-1]["rlinks"][0]
    rows = runs.folder / "a result.findings.parquet"

    assert runs.oscal.returncode == 1, runs.oscal.stderr
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
def test_assessment_results_name_every_file_of_the_network_with_its_digest(runs: Runs) -> None:
    told = json.loads((runs.folder / "a result.json").read_text("utf-8"))["assessment-results"]
    links = [r["rlinks"][0] for r in told["back-matter"]["resources"] if "rlinks" in r]
    digests = {link["href"]: link["hashes"][0]["value"] for link in links}
    files = {file.name: file for file in runs.wish.net.glob("*.csv")}

    assert len(files) > 10
    assert {name: digests.get(name) for name in files} == {
        name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()
    }


@pytest.mark.slow
def test_all_rows_are_the_same_whether_the_model_lists_them_or_not(runs: Runs, tmp_path: Path) -> None:
    runs.told("poam", tmp_path)
    few = pq.read_table(runs.folder / "a result.findings.parquet")
    everything = pq.read_table(tmp_path / "report.findings.parquet")

    assert everything.num_rows > 10
    assert everything.to_pylist() == few.to_pylist()


@pytest.mark.slow
def test_a_workbook_goes_to_a_file_and_never_to_standard_output(runs: Runs, tmp_path: Path) -> None:
    refused = netproof("check", runs.wish.net, "--format", "xlsx")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert "expected --output FILE" in refused.stderr
    assert "add `--output report.xlsx`" in refused.stderr
    assert "findings" in sheets(runs.told("xlsx", tmp_path).read_bytes())


@pytest.mark.slow
def test_two_assessments_give_the_same_text(runs: Runs, tmp_path: Path) -> None:
    got = runs.told("markdown", tmp_path).read_text("utf-8")

    assert (runs.markdown.returncode, runs.markdown.stderr) == (1, "")
    assert got == runs.markdown.stdout


@pytest.mark.slow
@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_is_written_to_a_file_and_says_so(
    runs: Runs, tmp_path: Path, format_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    written = runs.told(format_, tmp_path)
    told = capsys.readouterr()

    assert written.stat().st_size > 1000
    assert told.out == ""
    assert f"report written to {written}" in told.err
    assert (written.read_bytes()[:2] == b"PK") == (format_ in BINARY)


def test_help_names_every_format() -> None:
    told = netproof("check", "--help").stdout

    assert [name for name in FORMATS if name not in told] == []


def test_an_unknown_format_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    done = netproof("check", tmp_path, "--format", "pdf")

    assert done.returncode == 2
    assert ", ".join(FORMATS) in done.stderr
