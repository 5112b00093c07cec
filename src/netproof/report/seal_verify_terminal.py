"""Whether a sealed assessment still holds, on a terminal: the log, the files, the answer, the differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from netproof.report.diff_lines import Lines, outcome
from netproof.report.words import number, plural
from netproof.tlog.encoding import utc

if TYPE_CHECKING:
    from netproof.report.words import Model

SHOWN: Final = 20
"""How many of each list are told; JSON has more."""


def text(model: Model, width: int | None = None) -> str:
    """Return the comparison as plain text, wrapped at `width` (80 unless told)."""
    lines = Lines(width)
    entry, log = model["entry"], model["log"]
    lines.line(0, f"{model['network']} as of {model['as_of']}, sealed as entry {number(entry['index'])}")
    lines.line(0, _log(log), hang=2)
    if not log["proven"]:
        lines.line(
            2, "its operator can ask the log's witnesses again: `netproof release log NET checkpoint`", hang=4
        )
    if log["problem"]:
        lines.line(0, f"the log that was judged is not this one: {log['problem']}", hang=2)
    _files(model["files"], lines)
    _rules(model, lines)
    lines.gap()
    if model["same_answer"]:
        lines.line(0, f"same answer: sha256 {model['answer']['now_sha256']}", hang=2)
        said, is_ = (outcome(model["outcome"][one]) for one in ("sealed", "now"))
        if said != is_:
            lines.line(0, f"NOT what it says: the entry says {said}, the answer {is_}", hang=2)
    else:
        lines.line(0, "another answer")
        lines.line(2, f"sealed: {outcome(model['outcome']['sealed'])}, {model['answer']['sealed_sha256']}")
        lines.line(2, f"now: {outcome(model['outcome']['now'])}, {model['answer']['now_sha256']}")
        _differences(model, lines)
    return lines.text()


def _log(log: dict[str, Any]) -> str:
    """Return whether the entry is proven."""
    if not log["proven"]:
        return f"NOT proven under the policy: {log['reason']}"
    if log["proven_by"] is None:
        return f"proven: signed by {log['origin']}; the policy asks for no witness"
    moment = utc(log["proven_by"])
    return f"proven: in the log of {log['origin']}, cosigned by {', '.join(log['witnesses'])}, by {moment}"


def _files(files: dict[str, Any], lines: Lines) -> None:
    """Write which files changed."""
    if not files["changed"]:
        lines.line(0, f"all {number(files['sealed'])} files are what was sealed", hang=2)
        return
    count = files["changed"]
    lines.line(0, f"{_not_as_sealed('file', count)}:", hang=2)
    for one in files["listed"][:SHOWN]:
        lines.line(2, f"{one['change']}: {one['path']}", hang=4)
    _more(count, lines)


def _rules(model: Model, lines: Lines) -> None:
    """Write whether the rules are the sealed ones."""
    sealed, now = model["netproof"]["sealed"], model["netproof"]["now"]
    if sealed != now:
        lines.line(0, f"sealed by netproof {sealed}, repeated by {now}", hang=2)
    if not model["rules"]:
        lines.line(0, "the rules are what was sealed", hang=2)
        return
    lines.line(0, f"{_not_as_sealed('rule', len(model['rules']))}:")
    for name in model["rules"][:SHOWN]:
        lines.line(2, name, hang=4)
    _more(len(model["rules"]), lines)


def _not_as_sealed(noun: str, count: int) -> str:
    """Return how many files or rules are others."""
    return f"{number(count)} {plural(noun, count)} {'is' if count == 1 else 'are'} not what was sealed"


def _differences(model: Model, lines: Lines) -> None:
    """Write whose outcomes differ."""
    if not model["answer_kept"]:
        lines.line(2, "the sealed answer is not kept here, so that nobody can tell what differs", hang=4)
        return
    for title, rows in (("checks", model["checks"]), ("requirements", model["requirements"])):
        if not rows:
            continue
        lines.gap()
        lines.line(0, f"{title} that differ: {number(len(rows))}")
        for one in rows[:SHOWN]:
            lines.line(2, f"{one['id']}: {_side(one, 'sealed')} -> {_side(one, 'now')}", hang=4)
        _more(len(rows), lines)
    if not model["checks"] and not model["requirements"]:
        lines.line(2, "every check came to the same; texts, values or data differ", hang=4)


def _side(one: dict[str, Any], side: str) -> str:
    """Return an outcome with its number of findings."""
    findings = one[f"{side}_findings"]
    count = f" ({number(findings)})" if findings else ""
    return outcome(one[side]) + count


def _more(count: int, lines: Lines) -> None:
    """Write that a list goes on."""
    if count > SHOWN:
        lines.line(2, f"and {number(count - SHOWN)} more")
