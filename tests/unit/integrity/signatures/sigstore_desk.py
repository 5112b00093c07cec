"""A file, a Sigstore bundle beside it, a trust folder; judged where there is no network."""

from __future__ import annotations

import importlib.util
import socket
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from netproof.integrity.signatures import Release, read_trust, verify
from tests.unit.integrity.signatures.fulcio import ISSUER, SAN, packed, trusted_root

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from netproof.integrity.signatures.provenance import Policy

needs_library = pytest.mark.skipif(
    importlib.util.find_spec("sigstore") is None, reason="the library sigstore (an extra) is not installed"
)
CONTENT = b"an image of a router"
AT = date(2026, 11, 1)
EXPECTED = (SAN, ISSUER)
Bundle = dict[str, Any]


def _refuse(*_: object, **__: object) -> NoReturn:
    pytest.fail("a bundle was judged with the network")


@dataclass(frozen=True)
class Desk:
    """A file, a bundle beside it, and a trust folder."""

    folder: Path

    def release(
        self,
        bundle: Bundle | bytes,
        expected: Sequence[tuple[str, str]] = (EXPECTED,),
        root: Bundle | bytes | None = None,
        at: date = AT,
        policy: Policy | None = None,
        content: bytes = CONTENT,
    ) -> Release:
        path, trust = self.folder / "router.bin", self.folder / "trust"
        trust.mkdir()
        path.write_bytes(content)
        signed = bundle if isinstance(bundle, bytes) else packed(bundle)
        (self.folder / "router.bin.sigstore.json").write_bytes(signed)
        if root != {}:
            given = root if isinstance(root, bytes) else packed(root or trusted_root())
            (trust / "trusted_root.json").write_bytes(given)
        listed = "".join(f"[[identity]]\nsan = '{san}'\nissuer = '{issuer}'\n" for san, issuer in expected)
        if listed:
            (trust / "identities.toml").write_text(listed)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(socket.socket, "connect", _refuse)
            patched.setattr(socket, "getaddrinfo", _refuse)
            (found,) = verify([path], at=at, trust=read_trust(trust), policy=policy).releases
        return found


def changed(bundle: Bundle, change: Callable[[Bundle, Bundle], None]) -> Bundle:
    """Return a bundle after a change of it and its log entry."""
    change(bundle, bundle["verificationMaterial"]["tlogEntries"][0])
    return bundle
