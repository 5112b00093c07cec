"""The command lines of `release witness`: options in, exit code out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

witness_app = typer.Typer(
    no_args_is_help=True, help="Cosign other operators' logs, so that none can show two operators two trees."
)
Key = Annotated[
    Path, typer.Option("--key", metavar="FILE", help="The witness's private keys, outside of any network.")
]
State = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="DIR",
        help="What was cosigned last, and evidence against logs; without it, FILE.state beside the keys.",
    ),
]


@witness_app.callback()
def _root() -> None:
    pass


def register(release_app: typer.Typer) -> None:
    """Add the commands to `release`."""
    release_app.add_typer(witness_app, name="witness")


@witness_app.command("init")
def init(
    key: Key,
    name: Annotated[
        str,
        typer.Option(
            "--name", metavar="NAME", help="The witness's name for ever, such as witness.example.org/1."
        ),
    ],
    state: State = None,
) -> None:
    """Make a witness's keys and its empty state, and print the verifier keys to hand to logs' operators.

    Example: netproof release witness init --key witness.key --name witness.example.org/1
    """
    from netproof.cli.witness_run import make  # noqa: PLC0415

    make(key, name, state)


@witness_app.command("serve")
def serve(
    key: Key,
    logs: Annotated[
        Path,
        typer.Option(
            "--logs", metavar="FILE", help="Which logs are cosigned: the `log` lines of a policy file."
        ),
    ],
    state: State = None,
    host: Annotated[
        str, typer.Option("--host", metavar="HOST", help="The address to listen at.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65_535, metavar="PORT", help="The port; 0 takes a free one.")
    ] = 8642,
) -> None:
    """Cosign checkpoints of other operators' logs (C2SP tlog-witness) until you stop it.

    Example: netproof release witness serve --key witness.key --logs logs.policy
    """
    from netproof.cli.witness_run import Wish, run  # noqa: PLC0415

    run(Wish(key=key, logs=logs, state=state, host=host, port=port))
