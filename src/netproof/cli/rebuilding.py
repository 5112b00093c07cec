"""The command line of `release rebuild`: options in, exit code out."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer

from netproof.cli.options import Output  # noqa: TC001 - typer reads annotations


def register(app: typer.Typer) -> None:
    """Add the command to those of `release`."""
    app.command()(rebuild)


def rebuild(  # noqa: PLR0913, PLR0917 - an option is an argument
    net: Annotated[Path, typer.Argument(metavar="NET", help="A network folder with a log of releases.")],
    release: Annotated[
        str,
        typer.Argument(metavar="ID", help="An entry's number, product@release, or the file's SHA-256."),
    ],
    built: Annotated[Path, typer.Argument(metavar="BUILT", help="What you built from the release's source.")],
    published: Annotated[
        Path, typer.Option("--published", metavar="FILE", help="The file that the supplier published.")
    ],
    source_sha256: Annotated[
        str, typer.Option("--source-sha256", metavar="HEX", help="Digest of the deposited source.")
    ] = "",
    commit: Annotated[
        str, typer.Option("--commit", metavar="HEX", help="Commit of the source that was built.")
    ] = "",
    deep: Annotated[
        bool, typer.Option("--deep", help="Let diffoscope look into what differs, where it is installed.")
    ] = False,
    log: Annotated[bool, typer.Option("--log/--no-log", help="Put the result into the log.")] = True,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key", metavar="FILE", envvar="NETPROOF_LOG_KEY", help="The log's private keys; else NET.key."
        ),
    ] = None,
    report_format: Annotated[
        str, typer.Option("--format", metavar="terminal|json", help="How the answer is written.")
    ] = "terminal",
    output: Output = None,
) -> None:
    """Compare a published release with your own build of its source, and log what came of it.

    Times, owners, order, compression and detached signatures may differ; every such difference is listed.
    With --no-log nothing is written, and a network without a log will do. Exit code 0: identical, or the
    same after normalising; 1: different; 2: netproof could not finish.

    Example: netproof release rebuild musternetz router-9@7.1 mine.tar --published theirs.tar --no-log
    """
    from netproof.cli.release_rebuild import Wish, run  # noqa: PLC0415

    wish = Wish(
        net=net,
        release=release,
        built=built,
        published=published,
        source_sha256=source_sha256,
        commit=commit,
        deep=deep,
        log=log,
        key=key,
        report_format=report_format,
        output=output,
    )
    raise typer.Exit(run(wish))
