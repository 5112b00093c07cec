"""What lies in a package: every member with its digest, and what its bytes show.

Nothing is written to disk: members flow by, are hashed and looked through. Packages inside packages are
opened too, to a bounded depth; one that cannot be opened safely is kept as a file and said to be closed.
A package of which anything is refused gives no inventory at all.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.integrity.packages import limits
from netproof.integrity.packages.budget import Budget
from netproof.integrity.packages.reading import Member, Reading, SetAside
from netproof.integrity.packages.refusal import Refusal, refuse

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.integrity.packages.keys import KeyFound
    from netproof.integrity.packages.services import Service


@dataclass(frozen=True, slots=True)
class Address:
    """A string that looks like an address.

    Attributes:
        kind: url, ipv4, ipv6 or host.
        value: As written.
        path: The first member that has it.
        members: How many have it.
    """

    kind: str
    value: str
    path: str
    members: int


@dataclass(frozen=True, slots=True)
class Inventory:
    """What lies in a package.

    Attributes:
        name: Of the file.
        form: zip, csar, tar, deb or rpm.
        size: Of the file [bytes].
        sha256: Of the file.
        members: In the order of their names.
        closed: Packages inside that were not opened, and why.
        keys: Keys and certificates.
        services: Network services.
        addresses: What looks like an address.
        whole: Whether all keys, services and addresses were noted.
        sboms: Members that look like an SBOM, and their bytes.
    """

    name: str
    form: str
    size: int
    sha256: str
    members: tuple[Member, ...]
    closed: tuple[tuple[str, str], ...]
    keys: tuple[KeyFound, ...]
    services: tuple[Service, ...]
    addresses: tuple[Address, ...]
    whole: bool
    sboms: tuple[tuple[str, bytes], ...]


def inventory(path: Path, *, aside: SetAside | None = None) -> Inventory:
    """Return what lies in a package.

    Args:
        path: The file.
        aside: Where to note what headers say and no inventory compares; None: nowhere.

    Raises:
        SourceError: It is no package, is damaged, or is refused by name.

    Cost: one pass over what it unpacks to, and one over the file.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SourceError(f"{path.name}: expected a file, got a folder or a device")
            state = size, _ = _state(descriptor)
            if size > limits.PACKAGE_BYTES_MAX:
                raise refuse(path.name, Refusal.SIZE, f"{size:,} bytes")
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            reading = Reading(Budget(), path.name, aside=aside)
            form = reading.open(file, size)
            if _state(descriptor) != state:
                raise SourceError(
                    f"{path.name}: expected a file at rest, got one that changed while it was read"
                )
    except OSError as error:
        raise SourceError(f"{path.name}: expected a readable file, got: {error.strerror or error}") from error
    findings = reading.findings
    return Inventory(
        name=path.name,
        form=form,
        size=size,
        sha256=sha256,
        members=tuple(sorted(reading.members, key=lambda member: member.path)),
        closed=tuple(sorted(reading.closed)),
        keys=tuple(findings.keys[key] for key in sorted(findings.keys)),
        services=tuple(sorted(reading.services, key=lambda one: (one.path, one.rule, one.value))),
        addresses=tuple(
            Address(kind, value, *findings.addresses[kind, value])
            for kind, value in sorted(findings.addresses)
        ),
        whole=findings.whole,
        sboms=tuple(sorted(reading.sboms)),
    )


def _state(descriptor: int) -> tuple[int, int]:
    """Return a file's size and when it was written."""
    told = os.fstat(descriptor)
    return told.st_size, told.st_mtime_ns
