"""A supplier's key into the log: what it is, whose, and whether it may still vouch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netproof.errors import SourceError
from netproof.integrity.log import keep_file, read_settings, writing
from netproof.integrity.register import log_folder
from netproof.integrity.register.durable import durable_entries
from netproof.integrity.register.standing import Standing
from netproof.integrity.register.supplier_keys import SupplierKey, is_news, key_statement, keys_in
from netproof.integrity.signatures.artifact import read_small
from netproof.pipeline.release_publish import Publish, published
from netproof.pipeline.released import known_releases

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Claim:
    """What is to be said of a key.

    Attributes:
        supplier: whose, a supplier_id of the tables where they name any.
        status: trusted, retired or compromised.
        replaces: fingerprint of the key that it takes over from; empty: none.
    """

    supplier: str
    status: str
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class KeyLogged:
    """What the log says of a key.

    Attributes:
        index: of the entry that says it.
        new: whether that entry was appended now.
    """

    key: SupplierKey
    supplier: str
    status: str
    index: int
    new: bool


@dataclass(frozen=True, slots=True)
class KeysLogged:
    """What the log says of a file's keys, and whether it is public."""

    keys: tuple[KeyLogged, ...]
    checkpoint: dict[str, Any] | None
    unpublished: str


def log_key(net: Path, file: Path, claim: Claim, *, publish: Publish, time: datetime) -> KeysLogged:
    """Log that a supplier's keys are trusted, retired or compromised.

    Args:
        net: the network's folder; its log lies in it.
        file: OpenPGP keys, certificates or bare public keys.
        claim: what is said of them.
        publish: how it is published.
        time: said in the statements.

    Raises:
        SourceError: the file holds no key, or the tables know no such supplier.
        LogError: a key is another supplier's or compromised for ever, or the log cannot be written.
    """
    folder = log_folder(net)
    read_settings(folder)
    supplier, status = claim.supplier, claim.status
    suppliers = {name for names in known_releases(net).names.values() for name in names}
    if suppliers and supplier not in suppliers:
        raise SourceError(
            f"--supplier: expected a supplier_id of table supplier, got {supplier!r}",
            hint=f"there are {len(suppliers)}, such as {', '.join(sorted(suppliers)[:5])}",
        )
    content = read_small(file)
    keys = keys_in(str(file), content)
    with writing(folder) as writer:
        standing = Standing.of(durable_entries(folder, writer))
        new = [key for key in keys if is_news(standing, key, supplier, status, claim.replaces)]
        if new:
            keep_file(folder, content)
            entries = [
                key_statement(key, content, supplier, status, time, replaces=claim.replaces).entry
                for key in new
            ]
            for entry, index in zip(entries, writer.append(entries), strict=True):
                standing.take(index, entry)
        logged = tuple(
            KeyLogged(key, supplier, status, standing.keys[key.signer].index, key in new) for key in keys
        )
        return KeysLogged(logged, *published(folder, writer, publish))
