"""`netproof release rotate`: the log's next keys in, a new policy out; chance and clock are asked here."""

from __future__ import annotations

import secrets
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from netproof.cli import exit_codes, messages
from netproof.cli.log_keys import log_key_path
from netproof.errors import SourceError
from netproof.integrity.log import read_settings
from netproof.integrity.register import log_folder
from netproof.integrity.register.keys import SEEDS_BYTES, new_keys, signing_keys
from netproof.pipeline.release_rotate import rotate

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.tlog.keys import SigningKey


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for; each field is the argument or option of that name."""

    net: Path
    new_key: Path | None = None
    drop: tuple[str, ...] = ()
    key: Path | None = None


def run(wish: Wish) -> int:
    """Change the log's keys, tell what readers need, and return the exit code."""
    if wish.new_key is None and not wish.drop:
        raise SourceError(
            "release rotate: expected --new-key, --drop or both, got neither",
            hint="--new-key FILE takes a key in, --drop ID takes one out; its ids stand in releases/policy",
        )
    settings = read_settings(log_folder(wish.net))
    old = signing_keys(log_key_path(wish.net, wish.key))
    new = _new(wish.new_key, settings.origin)
    done = rotate(wish.net, old, new, dropped=wish.drop, time=datetime.now(UTC))
    if not done.changed:
        sys.stdout.write(f"nothing to change: the policy of {done.origin} names these keys already\n")
    sys.stdout.write(f"keys of {done.origin} that readers accept: {', '.join(done.keys)}\n")
    sys.stdout.write(f"policy: {log_folder(wish.net) / 'policy'} (sha256 {done.policy_sha256})\n")
    if done.checkpoint is not None:
        sys.stdout.write(f"checkpoint of {done.checkpoint['size']:,} entries signed by old and new keys\n")
        for problem in done.checkpoint["problems"]:
            messages.say(f"warning: {problem}")
    if wish.new_key is not None and not {key.seed for key in new} <= {key.seed for key in old}:
        messages.say(
            "hand the new policy to all who read the log; until they have it, sign with both: add the lines "
            f"of {wish.new_key} to {log_key_path(wish.net, wish.key)}"
        )
    return exit_codes.PASSED


def _new(path: Path | None, origin: str) -> tuple[SigningKey, ...]:
    """Return the keys of a file, which is made where it is not there yet."""
    if path is None:
        return ()
    return signing_keys(path) if path.exists() else new_keys(path, origin, secrets.token_bytes(SEEDS_BYTES))
