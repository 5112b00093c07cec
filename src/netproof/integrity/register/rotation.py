"""Which policy do readers need when a log's keys change?

Old and new keys stand in it side by side, so that readers of either accept the log; a key that leaks is
dropped. The new policy is itself an entry of the log, signed by both.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.tlog.policy import Party
from netproof.tlog.policy_text import encode_policy, parse_policy
from netproof.tlog.statement import Kind, Statement, make_statement, utc_seconds

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from netproof.tlog.keys import VerifierKey


def rotated_policy(
    policy: bytes, origin: str, new: Sequence[VerifierKey], dropped: Collection[str] = ()
) -> bytes:
    """Return a log's policy with new keys beside the old ones.

    Args:
        policy: as readers have it now.
        origin: of the log; lines of other logs stay as they are.
        new: keys that sign from now on; one that the policy has already stays.
        dropped: key IDs (8 hexadecimal digits) of this log that readers must no longer accept.

    Raises:
        LogError: a new key bears another name, a key to drop is not there, or no key would be left.
    """
    old = parse_policy(policy)
    for key in new:
        if key.name != origin:
            raise LogError(f"new key {key.name}+{key.key_id.hex()}: expected a key of {origin}")
    own = [log for log in old.logs if log.key.name == origin]
    if not own:
        raise LogError(f"policy: expected a key of {origin}, got none")
    unknown = set(dropped) - {log.key.key_id.hex() for log in own}
    if unknown:
        raise LogError(
            f"policy: expected a key to drop that is in it, got {', '.join(sorted(unknown))}",
            hint="the keys of " + origin + " are " + ", ".join(log.key.key_id.hex() for log in own),
        )
    present = {log.key for log in own}
    logs = [log for log in old.logs if log not in own or log.key.key_id.hex() not in dropped]
    logs += [Party(key, own[0].url) for key in dict.fromkeys(new) if key not in present]
    if not any(log.key.name == origin for log in logs):
        raise LogError(f"policy: expected a key of {origin} to remain, got none")
    return encode_policy(replace(old, logs=tuple(logs)))


def policy_statement(origin: str, policy: bytes, before: bytes, time: datetime) -> Statement:
    """Return the statement that readers of a log are to accept another policy.

    Args:
        origin: of the log.
        policy: the new policy file; kept by its digest.
        before: the one that it takes the place of.
        time: said in the statement.

    Raises:
        LogError: as for every statement.
    """
    return make_statement(
        {
            "v": 1,
            "kind": Kind.POLICY.value,
            "name": origin,
            "policy_sha256": hashlib.sha256(policy).hexdigest(),
            "supersedes": hashlib.sha256(before).hexdigest(),
            "time": utc_seconds(time),
        }
    )
