"""Strings that look like addresses, by rules simple enough to be told.

- URL: letters, `://`, and what follows up to a blank, a quote, a bracket or a byte that is not ASCII.
- IPv4: four numbers from 0 to 255 with dots between, no digit, letter or dot beside them.
- IPv6: what Python's `ipaddress` takes for one, with a digit in it and at least two groups, the first of them
  before the first colon.
- Host: small letters, digits, dots and hyphens; its last part is one of `_ENDS`, or is any two letters
  that are no usual end of a file's name, behind at least two parts of two signs or more.

A version number of four parts looks like an address and is listed; an address that is put together while
a program runs is not found, nor one in UTF-16 or in compressed data.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_URL: Final = re.compile(rb"://[!#-&(-;=?-Z_a-z~\[\]]{1,1500}")
_SCHEME: Final = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]{0,19}\Z")
# Each begins with one fixed sign: so a search passes over most bytes without looking at them twice.
_IPV4: Final = re.compile(rb"\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9A-Za-z_]|\.[0-9])")
_FIRST: Final = re.compile(rb"(?<![0-9A-Za-z_.])[0-9]{1,3}\Z")
_IPV6: Final = re.compile(rb":[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{0,39}+(?![0-9A-Za-z_:])")
_GROUP: Final = re.compile(rb"(?<![0-9A-Za-z_:.])[0-9A-Fa-f]{1,4}\Z")
_ENDS: Final = b"com|net|org|info|biz|gov|edu|mil|arpa|cloud|online|site|xyz|top"
_HOST_END: Final = re.compile(rb"\.(?:" + _ENDS + rb"|[a-z]{2})(?![0-9A-Za-z_-]|\.[0-9A-Za-z])")
_HOST: Final = re.compile(rb"[0-9a-z.-]{0,250}")
_GENERIC: Final = frozenset(_ENDS.decode().split("|"))
_ENDS_OF_FILES: Final = re.compile(
    "so|py|sh|pl|rs|cc|md|ps|js|ts|go|la|ac|am|in|mk|po|mo|tk|vi|ko|gz|xz|bz|bc|hh|fs|el|ld|id|do|is|as|ml|mm|"
    "pm|ii"
)
_BEHIND: Final = ".,;:!?)]}'"


def addresses(window: bytes, start: int, stop: int) -> Iterator[tuple[str, str]]:
    """Yield kind and text of what looks like an address and begins between two places of a window.

    Args:
        window: Bytes; some lie before `start` and behind `stop`, so that no address is cut.
        start: First place.
        stop: Place behind the last.
    """
    yield from _urls(window, start, stop)
    for found in _IPV4.finditer(window):
        if start <= found.start() < stop and (text := _ipv4(window, found)):
            yield "ipv4", text
    for found in _IPV6.finditer(window):
        if start <= found.start() < stop and (text := _ipv6(window, found)):
            yield "ipv6", text
    for found in _HOST_END.finditer(window):
        if start <= found.start() < stop and (text := _host(window, found.start(), found.end())):
            yield "host", text


def _urls(window: bytes, start: int, stop: int) -> Iterator[tuple[str, str]]:
    """Yield URLs."""
    for found in _URL.finditer(window):
        at = found.start()
        if not start <= at < stop:
            continue
        scheme = _SCHEME.search(window[max(0, at - 20) : at])
        if scheme is None:
            continue
        text = found[0].decode().rstrip(_BEHIND)
        if len(text) > 3:
            yield "url", scheme[0].decode() + text


def _ipv4(window: bytes, found: re.Match[bytes]) -> str:
    """Return an IPv4 address as written; empty where it is none."""
    at = found.start()
    first = _FIRST.search(window[max(0, at - 4) : at])
    text = (first[0] + found[0]).decode() if first else ""
    return text if text and all(int(part) < 256 for part in text.split(".")) else ""


def _ipv6(window: bytes, found: re.Match[bytes]) -> str:
    """Return an IPv6 address as written; empty where it is none."""
    at = found.start()
    first = _GROUP.search(window[max(0, at - 5) : at])
    if first is None:
        return ""
    text = (first[0] + found[0]).decode()
    groups = [group for group in text.split(":") if group]
    if len(groups) < 2 or not any(c.isdigit() for c in text):
        return ""
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return ""
    return text


def _host(window: bytes, dot: int, end: int) -> str:
    """Return a host's name whose last part begins at `dot`; empty where it is none."""
    left = window[max(0, dot - 250) : dot][::-1]
    found = _HOST.match(left)
    start = found[0][::-1] if found else b""
    before = left[len(start) : len(start) + 1]
    if before.isalnum() or before in (b"_", b"/", b"\\"):
        return ""  # a word with capitals, or the name of a file in a folder
    parts = start.lstrip(b".-").decode().split(".")
    last = window[dot + 1 : end].decode()
    if not all(0 < len(p) <= 63 and p[0] != "-" and p[-1] != "-" for p in parts):
        return ""
    short = len(parts) < 2 or min(map(len, parts)) < 2
    if last not in _GENERIC and (short or _ENDS_OF_FILES.fullmatch(last)):
        return ""
    return ".".join([*parts, last])
