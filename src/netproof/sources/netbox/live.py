"""Reads a running NetBox through pynetbox, whose session is held on a short lead here.

Only GET, only the server that was named (the token goes nowhere else), answers of bounded size,
time limits, and a bounded number of tries when the server is busy or away. Sleeping is an
argument, so that tests do not sleep.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import pynetbox
import requests
from pynetbox.core.query import ContentError, Request, RequestError

from netproof.errors import SourceError
from netproof.sources.netbox.endpoints import ENDPOINTS, Endpoint
from netproof.sources.netbox.reading import Answers, Record, plain, trimmed

Progress = Callable[[str, int, int], None]
Sleep = Callable[[float], None]

PAGE = 500
"""Objects a page; NetBox allows 1,000 unless its administrator says otherwise."""
ANSWER_BYTES_MAX = 64 * 2**20
OBJECTS_MAX = 5_000_000
TRIES = 6
WAIT_MAX_S = 30.0
TIMEOUT_S = (10.0, 120.0)
"""For the connection, and for each piece of an answer [s]."""
REDIRECTS_MAX = 3
REQUESTS_MAX = 50_000
_BUSY = (429, 500, 502, 503, 504)
_PORTS = {"http": 80, "https": 443}


class Leashed(requests.Session):
    """A session that asks one server only, waits for it a bounded time, and reads bounded answers."""

    def __init__(self, base: SplitResult, sleep: Sleep) -> None:
        super().__init__()
        # Neither a proxy nor a password file of the machine may see or change what is asked.
        self.trust_env = False
        self.base = base
        self.sleep = sleep
        self.asked: set[str] = set()

    def request(self, method: str | bytes, url: str | bytes, *_: Any, **options: Any) -> requests.Response:
        """Return an answer; retried while the server is busy, redirected within the server.

        Raises:
            SourceError: The server cannot be reached, or leads elsewhere.
        """
        target = self._own(str(url))
        params = options.get("params")
        self._once(f"{method!s} {target} {params}")
        for _hop in range(REDIRECTS_MAX + 1):
            answer = self._patient(str(method), target, options.get("headers"), params)
            if not answer.is_redirect:
                return answer
            target = self._own(urljoin(target, answer.headers["location"]), strict=True)
            params = None
        raise SourceError(
            f"{self.base.geturl()}: expected an answer, got more than {REDIRECTS_MAX} redirects"
        )

    def _once(self, question: str) -> None:
        """See that a server does not lead in circles from page to page."""
        if question in self.asked or len(self.asked) >= REQUESTS_MAX:
            raise SourceError(
                f"{self.base.geturl()}: expected pages that end, got the same again or too many: {question}"
            )
        self.asked.add(question)

    def _own(self, url: str, *, strict: bool = False) -> str:
        """Return an address of the server that was named; its own port and scheme are kept.

        A server behind a proxy often writes `http` into the addresses of its pages: path and
        query are taken from there, and are asked where the user said.
        """
        parts = _split(url)
        same = parts.hostname == self.base.hostname
        if strict:
            # From http to https is a step up; any other change of scheme or port is another service.
            same = same and (parts.scheme, _port(parts)) in (
                (self.base.scheme, _port(self.base)),
                ("https", _PORTS["https"]),
            )
        if not same or parts.username or parts.password:
            raise SourceError(
                f"{self.base.geturl()}: expected answers from there, got sent to {plain(url)[:120]}",
                hint="the token is sent nowhere else: name the server's final address",
            )
        if strict:
            return url
        return urlunsplit((self.base.scheme, self.base.netloc, parts.path, parts.query, ""))

    def _patient(self, method: str, url: str, headers: Any, params: Any) -> requests.Response:
        """Ask, and ask again while the server is busy or the connection breaks."""
        why = ""
        for attempt in range(TRIES):
            wait = min(WAIT_MAX_S, 0.5 * 2**attempt)
            try:
                answer = super().request(
                    method,
                    url,
                    headers=headers,
                    params=params,
                    stream=True,
                    allow_redirects=False,
                    timeout=TIMEOUT_S,
                )
                _fill(answer, url)
            except requests.exceptions.SSLError as error:
                raise SourceError(
                    f"{url}: expected a trusted certificate, got {plain(str(error))[:200]}"
                ) from error
            except (
                requests.ConnectionError,
                requests.Timeout,
                requests.exceptions.ChunkedEncodingError,
            ) as error:
                why = type(error).__name__
            except requests.RequestException as error:
                raise SourceError(f"{url}: expected an answer, got {plain(str(error))[:200]}") from error
            else:
                if answer.status_code not in _BUSY:
                    return answer
                why = f"status {answer.status_code}"
                wait = _asked_wait(answer) or wait
            if attempt < TRIES - 1:
                self.sleep(wait)
        raise SourceError(
            f"{url}: expected an answer, got {why} {TRIES} times",
            hint="is the server up, and is the address right?",
        )


def _split(url: str) -> SplitResult:
    """Return the parts of an address.

    Raises:
        SourceError: It is none.
    """
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (reading it is what checks it)
    except ValueError as error:
        raise SourceError(f"{plain(url)[:120]}: expected an address, got {error}") from error
    return parts


def _port(parts: SplitResult) -> int | None:
    """Return the port of an address."""
    return parts.port or _PORTS.get(parts.scheme)


def _fill(answer: requests.Response, url: str) -> None:
    """Read an answer's body, up to the limit."""
    data = bytearray()
    for chunk in answer.iter_content(2**16):
        data += chunk
        if len(data) > ANSWER_BYTES_MAX:
            answer.close()
            raise SourceError(f"{url}: expected at most {ANSWER_BYTES_MAX:,} bytes, got more")
    # requests has no public way to hand back a body that was read with a limit.
    answer._content = bytes(data)  # noqa: SLF001


def _asked_wait(answer: requests.Response) -> float | None:
    """Return the seconds for which a busy server asks to wait, within bounds."""
    text = answer.headers.get("retry-after", "")
    return min(WAIT_MAX_S, float(text)) if text.isascii() and text.isdigit() else None


@dataclass(slots=True)
class _Server:
    """A NetBox to read from."""

    api: Any
    answers: Answers
    progress: Progress | None

    def read(self, number: int, endpoint: Endpoint) -> None:
        """Read all objects of an endpoint, or note why that is not possible."""
        if self.progress:
            self.progress(endpoint.name, number, len(ENDPOINTS))
        request = Request(
            base=f"{self.api.base_url}/{endpoint.path}",
            http_session=self.api.http_session,
            token=self.api.token,
            filters={"ordering": "id"},
            limit=PAGE,
        )
        digest = hashlib.sha256()
        try:
            self.answers.add(endpoint, self._objects(endpoint, request, digest))
        except RequestError as error:
            status = error.req.status_code
            if status not in (403, 404):
                raise _refused(endpoint.path, error) from error
            why = "the server has no such list" if status == 404 else "the token may not read it"
            self.answers.missing[endpoint.name] = why
            return
        except ContentError as error:
            raise SourceError(
                f"{endpoint.path}: expected JSON, got something else", hint="is it a NetBox?"
            ) from error
        except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
            # What pynetbox does when a page is no page.
            raise SourceError(
                f"{endpoint.path}: expected pages of count, next and results, got another form: {error!r:.90}"
            ) from error
        self.answers.digests[endpoint.name] = digest.hexdigest()

    def _objects(self, endpoint: Endpoint, request: Any, digest: Any) -> Iterator[Record]:
        """Yield an endpoint's objects, and see that all arrive."""
        number = 0
        for number, value in enumerate(request.get(), start=1):
            if number > OBJECTS_MAX:
                raise SourceError(f"{endpoint.path}: expected at most {OBJECTS_MAX:,} objects, got more")
            digest.update(json.dumps(value, sort_keys=True).encode() + b"\n")
            yield trimmed(endpoint, value, f"{endpoint.path}:/{number - 1}")
        if number != request.count:
            raise SourceError(
                f"{endpoint.path}: expected {request.count} objects, got {number}",
                hint="the list changed while it was read: run the import again",
            )


def read_live(url: str, token: str | None, *, progress: Progress | None, sleep: Sleep) -> Answers:
    """Read every endpoint of a running NetBox.

    Args:
        url: Address of the server, without `/api`.
        token: A v1 token (40 characters) or a v2 token (`nbt_<key>.<secret>`).
        progress: Told each endpoint, its number and how many there are.
        sleep: Waits for some seconds.

    Raises:
        SourceError: The server cannot be reached or used.
    """
    base = _split(url.rstrip("/").removesuffix("/api"))
    if base.scheme not in _PORTS or not base.hostname or base.username or base.password or base.query:
        raise SourceError(
            f"{base.scheme}://{base.hostname or ''}: expected an address such as https://netbox.example.org, "
            "got another form",
            hint="give the token as NETPROOF_NETBOX_TOKEN, not in the address",
        )
    api = pynetbox.api(base.geturl(), token=(token or "").strip() or None)
    api.http_session = Leashed(base, sleep)
    server = _Server(api, Answers(), progress)
    try:
        status = api.status()
    except RequestError as error:
        raise _refused("status", error) from error
    except (ContentError, ValueError) as error:
        raise SourceError(f"{base.geturl()}: expected a NetBox, got an answer that is no JSON") from error
    if not isinstance(status, dict) or "netbox-version" not in status:
        raise SourceError(f"{base.geturl()}: expected a NetBox, got a server that does not say its version")
    for number, endpoint in enumerate(ENDPOINTS):
        server.read(number, endpoint)
    if not server.answers.records:
        raise SourceError(
            f"{base.geturl()}: expected lists to read, got none",
            hint="may the token read dcim, circuits and tenancy?",
        )
    return server.answers


def _refused(path: str, error: Any) -> SourceError:
    """Return the error for an answer that is none."""
    status = error.req.status_code
    hint = "set NETPROOF_NETBOX_TOKEN to a token that may read" if status in (401, 403) else ""
    return SourceError(
        f"{path}: expected an answer, got status {status}: {plain(str(error.error))[:200]}", hint=hint
    )
