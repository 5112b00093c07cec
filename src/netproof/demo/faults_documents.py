"""Which documents are not what their rows say? Faults for the checks DOC, answers and a waiver.

What is wrong with a signature itself is done where it is made (`signatures`), by the names that stand here.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from netproof.demo.equipment import days
from netproof.demo.frames import UNKNOWN, Frame, texts

if TYPE_CHECKING:
    from netproof.demo.faults import Ground

CHANGED = "quarzmund"
"""Whose document was changed after it was signed."""
STRANGER = "tarnhollow_de"
"""Whose signature leads to an authority that nobody trusts."""
OTHER_DAY = "zirbelwerk"
"""Whose document was signed the day before the recorded one."""
_GONE = "morvantis"
_WITHOUT_DIGEST = "tarnhollow"

POLICY = {
    "security-concept.txt": b"MADE UP: an example of netproof.\n\nThe security concept of Musternetz.\n"
}
"""Documents of answers, by name."""


def plant_documents(ground: Ground) -> None:
    """Plant faults for the checks DOC; add answers and a waiver."""
    declaration = ground.frames["declaration"]

    def note(check: str, outcome: str, supplier: str, words: str) -> None:
        ground.note(check, outcome, [f"D-{supplier}"], words)

    note("DOC-001", "fail", CHANGED, "the document was changed after its digest was recorded")
    note("DOC-002", "fail", CHANGED, "the document was changed after it was signed")
    note("DOC-003", "fail", CHANGED, "recorded as valid, but the signature is invalid")
    declaration["document"][declaration.where(supplier_id=_GONE)] = f"D-{_GONE}-signed.txt"
    note("DOC-001", "fail", _GONE, "the document is not there")
    declaration["sha256"][declaration.where(supplier_id=_WITHOUT_DIGEST)] = None
    note("DOC-001", "no_evidence", _WITHOUT_DIGEST, "no digest is recorded")
    note("DOC-002", "no_evidence", STRANGER, "no trusted authority leads to the signer")
    words = "signed the day before the recorded one; accepted until 2027-03-31"
    note("DOC-003", "needs_review", OTHER_DAY, words)
    _answers(ground)
    ground.frames["waiver"] = Frame(
        check_id=texts(["DOC-003"]),
        subject_id=texts([f"D-{OTHER_DAY}"]),
        reason=texts(["the supplier confirmed the day in writing; the record follows with the renewal"]),
        owner_role=texts(["head of procurement"]),
        granted_on=np.array([days(2026, 9, 14)]),
        ends_on=np.array([days(2027, 3, 31)]),
    )


def _answers(ground: Ground) -> None:
    """Add what people answered to requirements of the catalogue that no data decides."""
    name, content = next(iter(POLICY.items()))
    rows = (
        ("MAIN-3.1.1", "met", days(2026, 3, 2), days(2028, 3, 1), name, sha256(content).digest()),
        ("MAIN-3.1.2", "met", days(2024, 9, 2), days(2026, 9, 1), None, None),
        ("MAIN-3-testing", "not_met", days(2026, 8, 3), UNKNOWN, None, None),
    )
    requirement, answer, answered_on, valid_to, document, digest = zip(*rows, strict=True)
    ground.frames["answer"] = Frame(
        requirement_id=texts(requirement),
        catalogue_id=texts(["de-tkg-2.0"] * len(rows)),
        answer=texts(answer),
        answered_by_role=texts(["security officer", "security officer", "head of operations"]),
        answered_on=np.array(answered_on),
        valid_to=np.array(valid_to),
        document=texts(document),
        sha256=texts(digest),
        note=texts([None, None, "the exercise of 2026 is still to be held"]),
    )
