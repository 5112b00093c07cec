"""Whose key is this, and may it still vouch?

A key file is what the trust folder takes: an OpenPGP certificate, an X.509 certificate or a bare public key.
Each of its keys becomes a statement with the fingerprint that signatures name. A key belongs to one supplier;
one that was compromised never comes back.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import mldsa
from cryptography.x509 import Certificate, CertificateRevocationList

from netproof.errors import LogError, SourceError
from netproof.integrity.register.standing import COMPROMISED
from netproof.integrity.signatures import chain, keys
from netproof.integrity.signatures.openpgp_keys import Known
from netproof.integrity.signatures.trust import NamedKey, read_trusted
from netproof.tlog.statement import Kind, Statement, make_statement, utc_seconds

if TYPE_CHECKING:
    from datetime import datetime

    from netproof.integrity.register.standing import Standing

_LATTICE = (mldsa.MLDSA44PublicKey, mldsa.MLDSA65PublicKey, mldsa.MLDSA87PublicKey)


@dataclass(frozen=True, slots=True)
class SupplierKey:
    """A key as signatures name it.

    Attributes:
        format: of the signatures that it makes, as the schema of statements names it.
        signer: its fingerprint, as in `supplier_sig`.
        name: as the key says; proves nothing.
    """

    format: str
    signer: str
    name: str


def keys_in(name: str, content: bytes) -> list[SupplierKey]:
    """Return the keys of a file, each once.

    Raises:
        SourceError: it holds none, or something that is not a key.
    """
    found: list[SupplierKey] = []
    for item in read_trusted(name, content):
        match item:
            case Known():
                found.append(SupplierKey("openpgp", item.cert.fingerprint, item.name))
            case Certificate():
                signer = chain.signer_of(item)
                found.append(SupplierKey("cms", signer.identity, signer.name))
            case NamedKey():
                form = "ml-dsa" if isinstance(item.key, _LATTICE) else "raw"
                found.append(SupplierKey(form, keys.identity(item.key), keys.kind(item.key)))
            case CertificateRevocationList():
                raise SourceError(f"{name}: expected keys or certificates, got a revocation list")
            case _:
                raise SourceError(f"{name}: expected keys or certificates, got something else")
    return list(dict.fromkeys(found))


def key_statement(
    key: SupplierKey, content: bytes, supplier: str, status: str, time: datetime, *, replaces: str = ""
) -> Statement:
    """Return the statement that a supplier's key is trusted, retired or compromised.

    Args:
        key: one of the file's.
        content: the key file; kept by its digest.
        supplier: supplier_id.
        status: trusted, retired or compromised.
        time: said in the statement.
        replaces: fingerprint of the key before; empty: none.

    Raises:
        LogError: as for every statement.
    """
    values = {
        "v": 1,
        "kind": Kind.SUPPLIER_KEY.value,
        "supplier": supplier,
        "format": key.format,
        "key_sha256": hashlib.sha256(content).hexdigest(),
        "signer": key.signer,
        "status": status,
        "time": utc_seconds(time),
    }
    return make_statement(values | ({"replaces": replaces} if replaces else {}))


def is_news(standing: Standing, key: SupplierKey, supplier: str, status: str, replaces: str) -> bool:
    """Return whether the log does not say this already.

    Raises:
        LogError: the log has it as another supplier's key, or as compromised for ever; or the key that it
            is to replace is not in the log as this supplier's.
    """
    state = standing.keys.get(key.signer)
    if state is not None and state.supplier != supplier:
        raise LogError(
            f"key {key.signer}: entry {state.index} says that it is {state.supplier}'s, not {supplier}'s"
        )
    if state is not None and state.status == COMPROMISED != status:
        raise LogError(
            f"key {key.signer}: entry {state.index} says that it is compromised; that is final",
            hint="ask the supplier for another key",
        )
    before = standing.keys.get(replaces)
    if replaces and (before is None or before.supplier != supplier):
        raise LogError(f"key {replaces}: expected a logged key of {supplier} to replace, got none")
    return state is None or state.status != status
