"""Web servers on this machine: one that serves a folder, and hostile ones."""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Server(ThreadingHTTPServer):
    """A server that counts what it is asked.

    Attributes:
        asked: paths, in order.
        connections: how many were opened.
        stopped: set when the server goes down.
    """

    daemon_threads = True

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.connections = 0
        self.stopped = Event()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients here hang up on purpose."""

    @property
    def url(self) -> str:
        scheme = "https" if isinstance(self.socket, ssl.SSLSocket) else "http"
        return f"{scheme}://127.0.0.1:{self.server_address[1]}"


@contextmanager
def serving(
    answer: Callable[[BaseHTTPRequestHandler, Server], None], *, tls: ssl.SSLContext | None = None
) -> Iterator[Server]:
    """Yield a running server that answers every GET by a function."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def setup(self) -> None:
            super().setup()
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def do_GET(self) -> None:
            assert isinstance(self.server, Server)
            self.server.asked.append(self.path)
            self.server.headers.append(dict(self.headers.items()))
            answer(self, self.server)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = Server(Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    """Answer with a body and headers (underscores for dashes); its length unless another is named."""
    handler.send_response(status)
    given = {"Content-Length": str(len(body)), **{k.replace("_", "-"): v for k, v in headers.items()}}
    for name, value in given.items():
        if value:
            handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def files(folder: Path, prefix: str = "/") -> Callable[[BaseHTTPRequestHandler, Server], None]:
    """Serve a folder's files below a prefix."""

    def answer(handler: BaseHTTPRequestHandler, _: Server) -> None:
        path = folder / handler.path.removeprefix(prefix)
        if handler.path.startswith(prefix) and path.is_file():
            send(handler, 200, path.read_bytes())
        else:
            send(handler, 404, b"no such file")

    return answer
