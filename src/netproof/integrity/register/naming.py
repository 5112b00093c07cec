"""Which release is this, in the words of the operator's tables?

What the user says goes first, and is held against the tables; else the tables know a release by its SHA-256.
Nothing is guessed from names of files.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.integrity.register.entries import Named

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Said:
    """What the user says a file is; empty: not said."""

    supplier: str = ""
    product: str = ""
    release: str = ""
    part: str = ""

    def __str__(self) -> str:
        """Return what was said, for messages."""
        said = {
            "supplier": self.supplier,
            "product": self.product,
            "release": self.release,
            "part": self.part,
        }
        return ", ".join(f"{name} {value}" for name, value in said.items() if value) or "nothing"


@dataclass(frozen=True, slots=True)
class Known:
    """What the operator's tables say.

    Attributes:
        suppliers: by product_id, its supplier_id; empty: the table does not say.
        releases: by product_id and version, the 32 bytes of its SHA-256; None: the table does not say.
        names: by what a supplier is called (`called`), the supplier_ids that are called so.
        products: by what a product is called, the product_ids that are called so.
        withdrawn: releases that the supplier itself has withdrawn.
        disputed: releases of which rows state several digests, and products (without a version) of which
            they state several suppliers.
        unreadable: how many rows of releases state a digest that is none.
    """

    suppliers: Mapping[str, str] = field(default_factory=dict)
    releases: Mapping[tuple[str, str], bytes | None] = field(default_factory=dict)
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    products: Mapping[str, frozenset[str]] = field(default_factory=dict)
    withdrawn: frozenset[tuple[str, str]] = frozenset()
    disputed: frozenset[tuple[str, str]] = frozenset()
    unreadable: int = 0

    def dispute(self, product: str, release: str) -> str:
        """Return in which the tables contradict themselves about a release; empty: in nothing."""
        if (product, "") in self.disputed:
            return f"table product states several suppliers of {product}"
        if (product, release) in self.disputed:
            return f"table release states several digests of {product}@{release}"
        return ""

    def by_digest(self) -> dict[bytes, list[tuple[str, str]]]:
        """Return the releases by SHA-256; made anew each time."""
        found: dict[bytes, list[tuple[str, str]]] = {}
        for release, sha256 in self.releases.items():
            if sha256 is not None:
                found.setdefault(sha256, []).append(release)
        return found


class Namer:
    """Names releases by what was said and by the tables."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self._by_digest = known.by_digest()

    def named(self, said: Said, sha256: str) -> Named:
        """Return which release a file is.

        Args:
            said: what the user says.
            sha256: of the file, in hexadecimal.

        Raises:
            SourceError: neither the user nor the tables say enough, or they contradict each other.
        """
        product, release = self._product_and_release(said, sha256)
        dispute = self.known.dispute(product, "" if said.part else release)
        if dispute:
            raise SourceError(dispute, hint="correct the table: one of its rows is wrong")
        supplier = self._supplier(said, product)
        stated = self.known.releases.get((product, release))
        if stated is not None and stated.hex() != sha256 and not said.part:
            raise SourceError(
                f"table release says that {product}@{release} has sha256 {stated.hex()}, "
                f"the file has {sha256}",
                hint="is it the right file? If the release has several files, say which with --part",
            )
        return Named(supplier, product, release, said.part)

    def _product_and_release(self, said: Said, sha256: str) -> tuple[str, str]:
        """Return product and release: as said, else the only row of the tables with the digest."""
        if said.product and said.release:
            return said.product, said.release
        rows = [
            (product, release)
            for product, release in self._by_digest.get(bytes.fromhex(sha256), [])
            if said.product in {"", product}
            and said.release in {"", release}
            and said.supplier in {"", self.known.suppliers.get(product, "")}
        ]
        if len(rows) == 1:
            return rows[0]
        if rows:
            which = ", ".join(f"{product}@{release}" for product, release in sorted(rows)[:5])
            raise SourceError(
                f"table release has this sha256 {len(rows)} times: {which}",
                hint="say which with --product and --release",
            )
        raise SourceError(
            f"expected to know which release it is; said was {said}, and no row of table release that "
            f"fits has sha256 {sha256}",
            hint="say it with --supplier, --product and --release, or write the digest into table release",
        )

    def _supplier(self, said: Said, product: str) -> str:
        """Return the supplier: the tables', which must be the one that was said."""
        stated = self.known.suppliers.get(product, "")
        if said.supplier and stated and said.supplier != stated:
            raise SourceError(f"table product says that {product} is of {stated}, not of {said.supplier}")
        if not (said.supplier or stated):
            raise SourceError(
                f"expected to know whose product {product} is; neither the tables nor --supplier say it",
                hint="say it with --supplier, or write the product into table product",
            )
        return stated or said.supplier


def called(name: str) -> str:
    """Return what somebody is called, whatever the case and the spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", name)).strip().casefold()
