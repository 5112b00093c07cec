"""Bytes that flow: read in chunks, unpacked within bounds, taken in exact pieces.

Nothing is held but a chunk, and nothing is written to disk. gzip, bzip2 and xz are unpacked by the
standard library, Zstandard by Arrow.
"""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

from netproof.errors import SourceError
from netproof.integrity.packages import limits
from netproof.integrity.packages.refusal import Refusal, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from netproof.integrity.packages.budget import Budget


class Codec(StrEnum):
    """How a stream is compressed."""

    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    LZMA = "lzma"
    ZSTD = "zstd"
    DEFLATE = "deflate"


MAGIC: Final = {
    b"\x1f\x8b": Codec.GZIP,
    b"BZh": Codec.BZIP2,
    b"\xfd7zXZ\0": Codec.XZ,
    b"\x28\xb5\x2f\xfd": Codec.ZSTD,
}
"""First bytes of a compressed file. `lzma` and `deflate` have none: who names them says so."""
_MAGIC_LENGTH: Final = max(map(len, MAGIC))


class _Unpacker(Protocol):
    """What bz2 and lzma offer, and `_Zlib` as they do."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Zlib:
    """zlib's decompressor with the ways of the others."""

    def __init__(self, bits: int) -> None:
        self._inner = zlib.decompressobj(bits)
        self._full = False

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._full and not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        out = self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
        self._full = len(out) == max_length
        return out


_UNPACKERS: Final[dict[Codec, Callable[[], _Unpacker]]] = {
    Codec.GZIP: lambda: _Zlib(31),
    Codec.DEFLATE: lambda: _Zlib(-15),
    Codec.BZIP2: bz2.BZ2Decompressor,
    Codec.XZ: lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, limits.UNPACKING_MEMORY),
    Codec.LZMA: lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, limits.UNPACKING_MEMORY),
}
_ALONE: Final = frozenset({Codec.DEFLATE, Codec.LZMA})  # one stream, never several one behind the other


class _Meter:
    """What goes into a stream and what comes out of it."""

    def __init__(self, place: str, budget: Budget) -> None:
        self._place, self._budget = place, budget
        self.taken = self.given = 0

    def give(self, out: bytes) -> bytes:
        """Return what came out, if the ratio and the size still hold."""
        self.given += len(out)
        if self.given > limits.RATIO_FREE and self.given > limits.RATIO_MAX * max(self.taken, 1):
            got = f"{self.given:,} bytes from {self.taken:,}"
            raise refuse(self._place, Refusal.RATIO, got)
        self._budget.unpacked(self._place, len(out))
        return out


def unpacked(chunks: Iterable[bytes], codec: Codec, place: str, budget: Budget) -> Iterator[bytes]:
    """Yield what a compressed stream holds.

    Raises:
        SourceError: It is damaged, goes on with other bytes, or unpacks to more than the bounds allow.
    """
    meter = _Meter(place, budget)
    inner = _zstd(chunks, meter) if codec is Codec.ZSTD else _steps(chunks, codec, place, meter)
    try:
        yield from inner
    except SourceError:
        raise
    except lzma.LZMAError as error:
        refusal = Refusal.MEMORY if "memory" in str(error).lower() else Refusal.DAMAGED
        raise refuse(place, refusal, f"{codec} that says: {error}") from error
    except (zlib.error, OSError, EOFError, ValueError) as error:
        raise refuse(place, Refusal.DAMAGED, f"{codec} that cannot be unpacked") from error


def _steps(chunks: Iterable[bytes], codec: Codec, place: str, meter: _Meter) -> Iterator[bytes]:
    """Yield what streams one behind the other hold, step by step."""
    unpacker = _UNPACKERS[codec]()
    streams, left = 1, b""
    for chunk in chunks:
        meter.taken += len(chunk)
        data, left = left + chunk, b""
        while data:
            if unpacker.eof:
                data = data if codec in _ALONE else data.lstrip(b"\0")
                if codec not in _ALONE and len(data) < _MAGIC_LENGTH:
                    left = data  # too few to tell what begins there
                    break
                _another(codec, place, data, streams)
                unpacker, streams = _UNPACKERS[codec](), streams + 1
            yield meter.give(unpacker.decompress(data, limits.PIECE))
            while not unpacker.eof and not unpacker.needs_input:
                yield meter.give(unpacker.decompress(b"", limits.PIECE))
            data = unpacker.unused_data if unpacker.eof else b""
    if not unpacker.eof:
        raise refuse(place, Refusal.DAMAGED, f"{codec} that ends too early")
    if left:
        raise refuse(place, Refusal.HIDDEN, f"other bytes behind the {codec} stream")


def _another(codec: Codec, place: str, data: bytes, streams: int) -> None:
    """Refuse what cannot be another stream."""
    if codec in _ALONE or MAGIC.get(codec_magic(data)) is not codec:
        raise refuse(place, Refusal.HIDDEN, f"other bytes behind the {codec} stream")
    if streams >= limits.STREAMS_MAX:
        raise refuse(place, Refusal.NUMBER, f"more than {limits.STREAMS_MAX:,} streams one behind the other")


def codec_magic(data: bytes) -> bytes:
    """Return the magic with which bytes begin; empty where none is known."""
    return next((magic for magic in MAGIC if data.startswith(magic)), b"")


class _Fed(io.RawIOBase):
    """Chunks as a file that Arrow reads."""

    def __init__(self, chunks: Iterable[bytes], meter: _Meter) -> None:
        self._chunks, self._meter = iter(chunks), meter
        self._left = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._left:
            self._left = next(self._chunks, b"")
        size = len(self._left) if size < 0 else size
        out, self._left = self._left[:size], self._left[size:]
        self._meter.taken += len(out)
        return out


def _zstd(chunks: Iterable[bytes], meter: _Meter) -> Iterator[bytes]:
    """Yield what a Zstandard stream holds."""
    import pyarrow as pa  # noqa: PLC0415 - heavy, and few packages need it

    with pa.CompressedInputStream(pa.PythonFile(_Fed(chunks, meter), mode="r"), "zstd") as stream:
        while out := stream.read(limits.CHUNK):
            yield meter.give(out)


def chunks_of(file: BinaryIO, size: int | None = None) -> Iterator[bytes]:
    """Yield a file's bytes from where it stands, at most `size` of them.

    Raises:
        OSError: It cannot be read.
    """
    left = size
    while left is None or left > 0:
        chunk = file.read(limits.CHUNK if left is None else min(limits.CHUNK, left))
        if not chunk:
            return
        if left is not None:
            left -= len(chunk)
        yield chunk


class Pieces:
    """A stream of bytes, taken in pieces of exact length."""

    def __init__(self, chunks: Iterable[bytes], place: str) -> None:
        self._chunks, self._place = iter(chunks), place
        self._held, self._at = b"", 0

    def some(self, most: int) -> bytes:
        """Return between one and `most` bytes; empty at the end."""
        while self._at >= len(self._held):
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._held, self._at = chunk, 0
        out = self._held[self._at : self._at + most]
        self._at += len(out)
        return out

    def at_most(self, count: int) -> bytes:
        """Return `count` bytes, fewer only at the end; `count` is small."""
        out = bytearray()
        while len(out) < count and (piece := self.some(count - len(out))):
            out += piece
        return bytes(out)

    def exactly(self, count: int) -> bytes:
        """Return `count` bytes; `count` is small.

        Raises:
            SourceError: The stream ends before.
        """
        out = self.at_most(count)
        if len(out) != count:
            raise self._short()
        return out

    def run(self, count: int) -> Iterator[bytes]:
        """Yield the next `count` bytes.

        Raises:
            SourceError: The stream ends before.
        """
        while count:
            piece = self.some(min(count, limits.PIECE))
            if not piece:
                raise self._short()
            count -= len(piece)
            yield piece

    def rest(self) -> Iterator[bytes]:
        """Yield what is left."""
        while piece := self.some(limits.PIECE):
            yield piece

    def _short(self) -> SourceError:
        """Return the refusal of a stream that ends too early."""
        return refuse(self._place, Refusal.DAMAGED, "one that ends too early")
