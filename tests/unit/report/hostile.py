"""A report model in which every free text tries something."""

from __future__ import annotations

from typing import Any

PAYLOAD = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)><svg/onload=alert(3)>"
    "{{ 7*7 }}{% raw %}&amp;]]>--><!--"
    "\u202etxt.exe\u2066\u200b\x00\x1b[31m\r\n\ud800" + "W" * 300
)
FIXED = frozenset(
    {
        "outcome",
        "severity",
        "verdict",
        "tag",
        "legal_status",
        "dimension",
        "schema_version",
        "as_of",
        "valid_from",
    }
)
"""Keys whose values are words of a vocabulary or dates; everything else is text that somebody wrote."""


def hostile(value: Any, key: str = "", payload: str = PAYLOAD) -> Any:
    """The same model with a payload behind every free text and every free key."""
    if isinstance(value, dict):
        free = key in {"rows", "by_kind", "by_file"}
        return {
            (name + payload if free else name): _values(inner, payload)
            if key == "rows"
            else hostile(inner, name, payload)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [hostile(item, key, payload) for item in value]
    if isinstance(value, str) and key not in FIXED and value not in FAMILIES:
        return value + payload
    return value


FAMILIES = frozenset({"certified", "paperwork", "restricted", "operation"})


def _values(rows: dict[str, dict[str, Any]], payload: str) -> dict[str, Any]:
    """Rows of one table: identities, columns and values."""
    return {
        subject + payload: {
            column + payload: value + payload if isinstance(value, str) else value
            for column, value in row.items()
        }
        for subject, row in rows.items()
    }
