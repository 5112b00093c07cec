"""What an update changes, for people: what gives somebody power first, then components, then every file.

The frame is `html_page`'s. What is listed is bounded; JSON has all. What diffoscope told, where it was asked,
stands at the end as the text that it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from netproof.errors import ReportError
from netproof.report import release_diff_terminal as told
from netproof.report.html_page import page
from netproof.report.words import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from netproof.report.words import Model

LISTED: Final = 500
"""How many rows of a table are shown."""
_STYLES: Final = ("style.css", "answers.css", "release.css")
_CHANGES: Final = ("added", "removed", "changed")


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of the page.

    Attributes:
        key: Its place in the page.
        title: Heading.
        meaning: What it is a list of.
        heads: Headings of its columns; the first one names a row.
        rows: The first of its rows.
        total: How many there are.
    """

    key: str
    title: str
    meaning: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]
    total: int


def text(model: Model, width: int | None = None) -> str:
    """The changes as one HTML document.

    Args:
        model: The model of `netproof release diff`.
        width: Not used: the reader's window has the width.

    Raises:
        ReportError: The model lacks what a template shows.
    """
    del width
    try:
        return page(
            "release_diff.html.j2",
            styles=_STYLES,
            model=model,
            powers=_powers(model),
            bills=[_bill(one, place) for place, one in enumerate(model["sboms"])],
            files=_files(model),
            closed=_closed(model),
            said_of=told.bill_line,
        )
    except KeyError as error:
        raise ReportError(f"report: expected whole differences, got a model without {error}") from error


def _powers(model: Model) -> list[Listing]:
    """What gives somebody power over the device: rights, keys, services, addresses."""
    return [
        _listing(
            "rights",
            "Files that newly give rights",
            "Whoever starts such a file gets rights that are not his own.",
            ("File", "Rights", "Why"),
            model["privileged"],
            lambda one: (one["path"], ", ".join(one["rights"]), one["why"]),
        ),
        _listing(
            "keys",
            "Keys and certificates that were not there before",
            "A key can let somebody in, or let other software pass as the supplier's.",
            ("Key", "In", "About", "SHA-256"),
            model["keys"],
            lambda one: (one["kind"], one["path"], one["about"], one["sha256"]),
        ),
        _listing(
            "services",
            "Network services that were not there before",
            "What listens can be reached.",
            ("Service", "Kind", "In"),
            model["services"],
            lambda one: (one["value"], one["rule"], one["path"]),
        ),
        _listing(
            "addresses",
            "Addresses that were not there before",
            "Texts that look like addresses; whether anything is sent there, the bytes do not say.",
            ("Address", "Kind", "First found in", "Members"),
            model["addresses"],
            lambda one: (one["value"], one["kind"], one["path"], number(one["members"])),
        ),
    ]


def _bill(one: dict[str, Any], place: int) -> tuple[dict[str, Any], Listing]:
    """A bill of materials with the components that differ."""
    listing = _listing(
        f"components-{place}",
        "Components that differ",
        "",
        ("Component", "What changed", "Before", "After"),
        one["components"],
        lambda row: (row["key"], row["change"], _version(row["old"]), _version(row["new"])),
    )
    return one, listing


def _version(one: dict[str, Any] | None) -> str:
    """A component's version; with the start of its digest where that is known."""
    if one is None:
        return "not there"
    digest = f", sha256 {one['sha256'][:16]}…" if one["sha256"] else ""
    return (one["version"] or "no version") + digest


def _files(model: Model) -> list[Listing]:
    """Members that differ, by what became of them."""
    kinds = {change: [one for one in model["files"] if one["change"] == change] for change in _CHANGES}
    return [
        _listing(
            f"files-{change}",
            f"Members {change}",
            "",
            ("Member", "What differs" if change == "changed" else "What it is"),
            rows,
            _file,
        )
        for change, rows in kinds.items()
    ]


def _file(one: dict[str, Any]) -> tuple[str, str]:
    """A member and what is said of it."""
    return one["path"], told.file_line(one).removeprefix(f"{one['path']}: ")


def _closed(model: Model) -> Listing:
    """Packages inside that were not looked into."""
    rows = [{"side": side, **row} for side in ("old", "new") for row in model[side]["closed"]]
    return _listing(
        "closed",
        "Packages inside that stay closed",
        "What lies in them was not compared.",
        ("Package", "In", "Why"),
        rows,
        lambda one: (one["path"], {"old": "before", "new": "after"}[one["side"]], one["reason"]),
    )


def _listing(
    key: str,
    title: str,
    meaning: str,
    heads: tuple[str, ...],
    rows: Iterable[dict[str, Any]],
    cells: Callable[[dict[str, Any]], tuple[str, ...]],
) -> Listing:
    """A table of rows as the model has them."""
    every = list(rows)
    return Listing(key, title, meaning, heads, [cells(one) for one in every[:LISTED]], len(every))
