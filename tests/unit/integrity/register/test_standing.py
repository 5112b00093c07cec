"""What a log says already decides what may be added: order of entries, withdrawals, keys, digests."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

import pytest

from netproof.errors import LogError
from netproof.integrity.register import entries
from netproof.integrity.register.entries import Evidence, Named, SupplierSignature
from netproof.integrity.register.standing import Standing
from netproof.tlog.statement import make_statement

WHEN = datetime(2026, 11, 1, tzinfo=UTC)
CORE = Named("kelmaro", "core-9", "2.4.1")
OTHER = Named("kelmaro", "core-9", "2.4.1", "boot")


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def evidence(text: str = "a", *signers: str) -> Evidence:
    signatures = tuple(SupplierSignature("raw", digest(f"sig {signer}"), signer) for signer in signers)
    return Evidence({"sha256": digest(text)}, 1, signatures)


def released(named: Named = CORE, text: str = "a", *signers: str) -> bytes:
    return entries.release(named, evidence(text, *signers), WHEN).entry


def withdrawn(named: Named = CORE, text: str = "a") -> bytes:
    return entries.withdrawal(named, {"sha256": digest(text)}, "bad", WHEN).entry


def key(signer: str, supplier: str, status: str) -> bytes:
    return make_statement(
        {
            "v": 1,
            "kind": "supplier-key",
            "supplier": supplier,
            "format": "raw",
            "key_sha256": digest("key"),
            "signer": signer,
            "status": status,
            "time": "2026-11-01T00:00:00Z",
        }
    ).entry


def standing(*logged: bytes) -> Standing:
    return Standing.of(enumerate(logged))


def test_an_empty_log_refuses_nothing_and_knows_nothing() -> None:
    empty = standing()

    assert empty.refusal(CORE, evidence()) == ""
    assert empty.logged(CORE, evidence()) is None
    assert empty.looks_like(CORE) == []
    assert empty.meant("core-9@2.4.1") == []


def test_a_logged_release_is_not_logged_again_but_gains_a_signature_once() -> None:
    plain, signed = standing(released()), standing(released(), released(CORE, "a", "K"))

    known = plain.logged(CORE, evidence())
    assert known is not None
    assert known.index == 0
    assert plain.logged(CORE, evidence("a", "K")) is None
    again = signed.logged(CORE, evidence("a", "K"))
    assert again is not None
    assert (again.index, again.signed) == (0, True)


def test_other_bytes_under_a_logged_name_are_refused_unless_they_are_another_part() -> None:
    got = standing(released())

    assert "is logged with another digest" in got.refusal(CORE, evidence("b"))
    assert got.refusal(OTHER, evidence("b")) == ""
    assert got.refusal(CORE, evidence()) == ""


def test_a_second_digest_that_differs_is_another_release_too() -> None:
    def both(sha512: str) -> Evidence:
        return Evidence({"sha256": digest("a"), "sha512": sha512 * 128}, 1)

    first = entries.release(CORE, both("1"), WHEN).entry
    got, later = standing(first), standing(released(), released(CORE, "a", "K"), first)

    assert got.refusal(CORE, both("1")) == got.refusal(CORE, evidence()) == ""
    for one in (got, later):
        assert "is logged with another digest" in one.refusal(CORE, both("2"))


def test_a_release_of_one_supplier_is_not_logged_as_anothers() -> None:
    got = standing(released()).refusal(Named("nordfunk", "core-9", "2.4.1"), evidence())

    assert got == "entry 0 logs it as kelmaro/core-9@2.4.1, of another supplier"


def test_the_first_digest_of_a_release_counts_even_if_another_was_logged_later() -> None:
    got = standing(released(CORE, "a"), released(CORE, "b"))

    assert got.releases["core-9", "2.4.1", ""].sha256 == digest("a")


def test_a_key_vouches_for_its_own_supplier_and_no_longer_when_it_is_compromised() -> None:
    trusted = standing(key("K", "kelmaro", "trusted"))
    stolen = standing(key("K", "kelmaro", "trusted"), key("K", "kelmaro", "compromised"))
    anothers = standing(key("K", "nordfunk", "trusted"))
    retired = standing(key("K", "kelmaro", "retired"))

    assert trusted.refusal(CORE, evidence("a", "K")) == ""
    assert retired.refusal(CORE, evidence("a", "K")) == "its signer K is retired (entry 0)"
    assert stolen.refusal(CORE, evidence("a", "K")) == "its signer K is compromised (entry 1)"
    assert anothers.refusal(CORE, evidence("a", "K")) == (
        "its signer K is a key of nordfunk (entry 0), not of kelmaro"
    )
    assert stolen.refusal(CORE, evidence("a", "L")) == ""


def test_releases_are_meant_by_number_name_and_digest() -> None:
    got = standing(released(), released(OTHER, "b"), withdrawn())

    assert [one.index for one in got.meant("core-9@2.4.1")] == [0, 1]
    assert [one.index for one in got.meant("kelmaro/core-9@2.4.1")] == [0, 1]
    assert [one.index for one in got.meant("1")] == [1]
    assert [one.index for one in got.meant(digest("a"))] == [0]
    for name in ("2", "core-9", "core-9@2.4", "nordfunk/core-9@2.4.1", "01", ""):
        assert got.meant(name) == []


def test_bytes_withdrawn_under_two_names_are_withdrawn_under_both() -> None:
    twin = Named("kelmaro", "edge-9", "1")
    got = standing(released(), released(twin), withdrawn(), withdrawn(twin))

    assert [gone and gone.index for gone in (got.withdrawal(one, evidence()) for one in (CORE, twin))] == [
        2,
        3,
    ]
    assert got.withdrawal(OTHER, evidence()) is None


def test_look_alikes_are_found_whether_the_log_was_read_before_or_grows() -> None:
    read = standing(released(), released(Named("kelmaro", "соre-9", "1"), "b"))
    grown = standing(released())
    assert grown.looks_like(Named("kelmaro", "core-9", "9.9")) == []
    grown.take(1, released(Named("kelmaro", "соre-9", "1"), "b"))

    for got in (read, grown):
        assert got.looks_like(Named("kelmaro", "core-9", "v2.4.1")) == [
            "release 2.4.1 of product core-9",
            "product соre-9",
        ]
        assert got.looks_like(CORE) == ["product соre-9"]
        assert got.looks_like(Named("kelmaro", "radio-5", "2.4.1")) == []


@pytest.mark.parametrize(
    "entry",
    [b"", b"entry 1", b"[]", b"{}", b'{"kind":"release"}', b'{"kind":"withdraw","product":1}', b"\xff"],
)
def test_an_entry_that_is_no_statement_stops_the_register(entry: bytes) -> None:
    with pytest.raises(LogError, match="entry 1: expected a statement"):
        standing(released(), entry)


def test_statements_that_are_about_something_else_settle_nothing() -> None:
    policy = make_statement(
        {
            "v": 1,
            "kind": "policy",
            "name": "readers",
            "policy_sha256": digest("p"),
            "time": "2026-11-01T00:00:00Z",
        }
    )
    got = standing(released(), policy.entry)

    assert (len(got.releases), got.policy) == (1, digest("p"))
