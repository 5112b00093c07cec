"""The report for people: one HTML file with the summary, what to do first, and every finding.

What each section shows is arranged here; `html_page` has the frame and the policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netproof.errors import ReportError
from netproof.report import findings, outage_views, shares, sitemap, words
from netproof.report.html_page import anchor, page
from netproof.report.outages_html import STYLES, WORDS

if TYPE_CHECKING:
    from netproof.report.words import Model

FINDINGS_MAX = 200
"""Findings of one check that the file shows."""
EXAMPLES_MAX = 50
_FAMILY_ORDER = ("certified", "paperwork", "restricted", "operation")


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check as the page shows it.

    Attributes:
        check: From the model.
        anchor: Its place in the page; unique and safe in a URL.
        shown: How many findings are listed.
        groups: Listed findings that belong together.
        extent: How many subjects its outcome is about, in words.
        besides: Further counts in words.
    """

    check: dict[str, Any]
    anchor: str
    shown: int
    groups: list[findings.Group]
    extent: str
    besides: str


@dataclass(frozen=True, slots=True)
class RowView:
    """A row: the columns that hold a value, and the names of those that hold none."""

    filled: list[tuple[str, Any]]
    empty: str


@dataclass(frozen=True, slots=True)
class RequirementView:
    """A requirement with the checks that are shown under it, and those shown elsewhere."""

    requirement: dict[str, Any]
    anchor: str
    checks: list[CheckView]
    elsewhere: list[CheckView]
    missing: list[str]


def text(model: Model, width: int | None = None) -> str:
    """The report as one HTML document.

    Args:
        model: Report model.
        width: Not used: the reader's window has the width.

    Raises:
        ReportError: The model lacks what a template shows.

    Cost: O(listed findings), 0.5 s for 29 checks with 200 findings each.
    """
    del width
    try:
        return _page(model)
    except KeyError as error:
        raise ReportError(f"report: expected a whole report model, got one without {error}") from error


def _page(model: Model) -> str:
    """The document; a KeyError where the model lacks something."""
    views = _check_views(model)
    rows = sitemap.table(model["details"]["sites"])
    outages = model["details"].get("outages")
    return page(
        "page.html.j2",
        styles=STYLES if outages else STYLES[:1],
        model=model,
        details=model["details"],
        views=views,
        catalogues=_requirement_views(model, views),
        others=_others(model, views),
        families=sorted(model["families"], key=lambda family: _FAMILY_ORDER.index(family["id"])),
        first=[views[check["id"]] for check in findings.most_urgent(model)],
        collect=[views[check["id"]] for check in findings.to_collect(model)],
        map=sitemap.site_map(model["details"]["sites"]),
        map_rows=rows[: sitemap.TABLE_MAX],
        map_rows_total=len(rows),
        charts=shares.charts(model["details"]["shares"]),
        outages=outage_views.view(outages) if outages else None,
        o=WORDS,
        sitemap=sitemap,
        shares=shares,
        percent=shares.percent,
        row_of=row_of,
        EXAMPLES_MAX=EXAMPLES_MAX,
    )


def row_of(details: dict[str, Any], finding: dict[str, Any]) -> RowView:
    """The subject's row; without values when the model holds none."""
    row = details["rows"].get(finding["subject_table"], {}).get(finding["subject_id"], {})
    filled = [(column, value) for column, value in row.items() if value not in (None, "")]
    return RowView(filled, ", ".join(column for column, value in row.items() if value in (None, "")))


def _check_views(model: Model) -> dict[str, CheckView]:
    """Views of all checks, by id."""
    views: dict[str, CheckView] = {}
    for place, check in enumerate(model["checks"]):
        listed = check["findings"][:FINDINGS_MAX]
        views[check["id"]] = CheckView(
            check,
            anchor("check", check["id"], place),
            len(listed),
            findings.grouped(listed),
            words.extent(check),
            words.besides(check),
        )
    return views


def _requirement_views(
    model: Model, views: dict[str, CheckView]
) -> list[tuple[dict[str, Any], list[RequirementView]]]:
    """Catalogues with their requirements; each check stands under the first that asks for it."""
    told: set[str] = set()
    found = []
    for place, catalogue in enumerate(model["catalogues"]):
        requirements = []
        for number, requirement in enumerate(catalogue["requirements"]):
            known = [views[check_id] for check_id in requirement["checks"] if check_id in views]
            requirements.append(
                RequirementView(
                    requirement,
                    anchor(f"requirement-{place}", requirement["id"], number),
                    [view for view in known if view.check["id"] not in told],
                    [view for view in known if view.check["id"] in told],
                    [check_id for check_id in requirement["checks"] if check_id not in views],
                )
            )
            told.update(requirement["checks"])
        found.append((catalogue, requirements))
    return found


def _others(model: Model, views: dict[str, CheckView]) -> list[CheckView]:
    """Checks that no requirement asks for."""
    asked = {
        check_id
        for catalogue in model["catalogues"]
        for requirement in catalogue["requirements"]
        for check_id in requirement["checks"]
    }
    return [view for check_id, view in views.items() if check_id not in asked]
