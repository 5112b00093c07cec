"""The report on a terminal: readable at 80 columns and without colour.

Words say everything; colour only repeats them. Lines are wrapped, never cut.
Rich is imported when a report is shown, so that `netproof --help` stays quick.
"""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

from netproof.report.words import (
    FAMILY_QUESTION,
    OUTCOME,
    Model,
    accepted,
    basis_words,
    besides,
    extent,
    flowing,
    number,
    plural,
    spaced,
    tally,
    totals,
    visible,
    waiver_words,
)

if TYPE_CHECKING:
    from rich.console import Console

FINDINGS_SHOWN = 3
EXAMPLES_SHOWN = 3
_EACH_MAX = 10
"""Files and kinds of issues of which one example each is shown."""
_STYLE = {
    "error": "bold magenta",
    "fail": "bold red",
    "no_evidence": "yellow",
    "needs_review": "cyan",
    "pass": "green",
    "not_applicable": "dim",
}


def text(model: Model, width: int | None = None) -> str:
    """The report as plain text without colour, wrapped at `width` (80 unless told)."""
    from rich.console import Console  # noqa: PLC0415 - rich is slow to import

    file = StringIO()
    show(model, Console(file=file, width=width or 80, color_system=None, force_terminal=False))
    return "\n".join(line.rstrip() for line in file.getvalue().split("\n"))


def summary(model: Model) -> str:
    """The report in a few lines, unbroken: network and date, each family's verdict, the count of checks."""
    families = [
        f"  {family['title']}: {OUTCOME[family['outcome']]} ({_tally(family['counts'])})"
        for family in model["families"]
    ]
    return "\n".join([visible(line) for line in (_head(model), *families, _count(model))] + [""])


def _head(model: Model) -> str:
    """Which network was checked, and for which date."""
    country = f" ({model['network']['country']})" if model["network"]["country"] else ""
    return f"{model['network']['name']}{country}, checked for {model['as_of']}"


def _count(model: Model) -> str:
    """How many checks came to what."""
    return f"{totals(model['summary']['checks'])} (as of {model['as_of']})"


def show(model: Model, console: Console, *, findings: int = FINDINGS_SHOWN) -> None:
    """Print the report.

    Args:
        model: Report model.
        console: Where to; its width and colours hold.
        findings: How many findings of each check that does not pass.
    """
    page = _Page(console)
    page.line(0, (_head(model), "bold"))
    checks = {check["id"]: check for check in model["checks"]}
    told: set[str] = set()
    for catalogue in model["catalogues"]:
        _catalogue(page, catalogue, checks, told, findings)
    rest = [check for check in model["checks"] if check["id"] not in told]
    if rest:
        page.gap()
        page.line(0, ("Checks outside these catalogues", "bold"))
        for check in rest:
            _check(page, check, findings)
    _families(page, model["families"])
    _issues(page, model)
    page.gap()
    page.line(0, (_count(model), "bold"))


class _Page:
    """Lines with a hanging indent on a console."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def gap(self) -> None:
        """An empty line."""
        self.console.print()

    def line(self, indent: int, *parts: tuple[str, str], hang: int = 0) -> None:
        """One paragraph of (words, style); further lines hang `hang` columns deeper."""
        from rich.text import Text  # noqa: PLC0415 - rich is slow to import

        room = max(20, self.console.width - indent - hang)
        words = Text.assemble(*((visible(word), style) for word, style in parts), overflow="fold")
        # The first line has `hang` columns more than the others: a lead of that width makes them equal.
        lead, rest = (words[:hang], words[hang:]) if hang else (Text(), words)
        if lead.cell_len > hang:
            lead, rest = Text(), words
        for place, line in enumerate(rest.wrap(self.console, room, overflow="fold")):
            line.rstrip()
            start = Text(" " * indent) + (lead if place == 0 else Text(" " * hang))
            self.console.print(start + line, soft_wrap=True, highlight=False)


def _outcome(outcome: str) -> tuple[str, str]:
    """An outcome's word and its style."""
    return OUTCOME[outcome], _STYLE[outcome]


def _catalogue(
    page: _Page, catalogue: dict[str, Any], checks: dict[str, dict[str, Any]], told: set[str], findings: int
) -> None:
    """A catalogue with its requirements and their checks; a check is told once."""
    page.gap()
    version = f", version {catalogue['version']}" if catalogue["version"] else ""
    page.line(0, (f"{flowing(catalogue['title'])}{version} ({spaced(catalogue['legal_status'])})", "bold"))
    for requirement in catalogue["requirements"]:
        page.gap()
        lead = f"{requirement['id']}  "
        page.line(
            0,
            (lead, "bold"),
            _outcome(requirement["outcome"]),
            (f"  {flowing(requirement['title'])}", "bold"),
            hang=_hang(lead),
        )
        for words in basis_words(requirement):
            page.line(2, (words, ""), hang=2)
        for check_id in requirement["checks"]:
            if check_id in checks and check_id not in told:
                _check(page, checks[check_id], findings)
            else:
                known = checks.get(check_id)
                page.line(
                    2,
                    (f"{check_id}  ", ""),
                    _outcome(known["outcome"]) if known else ("not run", ""),
                    ("  shown above" if known else "", ""),
                    hang=_hang(f"{check_id}  "),
                )
            told.add(check_id)


def _hang(lead: str) -> int:
    """Columns by which further lines hang: as wide as the lead, unless that is very wide."""
    return len(lead) if lead == visible(lead) and lead.isascii() and len(lead) <= 16 else 2


def _check(page: _Page, check: dict[str, Any], findings: int) -> None:
    """One check: its line, what else was counted, the worst findings."""
    lead = f"{check['id']}  "
    page.line(
        2,
        (lead, ""),
        _outcome(check["outcome"]),
        (f"  {extent(check)}  {flowing(check['title'])}", ""),
        hang=_hang(lead),
    )
    if check["message"]:
        page.line(6, (flowing(check["message"]), ""))
    if check["outcome"] in ("pass", "not_applicable") and not check["counts"].get("waived"):
        return
    more = besides(check)
    if more:
        page.line(6, (f"besides: {more}", ""))
    shown = check["findings"][:findings]
    for finding in shown:
        page.line(6, *_finding(finding, check["outcome"]), hang=2)
    hidden = check["findings_total"] - len(shown)
    if hidden > 0:
        kept = check.get("all_findings_file")
        page.line(6, (f"and {number(hidden)} more" + (f", all in {kept}" if kept else ""), "dim"))


def _finding(finding: dict[str, Any], known: str) -> list[tuple[str, str]]:
    """Subject, outcome unless the check's line has told it, reason and the source of its row."""
    source = finding["source"]
    place = f"  [{where(source['file'], source['line'])}]" if source else ""
    subject = finding["subject_id"] or "(empty)"
    outcome = [] if finding["outcome"] == known else [_outcome(finding["outcome"]), (": ", "")]
    waiver = waiver_words(finding)
    told = [(f"; {waiver}", "italic")] if waiver else []
    return [(f"{subject}: ", "bold"), *outcome, (finding["reason"], ""), *told, (place, "dim")]


def where(file: str | None, line: int | None) -> str:
    """`file:line`, or as much of it as is known."""
    return f"{file or '(no file)'}" + (f":{line}" if line is not None else "")


def _tally(counts: dict[str, int]) -> str:
    """Findings by outcome, and those that are accepted."""
    parts = (tally(counts, zero=""), accepted(counts))
    return ", ".join(part for part in parts if part) or "no findings"


def _families(page: _Page, families: list[dict[str, Any]]) -> None:
    """The families of verdicts, each for itself."""
    if not families:
        return
    page.gap()
    page.line(0, ("Separate verdicts, never merged", "bold"))
    for family in families:
        page.line(
            2,
            (f"{family['title']}: ", ""),
            _outcome(family["outcome"]),
            (f" ({_tally(family['counts'])})", ""),
            hang=2,
        )
        page.line(6, (FAMILY_QUESTION[family["id"]], "dim"))


def _issues(page: _Page, model: Model) -> None:
    """What could not be read, and what contradicts itself."""
    read, data = model["import_issues"], model["data_issues"]
    if read["total"]:
        files = len(read["by_file"])
        page.gap()
        page.line(
            0,
            (f"{number(read['total'])} {plural('import_issue', read['total'])}", "bold"),
            (f" in {number(files)} {plural('file', files)}: rows that could not be read as they stand", ""),
        )
        shown = _of_each(read["examples"], "file")
        for issue in shown:
            column = f" {issue['column']}" if issue["column"] else ""
            place = where(issue["file"], issue["line"])
            page.line(2, (f"{place}{column}: expected {issue['expected']}, got {issue['got']}", ""), hang=2)
        _more(page, read["total"] - len(shown))
    if data["total"]:
        kinds = ", ".join(
            f"{number(count)} {spaced(kind)}" for kind, count in sorted(data["by_kind"].items())
        )
        page.gap()
        page.line(
            0,
            (f"{number(data['total'])} {plural('data_issue', data['total'])}", "bold"),
            (f": {kinds}", ""),
        )
        shown = _of_each(data["examples"], "kind")
        for issue in shown:
            place = where(issue["file"], issue["line"])
            column = f".{issue['column']}" if issue["column"] else ""
            key = f" {issue['key']}" if issue["key"] else ""
            page.line(2, (f"{place} {issue['table']}{column}{key}: {issue['message']}", ""), hang=2)
        _more(page, data["total"] - len(shown))


def _of_each(examples: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """The first example of each file or kind, and further ones up to a few, in their order."""
    first = {example[name]: place for place, example in reversed(list(enumerate(examples)))}
    places = sorted(first.values())
    places += [place for place in range(len(examples)) if place not in places]
    kept = max(EXAMPLES_SHOWN, min(len(first), _EACH_MAX))
    return [examples[place] for place in sorted(places[:kept])]


def _more(page: _Page, hidden: int) -> None:
    """How many were not told."""
    if hidden > 0:
        page.line(2, (f"and {number(hidden)} more", "dim"))
