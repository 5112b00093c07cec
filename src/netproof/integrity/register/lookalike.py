"""Do two identifiers look alike?

Identifiers are bytes: `1.10`, `1.9`, `v1.9` and `01.9` are four releases. Whoever reads them may take one for
another, so what differs only by case, width, accents, letters of another script that look the same,
separators, zero padding or a `v` in front has one skeleton here. A skeleton is for warnings; it never names
anything.
Source: Unicode Technical Standard 39 §4 (confusable detection), the pairs that fit identifiers of software.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_SAME: Final = str.maketrans(
    {
        **dict(zip("авсԁеһіјӏкмнорԛѕтухѵԝ", "abcdehijlkmhopqstyxvw", strict=True)),
        **dict(zip("αβγεζηικμνορτυχω", "abyezhikmvoptyxw", strict=True)),
        **dict(zip("օսհցզոɑɡıøđł", "ouhgqnagiodl", strict=True)),
        "|": "l",
    }
)
_DRAWN: Final = str.maketrans({"o": "0", "l": "1", "i": "1", "m": "rn", "w": "vv"})
"""Signs that are drawn alike within ASCII."""
_BETWEEN: Final = re.compile(r"[-_. +,:/·\u2010-\u2015\u2212]+")
_ZEROS: Final = re.compile(r"(?<![0-9])0+(?=[0-9])")
_PREFIX: Final = re.compile(r"^(?:version|release|ver|rel|v|r)?[-_. ]*(?=[0-9])")


@lru_cache(4096)
def skeleton(text: str) -> str:
    """Return what an identifier looks like; two that may be taken for each other have the same.

    Example:
        >>> skeleton("v2.04-RC1") == skeleton("2.4_rc1")
        True
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(_SAME)
    drawn = _PREFIX.sub("", plain).translate(_DRAWN)
    return _ZEROS.sub("", _BETWEEN.sub(".", drawn))
