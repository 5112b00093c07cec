"""What does diffoscope say of two files? It runs in a process of its own, and within bounds.

diffoscope hands the files to dozens of parsers, each a way in for who made the files. So it has no network
where the system lets us take it away, its own folder for what it unpacks, limits on time, memory, processes
and disk, and its whole group ends when it does. What could not be bounded is said. Its words are text to us.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

TOOL: Final = "diffoscope"
INSTALL: Final = "not installed: `apt install diffoscope-minimal` or `pip install diffoscope` brings it"
_LAUNCH: Final = """\
import os, resource, sys
for name, most in zip(("AS", "FSIZE", "NPROC", "CPU", "CORE"), map(int, sys.argv[1].split(",")), strict=True):
    kind = getattr(resource, "RLIMIT_" + name)
    hard = resource.getrlimit(kind)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))
os.execv(sys.argv[2], sys.argv[2:])
"""
_APART: Final = (
    (("--net", "--pid", "--fork", "--kill-child"), ()),
    (("--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child"), ()),
    (("--user", "--map-root-user", "--net"), ("what it starts may outlive it if it leaves its group",)),
)
"""Ways to run apart from the network, the best first, and what each leaves open."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much it may take.

    Attributes:
        seconds: Time.
        memory: Address space of each of its processes [bytes].
        file: Largest file that it may write [bytes].
        disk: All that it may unpack [bytes].
        processes: How many more the user may have while it runs.
        text: How much of its answer is taken [bytes].
    """

    seconds: float = 300.0
    memory: int = 4 << 30
    file: int = 4 << 30
    disk: int = 16 << 30
    processes: int = 256
    text: int = 1_000_000


@dataclass(frozen=True, slots=True)
class DeepDiff:
    """What came of it.

    Attributes:
        tool: Its name and version.
        said: What came of it, in words.
        same: Whether the files are the same; None: it came to no end.
        text: Its own words; may hold anything.
        notes: Bounds that could not be set, and what was cut off.
    """

    tool: str
    said: str
    same: bool | None
    text: str = ""
    notes: tuple[str, ...] = ()


def deep_diff(old: Path, new: Path, bounds: Bounds | None = None, *, program: str | None = None) -> DeepDiff:
    """Return what diffoscope says of two files.

    Args:
        old: One file.
        new: The other one.
        bounds: What it may take.
        program: Where it lies; None: wherever the search path finds it.

    Cost: at most the time that the bounds allow.
    """
    found = program or shutil.which(TOOL)
    if found is None:
        return DeepDiff(TOOL, INSTALL, None)
    return _Run(os.path.abspath(found), bounds or Bounds()).of(old, new)  # noqa: PTH100 - follows no link


class _Run:
    """One run, in a folder of its own."""

    def __init__(self, program: str, bounds: Bounds) -> None:
        self._program, self._bounds = program, bounds
        self._apart, self._notes = _way_apart()

    def of(self, old: Path, new: Path) -> DeepDiff:
        """Return what it says of two files."""
        with tempfile.TemporaryDirectory(prefix="netproof-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            work, text, words = folder / "work", folder / "text", folder / "words"
            work.mkdir()
            options = ["--text", str(text), *self._options()]
            given = [str(old.resolve()), str(new.resolve())]
            code, stopped = self._watched([*options, *given], work, words)
            told, cut = self._told(text)
            last = _last_line(words)
        for place, shown in zip([*given, str(folder)], [old.name, new.name, "."], strict=True):
            told, last = told.replace(place, shown), last.replace(place, shown)
        return self._judged(code, stopped, told, last, cut=cut)

    def _options(self) -> list[str]:
        """Return what keeps its answer short and its work bounded from within."""
        bounds = self._bounds
        return [
            "--text-color=never",
            "--no-progress",
            f"--max-text-report-size={bounds.text}",
            f"--timeout={max(1, int(bounds.seconds))}",
            "--max-container-depth=8",
            "--exclude-directory-metadata=yes",
        ]

    def _watched(self, words: Sequence[str], work: Path, said: Path) -> tuple[int | None, str]:
        """Run it; return its exit code, or why it was stopped."""
        command = [*self._apart, *self._limited(), self._program, *words]
        with said.open("wb") as errors:
            process = subprocess.Popen(  # noqa: S603 - the program that the user installed
                command,
                cwd=work,
                env=_environment(work),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
            try:
                return self._waited(process, work)
            finally:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _waited(self, process: subprocess.Popen[bytes], work: Path) -> tuple[int | None, str]:
        """Wait for its end, and look now and then how much it has unpacked."""
        left = self._bounds.seconds
        while left > 0:
            step = min(0.5, left)
            with suppress(subprocess.TimeoutExpired):
                return process.wait(step), ""
            left -= step
            if _bytes_below(work, self._bounds.disk) > self._bounds.disk:
                return None, f"stopped: it unpacked more than {self._bounds.disk:,} bytes"
        return None, f"stopped: it took more than {self._bounds.seconds:g} s"

    def _limited(self) -> list[str]:
        """Return the command that sets limits and then becomes what follows."""
        bounds = self._bounds
        most = (bounds.memory, bounds.file, _processes() + bounds.processes, int(bounds.seconds) + 1, 0)
        return [sys.executable, "-I", "-c", _LAUNCH, ",".join(map(str, most))]

    def _told(self, text: Path) -> tuple[str, bool]:
        """Return the beginning of its answer, and whether there is more."""
        try:
            with text.open("rb") as file:
                data = file.read(self._bounds.text + 1)
        except OSError:
            return "", False
        return data[: self._bounds.text].decode("utf-8", "replace"), len(data) > self._bounds.text

    def _judged(self, code: int | None, stopped: str, text: str, last: str, *, cut: bool) -> DeepDiff:
        """Return what came of it."""
        notes = [*self._notes]
        if cut or "Max report size reached" in text[-1000:]:
            notes.append(f"its answer is cut off at {self._bounds.text:,} bytes")
        tool = f"{TOOL} {_version(self._program)}".strip()
        if code == 0:
            return DeepDiff(tool, "finds no difference", True, "", tuple(notes))
        if code == 1 and text:
            return DeepDiff(tool, "finds differences", False, text, tuple(notes))
        why = stopped or f"came to no end: {_how(code)}{': ' if last else ''}{last}"
        return DeepDiff(tool, why, None, text, tuple(notes))


def _how(code: int | None) -> str:
    """Return how a process ended."""
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _way_apart() -> tuple[list[str], list[str]]:
    """Return the command that takes the network away, and notes on what it leaves open."""
    notes = ["it ran as root: the number of its processes is not bounded"] if os.geteuid() == 0 else []
    unshare = shutil.which("unshare")
    for flags, open_ in _APART if unshare is not None else ():
        command = [str(unshare), *flags, "--"]
        tried = subprocess.run([*command, "true"], check=False, capture_output=True)  # noqa: S603 - found above
        if tried.returncode == 0:
            return command, [*notes, *open_]
    return [], [*notes, "it could reach the network: this system lets nobody take it away (unshare --net)"]


def _environment(work: Path) -> dict[str, str]:
    """Return the little that it may know of us."""
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "LANG": "C.UTF-8", "HOME": str(work), "TMPDIR": str(work), "TZ": "UTC"}


def _processes() -> int:
    """Return how many processes and threads this user has; the system counts them together."""
    count = 0
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if place.stat().st_uid == os.getuid():
                count += len(list((place / "task").iterdir()))
    return count or resource.getrlimit(resource.RLIMIT_NPROC)[0] // 2


def _bytes_below(folder: Path, enough: int) -> int:
    """Return how many bytes lie below a folder; stops counting beyond what is enough."""
    total = 0
    for here, _, names in os.walk(folder, onerror=None):
        for name in names:
            with suppress(OSError):
                total += os.lstat(os.path.join(here, name)).st_blocks * 512  # noqa: PTH118 - many files
        if total > enough:
            break
    return total


def _last_line(words: Path) -> str:
    """Return the last words that it said about itself."""
    try:
        with words.open("rb") as file:
            file.seek(max(0, words.stat().st_size - 4000))
            lines = file.read().decode("utf-8", "replace").split("\n")
    except OSError:
        return ""
    return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "")


def _version(program: str) -> str:
    """Return its version; empty where it does not say."""
    try:
        told = subprocess.run(  # noqa: S603 - the program that the user installed
            [program, "--version"], check=False, capture_output=True, timeout=20, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    words = told.stdout.decode("utf-8", "replace").split()
    return words[1][:40] if len(words) == 2 and words[0] == TOOL else ""
