from __future__ import annotations

import numpy as np

from netproof.demo.draw import Draw, apportion, spread, within


def test_shares_follow_the_weights_and_lose_nobody() -> None:
    got = apportion(np.array([50, 30, 20]), 7)

    assert got.tolist() == [4, 2, 1]


def test_everybody_gets_the_least() -> None:
    got = apportion(np.array([1000, 1, 0]), 10, least=2)

    assert got.tolist() == [6, 2, 2]


def test_a_total_is_spread_over_its_members_in_whole_numbers() -> None:
    got = spread(np.array([10, 7]), np.array([0, 0, 0, 1]), np.array([1, 1, 1, 5]))

    assert got.tolist() == [3, 3, 4, 7]


def test_a_group_without_members_gives_nothing_away() -> None:
    got = spread(np.array([0, 9]), np.array([1, 1]), np.array([2, 1]))

    assert got.tolist() == [6, 3]


def test_members_are_counted_within_their_group() -> None:
    assert within(np.array([2, 0, 3])).tolist() == [0, 1, 0, 1, 2]


def test_topics_have_streams_of_their_own() -> None:
    first, again, other = (Draw(1, topic).unit(3).tolist() for topic in ("a", "a", "b"))

    assert first == again
    assert first != other


def test_the_stream_is_the_same_on_every_machine() -> None:
    # Written down once; numpy's PCG64 keeps its stream by promise.
    got = Draw(2026, "place").below(5, 1_000_000).tolist()

    assert got == [668981, 884354, 402711, 777542, 983411]


def test_weights_choose_as_often_as_they_say() -> None:
    counts = np.bincount(Draw(1, "w").weighted(10_000, np.array([1, 0, 3])), minlength=3)

    assert counts[1] == 0
    assert 7_300 < counts[2] < 7_700


def test_some_are_different_and_ascending() -> None:
    got = Draw(1, "s").some(10, 4).tolist()

    assert got == sorted(set(got))
    assert len(got) == 4
