"""What a network folder says of itself: `network.toml`, read and frozen.

A folder without it is refused, so that nobody checks the wrong folder by accident. A `.duckdb`
file takes the file of the same name that ends in `.toml`, or sensible values.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from netproof.errors import SourceError
from netproof.tables.constraints import NO_CODES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DEFAULT_CATALOGUE = "de-tkg-2.0"
_KNOWN = ("name", "country", "as_of", "catalogues", "restrictions", "checks", "parameters", "outages")
_FAILING = (
    "component", "site", "link", "facility", "duct", "product", "release", "supplier", "supplier_zone",
    "supplier_region", "custom",
)  # fmt: skip
_EXAMPLE = 'name = "My network"'

Parameter = int | float | str | bool | date


@dataclass(frozen=True, slots=True)
class Network:
    """One network as its folder describes it.

    Attributes:
        path: The folder, or the `.duckdb` file.
        as_of: The date that it is checked for when nobody names one.
        catalogues: Ids of shipped catalogues, or OSCAL files in the folder.
        restrictions: Ids of shipped sets of restrictions that count here.
        checks: Folders of the operator's own checks.
        parameters: By check id, then by parameter.
        outages: By kind of event, the probability that one is down at a random moment [1].
    """

    path: Path
    name: str
    country: str = ""
    as_of: date | None = None
    catalogues: tuple[str, ...] = (DEFAULT_CATALOGUE,)
    restrictions: tuple[str, ...] = ()
    checks: tuple[Path, ...] = ()
    parameters: Mapping[str, Mapping[str, Parameter]] = field(default_factory=dict)
    outages: Mapping[str, float] = field(default_factory=dict)


def nearest(word: str, known: list[str]) -> str:
    """Return a hint with the nearest known word, or with all of them where none is near."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else "known are " + ", ".join(known)


def read_network(path: Path) -> Network:
    """Read what a folder or file says of itself.

    Raises:
        SourceError: There is no such folder, or its network.toml cannot be used.
    """
    if path.is_dir():
        settings = path / "network.toml"
        if not settings.is_file():
            raise SourceError(
                f"{path}: expected a file network.toml in the folder, got none",
                hint=f"write one with the line {_EXAMPLE}, or run `netproof demo` for an example",
            )
        return _read(path, settings)
    if path.suffix == ".duckdb" and path.is_file():
        settings = path.with_suffix(".toml")
        return _read(path, settings) if settings.is_file() else Network(path=path, name=path.stem)
    raise SourceError(
        f"{path}: expected a network folder or a .duckdb file, got "
        + ("a file" if path.is_file() else "nothing there"),
        hint="name the folder that holds network.toml",
    )


def _read(path: Path, settings: Path) -> Network:
    """Read a network.toml."""
    try:
        raw = tomllib.loads(settings.read_text("utf-8-sig"))
    except OSError as error:
        raise SourceError(f"{settings}: expected a readable file, got {error.strerror}") from error
    except ValueError as error:
        raise SourceError(f"{settings}: expected TOML in UTF-8, got {error}") from error
    for name in raw:
        if name not in _KNOWN:
            raise SourceError(
                f"{settings}: expected a known setting, got {name!r}", hint=nearest(name, list(_KNOWN))
            )
    place = settings.name
    name = _text(raw, "name", place)
    if not name:
        raise SourceError(f"{place}: expected name, got nothing", hint=f"add the line {_EXAMPLE}")
    as_of = raw.get("as_of")
    if as_of is not None and (not isinstance(as_of, date) or isinstance(as_of, datetime)):
        raise SourceError(f"{place}: as_of: expected a date such as 2026-11-01 without quotes, got {as_of!r}")
    return Network(
        path=path,
        name=name,
        country=_country(raw, place),
        as_of=as_of,
        catalogues=_texts(raw, "catalogues", place, (DEFAULT_CATALOGUE,)),
        restrictions=_texts(raw, "restrictions", place, ()),
        checks=tuple(_inside(path, folder, place) for folder in _texts(raw, "checks", place, ())),
        parameters=_parameters(raw, place),
        outages=_outages(raw, place),
    )


def _text(raw: Mapping[str, Any], name: str, place: str) -> str:
    """Return a text setting; empty where it is absent."""
    value = raw.get(name, "")
    if not isinstance(value, str):
        raise SourceError(f"{place}: {name}: expected text, got {value!r}")
    return value.strip()


def _country(raw: Mapping[str, Any], place: str) -> str:
    """Return the country's code in capitals; empty where it is absent.

    By it a restriction holds here or elsewhere, so that a name in its place must not pass.
    """
    code = _text(raw, "country", place).upper()
    if code in NO_CODES or (code and not re.fullmatch("[A-Z]{2}", code)):
        known = NO_CODES.get(code)
        raise SourceError(
            f"{place}: country: expected an ISO 3166-1 code of two letters, got {raw['country']!r}",
            hint=f"it is {known}" if known else "write DE for Germany, AT for Austria",
        )
    return code


def _texts(raw: Mapping[str, Any], name: str, place: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """Return a setting that is a list of texts."""
    value = raw.get(name)
    if value is None:
        return default
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise SourceError(f"{place}: {name}: expected a list of texts, got {value!r}")
    return tuple(value)


def _parameters(raw: Mapping[str, Any], place: str) -> dict[str, dict[str, Parameter]]:
    """Return the parameters, by check."""
    given = raw.get("parameters", {})
    if not isinstance(given, dict) or not all(isinstance(item, dict) for item in given.values()):
        raise SourceError(
            f"{place}: parameters: expected a table for each check, got {given!r}",
            hint="write [parameters.DIV-003] and below it share_max = 0.5",
        )
    for check, values in given.items():
        for name, value in values.items():
            if not isinstance(value, int | float | str | bool | date):
                raise SourceError(f"{place}: parameters.{check}.{name}: expected one value, got {value!r}")
    return given


def _outages(raw: Mapping[str, Any], place: str) -> dict[str, float]:
    """Return the probabilities of failures, by kind of event."""
    given = raw.get("outages", {})
    if not isinstance(given, dict):
        raise SourceError(
            f"{place}: outages: expected a table of probabilities, got {given!r}",
            hint="write [outages] and below it component = 0.001",
        )
    for kind, value in given.items():
        if kind not in _FAILING:
            raise SourceError(
                f"{place}: outages: expected a kind of event, got {kind!r}",
                hint=nearest(kind, list(_FAILING)),
            )
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise SourceError(f"{place}: outages.{kind}: expected a probability from 0 to 1, got {value!r}")
    return {kind: float(value) for kind, value in given.items()}


def _inside(path: Path, folder: str, place: str) -> Path:
    """Return a folder that the settings name; it must lie within the network's folder."""
    home = path if path.is_dir() else path.parent
    target = (home / folder).resolve()
    if not target.is_relative_to(home.resolve()):
        raise SourceError(f"{place}: checks: expected a folder inside {home}, got {folder!r}")
    if not target.is_dir():
        raise SourceError(f"{place}: checks: expected a folder, got {folder!r}, which is none")
    return target
