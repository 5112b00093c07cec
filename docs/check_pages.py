"""The pages of checks and catalogues.

What the checks and the catalogues say of themselves in, Markdown out. A page that is wrong is mended in their
files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docs.pages import MADE, one_line, rows
from netproof.catalogue.check import Family

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netproof.catalogue.check import Check, Reference
    from netproof.catalogue.control import Catalogue, Control

DUTIES = {
    "CERT": "Certified components",
    "TRUST": "Trustworthy suppliers",
    "INT": "Product integrity",
    "MON": "Monitoring",
    "STAFF": "Instructed staff",
    "RED": "Redundancy",
    "DIV": "Diversity",
    "RES": "Restrictions",
    "DOC": "Documents and signatures",
    "DAT": "Data that other answers need",
}

QUESTIONS = {
    Family.CERTIFIED: "is what runs certified?",
    Family.PAPERWORK: "are the papers complete?",
    Family.RESTRICTED: "does an order, a contract or a law forbid it?",
    Family.OPERATION: "is it built and run as required?",
}

TAGS = (
    "The letter behind a source says how far it can be relied on: P the text itself was read, S a secondary "
    "source was, M from memory and not verified, D derived by the project.\n\n"
)


def _duty(check: Check) -> str:
    """Return the first part of a check's id."""
    return check.id.split("-")[0]


def in_order(checks: Iterable[Check]) -> list[Check]:
    """Return the checks by duty, in the catalogue's order, then by number."""
    order = list(DUTIES)
    return sorted(checks, key=lambda check: (order.index(_duty(check)), check.id))


def _source(source: Reference) -> str:
    """Return one source as a line of a list, with its reliability tag."""
    words = f"[{source.text}]({source.url})" if source.url else source.text
    return f"- {words}" + (f" [{source.tag}]" if source.tag else "") + "\n"


def _tables(names: Iterable[str]) -> str:
    """Return table names as links into the page of tables."""
    return ", ".join(f"[{name}](tables.md#{name})" for name in names)


def _parameters(check: Check) -> str:
    """Return a check's parameters as a table; empty where it has none."""
    if not check.parameters:
        return ""
    lines = (
        (f"`{p.name}`", f"{p.value} {p.unit}", p.meaning, f"{p.source} [{p.tag}]") for p in check.parameters
    )
    return "\n" + rows(("parameter", "default", "meaning", "where the number comes from"), lines)


def _check(check: Check) -> str:
    """Return one check's part of the page."""
    path = f"../../src/netproof/catalogue/checks/{_duty(check)}/{check.id}.sql"
    text = f"\n### {check.id}\n\n**{check.title.rstrip('.')}.** {one_line(check.motivation)}\n\n"
    text += f"- Judges: rows of {_tables([check.subject])}\n"
    text += f"- Severity: {check.severity}; verdict: {check.verdict}\n"
    text += f"- Reads: {_tables(check.reads)} ([the query]({path}))\n"
    if check.evidence:
        text += f"- `no_evidence` while one of these is missing: {_tables(check.evidence)}\n"
    text += f"- Remedy: {one_line(check.remedy)}\n" + _parameters(check)
    return text + "\nSources:\n\n" + "".join(map(_source, check.sources))


def checks(found: Iterable[Check]) -> str:
    """Return the page of all checks."""
    ordered = in_order(found)
    text = MADE + (
        f"# The {len(ordered)} checks\n\n"
        "A check is a query that returns what offends. Its answer for a row is `fail`, `no_evidence` or "
        "`needs_review`; see [Verdicts](../concepts/verdicts.md). Set a parameter in `network.toml`, under "
        "`[parameters.<check>]`.\n\n"
    )
    text += TAGS + rows(
        ("check", "holds when it passes", "verdict", "severity"),
        ((f"[{c.id}](#{c.id.lower()})", c.title, c.verdict, c.severity) for c in ordered),
    )
    text += "\nThe verdicts answer different questions and are never added up:\n\n"
    text += "".join(f"- `{family}`: {question}\n" for family, question in QUESTIONS.items())
    duty = ""
    for check in ordered:
        if _duty(check) != duty:
            duty = _duty(check)
            text += f"\n## {duty}: {DUTIES[duty]}\n"
        text += _check(check)
    return text


def _control(control: Control) -> str:
    """Return one requirement's part of the page."""
    text = f"\n### {control.id}\n\n**{control.title.rstrip('.')}.** {one_line(control.prose)}\n\n"
    text += f"- Legal status: {control.legal_status or 'not said'}"
    text += f"; from {control.valid_from or 'not said'} to {control.valid_to or 'open'}\n"
    asked = ", ".join(f"[{check}](checks.md#{check.lower()})" for check in control.checks)
    text += f"- Checks: {asked or 'none; a person answers'}\n"
    return text + "\nSources:\n\n" + "".join(map(_source, control.sources))


def catalogues(found: Mapping[str, Catalogue]) -> str:
    """Return the page of all catalogues that ship."""
    text = (
        MADE + "# Catalogues\n\nWhat each catalogue asks for, in our words, and which checks decide it.\n\n"
    )
    text += TAGS + rows(
        ("catalogue", "title", "version", "legal status", "requirements"),
        (
            (f"[{name}](#{_anchor(name)})", c.title, c.version, c.legal_status, len(c.controls))
            for name, c in found.items()
        ),
    )
    for name, catalogue in found.items():
        text += f"\n## {name}\n\n{catalogue.title}, version {catalogue.version} ({catalogue.legal_status}).\n"
        text += _notes(catalogue.notes)
        text += "".join(map(_control, catalogue.controls))
    return text


def _notes(notes: Sequence[str]) -> str:
    """Return what a catalogue says of itself, as a list."""
    return "\n" + "".join(f"- {note}\n" for note in notes) if notes else ""


def _anchor(name: str) -> str:
    """Return the name by which a heading can be linked."""
    return "".join(letter for letter in name.lower() if letter.isalnum() or letter in "-_")
