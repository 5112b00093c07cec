"""Whatever a proof, a log's files or a web server hold: an answer or a known error, and no false yes."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from netproof.errors import SourceError
from netproof.integrity.audit import check
from netproof.integrity.audit.web import Patience, Web
from netproof.integrity.signatures.artifact import Artifact
from netproof.tlog.tiles import Tile
from tests.tlogs import ARTIFACT, ENTRY, policy, proof_of
from tests.unit.integrity.audit.logs import audited, written
from tests.unit.integrity.audit.serving import Server, serving

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

PROOF = proof_of().encode()
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def changed(draw: st.DrawFn, data: bytes) -> bytes:
    """Some bytes with parts cut out, put in or doubled."""
    for _ in range(draw(st.integers(0, 3))):
        start, end = sorted(draw(st.lists(st.integers(0, len(data)), min_size=2, max_size=2)))
        middle = draw(
            st.one_of(st.binary(max_size=40), st.just(data[start:end] * 2), st.just(b"\n"), st.just(b""))
        )
        data = data[:start] + middle + data[min(end, start + 64) :]
    return data


@pytest.fixture
def artifact(tmp_path: Path) -> Artifact:
    (tmp_path / "image.bin").write_bytes(ARTIFACT)
    return Artifact(tmp_path / "image.bin")


@SHARED
@given(data=st.one_of(st.binary(max_size=300), changed(PROOF)))
@example(data=PROOF)
def test_a_changed_proof_proves_the_same_entry_or_nothing(artifact: Artifact, data: bytes) -> None:
    got = check(data, policy(3), artifact)

    assert got.holds == (got.statement is not None)
    assert got.statement is None or got.statement.entry == ENTRY


@settings(SHARED, max_examples=25)
@given(data=st.data())
def test_a_log_with_changed_files_never_passes_for_another(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("log")
    log = written(folder / "log", 3)
    name = data.draw(st.sampled_from(["checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3"]))
    good = (log.folder / name).read_bytes()
    bad = data.draw(changed(good))
    (log.folder / name).write_bytes(bad)
    got = audited(log, folder / "state", policy=policy(3))

    # A head with every signature that the policy needs may lose or double others.
    assert got.passed == (bad == good) or name == "checkpoint"
    assert got.head is None or got.head.checkpoint.root == log.edge.root()


@settings(max_examples=40)
@given(
    answers=st.lists(
        st.one_of(st.binary(max_size=200), changed(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")),
        min_size=1,
        max_size=20,
    )
)
def test_whatever_a_server_says_is_bytes_or_a_known_error(answers: list[bytes]) -> None:
    left = list(answers)

    def answer(handler: BaseHTTPRequestHandler, _: Server) -> None:
        handler.wfile.write(left.pop() if left else b"")
        handler.close_connection = True

    with serving(answer) as server, closing(Web(server.url, Patience(read_s=1, whole_s=2, tries=1))) as web:
        for _ in answers:
            try:
                got = web.read(Tile(0, 0))
            except SourceError as error:
                got = str(error).encode()

            assert len(got) <= 8_192
