"""Is this an Ed25519 public key that only its owner can sign for?

OpenSSL takes any 32 bytes. Under a key of low order a signature can be made that holds for every message,
and a key with two spellings is two keys to whoever counts them; both are refused before any signature is
looked at. Source: RFC 8032 §5.1.3; C2SP CCTV, `ed25519`.
"""

from __future__ import annotations

from netproof.errors import LogError

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
"""y of a point of order 8; the other such y is its negative."""
_LOW_ORDER_Y = frozenset({0, 1, _P - 1, _ORDER_8, _P - _ORDER_8})


def check_public_key(key: bytes, place: str) -> None:
    """Return if 32 bytes are the one spelling of a point that is not of low order.

    Raises:
        LogError: another length, y not below 2^255 - 19, no point of the curve, or one of its eight
            points of low order.

    Source: RFC 8032 §5.1.3, steps 1 to 3.
    """
    if len(key) != 32:
        raise LogError(f"{place}: expected an Ed25519 key of 32 bytes, got {len(key)}")
    y = int.from_bytes(key, "little") & ((1 << 255) - 1)
    if y >= _P:
        raise LogError(f"{place}: expected a canonical Ed25519 key, got {key.hex()}")
    if y in _LOW_ORDER_Y:
        raise LogError(f"{place}: expected an Ed25519 key that is not of low order, got {key.hex()}")
    x_squared = (y * y - 1) * pow(_D * y * y + 1, -1, _P)
    if pow(x_squared, (_P - 1) // 2, _P) != 1:
        raise LogError(f"{place}: expected a point of the curve, got {key.hex()}")
