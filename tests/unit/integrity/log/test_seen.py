from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from netproof.integrity.log import seen
from netproof.integrity.log.seen import Seen

if TYPE_CHECKING:
    import pytest


def leaves(start: int, end: int) -> list[bytes]:
    """Hashes, each with its number."""
    return [sha256(b"%d" % number).digest() for number in range(start, end)]


def test_hashes_are_found_by_index_in_every_run_and_others_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "RECENT_MAX", 10)
    index = Seen(b"".join(leaves(0, 100)))
    at = 100
    for count in (3, 8, 1, 30, 11, 12, 200, 5):
        index.add(leaves(at, at + count))
        at += count

    assert len(index) == at == 370
    assert index.find(leaves(0, at)) == list(range(at))
    assert index.find(leaves(at, at + 50)) == [-1] * 50
    assert index.find([]) == []


def test_an_empty_log_has_seen_nothing() -> None:
    assert Seen().find(leaves(0, 3)) == [-1, -1, -1]


def test_hashes_that_begin_alike_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "RECENT_MAX", 1)
    alike = [b"same8byt" + bytes([number]) * 24 for number in range(6)]
    index = Seen(b"".join(alike[:3]))
    index.add(alike[3:5])

    assert index.find(alike) == [0, 1, 2, 3, 4, -1]


def test_of_equal_hashes_the_first_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "RECENT_MAX", 1)
    (one, two) = leaves(0, 2)
    index = Seen(one + two + one)
    index.add([two, one])

    assert index.find([one, two]) == [0, 1]
