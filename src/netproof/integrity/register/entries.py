"""How is what happened to a release written down?

Plain values in, statements out; each is checked against the schema and for text that misleads a reader
(`tlog.statement`). The time is said by whoever logs: only cosignatures prove one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netproof.tlog.statement import Kind, Statement, make_statement, utc_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Named:
    """Which release, in the words of the operator's tables.

    Attributes:
        supplier: supplier_id.
        product: product_id.
        release: the version, as the supplier writes it.
        part: which file of the release; empty where it is one file.
    """

    supplier: str
    product: str
    release: str
    part: str = ""

    def __str__(self) -> str:
        """Return the release as people write it."""
        whole = f"{self.supplier}/{self.product}@{self.release}"
        return f"{whole} ({self.part})" if self.part else whole

    def fields(self) -> dict[str, Any]:
        """Return the fields of a statement that name it."""
        fields: dict[str, Any] = {
            "supplier": self.supplier,
            "product": self.product,
            "release": self.release,
        }
        return fields | ({"component": self.part} if self.part else {})


@dataclass(frozen=True, slots=True)
class SupplierSignature:
    """A signature of the supplier that held when it was logged.

    Attributes:
        format: as the schema of statements names it.
        sha256: of the signature file, or of the released file where the signature lies in it.
        signer: fingerprint of the key or certificate.
    """

    format: str
    sha256: str
    signer: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a release's bytes.

    Attributes:
        digests: by algorithm; sha256 always.
        size: their number; None: not known.
        signatures: of the supplier.
        sbom: SHA-256 of the bill of materials; empty: none.
        provenance: SHA-256 of the statement about how it was built; empty: none.
    """

    digests: Mapping[str, str]
    size: int | None = None
    signatures: tuple[SupplierSignature, ...] = ()
    sbom: str = ""
    provenance: str = ""


def release(named: Named, evidence: Evidence, time: datetime) -> Statement:
    """Return the statement that a supplier published these bytes as this release.

    Raises:
        LogError: a name misleads, or a value is not by the schema.
    """
    values = _values(Kind.RELEASE, named, evidence.digests, time)
    if evidence.size is not None:
        values["size"] = evidence.size
    if evidence.signatures:
        values["supplier_sig"] = [
            {"format": one.format, "sha256": one.sha256, "signer": one.signer} for one in evidence.signatures
        ]
    if evidence.sbom:
        values["sbom_sha256"] = evidence.sbom
    if evidence.provenance:
        values["provenance_sha256"] = evidence.provenance
    return make_statement(values)


def withdrawal(named: Named, digests: Mapping[str, str], reason: str, time: datetime) -> Statement:
    """Return the statement that a release must no longer be used.

    Raises:
        LogError: as for a release.
    """
    return make_statement(_values(Kind.WITHDRAW, named, digests, time) | {"reason": reason})


def _values(kind: Kind, named: Named, digests: Mapping[str, str], time: datetime) -> dict[str, Any]:
    """Return what every statement about a release says."""
    fields = named.fields()
    return {"v": 1, "kind": kind.value, **fields, "digests": dict(digests), "time": utc_seconds(time)}
