"""The report for machines: one JSON object that follows a published schema.

The schema file also gives the order of keys, so that the same model always
gives the same bytes, and is the only place that lists what is public.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from netproof.errors import ReportError

if TYPE_CHECKING:
    from netproof.report.words import Model

VERSION = "1.0"
NOT_PUBLIC = frozenset({"details"})
"""Keys of the model that only people's reports use."""


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of this report, draft 2020-12."""
    file = resources.files("netproof.report") / "schema" / f"check-{VERSION}.schema.json"
    parsed: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return parsed


def text(model: Model, width: int | None = None) -> str:
    """The report as JSON, keys in the schema's order, with a line end.

    Args:
        model: Report model; `details` is left out.
        width: Not used: JSON has no lines to break.

    Raises:
        ReportError: The model has a key that the schema does not know, lacks one that it asks
            for, or holds a value that JSON cannot say.
    """
    del width
    public = {key: value for key, value in model.items() if key not in NOT_PUBLIC}
    arranged = _arranged(public, schema(), "report")
    try:
        return json.dumps(arranged, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    except (TypeError, ValueError) as error:
        raise ReportError(f"report: expected values that JSON can say, got: {error}") from error


def _arranged(value: Any, rule: dict[str, Any], place: str) -> Any:
    """The same value with the keys of objects in the schema's order; free keys are sorted."""
    if "$ref" in rule:
        rule = schema()["$defs"][rule["$ref"].removeprefix("#/$defs/")]
    if isinstance(value, list):
        inner = rule.get("items", {})
        return [_arranged(item, inner, f"{place}/{number}") for number, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if isinstance(rule.get("additionalProperties"), dict):
        inner = rule["additionalProperties"]
        return {key: _arranged(value[key], inner, f"{place}/{key}") for key in sorted(value)}
    return _object(value, rule, place)


def _object(value: dict[str, Any], rule: dict[str, Any], place: str) -> dict[str, Any]:
    """An object with listed keys, in their order."""
    known: dict[str, Any] = {}
    for part in [rule, *rule.get("anyOf", [])]:
        known |= part.get("properties", {})
    unknown = sorted(set(value) - set(known))
    missing = [key for key in rule.get("required", []) if key not in value]
    if unknown or missing:
        wrong = f"unknown {', '.join(unknown)}" if unknown else f"no {', '.join(missing)}"
        raise ReportError(f"{place}: expected the keys of schema {VERSION}, got {wrong}")
    return {
        key: _arranged(value[key], inner, f"{place}/{key}") for key, inner in known.items() if key in value
    }
