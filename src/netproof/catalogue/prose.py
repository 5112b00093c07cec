"""What does a control say, as text to read: its parts in order, with its parameters written in?

A parameter shows its value, else what may be chosen, else its label in brackets: a requirement
with a value that nobody set yet says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_INSERT = re.compile(r"\{\{\s*(?:insert:\s*param\s*,\s*)?([^\s{},]{1,200})\s*\}\}")
_CHOICES_MAX = 20
_SHOWN_MAX = 600
_NESTED_MAX = 2


def all_params(parent: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every parameter of a catalog with its id."""
    for param in parent.get("params", ()):
        yield param["id"], param
    for key in ("groups", "controls"):
        for item in parent.get(key, ()):
            yield from all_params(item)


def prose(parts: Iterable[Mapping[str, Any]], params: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the prose of parts and of those below them, a paragraph each, with their labels."""
    return "\n\n".join(_paragraphs(parts, params))


def _paragraphs(parts: Iterable[Mapping[str, Any]], params: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield the paragraphs."""
    for part in parts:
        if "prose" in part:
            label = next((p["value"] + " " for p in part.get("props", ()) if p["name"] == "label"), "")
            yield label + written(part["prose"], params)
        yield from _paragraphs(part.get("parts", ()), params)


def written(text: str, params: Mapping[str, Mapping[str, Any]], depth: int = 0) -> str:
    """Return a text with its parameters written in; one that nobody declares stays as it is."""

    def shown(found: re.Match[str]) -> str:
        return _shown(params[found[1]], params, depth)[:_SHOWN_MAX] if found[1] in params else found[0]

    return _INSERT.sub(shown, text) if "{{" in text else text


def _shown(param: Mapping[str, Any], params: Mapping[str, Mapping[str, Any]], depth: int) -> str:
    """Return what stands for a parameter."""
    if "values" in param:
        return ", ".join(param["values"])
    choices = param.get("select", {}).get("choice", ())[:_CHOICES_MAX]
    if choices and depth < _NESTED_MAX:
        return "[" + " | ".join(written(choice, params, depth + 1) for choice in choices) + "]"
    return f"[{param.get('label', param['id'])}]"
