from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netproof.integrity.log import copy_public, fsck, keep_file, writing
from netproof.tlog.checkpoint import Checkpoint
from netproof.tlog.cosignature import sign_checkpoint
from tests.logfolders import QUICK, broken, grown, new_log
from tests.tlogs import LOG, TIME, numbered

if TYPE_CHECKING:
    from pathlib import Path


def full_log(folder: Path) -> Path:
    """A log with every kind of file in it; some entries are not published yet."""
    log = grown(new_log(folder), numbered(3), numbered(300), numbered(700))
    keep_file(log, b"a signature", disk=QUICK)
    with writing(log, disk=QUICK) as writer:
        writer.append(numbered(1000))
    return log


def files_of(log: Path) -> list[str]:
    """Every file of a log that holds something."""
    return sorted(
        path.relative_to(log).as_posix() for path in log.rglob("*") if path.is_file() and path.stat().st_size
    )


def problems(log: Path) -> dict[str, str]:
    """What does not hold, by place."""
    return {problem.place: problem.text for problem in fsck(log)}


def test_a_whole_log_has_no_problem_and_progress_is_told(tmp_path: Path) -> None:
    told: list[str] = []

    got = fsck(full_log(tmp_path), lambda what, *_: told.append(what))

    assert got == []
    assert {"entries", "journal", "checkpoints", "tiles", "files"} == set(told)


def test_a_flipped_byte_in_any_file_is_found(tmp_path: Path) -> None:
    log = full_log(tmp_path)
    # `lock` says who writes; `new` holds nothing that anybody reads.
    names = [name for name in files_of(log) if name != "lock" and not name.startswith("new/")]
    missed = []
    for number, name in enumerate(names):
        good = (log / name).read_bytes()
        at = number * 101 % len(good)
        (log / name).write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        if not fsck(log):
            missed.append((name, at))
        (log / name).write_bytes(good)

    assert missed == []
    assert len(names) > 20
    assert fsck(log) == []


def test_a_missing_file_is_found(tmp_path: Path) -> None:
    log = full_log(tmp_path)
    # Without `signed` or a partial tile whose full one is there, a log is whole; see their own tests.
    names = [name for name in files_of(log) if name.startswith(("tile", "checkpoint", "policy", "log.toml"))]
    names = [name for name in names if ".p/" not in name or not (log / name.split(".p/")[0]).exists()]
    missed = []
    for name in names:
        (log / name).rename(tmp_path / "away")
        if not fsck(log):
            missed.append(name)
        (tmp_path / "away").rename(log / name)

    assert missed == ["checkpoints/003", "checkpoints/300"]


def test_a_partial_tile_that_is_needed_and_gone_is_found(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(3), numbered(5))
    (log / "tile/0/000.p/3").unlink()

    assert problems(log) == {"tile/0/000.p/3": "expected the tile of a published size, got no file"}


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("tile/0/x", "tile/0/x"),
        ("tile/0/004", "tile/0/004"),
        ("tile/0/002.p/200", "tile/0/002.p/200"),
        ("tile/entries/001.p/7", "tile/entries/001.p/7"),
        ("tile/5/000", "tile/5/000"),
        ("files/abc", "files/abc"),
        ("checkpoints/abc", "checkpoints"),
        ("journal/abc", "journal"),
    ],
)
def test_a_file_that_does_not_belong_there_is_found(tmp_path: Path, name: str, place: str) -> None:
    log = grown(new_log(tmp_path), numbered(700))
    (log / name).parent.mkdir(parents=True, exist_ok=True)
    (log / name).write_bytes(b"x" * 8192)

    assert list(problems(log)) == [place]


def test_tiles_that_a_crash_left_before_the_checkpoint_are_compared_with_the_journal(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(3))
    with writing(log, disk=QUICK) as writer:
        writer.append(numbered(600))
        with pytest.raises(ConnectionError):
            writer.checkpoint([LOG], TIME, broken)
    whole = fsck(log)
    for name in ("tile/0/001", "tile/entries/002.p/88", "tile/entries/001"):
        data = (log / name).read_bytes()
        (log / name).write_bytes(data[:-1] + b"?")

    assert whole == []
    assert sorted(problems(log)) == ["tile/0/001", "tile/entries/001", "tile/entries/002.p/88"]


def test_a_link_among_tiles_is_found(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(3))
    (log / "tile/0/000.p/2").symlink_to(log / "tile/0/000.p/3")
    (log / "tile/7").symlink_to(log / "tile/0")

    assert sorted(problems(log)) == ["tile/0/000.p/2", "tile/7"]


def test_a_kept_checkpoint_of_another_tree_is_found(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(3), numbered(5))
    forked = sign_checkpoint(Checkpoint(LOG.name, 3, b"x" * 32), [LOG], TIME)
    (log / "checkpoints/003").write_bytes(forked)
    (log / "checkpoints/004").write_bytes((log / "checkpoints/005").read_bytes())

    assert sorted(name for name in problems(log) if "checkpoints" in name) == [
        "checkpoints/003",
        "checkpoints/004",
    ]


def test_a_log_behind_what_it_signed_is_found(tmp_path: Path) -> None:
    log = full_log(tmp_path)
    for size, text in ((700, "expected root"), (5000, "expected 5000 entries, as were signed, got 1000")):
        (log / "signed").write_bytes(Checkpoint(LOG.name, size, b"x" * 32).text)

        assert problems(log)["signed"].startswith(text)


def test_a_torn_batch_and_a_gap_in_the_journal_are_found(tmp_path: Path) -> None:
    log = full_log(tmp_path)
    (segment,) = (log / "journal").iterdir()
    data = segment.read_bytes()
    segment.write_bytes(data[:-1])
    torn = problems(log)
    segment.write_bytes(data)
    grown(log, numbered(1000))
    (log / "journal" / f"{2000:020}").write_bytes(data)
    other = problems(log)

    assert list(torn) == [f"journal/{700:020}"]
    assert list(other) == [f"journal/{2000:020}"]


def test_a_journal_that_contradicts_the_tree_is_found(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    log, other = new_log(tmp_path), new_log(tmp_path / "other")
    with writing(other, disk=QUICK) as writer:
        writer.append([b"other", *numbered(4)])
    grown(log, numbered(5))
    (segment,) = (other / "journal").iterdir()
    (log / "journal" / segment.name).write_bytes(segment.read_bytes())

    assert problems(log) == {"journal": "expected entry 4 as it is in the tree, got another"}


def test_a_published_copy_is_checked_the_same_way(tmp_path: Path) -> None:
    log = full_log(tmp_path)
    copy_public(log, tmp_path / "copy", files=True, disk=QUICK)
    whole = problems(tmp_path / "copy")
    (tmp_path / "copy/tile/entries/000").write_bytes(b"")

    assert whole == {}
    assert list(problems(tmp_path / "copy")) == ["tile/entries/000", "tile/entries/000.p/3"]


def test_where_there_is_no_log_that_is_the_problem(tmp_path: Path) -> None:
    assert list(problems(tmp_path)) == ["log.toml"]
