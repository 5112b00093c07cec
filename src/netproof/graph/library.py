"""Which kernels run: the compiled ones where the package brings them, the portable ones elsewhere.

The compiled library is one optional extension with a plain C interface: arrays in, arrays out, no Python
object inside, so the interpreter's lock is released while it works.
"""

from __future__ import annotations

import ctypes
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Engine(StrEnum):
    """Who computes."""

    NATIVE = "native"
    PORTABLE = "portable"


@cache
def native() -> ctypes.CDLL | None:
    """Return the compiled kernels, or None where the package was built without a compiler."""
    found = find_spec("netproof.graph._native")
    if found is None or found.origin is None:
        return None
    try:
        return ctypes.CDLL(found.origin)
    except OSError:
        return None


def engine(wanted: Engine | None = None) -> Engine:
    """Return who computes: `wanted`, or the compiled kernels where there are any.

    Raises:
        ValueError: The compiled kernels are wanted and there are none.
    """
    if wanted is Engine.NATIVE and native() is None:
        raise ValueError(
            "expected compiled kernels, but this installation has none (built without a C++ compiler)"
        )
    if wanted is not None:
        return wanted
    return Engine.PORTABLE if native() is None else Engine.NATIVE


def kernels() -> ctypes.CDLL:
    """Return the compiled kernels.

    Raises:
        ValueError: There are none.
    """
    found = native()
    if found is None:
        raise ValueError(
            "expected compiled kernels, but this installation has none (built without a C++ compiler)"
        )
    return found


def address(array: NDArray[np.generic]) -> ctypes.c_void_p:
    """Return where an array's numbers lie, for a compiled kernel; the array must live on, in one piece."""
    if not array.flags.c_contiguous:
        raise ValueError("expected a contiguous array")
    return ctypes.c_void_p(array.ctypes.data)
