"""Every error this package raises on purpose; one root, one branch a room.

NetproofError
├── SourceError      a file or API answer is not what its format promises
├── TableError       rows or specifications break a table's columns, keys or references
├── CatalogueError   a check, control or mapping is malformed
├── CheckError       a check did not finish
├── LogError         a signature, proof, checkpoint or entry of a log does not hold
└── ReportError      a report could not be written
"""

from __future__ import annotations


class NetproofError(Exception):
    """Something that the user can act on.

    Attributes:
        hint: What to do about it; may be empty.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class SourceError(NetproofError):
    """A file or API answer is not what its format promises."""


class TableError(NetproofError):
    """Rows or specifications break a table's columns, keys or references."""


class CatalogueError(NetproofError):
    """A check, control or mapping is malformed."""


class CheckError(NetproofError):
    """A check did not finish."""


class LogError(NetproofError):
    """A signature, proof, checkpoint or entry of a log does not hold."""


class ReportError(NetproofError):
    """A report could not be written."""
