"""The fast and the exact CSV reader agree; what Python's writer writes is read back as written."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from netproof.sources.csv_ import read_header, stage_exact, stage_fast
from netproof.sources.scan import scan
from netproof.tables.spec import all_specs
from netproof.tables.store import Store

HEADER = ["component_id", "name", "x_note"]
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=12)
ENDS = st.sampled_from(["\n", "\r\n"])


def staged(path: Path, *, fast: bool) -> list[tuple[str | None, ...]] | None:
    store = Store.empty(threads=1)
    header = read_header(path, all_specs()["component"], path.name)
    if fast:
        if not stage_fast(store, path, header, "_s", scan(path)):
            return None
        return store.rows("select component_id, name, x_note, rowid + 2 from _s order by 4")
    assert stage_exact(store, path, header, "_s") == []
    return store.rows("select component_id, name, x_note, _line from _s order by 4")


@given(rows=ROWS, end=ENDS)
def test_both_readers_read_what_was_written(rows: list[list[str]], end: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows([HEADER, *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "component.csv"
        path.write_bytes(text.getvalue().encode())
        exact = staged(path, fast=False)
        fast = staged(path, fast=True)

    assert exact is not None
    assert [row[:3] for row in exact] == [tuple(row) for row in rows]
    if fast is not None:
        assert [tuple(cell or "" for cell in row[:3]) for row in fast] == [row[:3] for row in exact]
        assert [row[3] for row in fast] == [row[3] for row in exact]


@given(data=st.binary(max_size=300))
def test_no_bytes_make_the_exact_reader_fail(data: bytes) -> None:
    store = Store.empty(threads=1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "component.csv"
        path.write_bytes(b"component_id,name,x_note\n" + data)
        broken = stage_exact(store, path, HEADER, "_s")
        kept = store.value("select count(*) from _s")

    assert len(broken) + kept <= data.count(b"\n") + data.count(b"\r") + 1
