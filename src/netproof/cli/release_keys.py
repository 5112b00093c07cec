"""`netproof release key`: a supplier's key in, an entry out; the clock is read here and nowhere below."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from netproof.cli import exit_codes, messages
from netproof.cli.log_keys import keys_to_publish
from netproof.errors import SourceError
from netproof.pipeline.release_key import Claim, log_key

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.pipeline.release_key import KeyLogged


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for; each field is the argument or option of that name."""

    net: Path
    file: Path
    supplier: str
    retire: bool = False
    compromised: bool = False
    replaces: str = ""
    key: Path | None = None
    checkpoint: bool = True


def run(wish: Wish) -> int:
    """Log what is known of a supplier's key, tell it, and return the exit code."""
    if wish.retire and wish.compromised:
        raise SourceError("release key: expected --retire or --compromised, got both")
    status = "compromised" if wish.compromised else "retired" if wish.retire else "trusted"
    now = datetime.now(UTC)
    publish = keys_to_publish(wish.net, wish.key, now, wanted=wish.checkpoint)
    claim = Claim(wish.supplier, status, wish.replaces)
    logged = log_key(wish.net, wish.file, claim, publish=publish, time=now)
    for one in logged.keys:
        sys.stdout.write(_told(one) + "\n")
    if logged.checkpoint is not None and not logged.checkpoint["quorum"]:
        messages.say("warning: " + "; ".join(logged.checkpoint["problems"]))
    if logged.unpublished:
        messages.say(f"durable, not public yet: {logged.unpublished}")
    return exit_codes.PASSED


def _told(one: KeyLogged) -> str:
    """Return what became of one key, in a line."""
    how = f"entry {one.index}" if one.new else f"logged before, as entry {one.index}"
    return f"{one.key.format} key {one.key.signer} of {one.supplier}: {one.status}, {how}"
