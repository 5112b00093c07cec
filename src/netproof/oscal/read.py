"""Reads an OSCAL document and holds it against NIST's official JSON schema.

The schema (1.2.3, public domain) lies beside this file. It is compiled only when a document is
read, since that takes a moment.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from netproof.errors import CatalogueError

SIZE_MAX = 64 << 20
"""Longest document that is read [characters]."""
_SHOWN = 5


@cache
def _validator(kind: str) -> Any:
    """Return the compiled schema of one kind of document.

    The complete schema is "one of" all kinds, which would only say that a document is none of
    them; the kind is known, so its own branch says what is wrong where.
    """
    import jsonschema_rs  # noqa: PLC0415 - a tenth of a second that only readers of OSCAL pay

    text = (resources.files(__package__) / "schema" / "oscal_complete_schema.json").read_text("utf-8")
    schema = json.loads(text)
    branch = next(branch for branch in schema.pop("oneOf") if kind in branch["properties"])
    return jsonschema_rs.validator_for({**schema, **branch})


def read_document(text: str, kind: str, *, place: str) -> dict[str, Any]:
    """Return the body of an OSCAL document.

    Args:
        text: JSON.
        kind: The document's only key, such as "catalog".
        place: File name, for errors.

    Raises:
        CatalogueError: It is no JSON, no such document, or breaks the schema; each breach by its
            JSON pointer.
    """
    if len(text) > SIZE_MAX:
        raise CatalogueError(f"{place}: expected at most {SIZE_MAX:,} characters, got {len(text):,}")
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise CatalogueError(
            f"{place}:{error.lineno}:{error.colno}: expected JSON, got {error.msg}"
        ) from error
    except RecursionError as error:
        raise CatalogueError(f"{place}: expected an OSCAL {kind}, got JSON nested too deep") from error
    if not isinstance(document, dict) or kind not in document:
        got = ", ".join(list(document)[:3]) if isinstance(document, dict) else type(document).__name__
        raise CatalogueError(f"{place}: expected an OSCAL {kind}, got {got or 'nothing'}")
    breaches = []
    for breach in _validator(kind).iter_errors(document):
        pointer = "/" + "/".join(str(part) for part in breach.instance_path)
        breaches.append(f"{place}:{pointer}: {breach.message[:300]}")
        if len(breaches) == _SHOWN:
            break
    if breaches:
        raise CatalogueError(
            "expected a document after OSCAL 1.2.3, got\n  " + "\n  ".join(breaches),
            hint="the pointer names the place in the file",
        )
    body: dict[str, Any] = document[kind]
    return body
