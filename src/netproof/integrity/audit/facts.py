"""What have the entries read so far said, as far as later entries are judged by it?

An SQLite file beside the auditor's head: releases and withdrawals by name and by digest, keys by signer,
counts, and the findings that stay true. It can always be made again by reading the log from its first entry;
so a file that is none of this version is thrown away.
"""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.integrity.audit.finding import LISTED, Finding, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION = 1
UNTOLD = "untold"
"""Fact: an audit found something, and nobody has said yet that it was told."""
_TABLES = """
create table release (
    subject blob not null, sha256 blob not null, sha512 blob not null, entry integer not null,
    primary key (subject, sha256, sha512)
) without rowid;
create table withdrawn (subject blob not null, sha256 blob not null, entry integer not null);
create index withdrawn_subject on withdrawn (subject);
create index withdrawn_sha256 on withdrawn (sha256);
create table signer (signer text primary key, status text not null, entry integer not null) without rowid;
create table finding (entry integer not null, kind text not null, text text not null);
create table fact (name text primary key, value not null) without rowid;
"""


class Facts:
    """The facts of entries, in a transaction that `commit` ends.

    Attributes:
        read_to: how many entries from the first have been read.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._connection = connection
        self.read_to = self.number("read_to")

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator[Facts]:
        """Yield the facts in a file; what is not committed is lost, as it should be.

        Raises:
            SourceError: the file cannot be used.
        """
        try:
            with closing(_usable(path)) as connection:
                yield cls(connection)
        except sqlite3.Error as error:
            raise SourceError(
                f"{path}: expected a file that can be read and written, got: {error}",
                hint="is the disk full? The file may be removed: the next audit reads all entries again",
            ) from error

    def forget(self) -> None:
        """Start again from the first entry."""
        for table in ("release", "withdrawn", "signer", "finding", "fact"):
            self._run(f"delete from {table}")
        self.read_to = 0

    def commit(self) -> None:
        """Keep what was learned, up to `read_to`."""
        self.remember("read_to", self.read_to)
        self._connection.commit()

    def rollback(self) -> None:
        """Drop what was learned since the last commit."""
        self._connection.rollback()
        self.read_to = self.number("read_to")

    def number(self, name: str) -> int:
        """Return a number by its name; 0 where it was never set."""
        return int(self.text(name) or 0)

    def text(self, name: str) -> str:
        """Return a text by its name; empty where it was never set."""
        row = self._run("select value from fact where name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def remember(self, name: str, value: int | str) -> None:
        """Remember a number or text."""
        self._run("insert or replace into fact values (?, ?)", (name, value))

    def counts(self) -> dict[str, int]:
        """Return how many entries of each kind were read."""
        rows = self._run("select name, value from fact where name like 'kind:%' order by name")
        return {str(name).removeprefix("kind:"): int(value) for name, value in rows}

    def releases_of(self, subject: bytes) -> list[tuple[bytes, bytes, int]]:
        """Return SHA-256, SHA-512 (or empty) and entry of each release of this name, in order."""
        rows = self._run(
            "select sha256, sha512, entry from release where subject = ? order by entry", (subject,)
        )
        return rows.fetchall()

    def add_release(self, subject: bytes, sha256: bytes, sha512: bytes, entry: int) -> None:
        """Remember a release; the first entry of each counts."""
        self._run("insert or ignore into release values (?, ?, ?, ?)", (subject, sha256, sha512, entry))

    def withdrawal_of(self, subject: bytes, sha256: bytes) -> tuple[int, bool] | None:
        """Return the first entry that withdrew this name or these bytes, and whether it named this name."""
        row = self._run(
            "select entry, subject = ?1 from withdrawn where subject = ?1 or sha256 = ?2 "
            "order by entry limit 1",
            (subject, sha256),
        ).fetchone()
        return (int(row[0]), bool(row[1])) if row else None

    def add_withdrawal(self, subject: bytes, sha256: bytes, entry: int) -> None:
        """Remember a withdrawal."""
        self._run("insert into withdrawn values (?, ?, ?)", (subject, sha256, entry))

    def signer(self, signer: str) -> tuple[str, int] | None:
        """Return what the log last said of a supplier's key, and where."""
        row = self._run("select status, entry from signer where signer = ?", (signer,)).fetchone()
        return (str(row[0]), int(row[1])) if row else None

    def set_signer(self, signer: str, status: str, entry: int) -> None:
        """Remember what the log says of a supplier's key."""
        self._run("insert or replace into signer values (?, ?, ?)", (signer, status, entry))

    def add_finding(self, finding: Finding) -> None:
        """Remember a finding that stays true; of very many of one kind, only the number."""
        many = self.number(f"found:{finding.kind}") + 1
        self.remember(f"found:{finding.kind}", many)
        self.remember(UNTOLD, 1)
        if many > LISTED:
            return
        self._run(
            "insert into finding values (?, ?, ?)", (finding.entry or 0, finding.kind.value, finding.text)
        )

    def left_off(self) -> dict[Kind, int]:
        """Return how many findings of each kind are remembered by number only."""
        rows = self._run("select name, value from fact where name like 'found:%' and value > ?", (LISTED,))
        return {Kind(str(name).removeprefix("found:")): int(value) - LISTED for name, value in rows}

    def findings(self) -> Iterator[Finding]:
        """Yield the findings of earlier audits, in the order of entries; new where they were never told."""
        new = bool(self.number(UNTOLD))
        for entry, kind, text in self._run("select entry, kind, text from finding order by entry, kind"):
            yield Finding(Kind(kind), str(text), int(entry), new=new)


def _usable(path: Path) -> sqlite3.Connection:
    """Return a connection to a file with the tables; a file that is none makes room for a new one."""
    try:
        return _connect(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
    for name in ("", "-wal", "-shm", "-journal"):
        path.with_name(f"{path.name}{name}").unlink(missing_ok=True)
    return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    """Return a connection to a file with the tables of this version."""
    with ExitStack() as opened:
        connection = opened.enter_context(closing(sqlite3.connect(path)))
        connection.execute("pragma locking_mode = exclusive")
        version = connection.execute("pragma user_version").fetchone()[0]
        if version not in {0, VERSION}:
            raise sqlite3.DatabaseError(f"facts of version {version}")
        # Synced when it is closed: what a power cut takes away before is read again. It is open
        # exclusively, for network file systems do not share the memory that this needs otherwise.
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        if version == 0:
            connection.executescript(f"begin; {_TABLES} pragma user_version = {VERSION}; commit;")
        opened.pop_all()
    return connection
