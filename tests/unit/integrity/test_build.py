"""From a log on disk to tables: what counts for a date, by when it was proven, and what if it does not hold."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from netproof.integrity import build, proven
from netproof.integrity.log import Settings, writing
from netproof.tlog.cosignature import signature_line
from netproof.tlog.note import parse_note
from netproof.tlog.statement import make_statement
from tests.cosigned import QUICK, at, moment, new_log, sign
from tests.tables import store_of
from tests.tlogs import LOG, ORIGIN, WITNESSES, key, release

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from netproof.tables.store import Store

AS_OF = date(2026, 11, 1)


def entries(first: int, count: int) -> list[bytes]:
    """Releases by number."""
    return [
        make_statement(release(release=f"1.{n}", digests={"sha256": sha256(b"%d" % n).hexdigest()})).entry
        for n in range(first, first + count)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A log of three entries of October 10, two more of the 20th; two of three witnesses are a quorum."""
    log = new_log(tmp_path)
    sign(log, entries(0, 3), 10)
    sign(log, entries(3, 2), 20)
    return log


@pytest.fixture(scope="module")
def empty() -> Iterator[Store]:
    """A store without rows, for one test after the other."""
    store = store_of({})
    yield store
    store.connection.close()


def told(store: Store, folder: Path | None, as_of: date = AS_OF, **wishes: Any) -> tuple[Any, ...]:
    """The state of the log and when each release was proven."""
    build.build(store, as_of, folder, **wishes)
    rows = store.rows("select size, checkpoint_at, quorum, problem from log_state")
    return (*(rows[0] if rows else ()), dict(store.rows("select entry_index, logged_at from logged_release")))


def problem(store: Store, folder: Path) -> str:
    """Why a log shows nothing; nothing of it may be in the tables."""
    size, checkpoint_at, quorum, reason, found = told(store, folder)
    assert (size, checkpoint_at, quorum, found) == (0, None, False, {})
    assert store.given >= build.TABLES
    return str(reason)


def test_an_entry_is_proven_by_the_first_checkpoint_that_holds_it(empty: Store, folder: Path) -> None:
    by_then = dict.fromkeys(range(3), moment(10)) | dict.fromkeys((3, 4), moment(20))

    assert told(empty, folder) == (5, moment(20), True, None, by_then)


def test_what_was_proven_after_the_date_does_not_count_for_it(empty: Store, folder: Path) -> None:
    first = (3, moment(10), True, None, dict.fromkeys(range(3), moment(10)))

    assert told(empty, folder, date(2026, 10, 19)) == first
    assert told(empty, folder, date(2026, 10, 10)) == first
    assert told(empty, folder, date(2026, 10, 20))[0] == 5


def test_before_the_first_proof_the_log_shows_nothing(empty: Store, folder: Path) -> None:
    size, *_, reason, found = told(empty, folder, date(2026, 10, 9))

    assert (size, found) == (0, {})
    assert reason == "a quorum of witnesses cosigned it first on 2026-10-10, after 2026-10-09"


def test_an_assessment_is_repeated_with_the_size_that_counted_then(empty: Store, folder: Path) -> None:
    assert told(empty, folder, size=3)[:2] == (3, moment(10))
    assert told(empty, folder, size=4)[:2] == (3, moment(10))
    assert told(empty, folder, size=2)[3] == "no checkpoint of at most 2 entries is kept"


def test_without_a_quorum_a_checkpoint_proves_nothing_and_the_next_one_does(
    empty: Store, folder: Path
) -> None:
    sign(folder, entries(5, 1), 22, [WITNESSES[b"W1"]])
    assert told(empty, folder)[:2] == (5, moment(20))

    sign(folder, entries(6, 1), 25)
    size, checkpoint_at, _, _, found = told(empty, folder)

    assert (size, checkpoint_at) == (7, moment(25))
    assert (found[5], found[6]) == (moment(25), moment(25))


def test_a_log_that_asks_for_no_witnesses_counts_whole_and_proves_no_time(
    empty: Store, tmp_path: Path
) -> None:
    log = new_log(tmp_path, 0)
    sign(log, entries(0, 2), 10, [])

    assert told(empty, log) == (2, None, False, None, {0: None, 1: None})


def test_cosignatures_that_were_renewed_tell_that_the_log_is_fresh(empty: Store, folder: Path) -> None:
    sign(folder, [], 29)

    assert told(empty, folder)[:2] == (5, moment(29))
    assert told(empty, folder, date(2026, 10, 28))[:2] == (5, moment(20))
    assert told(empty, folder, size=5)[:2] == (5, moment(20))
    assert told(empty, folder)[-1][4] == moment(20)


def test_a_witness_that_states_a_time_beyond_the_calendar_states_nothing(
    empty: Store, tmp_path: Path
) -> None:
    log = new_log(tmp_path)
    with writing(log, disk=QUICK) as writer:
        writer.append(entries(0, 1))
        writer.checkpoint(
            [LOG],
            at(10),
            lambda note, _: [signature_line(parse_note(note).text, w, 2**62) for w in WITNESSES.values()],
        )

    assert told(empty, log)[:3] == (1, None, False)


def test_every_field_of_a_statement_has_its_column(empty: Store, folder: Path) -> None:
    digest = sha256(b"image").hexdigest()
    signed = {"format": "raw", "sha256": "a" * 64, "signer": "b" * 40}
    common = {"product": "P", "release": "2", "component": "boot", "digests": {"sha256": digest}}
    withdrawn = {key: value for key, value in release(**common, reason="it leaks").items() if key != "size"}
    rebuilt = {
        **withdrawn, "kind": "rebuild", "source": {"commit": "c" * 40}, "rebuilt": {"sha256": "d" * 64},
        "result": "different", "normalised": [],
    }  # fmt: skip
    rebuilt.pop("reason")
    sign(
        folder,
        [
            make_statement(values).entry
            for values in (
                release(**common, supplier_sig=[signed]),
                {**withdrawn, "kind": "withdraw"},
                rebuilt,
            )
        ],
        25,
    )
    build.build(empty, AS_OF, folder)
    stated = datetime.fromisoformat("2026-10-26T04:53:20")
    names = ("Sample Networks", "P", "2", "boot", bytes.fromhex(digest))

    assert empty.rows("select * exclude (_source, _row) from logged_release where entry_index = 5") == [
        (5, *names, len(b"image of release 2.4.1"), True, moment(25), stated)
    ]
    assert empty.rows("select * exclude (_source, _row) from logged_withdrawal") == [
        (6, *names, "it leaks", moment(25))
    ]
    assert empty.rows("select * exclude (_source, _row) from logged_rebuild") == [
        (7, *names, "different", moment(25))
    ]
    assert empty.rows("select supplier_signed, part from logged_release where entry_index = 0") == [
        (False, None)
    ]


def test_without_a_folder_there_is_no_log_and_nobody_gave_its_tables(empty: Store, tmp_path: Path) -> None:
    empty.given |= build.TABLES

    assert told(empty, tmp_path / "releases") == ({},)
    assert told(empty, None) == ({},)
    assert empty.given.isdisjoint(build.TABLES)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("log.toml", "releases: expected a log, got no log.toml"),
        ("policy", "releases/policy: expected the log's policy, got no file"),
        ("checkpoint", "releases: expected a checkpoint, got none"),
        ("checkpoints/003", ""),
        ("tile/entries/000.p/5", "releases/tile/entries/000.p/5: expected the tile, got no file"),
    ],
)
def test_a_log_of_which_a_file_is_gone_says_which(
    empty: Store, folder: Path, name: str, expected: str
) -> None:
    (folder / name).unlink()

    if not expected:
        assert told(empty, folder)[-1][0] == moment(20)
        return

    assert problem(empty, folder) == expected


@pytest.mark.parametrize("name", ["tile/entries/000.p/5", "tile/0/000.p/5", "checkpoint", "checkpoints/003"])
def test_a_byte_that_was_flipped_anywhere_leaves_nothing_shown(empty: Store, folder: Path, name: str) -> None:
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).unlink()
    (folder / name).write_bytes(data)

    if name.startswith("checkpoint"):
        size, _, _, reason, _ = told(empty, folder)
        assert reason or size == 5
        return

    assert problem(empty, folder)


def test_a_kept_checkpoint_of_another_tree_is_an_alarm(empty: Store, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    new_log(other)
    sign(other / "releases", entries(50, 3), 10)
    (folder / "checkpoints" / "003").write_bytes((other / "releases" / "checkpoints" / "003").read_bytes())

    assert problem(empty, folder) == "the kept checkpoint of 3 entries states another tree than the log has"


def test_a_newest_checkpoint_of_another_tree_is_an_alarm(empty: Store, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    new_log(other)
    sign(other / "releases", entries(50, 5), 10)
    (folder / "checkpoint").write_bytes((other / "releases" / "checkpoint").read_bytes())

    assert problem(empty, folder)


def test_a_checkpoint_that_was_kept_and_not_yet_published_is_no_alarm(empty: Store, folder: Path) -> None:
    (folder / "checkpoint").write_bytes((folder / "checkpoints" / "003").read_bytes())

    assert told(empty, folder)[:2] == (5, moment(20))


def test_a_log_of_another_key_shows_nothing(empty: Store, folder: Path) -> None:
    text = Settings(ORIGIN, (key(ORIGIN, number=9).verifier(),)).encode()
    (folder / "log.toml").write_bytes(text)

    said = "note: expected a signature of a trusted key, got those of"
    assert problem(empty, folder).startswith(f"releases/checkpoints/005: {said}")


def test_an_entry_that_is_no_statement_leaves_nothing_shown(empty: Store, folder: Path) -> None:
    sign(folder, [b'{"v":1,"kind":"release"}'], 25)

    assert problem(empty, folder).startswith("entry 5: ")


def test_a_log_without_a_checkpoint_shows_nothing(empty: Store, tmp_path: Path) -> None:
    assert problem(empty, new_log(tmp_path)) == "no checkpoint is published yet"


def test_a_file_in_place_of_the_folder_shows_nothing(empty: Store, tmp_path: Path) -> None:
    (tmp_path / "releases").write_text("no folder")

    assert problem(empty, tmp_path / "releases")


def test_the_tables_tell_of_one_date_after_another(empty: Store, folder: Path) -> None:
    days = [date(2026, 10, day) for day in (12, 9, 21)]
    first = told(empty, folder, days[0], dates=days)
    sizes = [first[0]]
    for day in days[1:]:
        build.build_again(empty, day)
        counted = empty.value("select count(*) from logged_release")
        assert counted == empty.value("select size from log_state")
        sizes.append(counted)

    assert sizes == [3, 0, 5]


def test_without_a_log_another_date_changes_nothing(empty: Store) -> None:
    build.build(empty, AS_OF, None)
    build.build_again(empty, AS_OF + timedelta(days=1))

    assert empty.value("select count(*) from log_state") == 0


def test_the_witnesses_of_a_checkpoint_are_told_by_name(folder: Path) -> None:
    assert proven.cosigners(folder, 5) == ["W1", "W2", "W3"]


def test_many_entries_become_rows_in_batches(
    empty: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netproof.integrity.entry_rows.BATCH", 2)
    seen: list[tuple[str, int, int]] = []

    assert len(told(empty, folder, progress=lambda *one: seen.append(one))[-1]) == 5
    assert seen == [("log of releases", done, 5) for done in (0, 2, 4)]
