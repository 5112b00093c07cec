"""The command line of `fleet`, and what it does: files and other logs in, the answer out.

Today, and what lies on disk or in the network, are asked for here and nowhere below.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - typer reads annotations
from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer

from netproof.cli.options import Day, Format, Net, Output  # noqa: TC001 - typer reads annotations


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(fleet)


def fleet(  # noqa: PLR0913, PLR0917 - an option is an argument
    net: Net,
    observations: Annotated[
        list[str] | None,
        typer.Option(
            "--observations",
            metavar="[NAME=]FILE",
            help="What was seen to run: a table, a text of snmpwalk, Prometheus' text or query answer, an "
            "IMA list. NAME is the component that it is from, where the file does not say. May be repeated.",
        ),
    ] = None,
    identify: Annotated[
        Path | None,
        typer.Option("--identify", metavar="FILE", help="Your names of components: CSV name,component_id."),
    ] = None,
    observed_at: Annotated[
        datetime | None,
        typer.Option(
            "--observed-at",
            formats=["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"],
            metavar="MOMENT",
            help="When files that say no time were made, UTC; else the end of the date that is asked for.",
        ),
    ] = None,
    quote: Annotated[
        list[str] | None,
        typer.Option(
            "--quote",
            metavar="NAME=HEX",
            help="PCR 10 as a quote states it that you verified, for the IMA list given as NAME=FILE.",
        ),
    ] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(
            "--compare",
            metavar="URL|DIR",
            help="Another operator's log: has it the same releases with the same digests? May be repeated.",
        ),
    ] = None,
    compare_policy: Annotated[
        list[Path] | None,
        typer.Option(
            "--compare-policy",
            metavar="FILE",
            help="Which log and witnesses you accept for --compare: one for all, or one each in their order.",
        ),
    ] = None,
    as_of: Day = None,
    listed: Annotated[
        int, typer.Option("--components", min=1, metavar="N", help="How many components are listed.")
    ] = 1000,
    report_format: Format = "terminal",
    output: Output = None,
) -> None:
    """Compare all that runs with the log of releases: logged, unknown, withdrawn, late, differs, no evidence.

    Exit code 0: every component is logged and nothing else was found; 1: something was found or lacks
    evidence; 2: netproof could not finish.

    Example: netproof fleet musternetz --format html --output fleet.html
    """
    from netproof.cli.fleet_run import Wish, run  # noqa: PLC0415

    wish = Wish(
        net=net,
        observations=tuple(observations or ()),
        identify=identify,
        observed_at=observed_at,
        quotes=tuple(quote or ()),
        compare=tuple(compare or ()),
        policies=tuple(compare_policy or ()),
        as_of=as_of.date() if as_of else None,
        listed=listed,
        report_format=report_format,
        output=output,
    )
    raise typer.Exit(run(wish))
