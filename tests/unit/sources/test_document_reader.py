"""The process that takes documents apart: its verdicts are those of here, and no document outlives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.sources.documents import judge
from netproof.sources.documents.judge import Judge
from netproof.sources.documents.signature import verify
from tests.unit.sources.signed import AS_OF, CA, CMS, PDF, TEXT, TRUST

if TYPE_CHECKING:
    import pytest


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
