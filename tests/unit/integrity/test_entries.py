"""The fast reader of entries takes exactly what the strict reader takes, and reads the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netproof.errors import LogError
from netproof.integrity.entries import read_entries
from netproof.tlog.canonical import canonical
from netproof.tlog.statement import read_statement
from tests.tlogs import ENTRY, release

GOOD = canonical(release(supplier_sig=[{"format": "raw", "sha256": "a" * 64, "signer": "b"}]))
SIGNS = st.text(st.sampled_from(list(' "\\/1.aZ-\u00e9\u202e\t\x00\x7f\u03a9\uff10')), max_size=5)


def fast(entry: bytes) -> Any:
    """What the fast reader says; None: it refuses."""
    try:
        ((index, kind, values),) = read_entries([(7, entry)])
    except LogError as error:
        return None if str(error).startswith("entry 7: ") else error
    return index, kind, values


def strict(entry: bytes) -> Any:
    """What the strict reader says."""
    try:
        statement = read_statement(entry)
    except LogError:
        return None
    return 7, statement.kind, statement.values


@pytest.mark.parametrize(
    "entry",
    [
        ENTRY,
        GOOD,
        b"",
        b"[]",
        b"null",
        b'{"kind":"release"}',
        b'{"kind":1,"v":1}',
        b'{"kind":"release","v":1}',
        b'{"kind":"nothing","v":1}',
        b" " + GOOD,
        GOOD + b"\n",
        GOOD.replace(b'"v":1', b'"v":1.0'),
        GOOD.replace(b'"v":1', b'"v":true'),
        GOOD.replace(b'"v":1', b'"v":2'),
        GOOD.replace(b'"size":22', b'"size":22.0'),
        GOOD.replace(b'"size":22', b'"size":-1'),
        GOOD.replace(b'"size":22', b'"size":2.2e1'),
        GOOD.replace(b'"size":22', b'"size":9007199254740993'),
        GOOD.replace(b'"size":22', b'"size":99999999999999999999999'),
        GOOD.replace(b'"size":22', b'"size":22,"size":22'),
        GOOD.replace(b'"size":22', b'"size":22,"more":1'),
        GOOD.replace(b'"kind":"release"', b'"kind":"\\u0072elease"'),
        GOOD.replace(b"2.4.1", b"2.4.1 "),
        GOOD.replace(b"2.4.1", b" 2.4.1"),
        GOOD.replace(b'"2.4.1"', b'""'),
        GOOD.replace(b"2.4.1", b"2.\xff"),
        GOOD.replace(b"2.4.1", "2․4".encode()),
        GOOD.replace(b"2.4.1", "2.٤".encode()),
        GOOD.replace(b"2.4.1", b"2.\x7f"),
        GOOD.replace(b"2026-10-26T04:53:20Z", b"2026-02-30T04:53:20Z"),
        GOOD.replace(b"2026-10-26T04:53:20Z", b"2026-10-26T24:53:20Z"),
        b"[" * 5000,
        b"{" * 5000,
    ],
)
def test_an_odd_entry_is_read_or_refused_as_the_strict_reader_does(entry: bytes) -> None:
    assert fast(entry) == strict(entry)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    st.dictionaries(st.sampled_from(["supplier", "product", "release", "component", "media"]), SIGNS),
    st.one_of(st.integers(-2, 2**54), st.floats(allow_nan=False, allow_infinity=False)),
    st.integers(0, 300),
    st.binary(max_size=2),
)
def test_no_two_readers_differ_about_an_entry(
    fields: dict[str, str], size: float, place: int, noise: bytes
) -> None:
    try:
        whole = canonical(release(**fields, size=size))
    except LogError:
        return
    for entry in (whole, whole[:place] + noise + whole[place + len(noise) :]):
        assert fast(entry) == strict(entry)
