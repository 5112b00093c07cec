"""OpenPGP detached signatures: what holds, and the ways in which they fail (attack 36)."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from pysequoia import Cert, Profile, Sig, SignatureMode, Tsk, sign

from netproof.integrity.signatures import Release, Verdict, read_trust, verify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTENT = b"an image of a router\n" * 1000
KEY = Tsk.generate("Kelmaro Releases <releases@kelmaro.example>", validity_seconds=30 * 86_400)
CERT = KEY.extract_certificate()
TODAY = datetime.now(UTC).date() + timedelta(days=1)  # what was signed just now was signed by then
needs_gpg = pytest.mark.skipif(shutil.which("gpg") is None, reason="gpg is not installed")


@dataclass
class Bench:
    """A file and a trust folder."""

    path: Path
    trust: Path

    def judged(self, signature: bytes, *, at: date = TODAY, name: str = "image.bin.asc") -> Release:
        self.path.with_name(name).write_bytes(signature)
        return verify([self.path], at=at, trust=read_trust(self.trust)).releases[0]

    def trusts(self, *certs: bytes) -> None:
        for number, cert in enumerate(certs):
            (self.trust / f"{number}.pgp").write_bytes(cert)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    path, trust = tmp_path / "image.bin", tmp_path / "trust"
    path.write_bytes(CONTENT)
    trust.mkdir()
    found = Bench(path, trust)
    found.trusts(bytes(CERT))
    return found


def detached(key: Tsk, content: bytes = CONTENT, *, armor: bool = True) -> bytes:
    return sign(key.signer(), content, mode=SignatureMode.DETACHED, armor=armor)


def binary(signature: bytes) -> bytes:
    return bytes(Sig.from_bytes(signature))


@pytest.mark.parametrize(("armor", "name"), [(True, "image.bin.asc"), (False, "image.bin.sig")])
def test_a_trusted_key_is_shown_with_its_full_fingerprint(bench: Bench, armor: bool, name: str) -> None:
    got = bench.judged(detached(KEY, armor=armor), name=name)
    signer = got.signatures[0].signer

    assert (got.verdict, got.reason, got.missing) == (Verdict.VERIFIED, "", ())
    assert signer is not None
    assert (signer.identity, len(signer.subkey)) == (CERT.fingerprint, 40)
    assert signer.name.startswith("Kelmaro Releases")


def test_an_armoured_key_in_the_trust_folder_is_read(bench: Bench) -> None:
    bench.trusts(str(CERT).encode())

    assert bench.judged(detached(KEY)).verdict is Verdict.VERIFIED


def test_a_key_of_the_newer_format_is_read(bench: Bench) -> None:
    key = Tsk.generate("Six", profile=Profile.RFC9580)
    bench.trusts(bytes(key.extract_certificate()))
    got = bench.judged(detached(key))

    assert got.verdict is Verdict.VERIFIED
    assert got.signatures[0].signer is not None
    assert len(got.signatures[0].signer.identity) == 64


@pytest.mark.parametrize("place", [0, len(CONTENT) // 2, len(CONTENT) - 1])
def test_a_flipped_byte_in_the_file_is_not_verified(bench: Bench, place: int) -> None:
    changed = bytearray(CONTENT)
    changed[place] ^= 1
    bench.path.write_bytes(bytes(changed))
    got = bench.judged(detached(KEY))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert "does not hold" in got.reason


def test_a_flipped_byte_in_the_signature_never_verifies_a_signed_part(bench: Bench) -> None:
    good = binary(detached(KEY))
    for place in range(0, len(good), 5):
        bad = bytearray(good)
        bad[place] ^= 1
        got = bench.judged(bytes(bad), name="image.bin.sig")
        if (
            got.verdict is Verdict.VERIFIED
        ):  # the two areas that no signature covers: unhashed, prefix of digest
            assert binary(bytes(bad)) != good


def test_an_algorithm_that_nobody_knows_is_refused(bench: Bench) -> None:
    bad = bytearray(binary(detached(KEY)))
    bad[5] = 23  # RFC 9580 §9.1: reserved
    got = bench.judged(bytes(bad), name="image.bin.gpg")

    assert got.verdict is Verdict.NOT_VERIFIED
    assert "expected OpenPGP signatures" in got.reason


def test_a_key_that_nobody_gave_is_unknown(bench: Bench) -> None:
    stranger = Tsk.generate("Stranger")
    got = bench.judged(detached(stranger))

    assert got.verdict is Verdict.UNKNOWN_SIGNER
    assert got.signatures[0].signer is not None
    assert len(got.signatures[0].signer.identity) == 40


def test_an_expired_key_is_refused_whatever_time_the_signature_claims(bench: Bench) -> None:
    got = bench.judged(detached(KEY), at=TODAY + timedelta(days=40))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert "the key expired on" in got.reason


def test_a_signature_from_after_the_date_is_refused(bench: Bench) -> None:
    got = bench.judged(detached(KEY), at=TODAY - timedelta(days=10))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert "after the date" in got.reason


def test_a_revoked_key_is_refused(bench: Bench) -> None:
    revocation = CERT.revoke(KEY.certifier())
    bench.trusts(bytes(Cert.from_bytes(bytes(CERT) + bytes(revocation))))
    got = bench.judged(detached(KEY))

    assert (got.verdict, got.reason) == (Verdict.NOT_VERIFIED, "the key was revoked")


def test_a_clear_signed_text_is_refused(bench: Bench) -> None:
    got = bench.judged(sign(KEY.signer(), CONTENT, mode=SignatureMode.CLEAR))

    assert got.verdict is Verdict.NOT_VERIFIED
    assert "got a signed text" in got.reason


def test_an_inline_message_is_refused(bench: Bench) -> None:
    got = bench.judged(sign(KEY.signer(), CONTENT, armor=False), name="image.bin.gpg")

    assert got.verdict is Verdict.NOT_VERIFIED
    assert "other packets than signatures" in got.reason


def test_each_of_two_signers_is_judged(bench: Bench) -> None:
    second, stranger = Tsk.generate("Second"), Tsk.generate("Stranger")
    bench.trusts(bytes(CERT), bytes(second.extract_certificate()))
    both = bench.judged(binary(detached(KEY)) + binary(detached(second)), name="image.bin.sig")
    mixed = bench.judged(binary(detached(KEY)) + binary(detached(stranger)), name="image.bin.sig")
    false = bench.judged(binary(detached(KEY)) + binary(detached(second, b"x")), name="image.bin.sig")

    assert [one.verdict for one in both.signatures] == [Verdict.VERIFIED] * 2
    assert mixed.verdict is Verdict.VERIFIED
    assert [one.verdict for one in mixed.signatures] == [Verdict.VERIFIED, Verdict.UNKNOWN_SIGNER]
    assert false.verdict is Verdict.NOT_VERIFIED


@pytest.fixture
def gpg(tmp_path: Path) -> Iterator[Gpg]:
    home = tmp_path / "gpg"
    home.mkdir(mode=0o700)
    yield Gpg(home)
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=False, capture_output=True)


class Gpg:
    """GnuPG with a home of its own and a clock that the test sets."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *words: str, at: str = "20261001T000000", good: bool = True) -> bytes:
        always = ["gpg", "--homedir", str(self.home), "--batch", "--quiet", "--yes", "--pinentry-mode"]
        asked = [*always, "loopback", "--passphrase", "", "--faked-system-time", at, *words]
        done = subprocess.run(asked, capture_output=True, check=good)
        return done.stdout if good else bytes([done.returncode])


@needs_gpg
def test_gpg_and_netproof_agree(bench: Bench, gpg: Gpg) -> None:
    gpg("--quick-gen-key", "Gnu <gnu@kelmaro.example>", "ed25519", "sign", "90d")
    gpg("--detach-sign", "-o", f"{bench.path}.sig", str(bench.path))
    bench.trusts(gpg("--export"))
    signature = bench.path.with_name("image.bin.sig").read_bytes()
    for content, at, code in (
        (CONTENT, "20261101T000000", 0),
        (CONTENT + b"x", "20261101T000000", 1),
    ):
        bench.path.write_bytes(content)
        said = gpg("--verify", f"{bench.path}.sig", str(bench.path), at=at, good=False)
        got = bench.judged(signature, at=date(2026, 11, 1), name="image.bin.sig")

        assert (said[0] == 0, got.verdict is Verdict.VERIFIED) == (code == 0, code == 0)


@needs_gpg
def test_netproof_is_stricter_than_gpg_about_expired_keys_and_sha1(bench: Bench, gpg: Gpg) -> None:
    gpg("--quick-gen-key", "Gnu <gnu@kelmaro.example>", "rsa2048", "sign", "90d", at="20260101T000000")
    bench.trusts(gpg("--export"))
    made = ["--detach-sign", "-o", f"{bench.path}.sig", str(bench.path)]
    gpg(*made, at="20260201T000000")
    signature = bench.path.with_name("image.bin.sig").read_bytes()

    assert bench.judged(signature, at=date(2026, 3, 1), name="image.bin.sig").verdict is Verdict.VERIFIED
    expired = bench.judged(signature, at=date(2026, 11, 1), name="image.bin.sig")
    assert (expired.verdict, expired.reason) == (Verdict.NOT_VERIFIED, "the key expired on 2026-04-01")

    gpg("--digest-algo", "SHA1", *made, at="20260201T000000")
    weak = bench.path.with_name("image.bin.sig").read_bytes()

    assert bench.judged(weak, at=date(2026, 3, 1), name="image.bin.sig").reason == (
        "made with SHA-1, which shows nothing any more"
    )


@needs_gpg
def test_gpg_accepts_what_sequoia_signed(bench: Bench, gpg: Gpg) -> None:
    public = bench.trust / "0.pgp"
    gpg("--import", str(public), at="20991231T000000")
    bench.judged(detached(KEY))
    bench.path.with_name("bad.asc").write_bytes(detached(KEY, b"x"))
    now = datetime.now(UTC).strftime("%Y%m%dT235959")

    assert gpg("--verify", f"{bench.path}.asc", str(bench.path), at=now, good=False)[0] == 0
    assert gpg("--verify", str(bench.path.with_name("bad.asc")), str(bench.path), at=now, good=False)[0] == 1


@needs_gpg
def test_a_revoked_subkey_is_refused(bench: Bench, gpg: Gpg) -> None:
    gpg("--quick-gen-key", "Gnu <gnu@kelmaro.example>", "ed25519", "cert", "never")
    listed = gpg("--list-keys", "--with-colons").decode()
    primary = next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr"))
    gpg("--quick-add-key", primary, "ed25519", "sign", "60d")
    gpg("--detach-sign", "-o", f"{bench.path}.sig", str(bench.path), at="20261010T000000")
    bench.trusts(gpg("--export"))
    signature = bench.path.with_name("image.bin.sig").read_bytes()

    assert bench.judged(signature, at=date(2026, 11, 1), name="image.bin.sig").verdict is Verdict.VERIFIED
    late = bench.judged(signature, at=date(2026, 12, 15), name="image.bin.sig")
    assert late.reason == "the subkey that signed expired on 2026-11-30"

    edit = "key 1\nrevkey\ny\n3\n\ny\nsave\n"  # 3: no longer used
    subprocess.run(
        ["gpg", "--homedir", str(gpg.home), "--quiet", "--no-tty", "--command-fd", "0", "--status-fd", "2", "--pinentry-mode",
         "loopback", "--passphrase", "", "--faked-system-time", "20261015T000000", "--edit-key", primary],
        input=edit.encode(), capture_output=True, check=True,
    )  # fmt: skip
    bench.trusts(gpg("--export"))

    assert bench.judged(signature, at=date(2026, 11, 1), name="image.bin.sig").reason == (
        "the subkey that signed was revoked"
    )
