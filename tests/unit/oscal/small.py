"""Small OSCAL documents, made for the tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

Raw = dict[str, Any]
UUID = "3f0c9a52-6d1e-4d2b-9a57-0c7b5d3a1e0{}"


def metadata(title: str = "Small") -> Raw:
    return {
        "title": title,
        "last-modified": "2026-11-01T00:00:00Z",
        "version": "1",
        "oscal-version": "1.1.3",
    }


def control(name: str, **more: Any) -> Raw:
    return {"id": name, "title": f"Control {name}", **more}


def catalog(**more: Any) -> Raw:
    """A catalog of two groups: a-1 with a-1.1 and a-1.2, a-2; b-1."""
    body = more or {
        "groups": [
            {
                "id": "a",
                "title": "Group a",
                "controls": [
                    control("a-1", controls=[control("a-1.1"), control("a-1.2")]),
                    control("a-2"),
                ],
            },
            {"id": "b", "title": "Group b", "controls": [control("b-1")]},
        ]
    }
    return {"uuid": UUID.format(0), "metadata": metadata(), **body}


def profile(*imports: Raw, **more: Any) -> Raw:
    """A profile; an import that does not say what it wants takes all."""
    asked = [item if "include-controls" in item else {"include-all": {}, **item} for item in imports]
    return {"uuid": UUID.format(1), "metadata": metadata("Profile"), "imports": asked, **more}


def write(folder: Path, name: str, kind: str, body: Raw) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({kind: body}), "utf-8")
    return path


def outline(parent: Raw) -> list[Any]:
    """Ids of a catalog's groups and controls, as nested lists: ["a", ["a-1"]]."""
    made: list[Any] = []
    for key in ("groups", "controls"):
        for item in parent.get(key, ()):
            below = outline(item)
            made += [item.get("id"), *([below] if below else [])]
    return made
