"""The command lines of `outages` and `exposure`: options in, exit code out."""

from __future__ import annotations

from typing import Annotated

import typer

from netproof.cli.options import Day, Format, Net, Output  # noqa: TC001 - typer reads annotations


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(outages)
    app.command()(exposure)


def outages(  # noqa: PLR0913, PLR0917 - an option is an argument
    net: Net,
    event: Annotated[
        str,
        typer.Option(
            "--event", metavar="KIND:ID", help="One event in full, such as supplier:S3 or link:L17."
        ),
    ] = "",
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Every pair of components, sites and links, exact.")
    ] = False,
    sample: Annotated[
        int, typer.Option("--sample", min=0, metavar="N", help="Draw N scenarios of random failures.")
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", min=0, metavar="S", help="What chance starts from.")] = 0,
    as_of: Day = None,
    listed: Annotated[
        int, typer.Option("--events", min=1, metavar="N", help="How many events of a kind are listed.")
    ] = 100,
    report_format: Format = "terminal",
    output: Output = None,
) -> None:
    """Tell what is lost when anything, or anyone, fails: people, sites and demand, exactly.

    Every component, site, link, facility, duct, product, release and supplier is one event; what needs
    something that is down goes down too. Exit code 0: told; 2: netproof could not finish.

    Example: netproof outages musternetz --event supplier:nordfunk
    """
    from netproof.cli.outages import Wish, run  # noqa: PLC0415

    wish = Wish(
        net=net,
        as_of=as_of.date() if as_of else None,
        event=event,
        pairs=pairs,
        scenarios=sample,
        seed=seed,
        listed=listed,
        report_format=report_format,
        output=output,
    )
    raise typer.Exit(run(wish))


def exposure(  # noqa: PLR0913, PLR0917 - an option is an argument
    net: Net,
    flow: Annotated[str, typer.Option("--flow", metavar="ID", help="A flow of table flow.")] = "",
    start: Annotated[
        str, typer.Option("--from", metavar="A", help="A component or site, in place of a flow.")
    ] = "",
    end: Annotated[str, typer.Option("--to", metavar="B", help="The other end.")] = "",
    avoid: Annotated[
        str, typer.Option("--avoid", metavar="SUPPLIER", help="Look for a path without this supplier.")
    ] = "",
    as_of: Day = None,
    report_format: Annotated[
        str, typer.Option("--format", metavar="terminal|html|json", help="How the answer is written.")
    ] = "terminal",
    output: Output = None,
) -> None:
    """Tell what a flow is exposed to: what lies on every path, on some path, and whose it is.

    Exit code 0: told; 2: netproof could not finish.

    Example: netproof exposure musternetz --flow F0001 --avoid nordfunk
    """
    from netproof.cli.outages import Between, run_exposure  # noqa: PLC0415

    wish = Between(
        net=net,
        as_of=as_of.date() if as_of else None,
        flow=flow,
        start=start,
        end=end,
        avoid=avoid,
        report_format=report_format,
        output=output,
    )
    raise typer.Exit(run_exposure(wish))
