"""NetBox's free words as netproof's: functions, zones, kinds of site, versions.

Rules are data (`roles.toml`); a mapping file of the user's own has the same form and goes first.
Nothing here guesses: what no rule names stays empty, and the report lists it.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from netproof.errors import SourceError
from netproof.tables.spec import all_specs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PASS_THROUGH = "pass_through"  # noqa: S105  (a word of roles.toml)
NOT_A_COMPONENT = "not_a_component"
MAPPING_BYTES_MAX = 2**20
_WORD = re.compile(r"[^a-z0-9]+")
# "22.3R1", "9.3(10)", "12", "R30B10": what stands at the end of platforms' names; "MX480" is no version.
_VERSION = re.compile(r"[vV]?\d[\w.+~:()-]*|[A-Z]{1,2}\d+(?:[A-Z]{1,3}\d+)+")
_LISTS = ("functions", "not_in_use", "version_fields", "first_used_fields")
_KNOWN = (*_LISTS, "version_from_platform", "role", "words", "region", "site_kind", "zone")
_SITE_SELECTORS = ("site", "group", "region", "tag")
_ZONE_SELECTORS = ("role", "function", *_SITE_SELECTORS)


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules may ask about a site, or about a component and its site (slugs)."""

    site: str = ""
    group: str = ""
    region: str = ""
    role: str = ""
    function: str = ""
    tags: frozenset[str] = frozenset()

    def fit(self, rule: Mapping[str, str]) -> bool:
        """Whether every selector of a rule holds."""
        return all(
            wanted in self.tags if name == "tag" else getattr(self, name) == wanted
            for name, wanted in rule.items()
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, the user's before the shipped ones.

    Attributes:
        roles: Exact slug of a role to function.
        words: Words that must all stand in a slug, and the function.
        sites: Selectors and kind of site.
        zones: Selectors and zone.
    """

    roles: Mapping[str, str]
    words: tuple[tuple[frozenset[str], str], ...]
    regions: Mapping[str, str]
    sites: tuple[tuple[Mapping[str, str], str], ...]
    zones: tuple[tuple[Mapping[str, str], str], ...]
    not_in_use: frozenset[str]
    version_fields: tuple[str, ...]
    first_used_fields: tuple[str, ...]
    version_from_platform: bool

    def function(self, slugs: Sequence[str]) -> str:
        """Return the function of a role, or of its nearest parent that has one; empty: no rule."""
        for slug in slugs:
            if slug in self.roles:
                return self.roles[slug]
            have = set(_WORD.split(slug.lower()))
            for words, function in self.words:
                if words <= have:
                    return function
        return ""

    def zone(self, facts: Facts) -> str:
        """Return the zone of the first rule that fits; empty: unknown."""
        return next((zone for rule, zone in self.zones if facts.fit(rule)), "")

    def site_kind(self, facts: Facts) -> str:
        """Return the kind of the first rule that fits; `other` where none does."""
        return next((kind for rule, kind in self.sites if facts.fit(rule)), "other")

    def region(self, slug: str) -> str:
        """Return the official key of a region, or its slug."""
        return self.regions.get(slug, slug)

    def platform_version(self, name: str) -> str:
        """Return the version that a platform's name ends with; empty where it names none."""
        if not self.version_from_platform:
            return ""
        return next((word for word in reversed(name.split()) if _VERSION.fullmatch(word)), "")


@cache
def shipped() -> Rules:
    """Read the rules that come with netproof."""
    text = (resources.files(__package__) / "roles.toml").read_text("utf-8")
    return _frozen(tomllib.loads(text), "roles.toml", None)


def read_rules(path: Path | None) -> Rules:
    """Read the user's mapping file over the shipped rules.

    Raises:
        SourceError: It is no TOML, or a line of it is not as in `roles.toml`.
    """
    if path is None:
        return shipped()
    try:
        with path.open("rb") as file:
            data = file.read(MAPPING_BYTES_MAX + 1)
        if len(data) > MAPPING_BYTES_MAX:
            raise SourceError(f"{path}: expected at most {MAPPING_BYTES_MAX:,} bytes, got more")
        raw = tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        raise SourceError(f"{path}: expected a readable mapping file, got {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{path}: expected TOML in UTF-8, got {error}") from error
    return _frozen(raw, path.name, shipped())


def _frozen(raw: dict[str, Any], place: str, base: Rules | None) -> Rules:
    """Check and freeze the rules of one file, before those of `base`."""
    for name in raw:
        if name not in _KNOWN:
            raise SourceError(
                f"{place}: expected a known name, got {name!r}", hint="known are " + ", ".join(_KNOWN)
            )
    lists = {name: _texts(raw[name], f"{place}: {name}") for name in _LISTS if name in raw}
    functions = {
        *_vocabulary("component", "function"),
        *lists.get("functions", ()),
        PASS_THROUGH,
        NOT_A_COMPONENT,
    }
    roles = _pairs(raw.get("role", {}), f"{place}: role")
    for slug, function in roles.items():
        _one_of(function, functions, f"{place}: role.{slug}")
    words = []
    for number, rule in enumerate(_rules(raw, "words", place)):
        at = f"{place}: words[{number}]"
        have = _texts(rule.get("words"), f"{at}.words")
        if not have or set(rule) != {"words", "function"}:
            raise SourceError(f"{at}: expected words and function, got {', '.join(rule) or 'nothing'}")
        words.append((frozenset(have), _one_of(rule["function"], functions, at)))
    from_platform = raw.get("version_from_platform", base.version_from_platform if base else True)
    if not isinstance(from_platform, bool):
        raise SourceError(f"{place}: version_from_platform: expected true or false, got {from_platform!r}")
    return Rules(
        roles={**(base.roles if base else {}), **roles},
        words=(*words, *(base.words if base else ())),
        regions={**(base.regions if base else {}), **_pairs(raw.get("region", {}), f"{place}: region")},
        sites=(*_selecting(raw, "site_kind", "kind", _SITE_SELECTORS, place), *(base.sites if base else ())),
        zones=(*_selecting(raw, "zone", "zone", _ZONE_SELECTORS, place), *(base.zones if base else ())),
        not_in_use=frozenset(lists["not_in_use"]) if "not_in_use" in lists else _of(base).not_in_use,
        version_fields=lists["version_fields"] if "version_fields" in lists else _of(base).version_fields,
        first_used_fields=(
            lists["first_used_fields"] if "first_used_fields" in lists else _of(base).first_used_fields
        ),
        version_from_platform=from_platform,
    )


def _of(base: Rules | None) -> Rules:
    """Return the shipped rules, which name everything."""
    if base is None:
        raise SourceError("roles.toml: expected every list of the shipped rules, got fewer")
    return base


def _selecting(
    raw: Mapping[str, Any], name: str, result: str, selectors: tuple[str, ...], place: str
) -> list[tuple[dict[str, str], str]]:
    """Check the rules of one list that select by slugs."""
    table, column = ("site", "kind") if name == "site_kind" else ("component", "zone")
    found = []
    for number, rule in enumerate(_rules(raw, name, place)):
        at = f"{place}: {name}[{number}]"
        pairs = _pairs(rule, at)
        if result not in pairs or not set(pairs) - {result} or not set(pairs) <= {result, *selectors}:
            raise SourceError(
                f"{at}: expected {result} and at least one of {', '.join(selectors)}, got {', '.join(pairs)}"
            )
        _one_of(pairs[result], set(_vocabulary(table, column)), at)
        found.append(({k: v for k, v in pairs.items() if k != result}, pairs[result]))
    return found


def _rules(raw: Mapping[str, Any], name: str, place: str) -> list[dict[str, Any]]:
    """Return a list of tables."""
    value = raw.get(name, [])
    if not isinstance(value, list) or not all(isinstance(rule, dict) for rule in value):
        raise SourceError(f"{place}: {name}: expected rules, got {value!r}", hint=f"write [[{name}]]")
    return value


def _pairs(value: Any, place: str) -> dict[str, str]:
    """Return a table of texts."""
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise SourceError(f"{place}: expected names and texts, got {value!r}")
    return value


def _texts(value: Any, place: str) -> tuple[str, ...]:
    """Return a list of texts."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise SourceError(f"{place}: expected a list of texts, got {value!r}")
    return tuple(value)


def _one_of(value: Any, known: set[str], place: str) -> str:
    """Return a text that must be one of the known ones."""
    if value not in known:
        near = difflib.get_close_matches(str(value), sorted(known), n=1)
        raise SourceError(
            f"{place}: expected a known word, got {value!r}",
            hint=f"did you mean {near[0]}?" if near else "known are " + ", ".join(sorted(known)),
        )
    return str(value)


def _vocabulary(table: str, column: str) -> tuple[str, ...]:
    """Return the words that a column knows."""
    return all_specs()[table].column(column).vocabulary
