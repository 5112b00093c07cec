"""Witnesses that dribble, hang or come too late: the deadline is for all of them together."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack, contextmanager
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from netproof.errors import LogError
from netproof.integrity.witness import application, create_state, open_state
from netproof.integrity.witness.client import _Place, _Proofs, _Question
from netproof.tlog.checkpoint import parse_checkpoint
from tests.tlogs import TIME, key
from tests.unit.integrity.witness.test_client import FIRST, TEXT, asked, policy
from tests.witnesses import KEYS, LOGS, SIGNERS, note, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAIT_S = 1.5
"""Long enough for a good witness on a busy machine."""
HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[str]:
    """The address of a real witness of ours."""
    create_state(tmp_path / "state", KEYS)
    with (
        open_state(tmp_path / "state", KEYS) as state,
        served(application(state, LOGS, SIGNERS, lambda: TIME)) as url,
    ):
        yield url


@contextmanager
def raw(*pieces: bytes, pause: float = 0.02) -> Iterator[str]:
    """A server that takes a connection, sends pieces with pauses, and never ends by itself."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)
        open_ones: list[socket.socket] = []

        def talk() -> None:
            taken, _ = listening.accept()
            open_ones.append(taken)
            for piece in pieces:
                try:
                    taken.sendall(piece)
                except OSError:
                    return
                time.sleep(pause)

        thread = Thread(target=talk, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join(5)
        for one in open_ones:
            one.close()


DRIBBLES = {
    b"silent": [],
    b"headers": [HEAD, *[b"X: y\r\n"] * 100],
    b"body": [HEAD + b"Content-Length: 100\r\n\r\n", *[b"x"] * 99],
    b"chunks": [HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 100],
}


def test_witnesses_that_dribble_hold_nobody_up(witness: str) -> None:
    """Attack 32: the others' cosignatures are taken."""
    with ExitStack() as slow:
        bad = [
            (name, key(name.decode(), FIRST.type).verifier(), slow.enter_context(raw(*pieces)))
            for name, pieces in DRIBBLES.items()
        ]
        start = time.monotonic()
        cosign, lines = asked(policy(*bad, (b"good", KEYS[0], witness)), timeout=WAIT_S)
        took = time.monotonic() - start

    assert took < 2 * WAIT_S
    assert (len(lines), cosign.reached) == (1, True)
    assert [one.problem.partition(" at ")[0] for one in cosign.heard] == [
        *(name.decode() for name in DRIBBLES),
        "",
    ]


def test_who_answers_too_late_gets_no_proof_from_a_log_that_went_on() -> None:
    proofs = _Proofs(lambda old: [bytes([old]) * 32])

    assert proofs(5) == [b"\5" * 32]
    proofs.close()
    with pytest.raises(LogError, match="in time"):
        proofs(5)


def test_what_is_not_http_is_told() -> None:
    with raw(b"SSH-2.0-x\r\n\r\n\r\n") as url:
        cosign, lines = asked(policy((b"A", FIRST.verifier(), url)), timeout=2)

    assert lines == []
    assert "no answer" in cosign.told() or "in time" in cosign.told()


def test_a_deadline_holds_for_each_step(witness: str) -> None:
    question = _Question(note(5), TEXT, parse_checkpoint(TEXT), lambda _: [], TIME)
    with pytest.raises(LogError, match="in time"):
        _Place(question, witness, time.monotonic()).lines()
    with (
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 15) as slow,
        pytest.raises(LogError, match="in time"),
    ):
        _Place(question, slow, time.monotonic() + 0.15).lines()
