"""`netproof release prove`: an entry's proof from the network's own log."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from netproof.cli import exit_codes, messages
from netproof.cli.answers import check_output
from netproof.errors import LogError
from netproof.integrity.audit import prove, withdrawal_after
from netproof.integrity.audit.rules import name_of
from netproof.integrity.log import Published, history, published
from netproof.integrity.register import log_folder
from netproof.integrity.register.find import find
from netproof.report import write_file
from netproof.tlog.encoding import shown
from netproof.tlog.statement import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.integrity.register.find import Found
    from netproof.tlog.statement import Statement

_LISTED = 20


def run(net: Path, name: str, *, first: bool, output: Path | None) -> int:
    """Write a proof, and return the exit code."""
    check_output(output)
    folder = log_folder(net)
    newest = published(folder)
    found = _one(find(newest, name), name, newest.checkpoint.size)
    proof = prove(_first(folder, found.index) if first else newest, found.index)
    if output is None:
        sys.stdout.buffer.write(proof)
        sys.stdout.buffer.flush()
    else:
        write_file(output, proof)
    messages.say(f"entry {found.index}: {_words(found.statement)}")
    gone = withdrawal_after(newest, found.statement, found.index)
    if gone is not None:
        messages.say(f"warning: entry {gone} withdraws it; the proof does not show that")
    return exit_codes.PASSED


def _one(found: list[Found], name: str, size: int) -> Found:
    """Return the only entry that was found.

    Raises:
        LogError: none was, or several.
    """
    if not found:
        raise LogError(
            f"{shown(name)}: expected an entry among the {size:,} of the published log, got none",
            hint="name it by product@release, supplier/product@release, its entry's number or its SHA-256; "
            "one that was added since is public with the next checkpoint (`netproof release log NET "
            "checkpoint`)",
        )
    # The same statement logged twice is one; the first proves the earlier time.
    if len({one.statement.entry for one in found}) > 1:
        listed = "; ".join(f"{one.index}: {_words(one.statement)}" for one in found[:_LISTED])
        raise LogError(f"{shown(name)}: expected one entry, got {len(found)}", hint=f"name one: {listed}")
    return found[0]


def _first(folder: Path, index: int) -> Published:
    """Return the smallest kept tree that holds an entry."""
    sizes = (size for size, _ in history(folder) if size > index)
    return published(folder, size=next(sizes))


def _words(statement: Statement) -> str:
    """Return what an entry is, in words."""
    if statement.kind in {Kind.RELEASE, Kind.WITHDRAW, Kind.REBUILD}:
        return f"{statement.kind} of {name_of(statement.values)}"
    return str(statement.kind)
