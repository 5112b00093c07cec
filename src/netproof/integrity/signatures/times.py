"""By when did a signature exist, as somebody else than its signer proves?

A signer's own word for the time proves nothing. A timestamp by an authority that the user trusts does
(`timestamps`), so does an entry of a log that a quorum of witnesses cosigned (`logged`). What is proven makes
a certificate be judged for that time; a proof that does not hold changes nothing, and a note says why.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.integrity.signatures import companions, timestamps
from netproof.integrity.signatures.artifact import read_small
from netproof.integrity.signatures.instant import Instant, earliest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from netproof.integrity.signatures.artifact import Artifact
    from netproof.integrity.signatures.logged import Logged
    from netproof.integrity.signatures.trust import Timestamping


@dataclass(frozen=True, slots=True)
class Times:
    """What proves the time of signatures of one file.

    Attributes:
        trusted: Who is trusted for the time.
        moment: The time of judgement; a proof of a later time is refused.
        artifact: The file.
        logged: Proofs of entries in a log.
    """

    trusted: Timestamping
    moment: datetime
    artifact: Artifact
    logged: Sequence[Logged] = ()

    def of_file(self, path: Path, content: bytes) -> Instant:
        """Return by when a signature file existed.

        Args:
            path: Where it lies; its timestamps lie beside it.
            content: Its bytes.
        """
        found = [self._beside(token, content) for token in companions.timestamps_of(path)]
        return earliest([*found, *self._by_log(hashlib.sha256(content).hexdigest())])

    def of_inside(self) -> Instant:
        """Return by when a signature inside the file existed: as the file itself."""
        return earliest(self._by_log(self.artifact.digest("sha256").hex()))

    def _beside(self, token: Path, content: bytes) -> Instant:
        """Return what a timestamp beside a signature file proves of its bytes."""
        try:
            held = read_small(token, timestamps.BYTES_MAX)
            return timestamps.judge(str(token), held, content, self.trusted, self.moment)
        except SourceError as error:
            return Instant(None, (f"a timestamp does not count: {error}",))

    def _by_log(self, sha256: str) -> list[Instant]:
        """Return what entries of a log prove of a signature."""
        return [one.of(self.artifact, sha256, self.moment) for one in self.logged]
