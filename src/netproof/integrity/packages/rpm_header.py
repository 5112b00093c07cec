"""The header of an RPM package: which files it says it brings, and its scripts.

Source: RPM 4.19 manual, "RPM V4 Package Format" and "RPM Tags".
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from netproof.integrity.packages import limits
from netproof.integrity.packages.aside import of_rpm
from netproof.integrity.packages.refusal import Refusal, refuse

if TYPE_CHECKING:
    from netproof.errors import SourceError
    from netproof.integrity.packages.streams import Pieces

_HEAD: Final = struct.Struct(">4s4xLL")
_INDEX: Final = struct.Struct(">LLLL")
_MAGIC: Final = b"\x8e\xad\xe8\x01"
_INT16, _INT32, _INT64, _STRING, _STRINGS, _TEXTS = 3, 4, 5, 6, 8, 9
_WIDTHS: Final = {_INT16: "H", _INT32: "L", _INT64: "Q"}
_SIZES_OF: Final = {_INT16: 2, _INT32: 4, _INT64: 8}
_ENTRIES_MAX: Final = 1 << 16

_SIZES, _MODES, _DIGESTS, _LINKS, _FLAGS = 1028, 1030, 1035, 1036, 1037
_FOLDER_NUMBERS, _NAMES, _FOLDERS, _OLD_NAMES = 1116, 1117, 1118, 1027
_FORMAT, _COMPRESSOR, _LONG_SIZES, _CAPABILITIES, _ALGORITHM = 1124, 1125, 5008, 5010, 5011
_GHOST: Final = 1 << 6
_SCRIPTS: Final = {
    1023: "prein",
    1024: "postin",
    1025: "preun",
    1026: "postun",
    1079: "verify",
    1151: "pretrans",
    1152: "posttrans",
    1065: "trigger",
    5066: "filetrigger",
    5076: "transfiletrigger",
    5104: "preuntrans",
    5105: "postuntrans",
}
_HASHES: Final = {1: "md5", 2: "sha1", 8: "sha256", 9: "sha384", 10: "sha512", 11: "sha224"}


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that the header says the package brings.

    Attributes:
        name: As the header has it.
        mode: Kind and permissions.
        size: Its bytes.
        digest: Of its bytes, in hexadecimal; may be empty.
        target: Where a link leads.
        capabilities: Whether it carries file capabilities.
    """

    name: str
    mode: int
    size: int
    digest: str
    target: str
    capabilities: bool


@dataclass(frozen=True, slots=True)
class Header:
    """What the header says.

    Attributes:
        files: What the payload must hold, by the order that the header has; None: not in the payload.
        scripts: What runs at installation or removal, by name.
        form: Of the payload.
        compressor: Of the payload; empty: not said.
        algorithm: Of the files' digests, by the name that hashlib has for it.
        aside: What else it says; see `aside`.
    """

    files: tuple[Brought | None, ...]
    scripts: tuple[tuple[str, bytes], ...]
    form: str
    compressor: str
    algorithm: str
    aside: dict[str, str]


class _Store:
    """The values of a header."""

    def __init__(self, place: str, index: dict[int, tuple[int, int, int]], data: bytes) -> None:
        self._place, self._index, self._data = place, index, data

    def __contains__(self, tag: int) -> bool:
        return tag in self._index

    def raw(self, tag: int) -> list[bytes]:
        """Return the texts of a tag."""
        kind, at, count = self._index.get(tag, (_STRINGS, 0, 0))
        if kind not in (_STRING, _STRINGS, _TEXTS) or count > limits.MEMBERS_MAX:
            raise wrong(self._place)
        found = []
        for _ in range(count):
            end = self._data.find(b"\0", at)
            if end < 0:
                raise wrong(self._place)
            found.append(self._data[at:end])
            at = end + 1
        return found

    def bytes(self, tag: int) -> bytes:
        """Return the bytes of a tag's values."""
        kind, at, count = self._index[tag]
        if kind in (_STRING, _STRINGS, _TEXTS):
            return b"\0".join(self.raw(tag))
        return self._data[at : at + count * _SIZES_OF.get(kind, 1)]

    def texts(self, tag: int) -> list[str]:
        """Return the texts of a tag, decoded."""
        try:
            return [text.decode("utf-8") for text in self.raw(tag)]
        except UnicodeDecodeError as error:
            raise refuse(self._place, Refusal.CHARACTERS, "a text in the header that is not UTF-8") from error

    def numbers(self, tag: int) -> list[int]:
        """Return the numbers of a tag."""
        kind, at, count = self._index.get(tag, (_INT32, 0, 0))
        if kind not in _WIDTHS or count > limits.MEMBERS_MAX:
            raise wrong(self._place)
        form = f">{count}{_WIDTHS[kind]}"
        if at + struct.calcsize(form) > len(self._data):
            raise wrong(self._place)
        return list(struct.unpack_from(form, self._data, at))


def wrong(place: str) -> SourceError:
    """Return the refusal of a header that is none."""
    return refuse(place, Refusal.DAMAGED, "an RPM header that is none")


def skip_header(pieces: Pieces, place: str) -> str:
    """Pass over the signature's header and its filling, and return the digest of its values.

    Raises:
        SourceError: There is none.
    """
    _, _, length = _begin(pieces, place)
    digest = hashlib.sha256()
    for piece in pieces.run(length):
        digest.update(piece)
    pieces.exactly(-length % 8)
    return digest.hexdigest()


def read_header(pieces: Pieces, place: str) -> Header:
    """Return what the header says.

    Raises:
        SourceError: It is damaged, or says two things.
    """
    count, index_data, length = _begin(pieces, place)
    index: dict[int, tuple[int, int, int]] = {}
    for number in range(count):
        tag, kind, at, items = _INDEX.unpack_from(index_data, number * _INDEX.size)
        if tag in index:
            raise refuse(place, Refusal.HEADERS, f"tag {tag} twice in the header")
        index[tag] = (kind, at, items)
    store = _Store(place, index, b"".join(pieces.run(length)))
    scripts = tuple((name, b"\n".join(store.raw(tag))) for tag, name in _SCRIPTS.items() if tag in store)
    algorithm = _HASHES.get((store.numbers(_ALGORITHM) or [1])[0])
    if algorithm is None:
        raise refuse(place, Refusal.METHOD, "digests of an unknown kind")
    form, compressor = (
        (store.texts(tag) or [default])[0] for tag, default in ((_FORMAT, "cpio"), (_COMPRESSOR, ""))
    )
    aside = of_rpm({tag: store.bytes(tag) for tag in index})
    return Header(_files(store, place), scripts, form, compressor, algorithm, aside)


def _begin(pieces: Pieces, place: str) -> tuple[int, bytes, int]:
    """Return how many entries a header has, their bytes, and the length of the values."""
    magic, count, length = _HEAD.unpack(pieces.exactly(_HEAD.size))
    if magic != _MAGIC or count > _ENTRIES_MAX or length > limits.HEADER_MAX:
        raise wrong(place)
    return count, pieces.exactly(count * _INDEX.size), length


def _files(store: _Store, place: str) -> tuple[Brought | None, ...]:
    """Return the files that the header lists; None for those that are made later and not brought."""
    if _OLD_NAMES in store:
        raise refuse(place, Refusal.FORMAT, "file names in the form before RPM 4")
    names, folders = store.texts(_NAMES), store.texts(_FOLDERS)
    count = len(names)
    if count > limits.MEMBERS_MAX:
        raise refuse(place, Refusal.NUMBER, f"{count:,} files in the header")
    places = store.numbers(_FOLDER_NUMBERS)
    sizes = store.numbers(_LONG_SIZES if _LONG_SIZES in store else _SIZES)
    columns = (
        places,
        store.numbers(_MODES),
        sizes,
        store.texts(_DIGESTS) or [""] * count,
        store.texts(_LINKS) or [""] * count,
        store.numbers(_FLAGS) or [0] * count,
        store.texts(_CAPABILITIES) or [""] * count,
    )
    if any(len(column) != count for column in columns) or any(at >= len(folders) for at in places):
        raise wrong(place)
    return tuple(
        None
        if flags & _GHOST
        else Brought(folders[at] + name, mode, size, digest, target, capabilities not in ("", "="))
        for name, at, mode, size, digest, target, flags, capabilities in zip(names, *columns, strict=True)
    )
