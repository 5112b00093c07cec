"""Fills table document_status: every file that a row names, looked at once for all dates.

Reads the tables that have a column `document`, the folders documents/ and trust/; writes one row for each
naming row, at that row's place. Documents are taken apart in a process of their own (`judge`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from netproof.errors import SourceError
from netproof.sources.documents.files import Document, read_document
from netproof.sources.documents.judge import BESIDE, FOLDER
from netproof.sources.documents.verdict import Verdict
from netproof.tables.spec import TableSpec, all_specs
from netproof.tables.store import Store, key_text, literal, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from netproof.sources.documents.judge import Judge

TABLE = "document_status"
_VERDICTS = "_document_verdict"
"""Table of the verdicts that change from date to date."""
TRUST = "trust"
_TRUST_SUFFIXES = (".pem", ".crt", ".cer", ".der", ".crl")
_TRUST_FILES_MAX = 1000
_TRUST_BYTES_MAX = 20_000_000


@dataclass(frozen=True, slots=True)
class _Seen:
    """One file as it was found.

    Attributes:
        signed: What is known of its signatures on each date; empty where there is no file.
    """

    document: Document
    signed: tuple[Verdict, ...]


@dataclass(slots=True)
class _Looker:
    """Looks at each file once, however many rows name it."""

    folder: Path
    judge: Judge
    dates: Sequence[date]
    seen: dict[str, _Seen] = field(default_factory=dict)

    def look(self, name: str) -> _Seen:
        """Return what is known of a file; its bytes are let go of."""
        if name not in self.seen:
            found = read_document(self.folder, name)
            signed = self._signed(name, found)
            bare = Document(found.exists, found.sha256, None, found.reason)
            self.seen[name] = _Seen(bare, signed)
        return self.seen[name]

    def _signed(self, name: str, found: Document) -> tuple[Verdict, ...]:
        """Return what is known of a file's signatures on each date; nothing where there is no file."""
        if not found.exists:
            return ()
        if found.content is None:
            return self._always(Verdict("unverified", reason=found.reason))
        beside = read_document(self.folder, name + BESIDE)
        if beside.exists and beside.content is None:
            return self._always(Verdict("unverified", reason=f"{BESIDE} beside it: {beside.reason}"))
        if beside.content is None and b"%PDF-" not in found.content[:1024]:
            return self._always(Verdict("none"))
        return self.judge.ask(found.content, beside.content)

    def _always(self, verdict: Verdict) -> tuple[Verdict, ...]:
        """Return one verdict for every date."""
        return (verdict,) * len(self.dates)


def read_documents(
    store: Store,
    home: Path,
    dates: Sequence[date],
    judge: Judge,
    *,
    progress: Callable[[str, int, int], None] | None = None,
) -> None:
    """Look at every document that a row names and fill table document_status for the first date.

    Args:
        store: The tables, verified.
        home: The network's folder.
        dates: The dates for which signatures are judged; for the others `judge_again` tells.
        judge: Takes the documents apart.
        progress: Told the file, its number and how many there are.

    Raises:
        SourceError: A file of trust anchors cannot be read.
    """
    named = _named(store)
    if not named:
        _keep(store, dates, {})
        return
    judge.trust(_trust_files(home / TRUST), dates)
    looker = _Looker(home / FOLDER, judge, dates)
    rows = []
    for number, (table, key, document, sha256, source, row) in enumerate(named):
        if progress:
            progress(document, number, len(named))
        rows.append((*_row(table, key, document, sha256, looker.look(document)), source, row))
    _insert(store, rows)
    _keep(store, dates, looker.seen)


def judge_again(store: Store, day: date) -> None:
    """Let document_status tell of another date; works on a locked database too."""
    store.connection.execute(
        f"update {quoted(TABLE)} as s set signature = v.signature, signer = v.signer, "
        f"signed_on = v.signed_on, signature_reason = v.reason from {_VERDICTS} as v "
        "where s.document = v.document and v.day = ?",
        [day],
    )


def _keep(store: Store, dates: Sequence[date], seen: Mapping[str, _Seen]) -> None:
    """Keep the verdicts on documents about which not all dates tell the same."""
    store.connection.execute(
        f"create or replace table {_VERDICTS} (document varchar, day date, signature varchar, "
        "signer varchar, signed_on date, reason varchar)"
    )
    rows = [
        (name, day, verdict.signature, verdict.signer or None, verdict.signed_on, verdict.reason or None)
        for name, found in seen.items()
        if len(set(found.signed)) > 1
        for day, verdict in zip(dates, found.signed, strict=True)
    ]
    if rows:
        store.connection.executemany(f"insert into {_VERDICTS} values (?, ?, ?, ?, ?, ?)", rows)


def documented() -> list[TableSpec]:
    """Return the tables whose rows name documents."""
    known = all_specs()[TABLE].column("table_name").vocabulary
    return [spec for name, spec in all_specs().items() if name in known]


def _named(store: Store) -> list[tuple[str, str, str, bytes | None, int, int]]:
    """Return table, key, document, recorded digest and place of every row that names a document."""
    parts = []
    for spec in documented():
        digest = "sha256" if "sha256" in spec.names else "cast(null as blob)"
        parts.append(
            f"select {literal(spec.name)} as table_name, {key_text(spec)} as k, document, {digest}, "
            f"_source, _row from {quoted(spec.name)} where document is not null"
        )
    return store.rows(" union all ".join(parts) + " order by document, table_name, k")


def _row(table: str, key: str, name: str, recorded: bytes | None, seen: _Seen) -> tuple[object, ...]:
    """Return one row of the table, without its place."""
    found, signed = seen.document, seen.signed[0] if seen.signed else None
    matches = None if recorded is None or found.sha256 is None else recorded == found.sha256
    reason = found.reason
    if not reason and matches is False and found.sha256 is not None:
        reason = f"its SHA-256 is {found.sha256.hex()[:16]}…, recorded is {(recorded or b'').hex()[:16]}…"
    return (
        name,
        table,
        key,
        found.exists,
        matches,
        signed.signature if signed else None,
        (signed.signer or None) if signed else None,
        signed.signed_on if signed else None,
        reason or None,
        (signed.reason or None) if signed else None,
    )


def _insert(store: Store, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert the rows."""
    names = [*all_specs()[TABLE].names, "_source", "_row"]
    types = [
        *(pa.string(), pa.string(), pa.string(), pa.bool_(), pa.bool_(), pa.string(), pa.string()),
        *(pa.date32(), pa.string(), pa.string(), pa.uint16(), pa.int64()),
    ]
    columns = [pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), types, strict=True)]
    store.connection.register("_documents", pa.table(columns, names=names))
    store.connection.execute(f"insert into {quoted(TABLE)} select * from _documents")
    store.connection.unregister("_documents")


def _trust_files(folder: Path) -> list[tuple[str, bytes]]:
    """Return the files of trust anchors and revocation lists.

    Raises:
        SourceError: They are too many or too large.
    """
    if not folder.is_dir():
        return []
    names = sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.suffix.lower() in _TRUST_SUFFIXES and entry.is_file() and not entry.is_symlink()
    )
    if len(names) > _TRUST_FILES_MAX:
        raise SourceError(f"{TRUST}/: expected at most {_TRUST_FILES_MAX:,} files, got {len(names):,}")
    files, size = [], 0
    for name in names:
        found = read_document(folder, name)
        if found.content is None:
            raise SourceError(f"{TRUST}/{name}: expected a readable file: {found.reason}")
        size += len(found.content)
        if size > _TRUST_BYTES_MAX:
            raise SourceError(f"{TRUST}/: expected at most {_TRUST_BYTES_MAX:,} bytes, got more")
        files.append((name, found.content))
    return files
