"""Run by another Python with aics-tlog: reads and audits our log, or writes one of its own.

    python aics_peer.py read URL LOG_VKEY QUORUM WITNESS_VKEY...    read, verify, audit, prove
    python aics_peer.py flips FOLDER LOG_VKEY PLACE...              audit after flipping each path:offset
    python aics_peer.py write FOLDER ORIGIN COUNT WITNESS           a log of its own, keys from fixed seeds

Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aics_tlog import (  # type: ignore[import-not-found]
    Checkpoint,
    DirectoryTileStore,
    FileSystemTileReader,
    HttpTileReader,
    IncrementalTileWriter,
    VerifiedTileReader,
    audit_tiles,
    consistency_proof_from_tiles,
    cosignature_vkey,
    format_vkey,
    inclusion_proof_from_tiles,
    leaf_hash,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    sign_cosignature,
    sign_note,
    verify_checkpoint,
    verify_leaf_inclusion,
    vkey_from_ed25519,
)
from aics_tlog.checkpoint import serialise_checkpoint  # type: ignore[import-not-found]
from aics_tlog.note import Note  # type: ignore[import-not-found]
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

if TYPE_CHECKING:
    from collections.abc import Callable

TIME = 1_793_000_000


def read(url: str, log: str, quorum: str, *witnesses: str) -> dict[str, Any]:
    """Read a log over HTTP as its users do."""
    reader = HttpTileReader([url], proxies={})
    note = parse_note(reader.read_checkpoint())
    judged = verify_checkpoint(
        note, parse_vkey(log), [parse_vkey(one) for one in witnesses], quorum=int(quorum), now=TIME + 60
    )
    head = parse_checkpoint(note.text)
    report = audit_tiles(reader, head.size, head.root)
    verified = VerifiedTileReader(reader, head.size, head.root)
    proven = [
        verify_leaf_inclusion(
            verified.entry(at), at, head.size, inclusion_proof_from_tiles(verified, at, head.size), head.root
        )
        for at in (0, 1, head.size // 2, head.size - 1)
    ]
    old = head.size // 3
    path = consistency_proof_from_tiles(verified, old, head.size)
    return {
        "ok": judged.ok,
        "size": head.size,
        "bundles": report.bundles,
        "tiles": report.tiles,
        "proven": proven,
        "old": old,
        "path": [one.hex() for one in path],
        "leaf": leaf_hash(verified.entry(head.size - 1)).hex(),
    }


def flips(folder: str, log: str, *places: str) -> dict[str, Any]:
    """Audit a folder after each flip; the folder is as before at the end."""
    noticed = []
    for place in places:
        name, _, offset = place.rpartition(":")
        path = Path(folder) / name
        good = path.read_bytes()
        bad = bytearray(good)
        bad[int(offset)] ^= 1
        path.write_bytes(bytes(bad))
        try:
            noticed.append(not holds(folder, log))
        except (ValueError, OSError):
            noticed.append(True)
        finally:
            path.write_bytes(good)
    return {"noticed": noticed, "holds": holds(folder, log)}


def holds(folder: str, log: str) -> bool:
    """Whether a folder is a log that its key signed, every byte of it."""
    note = parse_note((Path(folder) / "checkpoint").read_bytes())
    if not verify_checkpoint(note, parse_vkey(log)).ok:
        return False
    head = parse_checkpoint(note.text)
    audit_tiles(FileSystemTileReader(folder), head.size, head.root)
    return True


def write(folder: str, origin: str, count: str, witness: str) -> dict[str, Any]:
    """Write a log in batches, sign it, cosign it."""
    log_key, witness_key = (
        Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest()) for name in (origin, witness)
    )
    store = DirectoryTileStore(folder, fsync=False)
    writer = IncrementalTileWriter(store)
    while writer.size < int(count):
        batch = range(writer.size, min(writer.size + 9_999, int(count)))
        writer.append([b"entry %d" % at for at in batch])
    text = serialise_checkpoint(Checkpoint(origin, writer.size, writer.root()))
    _, line = sign_cosignature(witness_key, witness, TIME, origin, writer.size, writer.root())
    note = Note(text=text, signatures=(sign_note(text, log_key, origin), line))
    store.write_checkpoint(note.to_bytes())
    return {
        "log": format_vkey(vkey_from_ed25519(origin, log_key.public_key())),
        "witness": format_vkey(cosignature_vkey(witness, witness_key.public_key())),
    }


if __name__ == "__main__":
    tasks: dict[str, Callable[..., dict[str, Any]]] = {"read": read, "flips": flips, "write": write}
    json.dump(tasks[sys.argv[1]](*sys.argv[2:]), sys.stdout)
