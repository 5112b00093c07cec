"""The command lines of `release`: options in, exit code out."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - typer reads annotations
from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer

from netproof.cli import proofs, rebuilding, registering, release_logs, witness
from netproof.cli.options import Format, Output  # noqa: TC001 - typer reads annotations

release_app = typer.Typer(
    no_args_is_help=True,
    help="Suppliers' releases: verify and compare them, log them, prove and audit what is logged.",
)


@release_app.callback()
def _root() -> None:
    pass


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(release_app, name="release")
    for part in (registering, release_logs, proofs, rebuilding, witness):
        part.register(release_app)


@release_app.command("verify")
def verify(  # noqa: PLR0913, PLR0917 - an option is an argument
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Released files, of any size.")],
    signature: Annotated[
        list[Path] | None,
        typer.Option(
            "--signature",
            metavar="SIG",
            help="A signature, list of digests or statement; without it, what lies beside each file.",
        ),
    ] = None,
    trust: Annotated[
        Path | None,
        typer.Option(
            "--trust", metavar="DIR", help="Keys, certificates and CRLs of those you trust; nobody else is."
        ),
    ] = None,
    proof: Annotated[
        list[Path] | None,
        typer.Option(
            "--proof",
            metavar="PROOF",
            help="A tlog-proof of the file's entry in a log: its signatures are judged for the logged time.",
        ),
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option(
            "--policy", metavar="POLICY", help="Which logs and witnesses count for --proof (tlog-policy)."
        ),
    ] = None,
    provenance: Annotated[
        Path | None,
        typer.Option(
            "--provenance-policy",
            metavar="FILE",
            help="Builders, build types and parameters that SLSA provenance must name (TOML).",
        ),
    ] = None,
    at: Annotated[
        datetime | None,
        typer.Option("--at", formats=["%Y-%m-%d"], metavar="DATE", help="The date to judge for; else today."),
    ] = None,
    report_format: Annotated[
        str, typer.Option("--format", metavar="terminal|json", help="How the answer is written.")
    ] = "terminal",
    output: Output = None,
) -> None:
    """Tell what released files are, who signed them, whether that holds, and what is missing.

    Exit code 0: every file is verified; 1: one is not; 2: netproof could not finish.

    Example: netproof release verify image.bin --trust suppliers-keys
    """
    from netproof.cli.release_verify import Wish, run  # noqa: PLC0415

    wish = Wish(
        files=tuple(files),
        signatures=tuple(signature or ()),
        trust=trust,
        proofs=tuple(proof or ()),
        policy=policy,
        provenance=provenance,
        at=at.date() if at else None,
        report_format=report_format,
        output=output,
    )
    raise typer.Exit(run(wish))


@release_app.command("diff")
def diff(  # noqa: PLR0913, PLR0917 - an option is an argument
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The package before: zip, tar, CSAR, deb, RPM.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The package after.")],
    sbom_old: Annotated[
        Path | None,
        typer.Option(
            "--sbom-old",
            metavar="FILE",
            help="Bill of materials of OLD (CycloneDX, SPDX), in place of those in it.",
        ),
    ] = None,
    sbom_new: Annotated[
        Path | None, typer.Option("--sbom-new", metavar="FILE", help="The same of NEW.")
    ] = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="Let diffoscope look into the files, where it is installed.")
    ] = False,
    seconds: Annotated[
        float, typer.Option("--deep-seconds", min=1.0, metavar="S", help="Time that diffoscope may take.")
    ] = 300.0,
    report_format: Format = "terminal",
    output: Output = None,
) -> None:
    """Tell what an update changes: files, rights, keys, network services, addresses, components.

    Nothing is unpacked to disk; a package with anything unsafe in it is refused. Exit code 0: nothing
    differs; 1: something does; 2: netproof could not finish.

    Example: netproof release diff router-7.1.tar.gz router-7.2.tar.gz
    """
    from netproof.cli.release_diff import Wish, run  # noqa: PLC0415

    wish = Wish(
        old=old,
        new=new,
        sbom_old=sbom_old,
        sbom_new=sbom_new,
        deep_seconds=seconds if deep else None,
        report_format=report_format,
        output=output,
    )
    raise typer.Exit(run(wish))
