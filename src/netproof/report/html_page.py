"""The frame of every HTML file: one document that needs no network and no script to be read.

Jinja2 with autoescape and strict names draws the templates beside this file. Everything
that comes from a model is escaped, and what has no shape of its own is made visible
(`words.visible`). The only style and script that may run are the two whose digests stand
in the file's own content security policy.
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Undefined, UndefinedError
from markupsafe import Markup

from netproof import __version__
from netproof.errors import ReportError
from netproof.report import words

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def page(template: str, *, styles: tuple[str, ...] = ("style.css",), **values: Any) -> str:
    """A whole document.

    Args:
        template: File in the folder of templates that extends `base.html.j2`.
        styles: Files there that make up its style.
        values: What the template shows.

    Raises:
        ReportError: A template shows what is not in the values.
    """
    style, script = "".join(_asset(name) for name in styles), _asset("script.js.j2")
    try:
        return (
            _environment()
            .get_template(template)
            .render(
                **values,
                style=Markup(style),  # noqa: S704 - shipped with the package
                script=Markup(script),  # noqa: S704 - shipped with the package
                policy=_policy(style, script),
                version=__version__,
            )
        )
    except UndefinedError as error:
        raise ReportError(f"report: expected a whole report model, got one without {error}") from error


@cache
def _environment() -> Environment:
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
        "day": day,
        "month": month,
    }
    made.globals |= {
        "words": words,
        "link": link,
        "paragraphs": paragraphs,
        "plural": words.plural,
        "tally": words.tally,
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


def month(value: str) -> str:
    """A month as people write it, `November 2026`, from `2026-11`."""
    return day(f"{value}-01").removeprefix("1 ")


def link(url: str) -> str:
    """A URL that may be followed, or nothing: only the web, no scripts and no files."""
    return url if re.match(r"https?://[^\s]+$", url) else ""


def paragraphs(prose: str) -> list[str]:
    """Paragraphs of a text: divided by empty lines, other line ends are blanks."""
    return [words.flowing(part) for part in re.split(r"\n\s*\n", prose) if part.strip()]


def anchor(kind: str, name: str, place: int) -> str:
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
