"""Where the log's private keys are found, and what is said where there are none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.integrity.register.keys import VARIABLE, key_path, signing_keys
from netproof.pipeline.release_publish import Publish

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


def log_key_path(net: Path, given: Path | None) -> Path:
    """Return where a network's log has its keys: as given, else by the environment, else beside it."""
    return key_path(net, given, os.environ.get(VARIABLE))


def check_name(option: str, name: str) -> None:
    """Refuse an address as a name that is for ever: readers compare it letter by letter."""
    if "://" in name:
        raise SourceError(
            f"{option}: expected a name without https://, got {name!r}",
            hint=f"{option} {name.partition('://')[2].rstrip('/') or 'log.example.org/name'}",
        )


def keys_to_publish(net: Path, given: Path | None, now: datetime, *, wanted: bool) -> Publish:
    """Return how entries will be published.

    Args:
        net: the network's folder.
        given: what the user named with --key.
        now: the time that cosignatures are asked for.
        wanted: whether the user wants a checkpoint.

    Raises:
        SourceError: a key file that was named cannot be read, or one that is there must not be used.
    """
    moment = int(now.timestamp())
    if not wanted:
        return Publish((), moment, "no checkpoint was wanted (--no-checkpoint)")
    path = log_key_path(net, given)
    named = given is not None or bool(os.environ.get(VARIABLE))
    if not named and not path.exists():
        return Publish((), moment, f"there is no key file {path}; name one with --key")
    return Publish(signing_keys(path), moment)
