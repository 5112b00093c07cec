"""Is a bill of materials what its format's official schema prescribes?

The schemas lie in `schema/`, unchanged, with their origin. A schema is compiled when its version is first
met. Where a bill breaks it, the first place and the reason are told.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, Final

from netproof.errors import SourceError

_FILES: Final = {
    "CycloneDX 1.4": "bom-1.4",
    "CycloneDX 1.5": "bom-1.5",
    "CycloneDX 1.6": "bom-1.6",
    "CycloneDX 1.7": "bom-1.7",
    "SPDX 2.3": "spdx-2.3",
}
_PARTS: Final = ("jsf-0.82", "spdx", "cryptography-defs")
"""What the schemas of CycloneDX refer to."""
_SHOWN: Final = 200


def assert_valid(name: str, form: str, document: Any) -> None:
    """Refuse a bill that breaks its schema.

    Args:
        name: Of the file.
        form: Its format and version, as in `Sbom.form`.
        document: Its JSON.

    Raises:
        SourceError: It does; the place is a JSON pointer.
    """
    error = next(iter(_validator(form).iter_errors(document)), None)
    if error is not None:
        place = "".join(f"/{_escaped(str(part))}" for part in error.instance_path)[:_SHOWN]
        where = f"{name}:{place}" if place else name
        raise SourceError(f"{where}: expected {form} by its schema, got: {_shown(error.message)}")


def schema(name: str) -> dict[str, Any]:
    """Return a schema by its name, without `.schema.json`."""
    text = (resources.files(__package__) / "schema" / f"{name}.schema.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def _validator(form: str) -> Any:
    """Return the compiled schema of a format."""
    import jsonschema_rs  # noqa: PLC0415 - a tenth of a second that only readers of bills pay

    parts = [schema(part) for part in _PARTS]
    registry = jsonschema_rs.Registry([(part["$id"], part) for part in parts])
    return jsonschema_rs.validator_for(schema(_FILES[form]), registry=registry)


def _escaped(part: str) -> str:
    """Return a part of a JSON pointer (RFC 6901), in signs that a person can see."""
    text = part.replace("~", "~0").replace("/", "~1")
    return text if text.isprintable() else ascii(text)[1:-1]


def _shown(message: str) -> str:
    """Return a reason that may hold the file's own text, shortly and safely."""
    text = message if len(message) <= _SHOWN else f"{message[:_SHOWN]}..."
    return text if text.isprintable() else ascii(text)
