"""The command lines of the register: `release add`, `key` and `rotate`; options in, exit code out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netproof.cli.options import Output  # noqa: TC001 - typer reads annotations

Home = Annotated[Path, typer.Argument(metavar="NET", help="The network's folder; its log lies in releases/.")]
Key = Annotated[
    Path | None,
    typer.Option(
        "--key",
        metavar="FILE",
        help="The log's private keys; else NETPROOF_LOG_KEY, else NET.key beside NET.",
    ),
]
Answer = Annotated[str, typer.Option("--format", metavar="terminal|json", help="How the answer is written.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `netproof release`."""
    app.command("add")(add)
    app.command("key")(key)
    app.command("rotate")(rotate)


def add(  # noqa: PLR0913, PLR0917 - an option is an argument
    net: Home,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Released files, of any size.")
    ] = None,
    supplier: Annotated[
        str, typer.Option("--supplier", metavar="S", help="Whose release: a supplier_id.")
    ] = "",
    product: Annotated[str, typer.Option("--product", metavar="P", help="Of which product_id.")] = "",
    release: Annotated[
        str, typer.Option("--release", metavar="V", help="Which version, as the supplier writes it.")
    ] = "",
    part: Annotated[
        str,
        typer.Option(
            "--part",
            metavar="C",
            help="Which part of the release; with several files each is the part of its own name.",
        ),
    ] = "",
    trust: Annotated[
        Path | None,
        typer.Option("--trust", metavar="DIR", help="Keys, certificates and CRLs of those you trust."),
    ] = None,
    signature: Annotated[
        list[Path] | None,
        typer.Option("--signature", metavar="SIG", help="As in `release verify`; else what lies beside."),
    ] = None,
    listed: Annotated[
        Path | None,
        typer.Option(
            "--list", metavar="CSV", help="Files by a list: file,supplier,product,release,part,signature."
        ),
    ] = None,
    from_table: Annotated[
        bool, typer.Option("--from-table", help="Every row of table release that has a digest.")
    ] = False,
    from_sbom: Annotated[
        Path | None,
        typer.Option("--from-sbom", metavar="F", help="What a bill of materials (CycloneDX, SPDX) lists."),
    ] = None,
    withdraw: Annotated[
        str,
        typer.Option(
            "--withdraw", metavar="ID", help="Product@release, entry number or digest to withdraw for ever."
        ),
    ] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it is withdrawn.")] = "",
    observations: Annotated[
        bool,
        typer.Option(
            "--observations", help="What was seen to run: digests, without saying on which component."
        ),
    ] = False,
    allow_unverified: Annotated[
        bool,
        typer.Option("--allow-unverified", help="Log files that nobody vouches for, and say so."),
    ] = False,
    key: Key = None,
    checkpoint: Annotated[
        bool,
        typer.Option("--checkpoint/--no-checkpoint", help="Sign and publish a checkpoint afterwards."),
    ] = True,
    report_format: Answer = "terminal",
    output: Output = None,
) -> None:
    """Verify suppliers' releases and write them into the log, or withdraw one.

    Which release a file is, the options say, else table release by its digest. A file that is not verified
    is refused; the others go on. Exit code 0: all are logged; 1: some are refused; 2: netproof could not
    finish.

    Example: netproof release add musternetz image.bin --product core-router-9 --release 2.4.1 --trust keys
    """
    from netproof.cli.release_add import Wish, run  # noqa: PLC0415
    from netproof.integrity.register.naming import Said  # noqa: PLC0415

    wish = Wish(
        net=net,
        files=tuple(files or ()),
        said=Said(supplier, product, release, part),
        signatures=tuple(signature or ()),
        trust=trust,
        listed=listed,
        from_table=from_table,
        from_sbom=from_sbom,
        withdraw=withdraw,
        reason=reason,
        observations=observations,
        allow_unverified=allow_unverified,
        key=key,
        checkpoint=checkpoint,
        report_format=report_format,
        output=output,
    )
    raise typer.Exit(run(wish))


def key(  # noqa: PLR0913, PLR0917 - an option is an argument
    net: Home,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="An OpenPGP key, a certificate or a bare public key.")
    ],
    supplier: Annotated[str, typer.Option("--supplier", metavar="S", help="Whose key: a supplier_id.")],
    retire: Annotated[bool, typer.Option("--retire", help="It signs no longer.")] = False,
    compromised: Annotated[
        bool, typer.Option("--compromised", help="Others have it; final: it never vouches again.")
    ] = False,
    replaces: Annotated[
        str, typer.Option("--replaces", metavar="FINGERPRINT", help="The logged key that it takes over from.")
    ] = "",
    signing: Key = None,
    checkpoint: Annotated[
        bool,
        typer.Option("--checkpoint/--no-checkpoint", help="Sign and publish a checkpoint afterwards."),
    ] = True,
) -> None:
    """Write into the log that a supplier's key is trusted, retired or compromised.

    Releases whose signer is logged as compromised, or as another supplier's, are refused from then on. Exit
    code 0: logged, or logged before; 2: netproof could not finish.

    Example: netproof release key musternetz supplier.asc --supplier sample-networks
    """
    from netproof.cli.release_keys import Wish, run  # noqa: PLC0415

    wish = Wish(net, file, supplier, retire, compromised, replaces, signing, checkpoint)
    raise typer.Exit(run(wish))


def rotate(
    net: Home,
    new_key: Annotated[
        Path | None,
        typer.Option(
            "--new-key", metavar="FILE", help="The log's next private keys; made where there is no such file."
        ),
    ] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(
            "--drop", metavar="ID", help="A key (8 hexadecimal digits) that readers refuse from now."
        ),
    ] = None,
    signing: Key = None,
) -> None:
    """Change the log's own keys: a new policy as an entry, signed by old and new keys.

    Old keys stay in the policy until they are dropped, so that nobody is locked out. Exit code 0: done; 2:
    netproof could not finish.

    Example: netproof release rotate musternetz --new-key musternetz-2027.key
    """
    from netproof.cli.release_rotate import Wish, run  # noqa: PLC0415

    raise typer.Exit(run(Wish(net, new_key, tuple(drop or ()), signing)))
