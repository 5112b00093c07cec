"""Which of two software versions is the later one, as text that compares with `<`.

Import computes a key once for each version; checks then compare keys, never versions.
A key is ASCII, so that DuckDB, Spark, SQLite and Python order it alike (by bytes). No
key is the beginning of another one, so that `key + "!"` is the bound right after it.

A scheme says how to read a version: the vendors' free style (generic), Ericsson's
R-states (rstate), Semantic Versioning 2.0.0 §11, PEP 440, and Debian Policy §5.6.12.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 200
"""A version of more characters is not one."""

# The signs of a key, in the order of their bytes. Where two keys first differ, both have
# one of these (or two numbers, or two letters), so that this order is the whole rule.
AFTER = "!"  # right after a key, before any other key; also ends a text: no letter is lower
DEV = "b"  # PEP 440: a development release of the final release
PRE = "d"  # a pre-release: before the end
FINAL = "f"  # PEP 440: neither pre-release nor development release
END = "k"  # nothing follows
LOCAL = "l"
WORD = "m"  # letters: a patch beyond the end, before a number
NUMBER = "n"
POST = "p"
TEXT = "t"  # Semantic Versioning: an identifier with letters, after any number
LAST = "~"  # after everything that begins alike

PRE_WORDS = frozenset({"alpha", "beta", "dev", "pre", "preview", "rc", "snapshot"})
"""Words that mark a pre-release where the scheme is generic."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A version as read.

    Attributes:
        key: What it compares by.
        stem: What the keys of all its minor updates begin with.
        product: Number of the product that the version itself names; empty: none.
    """

    key: str
    stem: str
    product: str = ""


def _length(count: int) -> str:
    """Write a length of at least 1 so that a longer one is greater: a to y, then z and the rest."""
    return "z" * ((count - 1) // 25) + chr(ord("a") + (count - 1) % 25)


def _number(digits: str) -> str:
    """Write a number of any size so that a greater one is greater; no digits are zero."""
    plain = digits.lstrip("0") or "0"
    return NUMBER + _length(len(plain)) + plain


_TOKEN = re.compile(r"[0-9]+|[a-z]+")


def _tokens(text: str) -> str:
    """Write the letters and numbers of a lower-case text; what separates them has no weight."""
    parts = []
    for token in _TOKEN.findall(text):
        if token[0].isdigit():
            parts.append(_number(token))
        else:
            parts.append((PRE if token in PRE_WORDS else WORD) + token + AFTER)
    return "".join(parts)


_LEADING_V = re.compile(r"v(?=\.?\s?[0-9])")


def _generic(text: str) -> _Read | None:
    """Read a version as most vendors write it; it has a number somewhere."""
    low = text.lower()
    if not any(sign.isdigit() for sign in low):
        return None
    stem = _tokens(_LEADING_V.sub("", low, count=1) if low[0] == "v" else low)
    return _Read(stem + END, stem)


_R_STATE = re.compile(
    r"(?:(?P<product>[A-Z]{3} ?[0-9][0-9 ]*(?:[/_][0-9]+)*)[ _-]+)?"
    r"(?P<state>[PR])(?P<number>[0-9]+)(?P<letters>[A-Z]*)(?P<sequence>[0-9]*)"
    r"(?:[/_. -]+(?P<rest>[0-9A-Z/_. -]*))?"
)


def _rstate(text: str) -> _Read | None:
    """Read an R-state or its preliminary P-state, with or without product number.

    Letters count like digits, by length first: R9Z, R9AA, R30A. P1B stands between R1A and R1B.
    """
    found = _R_STATE.fullmatch(text.upper())
    if found is None:
        return None
    letters = found["letters"].lower()
    parts = [_number(found["number"])]
    if letters:
        parts.append(WORD + _length(len(letters)) + letters)
    if found["state"] == "P":
        parts.append(PRE)
    if found["sequence"]:
        parts.append(_number(found["sequence"]))
    parts.append(_tokens((found["rest"] or "").lower()))
    stem = "".join(parts)
    product = (found["product"] or "").replace(" ", "").replace("_", "/")
    return _Read(stem + END, stem, product)


_SEMVER = re.compile(
    r"v?(?P<core>[0-9]+(?:\.[0-9]+){0,2})"
    r"(?:-(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)


def _semver(text: str) -> _Read | None:
    """Read a semantic version; a minor or patch number left out is zero, build metadata has no weight."""
    found = _SEMVER.fullmatch(text)
    if found is None:
        return None
    core = [_number(part) for part in found["core"].split(".")]
    full = "".join(core + [_number("0")] * (3 - len(core)))
    if found["pre"] is None:
        return _Read(full + END, "".join(core))
    identifiers = [
        _number(part) if part.isdigit() else TEXT + part + AFTER for part in found["pre"].split(".")
    ]
    stem = full + PRE + "".join(identifiers)
    return _Read(stem + END, stem)


_PEP440 = re.compile(
    r"v?(?:(?P<epoch>[0-9]+)!)?(?P<release>[0-9]+(?:\.[0-9]+)*)"
    r"(?:[-_.]?(?P<pre>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?P<pre_n>[0-9]+)?)?"
    r"(?P<post>-(?P<post_short>[0-9]+)|[-_.]?(?:post|rev|r)[-_.]?(?P<post_n>[0-9]+)?)?"
    r"(?P<dev>[-_.]?dev[-_.]?(?P<dev_n>[0-9]+)?)?"
    r"(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?"
)
_PEP440_PRE = {"a": "a", "alpha": "a", "b": "b", "beta": "b"}


def _pep440(text: str) -> _Read | None:
    """Read a Python version; trailing zeros of the release have no weight."""
    found = _PEP440.fullmatch(text.lower())
    if found is None:
        return None
    release = [_number(part) for part in found["release"].split(".")]
    written = "".join(release)
    while len(release) > 1 and release[-1] == _number("0"):
        release.pop()
    parts = [_number(found["epoch"] or "0"), *release]
    if found["pre"]:
        parts += [PRE, _PEP440_PRE.get(found["pre"], "c"), _number(found["pre_n"] or "0")]
    else:
        parts.append(DEV if found["dev"] and not found["post"] else FINAL)
    if found["post"]:
        parts += [POST, _number(found["post_short"] or found["post_n"] or "0")]
    else:
        parts.append(END)
    parts += [PRE, _number(found["dev_n"] or "0")] if found["dev"] else [END]
    if found["local"]:
        parts += [LOCAL, _tokens_of_local(found["local"])]
    key = "".join(parts) + END
    if any(found[part] for part in ("pre", "post", "dev", "local")):
        return _Read(key, key.rstrip(END))
    return _Read(key, parts[0] + written)


def _tokens_of_local(local: str) -> str:
    """Write the segments of a local version: a number is later than a word."""
    return "".join(
        _number(part) if part.isdigit() else WORD + part + AFTER for part in re.split(r"[-_.]", local)
    )


_DEBIAN = re.compile(
    r"(?:(?P<epoch>[0-9]+):)?(?P<upstream>[0-9][0-9A-Za-z.+~:-]*?)(?:-(?P<revision>[0-9A-Za-z.+~]+))?"
)
_DEBIAN_PARTS = re.compile(r"([^0-9]*)([0-9]*)")
# A tilde is before the end, the end before letters, letters before other signs.
_TILDE, _SECTION_END, _PART_END, _OTHER = "!", "#", "%", "{"


def _debian_section(text: str) -> tuple[str, str]:
    """Write an upstream version or a revision, once as a key without end and once as a stem."""
    parts: list[str] = []
    stem = ""
    for signs, digits in _DEBIAN_PARTS.findall(text):
        if not signs and not digits:
            break
        parts += [_TILDE if sign == "~" else sign if sign.isalpha() else _OTHER + sign for sign in signs]
        parts.append(_PART_END)
        stem = "".join(parts) + (_number(digits) if digits else "")
        parts.append(_number(digits))
    return "".join(parts), stem


def _debian(text: str) -> _Read | None:
    """Read a Debian version; without a revision it is that of revision 0, as without epoch of epoch 0."""
    found = _DEBIAN.fullmatch(text)
    if found is None or (":" in found["upstream"] and found["epoch"] is None):
        return None
    epoch = _number(found["epoch"] or "0")
    upstream, upstream_stem = _debian_section(found["upstream"])
    revision, revision_stem = _debian_section(found["revision"] or "0")
    head = epoch + upstream + _SECTION_END
    key = head + revision + _SECTION_END
    return _Read(key, epoch + upstream_stem if found["revision"] is None else head + revision_stem)


_READERS: dict[str, Callable[[str], _Read | None]] = {
    "generic": _generic,
    "rstate": _rstate,
    "semver": _semver,
    "pep440": _pep440,
    "debian": _debian,
}


def _read(version: str, scheme: str) -> _Read | None:
    """Read a version; None where it is not one of that scheme."""
    if len(version) > LONGEST or not version.isascii() or not version.isprintable():
        return None
    text = version.strip()
    reader = _READERS.get(scheme)
    return reader(text) if text and reader else None


def sort_key(version: str, scheme: str = "generic") -> str | None:
    """Return the text by which a version compares, or None where it cannot be read.

    Keys compare only within one scheme and one product. Scheme `rstate` leaves the product
    number away ("CXP9024418/15 R30B10" has the key of "R30B10"): two product numbers are two
    products, and whoever compares their keys compares nothing.

    Args:
        version: As the supplier writes it; at most 200 printable ASCII characters.
        scheme: generic, rstate, semver, pep440 or debian.

    Returns:
        ASCII text; two versions are equal exactly when their keys are (22.03 and 22.3 are).

    Cost: a few microseconds; the key is at most three times as long as the version, and 20.

    Example:
        >>> sort_key("R9Z", "rstate") < sort_key("R9AA", "rstate") < sort_key("R30A", "rstate")
        True
    """
    read = _read(version, scheme)
    return None if read is None else read.key


def covered_range(
    version_from: str | None, version_to: str | None, scheme: str, minor_updates: bool
) -> tuple[str | None, str | None]:
    """Return the keys between which a version is covered: the first inclusive, the second exclusive.

    Args:
        version_from: First covered version; None: nothing below `version_to` is left out.
        version_to: Last covered version; None: `version_from` alone.
        scheme: As for `sort_key`.
        minor_updates: Whether what begins with the last version is covered as well: 22.3 then
            covers 22.3.7 (and 22.3rc1), never 22.30 or 22.4. Else it ends exactly there.

    Returns:
        (from_key, upto_key); ("", upto_key) without a lower bound. (None, None), which covers
        nothing, where no bound is given, one cannot be read, or both name different products.
    """
    last = version_from if version_to is None else version_to
    if last is None:
        return None, None
    high = _read(last, scheme)
    low = None if version_from is None else _read(version_from, scheme)
    if high is None or (low is None and version_from is not None):
        return None, None
    if low is not None and low.product and high.product and low.product != high.product:
        return None, None
    upto = high.stem + LAST if minor_updates else high.key + AFTER
    return ("" if low is None else low.key), upto
