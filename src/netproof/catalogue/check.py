"""A check as data: what it asks, of what, and why. Read from three files, frozen, no Python inside."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from netproof.errors import CatalogueError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

Value = int | float | str | bool | date


class Outcome(StrEnum):
    """What a check or requirement comes to."""

    ERROR = "error"
    FAIL = "fail"
    NO_EVIDENCE = "no_evidence"
    NEEDS_REVIEW = "needs_review"
    PASS = "pass"  # noqa: S105 - an outcome, not a password
    NOT_APPLICABLE = "not_applicable"


WORST_FIRST = tuple(Outcome)
"""The order in which outcomes weigh."""

FOUND = (Outcome.FAIL, Outcome.NO_EVIDENCE, Outcome.NEEDS_REVIEW)
"""The outcomes that a single subject may have."""


def worst(outcomes: list[Outcome]) -> Outcome:
    """Return the worst of the outcomes; `not_applicable` of none."""
    return min(outcomes, key=WORST_FIRST.index, default=Outcome.NOT_APPLICABLE)


class Severity(StrEnum):
    """How much a finding weighs."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Family(StrEnum):
    """The question that a check belongs to; the answers are never merged into one."""

    CERTIFIED = "certified"
    PAPERWORK = "paperwork"
    RESTRICTED = "restricted"
    OPERATION = "operation"


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a rule or number comes from; `tag` is how far that was read (P, S, M, D)."""

    text: str
    url: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that a check uses, with its provenance."""

    name: str
    value: Value
    meaning: str
    unit: str = ""
    source: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One rule with an id.

    Attributes:
        subject: Table whose rows are judged.
        scope: SELECT of the `subject_id` of all that is judged.
        reads: Tables that scope and SQL read.
        evidence: Input tables without which nothing can be shown.
        sql: SELECT of the offending rows: subject_id, outcome, reason.
        own: Whether it came with the network's folder rather than with netproof.
    """

    id: str
    title: str
    subject: str
    scope: str
    reads: tuple[str, ...]
    evidence: tuple[str, ...]
    severity: Severity
    verdict: Family
    motivation: str
    remedy: str
    sources: tuple[Reference, ...]
    parameters: tuple[Parameter, ...]
    sql: str
    cases: str
    own: bool = False

    def values(self, given: Mapping[str, Value] | None = None) -> dict[str, Value]:
        """Return the parameters by name, the given ones in place of the check's own.

        Raises:
            CatalogueError: A given one is not the check's, or of another type.
        """
        values = {p.name: p.value for p in self.parameters}
        for name, value in (given or {}).items():
            if name not in values:
                known = ", ".join(values) or "none"
                raise CatalogueError(f"{self.id}: expected a parameter of this check ({known}), got {name!r}")
            if _sort(value) is not _sort(values[name]):
                raise CatalogueError(
                    f"{self.id}: {name}: expected a value like {values[name]!r}, got {value!r}"
                )
            values[name] = value
        return values


def _sort(value: Value) -> type:
    """Return the type of a parameter; whole and broken numbers are one."""
    return float if isinstance(value, int | float) and not isinstance(value, bool) else type(value)


_FIELDS = {
    "id", "title", "subject", "scope", "reads", "evidence", "severity", "verdict", "motivation", "remedy",
    "source", "parameter",
}  # fmt: skip


def read_check(folder: Traversable, name: str, *, own: bool = False) -> Check:
    """Read the three files of a check.

    Args:
        folder: Where they lie.
        name: The check's id, which names the files.
        own: Whether the operator brought it.

    Raises:
        CatalogueError: A file is missing, or is not what it should be.
    """
    texts = {}
    for suffix in (".toml", ".sql", ".cases.yml"):
        file = folder / (name + suffix)
        try:
            texts[suffix] = file.read_text("utf-8")
        except FileNotFoundError as error:
            raise CatalogueError(
                f"{name}: expected a file {name}{suffix}, got none",
                hint="a check is .toml, .sql and .cases.yml",
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise CatalogueError(f"{name}{suffix}: expected text in UTF-8, got {error}") from error
    try:
        raw = tomllib.loads(texts[".toml"])
        unknown = sorted(set(raw) - _FIELDS)
        if unknown:
            raise CatalogueError(f"{name}.toml: expected a known field, got {unknown[0]!r}")
        check = _check(raw, texts[".sql"], texts[".cases.yml"], own=own)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{name}.toml: expected TOML, got {error}") from error
    except KeyError as error:
        raise CatalogueError(f"{name}.toml: expected a field {error.args[0]!r}, got none") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise CatalogueError(f"{name}.toml: expected the fields of a check, got {error}") from error
    if check.id != name:
        raise CatalogueError(f"{name}.toml: id: expected {name!r}, got {check.id!r}")
    return check


def _check(raw: dict[str, Any], sql: str, cases: str, *, own: bool) -> Check:
    """Freeze a check."""
    return Check(
        id=raw["id"],
        title=raw["title"],
        subject=raw["subject"],
        scope=raw["scope"],
        reads=tuple(raw["reads"]),
        evidence=tuple(raw["evidence"]),
        severity=Severity(raw["severity"]),
        verdict=Family(raw["verdict"]),
        motivation=raw["motivation"],
        remedy=raw["remedy"],
        sources=tuple(Reference(**item) for item in raw.get("source", [])),
        parameters=tuple(Parameter(name=key, **item) for key, item in raw.get("parameter", {}).items()),
        sql=sql,
        cases=cases,
        own=own,
    )
