"""Whom does the user trust of those who sign with Sigstore? One trusted root, and who is expected to sign.

The root says which authorities, logs and clocks count, and from when to when. It admits everybody who can log
in somewhere in the world, so that it verifies nothing alone: `identities.toml` says whose word is wanted.
Source: sigstore/protobuf-specs, TrustedRoot.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from netproof.errors import LogError, SourceError
from netproof.integrity.signatures.artifact import SIGNATURE_BYTES_MAX
from netproof.tlog.canonical import read_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

IDENTITIES = "identities.toml"
"""File of the trust folder that names who is expected to sign."""
IDENTITIES_MAX = 1000
_ROOT = re.compile(rb'"mediaType"\s*:\s*"application\\?/vnd\.dev\.sigstore\.trustedroot')
_LOGS = ("tlogs", "ctlogs")
_AUTHORITIES = ("certificateAuthorities", "timestampAuthorities")


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who is expected to sign.

    Attributes:
        san: Name in the certificate, exactly: an address or the URI of a workflow.
        issuer: Who vouches for that name, exactly: the URL of an OpenID Connect issuer.
    """

    san: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Root:
    """A trusted root.

    Attributes:
        name: The file that holds it.
        content: Its JSON.
    """

    name: str
    content: dict[str, Any] = field(hash=False)

    def at(self, times: Sequence[datetime]) -> dict[str, Any]:
        """Return the root with those only who counted at each of these times; both ends are included.

        Raises:
            ValueError: It is not well made.
        """
        logs = {key: [one for one in self._list(key) if _counts(_key(one), times)] for key in _LOGS}
        others = {key: [one for one in self._list(key) if _counts(one, times)] for key in _AUTHORITIES}
        return {**self.content, **logs, **others}

    def _list(self, key: str) -> list[dict[str, Any]]:
        """Return one list of the root."""
        found = self.content.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise ValueError(f"a trusted root whose {key} is no list of objects")
        return found


@dataclass(frozen=True, slots=True)
class Sigstore:
    """Who is trusted of those who sign with Sigstore; without both nobody is."""

    root: Root | None = None
    identities: tuple[Identity, ...] = ()


NOBODY = Sigstore()


def is_root(content: bytes) -> bool:
    """Return whether a file says that it is a trusted root."""
    return content.lstrip()[:1] == b"{" and _ROOT.search(content) is not None


def read_root(name: str, content: bytes) -> Root:
    """Return a trusted root from a file of which `is_root` holds.

    Raises:
        SourceError: It is none.
    """
    try:
        root = Root(name, read_json(content, size=SIGNATURE_BYTES_MAX))
        root.at(())
    except (LogError, ValueError) as error:
        raise SourceError(f"{name}: expected a trusted root of Sigstore, got: {str(error)[:200]}") from error
    return root


def read_identities(name: str, content: bytes) -> list[Identity]:
    """Return who is expected to sign.

    Raises:
        SourceError: The file says anything else, or nobody.
    """
    try:
        raw = tomllib.loads(content.decode("utf-8"))
    except ValueError as error:
        raise SourceError(f"{name}: expected TOML, got: {str(error)[:200]}") from error
    except RecursionError:
        raise SourceError(f"{name}: expected TOML, got values inside values without end") from None
    listed = raw.get("identity")
    if set(raw) != {"identity"} or not isinstance(listed, list) or not 0 < len(listed) <= IDENTITIES_MAX:
        raise SourceError(f"{name}: expected [[identity]] with san and issuer, and nothing else")
    return [_identity(name, one) for one in listed]


def _identity(name: str, raw: Any) -> Identity:
    """Return one identity; a missing issuer would let any of them vouch for the name."""
    if not isinstance(raw, dict) or set(raw) != {"san", "issuer"}:
        raise SourceError(f"{name}: expected an identity with san and issuer, and nothing else")
    san, issuer = raw["san"], raw["issuer"]
    if not (isinstance(san, str) and isinstance(issuer, str) and san and issuer):
        raise SourceError(f"{name}: expected san and issuer in text that is not empty")
    return Identity(san, issuer)


def together(found: Iterable[object], folder: str) -> Sigstore:
    """Return what a trust folder holds of Sigstore.

    Raises:
        SourceError: It holds two roots: whoever runs one could sign as any identity of the other.
    """
    items = list(found)
    roots = [item for item in items if isinstance(item, Root)]
    if len(roots) > 1:
        names = ", ".join(root.name for root in roots)
        raise SourceError(
            f"{folder}: expected at most one trusted root, got {names}",
            hint="keep a trust folder for each: whoever runs one root can sign as anybody of the other",
        )
    identities = dict.fromkeys(item for item in items if isinstance(item, Identity))
    return Sigstore(roots[0] if roots else None, tuple(identities))


def _key(log: dict[str, Any]) -> dict[str, Any]:
    """Return the key of a log, which has the time for which it counts."""
    key = log.get("publicKey")
    if not isinstance(key, dict):
        raise ValueError("a trusted root with a log without a key")  # noqa: TRY004 - as the others
    return key


def _counts(part: dict[str, Any], times: Sequence[datetime]) -> bool:
    """Return whether a part counts at all times; one that does not say since when never does."""
    period = part.get("validFor")
    if not isinstance(period, dict) or "start" not in period:
        return False
    start = instant(period["start"])
    end = None if period.get("end") is None else instant(period["end"])
    return all(start <= time and (end is None or time <= end) for time in times)


def instant(text: Any) -> datetime:
    """Return a time of RFC 3339.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(text, str):
        raise ValueError("a time that is no text")  # noqa: TRY004 - as the others
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"a time without zone: {text[:40]!r}")
    return found.astimezone(UTC)
