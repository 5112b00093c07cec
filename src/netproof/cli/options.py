"""Options that several commands have: each is declared once, so that it means the same everywhere."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

Net = Annotated[
    Path, typer.Argument(help="A folder of tables with network.toml, or a .duckdb file.", metavar="NET")
]
Day = Annotated[
    datetime | None,
    typer.Option(
        "--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="The date to check for, such as 2027-01-01."
    ),
]
Catalogues = Annotated[
    list[str] | None,
    typer.Option(
        "--catalogue", metavar="ID|FILE", help="A shipped catalogue's id or an OSCAL file; may be repeated."
    ),
]
Restrictions = Annotated[
    list[str] | None,
    typer.Option(
        "--restriction",
        metavar="ID",
        help="A shipped set of restrictions, in place of those in network.toml; may be repeated.",
    ),
]
Format = Annotated[
    str,
    typer.Option("--format", metavar="terminal|html|json", help="How the answer is written."),
]
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
Verify = Annotated[
    bool, typer.Option("--verify", help="Repeat a sealed assessment: same answer, or what differs?")
]
Sealed = Annotated[
    str,
    typer.Argument(metavar="[ENTRY]", help="With --verify: the number of its entry; else the newest."),
]
OwnPolicy = Annotated[
    Path | None,
    typer.Option(
        "--policy",
        metavar="FILE",
        help="With --verify: your own copy of the log's policy; else the one that lies beside the log.",
    ),
]
Checks = Annotated[
    Path | None,
    typer.Argument(metavar="[DIR]", help="A folder of checks; without it, those of netproof."),
]
