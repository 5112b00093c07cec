"""OSCAL's XML turned into its JSON, by the model's own rules.

The official JSON schema says which fields there are and which hold marked-up text; XML differs
from it only in names (`prop` for one of `props`), in what is an attribute, and in a few fields
whose text stands bare. No entities, no document type: such a file is refused before it is parsed.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError
from defusedxml.ElementTree import XMLParser as DefusedParser

from netproof.errors import CatalogueError
from netproof.oscal.markup import BLOCKS, INLINE, Element, MarkupError, line, paragraphs
from netproof.oscal.validate import Pointer, official_schema

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMESPACE = "http://csrc.nist.gov/ns/oscal/1.0"
DEPTH_MAX = 100
FLAGS = frozenset(
    {
        "uuid",
        "id",
        "class",
        "name",
        "ns",
        "group",
        "href",
        "rel",
        "media-type",
        "resource-fragment",
        "scheme",
        "type",
        "algorithm",
        "filename",
        "role-id",
        "date",
        "system",
        "depends-on",
        "how-many",
        "with-child-controls",
        "pattern",
        "method",
        "order",
        "param-id",
        "control-id",
        "by-name",
        "by-class",
        "by-id",
        "by-item-name",
        "by-ns",
        "position",
    }
)
"""Fields that XML writes as attributes."""
BARE = {
    "document-id": "identifier",
    "external-id": "id",
    "hash": "value",
    "base64": "value",
    "telephone-number": "number",
}
"""Elements whose own text is a field, and which."""
_SAME = frozenset({"include-controls", "exclude-controls", "insert-controls", "choice", "matching"})
_UNWRAPPED = frozenset({"part", "guideline"})


def _is_flag(element: str, field: str) -> bool:
    """Say whether XML writes a field of an element as an attribute."""
    if field == "value":
        return element == "prop"
    return field in FLAGS and (element, field) != ("party", "name")


def singular(name: str) -> str:
    """Return what XML calls one item of a JSON array."""
    if name in _SAME:
        return name
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("shes", "sh")):
        if name.endswith(ending):
            return name.removesuffix(ending) + instead
    return name.removesuffix("s")


class _Builder:
    """Collects elements, each with its line."""

    def __init__(self, place: str) -> None:
        self.parser: Any = None
        self.root: Element | None = None
        self._place = place
        self._open: list[Element] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        at = self.parser.CurrentLineNumber
        space, _, name = tag.rpartition("}")
        if space != "{" + NAMESPACE:
            raise CatalogueError(f"{self._place}:{at}: expected an element of {NAMESPACE}, got {tag[:120]}")
        if len(self._open) >= DEPTH_MAX:
            raise CatalogueError(f"{self._place}:{at}: expected an OSCAL document, got XML nested too deep")
        own = {key: value for key, value in attributes.items() if not key.startswith("{")}
        element = Element(name, own, at)
        if self._open:
            self._open[-1].inside.append(element)
        else:
            self.root = element
        self._open.append(element)

    def data(self, text: str) -> None:
        """Take text."""
        self._open[-1].inside.append(text)

    def end(self, tag: str) -> None:
        """Close an element."""
        del tag
        self._open.pop()

    def close(self) -> Element | None:
        """Return the root."""
        return self.root


def parse_xml(data: bytes, kinds: Sequence[str], *, place: str) -> tuple[dict[str, Any], dict[Pointer, int]]:
    """Return an XML document in OSCAL's JSON form, and the line of each place in it.

    Raises:
        CatalogueError: It is no XML, has a document type, or holds what the model does not have.
    """
    builder = _Builder(place)
    parser = DefusedParser(target=builder, forbid_dtd=True)
    builder.parser = parser.parser
    try:
        parser.feed(data)
        root: Element = parser.close()  # type: ignore[assignment]  # what the builder returns
    except DefusedXmlException as error:
        raise CatalogueError(
            f"{place}:{builder.parser.CurrentLineNumber}: expected XML without a document type or entities, "
            f"got {type(error).__name__}",
            hint="write the characters themselves",
        ) from error
    except ParseError as error:
        raise CatalogueError(f"{place}:{error.position[0]}: expected XML, got {error}") from error
    except (ValueError, LookupError) as error:
        raise CatalogueError(f"{place}: expected XML in UTF-8, got {str(error)[:80]}") from error
    if root.name not in kinds:
        raise CatalogueError(f"{place}: expected an OSCAL {' or '.join(kinds)}, got {root.name}")
    return _Converter(place).document(root)


@cache
def _fields(schema_id: int) -> dict[str, Any]:
    """Return the fields of an object, those of all its choices."""
    schema = _SCHEMAS[schema_id]
    found: dict[str, Any] = dict(schema.get("properties", {}))
    for branch in (*schema.get("anyOf", ()), *schema.get("allOf", ()), *schema.get("oneOf", ())):
        for name, value in fields(branch).items():
            found.setdefault(name, value)
    return found


_SCHEMAS: dict[int, dict[str, Any]] = {}


def fields(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an object of the schema."""
    schema, _ = target(schema)
    _SCHEMAS[id(schema)] = schema
    return _fields(id(schema))


def target(schema: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return what a reference of the schema points to, and the last name on the way."""
    name = ""
    while "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = official_schema()["definitions"][name]
    return schema, name


class _Converter:
    """Turns elements into fields."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._lines: dict[Pointer, int] = {}

    def document(self, root: Element) -> tuple[dict[str, Any], dict[Pointer, int]]:
        """Return the document of a root element."""
        branch = next(b for b in official_schema()["oneOf"] if root.name in b["properties"])
        value = self._value(root, branch["properties"][root.name], (root.name,))
        return {root.name: value}, self._lines

    def _refuse(self, at: int, expected: str, got: str) -> CatalogueError:
        return CatalogueError(f"{self._place}:{at}: expected {expected}, got {got[:120]}")

    def _value(self, element: Element, schema: dict[str, Any], path: Pointer) -> Any:
        """Return what an element says."""
        self._lines[path] = element.line
        schema, name = target(schema)
        if fields(schema) or schema.get("type") == "object":
            return self._object(element, schema, path)
        if element.attributes:
            raise self._refuse(
                element.line, f"{element.name} without attributes", ", ".join(element.attributes)
            )
        if name in {"MarkupLineDatatype", "MarkupMultilineDatatype"}:
            return self._markup(element, multiline=name == "MarkupMultilineDatatype")
        if element.elements():
            raise self._refuse(
                element.line, f"text in {element.name}", f"element {element.elements()[0].name}"
            )
        text = element.text().strip()
        if schema.get("type") == "boolean":
            return {"true": True, "1": True, "false": False, "0": False}.get(text, text)
        return text

    def _markup(self, element: Element, *, multiline: bool) -> str:
        """Return marked-up text."""
        try:
            if not multiline:
                return line(element)
            stray = "".join(item for item in element.inside if isinstance(item, str)).strip()
            if stray or any(item.name in INLINE for item in element.elements()):
                raise self._refuse(element.line, f"paragraphs in {element.name}", f"bare text {stray!r}")
            return paragraphs(element.elements())
        except MarkupError as error:
            raise self._refuse(
                error.element.line, "marked-up text", f"element {error.element.name}"
            ) from error

    def _object(self, element: Element, schema: dict[str, Any], path: Pointer) -> dict[str, Any]:
        """Return the fields of an element."""
        known = fields(schema)
        bare = BARE.get(element.name, "")
        made: dict[str, Any] = {}
        for name, text in element.attributes.items():
            if name not in known or name == bare or not _is_flag(element.name, name):
                raise self._refuse(element.line, f"an attribute that {element.name} has", name)
            made[name] = text
        if bare:
            made[bare] = element.text().strip()
            return made
        self._children(element, known, made, path)
        order = {name: number for number, name in enumerate(known)}
        return dict(sorted(made.items(), key=lambda item: order[item[0]]))

    def _children(self, element: Element, known: dict[str, Any], made: dict[str, Any], path: Pointer) -> None:
        """Add the fields that are elements, and prose that stands bare."""
        stray = "".join(item for item in element.inside if isinstance(item, str)).strip()
        if stray:
            raise self._refuse(element.line, f"elements in {element.name}", f"text {stray!r}")
        names = {singular(n) if target(s)[0].get("type") == "array" else n: n for n, s in known.items()}
        prose = []
        for child in element.elements():
            if element.name in _UNWRAPPED and child.name in BLOCKS:
                prose.append(child)
                continue
            if child.name == "revisions" and element.name == "metadata":
                for revision in child.elements():
                    self._add(revision, "revisions", known, made, path)
                continue
            name = names.get(child.name, "")
            if not name or _is_flag(element.name, name) or child.name == "revision":
                raise self._refuse(child.line, f"an element that {element.name} has", child.name)
            self._add(child, name, known, made, path)
        if prose:
            holder = Element("prose", {}, prose[0].line, list(prose))
            made["prose"] = self._markup(holder, multiline=True)

    def _add(
        self, child: Element, name: str, known: dict[str, Any], made: dict[str, Any], path: Pointer
    ) -> None:
        """Add one field, or one more item of it."""
        schema, _ = target(known[name])
        if schema.get("type") == "array":
            items = made.setdefault(name, [])
            items.append(self._value(child, schema["items"], (*path, name, len(items))))
        elif name in made:
            raise self._refuse(child.line, f"one {child.name}", "another")
        else:
            made[name] = self._value(
                child, schema if "$ref" not in known[name] else known[name], (*path, name)
            )
