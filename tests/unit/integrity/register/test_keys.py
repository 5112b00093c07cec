"""Key files: only their owner reads them, nothing in them is ever told, none is overwritten."""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path

import pytest

from netproof.errors import LogError, SourceError
from netproof.integrity.register.keys import key_path, new_keys, signing_keys
from netproof.tlog.keys import SignatureType

SEEDS = bytes(range(64))
NAME = "log.example/releases"


def test_a_new_key_file_reads_back_as_its_two_keys(tmp_path: Path) -> None:
    written = new_keys(tmp_path / "log.key", NAME, SEEDS)

    got = signing_keys(tmp_path / "log.key")

    assert got == written
    assert [(key.name, key.type) for key in got] == [
        (NAME, SignatureType.ED25519),
        (NAME, SignatureType.ML_DSA_44),
    ]
    assert got[0].seed + got[1].seed == SEEDS


def test_a_new_key_file_is_for_its_owner_alone_and_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    new_keys(path, NAME, SEEDS)
    before = path.read_bytes()

    with pytest.raises(SourceError, match="expected no file yet"):
        new_keys(path, NAME, SEEDS[::-1])

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == before


def test_a_link_in_the_place_of_a_new_key_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "log.key").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(SourceError, match="expected no file yet"):
        new_keys(tmp_path / "log.key", NAME, SEEDS)

    assert not (tmp_path / "elsewhere").exists()


def test_keys_are_not_written_where_no_folder_is(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="expected a place to write keys to"):
        new_keys(tmp_path / "none" / "log.key", NAME, SEEDS)


def test_a_disk_without_room_leaves_no_half_key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(SourceError, match="expected room to write keys, got: no space left"):
        new_keys(tmp_path / "log.key", NAME, SEEDS)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "seeds"), [(NAME, SEEDS[:63]), ("two words", SEEDS), ("", SEEDS)])
def test_seeds_and_names_that_make_no_key_write_nothing(tmp_path: Path, name: str, seeds: bytes) -> None:
    with pytest.raises(LogError):
        new_keys(tmp_path / "log.key", name, seeds)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660])
def test_keys_that_others_can_reach_are_refused_with_what_to_do(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "log.key"
    new_keys(path, NAME, SEEDS)
    path.chmod(mode)

    with pytest.raises(SourceError, match=f"got mode {mode:04o}") as caught:
        signing_keys(path)

    assert "chmod 600" in caught.value.hint


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected 1 to 16 keys"),
        (b"# nothing but words\n", "expected 1 to 16 keys"),
        (b"\xff\xfe", "expected text"),
        (b"x" * 70_000, "expected at most 64,000 bytes"),
    ],
)
def test_what_is_no_key_file_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "log.key"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(SourceError, match=message):
        signing_keys(path)


def test_a_key_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    new_keys(path, NAME, SEEDS)
    path.write_text(path.read_text() * 2)

    with pytest.raises(SourceError, match="each once"):
        signing_keys(path)


def test_no_message_about_a_broken_key_shows_the_secret(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    new_keys(path, NAME, SEEDS)
    secret = path.read_text().splitlines()[1].rsplit("+", 1)[1]
    path.write_text(re.sub(r"\+[0-9a-f]{8}\+", "+00000000+", path.read_text()))

    with pytest.raises(SourceError, match="line 2") as caught:
        signing_keys(path)

    assert secret not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("place", ["none.key", "folder"])
def test_no_file_and_a_folder_are_told_with_what_to_do(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(SourceError, match="expected a file with"):
        signing_keys(tmp_path / place)


def test_the_option_goes_before_the_environment_and_that_before_the_place_beside_the_network(
    tmp_path: Path,
) -> None:
    net = tmp_path / "musternetz"
    net.mkdir()

    assert key_path(net, Path("mine.key"), "env.key") == Path("mine.key")
    assert key_path(net, None, "env.key") == Path("env.key")
    assert key_path(net, None, None) == tmp_path / "musternetz.key"
    assert key_path(net / ".." / "musternetz", None, "") == tmp_path / "musternetz.key"
