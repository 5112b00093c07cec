"""A small network with a log of releases: made-up suppliers, their keys, signed files; everything from seeds."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from netproof.integrity.log import Settings, create
from netproof.integrity.register.keys import new_keys
from netproof.tlog.policy import Group, Party, Policy
from netproof.tlog.policy_text import encode_policy
from tests.networks import write_network
from tests.tlogs import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from netproof.integrity.log import Published
    from netproof.tlog.keys import SigningKey

SEEDS = sha256(b"first").digest() + sha256(b"second").digest()
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = date(2026, 11, 1)
IMAGE = b"image of release 2.4.1"
OLD = b"image of release 2.4.0"


def supplier_key(name: str) -> Ed25519PrivateKey:
    """A supplier's key, from its name."""
    return Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """What others are given of a key."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PrivateKey) -> str:
    """How signatures name a bare key."""
    return sha256(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


KELMARO = supplier_key("kelmaro")
TABLES = {
    "supplier": "supplier_id,name\nkelmaro,Kelmaro Networks\nnordfunk,Nordfunk\n",
    "supplier_alias": "alias,kind,supplier_id\nKelmaro Inc.,name,kelmaro\n",
    "product": (
        "product_id,supplier_id,name\ncore-9,kelmaro,Core Router 9\nradio-5,nordfunk,Radio 5\nnobodys,,Nobody's\n"
    ),
    "release": (
        "product_id,version,sha256,status\n"
        f"core-9,2.4.1,{sha256(IMAGE).hexdigest()},current\n"
        f"core-9,2.4.0,{sha256(OLD).hexdigest()},withdrawn\n"
        "core-9,2.3.0,,superseded\n"
        f"nobodys,1.0,{sha256(b'nobody').hexdigest()},current\n"
    ),
}


def network(
    folder: Path, *, tables: dict[str, str] | None = None, witnesses: dict[bytes, Party] | None = None
) -> tuple[Path, tuple[SigningKey, ...]]:
    """A network with an empty log, its key file beside it; returns the network and the log's keys.

    All of the witnesses make its quorum.
    """
    net = write_network(folder / "net", dict(TABLES if tables is None else tables))
    keys = new_keys(folder / "net.key", ORIGIN, SEEDS)
    verifiers = tuple(key.verifier() for key in keys)
    named = witnesses or {}
    groups = {b"all": Group(len(named), tuple(named))} if named else {}
    policy = Policy(tuple(Party(key) for key in verifiers), named, groups, b"all" if named else b"none")
    create(net / "releases", Settings(ORIGIN, verifiers), encode_policy(policy))
    return net, keys


def signed_file(
    folder: Path, name: str = "image.bin", content: bytes = IMAGE, key: Ed25519PrivateKey = KELMARO
) -> Path:
    """A released file with its bare signature beside it."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    path.with_name(f"{name}.sig").write_bytes(key.sign(content))
    return path


def trust_folder(folder: Path, *keys: Ed25519PrivateKey) -> Path:
    """A folder of bare keys that are trusted."""
    folder.mkdir(exist_ok=True)
    for number, key in enumerate(keys or (KELMARO,)):
        (folder / f"key{number}.pem").write_bytes(public_pem(key))
    return folder


def statements(published: Published) -> Iterator[dict[str, Any]]:
    """What a log's entries say."""
    return (json.loads(entry) for _, entry in published.entries())
