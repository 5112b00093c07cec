from __future__ import annotations

import tomllib
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from netproof import demo
from netproof.demo import write
from netproof.errors import SourceError

if TYPE_CHECKING:
    from netproof.demo.frames import Frame
    from netproof.tables.spec import TableSpec


def files(folder: Path) -> dict[str, str]:
    """The digest of every file of a folder."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(tmp_path / name, sites=120, seed=7)

    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_another_seed_gives_another_network(tmp_path: Path) -> None:
    write(tmp_path / "one", sites=120, seed=7)
    write(tmp_path / "two", sites=120, seed=8)

    assert files(tmp_path / "one")["component.csv"] != files(tmp_path / "two")["component.csv"]


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")

    with pytest.raises(SourceError, match="expected an empty or absent folder") as caught:
        write(tmp_path, sites=120)

    assert caught.value.hint != ""
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    folder = tmp_path / "net"
    folder.mkdir()

    write(folder, sites=120)

    assert (folder / "network.toml").is_file()


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "net").write_text("mine", "utf-8")

    with pytest.raises(SourceError, match="expected an empty or absent folder"):
        write(tmp_path / "net", sites=120)


def test_the_folder_one_stands_in_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SourceError, match="the one you stand in"):
        write(Path(), sites=120)

    assert list(tmp_path.iterdir()) == []


def test_too_few_sites_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="at least 100 sites, got 99"):
        write(tmp_path / "net", sites=99)

    assert list(tmp_path.iterdir()) == []


def test_a_crash_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, _spec: TableSpec, _frame: Frame) -> None:
        path.write_text("half", "utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(demo, "write_csv", full)

    with pytest.raises(SourceError, match="No space left on device"):
        write(tmp_path / "net", sites=120)

    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")

    with pytest.raises(SourceError, match="cannot be written"):
        write(tmp_path / "file" / "net", sites=120)


def test_parquet_holds_the_same_rows_as_csv(tmp_path: Path) -> None:
    write(tmp_path / "csv", sites=120, seed=3)
    write(tmp_path / "parquet", sites=120, seed=3, format="parquet")
    connection = duckdb.connect()
    for path in sorted((tmp_path / "parquet").glob("*.parquet")):
        columns = connection.execute(f"describe from '{path}'").fetchall()
        # Digests as text, so that both sides compare.
        names = ", ".join(
            f"lower(hex({name})) as {name}" if kind == "BLOB" else name for name, kind, *_ in columns
        )
        types = {
            name: "VARCHAR" if kind == "BLOB" else "TIMESTAMP" if kind.startswith("TIMESTAMP") else kind
            for name, kind, *_ in columns
        }
        got = connection.execute(f"select {names} from '{path}'").fetchall()
        text = tmp_path / "csv" / f"{path.stem}.csv"
        want = connection.execute(
            f"from read_csv('{text}', columns = {types}, header = true, strict_mode = true)"
        ).fetchall()

        assert got == want, path.stem


PLANTED = {"D-quarzmund", "D-morvantis", "D-tarnhollow"}
"""Declarations whose document was changed, is gone, or has no recorded digest."""


def test_documents_are_those_that_the_declarations_name(tmp_path: Path) -> None:
    write(tmp_path / "net", sites=120)
    rows = duckdb.connect().execute(
        f"select document, sha256, 'D-' || supplier_id from '{tmp_path}/net/declaration.csv' "
        f"union all select document, sha256, '' from '{tmp_path}/net/answer.csv' where document is not null"
    )
    named = {name: digest for name, digest, row in rows.fetchall() if row not in PLANTED}
    folder = tmp_path / "net" / "documents"

    got = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}

    assert got.items() >= named.items()
    unnamed = {name.removesuffix(".p7s") for name in got.keys() - named.keys()} - named.keys()
    assert unnamed == {f"{row}.txt" for row in PLANTED - {"D-morvantis"}}


def test_the_folder_says_that_it_is_made_up(tmp_path: Path) -> None:
    write(tmp_path / "net", sites=120)
    network = tomllib.loads((tmp_path / "net" / "network.toml").read_text("utf-8"))

    assert "Everything in this folder is made up" in (tmp_path / "net" / "README.md").read_text("utf-8")
    assert "made up" in network["name"]
    assert network["catalogues"] == ["de-tkg-2.0"]


def test_planted_faults_are_listed_in_small_networks_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "LISTED", 110)
    write(tmp_path / "small", sites=110)
    write(tmp_path / "large", sites=111)

    assert (tmp_path / "small" / "planted.toml").is_file()
    assert not (tmp_path / "large" / "planted.toml").exists()


def test_progress_tells_every_table_and_the_end(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    write(tmp_path / "net", sites=120, progress=lambda *at: told.append(at))

    assert [at[0] for at in told][:2] == ["site", "component"]
    assert told[-1] == ("", 26, 26)
