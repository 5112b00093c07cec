"""Which ways of suppliers to components end abroad?

Fills `channel.abroad` where a row does not say it itself: a file names the country of the far end, and only
network.toml says where the network lies. A far end of unknown country stays unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netproof.tables.store import Store

_WRITTEN = "upper(trim(cast(ends_in_country as varchar)))"
_CODE = f"case {_WRITTEN} when 'UK' then 'GB' when 'EL' then 'GR' else {_WRITTEN} end"


def mark_abroad(store: Store, country: str) -> None:
    """Note of every channel whose far end is known whether it ends outside the operator's country.

    Args:
        store: The tables; only rows that do not say it themselves are changed.
        country: ISO 3166-1 alpha-2 code of where the network lies; empty: not known, nothing is changed.
    """
    if not country:
        return
    store.connection.execute(
        f"update channel set abroad = {_CODE} <> ? "
        f"where abroad is null and regexp_full_match({_CODE}, '[A-Z]{{2}}')",
        [country.upper()],
    )
