"""Is a DER or BER text whole, as deep as it goes? (X.690 §8.1).

asn1crypto reads only what is asked for, and takes a time that doubles with each level where all is asked for
at once. One pass over heads and lengths shows that nothing is cut off, in a time that grows with the length.
"""

from __future__ import annotations

DEPTH_MAX = 48
"""Deepest nesting; a CMS signature with a timestamp inside reaches about 25."""
_CONSTRUCTED = 0x20
_LONG_TAG = 0x1F
_INDEFINITE = 0x80
_END = b"\x00\x00"


def assert_whole(data: bytes) -> None:
    """Refuse bytes that are not values one after another, each as long as it says.

    Raises:
        ValueError: A value is cut off, reaches beyond the one that holds it, or lies too deep.

    Cost: O(n).
    """
    open_: list[tuple[int, bool]] = [
        (len(data), False)
    ]  # where each ends at the latest, whether it says when
    at = 0
    while open_:
        limit, unsaid = open_[-1]
        if unsaid and data[at : at + 2] == _END:
            at += 2
            open_.pop()
        elif at == limit and not unsaid:
            open_.pop()
        else:
            at, constructed, length = _head(data, at, limit)
            end = limit if length is None else at + length
            if end > limit or (length is None and not constructed):
                raise ValueError("a value that reaches beyond the one that holds it")
            if not constructed:
                at = end
            elif len(open_) > DEPTH_MAX:
                raise ValueError(f"values nested deeper than {DEPTH_MAX}")
            else:
                open_.append((end, length is None))


def _head(data: bytes, at: int, limit: int) -> tuple[int, bool, int | None]:
    """Return where a value's content begins, whether it holds others, and its length; None: not said.

    Raises:
        ValueError: The head is cut off.
    """
    try:
        first = data[at]
        at += 1
        if first & _LONG_TAG == _LONG_TAG:
            while data[at] & 0x80:
                at += 1
            at += 1
        said = data[at]
        at += 1
    except IndexError as error:
        raise ValueError("a value that is cut off") from error
    length: int | None = said
    if said == _INDEFINITE:
        length = None
    elif said > _INDEFINITE:
        count = said - _INDEFINITE
        length = int.from_bytes(data[at : at + count], "big")
        at += count
    if at > limit:
        raise ValueError("a value that is cut off")
    return at, bool(first & _CONSTRUCTED), length
