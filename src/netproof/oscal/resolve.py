"""Which catalog does a profile stand for? Imports, merge, modify and back-matter, order kept.

Profile resolution after NIST's specification. Files are read from the profile's own folder only,
nothing is fetched; a profile that imports itself, however indirectly, is refused. The result hangs
on the files alone: no clock, no chance.
"""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import orjson

from netproof.errors import CatalogueError
from netproof.oscal.merge import merge
from netproof.oscal.modify import modify
from netproof.oscal.read import Document, read_bytes, read_file
from netproof.oscal.select import CONTROLS_MAX, Raw, Selection, all_params, always, chosen_ids, prune
from netproof.oscal.validate import VERSION, line_of

if TYPE_CHECKING:
    from collections.abc import Iterable

NESTED_MAX = 16
"""Profiles that may import one another in a row."""
SUFFIXES = (".json", ".yaml", ".yml", ".xml")
_INSERTED = re.compile(rb"\{\{\s*(?:insert:\s*param\s*,\s*)?([^\s{},]+)\s*\}\}")
_DEPENDS = re.compile(rb'"depends-on":"([^"]+)"')
_UUID = re.compile(rb"#([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A catalog, what was odd on the way to it, and the files that it was read from."""

    catalog: Raw
    notes: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()


def resolve_file(path: Path) -> Resolved:
    """Return the catalog in a file, or the one that a profile there resolves to.

    Raises:
        CatalogueError: The file, or one that it imports, cannot be read or breaks the schema; an
            import leads out of the folder, in a circle, or nowhere.
    """
    return resolve(read_file(path), path)


def resolve(document: Document, path: Path) -> Resolved:
    """Return the catalog that a document stands for; `path` is where it was read."""
    if document.kind == "catalog":
        return Resolved(document.body, files=(path,))
    top = path.resolve()
    resolver = _Resolver(top.parent)
    catalog = resolver.profile(document, top.parent, (str(top),))
    return Resolved(catalog, tuple(dict.fromkeys(resolver.notes)), (path, *resolver.files()))


@dataclass(slots=True)
class _Resolver:
    """Resolves one profile and those that it imports, each once."""

    root: Path
    notes: list[str] = field(default_factory=list)
    _done: dict[str, Raw] = field(default_factory=dict)

    def files(self) -> list[Path]:
        """Return the files that were imported."""
        return [Path(origin) for origin in self._done if not origin.startswith("#")]

    def profile(self, document: Document, home: Path, above: tuple[str, ...]) -> Raw:
        """Return the catalog of a profile."""
        profile, place = document.body, document.place
        directive = profile.get("merge", {})
        seen: set[str] | None = set() if directive.get("combine", {}).get("method") == "use-first" else None
        selections, total = [], 0
        for number, asked in enumerate(profile["imports"]):
            at = line_of(("profile", "imports", number), document.lines)
            where = f"{place}:{at}/profile/imports/{number}"
            origin, catalog = self._imported(profile, asked["href"], home, above, where)
            wanted = chosen_ids(asked, catalog, self.notes, where)
            total += len(wanted)
            if total > CONTROLS_MAX:
                raise CatalogueError(f"{place}: expected at most {CONTROLS_MAX:,} controls, got {total:,}")
            kept = prune(catalog, wanted, seen)
            groups, controls = kept.get("groups", []), kept.get("controls", [])
            selections.append(Selection(origin, groups, controls, catalog))
        body = merge(directive, selections, self.notes, place)
        inside = {param["id"] for param in all_params(body)}
        loose = [p for s in selections for p in all_params(s.source) if p["id"] not in inside]
        if "modify" in profile:
            loose = modify(body, loose, profile["modify"], self.notes, place)
        return _finished(document, body, loose, [selection.source for selection in selections])

    def _imported(
        self, profile: Raw, href: str, home: Path, above: tuple[str, ...], where: str
    ) -> tuple[str, Raw]:
        """Return what an import names, resolved, with a name for where it came from."""
        if len(above) > NESTED_MAX:
            raise CatalogueError(f"{where}: expected at most {NESTED_MAX} profiles in a row, got more")
        read, origin, folder = self._found(profile, href, home, where)
        if origin in above:
            way = " → ".join([*(Path(step).name for step in above[above.index(origin) :]), Path(origin).name])
            raise CatalogueError(f"{where}/href: expected no circle of imports, got {way}")
        if origin not in self._done:
            document = read() if isinstance(read, _Inline) else read_file(read)
            self._done[origin] = (
                document.body
                if document.kind == "catalog"
                else self.profile(document, folder, (*above, origin))
            )
        return origin, self._done[origin]

    def _found(self, profile: Raw, href: str, home: Path, where: str) -> tuple[Path | _Inline, str, Path]:
        """Return the file or the inline text that an import names, its name, and the folder it stands in."""
        if not href.startswith("#"):
            path = self._path(href, home, f"{where}/href")
            return path, str(path), path.parent
        resources = profile.get("back-matter", {}).get("resources", ())
        resource = next((r for r in resources if r["uuid"].lower() == href[1:].lower()), None)
        if resource is None:
            raise CatalogueError(f"{where}/href: expected a resource of the back-matter, got {href!r}")
        if not resource.get("rlinks"):
            if "base64" in resource:
                inline = _Inline(resource["base64"]["value"], f"{where}{href}")
                return inline, href + inline.digest(), home
            raise CatalogueError(f"{where}/href: expected a resource with rlinks, got none in {href}")
        refused: list[CatalogueError] = []
        for link in resource["rlinks"]:
            try:
                path = self._path(link["href"], home, f"{where}/href ({href})")
            except CatalogueError as error:
                refused.append(error)
            else:
                return path, str(path), path.parent
        raise refused[0]

    def _path(self, href: str, home: Path, where: str) -> Path:
        """Return the file that a reference names, inside the folder.

        Where the file is not there but stands beside it in another of OSCAL's formats, that one is
        taken: both say the same.
        """
        named = unquote(href.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0])
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", named) or named.startswith("//"):
            raise CatalogueError(
                f"{where}: expected a file in the profile's folder, got {href[:200]!r}",
                hint="nothing is fetched: save it beside the profile and name the copy in href",
            )
        try:
            path = (home / named).resolve()
            inside = path.is_relative_to(self.root)
        except (OSError, ValueError, RuntimeError) as error:
            raise CatalogueError(f"{where}: expected a file's name, got {href[:200]!r}") from error
        if not inside:
            raise CatalogueError(
                f"{where}: expected a file inside the profile's folder, got {href[:200]!r}",
                hint="move the profile and what it imports into one folder",
            )
        if path.is_file():
            return path
        for suffix in SUFFIXES:
            other = path.with_suffix(suffix).resolve() if path.suffix in SUFFIXES else path
            if other.is_file() and other.is_relative_to(self.root):
                self.notes.append(f"{where}: {path.name} is not there; {other.name} beside it was read")
                return other
        raise CatalogueError(
            f"{where}: expected a file, got none of that name: {href[:200]!r}",
            hint="put it into the profile's folder; JSON, YAML and XML serve alike",
        )


@dataclass(frozen=True, slots=True)
class _Inline:
    """A document that stands in a profile's back-matter itself."""

    text: str
    place: str

    def __call__(self) -> Document:
        """Read it."""
        try:
            data = base64.b64decode("".join(self.text.split()), validate=True)
        except ValueError as error:
            raise CatalogueError(f"{self.place}: expected base64, got {error}") from error
        return read_bytes(data, place=self.place)

    def digest(self) -> str:
        """Return a name that tells this text from others."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def _finished(document: Document, body: Raw, loose: list[Raw], sources: list[Raw]) -> Raw:
    """Return the whole catalog: metadata, the parameters and resources that something names."""
    profile = document.body
    text = _text(body)
    catalog: Raw = {"uuid": "", "metadata": _metadata(document, sources)}
    params = _named(loose, text)
    if params:
        catalog["params"] = params
        text += _text(params)
    catalog.update(body)
    text += _text(catalog["metadata"])
    resources = _resources([*sources, profile], text)
    if resources:
        catalog["back-matter"] = {"resources": resources}
    digest = hashlib.sha256(text + _text(resources)).hexdigest()
    catalog["uuid"] = str(uuid.uuid5(uuid.UUID(profile["uuid"]), digest))
    return catalog


def _metadata(document: Document, sources: Iterable[Raw]) -> Raw:
    """Return the profile's metadata, with where the catalog came from."""
    made: Raw = dict(document.body["metadata"])
    made["oscal-version"] = VERSION
    tool = {"name": "resolution-tool", "value": "netproof"}
    made["props"] = [*(p for p in made.get("props", ()) if p["name"] != "resolution-tool"), tool]
    made["links"] = [*made.get("links", ()), {"href": quote(document.place), "rel": "source-profile"}]
    for key, name in (("roles", "id"), ("parties", "uuid")):
        known = {item[name] for item in made.get(key, ())}
        more = [
            item
            for s in sources
            for item in s["metadata"].get(key, ())
            if always(item) and item[name] not in known
        ]
        if more:
            made[key] = [*made.get(key, ()), *more]
    return made


def _named(params: Iterable[Raw], text: bytes) -> list[Raw]:
    """Return the parameters that a text inserts, or that those insert, be it those of a control left out."""
    by_id = {param["id"]: param for param in params}
    if not by_id:
        return []
    wanted: set[str] = set()
    new = {name for name in _references(text) if name in by_id}
    while new:
        wanted |= new
        more = _text([by_id[name] for name in sorted(new)])
        new = {name for name in _references(more) if name in by_id} - wanted
    return [param for name, param in by_id.items() if name in wanted or always(param)]


def _references(text: bytes) -> set[str]:
    """Return the ids of parameters that a JSON text names."""
    return {name.decode() for pattern in (_INSERTED, _DEPENDS) for name in pattern.findall(text)}


def _resources(bodies: Iterable[Raw], text: bytes) -> list[Raw]:
    """Return the resources that a text names, or that ask to be kept; the last of one uuid holds."""
    found: dict[str, Any] = {}
    for body in bodies:
        for resource in body.get("back-matter", {}).get("resources", ()):
            name = resource["uuid"].lower()
            if name in found and always(found[name]) and not always(resource):
                continue
            found.pop(name, None)
            found[name] = resource
    wanted = {name.decode().lower() for name in _UUID.findall(text)}
    return [resource for name, resource in found.items() if name in wanted or always(resource)]


def _text(value: Any) -> bytes:
    """Return a value as compact JSON, to look for names in."""
    return orjson.dumps(value)
