"""What does the log say already, and what may therefore be added?

A withdrawal is final: neither the bytes nor the release's name come back, under whichever part. A release has
one digest a part. What is logged already is not logged again, unless a supplier's signature comes to it. A
key is one supplier's; a retired or compromised one vouches for nothing new.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import orjson

from netproof.errors import LogError
from netproof.integrity.register.entries import Named
from netproof.integrity.register.find import names_of
from netproof.integrity.register.lookalike import skeleton
from netproof.tlog.encoding import shown
from netproof.tlog.statement import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netproof.integrity.register.entries import Evidence, SupplierSignature

TRUSTED, COMPROMISED = "trusted", "compromised"


@dataclass(frozen=True, slots=True)
class Logged:
    """A release that stands in the log.

    Attributes:
        index: of its first entry.
        sha256: of its bytes.
        signed: whether an entry of it names a signature of the supplier.
        sha512: of its bytes; empty: no entry says.
    """

    index: int
    named: Named
    sha256: str
    signed: bool
    sha512: str = ""


@dataclass(frozen=True, slots=True)
class KeyState:
    """What the log last said of a supplier's key."""

    index: int
    supplier: str
    status: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A withdrawal that stands in the log."""

    index: int
    named: Named
    sha256: str


@dataclass(slots=True)
class Standing:
    """Everything that entries so far have settled.

    Attributes:
        releases: by product, release and part.
        withdrawn: by product and release, the first withdrawal of any of its parts.
        bytes_withdrawn: by SHA-256.
        keys: by fingerprint.
        policy: SHA-256 of the last policy that was logged; empty: none.
    """

    releases: dict[tuple[str, str, str], Logged] = field(default_factory=dict)
    withdrawn: dict[tuple[str, str], Withdrawn] = field(default_factory=dict)
    bytes_withdrawn: dict[str, Withdrawn] = field(default_factory=dict)
    keys: dict[str, KeyState] = field(default_factory=dict)
    policy: str = ""
    _exactly: dict[tuple[str, str, str, str], Withdrawn] = field(default_factory=dict)
    _products: dict[str, set[str]] = field(default_factory=dict)
    _looks: dict[str, dict[str, str]] = field(default_factory=dict)
    _by_digest: dict[str, list[Named]] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[tuple[int, bytes]]) -> Standing:
        """Return what a log's entries settle, taken in their order.

        Raises:
            LogError: an entry is no statement.

        Cost: O(entries), about 3 microseconds each.
        """
        standing = cls()
        for index, entry in entries:
            standing.take(index, entry)
        return standing

    def take(self, index: int, entry: bytes) -> None:
        """Take one entry into account.

        The log's own bytes are verified, and every one of them was held against the schema before it was
        appended: here they are only read.
        """
        try:
            values: dict[str, Any] = orjson.loads(entry)
            kind = values["kind"]
            if kind == Kind.RELEASE:
                self._take_release(index, values)
            elif kind == Kind.WITHDRAW:
                self._take_withdrawal(index, values)
            elif kind == Kind.SUPPLIER_KEY:
                self.keys[values["signer"]] = KeyState(index, values["supplier"], values["status"])
            elif kind == Kind.POLICY:
                self.policy = values["policy_sha256"]
        except (ValueError, LookupError, TypeError) as error:
            raise LogError(
                f"entry {index}: expected a statement, got {shown(entry)}",
                hint="the register keeps statements only; was something else written to this log?",
            ) from error

    def refusal(self, named: Named, evidence: Evidence) -> str:
        """Return why a release must not be logged; empty: it may."""
        sha256 = evidence.digests["sha256"]
        gone = self.bytes_withdrawn.get(sha256)
        if gone is not None:
            return f"these bytes were withdrawn as {gone.named} (entry {gone.index}); that is final"
        gone = self.withdrawn.get((named.product, named.release))
        if gone is not None:
            return (
                f"{gone.named} was withdrawn (entry {gone.index}); that is final: what replaces it needs a "
                "release id of its own"
            )
        known = self.releases.get(_key(named))
        if known is not None and _differ(known, evidence):
            return (
                f"{known.named} is logged with another digest, sha256 {known.sha256} (entry {known.index}): "
                "other bytes are another release, or another part of it (--part)"
            )
        if known is not None and known.named.supplier != named.supplier:
            return f"entry {known.index} logs it as {known.named}, of another supplier"
        return self._key_refusal(named, evidence.signatures)

    def logged(self, named: Named, evidence: Evidence) -> Logged | None:
        """Return the release as it is logged, where logging it again would add nothing."""
        known = self.releases.get(_key(named))
        return known if known is not None and (known.signed or not evidence.signatures) else None

    def looks_like(self, named: Named) -> list[str]:
        """Return the logged product and release ids that people may take for these."""
        if not self._products:
            for product, release, _ in self.releases:
                self._remember(product, release)
        found = []
        for other in sorted(self._products.get(skeleton(named.product), ())):
            if other != named.product:
                found.append(f"product {other}")
            alike = self._looks[other].get(skeleton(named.release), named.release)
            if alike != named.release:
                found.append(f"release {alike} of product {other}")
        return found

    def meant(self, name: str) -> list[Logged]:
        """Return the releases that a name means: an entry's number, product@release, or a digest."""
        return [
            one
            for one in self.releases.values()
            if name in {str(one.index), one.sha256, *names_of(one.named.fields())}
        ]

    def named(self, sha256: str) -> Named | None:
        """Return the only release that is logged with these bytes; None: there is none, or more than one."""
        if not self._by_digest:
            for one in self.releases.values():
                self._by_digest.setdefault(one.sha256, []).append(one.named)
        found = self._by_digest.get(sha256, ())
        return found[0] if len(found) == 1 else None

    def withdrawal(self, named: Named, evidence: Evidence) -> Withdrawn | None:
        """Return the withdrawal of exactly this release with exactly these bytes."""
        # The same bytes may be withdrawn under several names, each by an entry of its own.
        return self._exactly.get((*_key(named), evidence.digests["sha256"]))

    def _key_refusal(self, named: Named, signatures: Iterable[SupplierSignature]) -> str:
        """Return why a signer does not vouch for a supplier's release; empty: it does."""
        for one in signatures:
            state = self.keys.get(one.signer)
            if state is not None and state.status != TRUSTED:
                return f"its signer {one.signer} is {state.status} (entry {state.index})"
            if state is not None and state.supplier != named.supplier:
                return (
                    f"its signer {one.signer} is a key of {state.supplier} (entry {state.index}), "
                    f"not of {named.supplier}"
                )
        return ""

    def _take_release(self, index: int, values: Mapping[str, Any]) -> None:
        """Remember a release; of several entries the first digest counts."""
        named, digests = _named(values), values["digests"]
        known = self.releases.get(_key(named))
        signed, sha512 = "supplier_sig" in values, digests.get("sha512", "")
        if known is None:
            self.releases[_key(named)] = Logged(index, named, digests["sha256"], signed, sha512)
            if self._products:
                self._remember(named.product, named.release)
            if self._by_digest:
                self._by_digest.setdefault(digests["sha256"], []).append(named)
        elif (signed and not known.signed) or (sha512 and not known.sha512):
            self.releases[_key(named)] = replace(
                known, signed=signed or known.signed, sha512=known.sha512 or sha512
            )

    def _take_withdrawal(self, index: int, values: Mapping[str, Any]) -> None:
        """Remember a withdrawal; the first one counts."""
        gone = Withdrawn(index, _named(values), values["digests"]["sha256"])
        self.withdrawn.setdefault((gone.named.product, gone.named.release), gone)
        self.bytes_withdrawn.setdefault(gone.sha256, gone)
        self._exactly.setdefault((*_key(gone.named), gone.sha256), gone)

    def _remember(self, product: str, release: str) -> None:
        """Keep what a product and a release of it look like."""
        self._products.setdefault(skeleton(product), set()).add(product)
        self._looks.setdefault(product, {}).setdefault(skeleton(release), release)


def _differ(known: Logged, evidence: Evidence) -> bool:
    """Return whether a logged release has other bytes, as far as digests say."""
    sha512 = evidence.digests.get("sha512", "")
    return known.sha256 != evidence.digests["sha256"] or bool(
        known.sha512 and sha512 and known.sha512 != sha512
    )


def _key(named: Named) -> tuple[str, str, str]:
    """Return what has one digest."""
    return named.product, named.release, named.part


def _named(values: Mapping[str, Any]) -> Named:
    """Return which release a statement is about."""
    return Named(values["supplier"], values["product"], values["release"], values.get("component", ""))
