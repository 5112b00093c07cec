"""Which release a file is: said and known must agree, and nothing is guessed."""

from __future__ import annotations

from hashlib import sha256

import pytest

from netproof.errors import SourceError
from netproof.integrity.register.entries import Named
from netproof.integrity.register.naming import Known, Namer, Said, called

A, B = sha256(b"a").digest(), sha256(b"b").digest()
KNOWN = Known(
    suppliers={"core-9": "kelmaro", "radio-5": "nordfunk", "nobodys": ""},
    releases={
        ("core-9", "2.4.1"): A,
        ("radio-5", "7"): B,
        ("radio-5", "8"): B,
        ("core-9", "2.3"): None,
        ("nobodys", "1"): sha256(b"c").digest(),
    },
)
NAMER = Namer(KNOWN)


@pytest.mark.parametrize(
    ("said", "content", "want"),
    [
        (Said(), A, Named("kelmaro", "core-9", "2.4.1")),
        (Said("kelmaro"), A, Named("kelmaro", "core-9", "2.4.1")),
        (Said(part="boot"), A, Named("kelmaro", "core-9", "2.4.1", "boot")),
        (Said(release="8"), B, Named("nordfunk", "radio-5", "8")),
        (Said(product="core-9", release="2.3"), B, Named("kelmaro", "core-9", "2.3")),
        (
            Said(product="core-9", release="2.4.1", part="boot"),
            B,
            Named("kelmaro", "core-9", "2.4.1", "boot"),
        ),
        (Said("other", "new", "1"), B, Named("other", "new", "1")),
        (Said("me", "nobodys", "1", "x"), A, Named("me", "nobodys", "1", "x")),
    ],
)
def test_a_release_is_named_by_what_was_said_and_by_the_tables(
    said: Said, content: bytes, want: Named
) -> None:
    assert NAMER.named(said, content.hex()) == want


@pytest.mark.parametrize(
    ("said", "content", "message"),
    [
        (Said(), sha256(b"new").digest(), "said was nothing"),
        (Said(product="core-9"), B, "said was product core-9"),
        (Said("nordfunk"), A, "said was supplier nordfunk"),
        (Said(), B, "2 times: radio-5@7, radio-5@8"),
        (Said("nordfunk", "core-9", "2.4.1"), A, "is of kelmaro, not of nordfunk"),
        (Said(product="new", release="1"), A, "expected to know whose product new is"),
        (Said(product="nobodys", release="1"), sha256(b"c").digest(), "whose product nobodys is"),
        (Said(product="core-9", release="2.4.1"), B, "the file has " + B.hex()),
    ],
)
def test_a_release_that_nobody_can_name_is_refused_with_what_to_do(
    said: Said, content: bytes, message: str
) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        NAMER.named(said, content.hex())

    assert "is of kelmaro" in message or "--" in caught.value.hint


def test_suppliers_are_called_the_same_whatever_case_and_spaces() -> None:
    assert called("  Kelmaro\t NETWORKS ") == called("kelmaro networks")
    assert called("e\u0301") == called("\u00e9")
