"""A document is what its row says: there, unchanged, and signed by somebody whom the user trusts."""

from __future__ import annotations

import os
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from netproof.errors import SourceError
from netproof.sources import read_folder
from netproof.sources.documents import files, judge, signature
from netproof.sources.documents.days import turning_days
from netproof.sources.documents.judge import Judge, expected_judge
from netproof.sources.documents.signature import Trust, read_trust, verify, verify_on
from netproof.sources.documents.status import documented, judge_again, read_documents
from netproof.tables.spec import TableKind, all_specs
from netproof.tables.store import Store
from tests.networks import write_network
from tests.unit.sources.signing import cms_signature, crl, identity, plain_pdf, signed_pdf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from netproof.sources.documents.verdict import Verdict

AS_OF = date(2026, 11, 1)
CA = identity("Authority")
SUPPLIER = identity("Supplier", CA)
ENDED = identity("Ended", CA, end=date(2025, 12, 31))
STAMP = identity("Stamp", CA, stamping=True)
STRANGER = identity("Stranger", identity("Other authority"))
TRUST = read_trust([("ca.pem", CA.pem)])
TEXT = b"declares"


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


PDF = signed_pdf(SUPPLIER)
CMS = cms_signature(SUPPLIER, TEXT)
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


# The process that takes documents apart


def test_the_reader_gives_the_verdicts_of_its_own_process() -> None:
    with Judge() as asked:
        asked.trust([("ca.pem", CA.pem)], [AS_OF])
        got = [asked.ask(PDF, None)[0], asked.ask(TEXT, CMS)[0], asked.ask(b"%PDF-", None)[0]]

    assert got == [verify(PDF, None, TRUST, AS_OF), verify(TEXT, CMS, TRUST, AS_OF), got[2]]
    assert got[2].signature == "unverified"


def test_a_document_that_holds_the_reader_up_is_unverified_and_the_next_is_read() -> None:
    with Judge(seconds=20) as asked:
        asked.trust([("ca.pem", CA.pem)], [AS_OF])
        assert asked.ask(PDF, None)[0].signature == "valid"
        asked._seconds = 0.0
        late = asked.ask(PDF, None)[0]
        asked._seconds = 20

        assert (late.signature, "did not end" in late.reason) == ("unverified", True)
        assert asked.ask(PDF, None)[0].signature == "valid"


def test_after_too_many_broken_readers_no_document_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "_READER", "netproof.no_such_module")
    monkeypatch.setattr(judge, "ENDS_MAX", 0)
    with Judge() as asked:
        asked.trust([], [AS_OF])
        assert asked.ask(PDF, None)[0].reason == "not looked at: 0 documents broke the reader"


def test_a_trust_anchor_that_is_none_is_named(tmp_path: Path) -> None:
    folder = network(tmp_path, {"d.pdf": PDF})
    (folder / "trust").mkdir()
    (folder / "trust" / "ca.pem").write_bytes(b"not a certificate")

    with pytest.raises(SourceError, match=r"trust/ca\.pem: expected a certificate or a CRL"):
        status(folder)


# Files


def network(
    tmp_path: Path, documents: dict[str, bytes], *, name: str = "", digest: bytes | None = None
) -> Path:
    """A network with one declaration, whose document is the first of these."""
    first = next(iter(documents), "")
    content = digest if digest is not None else documents.get(first, b"")
    row = f"D1,S1,{name or first},{sha256(content).hexdigest()},valid"
    folder = write_network(
        tmp_path / "net",
        {"declaration": f"declaration_id,supplier_id,document,sha256,signature\n{row}\n"},
    )
    (folder / "documents").mkdir()
    for place, data in documents.items():
        (folder / "documents" / place).write_bytes(data)
    return folder


def status(folder: Path) -> dict[str, Any]:
    """The only row of document_status."""
    store = Store.empty()
    read_folder(store, folder)
    with expected_judge(folder) as judging:
        read_documents(store, folder, [AS_OF], judging)
    names = all_specs()["document_status"].names
    rows = store.rows("select * from document_status")
    assert len(rows) == 1
    return dict(zip(names, rows[0], strict=False))


def test_a_document_that_is_there_and_unchanged_says_so(tmp_path: Path) -> None:
    folder = network(tmp_path, {"d.pdf": PDF})
    (folder / "trust").mkdir()
    (folder / "trust" / "ca.pem").write_bytes(CA.pem)

    assert status(folder) == {
        "document": "d.pdf",
        "table_name": "declaration",
        "key": "D1",
        "exists": True,
        "digest_matches": True,
        "signature": "valid",
        "signer": "Common Name: Supplier",
        "signed_on": date(2026, 3, 2),
        "reason": None,
        "signature_reason": None,
    }


def test_another_date_has_its_own_verdict(tmp_path: Path) -> None:
    folder = network(tmp_path, {"d.pdf": signed_pdf(ENDED), "other.pdf": PDF})
    (folder / "trust").mkdir()
    (folder / "trust" / "ca.pem").write_bytes(CA.pem)
    days = [date(2025, 6, 1), date(2025, 12, 30), date(2026, 6, 1)]
    store = Store.empty()
    read_folder(store, folder)
    with expected_judge(folder) as judging:
        read_documents(store, folder, days, judging)
    got = []
    for day in days:
        judge_again(store, day)
        got.append(store.rows("select signature::varchar, signature_reason from document_status")[0])

    assert [state for state, _ in got] == ["valid", "valid", "unverified"]
    assert [reason and "2024-01-01 to 2025-12-31" in reason for _, reason in got] == [None, None, True]


def test_a_detached_signature_lies_beside_its_document(tmp_path: Path) -> None:
    folder = network(tmp_path, {"d.txt": TEXT, "d.txt.p7s": CMS})
    (folder / "trust").mkdir()
    (folder / "trust" / "ca.der").write_bytes(CA.der)

    assert status(folder)["signature"] == "valid"


def test_a_changed_document_does_not_match_its_digest(tmp_path: Path) -> None:
    got = status(network(tmp_path, {"d.txt": TEXT}, digest=b"something else"))

    assert (got["exists"], got["digest_matches"], got["signature"]) == (True, False, "none")
    assert "recorded is" in got["reason"]


def test_a_missing_document_does_not_exist(tmp_path: Path) -> None:
    got = status(network(tmp_path, {}, name="gone.pdf"))

    assert (got["exists"], got["digest_matches"], got["signature"]) == (False, None, None)


@pytest.mark.parametrize(
    "name", ["../network.toml", "/etc/hostname", "a/../../network.toml", "..", ".", "a//b", "a\\b", "sub/"]
)
def test_a_name_leads_nowhere_but_below_documents(tmp_path: Path, name: str) -> None:
    got = status(network(tmp_path, {"d.txt": TEXT}, name=name))

    assert (got["exists"], got["reason"]) == (False, "its name is no path below documents/")


def _link(folder: Path) -> None:
    (folder / "documents" / "x").symlink_to(folder / "network.toml")


def _linked_folder(folder: Path) -> None:
    (folder / "documents" / "x").symlink_to(folder)


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "documents" / "x")


def _folder(folder: Path) -> None:
    (folder / "documents" / "x").mkdir()


@pytest.mark.parametrize(
    ("make", "name"),
    [(_link, "x"), (_linked_folder, "x/network.toml"), (_pipe, "x"), (_folder, "x")],
)
def test_what_is_no_plain_file_is_no_document(
    tmp_path: Path, make: Callable[[Path], None], name: str
) -> None:
    folder = network(tmp_path, {"d.txt": TEXT}, name=name)
    make(folder)

    assert status(folder)["exists"] is False


def test_a_file_below_a_folder_is_found(tmp_path: Path) -> None:
    folder = network(tmp_path, {}, name="2026/d.txt", digest=TEXT)
    (folder / "documents" / "2026").mkdir()
    (folder / "documents" / "2026" / "d.txt").write_bytes(TEXT)

    assert status(folder)["digest_matches"] is True


def test_a_large_document_keeps_its_digest_and_is_unverified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "HELD_MAX", 5)
    got = status(network(tmp_path, {"d.pdf": PDF}))

    assert (got["digest_matches"], got["signature"]) == (True, "unverified")
    assert "larger than 5 bytes" in got["reason"]


def test_a_huge_document_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "DIGEST_MAX", 5)
    got = status(network(tmp_path, {"d.txt": TEXT}))

    assert (got["exists"], got["digest_matches"]) == (True, None)


def test_a_file_cannot_pass_for_the_computed_table(tmp_path: Path) -> None:
    folder = network(tmp_path, {"d.txt": TEXT})
    (folder / "document_status.csv").write_text("document,table_name,key,exists\nd.txt,declaration,D1,true\n")

    with pytest.raises(SourceError, match="is computed, never read"):
        status(folder)


def test_every_table_that_names_documents_is_looked_at() -> None:
    named = {
        name
        for name, spec in all_specs().items()
        if spec.kind is TableKind.INPUT and "document" in spec.names
    }

    assert {spec.name for spec in documented()} == named
