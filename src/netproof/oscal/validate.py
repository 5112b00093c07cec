"""Is a document what NIST's official JSON schema says? Each breach with its place in the file.

The schema (1.2.3, public domain) lies beside this file, unchanged. It is compiled only when a
document is read, since that takes a moment. One thing is put right in memory: it forgets the flag
`method` of a profile's `merge/combine`, which the model it was made from has.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from netproof.errors import CatalogueError

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = "1.2.3"
"""The OSCAL version of the schema, and of what netproof writes."""
_VERSIONS = re.compile(r"1\.[0-2]\.\d+\b")
METHODS = ("use-first", "merge", "keep")
"""Ways to combine controls of one id (OSCAL profile model, `merge/combine/@method`)."""
_SHOWN = 5

Pointer = tuple[str | int, ...]
"""The way from a document's root to a place in it."""


@cache
def official_schema() -> dict[str, Any]:
    """Return NIST's complete schema, with the forgotten flag; nobody changes it further."""
    text = (resources.files(__package__) / "schema" / "oscal_complete_schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    for choice in schema["definitions"]["oscal-complete-oscal-profile:merge"]["anyOf"]:
        choice["properties"]["combine"].setdefault("properties", {})["method"] = {"enum": list(METHODS)}
    return schema


@cache
def _validator(kind: str) -> Any:
    """Return the compiled schema of one kind of document.

    The complete schema is "one of" all kinds, which would only say that a document is none of
    them; the kind is known, so its own branch says what is wrong where.
    """
    import jsonschema_rs  # noqa: PLC0415 - a tenth of a second that only readers of OSCAL pay

    whole = official_schema()
    branch = next(branch for branch in whole["oneOf"] if kind in branch["properties"])
    rest = {key: value for key, value in whole.items() if key != "oneOf"}
    return jsonschema_rs.validator_for({**rest, **branch})


def validate(
    document: dict[str, Any], kind: str, *, place: str, lines: Mapping[Pointer, int] | None = None
) -> None:
    """Refuse a document that breaks the official schema, or is of a version that it does not cover.

    Args:
        document: The whole document, with its one key.
        kind: That key, such as "catalog".
        place: File name, for errors.
        lines: Where the document was XML: the line of each place.

    Raises:
        CatalogueError: With the first few breaches.
    """
    validator = _validator(kind)
    try:
        if not validator.is_valid(document):
            raise CatalogueError(
                f"expected a document after OSCAL {VERSION}, got\n  "
                + "\n  ".join(_breaches(validator, document, place, lines or {})),
                hint="the pointer names the place in the file",
            )
    except (ValueError, RecursionError) as error:
        raise CatalogueError(f"{place}: expected an OSCAL {kind}, got one nested too deep") from error
    version = document[kind]["metadata"]["oscal-version"]
    if not _VERSIONS.match(version):
        raise CatalogueError(
            f"{place}:/{kind}/metadata/oscal-version: expected 1.0 to 1.2, got {version[:40]!r}",
            hint="convert the document to OSCAL 1.2 first",
        )


def _breaches(
    validator: Any, document: dict[str, Any], place: str, lines: Mapping[Pointer, int]
) -> list[str]:
    """Return the first few breaches, each with its place."""
    told = []
    for whole in validator.iter_errors(document):
        for breach in _nearest(whole):
            path = tuple(breach.instance_path)
            pointer = "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in path)
            told.append(f"{place}:{line_of(path, lines)}{pointer}: {breach.message[:300]}")
        if len(told) >= _SHOWN:
            break
    return told[:_SHOWN]


def _nearest(breach: Any) -> list[Any]:
    """Return what keeps a value from the choice of the schema that it comes nearest to."""
    choices = getattr(breach.kind, "context", None) or []
    if not choices:
        return [breach]
    return [inner for item in min(choices, key=len) for inner in _nearest(item)]


def line_of(path: Pointer, lines: Mapping[Pointer, int]) -> str:
    """Return the line of the nearest place on the way there, as "12:"; empty where none is known."""
    while path and path not in lines:
        path = path[:-1]
    return f"{lines[path]}:" if path in lines else ""
