"""Puts a witness on the network: waitress, with every bound that a stranger could stretch."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Final

import waitress

from netproof.errors import SourceError
from netproof.integrity.witness.request import REQUEST_BYTES_MAX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

THREADS: Final = 4
CONNECTIONS_MAX: Final = 200
SILENT_S: Final = 20
"""How long a connection may say nothing [s]."""
_HEADER_BYTES_MAX: Final = 16_384


def _why(error: OSError | UnicodeError) -> str:
    """Return what the system said, without number and address."""
    said = error.strerror if isinstance(error, OSError) else None
    return (said or str(error)).partition(" (while ")[0].lower()


def serve(
    application: Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]],
    host: str,
    port: int,
    ready: Callable[[str], None],
) -> None:
    """Serve until the process is told to end.

    Args:
        application: what answers.
        host: name or address to listen at.
        port: likewise; 0 takes a free one.
        ready: gets the address, once connections are taken.

    Raises:
        SourceError: that address cannot be listened at.
    """
    try:
        # Taken here and not by waitress, which leaves it open where that fails.
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.create_server(address[:2], family=family)
    except (OSError, UnicodeError) as error:
        raise SourceError(
            f"{host}:{port}: expected an address to listen at, got: {_why(error)}",
            hint="name a free one with --host and --port",
        ) from error
    with listening:
        server = waitress.create_server(
            application,
            sockets=[listening],
            threads=THREADS,
            connection_limit=CONNECTIONS_MAX,
            channel_timeout=SILENT_S,
            cleanup_interval=SILENT_S // 2,
            max_request_body_size=REQUEST_BYTES_MAX,
            max_request_header_size=_HEADER_BYTES_MAX,
            ident=None,
        )
        try:
            ready(f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}")
            server.run()
        finally:
            server.close()
