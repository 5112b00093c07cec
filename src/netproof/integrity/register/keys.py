"""Which keys sign for a log, and where do they lie?

A key file is text: one `PRIVATE+KEY+...` a line, as Go's note package writes it; `#` begins a comment. It
lies outside the log's folder and only its owner may read it. Chance is an argument: the command line draws
it.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from netproof.errors import LogError, SourceError
from netproof.tlog.keys import SEED_BYTES, SignatureType, SigningKey, parse_signing_key

VARIABLE: Final = "NETPROOF_LOG_KEY"
"""Environment variable that names a log's key file."""
KEYS_MAX: Final = 16
SEEDS_BYTES: Final = 2 * SEED_BYTES
LOG_KINDS: Final = (SignatureType.ED25519, SignatureType.ML_DSA_44)
WITNESS_KINDS: Final = (SignatureType.ED25519_COSIGNATURE, SignatureType.ML_DSA_44)
_BYTES_MAX: Final = 64_000
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_HEAD = """\
# Private keys of {name}: whoever has them can sign for it. Keep a copy where nobody else reads it.
"""


def key_path(net: Path, given: Path | None, environment: str | None) -> Path:
    """Return where a network's log has its keys.

    Args:
        net: the network's folder.
        given: what the user named; it goes first.
        environment: what `NETPROOF_LOG_KEY` holds; it goes second. Else `<NET>.key` beside the folder.
    """
    if given is not None:
        return given
    if environment:
        return Path(environment)
    place = net.resolve()
    return place.with_name(place.name + ".key")


def signing_keys(path: Path) -> tuple[SigningKey, ...]:
    """Read a key file.

    Returns:
        Its keys, in the order in which they stand.

    Raises:
        SourceError: it cannot be read, others than its owner can read it, or it is not a key file. No message
            holds what stands in it.
    """
    keys: list[SigningKey] = []
    for number, line in enumerate(_text(path).split("\n"), 1):
        words = line.strip(" \t\r")
        if not words or words.startswith("#"):
            continue
        try:
            keys.append(parse_signing_key(words))
        except LogError as error:
            raise SourceError(f"{path}, line {number}: {error}", hint=error.hint) from None
    if not 1 <= len(keys) <= KEYS_MAX or len({key.seed for key in keys}) != len(keys):
        raise SourceError(f"{path}: expected 1 to {KEYS_MAX} keys, each once, got {len(keys)}")
    return tuple(keys)


def new_keys(
    path: Path, name: str, seeds: bytes, kinds: tuple[SignatureType, SignatureType] = LOG_KINDS
) -> tuple[SigningKey, ...]:
    """Write a new key file: an Ed25519 and an ML-DSA-44 key of one name.

    Args:
        path: where; nothing may lie there.
        name: of the keys: a log's origin, or a witness's name.
        seeds: 64 random bytes; the caller's chance.
        kinds: what the two keys sign; a log's by default.

    Returns:
        The keys. The file is on disk and only its owner may read it.

    Raises:
        SourceError: there is a file already, or it cannot be written.
        LogError: no key can have that name, or the seeds are not 64 bytes.
    """
    if len(seeds) != SEEDS_BYTES:
        raise LogError(f"keys of {name}: expected {SEEDS_BYTES} random bytes, got {len(seeds)}")
    parts = (seeds[:SEED_BYTES], seeds[SEED_BYTES:])
    keys = tuple(SigningKey(name, kind, seed) for kind, seed in zip(kinds, parts, strict=True))
    text = _HEAD.format(name=name) + "".join(f"{key.secret_text()}\n" for key in keys)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileExistsError as error:
        raise SourceError(
            f"{path}: expected no file yet, got one",
            hint="keys are never overwritten; name another place with --key",
        ) from error
    except OSError as error:
        raise SourceError(
            f"{path}: expected a place to write keys to, got: {_why(error)}",
            hint="make the folder first, or name another place with --key",
        ) from error
    try:
        _fill(descriptor, text)
        _sync_folder(path.absolute().parent)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise SourceError(f"{path}: expected room to write keys, got: {_why(error)}") from error
    return keys


def _text(path: Path) -> str:
    """Return what stands in a key file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        raise SourceError(
            f"{path}: expected a file with the log's private keys, got: {_why(error)}",
            hint=f"name it with --key or {VARIABLE}; `netproof release log NET init` makes one",
        ) from error
    try:
        _check_owner_only(path, os.fstat(descriptor).st_mode)
        content = os.read(descriptor, _BYTES_MAX + 1)
    finally:
        os.close(descriptor)
    if len(content) > _BYTES_MAX:
        raise SourceError(f"{path}: expected at most {_BYTES_MAX:,} bytes, got more")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise SourceError(f"{path}: expected text with private keys, got other bytes") from None


def _check_owner_only(path: Path, mode: int) -> None:
    """Refuse what is no file, and one that others can reach."""
    if not stat.S_ISREG(mode):
        raise SourceError(f"{path}: expected a file with private keys, got a folder or a device")
    if mode & _OTHERS:
        raise SourceError(
            f"{path}: expected private keys that only their owner can reach, "
            f"got mode {stat.S_IMODE(mode):04o}",
            hint=f"chmod 600 {path}; if others could read it, make new keys: release rotate",
        )


def _fill(descriptor: int, text: str) -> None:
    """Write a new file's text durably; nobody else may read it, whatever the process's mask says."""
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, 0o600)
        file.write(text)
        file.flush()
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    """Make the name of a new file durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _why(error: OSError | ValueError) -> str:
    """Return what the system said."""
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
