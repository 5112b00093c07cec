"""Differences for people: what became better, worse, new or gone, with the rows that changed.

Two assessments, or two catalogues with what the new one changes for a network. The frame is
`html_page`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from netproof.errors import ReportError
from netproof.report.diff_groups import ORDER, Group, groups, own
from netproof.report.diff_lines import CHANGED, tally
from netproof.report.html_page import anchor, page
from netproof.report.words import SEVERITY_ORDER

if TYPE_CHECKING:
    from netproof.report.words import Model

SECTIONS: Final = {
    "new": ("New findings", "Not found before."),
    "worse": ("Worse findings", "Found before, with a better outcome."),
    "reason": ("The same outcome, for another reason", ""),
    "better": ("Better findings", "Still found, with a better outcome than before."),
    "gone": ("Gone findings", "Found before, and no longer."),
}
"""Heading and meaning of what became of findings."""
TITLES: Final = {
    "networks": "What differs between two networks",
    "dates": "What differs between two dates",
    "catalogues": "What another catalogue changes",
}
_STYLES = ("style.css", "answers.css")


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check under one kind of change.

    Attributes:
        check: From the model.
        anchor: Its place under that change.
        groups: Listed findings that changed alike.
        total: How many findings changed so.
        listed: How many of them are listed.
    """

    check: dict[str, Any]
    anchor: str
    groups: list[Group]
    total: int
    listed: int


def text(model: Model, width: int | None = None) -> str:
    """The differences as one HTML document.

    Args:
        model: Of `diff` or of `catalogue diff`.
        width: Not used: the reader's window has the width.

    Raises:
        ReportError: The model lacks what a template shows.
    """
    del width
    try:
        if "added" in model:
            difference = model["network"]
            return _page("diff_catalogue.html.j2", model, difference)
        return _page("diff.html.j2", model, model)
    except KeyError as error:
        raise ReportError(f"report: expected a whole difference, got one without {error}") from error


def _page(template: str, model: Model, difference: Model | None) -> str:
    """The document; a KeyError where the model lacks something."""
    return page(
        template,
        styles=_STYLES,
        model=model,
        difference=difference,
        sections=_sections(difference["checks"]) if difference else [],
        titles=TITLES,
        changed=CHANGED,
        change_tally=tally,
        own=own,
        value_of=_value,
        place_of=_place,
    )


def _sections(checks: list[dict[str, Any]]) -> list[tuple[str, tuple[str, str], list[CheckView]]]:
    """What became of findings: for each change, the checks that have such, the gravest first."""
    ordered = sorted(
        enumerate(checks), key=lambda pair: (SEVERITY_ORDER.get(pair[1]["severity"], 0), pair[1]["id"])
    )
    grouped = {check["id"]: groups(check["findings"]) for check in checks}
    found = []
    for change in ORDER:
        views = []
        for place, check in ordered:
            alike = [group for group in grouped[check["id"]] if group.change == change]
            total = check["findings_changed"][change]
            if total:
                listed = sum(len(group.findings) for group in alike)
                views.append(CheckView(check, anchor(change, check["id"], place), alike, total, listed))
        if views:
            found.append((change, SECTIONS[change], views))
    return found


def _value(value: Any) -> Any:
    """A value as people read it: a list as its parts."""
    return ", ".join(str(part) for part in value) if isinstance(value, list) else value


def _place(cause: dict[str, Any]) -> str:
    """Where a row that differs stands, or stood: `certificate.csv:2 → certificate.csv:3`."""
    places = [f"{at['file']}:{at['line']}" for at in (cause["old"], cause["new"]) if at and at["file"]]
    return " → ".join(dict.fromkeys(places))
