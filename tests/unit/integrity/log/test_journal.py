from __future__ import annotations

import io
import os
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from netproof.errors import LogError
from netproof.integrity.log import frames, fsck, journal, published, writing
from netproof.integrity.log.frames import frame, in_frames, read_frames, segment_header
from tests.logfolders import QUICK, grown, new_log
from tests.tlogs import LOG, TIME, numbered

if TYPE_CHECKING:
    from pathlib import Path

SALT = b"0123456789abcdef"
HEADER = segment_header(SALT, 7)
FIRST = frame(SALT, 7, [b"a", b""])
SECOND = frame(SALT, 9, [b"b"])
THIRD = frame(SALT, 10, [b"c" * 40])


def batches(data: bytes, *, newest: bool = True) -> list[tuple[int, list[bytes]]]:
    """What is read of a segment from entry 7."""
    return list(read_frames(io.BytesIO(data), "segment", 7, newest=newest))


def test_a_segment_gives_back_its_batches() -> None:
    got = batches(HEADER + FIRST + SECOND + THIRD, newest=False)

    assert got == [(7, [b"a", b""]), (9, [b"b"]), (10, [b"c" * 40])]


@pytest.mark.parametrize("cut", range(1, len(THIRD)))
def test_a_batch_that_was_cut_off_is_left_out(cut: int) -> None:
    got = batches(HEADER + FIRST + SECOND + THIRD[:cut])

    assert got == [(7, [b"a", b""]), (9, [b"b"])]


@pytest.mark.parametrize("at", range(len(THIRD)))
def test_a_torn_batch_is_left_out_whichever_byte_is_missing(at: int) -> None:
    torn = bytearray(THIRD)
    torn[at] ^= 0xFF

    assert batches(HEADER + FIRST + SECOND + bytes(torn)) == [(7, [b"a", b""]), (9, [b"b"])]


@pytest.mark.parametrize("at", range(len(SECOND)))
def test_a_broken_batch_before_a_whole_one_is_damage(at: int) -> None:
    broken = bytearray(SECOND)
    broken[at] ^= 0xFF

    with pytest.raises(LogError, match="expected a whole batch from entry 9 at byte"):
        batches(HEADER + FIRST + bytes(broken) + THIRD)


@pytest.mark.parametrize("cut", [1, len(THIRD) - 1])
def test_only_the_newest_segment_may_end_in_a_torn_batch(cut: int) -> None:
    with pytest.raises(LogError, match="expected a whole batch from entry 10"):
        batches(HEADER + FIRST + SECOND + THIRD[:cut], newest=False)


@pytest.mark.parametrize("at", range(len(HEADER)))
def test_a_segment_whose_header_is_broken_is_refused(at: int) -> None:
    broken = bytearray(HEADER)
    broken[at] ^= 1

    with pytest.raises(LogError, match="expected the header of a journal segment from entry 7"):
        batches(bytes(broken) + FIRST)


def test_an_entry_that_looks_like_a_batch_does_not_hide_a_torn_one() -> None:
    # A supplier knows the format, not the salt.
    inside = frame(b"a salt, guessed.", 11, [b"looks whole"])
    torn = frame(SALT, 9, [inside, b"end"])[:-1]

    assert batches(HEADER + FIRST + torn) == [(7, [b"a", b""])]


def test_a_batch_whose_lengths_do_not_add_up_is_none() -> None:
    # Whoever made this frame knew the salt; it must not become entries all the same.
    good = bytearray(frame(SALT, 9, [b"abc", b"d"]))
    good[32:36] = b"\x00\x01\x00\x01"
    data = bytes(good[:-32])
    remade = data + sha256(data).digest()

    assert batches(HEADER + FIRST + remade) == [(7, [b"a", b""])]


def test_large_batches_are_split_by_number_and_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "FRAME_ENTRIES_MAX", 3)
    monkeypatch.setattr(frames, "FRAME_BYTES_MAX", 10)

    got = [list(part) for part in in_frames([b"1", b"2", b"3", b"4", b"x" * 9, b"5", b"6"])]

    assert got == [[b"1", b"2", b"3"], [b"4", b"x" * 9], [b"5", b"6"]]


def test_a_full_segment_is_followed_by_a_new_one_and_all_are_replayed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "SEGMENT_BYTES", 1)
    log = grown(new_log(tmp_path), numbered(2))
    with writing(log, disk=QUICK) as writer:
        for size in (4, 6, 8):
            writer.append(numbered(size))
    names = sorted(path.name for path in (log / "journal").iterdir())
    with writing(log, disk=QUICK) as writer:
        writer.append(numbered(9))
        writer.checkpoint([LOG], TIME)

    assert [int(name) for name in names] == [2, 4, 6]
    assert [entry for _, entry in published(log).entries()] == numbered(9)
    assert list((log / "journal").iterdir()) == []


@pytest.mark.parametrize(
    ("lost", "text"),
    [
        (2, "expected entries from 2, got them from 4"),
        (4, "expected the segment before it to end there, got an end at 4"),
    ],
)
def test_a_missing_segment_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: int, text: str
) -> None:
    monkeypatch.setattr(journal, "SEGMENT_BYTES", 1)
    log = grown(new_log(tmp_path), numbered(2))
    with writing(log, disk=QUICK) as writer:
        for size in (4, 6, 8):
            writer.append(numbered(size))
    (log / "journal" / f"{lost:020}").unlink()

    with pytest.raises(LogError, match=text), writing(log, disk=QUICK) as writer:
        writer.append([b"next"])


def test_segments_that_a_crash_left_behind_are_removed(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    with writing(log, disk=QUICK) as writer:
        writer.append(numbered(4))
        left = {path: path.read_bytes() for path in (log / "journal").iterdir()}
        writer.checkpoint([LOG], TIME)
    for path, data in left.items():
        path.write_bytes(data)
    before = fsck(log)
    with writing(log, disk=QUICK) as writer:
        size = writer.size

    assert (size, before) == (4, [])
    assert list((log / "journal").iterdir()) == []


def test_a_first_batch_of_a_segment_that_was_never_finished_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "SEGMENT_BYTES", 1)
    log = new_log(tmp_path)
    with writing(log, disk=QUICK) as writer:
        writer.append(numbered(4))
        writer.append(numbered(6))
    newest = log / "journal" / f"{4:020}"
    newest.write_bytes(newest.read_bytes()[:-1])
    with writing(log, disk=QUICK) as writer:
        size, places = writer.size, writer.append([b"next"])

    assert (size, places) == (4, [4])


@pytest.mark.parametrize("name", ["0", "x", f"{2**63:020}"])
def test_something_else_in_the_journal_is_refused(tmp_path: Path, name: str) -> None:
    log = new_log(tmp_path)
    (log / "journal" / name).write_bytes(b"")

    with pytest.raises(LogError, match="expected segments by their first entry"), writing(log, disk=QUICK):
        pass


def test_a_journal_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    (log / "journal").rmdir()
    (log / "journal").write_bytes(b"")

    with pytest.raises(LogError, match="journal"), writing(log, disk=QUICK):
        pass


def test_a_journal_that_loses_a_batch_under_its_writer_is_noticed(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    with writing(log, disk=QUICK) as writer:
        writer.append(numbered(4))
        (segment,) = (log / "journal").iterdir()
        length = segment.stat().st_size
        writer.append(numbered(6))
        os.truncate(segment, length)
        with pytest.raises(LogError, match="expected entries up to 6, got them up to 4"):
            writer.checkpoint([LOG], TIME)
        segment.unlink()
        with pytest.raises(LogError, match="expected a segment that can be read, got: No such file"):
            writer.checkpoint([LOG], TIME)


def test_a_journal_in_the_way_is_a_problem_for_fsck_too(tmp_path: Path) -> None:
    log = new_log(tmp_path)
    (log / "journal").rmdir()
    none = fsck(log)
    (log / "journal").write_bytes(b"")

    assert (none, [problem.place for problem in fsck(log)]) == ([], ["journal"])
