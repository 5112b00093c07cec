"""Which log is this, and which keys sign for it?

Reads and writes `log.toml` of a log's folder, and makes the folder of a new log. `log.toml` is written last:
a folder that has it is a log, and a folder that has it not can be made one again.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import LogError
from netproof.integrity.log import layout
from netproof.integrity.log.disk import DISK, FOLDER_MODE, PRIVATE_MODE, Disk
from netproof.integrity.log.placing import place, sync_names
from netproof.tlog.encoding import from_utf8, shown, visible
from netproof.tlog.keys import SignatureType, VerifierKey, parse_vkey
from netproof.tlog.note import by_name_and_id
from netproof.tlog.policy_text import POLICY_BYTES_MAX, parse_policy

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS_BYTES_MAX = 1_000_000
_TYPES = frozenset({SignatureType.ED25519, SignatureType.ML_DSA_44})


@dataclass(frozen=True, slots=True)
class Settings:
    """A log's name and keys.

    Attributes:
        origin: its name, a URL without scheme; every key bears it.
        keys: the keys that sign for it, newest last; readers accept any of them.

    Raises:
        LogError: no key, one of another name or kind, or one twice.
    """

    origin: str
    keys: tuple[VerifierKey, ...]

    def __post_init__(self) -> None:
        """Refuse keys that no policy would accept."""
        visible(self.origin, "log, origin")
        if not self.keys:
            raise LogError(f"log {shown(self.origin)}: expected at least one key, got none")
        for key in self.keys:
            if key.name != self.origin or key.type not in _TYPES:
                raise LogError(
                    f"log {shown(self.origin)}: expected Ed25519 or ML-DSA-44 keys of that name, "
                    f"got {shown(key.name)} of type 0x{key.type:02x}"
                )
        if len(by_name_and_id(self.keys)) != len(self.keys):
            raise LogError(f"log {shown(self.origin)}: expected each key once")

    def encode(self) -> bytes:
        """Return the text of `log.toml`."""
        keys = "".join(f"    {json.dumps(str(key), ensure_ascii=False)},\n" for key in self.keys)
        return f"origin = {json.dumps(self.origin, ensure_ascii=False)}\nkeys = [\n{keys}]\n".encode()


def read_settings(folder: Path) -> Settings:
    """Return the settings of a log.

    Args:
        folder: the log's own folder, `releases` of a network.

    Raises:
        LogError: no log there, or settings that are none.
    """
    place_ = f"{folder / layout.SETTINGS}"
    try:
        data = layout.read_file(folder, layout.SETTINGS, SETTINGS_BYTES_MAX)
    except FileNotFoundError as error:
        raise LogError(
            f"{folder}: expected a log, got no {layout.SETTINGS}",
            hint="`netproof release log NET init` makes one",
        ) from error
    try:
        values = tomllib.loads(from_utf8(data, place_))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LogError(f"{place_}: expected TOML, got: {error}") from error
    match values:
        case {"origin": str(origin), "keys": [*keys], **rest} if not rest:
            if not all(isinstance(key, str) for key in keys):
                raise LogError(f"{place_}: expected keys as texts")
            return Settings(origin, tuple(parse_vkey(key) for key in keys))
    raise LogError(f"{place_}: expected origin and keys, got {', '.join(sorted(values)) or 'nothing'}")


def create(folder: Path, settings: Settings, policy: bytes, *, disk: Disk = DISK) -> None:
    """Make the folder of a new, empty log.

    Args:
        folder: where; its parent must be there.
        settings: origin and keys.
        policy: what its readers accept (tlog-policy text); must name one of the log's keys.
        disk: where it is written.

    Raises:
        LogError: a log is there already, or parts of one; a policy of another log; or it cannot be written.
    """
    check_policy(policy, settings)
    for name in (layout.SETTINGS, layout.CHECKPOINT, layout.SIGNED):
        if (folder / name).exists() or (folder / name).is_symlink():
            raise LogError(
                f"{folder}: expected no log, got {name}", hint="a log is never made anew: it only grows"
            )
    try:
        if not folder.is_dir():
            disk.make_folder(folder)
        make_folders(folder, disk)
        place(folder, [(layout.POLICY, policy)], disk)
        sync_names([folder.parent], disk)
        place(folder, [(layout.SETTINGS, settings.encode())], disk)
    except OSError as error:
        raise LogError(
            f"{folder}: expected a folder that can be written, got: {layout.said(error)}"
        ) from error


def make_folders(folder: Path, disk: Disk) -> None:
    """Make the folders of a log that are not there; a published copy has not all of them."""
    for name in (layout.NEW, layout.JOURNAL, layout.TILES, layout.KEPT, layout.FILES):
        if not (folder / name).is_dir():
            disk.make_folder(folder / name, PRIVATE_MODE if name == layout.JOURNAL else FOLDER_MODE)


def check_policy(policy: bytes, settings: Settings) -> None:
    """Refuse a policy whose readers would not accept this log."""
    named = {log.key for log in parse_policy(policy).logs}
    if not named & set(settings.keys):
        raise LogError(f"policy: expected a line with a key of log {shown(settings.origin)}, got none")


def rotate(folder: Path, settings: Settings, policy: bytes, disk: Disk) -> None:
    """Write new keys and a new policy; whoever calls this holds the log's lock.

    Raises:
        LogError: another origin, an old key left out (older checkpoints would no longer verify), or a policy
            of another log.
        OSError: it cannot be written.
    """
    old = read_settings(folder)
    check_policy(policy, settings)
    if settings.origin != old.origin or not set(old.keys) <= set(settings.keys):
        raise LogError(f"log {shown(old.origin)}: expected the same origin and every key it has had")
    place(folder, [(layout.SETTINGS, settings.encode())], disk)
    place(folder, [(layout.POLICY, policy)], disk)


def read_policy(folder: Path) -> bytes:
    """Return the policy text of a log; `LogError` where there is none."""
    try:
        return layout.read_file(folder, layout.POLICY, POLICY_BYTES_MAX)
    except FileNotFoundError as error:
        raise LogError(
            f"{folder / layout.POLICY}: expected the log's policy, got no file",
            hint="a published copy has it; its format is C2SP tlog-policy",
        ) from error
