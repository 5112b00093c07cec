"""How much a package may ask of this machine: every bound of the readers, in one place.

A package that passes a bound is refused by name; nothing is read halfway and taken for whole.
"""

from __future__ import annotations

from typing import Final

PACKAGE_BYTES_MAX: Final = 32 << 30
"""Largest package [bytes]."""
UNPACKED_BYTES_MAX: Final = 64 << 30
"""All that one package may unpack to, packages inside it counted too [bytes]."""
MEMBERS_MAX: Final = 200_000
"""Members of one package, those of packages inside it counted too."""
NODES_MAX: Final = 400_000
"""Members and the folders above them, in the same count."""
NAMES_MAX: Final = 64 << 20
"""All names and link targets together [characters]."""
NAME_MAX: Final = 1024
"""Longest name or link target [characters]."""
NAME_DEPTH_MAX: Final = 64
"""Most folders above a member."""
RATIO_MAX: Final = 200
"""Unpacked bytes per packed byte, once a stream has given `RATIO_FREE` bytes."""
RATIO_FREE: Final = 64 << 20
"""Bytes that a stream may give whatever its ratio: empty disk images pack well [bytes]."""
STREAMS_MAX: Final = 100_000
"""Compressed streams one behind the other in one file."""
UNPACKING_MEMORY: Final = 256 << 20
"""Memory that one decompressor may use [bytes]."""
DEPTH_MAX: Final = 4
"""Packages inside packages: how deep they are opened."""
HELD_MAX: Final = 128 << 20
"""Largest package inside a package that is opened; larger ones are hashed and said to stay closed [bytes]."""
SBOM_MAX: Final = 32 << 20
"""Largest SBOM [bytes]."""
SBOMS_MAX: Final = 128 << 20
"""All SBOMs of one package together [bytes]."""
TEXT_MAX: Final = 1 << 20
"""Largest configuration file that is looked through for network services [bytes]."""
HEADER_MAX: Final = 64 << 20
"""Largest list of members: a zip's central directory, an RPM's header [bytes]."""
PAX_MAX: Final = 1 << 20
"""Largest extended header of one tar member [bytes]."""
LINKS_MAX: Final = 40
"""Links that are followed to find where one link leads."""
LINK_STEPS_MAX: Final = 5_000_000
"""Steps that are taken to find where all links of a package lead."""
ADDRESSES_MAX: Final = 300_000
"""Different addresses that are noted of one package."""
KEYS_MAX: Final = 20_000
"""Different keys and certificates that are noted of one package."""
SERVICES_MAX: Final = 20_000
"""Network services that are noted of one package."""
NAMED_MAX: Final = 10_000
"""Files that the metadata of a CSAR may name."""
CHUNK: Final = 1 << 16
"""Bytes that are read at a time."""
PIECE: Final = 1 << 20
"""Bytes that one step of a decompressor may give."""
