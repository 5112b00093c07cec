"""A worker that dies or hangs within a check is started again without that check."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

from netproof.checks.sandbox import Limits
from netproof.errors import CheckError, SourceError
from netproof.pipeline import Request, assess, supervisor
from tests.networks import write_network

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2026, 11, 1)
DIES_IN = """
import json, os, struct, sys, time
pipe = os.fdopen(int(sys.argv[-1]), "wb")
stopped = json.load(sys.stdin)["stopped"]
def send(**event):
    data = json.dumps(event).encode()
    pipe.write(b"J" + struct.pack(">Q", len(data)) + data)
    pipe.flush()
for number, check in enumerate(("A-1", "B-2", "C-3")):
    send(event="progress", stage="check", what=check, number=number, total=3)
    if check not in stopped and check == "B-2":
        {deed}
    if check not in stopped and check == "C-3":
        os.abort()
send(event="done", model={{"stopped": stopped}})
"""


def with_worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str) -> Request:
    """Put another program in the worker's place."""
    script = tmp_path / "worker.py"
    script.write_text(program, "utf-8")
    launcher = tmp_path / "python"
    launcher.write_text(f'#!/bin/sh\nexec {sys.executable} {script} "$@"\n', "utf-8")
    launcher.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(launcher))
    monkeypatch.setattr(supervisor, "_GRACE_S", 0.2)
    return Request(path=tmp_path, as_of=AS_OF, limits=Limits(seconds=0.5))


@pytest.mark.parametrize(
    ("deed", "why"),
    [
        ("time.sleep(60)", "expected an answer within 0.5 s, got none"),
        ("os.kill(os.getpid(), 9)", "signal 9"),
        ("sys.exit('out of memory')", "code 1 (out of memory)"),
        ("pipe.write(b'J12'); pipe.flush(); os._exit(3)", "code 3"),
    ],
)
def test_a_check_that_ends_its_worker_is_named_and_the_others_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, deed: str, why: str
) -> None:
    request = with_worker(monkeypatch, tmp_path, DIES_IN.format(deed=deed))
    stopped = assess(request, lambda *_: None).model["stopped"]

    assert set(stopped) == {"B-2", "C-3"}
    assert why in stopped["B-2"]
    assert "signal 6" in stopped["C-3"]


def test_a_worker_that_ends_outside_any_check_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    request = with_worker(monkeypatch, tmp_path, "import sys; sys.exit('no disk')")

    with pytest.raises(CheckError, match="no disk"):
        assess(request, lambda *_: None)


def test_an_error_of_the_worker_is_raised_as_its_own(tmp_path: Path) -> None:
    folder = write_network(tmp_path / "n", {"componentt": "component_id\n"})

    with pytest.raises(SourceError, match="expected a known table") as caught:
        assess(Request(path=folder, as_of=AS_OF), lambda *_: None)
    assert "did you mean component?" in caught.value.hint


def test_progress_is_told_stage_by_stage(tmp_path: Path) -> None:
    folder = write_network(tmp_path / "n", {"component": "component_id\nC1\n"})
    stages: list[str] = []
    assess(Request(path=folder, as_of=AS_OF), lambda stage, *_: stages.append(stage))

    assert list(dict.fromkeys(stages)) == ["read", "verify", "derive", "check", "tell"]


def test_a_request_crosses_as_json_unchanged(tmp_path: Path) -> None:
    request = Request(
        tmp_path, AS_OF, ("a",), strict=True, findings_max=3, limits=Limits(5, 6.5), stopped={"A": "b"}
    )

    assert Request.from_json(request.to_json()) == request
