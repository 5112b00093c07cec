"""The command line of `release log`: options in, exit code out."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer


class Action(StrEnum):
    """What is done with a log."""

    INIT = "init"
    CHECKPOINT = "checkpoint"
    PUBLISH = "publish"
    FSCK = "fsck"


def register(app: typer.Typer) -> None:
    """Add the command to `netproof release`."""
    app.command("log")(log)


def log(  # noqa: PLR0913, PLR0917 - an option is an argument
    net: Annotated[
        Path, typer.Argument(metavar="NET", help="The network's folder; its log lies in releases/.")
    ],
    action: Annotated[
        Action,
        typer.Argument(
            metavar="init|checkpoint|publish|fsck",
            help="Make the log; sign what is in it; copy what readers need to DIR; check every byte.",
        ),
    ],
    to: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Where `publish` copies to.")] = None,
    origin: Annotated[
        str,
        typer.Option(
            "--origin", metavar="NAME", help="init: the log's name, such as log.example.org/musternetz."
        ),
    ] = "",
    policy: Annotated[
        Path | None,
        typer.Option(
            "--policy",
            metavar="FILE",
            help="init: its witnesses, groups and quorum (tlog-policy); without it, no witness is asked.",
        ),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            metavar="FILE",
            help="The log's private keys; else NETPROOF_LOG_KEY, else NET.key beside NET. init makes them.",
        ),
    ] = None,
    files: Annotated[
        bool,
        typer.Option("--files", help="publish: also signatures, SBOMs and what else entries name by digest."),
    ] = False,
) -> None:
    """Make, sign, publish or check the log of a network: plain files that any web server can serve.

    `init` prints the policy that readers need, `checkpoint` the signed checkpoint. Exit code 0: done; 1: the
    policy's quorum is missing, or `fsck` found something; 2: netproof could not finish.

    Example: netproof release log musternetz fsck
    """
    from netproof.cli.release_log import Wish, run  # noqa: PLC0415

    wish = Wish(net=net, action=action, to=to, origin=origin, policy=policy, key=key, files=files)
    raise typer.Exit(run(wish))
