"""`netproof release rebuild`: a published file and one's own build in, what differs out, and into the log."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from netproof.cli import exit_codes, messages
from netproof.cli.answers import check_wish, tell
from netproof.integrity.register.keys import VARIABLE
from netproof.pipeline.deep_diff import deep_diff
from netproof.pipeline.log_entry import append, keys_at_hand, log_folder
from netproof.pipeline.rebuild import rebuilt
from netproof.tlog.statement import make_statement, utc_seconds

if TYPE_CHECKING:
    from pathlib import Path

ANSWER = "release-rebuild"
DEEP_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for."""

    net: Path
    release: str
    built: Path
    published: Path
    source_sha256: str = ""
    commit: str = ""
    deep: bool = False
    log: bool = True
    key: Path | None = None
    report_format: str = "terminal"
    output: Path | None = None

    def source(self) -> dict[str, str]:
        """Return the source that was named."""
        named = {"escrow_sha256": self.source_sha256.lower(), "commit": self.commit.lower()}
        return {name: value for name, value in named.items() if value}


def run(wish: Wish) -> int:
    """Compare, log, tell, and return the exit code."""
    check_wish(ANSWER, wish.report_format, wish.output)
    now = datetime.now(UTC)
    here = wish.net / "releases"
    folder = log_folder(wish.net) if wish.log or (here / "log.toml").is_file() else None
    keys = keys_at_hand(folder.parent, wish.key, os.environ.get(VARIABLE)) if wish.log and folder else ()
    told = rebuilt(folder, wish.release, wish.built, wish.published)
    source = told.source(wish.source())
    model = told.model(source)
    if wish.deep and model["result"] != "identical":
        model["deep"] = deep_diff(wish.published, wish.built, seconds=DEEP_SECONDS)
    if wish.log and folder is not None:
        statement = make_statement(told.statement(source, utc_seconds(now))).values
        done = append(folder, statement, keys, now=int(now.timestamp()))
        model |= {"entry": done.index, "checkpoint": done.told()}
        for problem in done.checkpoint.problems if done.checkpoint else ():
            messages.say(f"warning: {problem}")
    tell(ANSWER, model, wish.report_format, wish.output)
    return exit_codes.FOUND if model["result"] == "different" else exit_codes.PASSED
