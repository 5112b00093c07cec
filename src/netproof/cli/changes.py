"""The command lines of `diff`, `catalogue diff` and `forecast`: options in, exit code out."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - typer reads annotations as it starts
from pathlib import Path  # noqa: TC003 - as above
from typing import Annotated

import typer

from netproof.cli import options as o  # noqa: TC001 - typer reads annotations as it starts


def register(app: typer.Typer, catalogue_app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(diff)
    app.command()(forecast)
    catalogue_app.command("diff")(catalogue_diff)


def diff(  # noqa: PLR0913, PLR0917 - an option is an argument
    old: o.Net,
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
    as_of: o.Day = None,
    catalogue: Annotated[
        list[str] | None,
        typer.Option(
            "--catalogue",
            metavar="ID|FILE",
            help="Two of them, of one network, are compared; else what both sides are checked against.",
        ),
    ] = None,
    restriction: o.Restrictions = None,
    report_format: o.Format = "terminal",
    output: o.Output = None,
    findings: o.Listed = 200,
    check_seconds: o.Seconds = 300.0,
    memory_mb: o.Memory = 4096,
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
    as_of: o.Day = None,
    restriction: o.Restrictions = None,
    report_format: o.Format = "terminal",
    output: o.Output = None,
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
    net: o.Net,
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
    catalogue: o.Catalogues = None,
    restriction: o.Restrictions = None,
    report_format: o.Format = "terminal",
    output: o.Output = None,
    findings: o.Listed = 50,
    check_seconds: o.Seconds = 300.0,
    memory_mb: o.Memory = 4096,
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
