"""`netproof import`: another tool's files or answers become a network folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.cli import messages
from netproof.sources.netbox import import_netbox, show

if TYPE_CHECKING:
    from pathlib import Path


def run(source: str, *, into: Path, token: str | None, mapping: Path | None, replace: bool) -> None:
    """Import a NetBox inventory and print what was mapped and what was not."""
    from rich.console import Console  # noqa: PLC0415

    with messages.progress() as progress:
        report = import_netbox(
            source,
            into,
            token=token,
            mapping=mapping,
            replace=replace,
            progress=lambda *at: progress("importing", *at),
        )
    show(report, Console(highlight=False))
    messages.say(f"network written to {into}; next: netproof check {into}")
