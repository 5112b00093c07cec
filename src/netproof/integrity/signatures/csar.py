"""Is a file a package with its signature inside, and which part is signed?

ETSI NFV-SOL004, option 2: a zip of one `.csar`, its detached `.cms` and, where that lacks it, the signer's
`.cert`; nothing else. Only the inner package is signed: its digest is told, for it is what gets installed.
`integrity.packages` reads the zip strictly, so that no other program sees other members. Nothing is unpacked.
"""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.integrity.packages import zip_
from netproof.integrity.packages.budget import Budget
from netproof.integrity.packages.names import Ledger
from netproof.integrity.signatures.artifact import SIGNATURE_BYTES_MAX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netproof.integrity.packages.entry import Entry
    from netproof.integrity.signatures.artifact import Artifact

FORMAT = "csar"
ENTRIES_MAX = 20
"""A zip with more entries is no such package."""
_END = b"PK\x05\x06"
_END_SEARCHED = 22 + 65_535
_INNER, _SIGNATURE, _CERTIFICATES = ".csar", ".cms", (".cert", ".crt", ".cer", ".pem")


class Package:
    """A zip of option 2."""

    def __init__(self, artifact: Artifact) -> None:
        """Read what lies beside the inner package.

        Args:
            artifact: The zip.

        Raises:
            SourceError: It is refused, or holds anything but one of each kind.
        """
        self._artifact = artifact
        self._digests: dict[str, bytes] = {}
        held: dict[str, bytes] = {}
        self.inner = ""
        for entry in self._entries():
            if entry.path.lower().endswith(_INNER) and not self.inner:
                self.inner = entry.path
                for _ in entry.chunks:
                    pass
            else:
                held[entry.path] = self._small(entry)
        signatures = [name for name in held if name.lower().endswith(_SIGNATURE)]
        certificates = [name for name in held if name.lower().endswith(_CERTIFICATES)]
        extra = set(held) - {*signatures[:1], *certificates[:1]}
        if extra:
            listed = ", ".join(sorted(extra))[:200]
            raise SourceError(
                f"{artifact.path}: expected one .csar, one .cms and one .cert, got also {listed}, unsigned"
            )
        self.signature_name = signatures[0]
        self.signature = held[self.signature_name]
        self.certificate_name = certificates[0] if certificates else ""
        self.certificate = held.get(self.certificate_name, b"")

    def digest(self, algorithm: str) -> bytes:
        """Return a digest of the inner package.

        Raises:
            SourceError: The zip is damaged or refused.
        """
        if algorithm not in self._digests:
            makers = {name: hashlib.new(name) for name in {algorithm, "sha256"} - self._digests.keys()}
            for entry in self._entries():
                for chunk in entry.chunks:
                    for maker in makers.values() if entry.path == self.inner else ():
                        maker.update(chunk)
            self._digests |= {name: maker.digest() for name, maker in makers.items()}
        return self._digests[algorithm]

    def _entries(self) -> Iterator[Entry]:
        """Yield the members, read strictly."""
        place, budget = str(self._artifact.path), Budget()
        with self._artifact.stream() as file:
            yield from zip_.entries(file, self._artifact.size, place, Ledger(place, budget), budget)

    def _small(self, entry: Entry) -> bytes:
        """Return a small member.

        Raises:
            SourceError: It is not small.
        """
        content = bytearray()
        for chunk in entry.chunks:
            content += chunk
            if len(content) > SIGNATURE_BYTES_MAX:
                raise SourceError(
                    f"{self._artifact.path}: expected {entry.path} of at most {SIGNATURE_BYTES_MAX:,} bytes, "
                    "got more"
                )
        return bytes(content)


def read(artifact: Artifact) -> Package | None:
    """Return a file as a package of option 2; None: it is something else.

    Raises:
        SourceError: It has the members of one and is refused.
    """
    if not artifact.head.startswith(b"PK\x03\x04") or not 0 < _entries(artifact) <= ENTRIES_MAX:
        return None
    try:
        with zipfile.ZipFile(artifact.path) as archive:
            names = [name.lower() for name in archive.namelist()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return None
    if not all(any(name.endswith(suffix) for name in names) for suffix in (_INNER, _SIGNATURE)):
        return None
    return Package(artifact)


def _entries(artifact: Artifact) -> int:
    """Return how many entries a zip says it has; 0: its end is not found."""
    with artifact.whole() as content:
        end = content[max(0, artifact.size - _END_SEARCHED) :]
    place = end.rfind(_END)
    return int.from_bytes(end[place + 10 : place + 12], "little") if place >= 0 else 0
