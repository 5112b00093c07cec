"""What is in a tree, and did it only grow?

Hashing of RFC 6962; proofs are made as lists of ranges of leaves whose hashes somebody looks up (a list of
leaves here, tiles in `reader`), and verified by the bit algorithms of RFC 9162.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.tlog.encoding import HASH_BYTES, SIZE_MAX

if TYPE_CHECKING:
    from collections.abc import Sequence

Range = tuple[int, int]
"""Leaves from the first (included) to the second (not included)."""

EMPTY_ROOT = sha256(b"").digest()
"""Root of the tree without leaves."""
PATH_MAX = 63
"""Hashes in the longest proof that C2SP's formats carry (tlog-witness); enough for any inclusion."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash one log entry as a leaf.

    Returns:
        32 bytes, SHA-256(0x00 ‖ entry).

    Source: RFC 9162 §2.1.1. Leaves start with 0x00 and inner nodes with 0x01, so nobody can pass two
        child hashes off as an entry.
    """
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two children as their parent: SHA-256(0x01 ‖ left ‖ right).

    Source: RFC 9162 §2.1.1.
    """
    return sha256(b"\x01" + left + right).digest()


def next_layer(layer: bytes) -> bytes:
    """Hash the pairs of a layer; an odd last hash is left out.

    Args:
        layer: hashes of 32 bytes one after the other.

    Returns:
        The parents' hashes, one after the other.
    """
    whole = len(layer) & ~63
    return b"".join([sha256(b"\x01" + layer[at : at + 64]).digest() for at in range(0, whole, 64)])


def fold(hashes: Sequence[bytes]) -> bytes:
    """Hash neighbouring perfect subtrees, the largest first, into one; the empty root where there is none.

    Source: RFC 6962 §2.1, with the last k leaves' subtrees taken together from the right.
    """
    if not hashes:
        return EMPTY_ROOT
    *lefts, root = hashes
    for left in reversed(lefts):
        root = node_hash(left, root)
    return root


def perfect(part: Range) -> list[Range]:
    """Split a range into the perfect subtrees that it consists of, the largest first.

    The range must be one that a proof names: aligned to the smallest power of two that holds it.
    """
    start, end = part
    parts = []
    while start < end:
        width = 1 << ((end - start).bit_length() - 1)
        parts.append((start, start + width))
        start += width
    return parts


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """Return the root of a tree of leaf hashes.

    Source: RFC 6962 §2.1. Twin: `tests/oracle/naive_log.py` by recursion.
    """
    layer = b"".join(leaves)
    peaks = []
    while layer:
        if len(layer) & HASH_BYTES:
            peaks.append(layer[-HASH_BYTES:])
        layer = next_layer(layer)
    return fold(peaks[::-1])


def _split(width: int) -> int:
    """Return the largest power of two below a width above one."""
    return 1 << ((width - 1).bit_length() - 1)


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the ranges whose hashes prove a leaf, from its sibling up to the root's child.

    Raises:
        LogError: the tree has no such leaf.

    Source: RFC 9162 §2.1.3.1.
    """
    _check_size(size)
    if not 0 <= index < size:
        raise LogError(f"inclusion proof: expected an index below the size {size}, got {index}")
    ranges = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """Return the ranges whose hashes prove that the tree of size `new` begins with that of size `old`.

    Raises:
        LogError: `old` is zero (there is nothing to prove) or above `new`.

    Source: RFC 9162 §2.1.4.1.
    """
    _check_size(new)
    if not 0 < old <= new:
        raise LogError(f"consistency proof: expected sizes 0 < old <= new, got {old} and {new}")
    ranges = []
    start, end = 0, new
    while old < end:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    # The old tree itself is known to whoever asks, its right part is not.
    return ([(start, end)] if start else []) + ranges[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Return if a leaf hash stands at an index of the tree with this size and root.

    Args:
        leaf: hash of the entry by `leaf_hash`.
        index: its place, from zero.
        size: leaves of the tree.
        path: hashes from the leaf's sibling up to the root's child.
        root: the tree's root.

    Raises:
        LogError: it does not, or the proof is too long, too short or malformed.

    Source: RFC 9162 §2.1.3.2.
    """
    _check_size(size)
    _check_hashes("inclusion proof", [leaf, root, *path])
    if not 0 <= index < size:
        raise LogError(f"inclusion proof: expected an index below the size {size}, got {index}")
    _, got = _climb("inclusion proof", (index, size - 1), leaf, path)
    _same_root("inclusion proof", root, got)


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]
) -> None:
    """Return if the tree of the new size and root begins with that of the old size and root.

    Equal sizes need equal roots and an empty proof. An old size of zero is an error: the empty tree is part
    of every tree, so a proof of it shows nothing.

    Raises:
        LogError: it does not, or the proof is too long, too short or malformed.

    Source: RFC 9162 §2.1.4.2.
    """
    _check_size(new_size)
    _check_hashes("consistency proof", [old_root, new_root, *path])
    if not 0 < old_size <= new_size:
        raise LogError(f"consistency proof: expected sizes 0 < old <= new, got {old_size} and {new_size}")
    if old_size == new_size:
        if path:
            raise LogError(f"consistency proof: expected none between equal sizes, got {len(path)} hashes")
        _same_root("consistency proof", old_root, new_root)
        return
    if not path:
        raise LogError("consistency proof: expected at least one hash, got none")
    whole = [old_root, *path] if old_size & (old_size - 1) == 0 else list(path)  # step 2
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at >>= 1
        last >>= 1
    old, new = _climb("consistency proof", (at, last), whole[0], whole[1:])
    _same_root("consistency proof, old tree", old_root, old)
    _same_root("consistency proof, new tree", new_root, new)


def _climb(place: str, begin: Range, start: bytes, siblings: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Hash siblings onto a start; return the root of the tree that ends there, and that of the whole tree.

    `begin` is (fn, sn) of RFC 9162: index of the start and of the last node in their layer.
    """
    at, last = begin
    old = new = start
    for sibling in siblings:
        if last == 0:
            raise LogError(f"{place}: expected fewer hashes")
        if at & 1 or at == last:
            old = node_hash(sibling, old)
            new = node_hash(sibling, new)
            while at and not at & 1:  # §2.1.3.2, step 4.b.ii; §2.1.4.2, step 6.b.iii
                at >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        at >>= 1
        last >>= 1
    if last != 0:
        raise LogError(f"{place}: expected more hashes")
    return old, new


def _check_size(size: int) -> None:
    """Refuse a size that no log can have."""
    if not 0 <= size <= SIZE_MAX:
        raise LogError(f"tree: expected a size from 0 to 2^63 - 1, got {size}")


def _check_hashes(place: str, hashes: list[bytes]) -> None:
    """Refuse hashes of another length, and more of them than a tree is high."""
    if len(hashes) > PATH_MAX + 2:
        raise LogError(f"{place}: expected at most {PATH_MAX} hashes, got {len(hashes) - 2}")
    for one in hashes:
        if len(one) != HASH_BYTES:
            raise LogError(f"{place}: expected hashes of 32 bytes, got one of {len(one)}")


def _same_root(place: str, want: bytes, got: bytes) -> None:
    """Refuse another root than the wanted one."""
    if not hmac.compare_digest(want, got):
        raise LogError(f"{place}: expected root {want.hex()}, got {got.hex()}")
