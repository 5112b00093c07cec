"""Was a release built where, how and from what the user expects?

SLSA provenance v1 says who built a file (`builder.id`), by which procedure (`buildType`) and from which
parameters that anybody outside could set (`externalParameters`). The policy lists what is expected of each.
What it does not list is refused: one parameter more can lead a good builder to other sources.
Source: SLSA v1.0, "Verifying artifacts", step 2.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from netproof.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

ANY: Final = "*"
"""In a policy: whatever the value is."""
POLICY_BYTES_MAX: Final = 1_000_000
SLSA: Final = "https://slsa.dev/provenance/"
SLSA_V1: Final = "https://slsa.dev/provenance/v1"
_SHOWN: Final = 120
_KEYS: Final = ("builders", "build_types", "external_parameters")
_HINT = (
    'write: builders = ["..."], build_types = ["..."] and a table [external_parameters] of names and values'
)


@dataclass(frozen=True, slots=True)
class Policy:
    """What is expected of provenance.

    Attributes:
        name: Of the file.
        builders: Each `builder.id` that is expected.
        build_types: Each `buildType`.
        external_parameters: By name, what is expected: `*`, a value, a list of values, or a table of further
            names. A parameter that is not named is refused.
    """

    name: str
    builders: tuple[str, ...]
    build_types: tuple[str, ...]
    external_parameters: Mapping[str, Any]

    def against(self, predicate: Any) -> str:
        """Return what speaks against provenance v1; empty: it is what is expected."""
        definition, details = _object(predicate, "buildDefinition"), _object(predicate, "runDetails")
        builder = _object(details, "builder").get("id")
        if builder not in self.builders:
            return f"it was built by {_shown(builder)}, whom {self.name} does not list"
        kind = definition.get("buildType")
        if kind not in self.build_types:
            return f"it was built by the procedure {_shown(kind)}, which {self.name} does not list"
        parameters = definition.get("externalParameters")
        if not isinstance(parameters, dict):
            return "it does not say its external parameters"
        found = _differs(self.external_parameters, parameters, "")
        return f"{found}, by {self.name}" if found else ""


def read(name: str, content: bytes) -> Policy:
    """Return a policy.

    Args:
        name: Of the file.
        content: TOML: `builders` and `build_types`, lists of texts; a table `external_parameters`.

    Raises:
        SourceError: It is not of that form, or expects nothing.
    """
    try:
        raw = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{name}: expected TOML, got: {str(error)[:200]}", hint=_HINT) from error
    unknown = [key for key in raw if key not in _KEYS]
    if unknown:
        raise SourceError(f"{name}: expected {', '.join(_KEYS)}, got {_shown(unknown[0])}", hint=_HINT)
    builders, kinds = (_texts(name, key, raw.get(key)) for key in _KEYS[:2])
    parameters = raw.get(_KEYS[2], {})
    if not isinstance(parameters, dict):
        raise SourceError(f"{name}: expected a table external_parameters, got another value", hint=_HINT)
    return Policy(name, builders, kinds, parameters)


def _texts(name: str, key: str, value: Any) -> tuple[str, ...]:
    """Return a list of texts that must not be empty."""
    if not isinstance(value, list) or not value or not all(isinstance(one, str) and one for one in value):
        raise SourceError(f"{name}: expected a list of texts as {key}, got another value or none", hint=_HINT)
    return tuple(value)


def _object(value: Any, key: str) -> dict[str, Any]:
    """Return an object in an object; empty: there is none."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _differs(expected: Any, got: Any, place: str) -> str:
    """Return which parameter is not as expected; empty: each is."""
    if expected == ANY:
        return ""
    if not isinstance(expected, dict):
        allowed = expected if isinstance(expected, list) else [expected]
        # In JSON, 1 and true are two values.
        same = any(type(one) is type(got) and one == got for one in allowed)
        return "" if same else f"the external parameter {place} is {_shown(got)}"
    if not isinstance(got, dict):
        return f"the external parameter {place} is {_shown(got)}"
    for key, value in got.items():
        inner = f"{place}/{_shown(key, quoted=False)}"
        if key not in expected:
            return f"the external parameter {inner} is not expected"
        found = _differs(expected[key], value, inner)
        if found:
            return found
    for key, value in expected.items():
        if key not in got and value != ANY:
            return f"the external parameter {place}/{key} is missing"
    return ""


def _shown(value: Any, *, quoted: bool = True) -> str:
    """Return a value that somebody else wrote, safely and shortly."""
    if value is None:
        return "nobody says what"
    text = ascii(value) if quoted or not str(value).isprintable() else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
