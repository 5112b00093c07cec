"""How does what was logged become a log of plain files?

By the same writer as a real one, with made-up keys: one of the log and two of witnesses. They sign with
Ed25519 alone, since an ML-DSA signature differs each time and the example is the same bytes everywhere; for
the same reason nothing here is synced.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from shutil import rmtree
from typing import TYPE_CHECKING

from netproof.demo.faults_log import OWN
from netproof.demo.releases import other_story, own_story
from netproof.integrity.log import Disk, Settings, create, keep_file, writing
from netproof.integrity.log.layout import CHECKPOINT, KEPT, LOCK, POLICY, TILES
from netproof.integrity.witness import create_state, open_state
from netproof.tlog.cosignature import signature_line
from netproof.tlog.keys import SignatureType, SigningKey
from netproof.tlog.note import parse_note
from netproof.tlog.policy import Group, Party, Policy
from netproof.tlog.policy_text import encode_policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from netproof.demo.frames import Frames
    from netproof.demo.market import Market
    from netproof.demo.releases import Story
    from netproof.tlog.note import SignatureLine

OTHER = "log.example.net/beispielnetz"
WITNESSES = {
    "witness.example.org/nord": "http://127.0.0.1:8642",
    "witness.example.net/sued": "http://127.0.0.1:8643",
}
"""Their names, and where they are asked: whoever has the example can run them on the same machine."""
PUBLIC = (CHECKPOINT, KEPT, POLICY, TILES)
"""What the other operator shows to the world."""
COSIGNED_AFTER_S = 1200
"""So long after its entries a checkpoint is cosigned."""


class _Unsynced(Disk):
    """A disk on which nothing has to outlive a loss of power."""

    def sync(self, file: int) -> None:
        """Do nothing."""

    def sync_data(self, file: int) -> None:
        """Do nothing."""

    def sync_folder(self, path: Path) -> None:
        """Do nothing."""

    def start_writing_back(self) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a made-up log and of its witnesses."""

    log: SigningKey
    witnesses: tuple[SigningKey, ...]

    def policy(self) -> bytes:
        """Return what readers of the log accept: its key and both witnesses."""
        names = [key.name.rpartition("/")[2].encode() for key in self.witnesses]
        witnesses = {
            name: Party(key.verifier(), WITNESSES[key.name])
            for name, key in zip(names, self.witnesses, strict=True)
        }
        groups = {b"both": Group(len(names), tuple(names))}
        return encode_policy(Policy((Party(self.log.verifier()),), witnesses, groups, b"both"))


def _key(name: str, kind: SignatureType) -> SigningKey:
    """Return the key of a made-up name."""
    return SigningKey(name, kind, sha256(f"netproof example: {name}".encode()).digest())


def keys(origin: str) -> Keys:
    """Return the keys of a made-up log."""
    return Keys(
        _key(origin, SignatureType.ED25519),
        tuple(_key(name, SignatureType.ED25519_COSIGNATURE) for name in WITNESSES),
    )


def write_logs(folder: Path, frames: Frames, market: Market) -> None:
    """Write the operator's log, the keys that sign for it, and what another operator published of its own.

    Args:
        folder: The network's folder.
        frames: All tables, with their faults.
        market: Who sells what.
    """
    own, other = keys(OWN), keys(OTHER)
    write_log(folder / "releases", own_story(frames, market, own.policy()), own)
    (folder / "keys").mkdir()
    for signer in (own.log, *own.witnesses):
        _write_key(_key_place(folder, signer), signer)
    cosigned = (folder / "releases" / CHECKPOINT).read_bytes()
    for witness in own.witnesses:
        _write_state(_key_place(folder, witness), witness, cosigned)
    place = folder / "others" / "beispielnetz"
    place.parent.mkdir()
    write_log(place, other_story(frames, market, other.policy()), other)
    for path in place.iterdir():
        if path.name not in PUBLIC:
            rmtree(path) if path.is_dir() else path.unlink()


def _key_place(folder: Path, signer: SigningKey) -> Path:
    """Return where the example has a key."""
    return folder / "keys" / f"{signer.name.rpartition('/')[2]}.key"


def _write_key(path: Path, signer: SigningKey) -> None:
    """Write a key as the log's and the witness's commands read it."""
    path.write_text(f"# Made up: whoever reads this can sign.\n{signer.secret_text()}\n", "ascii")
    path.chmod(0o600)


def _write_state(key: Path, witness: SigningKey, cosigned: bytes) -> None:
    """Write what a witness remembers: it goes on from the checkpoint that it cosigned last."""
    place = key.with_name(f"{key.name}.state")
    verifiers = (witness.verifier(),)
    create_state(place, verifiers)
    with open_state(place, verifiers) as state:
        state.keep(cosigned)


def write_log(folder: Path, story: Story, own: Keys) -> None:
    """Write a made-up log.

    Args:
        folder: Where to; its parent must be there.
        story: What was logged, and when.
        own: The log's and its witnesses' keys.
    """
    disk = _Unsynced()
    create(folder, Settings(own.log.name, (own.log.verifier(),)), own.policy(), disk=disk)
    for content in story.files:
        keep_file(folder, content, disk=disk)
    with writing(folder, disk=disk) as writer:
        for batch in story.batches:
            writer.append(batch.entries)
            time = batch.time + COSIGNED_AFTER_S
            writer.checkpoint([own.log], time, _cosigning(own.witnesses, time))
    # It holds the number of a process.
    (folder / LOCK).unlink()


def _cosigning(
    witnesses: tuple[SigningKey, ...], time: int
) -> Callable[[bytes, Callable[[int], list[bytes]]], list[SignatureLine]]:
    """Return what asks the witnesses, at a time."""

    def cosign(note: bytes, _path: Callable[[int], list[bytes]]) -> list[SignatureLine]:
        text = parse_note(note).text
        return [signature_line(text, witness, time) for witness in witnesses]

    return cosign
