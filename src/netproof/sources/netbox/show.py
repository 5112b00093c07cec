"""The report of an import in a terminal: readable at 80 columns and without colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from netproof.sources.netbox.report import EndpointReport, ImportReport


def show(report: ImportReport, console: Console) -> None:
    """Print what was read, written and left out, and what NetBox does not know."""
    rows = sum(report.tables.values())
    _line(console, f"Imported {report.source}: {rows:,} rows in {len(report.tables)} tables")
    _heading(console, "Written")
    written = _table("Table", "Rows")
    for name, count in report.tables.items():
        written.add_row(Text(name), f"{count:,}")
    console.print(written)
    _read(report, console)
    if report.unmapped_roles:
        _heading(
            console,
            "Roles without a function: complete these lines below [role] in a mapping file",
        )
        for role in report.unmapped_roles:
            _line(console, role.line, 2)
    gaps = [item.sentence for item in report.coverage if item.sentence]
    for title, lines in (
        ("What NetBox does not know", gaps),
        ("Answers that are missing", [f"{m.endpoint} ({m.why}): {m.without}" for m in report.missing]),
        ("To be looked at", list(report.notes)),
        ("Files beside the answers that were not read", list(report.ignored)),
        ("Files that were replaced are kept as", list(report.kept_aside)),
    ):
        if lines:
            _heading(console, title)
            for line in lines:
                _line(console, f"- {line}", 2)


def _read(report: ImportReport, console: Console) -> None:
    """Print what became of every object that was read."""
    _heading(console, "Read")
    read = _table("Endpoint", "Read", "Mapped", "Left out")
    for item in report.endpoints:
        read.add_row(
            Text(item.endpoint), f"{item.read:,}", f"{item.mapped:,}", f"{item.read - item.mapped:,}"
        )
    console.print(read)
    left = [item for item in report.endpoints if item.not_mapped]
    if left:
        _heading(console, "Left out, and why")
        for item in left:
            _reasons(item, console)


def _reasons(item: EndpointReport, console: Console) -> None:
    """Print why objects of one endpoint were left out."""
    _line(console, item.endpoint, 2)
    for reason in item.not_mapped:
        _line(console, f"{reason.count:,}: {reason.reason}", 4)
        numbers = ", ".join(example.rpartition("/")[2] for example in reason.examples)
        more = ", ..." if reason.count > len(reason.examples) else ""
        _line(console, f"id {numbers}{more}", 6)


def _table(*names: str) -> Table:
    """Return a table whose first column is text and whose others are numbers."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for number, name in enumerate(names):
        table.add_column(name, justify="right" if number else "left", no_wrap=number > 0, overflow="fold")
    return table


def _heading(console: Console, text: str) -> None:
    """Print a heading with a blank line before it."""
    console.print()
    console.print(Text(text, style="bold"))


def _line(console: Console, text: str, indent: int = 0) -> None:
    """Print words that other people wrote: never as markup."""
    for line in Text(text).wrap(console, console.width - indent, overflow="fold"):
        line.rstrip()
        console.print(Text(" " * indent) + line)
