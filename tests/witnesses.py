"""A made-up witness beside the made-up log of `tlogs`: its keys, requests to it, and servers of it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from functools import cache
from socketserver import ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from netproof.integrity.register.keys import SEEDS_BYTES, WITNESS_KINDS, new_keys
from netproof.integrity.witness import create_state
from netproof.integrity.witness.request import Request, encode_request, parse_lines
from netproof.tlog.cosignature import check_signature
from netproof.tlog.keys import SignatureType
from netproof.tlog.note import parse_note
from tests.tlogs import LOG, LOG_PQ, TIME, filled, key, numbered, reader_of, signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from netproof.tlog.growth import Edge
    from netproof.tlog.keys import SigningKey
    from netproof.tlog.tiles import Tile

NAME = "witness.example/ours"
SIGNERS = (key(NAME, SignatureType.ED25519_COSIGNATURE), key(NAME, SignatureType.ML_DSA_44))
KEYS = tuple(signer.verifier() for signer in SIGNERS)
LOGS = (LOG.verifier(), LOG_PQ.verifier())
LOGS_TEXT = "".join(f"log {log}\n" for log in LOGS) + "quorum none\n"
NETPROOF = [sys.executable, "-c", "from netproof.cli.witness import witness_app; witness_app()"]


def entries(size: int, fork: int | None = None) -> list[bytes]:
    """Entries of the log; from the fork on, those of another history of the same length."""
    common = size if fork is None else min(fork, size)
    return numbered(common) + [b"another %d" % number for number in range(common, size)]


@cache
def tree(size: int, fork: int | None = None) -> tuple[Edge, dict[Tile, bytes]]:
    """The log at a size."""
    return filled(entries(size, fork))


@cache
def note(size: int, fork: int | None = None, signers: tuple[SigningKey, ...] = (LOG,)) -> bytes:
    """The log's signed checkpoint at a size."""
    return signed(tree(size, fork)[0], signers, TIME)


def path(old: int, size: int, fork: int | None = None) -> tuple[bytes, ...]:
    """The consistency proof from an old size; empty where there is nothing to prove."""
    return tuple(reader_of(*tree(size, fork)).consistency_path(old)) if 0 < old < size else ()


def body(old: int, size: int, fork: int | None = None, signers: tuple[SigningKey, ...] = (LOG,)) -> bytes:
    """A whole request, with the right proof for its own history."""
    return encode_request(Request(old, path(old, size, fork), note(size, fork, signers)))


def times(answer: bytes, size: int, fork: int | None = None, keys: Sequence[Any] = KEYS) -> list[int | None]:
    """The times of a witness's lines under that checkpoint, each verified, one of each of its keys."""
    text = parse_note(note(size, fork)).text
    lines = parse_lines(answer)
    assert [(line.name, line.key_id) for line in lines] == [(one.name, one.key_id) for one in keys]
    return [check_signature(one, text, line.payload) for one, line in zip(keys, lines, strict=True)]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def served(application: Any) -> Iterator[str]:
    """Serve an application on this machine; yields its address."""
    with make_server("127.0.0.1", 0, application, _Threads, _Quiet) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def made(folder: Path) -> Path:
    """Make a witness's keys, state and list of logs in a folder, and return its key file."""
    place = folder / "witness.key"
    signers = new_keys(place, NAME, b"".join(signer.seed for signer in SIGNERS), WITNESS_KINDS)
    create_state(folder / "witness.key.state", [signer.verifier() for signer in signers])
    (folder / "logs.policy").write_text(LOGS_TEXT, "utf-8")
    assert len(signers[0].seed + signers[1].seed) == SEEDS_BYTES
    return place


@contextmanager
def process(place: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the real server as its own process; yields it and its address, and ends it as an operator would."""
    words = ["serve", "--key", str(place), "--logs", str(place.parent / "logs.policy"), "--port", "0"]
    with subprocess.Popen(
        [*NETPROOF, *words], stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as run:
        assert run.stderr is not None
        said = run.stderr.readline()
        try:
            assert " at http://" in said, said + run.stderr.read()
            yield run, said.split(" at ")[1].strip()
        finally:
            if run.poll() is None:
                run.terminate()
            run.stderr.read()
            run.wait(10)
