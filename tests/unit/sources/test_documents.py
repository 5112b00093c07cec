"""A document is what its row says: there, unchanged, and signed by somebody whom the user trusts."""

from __future__ import annotations

import os
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import SourceError
from netproof.sources import read_folder
from netproof.sources.documents import files
from netproof.sources.documents.judge import expected_judge
from netproof.sources.documents.status import documented, judge_again, read_documents
from netproof.tables.spec import TableKind, all_specs
from netproof.tables.store import Store
from tests.networks import write_network
from tests.unit.sources.signed import AS_OF, CA, CMS, ENDED, PDF, TEXT
from tests.unit.sources.signing import signed_pdf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


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


@pytest.mark.parametrize("name", ["ca.pem", "CA.PEM", "ca.CRT", "Ca.Cer"])
def test_a_trust_anchor_counts_however_its_name_is_written(tmp_path: Path, name: str) -> None:
    folder = network(tmp_path, {"d.pdf": PDF})
    (folder / "trust").mkdir()
    (folder / "trust" / name).write_bytes(CA.pem)

    assert status(folder)["signature"] == "valid"


def test_a_trust_anchor_that_is_none_is_named(tmp_path: Path) -> None:
    folder = network(tmp_path, {"d.pdf": PDF})
    (folder / "trust").mkdir()
    (folder / "trust" / "ca.pem").write_bytes(b"not a certificate")

    with pytest.raises(SourceError, match=r"trust/ca\.pem: expected a certificate or a CRL"):
        status(folder)


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
