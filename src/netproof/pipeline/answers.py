"""What people answered to requirements that no data decides, and whether that counts on a date.

The latest answer that holds on the date decides: a newer one is never passed over for an older one that is
kinder. An answer counts only as far as its document does. To a requirement that checks decide it is shown,
and decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from netproof.catalogue.check import Outcome
from netproof.tables.spec import all_specs
from netproof.tables.store import Store, key_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from netproof.catalogue.control import Catalogue, Control

IDLE = "idle_answer"
"""Kind of data issue: an answer to a requirement that no catalogue of this run has."""
_OUTCOMES = {
    "met": Outcome.PASS,
    "not_met": Outcome.FAIL,
    "not_applicable": Outcome.NOT_APPLICABLE,
}
_WORST_FIRST = ("not_met", "not_applicable", "met")


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of table answer with what was found of its document.

    Attributes:
        catalogue_id: Empty: of every catalogue.
        exists: Whether its document is there; None: it names none.
        digest_matches: Whether the document is unchanged; None: not known.
        signature: State of the document's signatures; empty: none was looked at.
        why: What was found of the document, in words.
    """

    requirement_id: str
    catalogue_id: str
    answer: str
    role: str
    answered_on: date
    valid_to: date | None
    document: str
    note: str
    exists: bool | None
    digest_matches: bool | None
    signature: str
    why: str
    file: str
    line: int
    sha256: str | None

    def unsupported(self) -> str:
        """Return why its document does not support it; empty where it does, or where it names none."""
        if not self.document:
            return ""
        words = f"document {self.document}"
        tail = f": {self.why}" if self.why else ""
        if not self.exists:
            return f"{words} is missing{tail}"
        if self.digest_matches is False:
            return f"{words} was changed{tail}"
        if self.digest_matches is None:
            return f"{words} has no digest to compare with{tail}"
        if self.signature in ("invalid", "unverified"):
            how = "is invalid" if self.signature == "invalid" else "is not verified"
            return f"the signature of {words} {how}{tail}"
        return ""


@dataclass(frozen=True, slots=True)
class Told:
    """What the answers to one requirement come to.

    Attributes:
        outcome: Without checks: what the requirement comes to.
        reason: Why, in words.
        answer: The answer that this rests on; None: there is none.
        counts: Whether that answer decides.
    """

    outcome: Outcome
    reason: str
    answer: Answer | None = None
    counts: bool = False

    def shown(self) -> dict[str, Any] | None:
        """Return the answer as a report shows it."""
        given = self.answer
        if given is None:
            return None
        return {
            "answer": given.answer,
            "role": given.role,
            "answered_on": given.answered_on.isoformat(),
            "valid_to": given.valid_to.isoformat() if given.valid_to else None,
            "document": given.document or None,
            "note": given.note,
            "counts": self.counts,
            "reason": self.reason,
            "source": {"file": given.file, "line": given.line, "sha256": given.sha256},
        }


def read_answers(store: Store) -> list[Answer]:
    """Return all answers, the latest first; of one day the one to a named catalogue, then the worse."""
    rows = store.rows(
        "select a.requirement_id, coalesce(a.catalogue_id, ''), a.answer::varchar, a.answered_by_role, "
        "a.answered_on, a.valid_to, coalesce(a.document, ''), coalesce(a.note, ''), s.exists, "
        "s.digest_matches, coalesce(s.signature::varchar, ''), coalesce(s.reason, s.signature_reason, ''), "
        "f.file, a._row, f.sha256 "
        "from answer as a join source as f on a._source = f.source_no "
        "left join document_status as s on s.table_name = 'answer' "
        f"and s.key = {key_text(all_specs()['answer'], 'a.')} order by a._source, a._row"
    )
    answers = [Answer(*row) for row in rows]
    return sorted(
        answers,
        key=lambda a: (-a.answered_on.toordinal(), not a.catalogue_id, _WORST_FIRST.index(a.answer)),
    )


def told(answers: Iterable[Answer], catalogue_id: str, control: Control, as_of: date) -> Told:
    """Return what the answers to a requirement come to on a date.

    Args:
        answers: All of them, the latest first.
        catalogue_id: The catalogue of the requirement.
        control: The requirement.
        as_of: The date.
    """
    own = [a for a in answers if a.requirement_id == control.id and a.catalogue_id in ("", catalogue_id)]
    given = [a for a in own if a.answered_on <= as_of]
    holding = [a for a in given if a.valid_to is None or a.valid_to >= as_of]
    if control.checks:
        reason = "its checks decide; the answer changes nothing"
        return Told(Outcome.NEEDS_REVIEW, reason if holding else "", holding[0] if holding else None)
    if holding:
        latest = holding[0]
        why = latest.unsupported()
        if why:
            return Told(Outcome.NO_EVIDENCE, f"the answer does not count: {why}", latest)
        how = "" if latest.document else ", without a document"
        words = f"answered {latest.answer.replace('_', ' ')} on {latest.answered_on} by {latest.role}{how}"
        return Told(_OUTCOMES[latest.answer], words, latest, counts=True)
    if given:
        last = max(given, key=lambda a: a.valid_to or date.min)
        return Told(
            Outcome.NEEDS_REVIEW, f"the answer of {last.answered_on} was valid until {last.valid_to}", last
        )
    if own:
        return Told(Outcome.NEEDS_REVIEW, f"answered only on {own[-1].answered_on}, after the date", own[-1])
    return Told(Outcome.NEEDS_REVIEW, "nobody has answered")


def tell_idle(
    store: Store, answers: Sequence[Answer], catalogues: Iterable[Catalogue], elsewhere: Collection[str]
) -> None:
    """Put the answers that no requirement of the run asked for into `data_issue`.

    An answer to a catalogue that is not asked this time says nothing wrong.

    Args:
        store: The tables.
        answers: All of them.
        catalogues: Those that are asked.
        elsewhere: Ids of those that might be asked another time.
    """
    store.connection.execute("delete from data_issue where kind = ?", [IDLE])
    known = {catalogue.id: {control.id for control in catalogue.controls} for catalogue in catalogues}
    for given in answers:
        column, value, message = "requirement_id", given.requirement_id, ""
        if not given.catalogue_id:
            if not any(given.requirement_id in ids for ids in known.values()):
                message = f"no catalogue of this run has a requirement {given.requirement_id}"
        elif given.catalogue_id in known:
            if given.requirement_id not in known[given.catalogue_id]:
                message = f"catalogue {given.catalogue_id} has no requirement {given.requirement_id}"
        elif given.catalogue_id not in elsewhere:
            column, value = "catalogue_id", given.catalogue_id
            message = f"no catalogue of this run, or of netproof, is called {given.catalogue_id}"
        if message:
            store.connection.execute(
                "insert into data_issue select 'answer', ?, ?, ?, ?, ?, source_no, ? "
                "from source where file = ? and table_name = 'answer'",
                [column, IDLE, given.requirement_id, value, message, given.line, given.file],
            )
