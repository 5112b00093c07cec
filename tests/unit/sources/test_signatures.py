"""A signature is what it shows on a date: the signer's, unbroken, from somebody whom the user trusts."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from netproof.sources.documents import signature
from netproof.sources.documents.days import turning_days
from netproof.sources.documents.signature import Trust, read_trust, verify, verify_on
from tests.unit.sources.signed import AS_OF, CA, CMS, ENDED, PDF, STAMP, STRANGER, SUPPLIER, TEXT, TRUST
from tests.unit.sources.signing import cms_signature, crl, identity, plain_pdf, signed_pdf

if TYPE_CHECKING:
    from netproof.sources.documents.verdict import Verdict


def rewritten(pdf: bytes) -> bytes:
    """A PDF whose page another hand replaced by an update behind the signature."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    content = generic.StreamObject(stream_data=b"BT /F1 12 Tf 50 700 Td (denies) Tj ET")
    page["/Contents"] = writer.add_object(content)
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call] # pyHanko leaves it open
    return out.getvalue()


def revoking(day: date) -> Trust:
    """Trust in the authority, which has revoked the supplier's certificate on a day."""
    return read_trust([("ca.pem", CA.pem), ("list.crl", crl(CA, [(SUPPLIER, day)], issued=day))])


CASES: dict[str, tuple[bytes, bytes | None, Trust, str, str]] = {
    "good": (PDF, None, TRUST, "valid", ""),
    "bytes changed": (PDF.replace(b"declares", b"denies!!"), None, TRUST, "invalid", "changed after"),
    "updated behind the signature": (rewritten(PDF), None, TRUST, "invalid", "changed after"),
    "no trust anchor": (PDF, None, Trust(), "unverified", "no certificate in trust/"),
    "unknown anchor": (signed_pdf(STRANGER), None, TRUST, "unverified", "no certificate in trust/"),
    "the signer itself is trusted": (PDF, None, read_trust([("s.der", SUPPLIER.der)]), "valid", ""),
    "certificate ended": (signed_pdf(ENDED), None, TRUST, "unverified", "2024-01-01 to 2025-12-31"),
    "ended, and signed before by a timestamp": (
        signed_pdf(ENDED, day=date(2025, 3, 2), stamp=STAMP), None, TRUST, "valid", "",
    ),
    "ended, and signed after by a timestamp": (
        signed_pdf(ENDED, day=date(2026, 3, 2), stamp=STAMP), None, TRUST, "unverified", "no trusted timestamp",
    ),
    "revoked": (PDF, None, revoking(date(2026, 5, 1)), "unverified", "revoked on 2026-05-01"),
    "revoked after the date": (PDF, None, revoking(date(2026, 12, 1)), "valid", ""),
    "revoked after a timestamp": (
        signed_pdf(SUPPLIER, day=date(2026, 3, 2), stamp=STAMP), None, revoking(date(2026, 5, 1)), "valid", "",
    ),
    "revoked before a timestamp": (
        signed_pdf(SUPPLIER, day=date(2026, 7, 2), stamp=STAMP), None, revoking(date(2026, 5, 1)), "invalid", "revoked",
    ),
    "two signers": (signed_pdf(SUPPLIER, pdf=PDF), None, TRUST, "valid", ""),
    "two signers, one unknown": (signed_pdf(STRANGER, pdf=PDF), None, TRUST, "unverified", "trust/"),
    "unsigned": (plain_pdf(), None, TRUST, "none", ""),
    "no PDF at all": (TEXT, None, TRUST, "none", ""),
    "a PDF in name only": (b"%PDF-1.7\njunk", None, TRUST, "unverified", "cannot be read as a PDF"),
    "truncated": (PDF[: len(PDF) // 2], None, TRUST, "unverified", "cannot be read as a PDF"),
    "CMS, good": (TEXT, CMS, TRUST, "valid", ""),
    "CMS, changed": (b"denies!!", CMS, TRUST, "invalid", "changed after"),
    "CMS, unknown anchor": (TEXT, cms_signature(STRANGER, TEXT), TRUST, "unverified", "trust/"),
    "CMS, ended": (TEXT, cms_signature(ENDED, TEXT), TRUST, "unverified", "2025-12-31"),
    "CMS, truncated": (TEXT, CMS[:-20], TRUST, "unverified", "cannot be read"),
    "CMS, junk": (TEXT, b"0\x03abc", TRUST, "unverified", "cannot be read"),
    "CMS, empty": (TEXT, b"", TRUST, "unverified", "cannot be read"),
    "a good PDF with a CMS signature of something else": (PDF, CMS, TRUST, "invalid", "changed"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "beside", "trust", "state", "why"), CASES.values(), ids=CASES)
def test_a_signature_has_the_state_that_it_shows(
    content: bytes, beside: bytes | None, trust: Trust, state: str, why: str
) -> None:
    got = verify(content, beside, trust, AS_OF)

    assert (got.signature, why in got.reason) == (state, True), got


def test_a_certificate_counts_to_the_end_of_its_last_day_and_not_longer() -> None:
    pdf = signed_pdf(ENDED)

    assert [verify(pdf, None, TRUST, day).signature for day in (date(2025, 12, 30), date(2026, 1, 1))] == [
        "valid",
        "unverified",
    ]


DATES = [
    *(date(2023, 12, 30) + timedelta(days=230 * step) for step in range(9)),
    *(date(2025, 12, 30) + timedelta(days=step) for step in range(4)),
    *(date(2026, 4, 29) + timedelta(days=step) for step in range(4)),
    *(date(2028, 12, 30) + timedelta(days=step) for step in range(4)),
]
"""Days around the ends of certificates and a revocation, and some between them."""


@pytest.mark.parametrize("case", CASES)
def test_many_dates_at_once_have_the_verdicts_of_each_alone(case: str) -> None:
    content, beside, trust, _, _ = CASES[case]

    assert verify_on(content, beside, trust, DATES) == [verify(content, beside, trust, d) for d in DATES]


def test_a_stretch_in_which_nothing_turns_is_verified_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date] = []

    def counted(content: bytes, beside: bytes | None, trust: Trust, day: date) -> Verdict:
        asked.append(day)
        return verify(content, beside, trust, day)

    monkeypatch.setattr(signature, "verify", counted)
    months = [date(2026 + (10 + n) // 12, (10 + n) % 12 + 1, 1) for n in range(40)]
    got = verify_on(PDF, None, TRUST, months)

    assert [v.signature for v in got] == ["valid"] * 26 + ["unverified"] * 14
    assert len(asked) == 3  # before, at and after the end of 2028


@pytest.mark.parametrize(
    ("der", "days"),
    [
        ("170d3236313130313132303030305a", {date(2026, 11, 1)}),
        ("180f32303530303130323030303030305a", {date(2050, 1, 2)}),
        ("170d3939313233313132303030305a", {date(1999, 12, 31)}),
        ("3080170d3236313130313132303030305a0000", {date(2026, 11, 1)}),
        ("0411300f170d3236313130313132303030305a", {date(2026, 11, 1)}),
        ("300f170d3236313130313132303030305a000000", {date(2026, 11, 1)}),
        ("0403616263", set()),
        ("", set()),
        ("180f30303031303130313030303030305a", {date(2, 1, 1)}),
        ("170d3236313330313132303030305a", None),
        ("1704616263", None),
        ("3005170d32", None),
        ("30", None),
        ("3080170d3236313130313132303030305a", None),
        ("3080" * 100, None),
    ],
)
def test_the_days_in_asn1_are_found_or_it_is_said_that_they_cannot_be(
    der: str, days: set[date] | None
) -> None:
    assert turning_days([bytes.fromhex(der)]) == days


def test_the_signer_and_the_day_are_told() -> None:
    got = verify(signed_pdf(SUPPLIER, day=date(2026, 3, 2)), None, TRUST, AS_OF)

    assert (got.signer, got.signed_on) == ("Common Name: Supplier", date(2026, 3, 2))


def test_a_revocation_list_that_its_issuer_did_not_sign_is_not_believed() -> None:
    forged = crl(identity("Authority"), [(SUPPLIER, date(2026, 5, 1))], issued=date(2026, 5, 1))
    trust = read_trust([("ca.pem", CA.pem), ("forged.crl", forged)])

    assert verify(PDF, None, trust, AS_OF).signature == "valid"


HOLE = (PDF.index(b"/Contents <") + 10, PDF.index(b">", PDF.index(b"/Contents <")))
"""Where the signature itself lies: the only bytes that it does not cover, most of them filling."""
COVERED = [place for place in range(len(PDF)) if not HOLE[0] <= place <= HOLE[1]]


@pytest.mark.parametrize("step", range(40))
def test_a_broken_signed_pdf_never_verifies_and_never_raises(step: int) -> None:
    place = COVERED[(step * 7919) % len(COVERED)]
    broken = PDF[:place] + bytes([PDF[place] ^ 0x55]) + PDF[place + 1 :]

    assert verify(broken, None, TRUST, AS_OF).signature in ("invalid", "unverified", "none")
