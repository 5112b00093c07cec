"""What did the made-up operator log, and when?

A release on the day after its publication, with its supplier's signature; what was withdrawn in March 2024;
what was built again from its source. The faults of `faults_log` are done here. Keys follow from words in this
file and protect nothing; a release's image is a short text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256, sha512
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from netproof.demo.equipment import days
from netproof.demo.evidence import PUBLISHED
from netproof.demo.faults_log import (
    LATE,
    NOT_LOGGED,
    REBUILT_ALMOST_SAME,
    REBUILT_OTHERWISE,
    REBUILT_SAME,
    WITHDRAWN_IN_LOG,
    in_use,
)
from netproof.demo.market import WITHDRAWN
from netproof.tlog.statement import make_statement, utc_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netproof.demo.frames import Frames
    from netproof.demo.market import Market, Product

BEGIN = days(2023, 2, 6)
"""When the log was begun: suppliers' keys and the policy are its first entries."""
WITHDRAWALS = days(2024, 3, 12)
LATE_ON = days(2026, 8, 13)
"""A month after the image was seen to run."""
REBUILDS = days(2026, 9, 2)
NEWEST = days(2026, 10, 20)
"""Day of the newest checkpoint, too long ago on the example's date."""

_MORNING_S = 8 * 3600
_ALMOST = ("times in the archive were set to one moment", "the signature block was left out")


@dataclass(frozen=True, slots=True)
class Batch:
    """What was logged on a day.

    Attributes:
        time: When, seconds since 1970.
        entries: The statements, in order.
    """

    time: int
    entries: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """All that goes into a made-up log.

    Attributes:
        batches: Each ends with a checkpoint of its own.
        files: What entries name by its digest.
    """

    batches: tuple[Batch, ...]
    files: tuple[bytes, ...]


def image(item: Product, slot: int) -> bytes:
    """Return the image of a version; its SHA-256 is `Product.digest`."""
    return f"{item.product_id} {item.versions[slot]} image".encode("ascii")


def release_key(supplier_id: str) -> Ed25519PrivateKey:
    """Return the key with which a made-up supplier signs its releases."""
    return Ed25519PrivateKey.from_private_bytes(
        sha256(f"netproof example: releases of {supplier_id}".encode()).digest()
    )


def public_pem(supplier_id: str) -> bytes:
    """Return the public half of a supplier's key, as suppliers publish it."""
    return release_key(supplier_id).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


class _Log:
    """Collects entries by day, and the files that they name."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.days: dict[int, list[bytes]] = {}
        self.files: dict[bytes, None] = {}
        self.keys = {
            name: release_key(name)
            for name in dict.fromkeys(item.supplier_id for item in market.products if item.versions)
        }
        self.signers = {
            name: sha256(
                key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            ).hexdigest()
            for name, key in self.keys.items()
        }

    def keep(self, content: bytes) -> str:
        """Keep a file; return its digest."""
        self.files[content] = None
        return sha256(content).hexdigest()

    def add(self, day: int, kind: str, **values: Any) -> None:
        """Log a statement on a day."""
        time = utc_seconds(datetime.fromtimestamp(day * 86_400 + _MORNING_S, UTC))
        statement = make_statement({"v": 1, "kind": kind, "time": time, **values})
        self.days.setdefault(day, []).append(statement.entry)

    def release(self, day: int, item: Product, slot: int, content: bytes | None = None) -> None:
        """Log a release, signed by its supplier; another image than the published one where it is given."""
        content = image(item, slot) if content is None else content
        signature = self.keep(self.keys[item.supplier_id].sign(content))
        signer = {"format": "raw", "sha256": signature, "signer": self.signers[item.supplier_id]}
        self.add(
            day, "release", **_named(item, slot, content), size=len(content), supplier_sig=[signer]
        )  # fmt: skip

    def withdraw(self, day: int, item: Product, slot: int, reason: str) -> None:
        """Log that a release must no longer be used."""
        self.add(day, "withdraw", **_named(item, slot, image(item, slot)), reason=reason)

    def rebuild(
        self, day: int, item: Product, slot: int, result: str, normalised: tuple[str, ...] = ()
    ) -> None:
        """Log that a release was built again from its source."""
        content = image(item, slot)
        built = content if result == "identical" else content + b" built again"
        source = {"escrow_sha256": sha256(content + b" source").hexdigest()}
        self.add(
            day, "rebuild", **_named(item, slot, content), source=source, rebuilt=_digests(built),
            result=result, normalised=list(normalised),
        )  # fmt: skip

    def story(self) -> Story:
        """Return all that was collected."""
        batches = (
            Batch(day * 86_400 + _MORNING_S, tuple(entries)) for day, entries in sorted(self.days.items())
        )
        return Story(tuple(batches), tuple(self.files))


def _digests(content: bytes) -> dict[str, str]:
    """Return the digests of some bytes."""
    return {"sha256": sha256(content).hexdigest(), "sha512": sha512(content).hexdigest()}


def _named(item: Product, slot: int, content: bytes) -> dict[str, Any]:
    """Return how a statement names a release."""
    return {
        "supplier": item.supplier_id,
        "product": item.product_id,
        "release": item.versions[slot],
        "digests": _digests(content),
    }


def _begin(log: _Log, policy: bytes) -> None:
    """Log the suppliers' keys and the log's policy."""
    log.add(BEGIN, "policy", name="who cosigns this log", policy_sha256=log.keep(policy))
    for name in log.keys:
        log.add(
            BEGIN, "supplier-key", supplier=name, format="raw", key_sha256=log.keep(public_pem(name)),
            signer=log.signers[name], status="trusted",
        )  # fmt: skip


def _releases(market: Market) -> Iterator[tuple[int, Product, int]]:
    """Yield the day of publication, product and slot of every release, earliest first."""
    for slot in sorted(range(len(PUBLISHED)), key=lambda slot: PUBLISHED[slot]):
        for item in market.products:
            if item.versions:
                yield PUBLISHED[slot], item, slot


def own_story(frames: Frames, market: Market, policy: bytes) -> Story:
    """Return what the example operator logged.

    Args:
        frames: All tables, with their faults; of them only what the components of `faults_log` run.
        market: Who sells what.
        policy: The log's policy file.
    """
    products = {item.product_id: item for item in market.products}

    def used(product_id: str) -> tuple[Product, int]:
        return products[product_id], in_use(frames, market, product_id).slot

    late, missing = used(LATE), used(NOT_LOGGED)
    log = _Log(market)
    _begin(log, policy)
    for day, item, slot in _releases(market):
        if (item, slot) != missing:
            log.release(LATE_ON if (item, slot) == late else day + 1, item, slot)
    for item in products.values():
        if item.versions:
            log.withdraw(WITHDRAWALS, item, WITHDRAWN, "an error in it lets anybody restart it from afar")
    log.rebuild(REBUILDS, *used(REBUILT_ALMOST_SAME), "same_after_normalising", _ALMOST)
    log.rebuild(REBUILDS, *used(REBUILT_OTHERWISE), "different")
    log.rebuild(REBUILDS, *used(REBUILT_SAME), "identical")
    log.withdraw(NEWEST, *used(WITHDRAWN_IN_LOG), "its update service accepts unsigned files")
    return log.story()


SPLIT = "kelmaro-n3iwf"
"""The product of whose running release the other operator was given another image."""


def other_story(frames: Frames, market: Market, policy: bytes) -> Story:
    """Return what another made-up operator logged: the releases of two suppliers, one with another image.

    Args:
        frames: The example operator's tables.
        market: Who sells what.
        policy: The other log's policy file.
    """
    split = in_use(frames, market, SPLIT).slot
    sellers = {item.supplier_id for item in market.products if item.function == "UDR"}
    log = _Log(market)
    _begin(log, policy)
    for day, item, slot in _releases(market):
        if item.supplier_id in sellers and slot != WITHDRAWN:
            torn = (item.product_id, slot) == (SPLIT, split)
            log.release(day + 3, item, slot, image(item, slot) + b" for others" if torn else None)
    return log.story()
