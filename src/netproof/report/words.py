"""The words of every report: outcomes, families, severities, numbers.

One place, so that the terminal and the HTML file say the same thing in the
same words. Nothing here knows how a report is drawn.
"""

from __future__ import annotations

import re
from typing import Any, Final

Model = dict[str, Any]
"""The report model that `pipeline` hands over: plain values, as JSON would hold them."""

WORST_FIRST: Final = ("error", "fail", "no_evidence", "needs_review", "pass", "not_applicable")

OUTCOME: Final = {
    "error": "did not finish",
    "fail": "fail",
    "no_evidence": "no evidence",
    "needs_review": "needs review",
    "pass": "pass",
    "not_applicable": "not applicable",
}
"""How an outcome is written on a tag."""

COUNTED: Final = {
    "error": "did not finish",
    "fail": "fail",
    "no_evidence": "without evidence",
    "needs_review": "to review",
    "pass": "pass",
    "not_applicable": "not applicable",
}
"""How an outcome is written after a number."""

OUTCOME_MEANING: Final = {
    "error": "The check stopped before it had an answer: by an error, a time limit or a memory limit. "
    "Nothing is known about its subjects.",
    "fail": "The data that was read shows that the statement does not hold for at least one subject.",
    "no_evidence": "The data that would show it is missing. The statement may hold; nobody has shown it.",
    "needs_review": "The data does not decide it; a person must.",
    "pass": "The data that was read shows that the statement holds for every subject in scope.",
    "not_applicable": "Nothing is in scope on this date.",
}

FAMILY_QUESTION: Final = {
    "certified": "Does a certificate valid on the date cover the function, product and version in use?",
    "paperwork": "Has every supplier signed what it has to sign? Whether a supplier deserves trust is not "
    "decided here.",
    "restricted": "Does an order, a contract or a law that binds on the date stand against a use?",
    "operation": "Integrity, monitoring, staff, redundancy and diversity, as the network is run.",
}

FAMILY_TITLE: Final = {
    "certified": "Certified for function and version",
    "paperwork": "Supplier's papers complete",
    "restricted": "Use restricted by order, contract or law",
    "operation": "Built and run as required",
}
"""Families of verdicts, in their order."""

TAG_MEANING: Final = {
    "P": ("primary text", "The law, guideline or official file itself was read."),
    "S": ("secondary source", "Somebody else's account, or only the opening of a text, was read."),
    "M": ("from memory", "Not verified. Never take it as a rule."),
    "D": ("by design", "Derived by the authors of the check; no source states it."),
}

LEGAL_STATUS: Final = {
    "in_force": "in force",
    "contract": "contract",
    "draft": "draft",
    "proposal": "proposal",
    "what_if": "what if",
    "repealed": "repealed",
}

SEVERITY_ORDER: Final = {"high": 0, "medium": 1, "low": 2}

_FILE: Final = " (all)"
"""How the subject of a finding ends that is about a file of which something could not be read."""

_IRREGULAR: Final = {"person": "people", "work": "work records", "homing": "homing rows"}


def rank(outcome: str) -> int:
    """Place in the order of outcomes, the worst first; an unknown word is worst of all."""
    return WORST_FIRST.index(outcome) if outcome in WORST_FIRST else -1


def spaced(word: str) -> str:
    """A word of a vocabulary as people write it: `in_force` becomes `in force`."""
    return LEGAL_STATUS.get(word, word.replace("_", " "))


def number(value: float) -> str:
    """A number with a comma between thousands: `3,410`."""
    return f"{value:,}"


def plural(table: str, count: int) -> str:
    """The rows of a table as a word: `component` is `components` unless there is one."""
    word = table.replace("_", " ")
    if count == 1:
        return word
    if table in _IRREGULAR:
        return _IRREGULAR[table]
    if word.endswith("y") and not word.endswith(("ay", "ey", "oy", "uy")):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def tally(counts: dict[str, int], *, zero: str = "none") -> str:
    """Counts per outcome as a phrase, worst first: `5 fail, 2 without evidence`."""
    parts = [f"{number(counts[key])} {COUNTED[key]}" for key in WORST_FIRST if counts.get(key)]
    return ", ".join(parts) or zero


def accepted(counts: dict[str, int]) -> str:
    """How many findings are accepted: `2 accepted`; empty when there are none."""
    return f"{number(counts['waived'])} accepted" if counts.get("waived") else ""


def waiver_words(finding: dict[str, Any]) -> str:
    """What a waiver says of a finding: accepted until when, by whom and why; empty without one."""
    held, ended = finding.get("waiver"), finding.get("waiver_ended")
    if held:
        return f"accepted until {held['ends_on']} by {held['owner']}: {flowing(held['reason'])}"
    if ended:
        return f"was accepted until {ended['ends_on']} by {ended['owner']}, counts again"
    return ""


def answer_words(requirement: dict[str, Any]) -> str:
    """Who answered a requirement, when, with which document, and whether that counts; empty without one."""
    answer = requirement.get("answer")
    if not answer:
        return ""
    until = f", valid until {answer['valid_to']}" if answer["valid_to"] else ""
    shown = f", document {answer['document']}" if answer["document"] else ""
    note = f" ({flowing(answer['note'])})" if answer["note"] else ""
    said = answer["answer"].replace("_", " ")
    told = f"answered {said} by {answer['role']} on {answer['answered_on']}{until}{shown}{note}"
    return told if answer["counts"] else f"{told}; does not count: {answer['reason']}"


def basis_words(requirement: dict[str, Any]) -> list[str]:
    """What a requirement rests on besides its checks: its answer, and why its outcome is what it is."""
    answer, reason = answer_words(requirement), flowing(requirement.get("reason") or "")
    if answer and requirement["answer"]["reason"] == requirement.get("reason"):
        return [answer]
    if not answer and not reason and not requirement["checks"]:
        return ["no check answers this from tables; a person must"]
    return [words for words in (answer, reason) if words]


def extent(check: dict[str, Any]) -> str:
    """How many of a check's subjects its outcome is about: `12 of 3,410 components`."""
    outcome, whole = check["outcome"], check["in_scope"]
    if outcome == "error":
        return "no answer"
    if outcome == "not_applicable":
        return f"no {plural(check['subject_table'], 0)} in scope"
    noun = plural(check["subject_table"], whole)
    if not whole:
        return f"no {noun} to judge"
    if outcome == "pass":
        return f"{number(whole)} {noun}"
    files = sum(
        f["outcome"] == outcome and f["subject_id"].endswith(_FILE) for f in check.get("findings", ())
    )
    subjects = check["counts"].get(outcome, 0) - files
    told = f"{number(files)} {plural('file', files)} not read whole" if files else ""
    if files and subjects <= 0:
        return f"{told}, {number(whole)} {noun}"
    return ", ".join(part for part in (f"{number(subjects)} of {number(whole)} {noun}", told) if part)


def besides(check: dict[str, Any]) -> str:
    """The counts that `extent` does not name: `30 without evidence`; empty when there are none."""
    rest = {key: n for key, n in check["counts"].items() if key != check["outcome"]}
    return ", ".join(part for part in (tally(rest, zero=""), accepted(check["counts"])) if part)


def totals(summary: dict[str, int]) -> str:
    """The closing line's counts: `29 checks: 20 pass, 5 fail, 1 not applicable`; good news first."""
    order = ("pass", "fail", "no_evidence", "needs_review", "error", "not_applicable")
    whole = sum(summary.values())
    parts = [f"{number(summary[key])} {COUNTED[key]}" for key in order if summary.get(key)]
    return f"{number(whole)} {'check' if whole == 1 else 'checks'}" + (
        ": " + ", ".join(parts) if parts else ""
    )


def flowing(prose: str) -> str:
    """Prose in one line: the line ends and indents of the file it was written in are blanks."""
    return " ".join(prose.split())


_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    """Text in which whatever has no shape of its own shows its number: a turned text as `⟨U+202E⟩`.

    Controls, characters that turn the direction of writing, blanks of no width and lone
    surrogates could hide or swap parts of an identifier, or steer a terminal.

    Source: Unicode Technical Report 36, section 2 (visual spoofing); CVE-2021-42574.
    """
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found.group()):04X}⟩", text)
