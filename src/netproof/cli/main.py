"""The command line: arguments in, exit code out; the one place that catches every error.

Each command's work lies in a file of its own and is imported when the command runs, so that
`--help` answers at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from netproof import __version__
from netproof.cli import changes, exit_codes, failures, fleet, messages, release, sealing
from netproof.cli import options as o
from netproof.errors import NetproofError

app = typer.Typer(
    name="netproof",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Checks a telecom network against its security catalogue, from what really runs in it.\n\n"
    "Example: netproof demo musternetz",
)
import_app = typer.Typer(
    no_args_is_help=True, help="Turn another tool's files or answers into a network folder."
)
catalogue_app = typer.Typer(no_args_is_help=True, help="Show, lint and test the catalogues and their checks.")
app.add_typer(import_app, name="import")
app.add_typer(catalogue_app, name="catalogue")


def _version(value: bool) -> None:
    """Print the version and stop."""
    if value:
        from netproof.graph import Engine, engine  # noqa: PLC0415

        runs = "compiled" if engine() is Engine.NATIVE else "portable (slower: built without a C++ compiler)"
        typer.echo(f"netproof {__version__}, failure kernels: {runs}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    del version


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to write it.")] = Path("musternetz"),
    sites: Annotated[int, typer.Option(min=100, max=1_000_000, help="How many sites, about.")] = 400,
    seed: Annotated[
        int, typer.Option(min=0, help="The same seed gives the same operator everywhere.")
    ] = 2026,
    file_format: Annotated[
        str, typer.Option("--format", metavar="csv|parquet", help="How tables are written.")
    ] = "csv",
    check_it: Annotated[
        bool, typer.Option("--check/--no-check", help="Check it and write the report beside it.")
    ] = True,
) -> None:
    """Write the made-up example operator, check it, and say where the report lies.

    Example: netproof demo musternetz
    """
    from netproof.cli.demo import run  # noqa: PLC0415

    run(folder, sites=sites, seed=seed, file_format=file_format, check_it=check_it)


@app.command()
def check(
    net: o.Net,
    catalogue: o.Catalogues = None,
    restriction: o.Restrictions = None,
    as_of: o.Day = None,
    report_format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="How the answer is written: terminal, html, markdown or xlsx for people; json, sarif, "
            "junit, ocsf, oscal (assessment results) or poam (OSCAL) for tools. xlsx needs --output.",
        ),
    ] = "terminal",
    output: o.Output = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first value that cannot be read.")
    ] = False,
    findings: o.Listed = 200,
    check_seconds: o.Seconds = 300.0,
    memory_mb: o.Memory = 4096,
    verify: o.Verify = False,
    policy: o.OwnPolicy = None,
    sealed: o.Sealed = "",
) -> None:
    """Check a network against its catalogues, for a date; or repeat a sealed assessment and compare.

    Exit code 0: every check in scope passed; 1: something failed, lacks evidence or needs review;
    2: netproof could not finish. With --verify 0: the sealed entry is proven and the answer is the same;
    1: not so.

    Example: netproof check musternetz --as-of 2027-01-01 --format html --output report.html
    """
    from netproof.cli.check import Wish, run  # noqa: PLC0415
    from netproof.report import WITH_DETAILS  # noqa: PLC0415

    if verify or sealed or policy:
        from netproof.cli.seal import Again, run_again  # noqa: PLC0415

        given = {"--catalogue": catalogue, "--restriction": restriction, "--as-of": as_of, "--strict": strict}
        again = Again(
            net=net,
            entry=sealed,
            asked=verify,
            policy=policy,
            given=tuple(name for name, value in given.items() if value),
            report_format=report_format,
            output=output,
            check_seconds=check_seconds,
            memory_mb=memory_mb,
        )
        raise typer.Exit(run_again(again))
    wish = Wish(
        net=net,
        catalogues=tuple(catalogue or ()),
        restrictions=tuple(restriction or ()),
        as_of=as_of.date() if as_of else None,
        report_format=report_format,
        output=output,
        strict=strict,
        findings_max=findings,
        details=report_format in WITH_DETAILS,
        check_seconds=check_seconds,
        memory_mb=memory_mb,
    )
    raise typer.Exit(run(wish))


@import_app.command("netbox")
def import_netbox(
    source: Annotated[
        str, typer.Argument(metavar="FILES_OR_URL", help="A folder of saved REST answers, or a server.")
    ],
    into: Annotated[Path, typer.Option("--into", metavar="NET", help="The network folder to write.")],
    token: Annotated[
        str | None,
        typer.Option(
            "--token", envvar="NETPROOF_NETBOX_TOKEN", metavar="TOKEN", help="API token, version 1 or 2."
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", metavar="FILE", help="Your roles and what function each has (TOML)."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over tables that were changed since the last import.")
    ] = False,
) -> None:
    """Turn a NetBox inventory into a network folder, and say what could not be mapped.

    Example: netproof import netbox saved-answers --into my-network
    """
    from netproof.cli.import_ import run  # noqa: PLC0415

    run(source, into=into, token=token, mapping=mapping, replace=replace)


@catalogue_app.command("list")
def catalogue_list() -> None:
    """List the shipped catalogues.

    Example: netproof catalogue list
    """
    from netproof.cli.catalogue import list_catalogues  # noqa: PLC0415

    list_catalogues()


@catalogue_app.command("show")
def catalogue_show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A catalogue, requirement or check.")],
) -> None:
    """Show a catalogue, a requirement or a check.

    Example: netproof catalogue show CERT-001
    """
    from netproof.cli.catalogue import show  # noqa: PLC0415

    show(name)


@catalogue_app.command("import")
def catalogue_import(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="An OSCAL catalog or profile: JSON, YAML or XML.")
    ],
    into: Annotated[
        Path | None,
        typer.Option(
            "--into", metavar="NET", help="The network folder to write it into; without it, only a summary."
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="List every control that no check decides, not only the first.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over what an earlier import wrote.")
    ] = False,
) -> None:
    """Sum up an OSCAL catalog or profile, or put it into a network folder with a mapping to checks.

    Example: netproof catalogue import baseline_profile.json --into my-network
    """
    from netproof.cli.oscal_import import run  # noqa: PLC0415

    run(file, into=into, every=every, replace=replace)


@catalogue_app.command("lint")
def catalogue_lint(
    folder: o.Checks = None,
) -> None:
    """Refuse checks that are not one portable, neutral, read-only SELECT over known tables.

    Example: netproof catalogue lint my-checks
    """
    from netproof.cli.catalogue import lint_checks  # noqa: PLC0415

    raise typer.Exit(lint_checks(folder))


@catalogue_app.command("test")
def catalogue_test(
    folder: o.Checks = None,
) -> None:
    """Run the case files of checks.

    Example: netproof catalogue test my-checks
    """
    from netproof.cli.catalogue import test_checks  # noqa: PLC0415

    raise typer.Exit(test_checks(folder))


changes.register(app, catalogue_app)
failures.register(app)
fleet.register(app)
release.register(app)
sealing.register(app)


def main() -> None:
    """Run the command line."""
    try:
        app(prog_name="netproof")
    except NetproofError as error:
        messages.error(str(error), error.hint)
        sys.exit(exit_codes.BROKEN)
    except KeyboardInterrupt:
        messages.say("stopped")
        sys.exit(exit_codes.STOPPED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(exit_codes.BROKEN)
    except MemoryError as error:
        messages.error(f"expected enough memory, got too little: {error or 'none is left'}")
        sys.exit(exit_codes.BROKEN)
    except Exception as error:
        if os.environ.get("NETPROOF_TRACEBACK"):
            raise
        messages.error(
            f"netproof itself failed: {type(error).__name__}: {error}",
            "this is a defect of netproof; set NETPROOF_TRACEBACK=1 to see where, and report it",
        )
        sys.exit(exit_codes.BROKEN)
