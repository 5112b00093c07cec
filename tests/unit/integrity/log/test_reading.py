from __future__ import annotations

import os
from pathlib import Path

import pytest

from netproof.errors import LogError
from netproof.integrity.log import (
    Settings,
    file_path,
    history,
    keep_file,
    published,
    read_kept,
    read_policy,
    read_settings,
    writing,
)
from netproof.integrity.log.layout import kept_name, kept_sizes, partial_tiles, read_file, read_tile
from netproof.tlog.checkpoint import Checkpoint
from netproof.tlog.cosignature import sign_checkpoint
from netproof.tlog.tiles import Tile, tiles_of
from tests.crash.disks import QuickDisk
from tests.logfolders import QUICK, grown, new_log
from tests.tlogs import LOG, ORIGIN, TIME, WITNESSES, key, numbered


def test_every_published_size_can_be_read_again(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(3), numbered(256), numbered(700))

    got = {
        size: [entry for _, entry in published(log, size=size).entries()] for size in (3, 4, 256, 699, 700)
    }

    assert got == {size: numbered(want) for size, want in {3: 3, 4: 3, 256: 256, 699: 256, 700: 700}.items()}
    assert [size for size, _ in history(log)] == [3, 256, 700]


def test_entries_are_read_from_an_index_on(tmp_path: Path) -> None:
    log = published(grown(new_log(tmp_path), numbered(700)))

    assert list(log.entries(255)) == list(enumerate(numbered(700)))[255:]
    assert list(log.entries(700)) == []


@pytest.mark.parametrize(
    ("size", "text"),
    [(None, "expected a checkpoint, got none"), (7, "expected a kept checkpoint of at most 7")],
)
def test_a_log_that_has_published_nothing_says_so(tmp_path: Path, size: int | None, text: str) -> None:
    with pytest.raises(LogError, match=text):
        published(new_log(tmp_path), size=size)


def test_where_there_is_no_log_the_hint_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"expected a log, got no log\.toml") as caught:
        published(tmp_path)

    assert "init" in caught.value.hint


def test_a_checkpoint_that_nobody_of_the_log_signed_is_refused(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), [b"a"])
    tree = published(log).checkpoint
    (log / "checkpoint").write_bytes(sign_checkpoint(tree, [key(ORIGIN, number=5)], TIME))

    with pytest.raises(LogError, match="expected a signature of a trusted key, got those of"):
        published(log)


def test_a_checkpoint_of_another_log_with_the_same_key_is_refused(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), [b"a"])
    tree = Checkpoint("other.example", 1, published(log).checkpoint.root)
    (log / "checkpoint").write_bytes(sign_checkpoint(tree, [LOG], TIME))

    with pytest.raises(LogError, match=r"expected origin 'log\.example/releases', got 'other\.example'"):
        published(log)


def test_a_smaller_checkpoint_is_noticed_by_the_writer(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(3), numbered(9))
    (log / "checkpoint").write_bytes((log / kept_name(3)).read_bytes())

    with pytest.raises(LogError, match="expected 9 entries, as were signed, got 3"), writing(log, disk=QUICK):
        pass


def test_a_signed_record_of_another_log_or_an_older_tree_is_refused(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(3), numbered(9))
    old = published(log, size=3).checkpoint
    (log / "signed").write_bytes(old.text)
    with pytest.raises(LogError, match="expected 3 entries, as were signed, got 9"), writing(log, disk=QUICK):
        pass
    (log / "signed").write_bytes(Checkpoint("other.example", 9, old.root).text)

    with pytest.raises(LogError, match="signed: expected this log"), writing(log, disk=QUICK):
        pass


def test_a_restored_copy_without_its_signed_record_goes_on(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(3))
    (log / "signed").unlink()
    (log / "journal").rmdir()
    (log / "new").rename(tmp_path / "gone")
    grown(log, numbered(5))

    assert published(log).checkpoint.size == 5


def test_a_full_tile_serves_where_the_partial_one_is_gone(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(3), numbered(300))
    for name in ("tile/0/000.p", "tile/entries/000.p"):
        (log / name / "3").unlink()

    assert [entry for _, entry in published(log, size=3).entries()] == numbered(3)


def test_a_missing_tile_is_named(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(3))
    (log / "tile/0/000.p/3").unlink()

    with pytest.raises(LogError, match=r"tile/0/000\.p/3: expected the tile, got no file"):
        published(log)


def test_links_are_not_followed_and_only_regular_files_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    (folder / "tile").mkdir(parents=True)
    (tmp_path / "secret").write_bytes(b"s")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "way").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")

    for name in ("link", "way/secret", "pipe", "tile", "tile/", "link/x"):
        with pytest.raises((LogError, FileNotFoundError)):
            read_file(folder, name, 10)


def test_the_log_s_own_folder_may_be_reached_through_a_link(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), [b"a"])
    (tmp_path / "link").symlink_to(log)

    assert published(tmp_path / "link").checkpoint.size == 1


def test_a_file_larger_than_its_kind_is_refused(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), [b"a"])
    for name in ("log.toml", "checkpoint", "policy"):
        (log / name).write_bytes(b"x" * 1_000_001)

    for read in (read_settings, published, read_policy):
        with pytest.raises(LogError, match="expected at most 1000000 bytes, got more"):
            read(log)


def test_a_tile_larger_than_any_is_refused(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), [b"a"])
    (log / "tile/0/000.p/1").write_bytes(b"x" * 8193)

    with pytest.raises(LogError, match="expected at most 8192 bytes, got more"):
        read_tile(log, Tile(0, 0, 1))


def test_a_file_that_has_more_than_it_says_stays_bounded() -> None:
    # Files below /proc say that they have no byte and give some.
    process = Path("/proc/self")
    if not (process / "stat").exists():
        pytest.skip("no /proc here")

    assert len(read_file(process, "stat", 10_000)) > 10
    with pytest.raises(LogError, match="expected at most 10 bytes, got more"):
        read_file(process, "stat", 10)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "origin = ",
        'origin = "log.example/releases"\n',
        'origin = "log.example/releases"\nkeys = []\n',
        'origin = "log.example/releases"\nkeys = [1]\n',
        'origin = "log.example/releases"\nkeys = ["x"]\n',
        'origin = "log.example/releases"\nkeys = "x"\n',
        "origin = 1\nkeys = []\n",
        f'origin = "log.example/releases"\nkeys = ["{LOG.verifier()}"]\nmore = 1\n',
        f'origin = "log.example/releases"\nkeys = ["{LOG.verifier()}", "{LOG.verifier()}"]\n',
        f'origin = "other.example"\nkeys = ["{LOG.verifier()}"]\n',
        f'origin = "log.example/\\u202ereleases"\nkeys = ["{LOG.verifier()}"]\n',
        "\xff",
    ],
)
def test_settings_that_are_none_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "log.toml").write_bytes(text.encode("latin-1"))

    with pytest.raises(LogError):
        read_settings(tmp_path)


def test_settings_read_back_as_they_were_written(tmp_path: Path) -> None:
    name = 'log "ä" \\ x'.replace(" ", "-")
    want = Settings(name, (key(name).verifier(), key(name, number=2).verifier()))
    (tmp_path / "log.toml").write_bytes(want.encode())

    assert read_settings(tmp_path) == want


def test_a_witness_s_key_is_no_key_of_a_log() -> None:
    witness = WITNESSES[b"W1"].verifier()

    with pytest.raises(LogError, match="expected Ed25519 or ML-DSA-44 keys of that name"):
        Settings(witness.name, (witness,))


def test_a_log_without_a_policy_says_so(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    (log / "policy").unlink()

    with pytest.raises(LogError, match="expected the log's policy, got no file"):
        read_policy(log)


@pytest.mark.parametrize("size", [0, 1, 999, 1000, 1_234_067, 2**40])
def test_kept_checkpoints_lie_by_size_as_tiles_do(tmp_path: Path, size: int) -> None:
    place = tmp_path / kept_name(size)
    place.parent.mkdir(parents=True)
    place.write_bytes(b"")

    assert kept_sizes(tmp_path) == [size]
    assert kept_name(1_234_067) == "checkpoints/x001/x234/067"


@pytest.mark.parametrize("name", ["12", "x001", "1000", "x01/000", "abc", "000.p"])
def test_other_names_among_kept_checkpoints_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "checkpoints" / name).parent.mkdir(parents=True)
    (tmp_path / "checkpoints" / name).write_bytes(b"")

    with pytest.raises(LogError, match="expected"):
        kept_sizes(tmp_path)


def test_partial_tiles_are_those_of_the_size() -> None:
    for size in (0, 1, 255, 256, 257, 65_536, 70_000):
        want = {tile for tile in tiles_of(size) if tile.width < 256}

        assert set(partial_tiles(size)) == want


def test_things_are_kept_by_digest_and_once(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    digests = [keep_file(log, content, disk=QUICK) for content in (b"a", b"", b"a")]

    assert digests[0] == digests[2] == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    assert [read_kept(log, digest) for digest in digests] == [b"a", b"", b"a"]
    assert sorted(path.name for path in (log / "files").iterdir()) == sorted(set(digests))


def test_a_kept_thing_with_another_digest_is_refused_and_a_missing_one_named(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    digest = keep_file(log, b"a", disk=QUICK)
    file_path(log, digest).write_bytes(b"b")

    with pytest.raises(LogError, match="expected bytes with that digest, got 3e23e8160039594a"):
        read_kept(log, digest)
    with pytest.raises(LogError, match="expected the file with that digest, got none"):
        read_kept(log, "0" * 64)
    with pytest.raises(LogError, match="expected a SHA-256 in hexadecimal, got"):
        file_path(log, "../x")


def test_a_thing_that_is_too_large_or_finds_no_room_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(QuickDisk):
        def write_some(self, file: int, data: memoryview) -> int:
            del file, data
            raise OSError(28, "No space left on device")

    log = new_log(tmp_path)
    with pytest.raises(LogError, match="no space left on device"):
        keep_file(log, b"a", disk=Full())
    monkeypatch.setattr("netproof.integrity.log.keeping.FILE_BYTES_MAX", 3)
    with pytest.raises(LogError, match="expected at most 3 bytes, got 4"):
        keep_file(log, b"abcd")
