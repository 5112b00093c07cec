"""The real pynetbox against a local server that pages and checks tokens as NetBox does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import SourceError
from netproof.sources.netbox import TOKEN_VARIABLE, ImportReport, import_netbox, live
from tests.conformance.netbox.server import V1, V2, Handler, NetBox, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SITES = [{"id": n, "name": f"S{n}", "slug": f"s{n}", "status": {"value": "active"}} for n in range(1, 8)]


@pytest.fixture
def netbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[NetBox]:
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    with serving(NetBox({"dcim.sites": SITES, "dcim.devices": []}, page_max=3)) as server:
        yield server


def read(netbox: NetBox, into: Path, token: str | None = V1, **options: Any) -> ImportReport:
    return import_netbox(netbox.url, into, token=token, sleep=options.pop("sleep", lambda _: None), **options)


def refused(netbox: NetBox, into: Path, token: str | None = V1) -> SourceError:
    with pytest.raises(SourceError) as error:
        read(netbox, into, token)
    assert not into.exists()
    return error.value


def tables(into: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in into.glob("*.csv")}


@pytest.mark.parametrize("page_max", [1000, 37])
@pytest.mark.parametrize("token", [V1, V2], ids=["v1", "v2"])
def test_a_server_and_its_saved_answers_write_the_same_bytes(
    shared_data: Path, tmp_path: Path, token: str, page_max: int
) -> None:
    if not (shared_data / "netbox").is_dir():
        pytest.skip("no recorded NetBox answers")
    recorded = {p.stem: json.loads(p.read_text("utf-8")) for p in (shared_data / "netbox").glob("*.json")}
    import_netbox(str(shared_data / "netbox"), tmp_path / "files")

    with serving(NetBox(recorded, page_max=page_max)) as server:
        first = read(server, tmp_path / "live", token)
        second = read(server, tmp_path / "live", token)

    assert tables(tmp_path / "live") == tables(tmp_path / "files")
    assert first == second
    scheme = "Token" if token == V1 else "Bearer"
    assert {authorization for authorization, _ in server.seen} == {f"{scheme} {token}"}


def test_the_token_may_come_from_the_environment(
    netbox: NetBox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, f"{V2}\n")

    assert read(netbox, tmp_path / "n", None).tables == {"site": 7}


def test_the_token_is_written_nowhere(netbox: NetBox, tmp_path: Path) -> None:
    read(netbox, tmp_path / "n", V2)

    assert not any(V2.encode() in p.read_bytes() for p in (tmp_path / "n").rglob("*") if p.is_file())


def test_a_wrong_token_is_told_with_what_to_do(netbox: NetBox, tmp_path: Path) -> None:
    error = refused(netbox, tmp_path / "n", "wrong")

    assert str(error) == 'status: expected an answer, got status 403: {"detail": "Invalid token"}'
    assert error.hint == "set NETPROOF_NETBOX_TOKEN to a token that may read"


def test_lists_that_the_server_lacks_or_the_token_may_not_read_are_named(
    netbox: NetBox, tmp_path: Path
) -> None:
    netbox.trouble = _status_for("/devices/", 403)

    report = read(netbox, tmp_path / "n")

    why = {m.endpoint: m.why for m in report.missing}
    assert why["dcim.devices"] == "the token may not read it"
    assert why["dcim.cables"] == "the server has no such list"


def test_every_endpoint_is_told_as_progress(netbox: NetBox, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []

    read(netbox, tmp_path / "n", progress=lambda *step: told.append(step))

    assert told[0] == ("dcim.sites", 0, 25)
    assert len(told) == 25


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again_with_growing_patience(
    netbox: NetBox, tmp_path: Path, status: int
) -> None:
    netbox.trouble = _times(3, lambda handler: handler.answer(status, {}))
    waits: list[float] = []

    report = read(netbox, tmp_path / "n", sleep=waits.append)

    assert report.tables == {"site": 7}
    assert waits == [0.5, 1.0, 2.0]


def test_a_server_that_names_a_pause_gets_it_within_bounds(netbox: NetBox, tmp_path: Path) -> None:
    pauses = iter(["7", "86400", "-1"])
    netbox.trouble = _times(3, lambda handler: handler.answer(429, {}, {"Retry-After": next(pauses)}))
    waits: list[float] = []

    read(netbox, tmp_path / "n", sleep=waits.append)

    assert waits == [7.0, 30.0, 2.0]


def test_a_connection_that_breaks_is_tried_again(netbox: NetBox, tmp_path: Path) -> None:
    def cut(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        handler.close_connection = True

    netbox.trouble = _times(2, cut)
    waits: list[float] = []

    assert read(netbox, tmp_path / "n", sleep=waits.append).tables == {"site": 7}
    assert waits == [0.5, 1.0]


def test_a_server_that_stays_busy_is_given_up(netbox: NetBox, tmp_path: Path) -> None:
    netbox.trouble = _status_for("/", 503)

    assert "expected an answer, got status 503 6 times" in str(refused(netbox, tmp_path / "n"))
    assert len(netbox.seen) == 6


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with serving(NetBox({})) as gone:
        pass

    assert "expected an answer, got ConnectionError 6 times" in str(refused(gone, tmp_path / "n"))


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.2:9/api/dcim/sites/", "http://localhost:9/", "https://example.org/x", "//example.org/x"],
)
def test_a_redirect_to_another_server_is_refused(netbox: NetBox, tmp_path: Path, target: str) -> None:
    netbox.trouble = lambda handler, path: "/sites/" in path and _redirect(handler, target)

    error = refused(netbox, tmp_path / "n")

    assert "expected answers from there, got sent to" in str(error)
    assert "the token is sent nowhere else" in error.hint


def test_a_redirect_to_another_port_of_the_server_is_refused(netbox: NetBox, tmp_path: Path) -> None:
    with serving(NetBox({})) as other:
        netbox.trouble = lambda handler, path: (
            "/sites/" in path and _redirect(handler, f"{other.url}/api/dcim/sites/")
        )

        refused(netbox, tmp_path / "n")

    assert other.seen == []


def test_a_redirect_within_the_server_is_followed_and_a_ring_of_them_is_not(
    netbox: NetBox, tmp_path: Path
) -> None:
    def once(handler: Handler, path: str) -> bool:
        return "/sites/?" in path and "moved" not in path and _redirect(handler, f"{path}&moved=1")

    netbox.trouble = once

    assert read(netbox, tmp_path / "n").tables == {"site": 7}

    netbox.trouble = lambda handler, path: "/sites/" in path and _redirect(handler, path)

    assert "got more than 3 redirects" in str(refused(netbox, tmp_path / "m"))


def test_pages_that_name_another_host_are_refused(netbox: NetBox, tmp_path: Path) -> None:
    netbox.base = "http://example.org"

    assert "got sent to http://example.org/api/dcim/sites/" in str(refused(netbox, tmp_path / "n"))


def test_pages_of_a_server_behind_a_proxy_are_asked_where_the_user_said(
    netbox: NetBox, tmp_path: Path
) -> None:
    netbox.base = "https://127.0.0.1"

    assert read(netbox, tmp_path / "n").tables == {"site": 7}


def test_pages_that_lead_in_a_circle_end(netbox: NetBox, tmp_path: Path) -> None:
    circle = {"count": 9, "next": f"{netbox.url}/api/dcim/sites/?offset=3", "previous": None, "results": []}
    netbox.trouble = lambda handler, path: "/sites/" in path and _ok(handler, circle)

    assert "expected pages that end, got the same again" in str(refused(netbox, tmp_path / "n"))


def test_a_list_that_shrinks_while_it_is_read_is_noticed(netbox: NetBox, tmp_path: Path) -> None:
    page = {"count": 9, "next": None, "previous": None, "results": SITES}
    netbox.trouble = lambda handler, path: "/sites/" in path and _ok(handler, page)

    assert str(refused(netbox, tmp_path / "n")) == "dcim/sites: expected 9 objects, got 7"


@pytest.mark.parametrize(
    ("answer", "want"),
    [
        (b"<html>", "dcim/sites: expected JSON, got something else"),
        ({"results": []}, "dcim/sites: expected pages of count, next and results, got another form"),
        ({"count": 1, "next": None, "results": 5}, "dcim/sites: expected pages of count, next and results"),
        ({"count": 1, "next": None, "results": [5]}, "dcim/sites:/0: expected an object, got 5"),
        ({"count": 1, "next": 5, "results": []}, "expected answers from there, got sent to 5"),
        ({"count": 1, "next": "http://[", "results": []}, "expected an address"),
        (b"[" * 100_000, "dcim/sites: expected pages of count, next and results"),
    ],
)
def test_an_answer_that_is_no_page_is_refused(netbox: NetBox, tmp_path: Path, answer: Any, want: str) -> None:
    netbox.trouble = lambda handler, path: "/sites/" in path and _ok(handler, answer)

    assert want in str(refused(netbox, tmp_path / "n"))


def test_an_answer_over_the_limit_is_refused(
    netbox: NetBox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "ANSWER_BYTES_MAX", 300)

    assert "expected at most 300 bytes, got more" in str(refused(netbox, tmp_path / "n"))


def test_a_server_that_is_no_netbox_is_told(netbox: NetBox, tmp_path: Path) -> None:
    netbox.trouble = lambda handler, _path: _ok(handler, {"hello": "world"})

    assert "expected a NetBox, got a server that does not say its version" in str(
        refused(netbox, tmp_path / "n")
    )


@pytest.mark.parametrize(
    "url",
    ["http://", "https://user:secret@host/", "http://[::1", "http://host:port/", "http://host/?token=secret"],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_secrets(tmp_path: Path, url: str) -> None:
    with pytest.raises(SourceError, match="expected an address") as error:
        import_netbox(url, tmp_path / "n", token=V1)

    assert "secret" not in str(error.value)


def _ok(handler: Handler, value: Any) -> bool:
    handler.answer(200, value)
    return True


def _redirect(handler: Handler, target: str) -> bool:
    handler.answer(302, {}, {"Location": target})
    return True


def _status_for(part: str, status: int) -> Any:
    def trouble(handler: Handler, path: str) -> bool:
        if part not in path:
            return False
        handler.answer(status, {"detail": "no"})
        return True

    return trouble


def _times(number: int, act: Any) -> Any:
    left = [number]

    def trouble(handler: Handler, path: str) -> bool:
        if "/sites/" not in path or not left[0]:
            return False
        left[0] -= 1
        act(handler)
        return True

    return trouble
