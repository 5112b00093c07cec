"""A witness: cosigns checkpoints of the logs that it knows, each tree once.

A WSGI application without a server: `POST /add-checkpoint` and `GET /<log>/checkpoint`. Comparing with what
was cosigned last, writing it to disk and only then answering happen under one lock. The clock is an argument.
Source: C2SP tlog-witness 1.0.0 (5ba5ee8); `sign-subtree`, which is optional, is left out.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, Final

from netproof.errors import LogError
from netproof.integrity.witness.judging import RefusedError, Status, asked, forked, judge, logs_by_origin
from netproof.integrity.witness.request import (
    REQUEST_BYTES_MAX,
    SIZE_TYPE,
    encode_lines,
    log_id,
    parse_request,
)
from netproof.tlog.cosignature import signature_line
from netproof.tlog.encoding import shown
from netproof.tlog.keys import SignatureType
from netproof.tlog.note import checked_note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from wsgiref.types import StartResponse, WSGIEnvironment

    from netproof.integrity.witness.judging import Asked
    from netproof.integrity.witness.state import Last, State
    from netproof.tlog.keys import SigningKey, VerifierKey


TEXT: Final = "text/plain; charset=utf-8"
_WITNESS_TYPES: Final = (SignatureType.ED25519_COSIGNATURE, SignatureType.ML_DSA_44)
_HEAD: Final = re.compile(r"/([0-9a-f]{64})/checkpoint")


def check_witness_keys(signers: Sequence[SigningKey]) -> None:
    """Refuse keys that are no witness's.

    Raises:
        LogError: none, keys of several names, or a key that signs plain notes.
    """
    if not signers or len({signer.name for signer in signers}) > 1:
        raise LogError(f"witness: expected keys of one name, got {len({s.name for s in signers})} names")
    for signer in signers:
        if signer.type not in _WITNESS_TYPES:
            raise LogError(
                f"witness {shown(signer.name)}: expected keys that cosign, got one that signs notes",
                hint="`netproof release witness init` makes the right ones; a log's keys are no witness's",
            )


class Witness:
    """Decides, keeps and cosigns."""

    def __init__(
        self,
        state: State,
        logs: Iterable[VerifierKey],
        signers: Sequence[SigningKey],
        clock: Callable[[], int],
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        check_witness_keys(signers)
        self._logs = logs_by_origin(logs)
        own = {signer.verifier().public for signer in signers}
        for origin, keys in self._logs.items():
            # Else the witness's own cosignatures would count as the log's signatures.
            if own & {key.public for key in keys}:
                raise LogError(f"log {shown(origin)}: expected keys of its own, got one of this witness's")
        self._state = state
        self._signers = tuple(signers)
        self._clock = clock
        self._told = told
        self._lock = Lock()
        self._dead = ""

    def add_checkpoint(self, body: bytes) -> bytes:
        """Cosign the checkpoint of a request; it is durable when this returns.

        Returns:
            The witness's signature lines.

        Raises:
            RefusedError: with the status to answer.
        """
        try:
            request = parse_request(body)
        except LogError as error:
            raise RefusedError(Status.MALFORMED, str(error)) from error
        one = asked(request, self._logs)
        name = log_id(one.checkpoint.origin)
        with self._lock:
            last = self._state.last(name)
            try:
                judge(one, None if last is None else last.checkpoint)
            except RefusedError as error:
                self._remember(name, one, last, error, body)
                raise
            return self._cosign(one, last)

    def head(self, name: str) -> bytes | None:
        """Return the checkpoint of a log that was cosigned last; None where there is none."""
        last = self._state.last(name)
        return None if last is None else last.note

    def _cosign(self, one: Asked, last: Last | None) -> bytes:
        """Sign, keep and return the lines of a checkpoint that was judged good."""
        if self._dead:
            raise RefusedError(Status.UNAVAILABLE, self._dead)
        now = self._clock()
        if now <= 0 or (last is not None and now < last.time):
            # A time before the last one would say that entries existed before the log had them.
            raise RefusedError(Status.UNAVAILABLE, "the witness's clock stands before its last cosignature")
        lines = [signature_line(one.text, signer, now) for signer in self._signers]
        try:
            self._state.keep(checked_note(one.text, [*one.lines, *lines]))
        except OSError as error:
            # What is on disk is not known any more, so nothing may follow on it until it was read again.
            self._dead = f"the witness cannot keep what it cosigns: {(error.strerror or 'error').lower()}"
            self._told(f"{self._dead}; it cosigns nothing until it is started again")
            raise RefusedError(Status.UNAVAILABLE, self._dead) from error
        old = 0 if last is None else last.checkpoint.size
        self._told(f"cosigned {shown(one.checkpoint.origin)}: size {old} to {one.checkpoint.size}")
        return encode_lines(lines)

    def _remember(self, name: str, one: Asked, last: Last | None, error: RefusedError, body: bytes) -> None:
        """Keep a refused request that may prove that a log shows two trees."""
        fork = forked(one, None if last is None else last.checkpoint)
        if error.status is not Status.INCONSISTENT and not fork:
            return
        told = (
            "the log shows another tree of the size that was cosigned"
            if fork
            else "it came with a proof that does not hold, which proves nothing by itself"
        )
        cosigned = b"" if last is None else last.note
        content = {
            "log": one.checkpoint.origin,
            "reason": str(error),
            "status": int(error.status),
            "time": self._clock(),
            "cosigned": cosigned.decode("utf-8"),
            "request": body.decode("utf-8"),
        }
        # By the two trees: whoever sends the same ones with other proofs fills no disk.
        known = b"" if last is None else last.checkpoint.text
        digest = sha256(sha256(known).digest() + one.text).hexdigest()
        data = json.dumps(content, indent=1).encode()
        try:
            new = self._state.keep_evidence(name, "fork" if fork else "proof", digest, data)
        except OSError as failed:
            self._told(f"evidence about {shown(one.checkpoint.origin)} could not be kept: {failed.strerror}")
            return
        if new:  # told once, so that nobody fills the operator's log either
            self._told(
                f"refused {shown(one.checkpoint.origin)} at size {one.checkpoint.size}: {told}; "
                "kept as evidence"
            )


def application(
    state: State,
    logs: Iterable[VerifierKey],
    signers: Sequence[SigningKey],
    clock: Callable[[], int],
    told: Callable[[str], None] = lambda _: None,
) -> Callable[[WSGIEnvironment, StartResponse], list[bytes]]:
    """Return a witness as a WSGI application.

    Args:
        state: held by this process.
        logs: keys of the logs that may ask; a key's name is its log's origin.
        signers: the witness's keys, of one name.
        clock: seconds since 1970.
        told: gets a sentence about each cosigned checkpoint and each suspicion.

    Raises:
        LogError: keys that cannot be used so.
    """
    witness = Witness(state, logs, signers, clock, told)

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        status, kind, body = respond(witness, environ)
        reason = HTTPStatus(status).phrase
        headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(
                ("Allow", "POST" if environ.get("PATH_INFO") == "/add-checkpoint" else "GET, HEAD")
            )
        start_response(f"{int(status)} {reason}", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    return answer


def respond(witness: Witness, environ: WSGIEnvironment) -> tuple[int, str, bytes]:
    """Return status, content type and body for a request."""
    method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
    if path == "/add-checkpoint":
        if method != "POST":
            return HTTPStatus.METHOD_NOT_ALLOWED, TEXT, b"expected POST\n"
        try:
            return HTTPStatus.OK, TEXT, witness.add_checkpoint(_body(environ))
        except RefusedError as error:
            if error.body:
                return error.status, SIZE_TYPE, error.body
            return error.status, TEXT, f"{error}\n".encode()
    found = _HEAD.fullmatch(path)
    if found is not None and method not in {"GET", "HEAD"}:
        return HTTPStatus.METHOD_NOT_ALLOWED, TEXT, b"expected GET\n"
    head = witness.head(found[1]) if found is not None else None
    return (
        (HTTPStatus.OK, TEXT, head) if head is not None else (HTTPStatus.NOT_FOUND, TEXT, b"nothing here\n")
    )


def _body(environ: WSGIEnvironment) -> bytes:
    """Return a request's body, one byte above the limit at most."""
    length = environ.get("CONTENT_LENGTH", "")
    if not re.fullmatch(r"[0-9]{1,9}", length):
        raise RefusedError(Status.MALFORMED, "expected a body of stated length")
    wanted = min(int(length), REQUEST_BYTES_MAX + 1)
    body: bytes = environ["wsgi.input"].read(wanted)
    return body
