"""diffoscope within bounds: the real one, and programs that do what a hostile input may make it do (attack 44)."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from netproof.integrity.deep_diff import INSTALL, Bounds, DeepDiff, deep_diff
from tests.unit.integrity.packages.archives import tar_of

real = pytest.mark.skipif(shutil.which("diffoscope") is None, reason="diffoscope is not installed")
UNSHARE = shutil.which("unshare")


def apart() -> bool:
    """Whether this system lets us take the network away."""
    ways = [["--net"], ["--user", "--map-root-user", "--net"]]
    return UNSHARE is not None and any(
        subprocess.run([UNSHARE, *way, "true"], capture_output=True, check=False).returncode == 0
        for way in ways
    )


def pair(folder: Path) -> tuple[Path, Path]:
    """Two packages that differ in one line."""
    old, new = folder / "old one.tar", folder / "-new.tar"
    old.write_bytes(tar_of({"etc/agent.conf": b"port = 1\nname = a\n"}))
    new.write_bytes(tar_of({"etc/agent.conf": b"port = 2\nname = a\n"}))
    return old, new


def by(folder: Path, code: str, **bounds: float) -> DeepDiff:
    """What comes of a program of ours in its place."""
    program = folder / "diffoscope"
    program.write_text(f"#!{sys.executable}\nimport sys\nif '--version' in sys.argv: sys.exit()\n{code}\n")
    program.chmod(0o755)
    return deep_diff(*pair(folder), Bounds(**bounds), program=str(program))  # type: ignore[arg-type]


def running() -> list[str]:
    """The command lines of all processes."""
    lines = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            lines.append(place.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
    return lines


@real
def test_the_real_one_looks_into_the_members_and_names_no_folder_of_ours(tmp_path: Path) -> None:
    got = deep_diff(*pair(tmp_path))

    assert (got.same, got.said) == (False, "finds differences")
    assert got.tool.startswith("diffoscope ")
    assert "-port = 1" in got.text
    assert "+port = 2" in got.text
    assert str(tmp_path) not in got.text


@real
def test_the_real_one_finds_no_difference_where_there_is_none(tmp_path: Path) -> None:
    old, _ = pair(tmp_path)

    assert deep_diff(old, old).same is True


@real
def test_a_long_answer_is_cut_off_and_said_to_be(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("".join(f"line {number}\n" for number in range(3000)))
    new.write_text("".join(f"row {number}\n" for number in range(3000)))

    got = deep_diff(old, new, Bounds(text=2000))

    assert len(got.text.encode()) <= 2000
    assert "its answer is cut off at 2,000 bytes" in got.notes


def test_without_it_the_answer_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = pair(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert deep_diff(*files) == DeepDiff("diffoscope", INSTALL, None)
    assert "apt install diffoscope-minimal" in INSTALL


def test_one_that_comes_to_no_end_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    code = f"""
import subprocess, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", {str(tmp_path / "child")!r}])
open({str(tmp_path / "begun")!r}, "w").close()
time.sleep(60)
"""
    got = by(tmp_path, code, seconds=2)

    assert (got.same, got.said) == (None, "stopped: it took more than 2 s")
    assert (tmp_path / "begun").exists()
    assert [line for line in running() if str(tmp_path / "child") in line] == []


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("held = bytearray(1 << 31)", "exit code 1: MemoryError"),
        ("open('out', 'wb').write(bytes(1 << 21))", "exit code 1: OSError: [Errno 27] File too large"),
        ("while True: pass", "stopped: it took more than 1 s"),
        ("import ctypes; ctypes.string_at(0)", "signal 11"),
    ],
    ids=["memory", "a large file", "time", "a crash"],
)
def test_one_that_takes_too_much_is_stopped_and_its_end_is_told(tmp_path: Path, code: str, why: str) -> None:
    got = by(tmp_path, code, seconds=1, memory=1 << 30, file=1 << 20)

    assert got.same is None
    assert why in got.said


def test_one_that_unpacks_too_much_is_stopped(tmp_path: Path) -> None:
    code = """
import time
for number in range(100):
    open(f"part-{number}", "wb").write(b"x" * (1 << 20))
time.sleep(30)
"""
    got = by(tmp_path, code, seconds=20, disk=10 << 20)

    assert got.said == f"stopped: it unpacked more than {10 << 20:,} bytes"


def test_nothing_that_it_unpacked_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)

    by(tmp_path, "open('left', 'w').write('x'); sys.exit(0)")

    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.skipif(not apart(), reason="this system lets nobody take the network away (unshare --net)")
def test_it_reaches_no_network(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        asked: list[str] = []
        waiting = threading.Thread(target=lambda: asked.append(_heard(server)))
        waiting.start()
        port = server.getsockname()[1]
        got = by(
            tmp_path,
            f"import socket; socket.create_connection(('127.0.0.1', {port}), 3); sys.exit(0)",
        )
        socket.create_connection(("127.0.0.1", port)).close()
        waiting.join()

    assert got.same is None
    assert "Network is unreachable" in got.said or "Connection refused" in got.said
    assert asked == ["us"]


def _heard(server: socket.socket) -> str:
    """Who came first: nobody says a word, so that it is us only if the other could not come."""
    connection, _ = server.accept()
    connection.close()
    return "us"


def test_where_the_network_stays_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("python3", "true"):
        (tmp_path / name).symlink_to(shutil.which(name) or "/bin/true")
    monkeypatch.setenv("PATH", str(tmp_path))

    got = by(tmp_path, "sys.exit(0)")

    assert got.same is True
    assert any("could reach the network" in note for note in got.notes)


def test_it_is_told_nothing_of_our_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETPROOF_LOG_KEY", "a secret")

    got = by(tmp_path, "import os; sys.exit('NETPROOF_LOG_KEY' in os.environ or sorted(os.environ) and 0)")

    assert (got.same, "NETPROOF_LOG_KEY" in os.environ) == (True, True)
