"""Do the checks read what the operator's log of releases says? Then it is read before anything is derived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof import derived
from netproof.integrity.build import FOLDER, TABLES, build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from netproof.catalogue.check import Check
    from netproof.pipeline.request import Request
    from netproof.tables.store import Store


def log_read(checks: Iterable[Check]) -> bool:
    """Return whether any of the checks reads the log, itself or by what is derived."""
    lineage = derived.lineage()
    return any(not TABLES.isdisjoint(lineage.read(check.reads)) for check in checks)


def fill_log(
    store: Store, request: Request, checks: Iterable[Check], progress: Callable[[str, int, int], None]
) -> None:
    """Fill the tables of the log for the dates of a request; nothing where no check reads them.

    Args:
        store: The tables of the network; not locked yet.
        request: The assessment.
        checks: All that will be run.
        progress: Told what is read, how many entries are done and how many there are.
    """
    if log_read(checks):
        folder = request.home / FOLDER
        build(
            store,
            request.as_of,
            folder,
            size=request.log_size,
            renewed=request.log_renewed,
            dates=request.dates,
            progress=progress,
        )
