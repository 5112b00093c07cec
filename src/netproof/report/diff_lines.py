"""Lines of plain text with hanging indents, for answers that need no colour.

What has no shape of its own is made visible (`words.visible`), so that no identifier can steer a terminal.
"""

from __future__ import annotations

import textwrap

from netproof.report.words import COUNTED, OUTCOME, number, visible

WIDTH = 80
FINDINGS_SHOWN = 3


class Lines:
    """Text that grows line by line."""

    def __init__(self, width: int | None) -> None:
        self._width = max(40, width or WIDTH)
        self._lines: list[str] = []

    @property
    def width(self) -> int:
        """Columns of the paper."""
        return self._width

    def gap(self) -> None:
        """Leave a line empty."""
        self._lines.append("")

    def line(self, indent: int, said: str, *, hang: int = 2) -> None:
        """Write one paragraph; further lines hang deeper."""
        start = " " * indent
        words = visible(" ".join(said.splitlines()))
        self._lines += textwrap.wrap(
            words,
            self._width,
            initial_indent=start,
            subsequent_indent=start + " " * hang,
            break_on_hyphens=False,
        ) or [start]

    def raw(self, said: str) -> None:
        """Write a line as it stands, such as the row of a table."""
        self._lines.append(visible(said).rstrip())

    def text(self) -> str:
        """Return all lines."""
        return "\n".join([*(line.rstrip() for line in self._lines), ""])


def outcome(word: str | None) -> str:
    """Return an outcome in words; what was not asked is so called."""
    return "not asked" if word is None else OUTCOME[word]


def step(before: str | None, now: str | None) -> str:
    """Return two outcomes as a step, or the one that they are."""
    return outcome(now) if before == now else f"{outcome(before)} -> {outcome(now)}"


CHANGED = {
    "new": "new",
    "worse": "worse",
    "other": "otherwise",
    "reason": "with another reason",
    "better": "better",
    "gone": "gone",
}
"""What became of something, after its number."""


def tally(counts: dict[str, int]) -> str:
    """Return counts by change as a phrase: `8 new, 1 gone`; empty where there is none."""
    return ", ".join(f"{number(n)} {CHANGED[change]}" for change, n in counts.items() if n)


def counted(counts: dict[str, int]) -> str:
    """Return a check's counts as a phrase: `6 fail, 2 without evidence`."""
    return ", ".join(f"{number(n)} {COUNTED[o]}" for o, n in counts.items() if n) or "no findings"
