from __future__ import annotations

import os
import re
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from netproof.errors import LogError
from netproof.integrity.log import (
    create,
    fsck,
    published,
    writing,
)
from netproof.tlog.policy_text import encode_policy
from tests.logfolders import POLICY, QUICK, SETTINGS, broken, grown, new_log
from tests.tlogs import LOG, LOG_PQ, TIME, filled, key, numbered, policy

if TYPE_CHECKING:
    from pathlib import Path


def read_all(log: Path) -> list[bytes]:
    """Every published entry, verified."""
    return [entry for _, entry in published(log).entries()]


def test_entries_keep_their_order_and_index(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    with writing(log, disk=QUICK) as writer:
        places = [writer.append(numbered(300)[:7]), writer.append(numbered(300))]
        writer.checkpoint([LOG], TIME)

    assert places == [list(range(7)), list(range(300))]
    assert read_all(log) == numbered(300)


def test_the_tree_and_its_files_are_those_of_the_pure_log(tmp_path: Path) -> None:
    entries = numbered(256 * 20 + 300)
    log = grown(new_log(tmp_path), entries[:5], entries[:1000], entries)
    edge, _ = filled(entries)
    _, files = filled(entries, [5, 995])

    wanted = {
        tile.path: data
        for tile, data in files.items()
        if tile.width == 256 or tile.path in {one.path for one in filled(entries)[1]}
    }
    got = {path: (log / path).read_bytes() for path in wanted}

    assert published(log).checkpoint.root == edge.root()
    assert got == wanted


def test_an_entry_that_is_there_keeps_its_first_index(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    with writing(log, disk=QUICK) as writer:
        first = writer.append([b"a", b"b", b"a"])
        writer.checkpoint([LOG], TIME)
        second = writer.append([b"c", b"b", b"c"])
    with writing(log, disk=QUICK) as writer:
        third = writer.append([b"d", b"c", b"a"])
        size = writer.size

    assert (first, second, third, size) == ([0, 1, 0], [2, 1, 2], [3, 2, 0], 4)


def test_entries_have_0_to_65535_bytes_and_a_batch_with_a_longer_one_is_refused_whole(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    with writing(log, disk=QUICK) as writer:
        places = writer.append([b"", b"x" * 65_535])
        with pytest.raises(LogError, match="expected at most 65535 bytes, got 65536"):
            writer.append([b"good", b"x" * 65_536])
        writer.checkpoint([LOG], TIME)

    assert places == [0, 1]
    assert read_all(log) == [b"", b"x" * 65_535]


def test_an_empty_batch_changes_nothing_and_an_empty_log_has_a_checkpoint(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    with writing(log, disk=QUICK) as writer:
        places = writer.append([])
        writer.checkpoint([LOG, LOG_PQ], TIME)

    assert places == []
    assert published(log).checkpoint.root == sha256(b"").digest()
    assert (read_all(log), fsck(log)) == ([], [])


def test_what_was_appended_without_a_checkpoint_is_there_after_a_start(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(10))
    with writing(log, disk=QUICK) as writer:
        writer.append(numbered(700))
    with writing(log, disk=QUICK) as writer:
        size, public = writer.size, writer.published
        writer.checkpoint([LOG], TIME)

    assert (size, public.size if public else None) == (700, 10)
    assert read_all(log) == numbered(700)


def test_after_a_checkpoint_the_journal_is_empty(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(10), numbered(30))

    assert list((log / "journal").iterdir()) == []


def test_a_second_writer_is_told_who_holds_the_log(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    with (
        writing(log, disk=QUICK),
        pytest.raises(LogError, match=rf"expected to be the only writer, got process '{os.getpid()}'"),
        writing(log, disk=QUICK),
    ):
        pass


def test_a_log_that_has_less_than_it_signed_refuses_to_open(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(5))
    old = (log / "checkpoint").read_bytes()
    grown(log, numbered(9))
    (log / "checkpoint").write_bytes(old)

    with pytest.raises(LogError, match="expected 9 entries, as were signed, got 5"), writing(log, disk=QUICK):
        pass


def test_a_log_without_its_journal_refuses_to_open_if_it_signed_what_was_in_it(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(5))
    with writing(log, disk=QUICK) as writer:
        writer.append(numbered(8))
        with pytest.raises(ConnectionError):
            writer.checkpoint([LOG], TIME, broken)
    for segment in (log / "journal").iterdir():
        segment.unlink()

    with pytest.raises(LogError, match="expected 8 entries, as were signed, got 5"), writing(log, disk=QUICK):
        pass


def test_a_log_whose_entries_differ_from_what_it_signed_refuses_to_open(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    log, other = new_log(tmp_path), new_log(tmp_path / "other")
    for folder, entries in ((log, [b"a", b"b"]), (other, [b"a", b"c"])):
        with writing(folder, disk=QUICK) as writer:
            writer.append(entries)
            with pytest.raises(ConnectionError):
                writer.checkpoint([LOG], TIME, broken)
    (segment,) = (other / "journal").iterdir()
    (log / "journal" / segment.name).write_bytes(segment.read_bytes())

    with pytest.raises(LogError, match="at 2, as was signed, got"), writing(log, disk=QUICK):
        pass


def test_a_tile_is_never_overwritten_with_other_bytes(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(5))
    (log / "tile" / "0" / "000").write_bytes(b"x" * 8192)
    with writing(log, disk=QUICK) as writer:
        writer.append(numbered(300))
        with pytest.raises(
            LogError, match="tile/0/000: expected the bytes that this log's entries make, got others"
        ):
            writer.checkpoint([LOG], TIME)

    assert (log / "tile" / "0" / "000").read_bytes() == b"x" * 8192


def test_a_link_in_the_folder_of_tiles_is_refused(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(5))
    outside = tmp_path / "outside"
    (log / "tile" / "1").symlink_to(outside)
    outside.mkdir()
    with writing(log, disk=QUICK) as writer:
        writer.append(numbered(300))
        with pytest.raises(LogError, match=r"tile/1/000\.p/1: expected a file reached without links"):
            writer.checkpoint([LOG], TIME)

    assert list(outside.iterdir()) == []


def test_a_duplicate_is_not_believed_on_the_word_of_an_altered_tile(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(300))
    tile = log / "tile" / "0" / "000"
    data = tile.read_bytes()
    tile.write_bytes(sha256(b"\x00" + b"never logged").digest() + data[32:])

    with writing(log, disk=QUICK) as writer, pytest.raises(LogError, match="tile/0/000: expected hashes of"):
        writer.append([b"never logged"])


def test_a_closed_writer_writes_no_more(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    with writing(log, disk=QUICK) as writer:
        pass

    with pytest.raises(LogError, match="but it was closed"):
        writer.append([b"a"])


def test_a_log_is_never_made_anew(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    with pytest.raises(LogError, match=r"expected no log, got log\.toml"):
        create(log, SETTINGS, POLICY)
    grown(log, [b"a"])
    (log / "log.toml").unlink()

    with pytest.raises(LogError, match="expected no log, got checkpoint"):
        create(log, SETTINGS, POLICY)


def test_a_log_needs_a_policy_that_names_it(tmp_path: Path) -> None:
    other = encode_policy(policy(0, logs=[key("other.example")]))

    with pytest.raises(LogError, match=re.escape("expected a line with a key of log 'log.example/releases'")):
        create(tmp_path / "releases", SETTINGS, other)

    assert not (tmp_path / "releases").exists()


def test_the_journal_is_private_and_what_is_published_is_not(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), [b"a"])

    assert (log / "journal").stat().st_mode & 0o777 == 0o700
    assert (log / "checkpoint").stat().st_mode & 0o777 & 0o600 == 0o600
    assert (log / "tile" / "0" / "000.p" / "1").stat().st_mode & 0o111 == 0


def test_a_log_in_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(LogError, match="expected a folder that can be written"):
        create(tmp_path / "file" / "releases", SETTINGS, POLICY)


def test_a_level_0_tile_that_is_too_short_is_refused(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(300))
    (log / "tile" / "0" / "000").write_bytes(b"x" * 32)

    with (
        writing(log, disk=QUICK) as writer,
        pytest.raises(LogError, match="expected level 0 with 300 hashes, got 45"),
    ):
        writer.append([b"next"])


def test_a_lock_that_is_a_link_is_refused(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    (log / "lock").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(LogError, match="expected a file that can be locked"), writing(log, disk=QUICK):
        pass
    assert not (tmp_path / "elsewhere").exists()


def test_a_log_is_written_to_the_machine_s_own_disk_unless_told_otherwise(tmp_path: Path) -> None:
    create(tmp_path / "releases", SETTINGS, POLICY)
    with writing(tmp_path / "releases") as writer:
        writer.append(numbered(6_000))
        writer.checkpoint([LOG, LOG_PQ], TIME)

    assert read_all(tmp_path / "releases") == numbered(6_000)
