"""What lies in an armoured text file: PEM blocks (RFC 7468) and Base64, decoded strictly.

Base64 is canonical: no other alphabet, no bits left over, no text around it. Two texts that decode to the
same bytes would let one signature be presented twice.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PEM = b"-----BEGIN "
BLOCKS_MAX = 1000
_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,60})-----\r?\n([A-Za-z0-9+/=\s]*?)-----END \1-----")


def blocks(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield kind and bytes of each PEM block; text between blocks is let pass (RFC 7468 §5.2).

    Raises:
        ValueError: There is none, a block is damaged, or there are too many.
    """
    found = list(_BLOCK.finditer(content))
    if not found or len(found) != content.count(PEM):
        raise ValueError("a damaged PEM block")
    if len(found) > BLOCKS_MAX:
        raise ValueError(f"more than {BLOCKS_MAX:,} PEM blocks")
    for block in found:
        yield block[1].decode("ascii"), base64_bytes(block[2])


def base64_bytes(text: bytes) -> bytes:
    """Return what a Base64 text with line ends holds (RFC 4648 §4, §3.5).

    Raises:
        ValueError: It is not canonical Base64.
    """
    packed = b"".join(text.split())
    try:
        content = base64.b64decode(packed, validate=True)
    except binascii.Error as error:
        raise ValueError(f"no Base64: {error}") from error
    if base64.b64encode(content) != packed:
        raise ValueError("Base64 that is not canonical")
    return content
