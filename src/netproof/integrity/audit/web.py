"""What does a web server give below this prefix, within bounds of size and time?

Only GET, only below the prefix, only the file itself: no redirect, no compression, no cookie, no password, no
proxy. Each read has a time limit and each file has one for all of it, headers included, so that a server
that drips holds nobody up. Connections are kept for the next file; several threads may ask.
"""

from __future__ import annotations

import io
import ssl
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Lock
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit
from weakref import finalize

from netproof import __version__
from netproof.errors import SourceError
from netproof.integrity.audit.source import HEAD, MissingError, bounded, partial_or_full
from netproof.tlog.encoding import shown
from netproof.tlog.note import NOTE_BYTES_MAX

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from http.client import HTTPResponse
    from urllib.parse import SplitResult

    from _typeshed import WriteableBuffer

    from netproof.tlog.tiles import Tile

_BUSY = frozenset({429, 500, 502, 503, 504})
_HEADERS = {
    "Accept-Encoding": "identity",
    "Cache-Control": "no-cache",
    "User-Agent": f"netproof/{__version__} (+https://c2sp.org/tlog-tiles)",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for.

    Attributes:
        read_s: for a connection, and for each piece of an answer [s].
        whole_s: for a whole answer [s].
        tries: how often a busy or broken server is asked for one file.
        sleep: waits between tries.
    """

    read_s: float = 20.0
    whole_s: float = 120.0
    tries: int = 3
    sleep: Callable[[float], None] = field(default_factory=lambda: time.sleep)


class _BrokenError(Exception):
    """An answer that may come out better when it is asked for again."""


class Web:
    """A log's files on a web server.

    Args:
        where: the prefix, as `https://log.example.org/musternetz`.
        patience: time limits.

    Raises:
        SourceError: no address of a web server.
    """

    def __init__(self, where: str, patience: Patience | None = None) -> None:
        self._parts = _prefix(where)
        self._base = self._parts.path.rstrip("/")
        self._patience = patience or Patience()
        self.where = f"{self._parts.scheme}://{self._parts.netloc}{self._base}"
        self._lock = Lock()
        self._idle: list[_Connection] = []
        self._forgotten = finalize(self, _close_all, self._idle)

    def checkpoint(self) -> bytes:
        """Return the newest signed checkpoint."""
        return self._get(HEAD, NOTE_BYTES_MAX)

    def read(self, tile: Tile) -> bytes:
        """Return a tile or bundle."""
        return partial_or_full(tile, self._get)

    def close(self) -> None:
        """Close the connections; each file that is read later opens its own."""
        _close_all(self._idle)

    def _get(self, path: str, limit: int) -> bytes:
        """Return the bytes of a file, asked for again while the server is busy or the connection breaks."""
        place = f"{self.where}/{path}"
        for left in reversed(range(self._patience.tries)):
            try:
                return self._once(place, f"{self._base}/{path}", limit)
            except (_BrokenError, HTTPException, OSError) as error:
                if isinstance(error, ssl.SSLCertVerificationError):
                    raise SourceError(
                        f"{place}: expected a trusted certificate, got {shown(error.verify_message)}",
                        hint="certificates are checked against the system's store",
                    ) from error
                if not left:
                    raise SourceError(
                        f"{place}: expected an answer, got {_why(error)}",
                        hint="is the server up, and is the address right?",
                    ) from error
            self._patience.sleep(0.5 * (self._patience.tries - left))
        raise AssertionError(place)

    def _once(self, place: str, path: str, limit: int) -> bytes:
        """Ask once; the connection is kept if all of the answer was read."""
        with ExitStack() as unless_kept:
            connection, fresh = self._connection()
            unless_kept.callback(connection.close)
            try:
                answer = connection.ask(path)
            except (ConnectionError, HTTPException):
                if fresh:
                    raise
                # The server closed the connection since the last answer, as it may.
                connection.close()
                connection, _ = self._new()
                unless_kept.callback(connection.close)
                answer = connection.ask(path)
            data = _body(place, answer, limit)
            if not answer.will_close:
                self._keep(connection)
                unless_kept.pop_all()
        if data is None:
            raise MissingError(f"{place}: expected a file, got status {answer.status}")
        return data

    def _keep(self, connection: _Connection) -> None:
        """Keep a connection for the next file."""
        with self._lock:
            self._idle.append(connection)

    def _connection(self) -> tuple[_Connection, bool]:
        """Return a connection, and whether it is a new one."""
        with self._lock:
            if self._idle:
                return self._idle.pop(), False
        return self._new()

    def _new(self) -> tuple[_Connection, bool]:
        """Return a new connection."""
        return _Connection(self._parts, self._patience), True


class _Connection:
    """A connection whose every answer has a deadline."""

    def __init__(self, parts: SplitResult, patience: Patience) -> None:
        host, port = parts.hostname or "", parts.port
        self._http: HTTPConnection
        if parts.scheme == "https":
            context = ssl.create_default_context()
            self._http = HTTPSConnection(host, port, timeout=patience.read_s, context=context)
        else:
            self._http = HTTPConnection(host, port, timeout=patience.read_s)
        self._patience = patience
        self._timed: _Timed | None = None

    def ask(self, path: str) -> HTTPResponse:
        """Return the answer to a GET, its headers read."""
        ends = time.monotonic() + self._patience.whole_s
        if self._timed is None:
            self._http.connect()
            self._timed = _Timed(self._http.sock, self._patience.read_s)
            # The same five methods that http.client uses of a socket; typed as one there.
            self._http.sock = cast("Any", self._timed)
        self._timed.ends = ends
        self._http.request("GET", path, headers=_HEADERS)
        return self._http.getresponse()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()


class _Timed:
    """A socket that reads and writes until a moment, and not longer."""

    def __init__(self, sock: socket.socket, read_s: float) -> None:
        self._sock = sock
        self._read_s = read_s
        self.ends = 0.0

    def set_timeout(self) -> None:
        """Give the next operation the time that is left, at most that of one read."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time for the whole answer is over")
        self._sock.settimeout(min(left, self._read_s))

    def sendall(self, data: bytes) -> None:
        """Send a request."""
        self.set_timeout()
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return a file that reads from here."""
        del mode
        return io.BufferedReader(_TimedReader(self, self._sock.makefile("rb", buffering=0)))

    def close(self) -> None:
        """Close the socket once nobody reads from it."""
        self._sock.close()


class _TimedReader(io.RawIOBase):
    """Reads from a socket, each time with the time that is left."""

    def __init__(self, timed: _Timed, raw: io.RawIOBase) -> None:
        self._timed = timed
        self._raw = raw

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        """Read what is there, or wait for it."""
        self._timed.set_timeout()
        return cast("int | None", self._raw.readinto(buffer))

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()
        super().close()


def _body(place: str, answer: HTTPResponse, limit: int) -> bytes | None:
    """Return the body of a good answer; None where the server says that there is no such file.

    Raises:
        SourceError: an answer that will not come out better.
        _BrokenError: one that may.
    """
    status = answer.status
    if status in _BUSY:
        raise _BrokenError(f"status {status}")
    if status in {404, 410}:
        _drain(answer)
        return None
    if 300 <= status < 400:
        raise SourceError(
            f"{place}: expected the file itself, got a redirect (status {status})",
            hint="redirects are not followed: name the address where the files lie",
        )
    if status != 200:
        raise SourceError(f"{place}: expected a file, got status {status}")
    coding = answer.getheader("Content-Encoding", "identity")
    if coding.strip().lower() != "identity":
        raise SourceError(f"{place}: expected the bytes as they are, got content coding {shown(coding)}")
    if answer.length is not None and answer.length > limit:
        raise SourceError(f"{place}: expected at most {limit:,} bytes, got {answer.length:,}")
    data = bounded(place, answer.read(limit + 1), limit)
    if answer.length:
        raise _BrokenError(f"an answer that lacks {answer.length:,} bytes")
    return data


def _drain(answer: HTTPResponse) -> None:
    """Read the short body of an answer that has none of interest, so that the connection can be used on."""
    answer.read(65_536)
    if not answer.isclosed():
        answer.will_close = True


def _why(error: Exception) -> str:
    """Return what went wrong; a server's own words are shown safely."""
    if isinstance(error, _BrokenError):
        return str(error)
    if isinstance(error, TimeoutError):
        return "none in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return f"{type(error).__name__.strip('_')}: {shown(str(error))}"


def _close_all(idle: list[_Connection]) -> None:
    """Close the connections that wait."""
    while idle:
        idle.pop().close()


def _prefix(where: str) -> SplitResult:
    """Return the parts of a prefix.

    Raises:
        SourceError: another scheme, no host, a password, a query, or signs that no address has.
    """
    try:
        parts = urlsplit(where)
        good = (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and (parts.port is None or parts.port > 0)
            and not (parts.username or parts.password or parts.query or parts.fragment)
            and where.isascii()
            and where.isprintable()
            and " " not in where
        )
    except ValueError:
        good = False
    if not good:
        raise SourceError(
            f"{shown(where)}: expected a folder, or an address such as https://log.example.org/musternetz",
            hint="only http and https are read, without password, query or fragment",
        )
    return parts
