"""Puts the tables into a network folder: all of them or none, and nothing of yours is lost.

A file that this importer did not write, or that changed since, is only replaced when told to,
and then kept beside under another name. `sources/netbox.json` remembers what was written.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from netproof.errors import SourceError
from netproof.sources.netbox.reading import parse
from netproof.tables.spec import all_specs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from netproof.sources.netbox.estate import Row
    from netproof.sources.netbox.report import ImportReport

TABLES = ("component", "dependency", "link", "person", "product", "site", "supplier", "supplier_alias")
REPORT = "sources/netbox.json"
REPORT_BYTES_MAX = 64 * 2**20
_NEW = ".netbox-new"
_OLD = ".netbox-old"


def csv_bytes(table: str, rows: Iterable[Row]) -> bytes:
    """Return a table as CSV with all its columns, and `x_source` behind them."""
    out = io.StringIO()
    columns = (*all_specs()[table].names, "x_source")
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue().encode("utf-8")


def _cell(value: str | float | None) -> str:
    """Return a value as CSV writes it; a whole number without a point."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value)


def network_toml(name: str, as_of: date | None) -> bytes:
    """Return a network.toml with what an import knows; the rest is for the user to fill in."""
    safe = "".join(c for c in name if c.isprintable() and c not in '"\\') or "network"
    lines = [
        "# Written by `netproof import netbox`, once: yours to change from here on.",
        "# Name of the network, as reports show it: please fill in.",
        f'name = "{safe} (from NetBox)"',
        '# ISO 3166-1 alpha-2 code of the country whose law holds: please fill in, as in "DE".',
        'country = ""',
    ]
    if as_of:
        lines.append(f"as_of = {as_of.isoformat()}")
    return ("\n".join(lines) + "\n").encode("utf-8")


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to happen in the folder.

    Attributes:
        write: New bytes by name.
        drop: Files of an earlier import that have no rows any more.
        aside: Files to keep, and their new names.
    """

    write: dict[str, bytes]
    drop: tuple[str, ...]
    aside: dict[str, str]


def write_all(
    into: Path, tables: dict[str, list[Row]], report: ImportReport, *, again: bool, as_of: date | None
) -> ImportReport:
    """Write tables, network.toml (where there is none) and the report; return the report with digests.

    Args:
        into: The network's folder; made if it is not there.
        tables: Rows by table, in order; a table without rows is not written.
        report: What the import did so far.
        as_of: Written into a new network.toml.
        again: Replace files that are not this importer's, and keep them beside.

    Raises:
        SourceError: A file would be lost, or cannot be written; the folder is then as it was.
    """
    try:
        (into / "sources").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(f"{into}: expected a folder to write into, got {error.strerror}") from error
    if (into / "sources").is_symlink():
        raise SourceError(
            f"{into / 'sources'}: expected a folder, got a link that may lead out of the network"
        )
    files = {f"{name}.csv": csv_bytes(name, rows) for name, rows in sorted(tables.items()) if rows}
    plan = _plan(into, files, again=again)
    if not (into / "network.toml").exists():
        plan.write["network.toml"] = network_toml(into.resolve().name, as_of)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    report = replace(report, files_written=digests, kept_aside=tuple(sorted(plan.aside.values())))
    text = json.dumps(report.as_json(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    plan.write[REPORT] = text.encode("utf-8")
    _carry_out(into, plan)
    return report


def _written_before(into: Path) -> dict[str, str]:
    """Return the digests of what an earlier import wrote here; only names of tables count."""
    path = into / REPORT
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        raw: Any = parse(file.read(REPORT_BYTES_MAX), REPORT)
    written = raw.get("files_written") if isinstance(raw, dict) else None
    if not isinstance(written, dict):
        raise SourceError(
            f"{path}: expected the report of an earlier import, got something else", hint="move it away"
        )
    return {name: str(written[name]) for name in (f"{table}.csv" for table in TABLES) if name in written}


def _plan(into: Path, files: dict[str, bytes], *, again: bool) -> _Plan:
    """Decide what happens to every file that is there already."""
    before = _written_before(into)
    aside: dict[str, str] = {}
    drop = []
    foreign = []
    for name in sorted({*files, *before}):
        path = into / name
        rivals = [
            p.name
            for p in (path.with_suffix(".parquet"), path.with_suffix(""))
            if name in files and p.exists()
        ]
        if rivals:
            raise SourceError(
                f"{into / rivals[0]}: expected no other file for table {path.stem}, got one",
                hint="move it away, or import into another folder",
            )
        if not (path.is_symlink() or path.exists()):
            continue
        if _digest(path) == before.get(name):
            drop += [] if name in files else [name]
        elif name in files or not again:
            foreign.append(name)
            aside[name] = _free(into, name)
    if foreign and not again:
        raise SourceError(
            f"{into}: expected no file of its own, or one that this importer wrote and nobody changed, got "
            + ", ".join(foreign),
            hint="import into an empty folder, or say --replace: the files are then kept beside as "
            + ", ".join(aside.values()),
        )
    return _Plan(dict(files), tuple(drop), aside)


def _digest(path: Path) -> str:
    """Return a file's SHA-256; empty where it is no plain file."""
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _free(into: Path, name: str) -> str:
    """Return a name beside `name` that nothing has."""
    number = 1
    while (into / (found := f"{name}.bak{number}")).exists() or (into / found).is_symlink():
        number += 1
    return found


def _carry_out(into: Path, plan: _Plan) -> None:
    """Write everything under other names, then rename; undo it all if that fails."""
    moved: list[tuple[Path, Path]] = []
    fresh: list[Path] = []
    try:
        for name, data in plan.write.items():
            # An import that was killed may have left one behind.
            (into / (name + _NEW)).unlink(missing_ok=True)
            with (into / (name + _NEW)).open("xb") as file:
                fresh.append(into / (name + _NEW))
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        for name in sorted({*plan.write, *plan.drop, *plan.aside}):
            path = into / name
            if path.exists() or path.is_symlink():
                old = into / plan.aside.get(name, name + _OLD)
                path.rename(old)
                moved.append((path, old))
        for name in plan.write:
            (into / (name + _NEW)).rename(into / name)
            fresh.append(into / name)
    except OSError as error:
        for path in fresh:
            path.unlink(missing_ok=True)
        for path, old in moved:
            old.rename(path)
        raise SourceError(
            f"{error.filename or into}: expected to write there, got {error.strerror}",
            hint="nothing was changed",
        ) from error
    for path, old in moved:
        if path.name not in plan.aside:
            old.unlink()
