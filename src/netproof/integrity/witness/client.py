"""Asks the witnesses of a policy to cosign a checkpoint.

All at once, within one deadline; what each answers is checked with its key before it is taken, and what went
wrong is told by its name. Answers are bounded, redirects refused, the machine's proxies and password files
left alone. Source: C2SP tlog-witness 1.0.0, "add-checkpoint" (5ba5ee8).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final

import requests
from urllib3.exceptions import HTTPError

from netproof.errors import LogError, NetproofError
from netproof.integrity.witness.judging import Status
from netproof.integrity.witness.request import (
    ANSWER_BYTES_MAX,
    SIZE_TYPE,
    Request,
    encode_request,
    parse_lines,
    parse_size,
)
from netproof.tlog.checkpoint import Checkpoint, parse_checkpoint
from netproof.tlog.cosignature import check_signature
from netproof.tlog.encoding import shown
from netproof.tlog.note import by_name_and_id, parse_note

if TYPE_CHECKING:
    from collections.abc import Callable

    from netproof.tlog.keys import VerifierKey
    from netproof.tlog.note import SignatureLine
    from netproof.tlog.policy import Policy

AHEAD_S: Final = 300
"""How far the time of a cosignature may lie from ours, either way [s]."""
_PIECE: Final = 16_384
_SAID_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of asking at one address.

    Attributes:
        names: the witnesses there, as the policy names them.
        url: the address.
        cosigned: those of them whose cosignatures were taken.
        lines: these cosignatures.
        problem: whose cosignature is missing, and why; empty: nobody's.
    """

    names: tuple[bytes, ...]
    url: str
    cosigned: tuple[bytes, ...] = ()
    lines: tuple[SignatureLine, ...] = ()
    problem: str = ""


@dataclass(slots=True)
class Cosigning:
    """Asks when it is called; made by `cosigning`.

    Attributes:
        heard: what came of the last call, one a address, in the order of the policy.
        reached: whether the last call's cosignatures are the policy's quorum.
    """

    policy: Policy
    now: int
    timeout: float
    required: bool
    heard: tuple[Heard, ...] = ()
    reached: bool = False

    def __call__(self, note: bytes, path: Callable[[int], list[bytes]]) -> list[SignatureLine]:
        """Return the cosignatures that the witnesses give.

        Args:
            note: the checkpoint, signed by its log.
            path: gives the consistency proof from an old size to this checkpoint.

        Raises:
            LogError: the checkpoint is malformed; or there is no quorum and one is required.
        """
        text = parse_note(note).text
        proofs = _Proofs(path)
        question = _Question(note, text, parse_checkpoint(text), proofs, self.now)
        places = self._places()
        answers: SimpleQueue[tuple[str, Heard]] = SimpleQueue()
        deadline = time.monotonic() + self.timeout
        for url, keys in places.items():
            # Daemons: one that hangs holds up neither the answer nor the end of the program.
            Thread(target=_ask, args=(question, url, keys, deadline, answers), daemon=True).start()
        found = _gather(answers, places, deadline)
        proofs.close()
        self.heard = tuple(found[url] for url in places)
        self.reached = self.policy.reached({name for one in self.heard for name in one.cosigned})
        if self.required and not self.reached:
            raise LogError(f"witnesses: expected a quorum, got {self.told() or 'none that has an address'}")
        return [line for one in self.heard for line in one.lines]

    def told(self) -> str:
        """Return in one sentence what was heard."""
        parts: list[str] = []
        for one in self.heard:
            parts += [f"{_words((name,))} cosigned" for name in one.cosigned]
            parts += [one.problem] if one.problem else []
        return "; ".join(parts)

    def _places(self) -> dict[str, dict[VerifierKey, bytes]]:
        """Return the names and keys of witnesses by their address; one address may have two keys."""
        places: dict[str, dict[VerifierKey, bytes]] = {}
        for name, party in self.policy.witnesses.items():
            if party.url:
                places.setdefault(party.url.rstrip("/"), {})[party.key] = name
        return places


def cosigning(policy: Policy, *, now: int, timeout: float, required: bool = False) -> Cosigning:
    """Return what asks the witnesses of a policy that have an address.

    Args:
        policy: names witnesses, keys and addresses.
        now: seconds since 1970, taken just before the checkpoint is signed.
        timeout: for all answers together [s].
        required: whether it is an error if there is no quorum.
    """
    return Cosigning(policy, now, timeout, required)


class _Proofs:
    """Gives proofs one at a time, and none once it is closed: a reader of tiles is no thing for threads."""

    def __init__(self, path: Callable[[int], list[bytes]]) -> None:
        self._path = path
        self._lock = Lock()
        self._closed = False

    def __call__(self, old: int) -> list[bytes]:
        with self._lock:
            if self._closed:
                raise LogError("no whole answer in time")
            return self._path(old)

    def close(self) -> None:
        """Wait for the proof that is being made, and make no other."""
        with self._lock:
            self._closed = True


@dataclass(frozen=True, slots=True)
class _Question:
    """What all witnesses are asked."""

    note: bytes
    text: bytes
    checkpoint: Checkpoint
    path: Callable[[int], list[bytes]]
    now: int


def _gather(
    answers: SimpleQueue[tuple[str, Heard]], places: dict[str, dict[VerifierKey, bytes]], deadline: float
) -> dict[str, Heard]:
    """Return what each address answered by the deadline."""
    found: dict[str, Heard] = {}
    while len(found) < len(places):
        try:
            url, heard = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except Empty:
            break
        found[url] = heard
    for url, keys in places.items():
        names = tuple(keys.values())
        problem = f"{_words(names)} at {url}: no whole answer in time"
        found.setdefault(url, Heard(names, url, problem=problem))
    return found


def _ask(
    question: _Question,
    url: str,
    keys: dict[VerifierKey, bytes],
    deadline: float,
    answers: SimpleQueue[tuple[str, Heard]],
) -> None:
    """Ask at one address, and put what was heard into the queue."""
    names = tuple(keys.values())
    try:
        lines = _Place(question, url, deadline).lines()
        taken = _taken(question, keys, lines)
    except NetproofError as error:
        answers.put((url, Heard(names, url, problem=f"{_words(names)} at {url}: {error}")))
        return
    cosigned = tuple(name for key, name in keys.items() if key in taken)
    missing = tuple(name for name in names if name not in cosigned)
    problem = f"{_words(missing)} at {url}: it answered without a line of this key" if missing else ""
    answers.put((url, Heard(names, url, cosigned, tuple(taken.values()), problem)))


def _taken(
    question: _Question, keys: dict[VerifierKey, bytes], lines: list[SignatureLine]
) -> dict[VerifierKey, SignatureLine]:
    """Return the first line of each key; lines of other keys are ignored.

    Raises:
        LogError: a line of such a key does not hold, or states another time than now.
    """
    trusted = by_name_and_id(keys)
    taken: dict[VerifierKey, SignatureLine] = {}
    for line in lines:
        key = trusted.get((line.name, line.key_id))
        if key is None:
            continue
        stated = check_signature(key, question.text, line.payload)
        # Earlier it would prove what it did not see; later, readers would refuse it.
        if stated is None or abs(stated - question.now) > AHEAD_S:
            raise LogError(
                f"expected a cosignature of about {question.now}, got {stated}; whose clock is wrong?"
            )
        taken.setdefault(key, line)
    return taken


class _Place:
    """One address, asked at most twice."""

    def __init__(self, question: _Question, url: str, deadline: float) -> None:
        self.question = question
        self.url = url
        self.deadline = deadline

    def lines(self) -> list[SignatureLine]:
        """Return the signature lines that it answers; `LogError` says what it answered in their place."""
        status, kind, body = self._post(0)
        if status == Status.OTHER_SIZE and kind == SIZE_TYPE:
            status, kind, body = self._post(self._last(body))
        if status != Status.COSIGNED:
            raise LogError(f"it answered {status}{_said(body)}")
        return parse_lines(body)

    def _last(self, body: bytes) -> int:
        """Return the size that it cosigned last."""
        last, size = parse_size(body), self.question.checkpoint.size
        if last > size:
            raise LogError(
                f"it has cosigned {last} entries of this log, which now shows {size}: the log went back, "
                "or somebody else signs with its key"
            )
        return last

    def _post(self, old: int) -> tuple[int, str, bytes]:
        """Return status, content type and body that it answers."""
        size = self.question.checkpoint.size
        path = tuple(self.question.path(old)) if 0 < old < size else ()
        left = self.deadline - time.monotonic()
        if not self.url.startswith(("https://", "http://")):
            raise LogError("expected an address that begins with https:// or http://")
        if left <= 0:
            raise LogError("no whole answer in time")
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.post(
                    f"{self.url}/add-checkpoint",
                    data=encode_request(Request(old, path, self.question.note)),
                    headers={"Accept-Encoding": "identity", "Content-Type": "text/plain; charset=utf-8"},
                    timeout=left,
                    allow_redirects=False,
                    stream=True,
                )
                kind = answer.headers.get("Content-Type", "").split(";")[0].strip().lower()
                return answer.status_code, kind, self._body(answer)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise LogError(f"no answer: {_why(error)}") from error

    def _body(self, answer: requests.Response) -> bytes:
        """Return a body that is short enough and comes in time."""
        packed = answer.headers.get("Content-Encoding", "identity")
        if packed != "identity":
            raise LogError(f"expected an answer that is not compressed, got {shown(packed)}")
        body = bytearray()
        for piece in answer.iter_content(_PIECE):
            body += piece
            if len(body) > ANSWER_BYTES_MAX:
                raise LogError(f"expected an answer of at most {ANSWER_BYTES_MAX} bytes, got more")
            if time.monotonic() > self.deadline:
                raise LogError("no whole answer in time")
        return bytes(body)


def _why(error: Exception) -> str:
    """Return what the system said, which the libraries below wrap several times."""
    if isinstance(error, requests.Timeout):
        return "not in time"
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, OSError) and inner.strerror:
            return inner.strerror.lower()
        inner = inner.__cause__ or inner.__context__
    return "the connection broke off" if isinstance(error, requests.ConnectionError) else type(error).__name__


def _said(body: bytes) -> str:
    """Return the first line of an answer, safely shown."""
    line = body[:_SAID_MAX].split(b"\n")[0].strip()
    return f": {shown(line.decode('ascii', 'replace'))}" if line else ""


def _words(names: tuple[bytes, ...]) -> str:
    """Return witnesses' names for a sentence."""
    return b", ".join(names).decode("ascii", "backslashreplace")
