"""A small server that answers as NetBox does: paging, tokens, version header, trouble on demand."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

V1 = "0123456789abcdef0123456789abcdef01234567"
V2 = "nbt_examplekey12." + "x" * 40

Trouble = Callable[["Handler", str], bool]
"""Answers a request in its own way and returns True, or returns False."""


@dataclass(slots=True)
class NetBox:
    """What the server holds and saw.

    Attributes:
        lists: Objects by endpoint, as in `dcim.devices`.
        page_max: NetBox's MAX_PAGE_SIZE.
        base: What stands before the path in the addresses of pages; empty: the server's own.
        seen: Authorization header and path of every request.
    """

    lists: dict[str, list[dict[str, Any]]]
    page_max: int = 1000
    base: str = ""
    trouble: Trouble | None = None
    url: str = ""
    seen: list[tuple[str, str]] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    netbox: NetBox

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""

    def answer(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("API-Version", "4.7")
        self.send_header("Content-Length", str(len(data)))
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        authorization = self.headers.get("Authorization", "")
        self.netbox.seen.append((authorization, self.path))
        if self.netbox.trouble and self.netbox.trouble(self, self.path):
            return
        if authorization not in (f"Token {V1}", f"Bearer {V2}"):
            self.answer(403, {"detail": "Invalid token"})
        elif parts.path == "/api/status/":
            self.answer(200, {"netbox-version": "4.7.3", "python-version": "3.12.1"})
        else:
            name = parts.path.removeprefix("/api/").strip("/").replace("/", ".", 1)
            if name in self.netbox.lists:
                self.page(name, parse_qs(parts.query))
            else:
                self.answer(404, {"detail": "Not found."})

    def page(self, name: str, query: dict[str, list[str]]) -> None:
        """Answer a page as django-rest-framework's LimitOffsetPagination does."""
        limit = min(int(query.get("limit", ["50"])[0]) or self.netbox.page_max, self.netbox.page_max)
        offset = int(query.get("offset", ["0"])[0])
        objects = self.netbox.lists[name]
        if query.get("ordering") == ["id"]:
            objects = sorted(objects, key=lambda item: item["id"])
        following = None
        if offset + limit < len(objects):
            more = urlencode({"limit": limit, "offset": offset + limit, "ordering": "id"})
            following = f"{self.netbox.base or self.netbox.url}{urlsplit(self.path).path}?{more}"
        results = objects[offset : offset + limit]
        self.answer(200, {"count": len(objects), "next": following, "previous": None, "results": results})


@contextmanager
def serving(netbox: NetBox) -> Iterator[NetBox]:
    """Serve on a free port of this machine."""
    handler = type("Bound", (Handler,), {"netbox": netbox})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    netbox.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield netbox
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
