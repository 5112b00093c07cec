"""A command of netproof's with a clock at the door of the compiled kernels: its last line is their time [s].

Usage: kernels_alone.py WORDS..., as after `netproof`. What is measured is what the kernels do for that
command: every call of the compiled library, and nothing around it.
"""

from __future__ import annotations

import ctypes
import sys
import time
from typing import Any

from netproof.cli.main import app
from netproof.graph import library

SPENT = [0.0]


class Timed:
    """A function of the library that adds what it takes to `SPENT`."""

    def __init__(self, function: Any) -> None:
        object.__setattr__(self, "function", function)

    def __call__(self, *given: Any) -> Any:
        """Call the function."""
        start = time.perf_counter()
        try:
            return self.function(*given)
        finally:
            SPENT[0] += time.perf_counter() - start

    def __getattr__(self, name: str) -> Any:
        """Return what the function has, such as the type of its answer."""
        return getattr(self.function, name)

    def __setattr__(self, name: str, value: Any) -> None:
        """Set what the function has."""
        setattr(self.function, name, value)


class TimedLibrary(ctypes.CDLL):
    """The library, each function with a clock."""

    def __getattr__(self, name: str) -> Any:
        """Return a function, asked for the first time."""
        found = super().__getattr__(name)
        if not name.startswith("netproof_"):
            return found
        self.__dict__[name] = Timed(found)
        return self.__dict__[name]


def main() -> None:
    """Run the command and tell the kernels' time."""
    kernels = library.native()
    if kernels is None:
        raise SystemExit("expected compiled kernels, got none")
    kernels.__class__ = TimedLibrary
    app(args=sys.argv[1:], prog_name="netproof", standalone_mode=False)
    sys.stdout.write(f"{SPENT[0]:.6f}\n")


if __name__ == "__main__":
    main()
