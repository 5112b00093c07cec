from __future__ import annotations

import os
import resource
import shutil
import signal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from netproof.errors import LogError
from netproof.integrity.log import fsck, published, writing
from tests.crash.disks import CountingDisk, ModelDisk, QuickDisk, failing_at
from tests.crash.full import resize, small_disk
from tests.crash.rounds import Life, fork
from tests.crash.story import Promises, check, tell
from tests.logfolders import QUICK, grown, new_log
from tests.tlogs import LOG, TIME, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netproof.integrity.log import Writer


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, where there is such a thing: hundreds of logs are made and thrown away in it."""
    shared = Path("/dev/shm")  # noqa: S108 - the folder in it is ours alone
    if not os.access(shared, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=shared) as folder:
        yield Path(folder)


def chance(number: int) -> Random:
    """Chance that can be repeated."""
    return Random(number)  # noqa: S311 - nothing secret comes from it


def operations(folder: Path) -> list[str]:
    """What the story asks of the disk, in order."""
    seen: list[str] = []
    tell(folder, CountingDisk(seen.append), Promises(), chance(1))
    shutil.rmtree(folder)
    return seen


def test_whichever_operation_of_the_disk_fails_nothing_that_was_promised_is_lost(memory: Path) -> None:
    log = memory / "log"
    for number in range(1, len(operations(log)) + 1):
        promises = Promises()
        with pytest.raises(LogError):
            tell(log, failing_at(number), promises, chance(1))
        check(log, promises, disk=QUICK, whole=number % 5 == 0)
        shutil.rmtree(log)


def test_whenever_the_power_goes_nothing_that_was_promised_is_lost(memory: Path) -> None:
    moments = []
    promises = Promises()
    disk = ModelDisk(memory, lambda _: moments.append((disk.model.copy(), promises.copy())))
    tell(memory / "log", disk, promises, chance(1))
    moments.append((disk.model.copy(), promises))
    for number, (model, promised) in enumerate(moments):
        model.after_crash(memory / "after", chance(number))
        check(memory / "after" / "log", promised, disk=QUICK, whole=number % 5 == 0)
        shutil.rmtree(memory / "after")


def test_what_a_failed_sync_left_in_memory_only_is_written_again(memory: Path) -> None:
    log = memory / "log"
    for number in [at for at, what in enumerate(operations(log), 1) if what == "sync"]:
        failing = failing_at(number)
        disk = ModelDisk(memory, failing._before)
        promises = Promises()
        with pytest.raises(LogError):
            tell(log, disk, promises, chance(1))
        # The same machine goes on: it shows bytes that its disk does not have. Then the power goes.
        check(log, promises, disk=disk, whole=False)
        disk.model.after_crash(memory / "after", chance(number))
        check(memory / "after" / "log", promises, disk=QUICK, whole=number % 5 == 0)
        shutil.rmtree(memory / "after")
        shutil.rmtree(log)


def go_on(writer: Writer, what: str) -> None:
    """Try something else with a writer."""
    if what == "append":
        writer.append([b"b"])
    elif what == "checkpoint":
        writer.checkpoint([LOG], TIME)
    else:
        writer.rotate(writer.settings, b"")


@pytest.mark.parametrize("what", ["append", "checkpoint", "rotate"])
def test_after_a_failure_the_writer_goes_on_with_nothing(tmp_path: Path, what: str) -> None:
    log = grown(new_log(tmp_path), numbered(3))
    broken = False

    def before(_: str) -> None:
        if broken:
            raise OSError(5, "Input/output error")

    with writing(log, disk=CountingDisk(before)) as writer:
        broken = True
        with pytest.raises(
            LogError, match=r"expected a disk that takes the journal, got: .*input/output error"
        ):
            writer.append([b"a"])
        broken = False
        with pytest.raises(
            LogError, match="expected a writer that can go on, but writing the journal failed"
        ):
            go_on(writer, what)

    grown(log, [b"c"])
    assert [entry for _, entry in published(log).entries()] == [*numbered(3), b"c"]


def test_a_writer_that_was_interrupted_halfway_goes_on_with_nothing(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(3))
    pressed = False

    def before(_: str) -> None:
        if pressed:
            raise KeyboardInterrupt

    with writing(log, disk=CountingDisk(before)) as writer:
        pressed = True
        with pytest.raises(KeyboardInterrupt):
            writer.append([b"a"])
        pressed = False
        with pytest.raises(LogError, match="but writing the journal was interrupted"):
            writer.append([b"b"])

    grown(log, [b"c"])
    assert fsck(log) == []


def test_a_disk_that_takes_bytes_one_by_one_gets_all(tmp_path: Path) -> None:
    class Slow(QuickDisk):
        def write_some(self, file: int, data: memoryview) -> int:
            return super().write_some(file, data[:1])

    log = new_log(tmp_path)
    with writing(log, disk=Slow()) as writer:
        writer.append(numbered(20))
        writer.checkpoint([LOG], TIME)

    assert [entry for _, entry in published(log).entries()] == numbered(20)


def test_a_writer_that_is_killed_at_random_moments_loses_nothing(tmp_path: Path) -> None:
    life = Life.begin(tmp_path / "log")
    numbers = chance(5)
    for number in range(12):
        (life.failed if number % 6 == 5 else life.killed)(number, numbers)
        life.look(number)
    life.look_at_all()

    assert life.ended["killed"] + life.ended.get("disk failed", 0) == 12
    assert life.acknowledged


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    with small_disk(tmp_path, 1000) as mounted:
        if not mounted:
            pytest.skip("no right to mount a small file system here")
        life = Life.begin(tmp_path / "log")
        for number in range(3):
            life.filled(number)
            resize(tmp_path, 1000 * (number + 2))
            life.look(number)
        life.look_at_all()

        assert life.ended == {"disk full": 3}


def test_a_file_size_limit_is_as_good_as_a_full_disk(tmp_path: Path) -> None:
    life = Life.begin(tmp_path / "log")
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, old[1]))
        life.filled(0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, before)
    life.look(0)
    life.look_at_all()

    assert life.acknowledged


def test_the_lock_goes_with_the_process(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    ready, told = os.pipe()
    child = fork()
    if not child:
        with writing(log, disk=QUICK):
            os.write(told, b"!")
            signal.pause()
    os.read(ready, 1)
    with pytest.raises(LogError, match=f"got process '{child}'"), writing(log, disk=QUICK):
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    grown(log, [b"a"])

    assert published(log).checkpoint.size == 1
