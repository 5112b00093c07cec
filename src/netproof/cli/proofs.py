"""The command lines of `release prove`, `release check` and `release audit`: options in, exit code out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netproof.cli.options import Net, Output  # noqa: TC001 - typer reads annotations

_PolicyFile = Annotated[
    Path,
    typer.Option(
        "--policy",
        metavar="FILE",
        help="Which logs and witnesses count (C2SP tlog-policy); get it from the log's operator on another "
        "way than the log.",
    ),
]
_Format = Annotated[str, typer.Option("--format", metavar="terminal|json", help="How the answer is written.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `release`."""
    app.command("prove")(prove)
    app.command("check")(check)
    app.command("audit")(audit)


def prove(
    net: Net,
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="Number of an entry, product@release, supplier/product@release or SHA-256."
        ),
    ],
    first: Annotated[
        bool,
        typer.Option(
            "--first",
            help="Under the first checkpoint that holds it, which proves the earliest time; else the newest.",
        ),
    ] = False,
    output: Output = None,
) -> None:
    """Write the proof that an entry is in the network's log, to be shipped beside the release.

    Whoever has the proof, the released file and the policy can check it offline (`release check`).

    Example: netproof release prove musternetz core-router-9@2.4.1 --output router.tlog-proof
    """
    from netproof.cli.release_prove import run  # noqa: PLC0415

    raise typer.Exit(run(net, name, first=first, output=output))


def check(  # noqa: PLR0913, PLR0917 - an option is an argument
    proof: Annotated[Path, typer.Argument(metavar="PROOF", help="The proof, as `release prove` writes it.")],
    policy: _PolicyFile,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help="The released file, of any size; without it, only the entry is proven."
        ),
    ] = None,
    entry: Annotated[
        Path | None,
        typer.Option(
            "--entry", metavar="FILE", help="The entry's bytes, where the proof does not have them."
        ),
    ] = None,
    max_age: Annotated[
        float | None,
        typer.Option(
            "--max-age",
            min=0,
            metavar="HOURS",
            help="How old the witnesses' signatures may be; else any age.",
        ),
    ] = None,
    report_format: _Format = "terminal",
    output: Output = None,
) -> None:
    """Check offline that a released file is in a log that the policy accepts.

    In one go: the log's signature, the quorum of witnesses, the entry's place in the tree, the file's
    digests. Exit code 0: all holds; 1: something does not; 2: netproof could not finish. It cannot show that
    the release was not withdrawn later.

    Example: netproof release check router.tlog-proof router-7.2.bin --policy log.policy
    """
    from netproof.cli.release_check import Wish, run  # noqa: PLC0415

    wish = Wish(
        proof=proof,
        policy=policy,
        file=file,
        entry=entry,
        max_age_h=max_age,
        report_format=report_format,
        output=output,
    )
    raise typer.Exit(run(wish))


def audit(  # noqa: PLR0913, PLR0917 - an option is an argument
    where: Annotated[
        str,
        typer.Argument(
            metavar="URL|DIR", help="The log's address (the folder of the file checkpoint), or a copy of it."
        ),
    ],
    policy: _PolicyFile,
    state: Annotated[
        Path | None,
        typer.Option(
            "--state",
            metavar="DIR",
            help="Where the audit remembers what it saw; else netproof/audits below XDG_STATE_HOME or "
            "~/.local/state.",
        ),
    ] = None,
    max_age: Annotated[
        float,
        typer.Option("--max-age", min=0, metavar="HOURS", help="How old the quorum's cosignatures may be."),
    ] = 24,
    against: Annotated[
        str,
        typer.Option(
            "--against", metavar="URL|DIR", help="Another copy of the log: both must be one history."
        ),
    ] = "",
    only_new: Annotated[
        bool,
        typer.Option("--only-new", help="Exit code 1 only for findings that no earlier audit told."),
    ] = False,
    any_entries: Annotated[
        bool,
        typer.Option(
            "--any-entries", help="The log is of something else: hash its entries, do not read them."
        ),
    ] = False,
    max_new: Annotated[
        int,
        typer.Option(
            "--max-new", min=1, metavar="N", help="How many new entries of a log are believed at once."
        ),
    ] = 20_000_000,
    report_format: _Format = "terminal",
    output: Output = None,
) -> None:
    """Audit a log: the same as last time, witnessed, fresh, complete, and at one with itself.

    Every entry that is new since the last audit is hashed again and read. Two histories are kept as evidence.
    What cannot be had is a finding, not a pass. Exit code 0: nothing found; 1: something; 2: netproof could
    not finish.

    Example: netproof release audit https://log.example.org/musternetz --policy log.policy
    """
    from netproof.cli.release_audit import Wish, run  # noqa: PLC0415

    wish = Wish(
        where=where,
        policy=policy,
        state=state,
        max_age_h=max_age,
        against=against,
        only_new=only_new,
        any_entries=any_entries,
        growth_max=max_new,
        report_format=report_format,
        output=output,
    )
    raise typer.Exit(run(wish))
