"""Which logs and witnesses are enough?

A policy names logs, witnesses, groups of them and a quorum. A checkpoint is good if one of the logs signed it
under its own origin and a quorum of witnesses cosigned it, fresh enough where that is asked. `policy_text`
reads the file. Keys are counted, not names. Source: C2SP tlog-policy (5ba5ee8).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.tlog.cosignature import open_checkpoint
from netproof.tlog.encoding import shown, utc
from netproof.tlog.keys import SignatureType, VerifierKey

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from netproof.tlog.checkpoint import Checkpoint
    from netproof.tlog.note import VerifiedLine

NO_QUORUM = b"none"
"""The name that stands for "no cosignature needed"."""
_LOG_TYPES = frozenset({SignatureType.ED25519, SignatureType.ML_DSA_44})
_WITNESS_TYPES = frozenset({SignatureType.ED25519_COSIGNATURE, SignatureType.ML_DSA_44})


@dataclass(frozen=True, slots=True)
class Party:
    """A log or a witness: its key, and where it is reached (may be empty)."""

    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """At least `threshold` of some witnesses and groups, by the names the policy gives them."""

    threshold: int
    members: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old a quorum's cosignatures may be.

    Attributes:
        now: seconds since 1970; the caller's clock.
        max_age_s: how long before `now` they may have been made [s].
        ahead_s: how far after `now` their clocks may stand [s].
    """

    now: int
    max_age_s: int
    ahead_s: int = 300


@dataclass(frozen=True, slots=True)
class Judged:
    """A checkpoint that a policy accepts.

    Attributes:
        checkpoint: the tree.
        logs: keys of the log that signed it; at least one.
        witnesses: names of the witnesses that cosigned it, sorted.
        proven_by: by this time a quorum had cosigned it, so its entries existed [s since 1970]; None where
            the quorum states no time.
        fresh_at: at this time or later a quorum cosigned it [s since 1970]; None likewise.
    """

    checkpoint: Checkpoint
    logs: tuple[VerifierKey, ...]
    witnesses: tuple[bytes, ...]
    proven_by: int | None
    fresh_at: int | None


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs, witnesses, groups and the quorum; each name is defined before it is used.

    Attributes:
        logs: accepted logs; several keys may share an origin, as while a key is rotated.
        witnesses: by the names the policy gives them.
        groups: likewise, in the order of definition.
        quorum: name of a witness or group, or `none`.

    Raises:
        LogError: a key is of the wrong type, twice among logs or among witnesses, or both log and witness; a
            name is defined twice, reserved, unknown or in two groups; a threshold cannot be reached.
    """

    logs: tuple[Party, ...]
    witnesses: Mapping[bytes, Party]
    groups: Mapping[bytes, Group]
    quorum: bytes

    def __post_init__(self) -> None:
        """Refuse a policy that would not mean what it says."""
        logs = [log.key for log in self.logs]
        witnesses = [witness.key for witness in self.witnesses.values()]
        _check_keys("log", logs, _LOG_TYPES)
        _check_keys("witness", witnesses, _WITNESS_TYPES)
        # A log that vouches for itself shows nothing about split views; the text leaves that open.
        if {key.public for key in logs} & {key.public for key in witnesses}:
            raise LogError(
                "policy: expected keys that are either a log's or a witness's, got one that is both"
            )
        self._check_names()

    def judge(self, data: bytes, freshness: Freshness | None = None) -> Judged:
        """Return a checkpoint that is good by this policy.

        Args:
            data: the signed checkpoint.
            freshness: how old a quorum may be; None accepts any age.

        Raises:
            LogError: malformed; a trusted line fails; no listed log signed under its origin; no quorum; or
                no fresh one.

        Source: C2SP tlog-policy, "What is a policy?"; tlog-proof, "Verifying a tlog proof".
        """
        named = {witness.key: name for name, witness in self.witnesses.items()}
        signed = open_checkpoint(data, [*(log.key for log in self.logs), *named])
        origin = signed.checkpoint.origin
        own = {log.key for log in self.logs if log.key.name == origin}
        logs = tuple(dict.fromkeys(line.key for line in signed.signatures if line.key in own))
        if not logs:
            raise LogError(f"checkpoint of {shown(origin)}: expected a signature of one of the policy's logs")
        cosigned = [(named[line.key], line) for line in signed.signatures if line.key in named]
        names = {name for name, _ in cosigned}
        if not self.reached(names):
            known = b", ".join(sorted(names)).decode("ascii", "backslashreplace") or "none"
            raise LogError(f"checkpoint of {shown(origin)}: expected a quorum of witnesses, got {known}")
        proven_by, fresh_at = self._times(cosigned)
        if freshness is not None and self.quorum != NO_QUORUM:
            self._check_fresh(origin, cosigned, freshness)
        elif freshness is not None:
            raise LogError("policy: expected a quorum where freshness is asked; `none` states no time")
        return Judged(signed.checkpoint, logs, tuple(sorted(names)), proven_by, fresh_at)

    def reached(self, cosigned: Collection[bytes]) -> bool:
        """Return whether the witnesses with these names are a quorum."""
        good = set(cosigned) & set(self.witnesses)
        for name, group in self.groups.items():
            if sum(member in good for member in group.members) >= group.threshold:
                good.add(name)
        return self.quorum == NO_QUORUM or self.quorum in good

    def _times(self, cosigned: list[tuple[bytes, VerifiedLine]]) -> tuple[int | None, int | None]:
        """Return the first time by which a quorum stood, and the last one at or after which one did."""
        if self.quorum == NO_QUORUM:
            return None, None
        timed = [(line.time, name) for name, line in cosigned if line.time is not None]
        times = sorted({time for time, _ in timed})
        first = [end for end in times if self.reached({name for time, name in timed if time <= end})]
        last = [start for start in times if self.reached({name for time, name in timed if time >= start})]
        return (first[0] if first else None), (last[-1] if last else None)

    def _check_fresh(
        self, origin: str, cosigned: list[tuple[bytes, VerifiedLine]], freshness: Freshness
    ) -> None:
        """Refuse a checkpoint whose quorum is too old, or cosigned in the future."""
        oldest, latest = freshness.now - freshness.max_age_s, freshness.now + freshness.ahead_s
        names = {name for name, line in cosigned if line.time is not None and oldest <= line.time <= latest}
        if not self.reached(names):
            got = ", ".join(
                utc(time) for time in sorted({line.time for _, line in cosigned if line.time is not None})
            )
            raise LogError(
                f"checkpoint of {shown(origin)}: expected a quorum that cosigned from {utc(oldest)} to "
                f"{utc(latest)}, got {got or 'none'}",
                hint="fetch a newer checkpoint; if there is none, the log or its witnesses stand still",
            )

    def _check_names(self) -> None:
        """Refuse names that are reserved, unknown, defined twice or in two groups."""
        defined = set(self.witnesses)
        used: set[bytes] = set()
        for name, group in self.groups.items():
            if not 1 <= group.threshold <= len(group.members):
                raise LogError(
                    f"policy, group {shown(name)}: expected a threshold of 1 to its members' number"
                )
            for member in group.members:
                if member not in defined or member in used:
                    raise LogError(
                        f"policy, group {shown(name)}: expected members defined before and in no other "
                        f"group, got {shown(member)}"
                    )
                used.add(member)
            if name in defined:
                raise LogError(f"policy: expected each name once, got {shown(name)} twice")
            defined.add(name)
        if NO_QUORUM in defined:
            raise LogError("policy: the name `none` is reserved")
        if self.quorum != NO_QUORUM and self.quorum not in defined:
            raise LogError(f"policy: expected a quorum that is defined, got {shown(self.quorum)}")


def _check_keys(role: str, keys: list[VerifierKey], types: frozenset[SignatureType]) -> None:
    """Refuse keys of another type, and a public key that stands twice."""
    for key in keys:
        if key.type not in types:
            raise LogError(
                f"policy: expected a {role} key of another type than 0x{key.type:02x} ({key.name})"
            )
    repeated = [public for public, times in Counter(key.public for key in keys).items() if times > 1]
    if repeated:
        raise LogError(f"policy: expected each {role} key once, got {repeated[0].hex()[:64]} twice")
