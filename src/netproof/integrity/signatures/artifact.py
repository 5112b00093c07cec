"""Which bytes are signed: a file of any size read in blocks, or a few bytes in memory.

Digests are made once. A file that changes while it is read is refused: the bytes that were hashed must be
the bytes that were verified. Small files (signatures, keys, lists) are read whole, within a bound.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import stat
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import cycle
from typing import TYPE_CHECKING, BinaryIO, Protocol

from netproof.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future
    from pathlib import Path

SIGNATURE_BYTES_MAX = 4_000_000
"""Largest file that is read as a signature or a key [bytes]."""
HEAD_BYTES = 512
_SMALL = 4 << 20
_BLOCK = 1 << 20
_BLOCKS = 4
"""Blocks in memory where several digests are made: so far may the slower ones lag behind the reader."""
_SHOWN = ("sha256", "sha512")


class Digested(Protocol):
    """Bytes whose digests can be had."""

    def digest(self, algorithm: str) -> bytes:
        """Return their digest."""


class Signed(Digested, Protocol):
    """Bytes over which a signature was made."""

    @contextmanager
    def whole(self) -> Iterator[bytes | mmap.mmap]:
        """Yield all of them, for signatures that are not made over a digest."""


class Bytes:
    """A few bytes in memory."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def digest(self, algorithm: str) -> bytes:
        """Return their digest."""
        return hashlib.new(algorithm, self.content).digest()

    @contextmanager
    def whole(self) -> Iterator[bytes | mmap.mmap]:
        """Yield them."""
        yield self.content


class Artifact:
    """A file, read in blocks."""

    def __init__(self, path: Path, digests: tuple[str, ...] = _SHOWN) -> None:
        """Read a file's digests.

        Args:
            path: A regular file of any size.
            digests: Those that are made at once, in one pass.

        Raises:
            SourceError: It cannot be read, or is no regular file.

        Cost: one pass, as long as the slowest digest takes where each has a core; one more pass for each
            other digest that is asked for.
        """
        self.path = path
        self.name = path.name
        with self._opened() as descriptor:
            self._state = _state(descriptor)
            self.size = self._state[1]
            self.head = os.pread(descriptor, HEAD_BYTES, 0)
            self._digests = _digests(descriptor, digests)
        self.assert_unchanged()

    def digest(self, algorithm: str) -> bytes:
        """Return its digest."""
        if algorithm not in self._digests:
            with self._opened() as descriptor:
                self._digests |= _digests(descriptor, (algorithm,))
            self.assert_unchanged()
        return self._digests[algorithm]

    @contextmanager
    def whole(self) -> Iterator[bytes | mmap.mmap]:
        """Yield the file as one stretch of memory that the system reads as needed."""
        if self.size == 0:
            yield b""
            return
        with self._opened() as descriptor:
            mapped = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
            try:
                yield mapped
            finally:
                mapped.close()

    @contextmanager
    def stream(self) -> Iterator[BinaryIO]:
        """Yield the file, to be read and sought in."""
        with self._opened() as descriptor, os.fdopen(os.dup(descriptor), "rb") as file:
            yield file
        self.assert_unchanged()

    def assert_unchanged(self) -> None:
        """Refuse a file that is another one than at first.

        Raises:
            SourceError: Its size, its times or the file itself changed.
        """
        with self._opened() as descriptor:
            if _state(descriptor) != self._state:
                raise SourceError(f"{self.path}: expected a file at rest, got one that changes while read")

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """Yield a descriptor; what the system refuses is told with the file's name."""
        with _regular(self.path) as descriptor:
            try:
                yield descriptor
            except OSError as error:
                raise _unreadable(self.path, error) from error


def read_small(path: Path, limit: int = SIGNATURE_BYTES_MAX) -> bytes:
    """Return all bytes of a small file.

    Raises:
        SourceError: It cannot be read, is no regular file, or is larger than `limit` bytes.
    """
    with _regular(path) as descriptor:
        try:
            with os.fdopen(os.dup(descriptor), "rb") as file:
                content = file.read(limit + 1)
        except OSError as error:
            raise _unreadable(path, error) from error
    if len(content) > limit:
        raise SourceError(f"{path}: expected at most {limit:,} bytes, got more")
    return content


@contextmanager
def _regular(path: Path) -> Iterator[int]:
    """Yield a descriptor of a regular file; a pipe does not make anybody wait."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SourceError(f"{path}: expected a file, got a folder or a device")
        yield descriptor
    finally:
        os.close(descriptor)


def _unreadable(path: Path, error: OSError | ValueError) -> SourceError:
    """Return the error for a file that the system does not give."""
    why = (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
    return SourceError(f"{path}: expected a file that can be read, got: {why}")


def _state(descriptor: int) -> tuple[int, int, int, int]:
    """Return what would change if the file did."""
    found = os.fstat(descriptor)
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _digests(descriptor: int, algorithms: tuple[str, ...]) -> dict[str, bytes]:
    """Return digests of an open file; where there are several, each has a thread of its own."""
    makers = {name: hashlib.new(name) for name in algorithms}
    first, *others = makers.values()
    whole = os.pread(descriptor, _SMALL, 0)
    if len(whole) < _SMALL and len(whole) == os.fstat(descriptor).st_size:  # threads would take longer
        for maker in makers.values():
            maker.update(whole)
        return {name: maker.digest() for name, maker in makers.items()}
    with ExitStack() as opened:
        # One thread a digest, so that each gets its blocks in order.
        pools = [(opened.enter_context(ThreadPoolExecutor(1)), other.update) for other in others]
        waiting: deque[list[Future[None]]] = deque()
        place = 0
        # The same few blocks again and again stay near the processor; new memory each time costs a third.
        for block in cycle([memoryview(bytearray(_BLOCK)) for _ in range(_BLOCKS if others else 1)]):
            if len(waiting) == _BLOCKS:
                for future in waiting.popleft():
                    future.result()
            read = os.preadv(descriptor, [block], place)
            if not read:
                break
            place += read
            part = block[:read]
            if pools:
                waiting.append([pool.submit(update, part) for pool, update in pools])
            first.update(part)
    return {name: maker.digest() for name, maker in makers.items()}
