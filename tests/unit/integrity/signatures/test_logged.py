"""A log as proof of time: what its quorum saw by then is judged for then."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from typer.testing import CliRunner

from netproof.cli import exit_codes
from netproof.cli.main import app
from netproof.errors import ReportError
from netproof.integrity.signatures import Release, Verdict, read_logged, read_trust, verify
from netproof.report.diff_json import schema
from netproof.tlog.checkpoint import parse_checkpoint
from netproof.tlog.cosignature import add_signatures, sign_checkpoint, signature_line
from netproof.tlog.note import parse_note
from netproof.tlog.policy_text import encode_policy
from netproof.tlog.statement import make_statement
from netproof.tlog.verify import digests_of
from tests.tlogs import LOG, ORIGIN, TIME, WITNESSES, key, policy, proof_of, release
from tests.unit.integrity.audit.logs import withdraw
from tests.unit.integrity.signatures.authority import cms_signature, folder, holder, revocations

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.tlog.policy import Policy

PROVEN = datetime.fromtimestamp(TIME, UTC)
CONTENT = b"an image of a router"
ROOT = holder("Root of Kelmaro", ca=True, end=datetime(2040, 1, 1, tzinfo=UTC))
SIGNER = holder("Kelmaro Releases", ROOT, end=PROVEN + timedelta(days=3))
SIGNATURE = cms_signature(CONTENT, [SIGNER])
LATER = date(2027, 6, 1)
NAMED = [{"format": "cms", "sha256": sha256(SIGNATURE).hexdigest(), "signer": "aa"}]


def entry(**values: Any) -> bytes:
    """An entry about the image that names its signature, changed as told."""
    fields = {"digests": digests_of(CONTENT), "size": len(CONTENT), "supplier_sig": NAMED, **values}
    return make_statement(release(**fields)).entry


def proof(what: bytes, **values: Any) -> bytes:
    """A proof of an entry in a log."""
    return proof_of(what, **values).encode()


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "image.bin"
    path.write_bytes(CONTENT)
    path.with_name("image.bin.cms").write_bytes(SIGNATURE)
    folder(tmp_path / "trust", root__pem=ROOT.pem, root__crl=revocations(ROOT))
    return path


def judged(image: Path, content: bytes, by: Policy | None = None, at: date = LATER) -> Release:
    logged = [read_logged("r.tlog-proof", content, by or policy())]
    return verify([image], at=at, trust=read_trust(image.parent / "trust"), logged=logged).releases[0]


def test_an_expired_certificate_is_judged_for_the_time_at_which_a_quorum_saw_the_entry(image: Path) -> None:
    trust = read_trust(image.parent / "trust")
    assert verify([image], at=LATER, trust=trust).releases[0].verdict is Verdict.NOT_VERIFIED

    got = judged(image, proof(entry()))

    assert (got.verdict, got.signatures[0].proven_at) == (Verdict.VERIFIED, PROVEN)
    assert (
        "the log of the proof r.tlog-proof shows that it existed by 2026-10-26" in got.signatures[0].notes[0]
    )


_BARE = make_statement(release(digests=digests_of(CONTENT), size=len(CONTENT))).entry
_OTHER_LOG = policy(logs=(key(ORIGIN, number=7),))
REFUSED = {
    "another file": (proof(entry(digests=digests_of(b"other"))), None, "about another file than image.bin"),
    "another signature": (
        proof(entry(supplier_sig=[{**NAMED[0], "sha256": "0" * 64}])),
        None,
        "its entry does not name this signature",
    ),
    "no signature": (proof(_BARE), None, "its entry does not name this signature"),
    "a withdrawal": (proof(withdraw(digests=digests_of(CONTENT))), None, "of kind withdraw, not release"),
    "no quorum asked": (proof(entry()), policy(0), "no quorum of witnesses states a time"),
    "no quorum there": (proof(entry(), signers=(LOG,)), None, "expected a quorum of witnesses, got none"),
    "another log": (proof(entry()), _OTHER_LOG, "expected a signature of one of the policy's logs"),
    "after the date": (
        proof(entry(), time=TIME + 400 * 86_400),
        None,
        "its log proves 2027-11-30, after the date of judgement",
    ),
    "no calendar has it": (proof(entry(), time=2**62), None, "a time that no calendar has"),
    "without the entry": (replace(proof_of(entry()), extra=b"").encode(), None, "expected the entry"),
    "no proof": (b"hello", None, "expected c2sp.org/tlog-proof@v1"),
}


@pytest.mark.parametrize(("content", "by", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_proof_that_does_not_hold_is_told_and_counts_for_nothing(
    image: Path, content: bytes, by: Policy | None, reason: str
) -> None:
    got = judged(image, content, by)
    (one,) = got.signatures

    assert (got.verdict, one.proven_at) == (Verdict.NOT_VERIFIED, None)
    assert "valid from" in got.reason
    assert one.notes[0].startswith("the proof r.tlog-proof does not count: ")
    assert reason in one.notes[0]


def test_of_a_quorum_the_first_time_by_which_it_stood_counts(image: Path) -> None:
    made = proof_of(entry())
    text = parse_note(made.checkpoint).text
    times = zip(WITNESSES.values(), (10, 20, 30), strict=True)
    lines = [signature_line(text, one, TIME + later) for one, later in times]
    note = add_signatures(sign_checkpoint(parse_checkpoint(text), (LOG,), TIME), lines)
    got = judged(image, replace(made, checkpoint=note).encode())

    assert got.signatures[0].proven_at == PROVEN + timedelta(seconds=20)


def test_an_entry_also_dates_the_signature_of_a_list_that_names_the_file(image: Path) -> None:
    image.with_name("image.bin.cms").unlink()
    listed = f"{sha256(CONTENT).hexdigest()}  image.bin\n".encode()
    over = cms_signature(listed, [SIGNER])
    image.with_name("SHA256SUMS").write_bytes(listed)
    image.with_name("SHA256SUMS.cms").write_bytes(over)
    named = [{"format": "cms", "sha256": sha256(over).hexdigest(), "signer": "aa"}]
    got = judged(image, proof(entry(supplier_sig=named)))

    assert (got.verdict, got.signatures[0].proven_at) == (Verdict.VERIFIED, PROVEN)


def test_an_entry_dates_the_signature_inside_a_package_by_the_package(tmp_path: Path, image: Path) -> None:
    inner = b"a CSAR"
    package = tmp_path / "package.zip"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.csar", inner)
        archive.writestr("app.cms", cms_signature(inner, [SIGNER]))
    content = package.read_bytes()
    named = [{"format": "csar", "sha256": sha256(content).hexdigest(), "signer": "aa"}]
    held = read_logged("p", proof(entry(digests=digests_of(content), supplier_sig=named)), policy())
    trust = read_trust(image.parent / "trust")
    (got,) = verify([package], at=LATER, trust=trust, logged=[held]).releases

    assert (got.verdict, got.signatures[0].proven_at) == (Verdict.VERIFIED, PROVEN)


def test_the_command_takes_proofs_only_with_a_policy(image: Path, tmp_path: Path) -> None:
    (tmp_path / "r.tlog-proof").write_bytes(proof(entry()))
    (tmp_path / "policy").write_bytes(encode_policy(policy()))
    words: list[str | Path] = [image, "--trust", tmp_path / "trust", "--at", LATER.isoformat()]
    proofs: list[str | Path] = ["--proof", tmp_path / "r.tlog-proof", "--policy", tmp_path / "policy"]

    def run(*more: str | Path) -> tuple[int, str]:
        got = CliRunner().invoke(app, ["release", "verify", *map(str, [*words, *more])])
        if got.exception and not isinstance(got.exception, SystemExit):
            raise got.exception
        return got.exit_code, got.stdout

    assert run()[0] == exit_codes.FOUND
    code, text = run(*proofs)
    assert code == exit_codes.PASSED
    assert f"proven to have existed by {PROVEN:%Y-%m-%dT%H:%M:%SZ}" in text
    model = json.loads(run(*proofs, "--format", "json")[1])
    jsonschema_rs.validator_for(schema("release-verify")).validate(model)
    assert model["files"][0]["signatures"][0]["proven_at"] == f"{PROVEN:%Y-%m-%dT%H:%M:%SZ}"
    for half in (proofs[:2], proofs[2:]):
        with pytest.raises(ReportError, match="expected --policy"):
            run(*half)
