"""A report file is whole or not there."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from netproof.errors import ReportError
from netproof.report import write_file

if TYPE_CHECKING:
    from pathlib import Path


def test_text_is_written_as_utf8_and_lines_end_as_given(tmp_path: Path) -> None:
    write_file(tmp_path / "out.txt", "Köln\r\n")

    assert (tmp_path / "out.txt").read_bytes() == "Köln\r\n".encode()


def test_bytes_replace_what_stood_there(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"a much longer text than the new one")

    write_file(path, b"\x00\x01")

    assert path.read_bytes() == b"\x00\x01"
    assert os.listdir(tmp_path) == ["out"]  # noqa: PTH208 - names are what is compared


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("")
    write_file(tmp_path / "out", "")

    assert (tmp_path / "out").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_permissions_of_a_replaced_file_stay(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("")
    path.chmod(0o600)

    write_file(path, "new")

    assert path.stat().st_mode & 0o777 == 0o600


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        ReportError, match="expected a place where a file can be written, got: No such"
    ) as raised:
        write_file(tmp_path / "none" / "out.html", "x")

    assert str(tmp_path / "none" / "out.html") in str(raised.value)
    assert raised.value.hint.endswith("none does not exist")


def test_a_folder_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()

    with pytest.raises(ReportError, match="got: it is a folder"):
        write_file(tmp_path / "out", "x")

    assert os.listdir(tmp_path) == ["out"]  # noqa: PTH208


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(ReportError) as raised:
        write_file(tmp_path / "file" / "out", "x")

    assert raised.value.hint.endswith("file is not a folder")


def test_a_full_disk_leaves_the_old_report_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ReportError, match="No space left"):
        write_file(path, "new")

    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["out"]  # noqa: PTH208


def test_text_that_utf8_cannot_hold_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"got U\+D800"):
        write_file(tmp_path / "out", "a\ud800")

    assert not list(tmp_path.iterdir())
