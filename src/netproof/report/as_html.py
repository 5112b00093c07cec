"""The report for people: one HTML file that needs no network and no script to be read.

Jinja2 with autoescape and strict names draws the templates beside this file. Everything
that comes from the model is escaped, and what has no shape of its own is made visible
(`words.visible`). The only style and script that may run are the two whose digests stand
in the file's own content security policy.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Undefined, UndefinedError
from markupsafe import Markup

from netproof import __version__
from netproof.errors import ReportError
from netproof.report import findings, shares, sitemap, words

if TYPE_CHECKING:
    from netproof.report.words import Model

FINDINGS_MAX = 200
"""Findings of one check that the file shows."""
EXAMPLES_MAX = 50
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
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
    except (KeyError, UndefinedError) as error:
        raise ReportError(f"report: expected a whole report model, got one without {error}") from error


def _page(model: Model) -> str:
    """The document; a KeyError or UndefinedError where the model lacks something."""
    views = _check_views(model)
    style, script = _asset("style.css"), _asset("script.js.j2")
    rows = sitemap.table(model["details"]["sites"])
    return (
        environment()
        .get_template("page.html.j2")
        .render(
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
            style=Markup(style),  # noqa: S704 - shipped with the package
            script=Markup(script),  # noqa: S704 - shipped with the package
            policy=_policy(style, script),
            version=__version__,
        )
    )


@cache
def environment() -> Environment:
    """Jinja2 as all pages use it: escaped, strict, with the words of the reports."""
    made = Environment(
        loader=PackageLoader("netproof.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "flowing": words.flowing,
        "number": words.number,
        "spaced": words.spaced,
        "percent": shares.percent,
        "day": day,
    }
    made.globals |= {
        "EXAMPLES_MAX": EXAMPLES_MAX,
        "words": words,
        "sitemap": sitemap,
        "shares": shares,
        "link": link,
        "paragraphs": paragraphs,
        "plural": words.plural,
        "tally": words.tally,
        "row_of": row_of,
    }
    return made


def _shown(value: Any) -> Any:
    """What a template puts into the page: nothing invisible, nothing left out."""
    if isinstance(value, Markup | Undefined):
        return value
    if value is None:
        return "(empty)"
    if isinstance(value, bool):
        return "true" if value else "false"
    return words.visible(value) if isinstance(value, str) else value


def day(value: str | None) -> str:
    """A date as people write it, `1 November 2026`; other text as it is."""
    try:
        parsed = date.fromisoformat(value or "")
    except ValueError:
        return value or "(empty)"
    return f"{parsed.day} {_MONTHS[parsed.month - 1]} {parsed.year}"


def link(url: str) -> str:
    """A URL that may be followed, or nothing: only the web, no scripts and no files."""
    return url if re.match(r"https?://[^\s]+$", url) else ""


def paragraphs(prose: str) -> list[str]:
    """Paragraphs of a text: divided by empty lines, other line ends are blanks."""
    return [words.flowing(part) for part in re.split(r"\n\s*\n", prose) if part.strip()]


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
            _anchor("check", check["id"], place),
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
                    _anchor(f"requirement-{place}", requirement["id"], number),
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


def _anchor(kind: str, name: str, place: int) -> str:
    """A fragment that is the same in every run; the place keeps it unique where the name is odd."""
    plain = re.sub(r"[^A-Za-z0-9.-]", "", name)
    return f"{kind}-{plain}" if plain and plain == name else f"{kind}-{plain}-{place}"


@cache
def _asset(name: str) -> str:
    """A file from the folder of templates that is not one."""
    return (resources.files("netproof.report") / "templates" / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Content security policy: nothing from anywhere but these two texts and drawn icons."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(content: str) -> str:
    """Digest of an element's content as the policy writes it. Source: CSP 3, section 6.7.3.3."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode("ascii")
