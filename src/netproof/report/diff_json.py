"""Differences and forecasts for machines: one JSON object that follows a published schema.

The schemas lie in `schema/`: diff, catalogue-diff and forecast. Keys come in the order in which
the model was made, so that the same answer gives the same bytes.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any

from netproof.errors import ReportError

if TYPE_CHECKING:
    from netproof.report.words import Model

VERSION = "1.0"


def schema(answer: str) -> dict[str, Any]:
    """Return the JSON Schema of an answer (diff, catalogue-diff or forecast), draft 2020-12."""
    file = resources.files("netproof.report") / "schema" / f"{answer}-{VERSION}.schema.json"
    parsed: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return parsed


def text(model: Model, width: int | None = None) -> str:
    """Return the answer as JSON with a line end; JSON has no lines to break, so `width` is not used.

    Raises:
        ReportError: It holds a value that JSON cannot say.
    """
    del width
    try:
        return json.dumps(model, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    except (TypeError, ValueError) as error:
        raise ReportError(f"report: expected values that JSON can say, got: {error}") from error
