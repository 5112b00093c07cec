"""What an import read, wrote and could not use: values only, for the terminal and for a file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

SCHEMA_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some objects were left out.

    Attributes:
        examples: The first of them, as in `dcim/devices/27`.
    """

    reason: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndpointReport:
    """What became of one endpoint's objects: `read` is `mapped` and all of `not_mapped`."""

    endpoint: str
    read: int
    mapped: int
    not_mapped: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class UnmappedRole:
    """A device role that no rule gives a function.

    Attributes:
        line: What to add below `[role]` in the mapping file.
    """

    slug: str
    components: int
    line: str


@dataclass(frozen=True, slots=True)
class Missing:
    """An endpoint without an answer, and what nobody can tell without it."""

    endpoint: str
    why: str
    without: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much NetBox knows of one column.

    Attributes:
        what: The column in words, as in "serial number".
        of: What has it, in the plural, as in "devices".
    """

    table: str
    column: str
    what: str
    of: str
    known: int
    total: int

    @property
    def sentence(self) -> str:
        """What is missing, in words; empty where nothing is."""
        if self.known >= self.total:
            return ""
        return f"NetBox knows no {self.what} of {self.total - self.known:,} of {self.total:,} {self.of}"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        source: The folder or the server's address, as given.
        tables: Rows written, by table.
        files_read: SHA-256 of each file, or of each endpoint's objects from a server.
        files_written: SHA-256 of each file.
        kept_aside: Files that were replaced, under their new names.
        ignored: JSON files beside the answers that were not read.
    """

    source: str
    tables: dict[str, int]
    endpoints: tuple[EndpointReport, ...]
    unmapped_roles: tuple[UnmappedRole, ...]
    missing: tuple[Missing, ...]
    coverage: tuple[Coverage, ...]
    notes: tuple[str, ...]
    files_read: dict[str, str]
    files_written: dict[str, str]
    kept_aside: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    def endpoint(self, name: str) -> EndpointReport:
        """Return the account of one endpoint that was read."""
        return next(e for e in self.endpoints if e.endpoint == name)

    def as_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {"schema_version": SCHEMA_VERSION, "kind": "netbox", **asdict(self)}
