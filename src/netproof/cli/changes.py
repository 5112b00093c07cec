"""The command lines of `diff`, `catalogue diff` and `forecast`: options in, exit code out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

Day = Annotated[
    datetime | None,
    typer.Option(
        "--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="The date to check for, such as 2027-01-01."
    ),
]
Format = Annotated[str, typer.Option("--format", metavar="terminal|json", help="How the answer is written.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where to; without it, standard output."),
]
Listed = Annotated[
    int, typer.Option("--findings", min=0, metavar="N", help="How many findings of a check are listed.")
]
Seconds = Annotated[
    float, typer.Option("--check-seconds", min=0.1, metavar="S", help="Time that one check may take.")
]
Memory = Annotated[
    int,
    typer.Option("--memory-mb", min=64, metavar="MB", help="Memory that checks may use beside the tables."),
]
Restrictions = Annotated[
    list[str] | None,
    typer.Option(
        "--restriction",
        metavar="ID",
        help="A shipped set of restrictions, in place of those in network.toml; may be repeated.",
    ),
]


def register(app: typer.Typer, catalogue_app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(diff)
    app.command()(forecast)
    catalogue_app.command("diff")(catalogue_diff)


def diff(  # noqa: PLR0913, PLR0917 - an option is an argument
    old: Annotated[Path, typer.Argument(metavar="NET", help="A network: a folder or a .duckdb file.")],
    new: Annotated[
        Path | None, typer.Argument(metavar="[NEW]", help="Another network, to compare the first with.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="The first date; without it, the network's own.",
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], metavar="DATE", help="The second date."),
    ] = None,
    as_of: Day = None,
    catalogue: Annotated[
        list[str] | None,
        typer.Option(
            "--catalogue",
            metavar="ID|FILE",
            help="Two of them, of one network, are compared; else what both sides are checked against.",
        ),
    ] = None,
    restriction: Restrictions = None,
    report_format: Format = "terminal",
    output: Output = None,
    findings: Listed = 200,
    check_seconds: Seconds = 300.0,
    memory_mb: Memory = 4096,
) -> None:
    """Tell what became better or worse, is new or gone, and why: two networks, dates or catalogues.

    Two networks are checked for one date, that of the second, unless --from and --to say otherwise.
    Exit code 0: no verdict or finding differs; 1: some do; 2: netproof could not finish.

    Example: netproof diff musternetz --from 2026-11-01 --to 2027-11-01
    """
    from netproof.cli.diff import Wish, run  # noqa: PLC0415

    wish = Wish(
        old=old,
        new=new,
        since=since.date() if since else None,
        until=until.date() if until else None,
        as_of=as_of.date() if as_of else None,
        catalogues=tuple(catalogue or ()),
        restrictions=tuple(restriction or ()),
        report_format=report_format,
        output=output,
        findings_max=findings,
        check_seconds=check_seconds,
        memory_mb=memory_mb,
    )
    raise typer.Exit(run(wish))


def catalogue_diff(  # noqa: PLR0913, PLR0917 - an option is an argument
    old: Annotated[str, typer.Argument(metavar="OLD", help="A catalogue's id or an OSCAL file.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Another one.")],
    network: Annotated[
        Path | None,
        typer.Option("--network", metavar="NET", help="Tell also what the new one changes for a network."),
    ] = None,
    as_of: Day = None,
    restriction: Restrictions = None,
    report_format: Format = "terminal",
    output: Output = None,
) -> None:
    """Tell which requirements another catalogue adds, drops or changes, and what that means for a network.

    Exit code 0: nothing differs; 1: something does; 2: netproof could not finish.

    Example: netproof catalogue diff de-tkg-2.0 my-draft.json --network musternetz
    """
    from netproof.cli.diff import CatalogueWish, run_catalogues  # noqa: PLC0415

    wish = CatalogueWish(
        old=old,
        new=new,
        network=network,
        as_of=as_of.date() if as_of else None,
        restrictions=tuple(restriction or ()),
        report_format=report_format,
        output=output,
    )
    raise typer.Exit(run_catalogues(wish))


def forecast(  # noqa: PLR0913, PLR0917 - an option is an argument
    net: Annotated[Path, typer.Argument(metavar="NET", help="A network: a folder or a .duckdb file.")],
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], metavar="DATE", help="How far; without it, 24 months."),
    ] = None,
    every: Annotated[
        str, typer.Option("--every", metavar="month|quarter|year", help="How far apart the dates are.")
    ] = "month",
    dates: Annotated[
        str,
        typer.Option("--dates", metavar="D1,D2,...", help="These dates instead: 2026-12-31,2027-12-31."),
    ] = "",
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="The first date; without it, the network's own.",
        ),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Also what rests on evidence that ages and what no date decides."),
    ] = False,
    catalogue: Annotated[
        list[str] | None,
        typer.Option(
            "--catalogue",
            metavar="ID|FILE",
            help="A shipped catalogue's id or an OSCAL file; may be repeated.",
        ),
    ] = None,
    restriction: Restrictions = None,
    report_format: Format = "terminal",
    output: Output = None,
    findings: Listed = 50,
    check_seconds: Seconds = 300.0,
    memory_mb: Memory = 4096,
) -> None:
    """Tell what becomes non-compliant when, if the records stay as they are, and which certificates lapse.

    Exit code 0: everything passes on every date; 1: something does not; 2: netproof could not finish.

    Example: netproof forecast musternetz --dates 2026-12-31,2027-12-31,2029-12-31
    """
    from netproof.cli.forecast import Wish, run  # noqa: PLC0415

    wish = Wish(
        net=net,
        as_of=as_of.date() if as_of else None,
        until=until.date() if until else None,
        every=every,
        dates=dates,
        everything=everything,
        catalogues=tuple(catalogue or ()),
        restrictions=tuple(restriction or ()),
        report_format=report_format,
        output=output,
        findings_max=findings,
        check_seconds=check_seconds,
        memory_mb=memory_mb,
    )
    raise typer.Exit(run(wish))
