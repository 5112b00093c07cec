"""`netproof release log`: the log of a network is made, signed, published or checked.

Time and chance are asked for here and nowhere below; the result goes to standard output, words to standard
error.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.cli import exit_codes, messages
from netproof.cli.log_keys import check_name, log_key_path
from netproof.cli.release_logs import Action
from netproof.errors import LogError, SourceError
from netproof.integrity.log import Settings, copy_public, create, fsck, published, read_settings, writing
from netproof.integrity.log.layout import SETTINGS, read_file
from netproof.integrity.register import log_folder
from netproof.integrity.register.keys import SEEDS_BYTES, new_keys, signing_keys
from netproof.integrity.register.publishing import checkpoint
from netproof.tlog.policy_text import POLICY_BYTES_MAX, parse_policy

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.integrity.register.publishing import Checkpointed
    from netproof.tlog.keys import SigningKey

NO_WITNESS = b"quorum none\n"
"""The policy of a log that nobody else vouches for."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for.

    Attributes:
        to: where `publish` copies to.
        origin: name of the log that `init` makes.
        policy: its witnesses and quorum; None: none.
        key: its private keys; None: the usual place.
        files: whether `publish` copies what entries name by digest.
    """

    net: Path
    action: Action
    to: Path | None = None
    origin: str = ""
    policy: Path | None = None
    key: Path | None = None
    files: bool = False


def run(wish: Wish) -> int:
    """Do what is wanted with a log, and return the exit code."""
    _check_wish(wish)
    match wish.action:
        case Action.INIT:
            return _init(wish)
        case Action.CHECKPOINT:
            return _checkpoint(wish)
        case Action.PUBLISH:
            return _publish(wish)
        case Action.FSCK:
            return _fsck(wish)


def _check_wish(wish: Wish) -> None:
    """Refuse what does not belong together, before anything is done."""
    init, publish = wish.action is Action.INIT, wish.action is Action.PUBLISH
    if wish.to is not None and not publish:
        raise SourceError(f"release log {wish.action}: expected no folder, got {wish.to}")
    if wish.files and not publish:
        raise SourceError(f"release log {wish.action}: expected --files with `publish` only")
    if not init and (wish.origin or wish.policy):
        raise SourceError(f"release log {wish.action}: expected --origin and --policy with `init` only")
    if init and not wish.origin:
        raise SourceError(
            "release log init: expected the log's name, got none",
            hint="choose the address where it will be served, without https://: "
            f"--origin log.example.org/{wish.net.resolve().name}",
        )
    check_name("--origin", wish.origin)


def _init(wish: Wish) -> int:
    """Make a log, and its keys where there are none."""
    folder = log_folder(wish.net)
    if not (wish.net / "network.toml").is_file():
        raise SourceError(f"{wish.net}: expected a network's folder, got none with network.toml")
    if (folder / SETTINGS).exists():
        raise LogError(f"{folder}: expected no log, got one", hint="a log is never made anew: it only grows")
    rest = NO_WITNESS if wish.policy is None else _policy(wish.policy)
    keys, place = _keys(wish)
    settings = Settings(wish.origin, tuple(key.verifier() for key in keys))
    policy = b"".join(b"log %s\n" % str(key).encode() for key in settings.keys) + rest
    create(folder, settings, policy)
    messages.say(f"log {wish.origin} is in {folder}")
    messages.say(
        f"its private keys are in {place}: keep a copy where nobody else reads it; without it the log ends"
    )
    messages.say("its readers need this policy:")
    sys.stdout.write(policy.decode())
    return exit_codes.PASSED


def _policy(path: Path) -> bytes:
    """Return a policy file's text; it must hold without the log's own line, too."""
    try:
        data = read_file(path.resolve().parent, path.resolve().name, POLICY_BYTES_MAX)
    except FileNotFoundError as error:
        raise SourceError(f"{path}: expected a policy with witnesses and a quorum, got no file") from error
    parse_policy(data)
    return data


def _keys(wish: Wish) -> tuple[tuple[SigningKey, ...], Path]:
    """Return the keys of a new log and where they lie; made where nothing lies there."""
    place = log_key_path(wish.net, wish.key)
    if not place.exists():
        return new_keys(place, wish.origin, os.urandom(SEEDS_BYTES)), place
    keys = signing_keys(place)
    names = {key.name for key in keys}
    if names != {wish.origin}:
        raise LogError(
            f"{place}: expected keys of {wish.origin}, got keys of {', '.join(sorted(names))}",
            hint="name another place with --key; `init` makes the keys there",
        )
    return keys, place


def _checkpoint(wish: Wish) -> int:
    """Sign what is in the log, and say who vouches for it."""
    folder = log_folder(wish.net)
    read_settings(folder)
    keys = signing_keys(log_key_path(wish.net, wish.key))
    with writing(folder) as writer:
        told = checkpoint(folder, writer, keys, now=int(time.time()))
    sys.stdout.write(published(folder).note.decode())
    _tell(told)
    return exit_codes.PASSED if told.quorum else exit_codes.FOUND


def _tell(told: Checkpointed) -> None:
    """Say what came of a checkpoint."""
    messages.say(f"published: {_count(told.size, 'entry', 'entries')}")
    for problem in told.problems:
        messages.say(f"warning: {problem}")
    if told.witnesses:
        messages.say(f"cosigned by {', '.join(told.witnesses)}; the quorum {_stands(told)}")
    elif told.quorum:
        messages.say("no witness vouches for it: the policy asks for none")
    else:
        messages.say("no witness cosigned it; the quorum is missing")


def _stands(told: Checkpointed) -> str:
    """Return how it is with the quorum."""
    return "stands" if told.quorum else "is missing"


def _publish(wish: Wish) -> int:
    """Copy what readers need."""
    if wish.to is None:
        raise SourceError(
            "release log publish: expected a folder to copy to, got none",
            hint="netproof release log NET publish DIR; DIR is what the web server serves",
        )
    folder = log_folder(wish.net)
    if wish.to.resolve().is_relative_to(folder.resolve()):
        raise SourceError(
            f"release log publish: expected a folder outside of the log's own, got {wish.to}",
            hint="name the folder that the web server serves",
        )
    count = copy_public(folder, wish.to, files=wish.files)
    size = published(wish.to).checkpoint.size
    sys.stdout.write(
        f"{wish.to}: {_count(size, 'entry', 'entries')}, {_count(count, 'file', 'files')} written\n"
    )
    return exit_codes.PASSED


def _fsck(wish: Wish) -> int:
    """Check every byte of the log."""
    folder = log_folder(wish.net)
    if not any(folder.glob("*")):
        read_settings(folder)  # says that there is no log: nothing was found, and nothing was looked at
    with messages.progress() as progress:
        problems = fsck(folder, lambda what, number, total: progress("check", what, number, total))
    sys.stdout.writelines(f"{problem.place}: {problem.text}\n" for problem in problems)
    found = _count(len(problems), "problem", "problems")
    messages.say(f"{folder}: {found if problems else 'everything holds'}")
    return exit_codes.FOUND if problems else exit_codes.PASSED


def _count(number: int, one: str, many: str) -> str:
    """Return a number with its word."""
    return f"{number:,} {one if number == 1 else many}"
