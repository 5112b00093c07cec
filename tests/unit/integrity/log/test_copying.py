from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

import pytest

from netproof.errors import LogError
from netproof.integrity.log import copy_public, fsck, history, keep_file, published
from tests.crash.disks import CountingDisk, failing_at
from tests.logfolders import QUICK, grown, new_log
from tests.tlogs import numbered

if TYPE_CHECKING:
    from pathlib import Path


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_copy_has_what_readers_need_and_nothing_else(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(3), numbered(700))
    keep_file(log, b"a signature", disk=QUICK)
    count = copy_public(log, tmp_path / "copy", disk=QUICK)
    got = files_of(tmp_path / "copy")
    public = {
        name: data
        for name, data in files_of(log).items()
        if name.startswith(("tile/", "checkpoint", "policy", "log.toml"))
    }

    assert got == public
    assert count == len(got)
    assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == [
        "checkpoint",
        "checkpoints",
        "log.toml",
        "policy",
        "tile",
    ]


def test_a_copy_gets_only_what_is_new_and_can_have_what_entries_name(tmp_path: Path) -> None:
    log, copy = grown(new_log(tmp_path), numbered(3)), tmp_path / "copy"
    digest = keep_file(log, b"a signature", disk=QUICK)
    copy_public(log, copy, disk=QUICK)
    again = copy_public(log, copy, disk=QUICK)
    with_files = copy_public(log, copy, files=True, disk=QUICK)
    grown(log, numbered(4))
    grew = copy_public(log, copy, disk=QUICK)

    # A hash tile, a bundle, a kept checkpoint, the checkpoint.
    assert (again, with_files, grew) == (0, 1, 4)
    assert (copy / "files" / digest).read_bytes() == b"a signature"
    assert [entry for _, entry in published(copy).entries()] == numbered(4)
    assert [size for size, _ in history(copy)] == [3, 4]


def test_a_newer_copy_or_that_of_another_log_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    log, fork = grown(new_log(tmp_path), numbered(3)), grown(new_log(tmp_path / "other"), [b"x", b"y"])
    copy_public(fork, tmp_path / "fork", disk=QUICK)
    copy_public(grown(fork, numbered(9)), tmp_path / "newer", disk=QUICK)

    for name in ("fork", "newer"):
        before = files_of(tmp_path / name)
        with pytest.raises(LogError, match="expected an older copy of this log, got a tree of"):
            copy_public(log, tmp_path / name, disk=QUICK)
        assert files_of(tmp_path / name) == before


def test_what_does_not_hold_is_not_copied(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(700))
    (log / "tile/entries/001").write_bytes(b"")

    with pytest.raises(LogError, match="tile/entries/001"):
        copy_public(log, tmp_path / "copy", disk=QUICK)

    assert not (tmp_path / "copy" / "checkpoint").exists()


def test_a_copy_that_fails_anywhere_never_shows_a_checkpoint_whose_tiles_are_missing(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(3), numbered(300))
    keep_file(log, b"a signature", disk=QUICK)
    seen: list[str] = []
    copy_public(log, tmp_path / "whole", files=True, disk=CountingDisk(seen.append))
    for number in range(1, len(seen) + 1):
        to = tmp_path / f"copy-{number}"
        with pytest.raises(LogError, match="expected a"):
            copy_public(log, to, files=True, disk=failing_at(number))
        if (to / "checkpoint").exists():
            assert [entry for _, entry in published(to).entries()] == numbered(300)
        copy_public(log, to, files=True, disk=QUICK)

        assert files_of(to) == files_of(tmp_path / "whole")


def test_two_copies_into_one_folder_wait_for_each_other(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(3))
    (tmp_path / "copy").mkdir()
    folder = os.open(tmp_path / "copy", os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    with pytest.raises(LogError, match="expected nobody else to copy a log there"):
        copy_public(log, tmp_path / "copy", disk=QUICK)
    os.close(folder)

    assert copy_public(log, tmp_path / "copy", disk=QUICK) == 6


def test_a_log_without_a_checkpoint_has_nothing_to_copy(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="expected a checkpoint, got none"):
        copy_public(new_log(tmp_path), tmp_path / "copy")

    assert not (tmp_path / "copy").exists()


def test_many_tiles_are_copied_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netproof.integrity.log.copying.AT_ONCE", 3)
    log = grown(new_log(tmp_path), numbered(1500))

    assert copy_public(log, tmp_path / "copy", disk=QUICK) == len(files_of(tmp_path / "copy"))
    assert fsck(tmp_path / "copy") == []
