"""Lists of files: read as the header promises, or refused with the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netproof.errors import SourceError
from netproof.integrity.register.listing import Item, read_list
from netproof.integrity.register.naming import Said

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, content: bytes) -> Path:
    path = folder / "list.csv"
    path.write_bytes(content)
    return path


def test_a_list_names_files_beside_it(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        b'\xef\xbb\xbffile,product,release,signature\r\na.bin,core-9,1,a.asc\r\n\r\n"sub/b,c.bin",,,\r\n',
    )

    assert read_list(path) == [
        Item(tmp_path / "a.bin", Said(product="core-9", release="1"), (tmp_path / "a.asc",), "a.bin"),
        Item(tmp_path / "sub" / "b,c.bin", Said(), (), "sub/b,c.bin"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ":1: expected the column file"),
        (b"product\nx\n", ":1: expected the column file"),
        (b"file,file\na,b\n", ":1: expected the column file"),
        (b"file,colour\na,b\n", ":1: expected the column file"),
        (b"file,part\na\n", ":2: expected 2 values, got 1"),
        (b"file,part\na,b\nc,d,e\n", ":3: expected 2 values, got 3"),
        (b"file,part\n,b\n", ":2: expected the name of a file"),
        (b"file\na\0b\n", ":2: "),
        (b'file\n"a\n', ":2: expected CSV"),
        (b'file\n"a"b\n', ":2: expected CSV"),
        (b"file\n\xff\n", "expected text in UTF-8"),
    ],
)
def test_what_the_header_does_not_promise_is_refused_with_its_line(
    tmp_path: Path, content: bytes, message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        read_list(written(tmp_path, content))
