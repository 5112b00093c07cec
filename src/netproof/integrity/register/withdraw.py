"""Which releases must no longer be used?

A withdrawal is an entry of its own, one a part of the release, and final. Whoever withdraws what is withdrawn
is told so; nothing is appended again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.integrity.register import entries
from netproof.integrity.register.add import Outcome
from netproof.integrity.register.entries import Evidence
from netproof.tlog.encoding import shown

if TYPE_CHECKING:
    from datetime import datetime

    from netproof.integrity.log import Writer
    from netproof.integrity.register.standing import Logged, Standing

_LISTED = 20


@dataclass(frozen=True, slots=True)
class Gone:
    """What became of one part of a release that is to be withdrawn.

    Attributes:
        index: of the withdrawal's entry.
    """

    logged: Logged
    outcome: Outcome
    index: int


def withdraw(writer: Writer, standing: Standing, name: str, reason: str, time: datetime) -> list[Gone]:
    """Withdraw a release, all of its parts with one sync.

    Args:
        writer: of the log.
        standing: what the log says already; grows.
        name: an entry's number, product@release, supplier/product@release, or a SHA-256.
        reason: why, in one sentence.
        time: said in the statements.

    Returns:
        Each part that has the name: withdrawn now, or before.

    Raises:
        LogError: no logged release has that name, or several have it; or the reason is none that an entry can
            hold.
    """
    meant = standing.meant(name)
    if not meant:
        raise LogError(
            f"release {shown(name)}: expected a logged release, got none",
            hint="name it by product@release, supplier/product@release, its entry's number or its SHA-256",
        )
    _check_one(meant, name)
    found: dict[int, Gone] = {}
    new: list[tuple[Logged, bytes]] = []
    for one in meant:
        before = standing.withdrawal(one.named, Evidence({"sha256": one.sha256}))
        if before is not None:
            found[one.index] = Gone(one, Outcome.WITHDRAWN_BEFORE, before.index)
        else:
            entry = entries.withdrawal(one.named, {"sha256": one.sha256}, reason, time).entry
            new.append((one, entry))
    if new:
        for (one, entry), index in zip(new, writer.append([entry for _, entry in new]), strict=True):
            standing.take(index, entry)
            found[one.index] = Gone(one, Outcome.WITHDRAWN, index)
    return [found[one.index] for one in meant]


def _check_one(meant: list[Logged], name: str) -> None:
    """Refuse a spelling that several releases have; a withdrawal is final. A digest may mean several."""
    releases = {(one.named.product, one.named.release) for one in meant}
    if "@" in name and len(releases) > 1:
        listed = "; ".join(
            f"{one.index}: {one.named.supplier!r}, {one.named.product!r}, {one.named.release!r}"
            for one in meant[:_LISTED]
        )
        raise LogError(
            f"release {shown(name)}: expected one release, got {len(releases)} that are spelled so",
            hint=f"name one by its entry's number (entry: supplier, product, release): {listed}",
        )
