"""Small random fleets with a log, many side by side in one store, and what image_status says of them.

Fleets share no component, product or digest, so each is judged as if it were alone; only the state of the log
is common to all.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from netproof import derived
from tests.tables import store_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netproof.tables.store import Store

AS_OF = date(2026, 11, 1)
NOON = datetime.fromisoformat("2026-11-01T12:00:00")
STATE = {"origin": "log", "size": 9, "checkpoint_at": NOON, "quorum": True, "problem": None}
FLEET = (
    "component", "observation", "release", "work", "log_state", "logged_release", "logged_withdrawal",
    "logged_rebuild", "compared_release",
)  # fmt: skip
_VERSIONS = ["1", "2", None]

Rows = list[dict[str, Any]]
Tables = dict[str, Rows]


class Drawing:
    """Draws one fleet."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.draw = random.Random(seed)  # noqa: S311 - repeatable, nothing secret
        self.digests = [sha256(f"{seed} {number}".encode()).digest() for number in range(5)]
        self.products = [f"P1.{seed}", f"P1.{seed}", f"P2.{seed}"]

    def fleet(self) -> Tables:
        """Tables in which everything can be the matter."""
        draw = self.draw
        components = [
            {
                "component_id": f"C{number}.{self.seed}",
                "product_id": draw.choice([*self.products, None]),
                "version": draw.choice(_VERSIONS),
                "first_used_on": None,
                "retired_on": draw.choice([None] * 8 + [AS_OF]),
            }
            for number in range(draw.randint(1, 8))
        ]
        names = [row["component_id"] for row in components]
        few = draw.sample(self.digests, 3)
        return {
            "component": components,
            "observation": _once(
                {
                    "component_id": draw.choice(names),
                    "observed_at": self.moment(),
                    "version": draw.choice(_VERSIONS),
                    "sha256": draw.choice([*few, *self.digests, None]),
                    "slot": draw.choice(["image", "image", "image", "firmware", "config", None]),
                }
                for _ in range(draw.randint(0, 14))
            ),
            "release": [
                {"product_id": self.products[0], "version": version, "sha256": draw.choice(self.digests)}
                for version in ("1", "2")
            ],
            "work": [
                {
                    "work_id": f"W{number}.{self.seed}",
                    "component_id": draw.choice(names),
                    "done_at": self.moment(),
                }
                for number in range(draw.randint(0, 5))
            ],
            "log_state": [STATE],
            "logged_release": [
                {**self.entry(number), "logged_at": self.proven()} for number in range(draw.randint(0, 6))
            ],
            "logged_withdrawal": [
                {**self.entry(20 + number), "reason": "it leaks"} for number in range(draw.randint(0, 1))
            ],
            "logged_rebuild": [
                {
                    "entry_index": self.seed * 100 + 30 + number,
                    "sha256": draw.choice(self.digests),
                    "result": draw.choice(["identical", "same_after_normalising", "different"]),
                }
                for number in range(draw.randint(0, 3))
            ],
            "compared_release": [
                {**self.entry(number), "log": draw.choice(["L1", "L2"])}
                for number in range(draw.randint(0, 4))
            ],
        }

    def moment(self, first: int = -9, last: int = 1) -> datetime:
        """A moment around the date, at one of two hours of a day."""
        return NOON + timedelta(days=self.draw.randint(first, last), hours=self.draw.choice((0, 11)))

    def proven(self) -> datetime | None:
        """When an entry was proven; for some never."""
        return self.draw.choice([None, *[self.moment(-12, 0) for _ in range(5)]])

    def entry(self, number: int) -> dict[str, Any]:
        """What an entry says of a release."""
        return {
            "entry_index": self.seed * 100 + number,
            "product_id": self.draw.choice(self.products),
            "version": self.draw.choice(("1", "2")),
            "part": self.draw.choice([None, None, "A", "B"]),
            "sha256": self.draw.choice(self.digests),
        }


def _once(rows: Iterable[dict[str, Any]]) -> Rows:
    """Rows of observations, each key once."""
    return list({(row["component_id"], row["observed_at"], row["slot"]): row for row in rows}.values())


def fleet(seed: int) -> Tables:
    """One random fleet."""
    return Drawing(seed).fleet()


def told(
    fleets: Iterable[Tables], columns: Iterable[str] = ("status",), state: Rows | None = None
) -> dict[str, dict[str, Any]]:
    """What image_status says of each component of all fleets, by column.

    Args:
        fleets: The fleets.
        columns: The columns.
        state: The state of the log; None: a good one.
    """
    store = fleet_store(fleets, state)
    rows = store.rows(f"select component_id, {', '.join(columns)}, reason from image_status")
    store.connection.close()
    found = {row[0]: dict(zip(columns, row[1:-1], strict=True)) for row in rows}
    assert len(found) == len(rows)
    assert all(row[-1] for row in rows)
    return found


def statuses(fleets: Iterable[Tables], state: Rows | None = None) -> dict[str, str]:
    """The verdict on each component of all fleets."""
    return {component: row["status"] for component, row in told(fleets, state=state).items()}


def fleet_store(fleets: Iterable[Tables], state: Rows | None = None) -> Store:
    """A store with fleets side by side, and what is told of them."""
    fleets = list(fleets)
    rows_of = [row for tables in fleets for table in ("component", "release") for row in tables[table]]
    names = sorted({row["product_id"] for row in rows_of if row["product_id"]})
    known = [{"component_id": version, "version": version} for version in _VERSIONS if version]
    store = store_of({"product": [{"product_id": name} for name in names], "component": known})
    connection = store.connection
    good = [STATE] if state is None else state
    for table in FLEET:
        connection.execute(f"delete from {table}")
        rows = good if table == "log_state" else [row for tables in fleets for row in tables[table]]
        if rows:
            connection.register("_rows", pa.Table.from_pylist(rows))
            connection.execute(f"insert into {table} by name select * from _rows")
            connection.unregister("_rows")
    derived.build(store, AS_OF, only=["image_status"])
    return store
