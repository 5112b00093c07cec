"""Who sells what, in which versions, to the made-up operators?

Reads `data/market.toml`. Each supplier writes versions in its own style, one of those that real
vendors use, so that versions cannot be compared as text.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any

SLOTS = 3
"""Versions of a product that are in use: old, usual, new."""

WITHDRAWN = 3
"""The slot of a version that was published and withdrawn; nobody uses it unless a fault says so."""

UNCERTIFIED = 4
"""The slot of the newest version, which no certificate covers yet."""

SCHEMES = {"vrc": "generic", "quarter": "generic", "rstate": "rstate", "semver": "semver"}
"""How the versions of a style are ordered, in the words of product.version_scheme."""


def _version(style: str, number: int, slot: int) -> str:
    """Return the version of a slot, in the supplier's style; `number` tells products apart."""
    step = (0, 2, 3, 1, 4)[slot]  # The withdrawn version came between the old and the usual one.
    match style:
        case "vrc":
            return f"V{100 + number}R{19 + step // 2:03}C{10 * (step % 2):02}SPC{100 + 50 * step}"
        case "quarter":
            return f"{24 + (number + step) // 4}.Q{(number + step) % 4 + 1}"
        case "rstate":
            return f"R{25 + number}{'ABDFH'[step]}{10 + step}"
    return f"{2 + number % 5}.{step}.{(number + step) % 8}"


@dataclass(frozen=True, slots=True)
class Supplier:
    """A made-up company."""

    supplier_id: str
    name: str
    country: str
    parent_id: str | None = None
    pen: int | None = None
    style: str = ""


@dataclass(frozen=True, slots=True)
class Product:
    """What one supplier sells for one function.

    Attributes:
        versions: By slot; empty for what has no software.
        scheme: Certification scheme; empty: holds no certificate.
        document: Requirement document that its certificates name.
    """

    product_id: str
    supplier_id: str
    function: str
    name: str
    version_scheme: str | None
    versions: tuple[str, ...]
    scheme: str
    document: str

    def digest(self, slot: int) -> bytes:
        """Return the SHA-256 of a version's image: that of a made-up text."""
        return sha256(f"{self.product_id} {self.versions[slot]} image".encode("ascii")).digest()


@dataclass(frozen=True, slots=True)
class Market:
    """All suppliers and products.

    Attributes:
        sub_suppliers: (supplier, its supplier, what it delivers).
        restrictions: Rows of table restriction, as written in the file.
        sellers: For each function the positions of its products, in the order in which they alternate.
    """

    suppliers: tuple[Supplier, ...]
    sub_suppliers: tuple[tuple[str, str, str], ...]
    products: tuple[Product, ...]
    restrictions: tuple[dict[str, Any], ...]
    sellers: dict[str, tuple[int, ...]]

    @property
    def functions(self) -> tuple[str, ...]:
        """All functions, in order."""
        return tuple(self.sellers)


@cache
def read_market() -> Market:
    """Return the market that netproof ships."""
    raw = tomllib.loads((resources.files(__package__) / "data" / "market.toml").read_text("utf-8"))
    suppliers = {row["supplier_id"]: Supplier(**row) for row in raw["supplier"]}
    products: list[Product] = []
    sellers: dict[str, tuple[int, ...]] = {}
    for line in raw["line"]:
        first = len(products)
        for supplier_id in line["suppliers"]:
            supplier = suppliers[supplier_id]
            slots = range(5 if supplier.style else 0)
            products.append(
                Product(
                    product_id=f"{supplier_id}-{line['function'].lower().replace('_', '-')}",
                    supplier_id=supplier_id,
                    function=line["function"],
                    name=f"{supplier.name.split()[0]} {line['word']}",
                    version_scheme=SCHEMES.get(supplier.style),
                    versions=tuple(_version(supplier.style, len(products), slot) for slot in slots),
                    scheme=line.get("scheme", ""),
                    document=line.get("document", ""),
                )
            )
        sellers[line["function"]] = tuple(range(first, len(products)))
    subs = tuple((row["supplier_id"], row["sub_supplier_id"], row["delivers"]) for row in raw["sub_supplier"])
    return Market(tuple(suppliers.values()), subs, tuple(products), tuple(raw["restriction"]), sellers)
