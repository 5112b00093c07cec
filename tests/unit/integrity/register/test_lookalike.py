"""What looks alike has one skeleton; what people tell apart has not."""

from __future__ import annotations

import pytest

from netproof.integrity.register.lookalike import skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2.4.1", "v2.4.1"),
        ("2.4.1", "2.04.1"),
        ("2.4.1", "2.4.01"),
        ("2.4.1", "2.4.l"),
        ("2.4.1", "2-4-1"),
        ("2.4.1", "2 . 4 . 1"),
        ("2.4.0", "2.4.O"),
        ("R7-a", "r7-A"),
        ("core-9", "соre-9"),  # Cyrillic
        ("core-9", "cοre-9"),  # Greek
        ("core-9", "ｃore-9"),  # full width
        ("core-9", "çore-9"),
        ("modem", "rnodem"),
        ("wave", "vvave"),
        ("Version 7", "7"),
    ],
)
def test_what_people_take_for_each_other_has_one_skeleton(one: str, other: str) -> None:
    assert one != other
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.10", "1.9"), ("1.1", "1.10"), ("1.0", "1"), ("2.4.1", "2.4.10"), ("2.4.1-rc1", "2.4.1"), ("a", "b")],
)
def test_what_people_tell_apart_has_two_skeletons(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_a_skeleton_is_its_own_skeleton() -> None:
    for text in ("v2.04-RC1", "соre-9", "", "   ", "0000", "\u202e1.2", "Ⅻ.1"):
        assert skeleton(skeleton(text)) == skeleton(text)
