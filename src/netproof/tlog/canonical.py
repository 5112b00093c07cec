"""Is this JSON that every reader understands the same way, and what are its bytes?

The strict reader refuses what readers disagree about: repeated keys, NaN and infinity, numbers that lose
digits, lone surrogates, other encodings, depth and size beyond a limit. The canonical form is RFC 8785's.
Source: RFC 8259, RFC 8785, RFC 7493 (I-JSON).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from math import isfinite
from typing import TYPE_CHECKING, Any, NoReturn

import rfc8785

from netproof.errors import LogError
from netproof.tlog.encoding import from_utf8, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

INTEGER_MAX = 2**53 - 1
"""The largest integer that every reader keeps whole (RFC 8785 §3.2.2.3)."""
DEPTH_MAX = 32
JSON_BYTES_MAX = 1_000_000
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_DIGITS_MAX = 17


def read_json(data: bytes, *, depth: int = DEPTH_MAX, size: int = JSON_BYTES_MAX) -> Any:
    """Return what a JSON text says, if no two readers can differ about it.

    Args:
        data: UTF-8 without byte order mark.
        depth: how many arrays and objects may stand inside each other.
        size: how many bytes it may have.

    Raises:
        LogError: malformed, or any of: a repeated key, NaN, Infinity, a number that is too large, an integer
            beyond 2^53 - 1, a lone surrogate, too deep, too large.

    Cost: O(bytes).
    """
    if len(data) > size:
        raise LogError(f"JSON: expected at most {size} bytes, got {len(data)}")
    text = from_utf8(data, "JSON")
    _check_depth(text, depth)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_number,
        )
    except json.JSONDecodeError as error:
        raise LogError(
            f"JSON: expected well-formed text, got {error.msg} at character {error.pos}"
        ) from error
    for string in strings(value):
        _check_string(string)
    return value


def canonical(value: Any) -> bytes:
    """Return the one byte string that stands for a JSON value.

    Raises:
        LogError: no JSON value, an integer beyond 2^53 - 1, NaN, infinity or a lone surrogate.

    A double that is whole and beyond 2^53 - 1 has a form too, but `read_json` does not take it.

    Source: RFC 8785.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise LogError(f"canonical JSON: {error}") from error


def read_canonical(data: bytes, *, size: int = JSON_BYTES_MAX) -> Any:
    """Return what a canonical JSON text says.

    What was hashed is what is read: a text in any other form than RFC 8785's is refused.

    Raises:
        LogError: `read_json` refuses it, or it is not in canonical form.
    """
    value = read_json(data, size=size)
    if canonical(value) != data:
        raise LogError("JSON: expected the canonical form of RFC 8785")
    return value


def strings(value: Any) -> Iterator[str]:
    """Yield every key and string of a JSON value."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            yield from item
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def _check_depth(text: str, most: int) -> None:
    """Refuse text that nests too deep, before a parser descends into it."""
    depth = 0
    for token in _TOKENS.finditer(text):
        sign = token[0][0]
        if sign in "[{":
            depth += 1
            if depth > most:
                raise LogError(f"JSON: expected at most {most} levels")
        elif sign in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object whose keys are distinct."""
    value = dict(pairs)
    if len(value) != len(pairs):
        repeated = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise LogError(f"JSON: expected each key once, got {shown(repeated)} again")
    return value


def _constant(name: str) -> NoReturn:
    """Refuse NaN and the infinities, which Python would read."""
    raise LogError(f"JSON: expected a number, got {name}")


def _integer(digits: str) -> int:
    """Return an integer that a double holds exactly."""
    if len(digits) > _DIGITS_MAX or abs(number := int(digits)) > INTEGER_MAX:
        raise LogError(f"JSON: expected an integer up to 2^53 - 1, got {shown(digits)}")
    return number


def _number(digits: str) -> float:
    """Return a finite number."""
    number = float(digits)
    if not isfinite(number):
        raise LogError(f"JSON: expected a finite number, got {shown(digits)}")
    return number


def _check_string(text: str) -> None:
    """Refuse a surrogate without its other half."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise LogError(f"JSON: expected whole characters, got {shown(text)}") from error
