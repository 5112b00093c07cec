"""One spelling for each value."""

from __future__ import annotations

import pytest

from netproof.errors import LogError
from netproof.tlog.encoding import (
    from_base64,
    from_decimal,
    from_hash_line,
    from_utf8,
    shown,
    to_base64,
    visible,
)


@pytest.mark.parametrize(
    "text", ["TQ", "TQ=", "TR==", "T Q==", "TQ==\n", "\nTQ==", "-_8=", "TQ===", "=", "TQ==TQ==", "ТQ=="]
)
def test_base64_has_one_spelling(text: str) -> None:
    with pytest.raises(LogError, match="base64"):
        from_base64(text, "here")


@pytest.mark.parametrize("data", [b"", b"M", b"Ma", b"Man", bytes(range(256))])
def test_base64_reads_back(data: bytes) -> None:
    assert from_base64(to_base64(data), "here") == data


@pytest.mark.parametrize(
    "text", ["", "+5", "-1", "05", "5_0", " 5", "5 ", "5\n", "٥", "５", "1e3", str(2**63), "9" * 5000]
)
def test_a_number_has_one_spelling(text: str) -> None:
    with pytest.raises(LogError, match="decimal"):
        from_decimal(text, "here")


@pytest.mark.parametrize("number", [0, 1, 10, 2**63 - 1])
def test_numbers_up_to_the_largest_are_read(number: int) -> None:
    assert from_decimal(str(number), "here") == number


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_hash_has_32_bytes(length: int) -> None:
    with pytest.raises(LogError, match="32 bytes"):
        from_hash_line(to_base64(bytes(length)), "here")


def test_text_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(LogError, match="UTF-8"):
        from_utf8(b"\xff", "here")


HIDDEN = {
    "right-to-left override": "a\u202eb",
    "isolate": "a\u2066b",
    "Arabic letter mark": "a\u061cb",
    "zero-width joiner": "a\u200db",
    "zero-width space": "a\u200bb",
    "byte order mark": "\ufeffa",
    "line separator": "a\u2028b",
    "paragraph separator": "a\u2029b",
    "next line": "a\u0085b",
    "newline": "a\nb",
    "delete": "a\x7fb",
    "no-break space": "a\u00a0b",
    "ideographic space": "a\u3000b",
    "soft hyphen": "a\u00adb",
    "surrogate": "a\ud800b",
    "private use": "a\ue000b",
    "full-width digit": "a１",
    "Arabic digit": "a٥",
    "not in normal form": "u\u0308",
    "space before": " a",
    "space after": "a ",
    "nothing": "",
}


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN.keys())
def test_text_that_hides_something_is_refused(text: str) -> None:
    with pytest.raises(LogError, match="here: expected"):
        visible(text, "here")


@pytest.mark.parametrize("text", ["a", "Müller Netze", "1.10.0-rc1+b5", "華為", "a b", "naïve"])
def test_text_that_shows_all_it_holds_is_kept(text: str) -> None:
    assert visible(text, "here") == text


def test_hostile_text_is_shown_short_and_in_ascii() -> None:
    assert shown("a\u202e" + "b" * 100) == "'a\\u202e" + "b" * 55 + "'..."
    assert shown(b"\x1b[2J") == "b'\\x1b[2J'"
