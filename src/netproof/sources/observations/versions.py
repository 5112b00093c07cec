"""Which release does a reported version mean?

Devices put words around the version that their supplier publishes, such as two version schemes in one
string. A release is taken for meant only where the text is one, or exactly one release of the component's
product stands in it as a whole word. Anything else stays as it is reported.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_WORD = re.compile(r"[^\s,;:()\[\]\"']+")


def released(reported: str, releases: Collection[str]) -> str:
    """Return the release that a text means, or the text.

    Args:
        reported: What the device says.
        releases: Versions of its product that were published.
    """
    if reported in releases:
        return reported
    meant = {word for word in _WORD.findall(reported) if word in releases}
    return meant.pop() if len(meant) == 1 else reported
