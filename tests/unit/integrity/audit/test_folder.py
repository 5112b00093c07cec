"""A log in a folder that may be somebody else's: links, pipes and large files harm nobody (attack 23)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from netproof.errors import SourceError
from netproof.integrity.audit import MissingError, open_source
from netproof.tlog.tiles import BUNDLE, Tile
from tests.unit.integrity.audit.logs import entries, written

if TYPE_CHECKING:
    from pathlib import Path


def test_checkpoint_tiles_and_bundles_are_read(tmp_path: Path) -> None:
    written(tmp_path)
    source = open_source(str(tmp_path))

    assert source.where == str(tmp_path)
    assert source.checkpoint() == (tmp_path / "checkpoint").read_bytes()
    assert source.read(Tile(1, 0, 1)) == (tmp_path / "tile/1/000.p/1").read_bytes()
    assert source.read(Tile(BUNDLE, 0)) == (tmp_path / "tile/entries/000").read_bytes()
    source.close()


def test_the_full_tile_is_taken_where_the_partial_one_is_gone(tmp_path: Path) -> None:
    written(tmp_path, 300).append(entries(300, 212))
    (tmp_path / "tile/0/001.p/44").unlink()
    source = open_source(tmp_path)

    assert source.read(Tile(0, 1, 44)) == (tmp_path / "tile/0/001").read_bytes()
    with pytest.raises(MissingError, match="tile/0/002: expected a file, got none"):
        source.read(Tile(0, 2))


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="expected a log's folder, got none"):
        open_source(tmp_path / "nowhere")
    with pytest.raises(SourceError, match="expected a log's folder, got none"):
        open_source("nowhere")


@pytest.mark.parametrize("linked", ["checkpoint", "tile", "tile/0", "tile/0/000"])
def test_23_no_link_below_the_folder_is_followed(tmp_path: Path, linked: str) -> None:
    folder, elsewhere = tmp_path / "log", tmp_path / "elsewhere"
    written(folder)
    (folder / linked).rename(elsewhere)
    (folder / linked).symlink_to(elsewhere)
    source = open_source(folder)

    with pytest.raises(SourceError, match="expected a file that can be read, got: a link"):
        (source.checkpoint if linked == "checkpoint" else lambda: source.read(Tile(0, 0)))()


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    log = written(tmp_path / "log")
    (tmp_path / "link").symlink_to(log.folder)

    assert open_source(tmp_path / "link").checkpoint() == (log.folder / "checkpoint").read_bytes()


def test_what_is_no_file_is_refused_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "checkpoint")
    (tmp_path / "tile" / "0" / "000").mkdir(parents=True)
    source = open_source(tmp_path)

    with pytest.raises(SourceError, match="expected a file, got something else"):
        source.checkpoint()
    with pytest.raises(SourceError, match="expected a file"):
        source.read(Tile(0, 0))


def test_32_a_file_larger_than_any_such_file_is_refused(tmp_path: Path) -> None:
    written(tmp_path)
    for name, size in (("checkpoint", 2**40), ("tile/0/000", 8_193), ("tile/entries/000", 2**40)):
        os.truncate(tmp_path / name, size)
    source = open_source(tmp_path)

    with pytest.raises(SourceError, match="expected at most 1,000,000 bytes"):
        source.checkpoint()
    with pytest.raises(SourceError, match="expected at most 8,192 bytes"):
        source.read(Tile(0, 0))
    with pytest.raises(SourceError, match="expected at most 16,777,472 bytes"):
        source.read(Tile(BUNDLE, 0))
