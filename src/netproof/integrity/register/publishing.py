"""Is what was added public, and who else vouches for it?

After entries were appended the checkpoint is signed with the log's own keys and the witnesses of its policy
are asked; the policy then says whether their answers are a quorum. A witness that cannot be reached is told
and stops nothing: the entries are durable, and the next checkpoint asks again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netproof.errors import LogError
from netproof.integrity.log import read_policy
from netproof.tlog.cosignature import open_checkpoint
from netproof.tlog.policy_text import parse_policy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from netproof.integrity.log import Writer
    from netproof.tlog.keys import SigningKey

TIMEOUT_S: Final = 20.0
"""How long witnesses may take together [s]."""


@dataclass(frozen=True, slots=True)
class Checkpointed:
    """A checkpoint that was published.

    Attributes:
        size: entries that it covers.
        root: of its tree, in hexadecimal.
        witnesses: names, in the policy, of those that cosigned it.
        quorum: whether the policy accepts it.
        problems: what did not go as it should, such as a witness that did not answer.
    """

    size: int
    root: str
    witnesses: tuple[str, ...]
    quorum: bool
    problems: tuple[str, ...]


def checkpoint(
    folder: Path, writer: Writer, keys: Sequence[SigningKey], *, now: int, timeout: float = TIMEOUT_S
) -> Checkpointed:
    """Publish all durable entries of a log.

    Args:
        folder: the log's own folder.
        writer: of that log.
        keys: the log's; all of them sign.
        now: seconds since 1970; the caller's clock.
        timeout: how long witnesses may take together [s].

    Raises:
        LogError: the log would go back, a key is not the log's, its policy is none, or the disk failed.
    """
    policy = parse_policy(read_policy(folder))
    asking = None
    if any(party.url for party in policy.witnesses.values()):
        from netproof.integrity.witness import cosigning  # noqa: PLC0415 - only where a witness is asked

        asking = cosigning(policy, now=now, timeout=timeout)
    note = writer.checkpoint(keys, now, asking)
    problems = [] if asking is None else [one.problem for one in asking.heard if one.problem]
    names = {party.key: name.decode("ascii", "backslashreplace") for name, party in policy.witnesses.items()}
    signed = open_checkpoint(note, [*writer.settings.keys, *names])
    try:
        policy.judge(note)
    except LogError as error:
        problems.append(str(error))
        quorum = False
    else:
        quorum = True
    tree = signed.checkpoint
    cosigned = sorted({names[line.key] for line in signed.signatures if line.key in names})
    if not quorum:
        problems += [
            f"{name.decode('ascii', 'backslashreplace')}: not asked: releases/policy has no address of it"
            for name, party in policy.witnesses.items()
            if not party.url
        ]
    return Checkpointed(tree.size, tree.root.hex(), tuple(cosigned), quorum, tuple(problems))
