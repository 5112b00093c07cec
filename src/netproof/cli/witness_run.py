"""`netproof release witness`: makes a witness and runs it; chance and the clock are asked for here."""

from __future__ import annotations

import os
import secrets
import signal
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from netproof.cli import messages
from netproof.cli.log_keys import check_name
from netproof.errors import LogError, SourceError
from netproof.integrity.register.keys import SEEDS_BYTES, WITNESS_KINDS, new_keys, signing_keys
from netproof.integrity.witness import application, check_witness_keys, create_state, open_state
from netproof.integrity.witness.serving import serve
from netproof.tlog.policy_text import POLICY_BYTES_MAX, parse_policy

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.tlog.keys import SigningKey, VerifierKey

_LINES = "a line `log VKEY` for each log, then `quorum none`"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for.

    Attributes:
        state: None: beside the keys.
    """

    key: Path
    logs: Path
    state: Path | None
    host: str
    port: int


def make(key: Path, name: str, state: Path | None) -> None:
    """Make keys and state of a new witness, and print its verifier keys."""
    check_name("--name", name)
    folder = _state(key, state)
    if key.exists():
        raise SourceError(
            f"{key}: expected no keys yet, got some",
            hint="a witness is made once; if its state was lost, make another one: new keys, new name",
        )
    signers = new_keys(key, name, secrets.token_bytes(SEEDS_BYTES), WITNESS_KINDS)
    try:
        create_state(folder, [signer.verifier() for signer in signers])
    except SourceError:
        key.unlink()  # nobody has seen these keys, and without a state they look like a witness that lost it
        raise
    for signer in signers:
        sys.stdout.write(f"{signer.verifier()}\n")
    messages.say(
        f"private keys in {key}: keep a copy; state in {folder}: never put an older copy in its place"
    )


def run(wish: Wish) -> None:
    """Serve until the process is told to end."""
    signers = _keys(wish.key)
    logs = _logs(wish.logs)
    signal.signal(signal.SIGTERM, _end)
    with open_state(_state(wish.key, wish.state), [signer.verifier() for signer in signers]) as state:
        witness = application(state, logs, signers, lambda: int(time.time()), messages.say)
        number = len({log.name for log in logs})
        known = f"{number} log{'s' if number > 1 else ''}"
        serve(
            witness,
            wish.host,
            wish.port,
            lambda url: messages.say(f"{signers[0].name} cosigns {known} at {url}"),
        )
    messages.say("stopped")


def _end(*_: object) -> NoReturn:
    """End as asked; waitress finishes what it is answering."""
    raise SystemExit(0)


def _keys(path: Path) -> tuple[SigningKey, ...]:
    """Return the witness's keys; another kind of key is refused before its state is looked for."""
    if not path.exists():
        raise SourceError(
            f"{path}: expected a file with the witness's private keys, got none",
            hint="`netproof release witness init` makes it",
        )
    signers = signing_keys(path)
    check_witness_keys(signers)
    return signers


def _state(key: Path, state: Path | None) -> Path:
    """Return where a witness has its state."""
    return key.with_name(f"{key.name}.state") if state is None else state


def _logs(path: Path) -> list[VerifierKey]:
    """Return the keys of the logs that a policy file names."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            data = file.read(POLICY_BYTES_MAX + 1)
        logs = [log.key for log in parse_policy(data).logs]
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise SourceError(f"{path}: expected a policy file, got: {why}", hint=_LINES) from error
    except LogError as error:
        raise LogError(f"{path}: {error}", hint=error.hint or _LINES) from error
    if not logs:
        raise SourceError(f"{path}: expected at least one line with a log, got none", hint=_LINES)
    return logs
