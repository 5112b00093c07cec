"""Timestamps by `openssl ts`: read as they are, and both agree."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from netproof.integrity.signatures import Verdict
from tests.unit.integrity.signatures import stamping
from tests.unit.integrity.signatures.authority import (
    Holder,
    cms_signature,
    folder,
    holder,
    revocations,
)
from tests.unit.integrity.signatures.stamped import (
    CONTENT,
    ROOT,
    SIGNATURE,
    judged,
    only,
    stamp,
)
from tests.unit.integrity.signatures.stamping import CLOCK, needs_openssl, token

if TYPE_CHECKING:
    from pathlib import Path


# Real tokens.


def now_signed(path: Path) -> tuple[bytes, date]:
    """Lay a signature whose certificate ends tomorrow beside a file, and return it and a day in a month."""
    moment = stamping.now()
    short = holder("Short", ROOT, begin=moment - timedelta(days=3), end=moment + timedelta(days=1))
    signature = cms_signature(CONTENT, [short])
    path.with_name("image.bin.cms").write_bytes(signature)
    folder(path.parent / "trust", root__crl=revocations(ROOT, made=moment - timedelta(days=1)))
    (path.parent / "trust" / "timestamps" / "root.crl").unlink()
    return signature, (moment + timedelta(days=30)).date()


@needs_openssl
@pytest.mark.parametrize(
    ("digest", "certificate", "bare"),
    [("sha256", True, False), ("sha512", True, True), ("sha384", False, False)],
)
def test_openssl_tokens_prove_the_time(
    image: Path, tmp_path: Path, digest: str, certificate: bool, bare: bool
) -> None:
    signature, at = now_signed(image)
    folder(image.parent / "trust" / "timestamps", clock__pem=CLOCK.pem)
    assert judged(image, at).verdict is Verdict.NOT_VERIFIED

    made = stamping.by_openssl(
        tmp_path / "tsa", CLOCK, signature, digest=digest, certificate=certificate, bare=bare
    )
    image.with_name("image.bin.cms.tsr").write_bytes(made)
    got = judged(image, at)
    proven = only(got).proven_at

    assert got.verdict is Verdict.VERIFIED
    assert proven is not None
    assert abs(proven - stamping.now()) < timedelta(minutes=10)


@needs_openssl
def test_an_openssl_token_inside_the_signature_proves_the_time(image: Path, tmp_path: Path) -> None:
    signature, at = now_signed(image)
    inside = stamping.by_openssl(tmp_path / "tsa", CLOCK, stamping.value_of(signature), bare=True)
    image.with_name("image.bin.cms").write_bytes(stamping.stamped_inside(signature, inside))

    assert judged(image, at).verdict is Verdict.VERIFIED


@needs_openssl
@pytest.mark.parametrize(
    ("by", "content", "digest", "reason"),
    [
        (CLOCK, b"other", "sha256", "other bytes"),
        (CLOCK, None, "sha1", "its digest is sha1"),
        (stamping.authority("C", stamping.FALSE_ROOT), None, "sha256", "do not lead to a trusted authority"),
        (
            stamping.authority("C", stamping.ROOT, end=stamping.SOON),
            None,
            "sha256",
            "certificate has expired",
        ),
    ],
    ids=["other file", "sha1", "not trusted", "expired"],
)
def test_openssl_tokens_that_prove_nothing_are_told(
    image: Path, tmp_path: Path, by: Holder, content: bytes | None, digest: str, reason: str
) -> None:
    signature, at = now_signed(image)
    made = stamping.by_openssl(tmp_path / "tsa", by, content or signature, digest=digest)
    image.with_name("image.bin.cms.tsr").write_bytes(made)
    got = judged(image, at)

    assert (got.verdict, only(got).proven_at) == (Verdict.NOT_VERIFIED, None)
    assert reason in only(got).notes[0]


@needs_openssl
@pytest.mark.parametrize("content", [SIGNATURE, b"other"])
def test_openssl_and_netproof_agree_about_a_token(tmp_path: Path, image: Path, content: bytes) -> None:
    made = token(content)
    folder(tmp_path, made__tsr=made, signature=SIGNATURE, root__pem=stamping.ROOT.pem)
    words = "openssl ts -verify -data signature -in made.tsr -CAfile root.pem"
    theirs = subprocess.run(words.split(), cwd=tmp_path, check=False, capture_output=True, timeout=60)

    assert (
        (stamp(image, made).verdict is Verdict.VERIFIED) == (theirs.returncode == 0) == (content == SIGNATURE)
    )
