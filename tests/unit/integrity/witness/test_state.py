"""What a witness remembers: durable, its own, held by one, and refused where somebody changed it."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import LogError, SourceError
from netproof.integrity.witness import create_state, open_state
from netproof.integrity.witness.server import Witness
from tests.tlogs import ORIGIN, TIME, key
from tests.witnesses import KEYS, LOGS, SIGNERS, body

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from netproof.integrity.witness.state import State

NAME = "161414f5b0f4cb713d36ee3082dfc6bd46564cd24c8977449acac6dbe4d60fc7"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The state of a witness that cosigned five entries."""
    create_state(tmp_path / "state", KEYS)
    with open_state(tmp_path / "state", KEYS) as state:
        cosigned(state, 0, 5)
    return tmp_path / "state"


def cosigned(state: State, old: int, new: int) -> None:
    Witness(state, LOGS, SIGNERS, lambda: TIME).add_checkpoint(body(old, new))


def test_a_restart_remembers(folder: Path) -> None:
    with open_state(folder, KEYS) as state:
        last = state.last(NAME)

        assert last is not None
        assert (last.checkpoint.origin, last.checkpoint.size, last.time) == (ORIGIN, 5, TIME)
        cosigned(state, 5, 9)
    with open_state(folder, KEYS) as state:
        last = state.last(NAME)

        assert last is not None
        assert last.checkpoint.size == 9


def test_the_folder_holds_what_the_guide_says(folder: Path) -> None:
    got = sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))

    assert got == [NAME, f"{NAME}/checkpoint", "lock", "logs", "witness"]
    assert (folder / "logs").read_text("utf-8") == f"{NAME}\n"
    assert {path.stat().st_mode & 0o077 for path in folder.rglob("*")} == {0}


def test_two_servers_cannot_hold_one_state(folder: Path) -> None:
    """Attack 7, with two processes' worth of locks."""
    with (
        open_state(folder, KEYS),
        pytest.raises(SourceError, match="another server holds"),
        open_state(folder, KEYS),
    ):
        pass
    with open_state(folder, KEYS) as state:
        assert state.last(NAME) is not None


def test_a_state_is_made_once(folder: Path) -> None:
    with pytest.raises(SourceError, match="no state of a witness yet"):
        create_state(folder, KEYS)


def test_a_state_needs_a_place(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="a place for the state"):
        create_state(tmp_path / "no" / "state", KEYS)


def test_a_state_that_is_lost_is_not_begun_anew(tmp_path: Path) -> None:
    """Attack 8: an empty disk in the place of the old one."""
    for folder in (tmp_path / "state", tmp_path):
        with (
            pytest.raises(SourceError, match="expected the state of a witness") as caught,
            open_state(folder, KEYS),
        ):
            pass

        assert "retire this witness" in caught.value.hint


def test_the_state_of_another_witness_is_refused(folder: Path) -> None:
    """Attack 8: the identity is bound to its memory."""
    with pytest.raises(LogError, match="got another's"), open_state(folder, KEYS[:1]):
        pass
    with pytest.raises(LogError, match="got another's"), open_state(folder, [key("w.example").verifier()]):
        pass


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))


def test_a_changed_checkpoint_is_refused(folder: Path) -> None:
    """Attack 8: state that somebody edited does not start."""
    place = folder / NAME / "checkpoint"
    good = place.read_bytes()
    text = good.index(b"\n\n")
    for at in (0, len(ORIGIN) + 1, text - 5, len(good) - 40):
        flip(place, at)
        with (
            pytest.raises(LogError, match="not as this witness wrote it") as caught,
            open_state(folder, KEYS),
        ):
            pass
        assert "retire" in caught.value.hint
        place.write_bytes(good)
    with open_state(folder, KEYS) as state:
        assert state.last(NAME) is not None


def test_a_checkpoint_of_another_witness_or_log_is_refused(folder: Path) -> None:
    place = folder / NAME / "checkpoint"
    shutil.copytree(folder / NAME, folder / ("0" * 64))
    with pytest.raises(LogError, match="another log's checkpoint"), open_state(folder, KEYS):
        pass
    shutil.rmtree(folder / ("0" * 64))
    place.write_bytes(b"x" * 1_000_001)
    with pytest.raises(LogError, match="at most"), open_state(folder, KEYS):
        pass


def test_a_checkpoint_that_is_gone_is_a_loss_and_no_new_log(folder: Path) -> None:
    """Attack 8: one file lost would let that log start again."""
    shutil.rmtree(folder / NAME)

    with pytest.raises(LogError, match="got no file"), open_state(folder, KEYS):
        pass


def test_a_checkpoint_that_is_not_in_the_list_yet_is_what_a_crash_leaves(folder: Path) -> None:
    (folder / "logs").unlink()
    (folder / NAME / ".checkpoint.new").write_bytes(b"half a li")

    with open_state(folder, KEYS) as state:
        cosigned(state, 5, 6)


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    """Attack 23."""
    place = folder / NAME / "checkpoint"
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(SourceError, match="expected the state"), open_state(folder, KEYS):
        pass


@pytest.mark.parametrize(("old", "last_one"), [(5, 5), (0, 13)])
def test_a_failure_at_any_operation_leaves_a_state_that_starts(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, old: int, last_one: int
) -> None:
    """Attack 21, for the witness: from the n-th operation on, every open, sync, mkdir and rename fails."""
    if old == 0:
        shutil.rmtree(folder)
        create_state(folder, KEYS)
    for number in range(last_one):
        acknowledged, kept = failed_at(number, folder, tmp_path / f"copy{number}", monkeypatch, old)

        assert acknowledged is False
        assert kept in {old, 6}
    assert failed_at(last_one, folder, tmp_path / "last", monkeypatch, old) == (True, 6)


def failed_at(
    number: int, folder: Path, copy: Path, monkeypatch: pytest.MonkeyPatch, old: int
) -> tuple[bool, int]:
    """Let operations fail while size 6 is cosigned; return whether it was, and what a restart finds."""
    shutil.copytree(folder, copy)
    done = [0]

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*arguments: Any, **more: Any) -> Any:
            done[0] += 1
            if done[0] > number:
                raise OSError(5, "Input/output error")
            return real(*arguments, **more)

        return operation

    acknowledged = True
    with open_state(copy, KEYS) as state, monkeypatch.context() as broken:
        for owner, name in ((os, "fsync"), (os, "open"), (type(copy), "rename"), (type(copy), "mkdir")):
            broken.setattr(owner, name, counted(getattr(owner, name)))
        try:
            cosigned(state, old, 6)
        except LogError:
            acknowledged = False
    with open_state(copy, KEYS) as state:
        last = state.last(NAME)
        kept = 0 if last is None else last.checkpoint.size
        cosigned(state, kept, 7)
    return acknowledged, kept
