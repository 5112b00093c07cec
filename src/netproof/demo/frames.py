"""How are a table's rows held before they are written?

A column is one numpy array. Unknown is None in text, truth values and digests (dtype object), -1 in
whole numbers, dates (days since 1970) and times (seconds since 1970), NaN in decimal numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]
UNKNOWN = -1


def texts(values: list[Any] | tuple[Any, ...]) -> Column:
    """Return a column of text, truth values or digests."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def same(value: object, count: int) -> Column:
    """Return a column of `count` equal values."""
    column = np.empty(count, dtype=object)
    column.fill(value)
    return column


def numbered(prefix: str, count: int, *, digits: int = 6) -> Column:
    """Return identities: the prefix and 1, 2 … padded with zeros."""
    return texts([f"{prefix}{number:0{digits}}" for number in range(1, count + 1)])


class Frame:
    """A table's rows, by column.

    Args:
        columns: Arrays of one length, by column name.
    """

    def __init__(self, **columns: Column) -> None:
        sizes = {len(column) for column in columns.values()}
        if len(sizes) != 1:
            msg = f"columns differ in length: {sorted(sizes)}"
            raise ValueError(msg)
        self.columns = columns

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(next(iter(self.columns.values())))

    def __getitem__(self, name: str) -> Column:
        """Return a column; what is set in it is set in the table."""
        return self.columns[name]

    def where(self, **values: object) -> Column:
        """Return the positions of the rows with all these values, ascending."""
        found = np.ones(len(self), dtype=np.bool_)
        for name, value in values.items():
            found &= self.columns[name] == value
        return np.flatnonzero(found)

    def append(self, count: int = 1, /, **values: object) -> None:
        """Add rows; a list gives each its value, what is not named is unknown."""
        for name, column in self.columns.items():
            blank: object = None
            if column.dtype != object:
                blank = np.nan if column.dtype.kind == "f" else UNKNOWN
            rows = np.empty(count, dtype=column.dtype)
            rows[:] = values.pop(name, blank)
            self.columns[name] = np.concatenate([column, rows])
        if values:
            msg = f"no such columns: {sorted(values)}"
            raise ValueError(msg)

    def among(self, name: str, wanted: list[str]) -> Column:
        """Return the positions of the rows with one of these values, ascending."""
        kept = frozenset(wanted)
        return np.flatnonzero([value in kept for value in self.columns[name].tolist()])

    def drop(self, positions: Column) -> None:
        """Remove rows."""
        for name, column in self.columns.items():
            self.columns[name] = np.delete(column, positions)


Frames = dict[str, Frame]


def stack(first: Frame, *others: Frame) -> Frame:
    """Return the rows of all frames, one after the other; all have the same columns."""
    return Frame(
        **{
            name: np.concatenate([column, *(other[name] for other in others)])
            for name, column in first.columns.items()
        }
    )
