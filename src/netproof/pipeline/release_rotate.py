"""The log's own keys change: the new policy as an entry, new settings, a checkpoint by old and new keys.

Each step can be taken again after a crash: the entry is not appended twice, and what is written is the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netproof.errors import LogError
from netproof.integrity.log import Settings, keep_file, read_policy, read_settings, writing
from netproof.integrity.register import log_folder
from netproof.integrity.register.durable import durable_entries
from netproof.integrity.register.rotation import policy_statement, rotated_policy
from netproof.integrity.register.standing import Standing
from netproof.pipeline.release_publish import Publish, published
from netproof.tlog.policy_text import parse_policy

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from pathlib import Path

    from netproof.tlog.keys import SigningKey


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a change of keys came to.

    Attributes:
        keys: IDs of the log's keys that readers accept now.
        policy_sha256: of the new policy, which is kept by it.
        changed: whether anything was new.
        checkpoint: what it is public under; None: nothing had to be signed.
    """

    origin: str
    keys: tuple[str, ...]
    policy_sha256: str
    changed: bool
    checkpoint: dict[str, Any] | None


def rotate(
    net: Path,
    old: Sequence[SigningKey],
    new: Sequence[SigningKey],
    *,
    dropped: Collection[str] = (),
    time: datetime,
) -> Rotated:
    """Change the keys of a network's log.

    Args:
        net: the network's folder; its log lies in it.
        old: keys that readers know already; they sign, too.
        new: keys that sign from now on.
        dropped: IDs of keys that readers must no longer accept.
        time: said in the statement and asked for in cosignatures.

    Raises:
        LogError: no key that readers know signs, a key is of another log, or the log cannot be written.
    """
    folder = log_folder(net)
    read_settings(folder)  # where there is no log, that is the error
    own = [key.verifier() for key in new]
    signers = list(dict.fromkeys([*old, *new]))
    with writing(folder) as writer:
        # Read under the lock: another change of keys may have come first.
        settings, before = writer.settings, read_policy(folder)
        policy = rotated_policy(before, settings.origin, own, dropped)
        digest = hashlib.sha256(policy).hexdigest()
        accepted = {log.key for log in parse_policy(before).logs}
        if not accepted & {key.verifier() for key in signers}:
            raise LogError(
                f"log {settings.origin}: expected a key that its policy names, to sign the change, got none",
                hint="name the key file of the log with --key",
            )
        standing = Standing.of(durable_entries(folder, writer))
        if policy != before:
            keep_file(folder, policy)
            if standing.policy != digest:
                writer.append([policy_statement(settings.origin, policy, before, time).entry])
            keys = tuple(dict.fromkeys([*settings.keys, *own]))
            writer.rotate(Settings(settings.origin, keys), policy)
        told, _ = published(folder, writer, Publish(tuple(signers), int(time.timestamp())))
    ids = [log.key.key_id.hex() for log in parse_policy(policy).logs if log.key.name == settings.origin]
    return Rotated(settings.origin, tuple(ids), digest, policy != before, told)
