"""Reads an OSCAL document from JSON, YAML or XML and holds it against NIST's official JSON schema.

What a file is, its first sign tells: `{` JSON, `<` XML, anything else YAML. All three become the
same plain values. Sizes and depths are bounded, since a file may be anybody's.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from netproof.errors import CatalogueError
from netproof.oscal.validate import Pointer, validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

SIZE_MAX = 64 << 20
"""Longest document that is read [bytes]."""
KINDS = ("catalog", "profile")
"""The kinds of document that hold or choose controls."""


@dataclass(frozen=True, slots=True)
class Document:
    """An OSCAL document that the schema accepts.

    Attributes:
        place: File name, for errors.
    """

    kind: str
    body: dict[str, Any]
    place: str
    lines: Mapping[Pointer, int] = field(default_factory=dict)


def read_file(path: Path, *, kinds: Sequence[str] = KINDS, place: str = "") -> Document:
    """Return the OSCAL document in a file.

    Raises:
        CatalogueError: It cannot be read, is no such document, or breaks the schema.
    """
    place = place or path.name
    expected = f"{place}: expected an OSCAL {' or '.join(kinds)} in JSON, YAML or XML"
    try:
        if not path.is_file():
            raise CatalogueError(f"{expected}, got {'a folder' if path.is_dir() else 'no such file'}")
        size = path.stat().st_size
        if size > SIZE_MAX:
            raise CatalogueError(f"{expected} of at most {SIZE_MAX:,} bytes, got {size:,}")
        data = path.read_bytes()
    except OSError as error:
        raise CatalogueError(f"{expected}, got {error.strerror or error}") from error
    return read_bytes(data, kinds=kinds, place=place)


def read_bytes(data: bytes, *, kinds: Sequence[str] = KINDS, place: str) -> Document:
    """Return the OSCAL document in some bytes.

    Raises:
        CatalogueError: It is no such document, or breaks the schema; each breach by its JSON
            pointer, in XML by its line too.
    """
    if len(data) > SIZE_MAX:
        raise CatalogueError(f"{place}: expected at most {SIZE_MAX:,} bytes, got {len(data):,}")
    lines: Mapping[Pointer, int] = {}
    start = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"<" or data[:2] in {b"\xfe\xff", b"\xff\xfe"}:
        from netproof.oscal.xml_read import parse_xml  # noqa: PLC0415 - few documents are XML

        document, lines = parse_xml(data, kinds, place=place)
    elif start in {b"{", b"["}:
        document = _parse_json(data.removeprefix(b"\xef\xbb\xbf"), place)
    else:
        from netproof.oscal.yaml_read import parse_yaml  # noqa: PLC0415 - few documents are YAML

        document = parse_yaml(_decoded(data, place), place=place)
    kind = _kind(document, kinds, place)
    validate(document, kind, place=place, lines=lines)
    body: dict[str, Any] = document[kind]
    return Document(kind, body, place, lines)


def read_document(text: str, kind: str, *, place: str) -> dict[str, Any]:
    """Return the body of an OSCAL document in JSON.

    Args:
        text: JSON.
        kind: The document's only key, such as "catalog".
        place: File name, for errors.

    Raises:
        CatalogueError: It is no JSON, no such document, or breaks the schema; each breach by its
            JSON pointer.
    """
    if len(text) > SIZE_MAX:
        raise CatalogueError(f"{place}: expected at most {SIZE_MAX:,} characters, got {len(text):,}")
    document = _parse_json(text, place)
    _kind(document, (kind,), place)
    validate(document, kind, place=place)
    body: dict[str, Any] = document[kind]
    return body


def _decoded(data: bytes, place: str) -> str:
    """Return the text of some bytes."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{place}: expected UTF-8, got {error.reason} at byte {error.start}") from error


def _parse_json(data: str | bytes, place: str) -> Any:
    """Return what JSON says."""
    try:
        with _uncollected():
            return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise CatalogueError(
            f"{place}:{error.lineno}:{error.colno}: expected JSON, got {error.msg}"
        ) from error


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector of cycles away from a parser: it makes none, and the search is a third of its time.

    What was parsed then counts as old at once (freeze and unfreeze), instead of being walked first.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


_CALLED = {dict: "nothing", list: "a list", str: "plain text", type(None): "nothing"}
"""What a document without keys is, in words."""


def _kind(document: Any, kinds: Sequence[str], place: str) -> str:
    """Return which of the wanted kinds a document is."""
    found = next((kind for kind in kinds if isinstance(document, dict) and kind in document), "")
    if not found:
        keys = ", ".join(map(str, list(document)[:3])) if isinstance(document, dict) else ""
        got = keys or _CALLED.get(type(document), "a single value")
        raise CatalogueError(f"{place}: expected an OSCAL {' or '.join(kinds)}, got {got[:120]}")
    return found
