"""Disks that fail, and a disk that remembers what a loss of power would leave.

`ModelDisk` works on real files and keeps beside them what is durable: content since a file's last sync, names
since their folder's last sync. What was not synced may be there after a crash, in part, or not at all.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netproof.integrity.log import Disk
from netproof.integrity.log.disk import FOLDER_MODE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from random import Random


class QuickDisk(Disk):
    """A disk whose syncs cost nothing: for tests in which no power is lost."""

    def sync(self, file: int) -> None:
        pass

    def sync_data(self, file: int) -> None:
        pass

    def sync_folder(self, path: Path) -> None:
        pass

    def sync_all(self, files: Sequence[int]) -> None:
        # One after the other, so that operations have numbers.
        for file in files:
            self.sync(file)

    def salt(self) -> bytes:
        return b"salt of a test.."


class CountingDisk(QuickDisk):
    """Calls `before` with the name of every operation that a machine can fail at."""

    def __init__(self, before: Callable[[str], None]) -> None:
        self._before = before

    def make_folder(self, path: Path, mode: int = FOLDER_MODE) -> None:
        self._before("make_folder")
        super().make_folder(path, mode)

    def create(self, path: Path) -> int:
        self._before("create")
        return super().create(path)

    def write(self, file: int, data: bytes) -> None:
        try:
            self._before("write")
        except OSError:
            # The disk took half of it.
            super().write(file, data[: len(data) // 2])
            raise
        super().write(file, data)

    def sync(self, file: int) -> None:
        self._before("sync")
        super().sync(file)

    def sync_data(self, file: int) -> None:
        self._before("sync")
        super().sync_data(file)

    def sync_folder(self, path: Path) -> None:
        self._before("sync")
        super().sync_folder(path)

    def rename(self, old: Path, new: Path) -> None:
        self._before("rename")
        super().rename(old, new)

    def remove(self, path: Path) -> None:
        self._before("remove")
        super().remove(path)


ERRORS = {
    "make_folder": errno.ENOSPC,
    "create": errno.ENOSPC,
    "write": errno.ENOSPC,
    "sync": errno.EIO,
    "rename": errno.EIO,
    "remove": errno.EROFS,
}


def failing_at(number: int) -> CountingDisk:
    """A disk whose operation with this number fails, as such an operation does; the others work."""
    done = 0

    def before(what: str) -> None:
        nonlocal done
        done += 1
        if done == number:
            raise OSError(ERRORS[what], f"{what} number {number} fails")

    return CountingDisk(before)


@dataclass
class Node:
    """A file of the model: durable bytes, and what was written since."""

    durable: bytes = b""
    pending: list[bytes] = field(default_factory=list)
    lost: bool = False
    """A sync failed: the system shows these bytes and calls them clean, but they are not on the disk."""

    def copy(self) -> Node:
        return Node(self.durable, list(self.pending), self.lost)


class Model:
    """What is durable, and what is on its way there."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.nodes: list[Node] = []
        self.names: dict[Path, int] = {}
        self.durable: dict[Path, int] = {}
        """Files and folders (node -1) whose names are durable."""
        self.waiting: dict[Path, list[tuple[str, Path, int]]] = {}
        """By folder: names that were linked or unlinked since its last sync."""

    def copy(self) -> Model:
        """What a crash at this moment leaves to chance."""
        made = Model(self.root)
        made.nodes = [node.copy() for node in self.nodes]
        made.durable = dict(self.durable)
        made.waiting = {folder: list(changes) for folder, changes in self.waiting.items()}
        return made

    def change(self, what: str, path: Path, node: int) -> None:
        """Note that a name is linked or unlinked."""
        self.waiting.setdefault(path.parent, []).append((what, path, node))

    def settle(self, folder: Path) -> None:
        """Make the names of a folder durable."""
        _apply(self.durable, self.waiting.pop(folder, []))

    def after_crash(self, to: Path, chance: Random) -> None:
        """Write what a crash may leave to another folder."""
        names = dict(self.durable)
        style = chance.randrange(4)
        for folder in sorted(self.waiting):
            changes = self.waiting[folder]
            # Nothing, all, the first, or any of the changes reached the disk.
            kept = [[], changes, changes[: chance.randint(0, len(changes))]]
            kept.append([one for one in changes if chance.random() < 0.5])
            _apply(names, kept[style])
        to.mkdir()
        for path in sorted(names):
            target = to / path.relative_to(self.root)
            if not target.parent.is_dir():
                continue  # its folder did not outlive the crash
            if names[path] < 0:
                target.mkdir()
            else:
                target.write_bytes(_content(self.nodes[names[path]], chance))


def _apply(names: dict[Path, int], changes: list[tuple[str, Path, int]]) -> None:
    """Link and unlink."""
    for what, path, node in changes:
        if what == "link":
            names[path] = node
        else:
            names.pop(path, None)


def _content(node: Node, chance: Random) -> bytes:
    """What a crash may leave of a file: durable bytes, then nothing, all, a part, or torn sectors."""
    if node.lost:
        return node.durable
    rest = b"".join(node.pending)
    style = chance.randrange(4)
    if style == 0:
        rest = b""
    elif style == 2:
        rest = rest[: chance.randint(0, len(rest))]
    elif style == 3:
        # Sectors arrive in any order; a missing one reads as zeros.
        parts = [rest[at : at + 512] for at in range(0, len(rest), 512)]
        rest = b"".join(part if chance.random() < 0.5 else bytes(len(part)) for part in parts)
    return node.durable + rest


class ModelDisk(CountingDisk):
    """A disk that works, and knows what a crash would leave.

    Args:
        root: folder above the log.
        before: called before each operation; may raise what the machine would.
    """

    def __init__(self, root: Path, before: Callable[[str], None] = lambda _: None) -> None:
        super().__init__(before)
        self.model = Model(root)
        self._open: dict[int, int] = {}

    def make_folder(self, path: Path, mode: int = FOLDER_MODE) -> None:
        super().make_folder(path, mode)
        self.model.change("link", path, -1)

    def create(self, path: Path) -> int:
        file = super().create(path)
        self.model.nodes.append(Node())
        self._open[file] = self.model.names[path] = len(self.model.nodes) - 1
        self.model.change("link", path, self._open[file])
        return file

    def write_some(self, file: int, data: memoryview) -> int:
        taken = super().write_some(file, data[: max(len(data) // 2, 1)])
        self.model.nodes[self._open[file]].pending.append(bytes(data[:taken]))
        return taken

    def sync(self, file: int) -> None:
        self._sync(file)

    def sync_data(self, file: int) -> None:
        self._sync(file)

    def _sync(self, file: int) -> None:
        node = self.model.nodes[self._open[file]]
        try:
            self._before("sync")
        except OSError:
            node.lost = True
            raise
        if not node.lost:
            node.durable += b"".join(node.pending)
            node.pending.clear()

    def sync_folder(self, path: Path) -> None:
        super().sync_folder(path)
        self.model.settle(path)

    def rename(self, old: Path, new: Path) -> None:
        super().rename(old, new)
        node = self.model.names.pop(old)
        self.model.names[new] = node
        self.model.change("unlink", old, node)
        self.model.change("link", new, node)

    def remove(self, path: Path) -> None:
        super().remove(path)
        if path in self.model.names:
            self.model.change("unlink", path, self.model.names.pop(path))

    def close(self, file: int) -> None:
        super().close(file)
        self._open.pop(file, None)
