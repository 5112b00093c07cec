"""The command line of `seal`: options in, exit code out."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer

from netproof.cli import options as o  # noqa: TC001 - typer reads annotations

Told = Annotated[str, typer.Option("--format", metavar="terminal|json", help="How the answer is written.")]


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(seal)


def seal(  # noqa: PLR0913, PLR0917 - an option is an argument
    net: o.Net,
    catalogue: o.Catalogues = None,
    restriction: o.Restrictions = None,
    as_of: o.Day = None,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key", metavar="FILE", envvar="NETPROOF_LOG_KEY", help="The log's private keys; else NET.key."
        ),
    ] = None,
    check_seconds: o.Seconds = 300.0,
    memory_mb: o.Memory = 4096,
    report_format: Told = "terminal",
    output: o.Output = None,
) -> None:
    """Check a network and put the answer into its log, so that anybody can repeat it and compare.

    The entry names digests only: of what was read, of the rules, of the answer. The answer itself, and what
    a repetition needs, are kept in the log's folder. Exit code 0: sealed, whatever the answer says;
    2: netproof could not finish.

    Example: netproof seal musternetz --as-of 2026-11-01
    """
    from netproof.cli.seal import Wish, run  # noqa: PLC0415

    wish = Wish(
        net=net,
        catalogues=tuple(catalogue or ()),
        restrictions=tuple(restriction or ()),
        as_of=as_of.date() if as_of else None,
        key=key,
        check_seconds=check_seconds,
        memory_mb=memory_mb,
        report_format=report_format,
        output=output,
    )
    raise typer.Exit(run(wish))
