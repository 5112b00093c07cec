"""Reads a network folder or a `.duckdb` file into the typed tables.

A table is `<table>.csv`, `<table>.parquet` or a folder `<table>/` of such parts. Every row keeps
its file, the file's digest and its position; what cannot be read goes to `import_issue`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import duckdb

from netproof.errors import SourceError
from netproof.sources.csv_ import Broken, check_names, read_header, stage_exact, stage_fast
from netproof.sources.network import nearest
from netproof.sources.scan import file_digest, scan
from netproof.tables.load import Staged, load
from netproof.tables.spec import TableKind, TableSpec, all_specs
from netproof.tables.store import Store, literal, quoted

if TYPE_CHECKING:
    from pathlib import Path

Progress = Callable[[str, int, int], None]
SUFFIXES = (".csv", ".parquet")
_ROW_MAX_FILES = 60_000


@dataclass(slots=True)
class _Reader:
    """Stages files one after another; digests of Parquet files are made beside it."""

    store: Store
    home: Path
    pool: ThreadPoolExecutor
    staged: list[Staged] = field(default_factory=list)
    digests: list[tuple[int, Future[str]]] = field(default_factory=list)
    number: int = 0

    def register(self, table: str, file: str, sha256: str | None, kind: str, unit: str) -> int:
        """Give a file its number in table `source`."""
        self.number += 1
        if self.number > _ROW_MAX_FILES:
            raise SourceError(f"{self.home}: expected at most {_ROW_MAX_FILES:,} files, got more")
        self.store.connection.execute(
            "insert into source values (?, ?, ?, ?, ?, ?, 0)", [self.number, table, file, sha256, kind, unit]
        )
        return self.number

    def csv(self, spec: TableSpec, path: Path) -> None:
        """Stage one CSV file."""
        place = self.place(path)
        seen = scan(path)
        header = read_header(path, spec, place)
        number = self.register(spec.name, place, seen.sha256, "csv", "line")
        stage = f"_stage_{number}"
        row = "rowid + 2"
        if not stage_fast(self.store, path, header, stage, seen):
            broken = stage_exact(self.store, path, header, stage)
            self.put_aside(spec, number, broken)
            row = "_line"
        columns = dict.fromkeys(header, "VARCHAR")
        self.staged.append(Staged(spec.name, stage, columns, row, number, place))

    def put_aside(self, spec: TableSpec, number: int, broken: Iterable[Broken]) -> None:
        """Put records that are none into `import_issue`."""
        rows = [(number, spec.name, b.line, b.column, b.expected, b.got, True) for b in broken]
        if rows:
            self.store.connection.executemany("insert into import_issue values (?, ?, ?, ?, ?, ?, ?)", rows)
            self.store.connection.execute(
                "update source set records = records + ? where source_no = ?", [len(rows), number]
            )

    def parquet(self, spec: TableSpec, path: Path) -> None:
        """Stage one Parquet file."""
        place = self.place(path)
        relation = f"read_parquet({literal(str(path))}, file_row_number = true)"
        try:
            described = self.store.rows(f"describe select * from {relation}")
        except duckdb.Error as error:
            raise SourceError(
                f"{place}: expected a Parquet file, got {_first_line(error)}", hint="write the file again"
            ) from error
        columns = {name: kind for name, kind, *_ in described if name != "file_row_number"}
        check_names(list(columns), spec, place)
        number = self.register(spec.name, place, None, "parquet", "row")
        self.digests.append((number, self.pool.submit(file_digest, path)))
        self.staged.append(Staged(spec.name, relation, columns, "file_row_number + 1", number, place))

    def database(self, path: Path, only: Collection[str] | None) -> None:
        """Stage the tables of a `.duckdb` file, or only some of them."""
        beside = path.with_name(f"{path.name}.wal")
        if beside.exists() and beside.stat().st_size:
            # DuckDB would read it, too, and the digest of the file would not say what was read.
            raise SourceError(
                f"{path.name}: expected all tables in this file, got changes in {beside.name} beside it",
                hint="end the program that writes it, or open it with DuckDB and say `checkpoint`",
            )
        try:
            self.store.connection.execute(f"attach {literal(str(path))} as given_file (read_only)")
        except duckdb.Error as error:
            raise SourceError(f"{path.name}: expected a DuckDB file, got {_first_line(error)}") from error
        digest = self.pool.submit(file_digest, path)
        names = self.store.rows(
            "select table_name from duckdb_tables() where database_name = 'given_file' "
            "and schema_name = 'main' order by table_name"
        )
        for (name,) in names:
            if name.startswith(("x_", "_")):
                continue
            spec = _spec(name, path.name)
            if only is not None and name not in only:
                continue
            described = self.store.rows(
                "select column_name, data_type from duckdb_columns() where database_name = 'given_file' "
                "and schema_name = 'main' and table_name = ? order by column_index",
                [name],
            )
            columns = dict(described)
            check_names(list(columns), spec, f"{path.name}, table {name}")
            number = self.register(name, f"{path.name}#{name}", None, "duckdb", "row")
            self.digests.append((number, digest))
            relation = f"given_file.main.{quoted(name)}"
            self.staged.append(Staged(name, relation, columns, "rowid + 1", number, f"{path.name}#{name}"))

    def place(self, path: Path) -> str:
        """Return a file's name within the folder."""
        return path.relative_to(self.home).as_posix()

    def finish(self) -> None:
        """Write the digests and let go of what was staged."""
        for number, digest in self.digests:
            self.store.connection.execute(
                "update source set sha256 = ? where source_no = ?", [digest.result(), number]
            )
        for item in self.staged:
            if item.relation.startswith("_stage_"):
                self.store.connection.execute(f"drop table {item.relation}")
        if any(item.relation.startswith("given_file.") for item in self.staged):
            self.store.connection.execute("detach given_file")


def read_folder(
    store: Store,
    path: Path,
    *,
    extra: Iterable[Staged] = (),
    only: Collection[str] | None = None,
    progress: Progress | None = None,
) -> None:
    """Read the tables of a network into the store.

    Args:
        store: A store without tables.
        path: The network's folder, or a `.duckdb` file.
        extra: What else is to be loaded with it: a catalogue's own tables where the folder
            does not bring a table of that name, and further rows of the operator's tables.
        only: The tables that are wanted, which may be none; None: all that there are.
        progress: Told the name of what is read, its number and how many there are.

    Raises:
        SourceError: A file is not what its name promises.
    """
    with ThreadPoolExecutor(1) as pool:
        home = path if path.is_dir() else path.parent
        reader = _Reader(
            store, home, pool, number=int(store.value("select coalesce(max(source_no), 0) from source"))
        )
        if path.is_dir():
            found = [item for item in table_files(path) if only is None or item[0].name in only]
            for number, (spec, file) in enumerate(found):
                if progress:
                    progress(file.name, number, len(found))
                (reader.csv if file.suffix == ".csv" else reader.parquet)(spec, file)
        else:
            reader.database(path, only)
        if not reader.staged and only is None:
            known = [s.name for s in all_specs().values() if s.kind is TableKind.INPUT]
            raise SourceError(
                f"{path}: expected at least one table, got none",
                hint="put in component.csv, site.csv ... (tables: " + ", ".join(known) + ")",
            )
        brought = {item.table for item in reader.staged}
        staged = [*reader.staged, *(item for item in extra if _added(item.table, brought))]
        load(store, staged, progress=progress)
        reader.finish()


def _added(table: str, brought: set[str]) -> bool:
    """Return whether further rows of a table are loaded; the operator's reference tables take their place."""
    return table not in brought or all_specs()[table].kind is TableKind.INPUT


def brings(path: Path, table: str) -> bool:
    """Return whether a network's folder or file has a table, without reading it."""
    if path.is_dir():
        return (path / table).is_dir() or any((path / f"{table}{end}").is_file() for end in SUFFIXES)
    with duckdb.connect(path, read_only=True) as connection:
        return bool(
            connection.execute("select 1 from duckdb_tables() where table_name = ?", [table]).fetchone()
        )


def table_files(folder: Path) -> Iterable[tuple[TableSpec, Path]]:
    """Yield the files of a folder that hold tables, each with its table, in order of name.

    Raises:
        SourceError: A file or folder of tables has a name that is no table's, or a table is there twice.
    """
    seen: dict[str, Path] = {}
    for entry in sorted(folder.iterdir()):
        parts = _parts(entry)
        if not parts:
            continue
        name = entry.name if entry.is_dir() else entry.stem
        if name.startswith(("x_", ".", "_")):
            continue
        spec = _spec(name, entry.name)
        if name in seen:
            raise SourceError(
                f"{entry.name}: table {name} is there already, in {seen[name].name}", hint="keep one"
            )
        seen[name] = entry
        for part in parts:
            if not part.resolve().is_relative_to(folder.resolve()):
                raise SourceError(
                    f"{entry.name}: expected a file inside the folder, got a link that leads out of it"
                )
            yield spec, part


def _parts(entry: Path) -> list[Path]:
    """Return the table files that an entry of the folder is or holds."""
    if entry.is_dir():
        known = entry.name in all_specs()
        if not known and (
            entry.name in ("documents", "releases", "sources", "checks") or entry.name.startswith((".", "_"))
        ):
            return []
        return sorted(p for p in entry.iterdir() if p.suffix in SUFFIXES and p.is_file())
    return [entry] if entry.suffix in SUFFIXES else []


def _spec(name: str, place: str) -> TableSpec:
    """Return the table of that name.

    Raises:
        SourceError: With the nearest known name.
    """
    specs = all_specs()
    if name not in specs:
        raise SourceError(
            f"{place}: expected a known table, got {name!r}",
            hint=nearest(name, list(specs)) + " (a file of one's own begins with x_)",
        )
    if specs[name].kind is TableKind.COMPUTED:
        raise SourceError(
            f"{place}: table {name} is computed, never read", hint="take it out: netproof makes it itself"
        )
    return specs[name]


def _first_line(error: Exception) -> str:
    """Return what an error says, without its paragraphs."""
    return str(error).partition("\n")[0][:GOT]


GOT = 200
"""How much of another library's words stands in an error."""
