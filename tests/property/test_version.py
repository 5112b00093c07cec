"""Laws of version keys on random versions, against a slow twin that compares tuples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netproof.tables.version import PRE_WORDS, covered_range, sort_key

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBERS = st.integers(0, 10**30).map(str) | st.sampled_from(["0", "00", "01", "9", "10", "100"])
_WORDS = st.sampled_from(["R", "C", "SPC", "a", "b", "rc", "Q", "alpha", "k", "n", "m", "z", "zz", "dev"])
GENERIC = st.builds(
    lambda first, rest: first + "".join(rest),
    _NUMBERS,
    st.lists(st.tuples(st.sampled_from(["", ".", "-", "("]), _NUMBERS | _WORDS).map("".join), max_size=8),
).filter(lambda version: len(version) <= 200)
R_STATES = st.from_regex(r"[PR][0-9]{1,3}[A-Z]{1,3}[0-9]{0,3}", fullmatch=True)
SEMVER = st.from_regex(
    r"[0-9]{1,2}(\.[0-9]{1,2}){0,2}(-[0-9a-zA-Z]{1,2}(\.[0-9a-z-]{1,2}){0,2})?", fullmatch=True
)
PEP440 = st.from_regex(
    r"([0-9]!)?[0-9](\.[0-9]{1,2}){0,3}((a|b|rc)[0-9]?)?(\.post[0-9]?)?(\.dev[0-9]?)?(\+[0-9a-z]{1,2}(\.[0-9a-z])?)?",
    fullmatch=True,
)
DEBIAN = st.from_regex(r"([0-9]:)?[0-9][0-9a-zA-Z.+~]{0,6}(-[0-9a-zA-Z.+~]{1,4})?", fullmatch=True)
ANY = st.one_of(
    st.tuples(st.just("generic"), GENERIC),
    st.tuples(st.just("rstate"), R_STATES),
    st.tuples(st.just("semver"), SEMVER),
    st.tuples(st.just("pep440"), PEP440),
    st.tuples(st.just("debian"), DEBIAN),
)


def _runs(text: str) -> Iterator[str]:
    """Cut a text into runs of digits and runs of letters, one character at a time."""
    run = ""
    for sign in [*text, "."]:
        same = bool(run) and sign.isalnum() and sign.isdigit() == run[-1].isdigit()
        if not same:
            if run:
                yield run
            run = ""
        if sign.isalnum():
            run += sign


def naive(version: str) -> tuple[tuple[int, int | str], ...]:
    """Order a generic version as a person would: pre-release, end, word, number."""
    parts: list[tuple[int, int | str]] = []
    for run in _runs(version.lower()):
        if run.isdigit():
            parts.append((3, int(run)))
        else:
            parts.append((0 if run in PRE_WORDS else 2, run))
    return (*parts, (1, 0))


@given(one=GENERIC, other=GENERIC)
def test_generic_keys_order_like_tuples(one: str, other: str) -> None:
    one_key, other_key = sort_key(one), sort_key(other)
    assert one_key is not None
    assert other_key is not None

    assert (one_key < other_key) == (naive(one) < naive(other))
    assert (one_key == other_key) == (naive(one) == naive(other))


@given(one=R_STATES, other=R_STATES)
def test_r_states_order_by_number_letters_state_and_sequence(one: str, other: str) -> None:
    def twin(version: str) -> tuple[int, int, str, int, int]:
        runs = list(_runs(version))
        sequence = int(runs[3]) if len(runs) > 3 else -1
        return int(runs[1]), len(runs[2]), runs[2], int(runs[0] == "R"), sequence

    one_key, other_key = sort_key(one, "rstate"), sort_key(other, "rstate")
    assert one_key is not None
    assert other_key is not None

    assert (one_key < other_key) == (twin(one) < twin(other))


@given(ANY)
@example(("generic", "1" * 200))
@example(("generic", "1a" * 100))
@example(("debian", "1+" * 99 + "1"))
@example(("pep440", "1" + ".1" * 99))
def test_a_key_is_short_plain_text(case: tuple[str, str]) -> None:
    scheme, version = case
    key = sort_key(version, scheme)
    assert key is not None

    assert key.isascii()
    assert key.isprintable()
    assert len(key) <= 3 * len(version) + 20


@given(st.sampled_from(["generic", "rstate", "semver", "pep440", "debian"]), st.text(max_size=250))
def test_any_text_has_a_plain_key_or_none(scheme: str, text: str) -> None:
    key = sort_key(text, scheme)

    assert key is None or (key.isascii() and key.isprintable())


@pytest.mark.parametrize(
    ("scheme", "versions"),
    [("generic", GENERIC), ("rstate", R_STATES), ("semver", SEMVER), ("pep440", PEP440), ("debian", DEBIAN)],
)
def test_no_key_begins_another(scheme: str, versions: st.SearchStrategy[str]) -> None:
    @given(versions, versions)
    def law(one: str, other: str) -> None:
        one_key, other_key = sort_key(one, scheme), sort_key(other, scheme)
        assert one_key is not None
        assert other_key is not None

        assert one_key == other_key or not other_key.startswith(one_key)

    law()


@given(GENERIC, GENERIC, GENERIC)
def test_an_exact_range_is_the_closed_interval(version: str, low: str, high: str) -> None:
    from_key, upto_key = covered_range(low, high, "generic", minor_updates=False)
    key = sort_key(version)
    assert None not in (from_key, upto_key, key)

    assert (from_key <= key < upto_key) == (naive(low) <= naive(version) <= naive(high))  # type: ignore[operator]


@given(GENERIC, GENERIC)
def test_a_prefix_range_covers_what_begins_like_its_end(version: str, high: str) -> None:
    _, upto_key = covered_range(None, high, "generic", minor_updates=True)
    key = sort_key(version)
    assert upto_key is not None
    assert key is not None
    begins_alike = naive(version)[: len(naive(high)) - 1] == naive(high)[:-1]

    assert (key < upto_key) == (naive(version) <= naive(high) or begins_alike)
