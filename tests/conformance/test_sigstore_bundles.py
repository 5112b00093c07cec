"""The bundles of sigstore-conformance: good ones are verified, none of the forged ones is."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from netproof.integrity.signatures import Verdict
from tests.unit.integrity.signatures.sigstore_desk import Desk, needs_library

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFORMANCE = os.environ.get("NETPROOF_SIGSTORE_BUNDLES", "")
"""Folder `test/assets/bundle-verify` of sigstore/sigstore-conformance."""
NOT_READ = {
    "intoto-with-custom-trust-root",  # log entries of the kind intoto 0.0.2, which the library does not read
    "managed-key-and-trusted-root",  # keys in place of certificates
    "managed-key-happy-path",
    "trust-root-tsa-validity-end-inclusive",  # the library excludes the last second
}
_CLIENT = "sigstore-conformance/extremely-dangerous-public-oidc-beacon"
_WORKFLOW = (
    f"https://github.com/{_CLIENT}/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main"
)


def _public_cases() -> Iterator[Path]:
    if CONFORMANCE:
        yield from (path for path in sorted(Path(CONFORMANCE).iterdir()) if path.is_dir())


def _public_root() -> Path:
    import sigstore

    store = Path(sigstore.__file__).parent / "_store"
    return store / "https%3A%2F%2Ftuf-repo-cdn.sigstore.dev" / "trusted_root.json"


@needs_library
@pytest.mark.skipif(
    not CONFORMANCE, reason="NETPROOF_SIGSTORE_BUNDLES names no bundles of sigstore-conformance"
)
def test_public_bundles_are_verified_and_their_forgeries_are_not(tmp_path: Path) -> None:
    got, want = {}, {}
    for case in _public_cases():
        folder = tmp_path / case.name
        folder.mkdir()
        given = {path.name: path.read_bytes() for path in case.iterdir()}
        san = given.get("identity", _WORKFLOW.encode()).decode().strip()
        issuer = given.get("issuer", b"https://token.actions.githubusercontent.com").decode().strip()
        release = Desk(folder).release(
            given["bundle.sigstore.json"],
            [(san, issuer)],
            given.get("trusted_root.json") or _public_root().read_bytes(),
            datetime.now(UTC).date(),
            content=given.get("artifact") or (case.parent / "a.txt").read_bytes(),
        )
        got[case.name] = release.verdict is Verdict.VERIFIED
        want[case.name] = not case.name.endswith("_fail") and case.name not in NOT_READ

    assert len(want) > 60
    assert got == want
