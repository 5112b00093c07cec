"""What hostile web servers do, and that it harms nobody (attacks 18, 32 and 38 of the threat list)."""

from __future__ import annotations

import gzip
import socket
import time
from contextlib import closing
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from netproof.errors import SourceError
from netproof.integrity.audit import MissingError, open_source
from netproof.integrity.audit.web import Patience, Web
from netproof.tlog.tiles import BUNDLE, Tile
from tests.unit.integrity.audit.logs import Log, entries, written
from tests.unit.integrity.audit.serving import Server, files, send, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

    Handler = BaseHTTPRequestHandler

QUICK = Patience(read_s=0.2, whole_s=0.4, tries=1)
"""Time limits with which a test waits for nobody."""


def read(answer: Callable[[Handler, Server], None], tile: Tile | None = None, tries: int = 1) -> bytes:
    """What is had from a server that answers so."""
    patience = Patience(read_s=0.2, whole_s=0.4, tries=tries, sleep=lambda _: None)
    with serving(answer) as server, closing(Web(server.url, patience)) as web:
        return web.checkpoint() if tile is None else web.read(tile)


def test_files_below_a_prefix_are_read_over_one_connection(tmp_path: Path) -> None:
    log = written(tmp_path)
    with serving(files(tmp_path, "/logs/a/")) as server, closing(Web(f"{server.url}/logs/a/")) as web:
        got = [web.checkpoint(), web.read(Tile(0, 0)), web.read(Tile(BUNDLE, 1, 44))]

        assert got == [
            (log.folder / name).read_bytes() for name in ("checkpoint", "tile/0/000", "tile/entries/001.p/44")
        ]
        assert web.where == f"{server.url}/logs/a"
        assert server.asked == [
            "/logs/a/checkpoint",
            "/logs/a/tile/0/000",
            "/logs/a/tile/entries/001.p/44",
        ]
        assert server.connections == 1
        assert {asked["Accept-Encoding"] for asked in server.headers} == {"identity"}


def test_the_full_tile_is_taken_where_the_partial_one_is_gone(tmp_path: Path) -> None:
    log = written(tmp_path, 300)
    log.append(entries(300, 212))
    (tmp_path / "tile/0/001.p/44").unlink()
    with serving(files(tmp_path)) as server, closing(Web(server.url)) as web:
        got = web.read(Tile(0, 1, 44))

        assert got == (tmp_path / "tile/0/001").read_bytes()
        assert server.connections == 1
        with pytest.raises(MissingError, match="tile/0/007: expected a file, got status 404"):
            web.read(Tile(0, 7, 44))


def test_a_connection_that_the_server_closed_is_opened_again(tmp_path: Path) -> None:
    written(tmp_path)
    serve = files(tmp_path)

    def once(handler: Handler, server: Server) -> None:
        serve(handler, server)
        # Not announced: the client learns it with its next request.
        handler.close_connection = True

    with serving(once) as server, closing(Web(server.url, QUICK)) as web:
        got = {web.checkpoint() for _ in range(3)}

        assert len(got) == 1
        assert server.connections == 3


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 300, 304])
def test_38_a_redirect_is_never_followed(status: int) -> None:
    def answer(handler: Handler, server: Server) -> None:
        send(handler, status, b"", Location=f"{server.url}/elsewhere")
        assert server.asked == ["/checkpoint"]

    with pytest.raises(SourceError, match=f"got a redirect \\(status {status}\\)"):
        read(answer)


@pytest.mark.parametrize(
    "where",
    [
        "file:///etc",
        "FILE:/etc/passwd",
        "ftp://log.example.org/",
        "gopher://log.example.org/",
        "data:text/plain,x",
        "https://",
        "http:///path",
        "https://user:secret@log.example.org/",
        "https://log.example.org/?a=b",
        "https://log.example.org/#part",
        "https://log.example.org/a b",
        "https://log.example.org:99999/",
        "https://[::1/",
        "https://log.example.org/\u202e",
        "https://log.example.org/a\r\nHost: other",
    ],
)
def test_38_only_plain_web_addresses_are_opened(where: str) -> None:
    with pytest.raises(SourceError, match="expected a folder, or an address"):
        open_source(where)


def test_32_an_endless_body_is_cut_off() -> None:
    sent = 0

    def answer(handler: Handler, server: Server) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        while not server.stopped.is_set():
            handler.wfile.write(b"10000\r\n" + bytes(65_536) + b"\r\n")
            sent += 65_536

    with pytest.raises(SourceError, match="expected at most 1,000,000 bytes, got more"):
        read(answer)
    assert sent < 64_000_000


def test_32_a_body_that_announces_too_much_is_not_read() -> None:
    def answer(handler: Handler, _: Server) -> None:
        send(handler, 200, b"", Content_Length="9000")

    with pytest.raises(SourceError, match="expected at most 8,192 bytes, got 9,000"):
        read(answer, Tile(0, 0))


def test_32_a_server_that_never_answers_is_left() -> None:
    def answer(_: Handler, server: Server) -> None:
        server.stopped.wait(5)

    begun = time.monotonic()
    with pytest.raises(SourceError, match="expected an answer, got none in time"):
        read(answer)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("part", ["headers", "body", "chunks"])
def test_32_a_server_that_drips_is_left_when_the_time_for_the_whole_is_over(part: str) -> None:
    def answer(handler: Handler, server: Server) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        if part == "body":
            handler.wfile.write(b"Content-Length: 900000\r\n\r\n")
        if part == "chunks":
            handler.wfile.write(b"Transfer-Encoding: chunked\r\n\r\n")
        piece = {"headers": b"X: y\r\n", "body": b"x", "chunks": b"1\r\nx\r\n"}[part]
        while not server.stopped.wait(0.05):
            handler.wfile.write(piece)

    begun = time.monotonic()
    with pytest.raises(SourceError, match="expected an answer, got"):
        read(answer)
    assert time.monotonic() - begun < 2


def test_32_a_compressed_answer_is_refused_before_it_is_read() -> None:
    bomb = gzip.compress(bytes(10_000_000))

    def answer(handler: Handler, _: Server) -> None:
        send(handler, 200, bomb, Content_Encoding="gzip")

    with pytest.raises(SourceError, match="expected the bytes as they are, got content coding 'gzip'"):
        read(answer)


def test_32_a_body_shorter_than_announced_is_asked_for_again_and_then_refused() -> None:
    def answer(handler: Handler, _: Server) -> None:
        send(handler, 200, b"short", Content_Length="50")
        handler.close_connection = True

    with pytest.raises(SourceError, match="an answer that lacks 45 bytes"):
        read(answer, tries=2)


def test_32_a_body_longer_than_announced_ends_where_it_was_announced() -> None:
    def answer(handler: Handler, _: Server) -> None:
        send(handler, 200, b"x" * 40 + b"HTTP/1.1 200 OK\r\n\r\n", Content_Length="40")

    assert read(answer, Tile(0, 0)) == b"x" * 40


@pytest.mark.parametrize("garbage", [b"\x00\xff" * 50, b"SSH-2.0-x\r\n", b"HTTP/1.1 20", b"", b"A" * 70_000])
def test_a_server_that_speaks_no_http_is_no_answer(garbage: bytes) -> None:
    def answer(handler: Handler, _: Server) -> None:
        handler.wfile.write(garbage)
        handler.close_connection = True

    with pytest.raises(SourceError, match="expected an answer, got"):
        read(answer)


def test_a_busy_server_is_asked_again(tmp_path: Path) -> None:
    written(tmp_path)
    serve = files(tmp_path)

    def answer(handler: Handler, server: Server) -> None:
        if len(server.asked) < 3:
            send(handler, 503, b"busy")
        else:
            serve(handler, server)

    assert read(answer, tries=3) == (tmp_path / "checkpoint").read_bytes()
    with pytest.raises(SourceError, match="expected an answer, got status 503"):
        read(answer, tries=2)


@pytest.mark.parametrize("status", [204, 206, 401, 403, 418, 501])
def test_another_status_is_no_file(status: int) -> None:
    def answer(handler: Handler, _: Server) -> None:
        send(handler, status)

    with pytest.raises(SourceError, match=f"expected a file, got status {status}$"):
        read(answer)


def test_a_server_that_is_not_there_is_told_with_its_address() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(
            SourceError, match=f"{url}/checkpoint: expected an answer, got connection refused"
        ):
            Web(url, QUICK).checkpoint()


def test_an_address_without_tls_behind_it_is_no_answer() -> None:
    with serving(lambda handler, _: send(handler, 200)) as server:
        url = server.url.replace("http:", "https:")
        with pytest.raises(SourceError, match="expected an answer, got"):
            Web(url, QUICK).checkpoint()


def test_threads_share_a_source(tmp_path: Path) -> None:
    log = Log(tmp_path).append(entries(0, 1_000))
    log.sign()
    got: dict[int, bytes] = {}
    with serving(files(tmp_path)) as server, closing(Web(server.url)) as web:
        threads = [
            Thread(target=lambda at=at: got.update({at: web.read(Tile(0, at % 3))})) for at in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert got == {at: (tmp_path / f"tile/0/00{at % 3}").read_bytes() for at in range(12)}
        assert server.connections <= 12
