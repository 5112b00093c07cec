"""Network services that a package brings, by rules simple enough to be told.

- A unit: a file `*.service` or `*.socket` in a folder `systemd/system` or `systemd/user`.
- A start script: a file in `etc/init.d`, `etc/rc.d/init.d` or `etc/xinetd.d`, or `etc/init/*.conf`.
- A port: in units, in files below `etc`, and in files whose name ends in .conf, .cfg, .ini, .yaml, .yml or
  .properties, a line that gives one of `_WORDS` a value with a port in it.
- A line of `etc/inetd.conf`.

A port that a program opens by itself is not found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNIT: Final = re.compile(r"(?:^|/)systemd/(?:system|user)/[^/]+\.(?:service|socket)$")
_SCRIPT: Final = re.compile(
    r"(?:^|/)etc/(?:init\.d/[^/]+|rc\.d/init\.d/[^/]+|xinetd\.d/[^/]+|init/[^/]+\.conf)$"
)
_INETD: Final = re.compile(r"(?:^|/)etc/inetd\.conf$")
_CONF: Final = re.compile(r"(?:^|/)etc/|\.(?:conf|cfg|ini|ya?ml|properties)$")
_WORDS: Final = (
    "listen|listenstream|listendatagram|listensequentialpacket|listenaddress|listen[_-]address|listen[_-]port|"
    "port|bind|bind[_-]address|bind[_-]port|http[_-]port|https[_-]port|server[_-]port|server\\.port|"
    "containerport|hostport|nodeport|expose"
)
_LINE: Final = re.compile(
    rf"^[ \t]*+(?:-[ \t]++)?[\"']?({_WORDS})[\"']?(?=[ \t=:])[ \t=:]*+([^\s#;][^#;\n]{{0,200}})",
    re.IGNORECASE | re.MULTILINE,
)
_PORT: Final = re.compile(
    r"(?<![\w.])(?:[\w.*-]*:|\[[0-9A-Fa-f:.*]*\]:)?([0-9]{1,5})(?:/(?:tcp|udp|sctp))?(?![\w.:])"
)


@dataclass(frozen=True, slots=True)
class Service:
    """Something that makes a system listen, or starts a program that may.

    Attributes:
        path: The member that says so.
        rule: unit, start script, port or inetd.
        value: The unit's name, or the line.
    """

    path: str
    rule: str
    value: str


def wanted(path: str) -> bool:
    """Return whether a file of this name is looked through."""
    return any(rule.search(path) for rule in (_UNIT, _SCRIPT, _INETD, _CONF))


def services(path: str, data: bytes) -> Iterator[Service]:
    """Yield the services that a configuration file brings.

    Args:
        path: Its name.
        data: Its bytes; binary files bring none but by their name.
    """
    name = path.rsplit("/", 1)[-1]
    if _UNIT.search(path):
        yield Service(path, "unit", name)
    if _SCRIPT.search(path):
        yield Service(path, "start script", name)
    if b"\0" in data or not wanted(path):
        return
    text = data.decode("utf-8", "replace")
    if _INETD.search(path):
        for line in text.splitlines():
            if len(line.split()) >= 6 and not line.lstrip().startswith("#"):
                yield Service(path, "inetd", " ".join(line.split())[:200])
        return
    for found in _LINE.finditer(text):
        if _has_port(found[2]):
            yield Service(path, "port", " ".join(found[0].split())[:200])


def _has_port(value: str) -> bool:
    """Return whether a value has a port in it."""
    return any(0 < int(found[1]) < 65536 for found in _PORT.finditer(value))
