"""Which files does the metadata of a CSAR name? Every one of them must be in the package.

A CSAR is a zip whose `TOSCA-Metadata/TOSCA.meta` says where its definitions, manifest, change log,
certificate, tests and licences lie. Whether the manifest is signed, and signs every file that is used, is
for the signatures to say.

Source: TOSCA Simple Profile in YAML 1.3, §6.2; ETSI GS NFV-SOL 004 V3.6.1, §4.1.2.
"""

from __future__ import annotations

from typing import Final

from netproof.integrity.packages import limits
from netproof.integrity.packages.refusal import Refusal, refuse, shown

META: Final = "TOSCA-Metadata/TOSCA.meta"
META_MAX: Final = 1 << 20
_NAMING: Final = frozenset(
    {
        "entry-definitions",
        "other-definitions",
        "entry-manifest",
        "entry-change-log",
        "entry-tests",
        "entry-licenses",
        "entry-certificate",
    }
)


def check(place: str, meta: bytes, paths: frozenset[str]) -> None:
    """Refuse a CSAR whose metadata names what is not there.

    Args:
        place: What it is called in errors.
        meta: Its `TOSCA.meta`.
        paths: All of its members.

    Raises:
        SourceError: As said, or the metadata is not UTF-8.
    """
    try:
        text = meta.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(place, Refusal.CHARACTERS, f"{META} that is not UTF-8") from error
    found = named(text)
    if len(found) > limits.NAMED_MAX:
        raise refuse(place, Refusal.NUMBER, f"{len(found):,} files named in {META}")
    folders = _folders(paths)
    for name in found:
        path = name.removesuffix("/")
        if path not in paths and path not in folders:
            raise refuse(place, Refusal.MANIFEST, f"{shown(name)} in {META}")


def _folders(paths: frozenset[str]) -> set[str]:
    """Return the folders above members."""
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


def named(text: str, which: str = "") -> list[str]:
    """Return the files and folders that the metadata names.

    Args:
        text: The metadata.
        which: How the keywords end: `manifest`, `certificate`; empty: all.
    """
    found = []
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        keyword = key.strip().lower().removeprefix("etsi-")
        if not colon or keyword not in _NAMING or not keyword.endswith(which) or not value.strip():
            continue
        values = value.split() if keyword == "other-definitions" else [value]
        found += [one.strip().strip("\"'") for one in values]
    return found
