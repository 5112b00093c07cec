"""Which restrictions does netproof ship, who asks for them, and which of them hold where the network lies?

A set is a CSV file of rows of table `restriction`. Nobody is under a set unless the network, the
command line or a catalogue of the same name asks for it; rows that the operator brings always count.
"""

from __future__ import annotations

import csv
import difflib
from importlib import resources
from typing import TYPE_CHECKING

from netproof.catalogue.loader import ReferenceTable
from netproof.errors import CatalogueError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netproof.tables.store import Store

TABLE = "restriction"
_FOLDER = resources.files(__package__) / "restrictions"

_WRITTEN = "upper(trim(jurisdiction))"
_CODE = f"case {_WRITTEN} when 'UK' then 'GB' when 'EL' then 'GR' else {_WRITTEN} end"

MEMBERS = (
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE",
    "IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE",
)  # fmt: skip
"""Countries in which a law of the EU holds."""


def restriction_ids() -> list[str]:
    """Return the ids of the shipped sets of restrictions."""
    return sorted(f.name.removesuffix(".csv") for f in _FOLDER.iterdir() if f.name.endswith(".csv"))


def wanted(named: Iterable[str], catalogues: Iterable[str]) -> tuple[str, ...]:
    """Return the sets that count: the named ones, and those that bear the name of a catalogue.

    Raises:
        CatalogueError: There is no set of that name.
    """
    known = restriction_ids()
    named = tuple(named)
    for name in named:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]}?" if close else "known are " + ", ".join(known)
            raise CatalogueError(f"expected a set of restrictions, got {name!r}", hint=hint)
    return tuple(dict.fromkeys([*named, *(name for name in catalogues if name in known)]))


def restriction_set(name: str) -> ReferenceTable:
    """Return the rows of a shipped set, as written."""
    file = f"{name}.csv"
    header, *rows = csv.reader((_FOLDER / file).read_text("utf-8").splitlines(), strict=True)
    return ReferenceTable(TABLE, f"restrictions/{file}", tuple(header), tuple(tuple(row) for row in rows))


def mark_abroad(store: Store, country: str) -> None:
    """Note of every restriction whose jurisdiction is known whether the network lies outside of it.

    A jurisdiction that is no code, such as a country's name, tells nothing: the row binds.

    Args:
        store: The tables; only rows that do not say it themselves are changed.
        country: ISO 3166-1 alpha-2 code of where the network lies; empty: not known, nothing is changed.
    """
    if not country:
        return
    here = [country.upper(), *(["EU"] if country.upper() in MEMBERS else [])]
    marks = ", ".join("?" for _ in here)
    store.connection.execute(
        f"update {TABLE} set abroad = {_CODE} not in ({marks}) "
        f"where abroad is null and regexp_full_match({_CODE}, '[A-Z]{{2}}')",
        here,
    )
