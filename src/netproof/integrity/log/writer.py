"""How a log grows: entries become durable in the journal, then tiles, then a signed checkpoint.

The order is what makes a crash harmless: journal synced, entries acknowledged; tiles synced; the tree that
will be signed recorded in `signed` and synced; signed, cosigned, kept, published; journal removed. So no
checkpoint names an entry that is not on the disk, and no two that were ever signed disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.integrity.log import layout
from netproof.integrity.log.disk import DISK, Disk
from netproof.integrity.log.journal import Journal
from netproof.integrity.log.lock import locked
from netproof.integrity.log.placing import place
from netproof.integrity.log.reading import open_own, tile_reader
from netproof.integrity.log.seen import Seen
from netproof.integrity.log.settings import Settings, make_folders, read_settings, rotate
from netproof.tlog.checkpoint import Checkpoint, parse_checkpoint
from netproof.tlog.cosignature import add_signatures, sign_checkpoint
from netproof.tlog.encoding import shown
from netproof.tlog.growth import Edge, grow
from netproof.tlog.merkle import leaf_hash
from netproof.tlog.note import SignatureLine, parse_note
from netproof.tlog.tiles import BUNDLE, TILE_WIDTH, Tile, check_entries, encode_bundle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from netproof.tlog.keys import SigningKey
    from netproof.tlog.reader import TileReader

Cosign = Callable[[bytes, Callable[[int], list[bytes]]], list[SignatureLine]]
"""Given a signed checkpoint and what gives the consistency path from an older size to it, returns witnesses'
lines; raises `LogError` only where the quorum cannot be reached and the caller wants that."""

_GROW_ENTRIES = 16_384
"""Entries that become tiles at once."""


@contextmanager
def writing(folder: Path, *, disk: Disk = DISK) -> Iterator[Writer]:
    """Open a log for writing: take its lock, replay its journal, compare with what it has signed.

    Args:
        folder: the log's own folder, `releases` of a network.
        disk: where it is written.

    Raises:
        LogError: no log, another writer, entries missing, or the log would go back behind what it has signed.
    """
    read_settings(folder)  # where there is no log, that is the error
    with locked(folder):
        writer = Writer(folder, read_settings(folder), disk)
        try:
            yield writer
        finally:
            writer.close()


class Writer:
    """A log that is open for writing; `writing` makes it. It is for one thread.

    Attributes:
        settings: the log's origin and keys.
        size: entries that are durable.
        published: the newest checkpoint that is published; None before the first.
    """

    def __init__(self, folder: Path, settings: Settings, disk: Disk) -> None:
        self.settings = settings
        self.published: Checkpoint | None = None
        self._folder = folder
        self._disk = disk
        self._failed = ""
        self._reader: TileReader | None = None
        self._edge = Edge()
        self._seen: Seen | None = None
        self._load_published()
        with self._writes("the journal"):
            make_folders(folder, disk)
            self._journal = Journal(folder, disk, self._edge.size)
        try:
            self._check_signed()
        except LogError:
            self._journal.close()
            raise

    @property
    def size(self) -> int:
        """Entries that are durable."""
        return self._journal.size

    def append(self, entries: Sequence[bytes]) -> list[int]:
        """Append a batch; when it returns, every entry is durable.

        Args:
            entries: of at most 65,535 bytes each.

        Returns:
            The index of each; an entry whose bytes are in the log, or earlier in the batch, keeps its first.

        Raises:
            LogError: an entry is too long, or the disk failed; after that nothing more is written.

        Cost: one fdatasync (one for every 65,536 entries or 64 MB).
        """
        self._check_alive()
        check_entries(entries)
        seen = self._index()
        leaves = [leaf_hash(entry) for entry in entries]
        places = seen.find(leaves)
        fresh: dict[bytes, int] = {}
        new: list[bytes] = []
        for at, leaf in enumerate(leaves):
            if places[at] >= 0:
                self._check_hit(leaf, places[at])
                continue
            places[at] = fresh.setdefault(leaf, self.size + len(new))
            if places[at] == self.size + len(new):
                new.append(entries[at])
        if new:
            with self._writes("the journal"):
                self._journal.append(new)
            seen.add(list(fresh))
        return places

    def checkpoint(self, signers: Sequence[SigningKey], time: int, cosign: Cosign | None = None) -> bytes:
        """Publish the log as it is: write its tiles, sign it, have it cosigned.

        Args:
            signers: keys of the log.
            time: seconds since 1970, for signatures that state one.
            cosign: asks witnesses; None: nobody is asked.

        Returns:
            The checkpoint. At the size that is published already it is signed anew, with fresh cosignatures;
            those of witnesses who did not answer this time stay.

        Raises:
            LogError: a key of another log; the tree does not extend the last one that was signed; `cosign`
                gave up; or the disk failed.
        """
        self._check_alive()
        self._check_signers(signers)
        with self._writes("tiles"):
            self._make_tiles()
        tree = Checkpoint(self.settings.origin, self._edge.size, self._edge.root())
        reader = tile_reader(self._folder, tree)
        self._check_extends(tree, reader)
        self._reader = reader
        with self._writes("what is going to be signed"):
            place(self._folder, [(layout.SIGNED, tree.text)], self._disk)
        note = sign_checkpoint(tree, signers, time)
        if cosign is not None:
            note = add_signatures(note, cosign(note, lambda old: reader.consistency_path(old) if old else []))
        note = self._with_older(tree, note)
        with self._writes("the checkpoint"):
            place(self._folder, [(layout.kept_name(tree.size), self._merged(tree, note))], self._disk)
            place(self._folder, [(layout.CHECKPOINT, note)], self._disk)
            self._journal.trim()
        self.published = tree
        return note

    def rotate(self, settings: Settings, policy: bytes) -> None:
        """Write new keys and a new policy; the old keys stay, so that older checkpoints verify.

        Raises:
            LogError: another origin, an old key left out, a policy of another log, or the disk failed.
        """
        self._check_alive()
        with self._writes("settings"):
            rotate(self._folder, settings, policy, self._disk)
        self.settings = settings

    def close(self) -> None:
        """Close what is open; nothing is written by it."""
        self._failed = self._failed or "it was closed"
        self._journal.close()

    def _load_published(self) -> None:
        """Read the published tree and its right edge."""
        try:
            note = layout.read_note(self._folder, layout.CHECKPOINT)
        except FileNotFoundError:
            return
        self.published = open_own(note, self.settings, self._folder / layout.CHECKPOINT)
        self._reader = tile_reader(self._folder, self.published)
        self._edge = self._reader.edge()

    def _last_signed(self) -> Checkpoint | None:
        """Return the newest tree that was or was about to be signed."""
        try:
            text = layout.read_note(self._folder, layout.SIGNED)
        except FileNotFoundError:
            return self.published
        signed = parse_checkpoint(text)
        if signed.origin != self.settings.origin:
            raise LogError(f"{self._folder / layout.SIGNED}: expected this log, got {shown(signed.origin)}")
        return signed

    def _check_signed(self) -> None:
        """Refuse a log that has not all that it has signed."""
        signed = self._last_signed()
        if signed is None:
            return
        if self.size < signed.size or (self.published and signed.size < self.published.size):
            raise LogError(
                f"{self._folder}: expected {signed.size} entries, as were signed, got {self.size}",
                hint="the folder is older than its log: restore what is missing; a log never goes back",
            )
        edge = self._edge
        for first, entries in self._journal.batches(edge.size):
            if first >= signed.size:
                break
            edge = grow(edge, entries[: signed.size - first]).edge
        if edge.size == signed.size and edge.root() != signed.root:
            raise LogError(
                f"{self._folder}: expected root {signed.root.hex()} at {signed.size}, as was signed, got "
                f"{edge.root().hex()}",
                hint="entries were altered: restore them; a log never contradicts what it has signed",
            )

    def _index(self) -> Seen:
        """Return the leaf hashes of all entries; loaded when they are first asked for."""
        if self._seen is None:
            size = self._edge.size
            tiles = [Tile(0, index) for index in range(size // TILE_WIDTH)]
            hashes = [layout.read_tile(self._folder, tile) for tile in tiles]
            seen = Seen(b"".join([*hashes, *self._edge.levels[:1]]))
            if len(seen) != size:
                raise LogError(f"{self._folder}: expected level 0 with {size} hashes, got {len(seen)}")
            for _, entries in self._journal.batches(size):
                seen.add([leaf_hash(entry) for entry in entries])
            self._seen = seen
        return self._seen

    def _check_hit(self, leaf: bytes, index: int) -> None:
        """Refuse to say that an entry is in the log because of a tile that was altered."""
        if self._reader is not None and index < self._reader.size:
            tile, at = divmod(index, TILE_WIDTH)
            if self._reader.leaf_hashes(tile)[at] != leaf:
                raise LogError(f"{self._folder / Tile(0, tile).path}: expected the hash of entry {index}")

    def _make_tiles(self) -> None:
        """Write the tiles of all entries, and the partial ones of the size they make."""
        if self._edge.size == self.size:
            return
        edge, waiting = self._edge, []
        for _, entries in self._journal.batches(edge.size):
            waiting += entries
            while len(waiting) >= _GROW_ENTRIES:
                edge = self._grown(edge, waiting[:_GROW_ENTRIES])
                waiting = waiting[_GROW_ENTRIES:]
        edge = self._grown(edge, waiting)
        place(self._folder, _partial(edge), self._disk, fixed=True)
        self._edge = edge

    def _grown(self, edge: Edge, entries: list[bytes]) -> Edge:
        """Write the tiles that entries fill, and return the right edge after them."""
        growth = grow(edge, entries)
        full = [(tile.path, data) for tile, data in growth.files if tile.width == TILE_WIDTH]
        place(self._folder, full, self._disk, fixed=True)
        return growth.edge

    def _check_extends(self, tree: Checkpoint, reader: TileReader) -> None:
        """Refuse to sign a tree that does not begin with the last one that was signed."""
        signed = self._last_signed()
        if signed is not None and (signed.size > tree.size or reader.root(signed.size) != signed.root):
            raise LogError(
                f"{self._folder}: expected a tree that extends the signed one of {signed.size} entries",
                hint="the log refuses to contradict itself; restore its folder from a backup",
            )

    def _check_signers(self, signers: Sequence[SigningKey]) -> None:
        """Refuse keys that are not the log's."""
        own = {signer.verifier() for signer in signers}
        if not own or not own <= set(self.settings.keys):
            names = ", ".join(shown(signer.name) for signer in signers) or "none"
            raise LogError(
                f"log {shown(self.settings.origin)}: expected keys of its {layout.SETTINGS}, got {names}",
                hint="take the key file that was made with the log",
            )

    def _with_older(self, tree: Checkpoint, note: bytes) -> bytes:
        """Return a checkpoint with the cosignatures that only the published one of the same tree has."""
        if tree != self.published:
            return note
        own = {(key.name, key.key_id) for key in self.settings.keys}
        return _joined(note, layout.read_note(self._folder, layout.CHECKPOINT), own)

    def _merged(self, tree: Checkpoint, note: bytes) -> bytes:
        """Return the checkpoint to keep: of each signer the first line at this size; it says since when."""
        try:
            kept = layout.read_note(self._folder, layout.kept_name(tree.size))
        except FileNotFoundError:
            return note
        open_own(kept, self.settings, self._folder / layout.kept_name(tree.size))
        return _joined(kept, note, set())

    def _check_alive(self) -> None:
        """Refuse to go on after a failure of the disk: what memory shows may not be on it."""
        if self._failed:
            raise LogError(
                f"{self._folder}: expected a writer that can go on, but {self._failed}",
                hint="open the log again: what was acknowledged is there",
            )

    @contextmanager
    def _writes(self, what: str) -> Iterator[None]:
        """Stop the writer for good where the disk fails, or somebody interrupts it halfway."""
        self._failed = f"writing {what} was interrupted"
        try:
            yield
        except LogError:
            self._failed = ""
            raise
        except OSError as error:
            self._failed = f"writing {what} failed: {layout.said(error)}"
            raise LogError(
                f"{self._folder}: expected a disk that takes {what}, got: {layout.said(error)}",
                hint="see to the disk, then try again: what was acknowledged is safe",
            ) from error
        self._failed = ""


def _joined(note: bytes, other: bytes, without: set[tuple[str, bytes]]) -> bytes:
    """Return a note with the lines of signers that only another note of the same text has."""
    had = without | {(line.name, line.key_id) for line in parse_note(note).lines}
    return add_signatures(
        note, [line for line in parse_note(other).lines if (line.name, line.key_id) not in had]
    )


def _partial(edge: Edge) -> list[tuple[str, bytes]]:
    """Return the paths and bytes of the unfinished tiles and bundle of a log that ends here."""
    parts = {level: hashes for level, hashes in enumerate(edge.levels) if hashes}
    if edge.entries:
        parts[BUNDLE] = encode_bundle(edge.entries)
    return [(tile.path, parts[tile.level]) for tile in layout.partial_tiles(edge.size)]
