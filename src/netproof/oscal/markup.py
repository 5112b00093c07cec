"""OSCAL's marked-up text: from the elements of XML to the Markdown of JSON.

By Metaschema's mapping: emphasis, code, quotes, sub- and superscript, links, pictures, inserted
parameters, headings, lists, tables and preformatted text. Its own signs are escaped in plain text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "table", "blockquote", "hr"})
"""Elements that hold marked-up text of their own."""
INLINE = frozenset({"a", "b", "br", "code", "em", "i", "img", "insert", "q", "strong", "sub", "sup"})
_AROUND = {"em": "*", "i": "*", "strong": "**", "b": "**", "sub": "~", "sup": "^", "q": '"'}
_SPACE = re.compile(r"\s+")
_SIGNS = re.compile(r"[\\`*~^]")


@dataclass(slots=True)
class Element:
    """An XML element: its name without namespace, and what it holds, in order."""

    name: str
    attributes: dict[str, str]
    line: int
    inside: list[Element | str] = field(default_factory=list)

    def elements(self) -> list[Element]:
        """Return the elements that it holds."""
        return [item for item in self.inside if isinstance(item, Element)]

    def text(self) -> str:
        """Return its whole text, without marks."""
        return "".join(item if isinstance(item, str) else item.text() for item in self.inside)


class MarkupError(ValueError):
    """An element that marked-up text does not have."""

    def __init__(self, element: Element) -> None:
        super().__init__(element.name)
        self.element = element


def line(element: Element) -> str:
    """Return what one line of marked-up text says, as Markdown."""
    return _inline(element.inside).strip()


def paragraphs(elements: list[Element]) -> str:
    """Return what blocks of marked-up text say, as Markdown."""
    return "\n\n".join(_block(element) for element in elements)


def _inline(inside: list[Element | str]) -> str:
    """Return a run of text and inline elements."""
    return "".join(
        _SIGNS.sub(r"\\\g<0>", _SPACE.sub(" ", item)) if isinstance(item, str) else _mark(item)
        for item in inside
    )


def _mark(element: Element) -> str:
    """Return one inline element."""
    get = element.attributes.get
    if element.name in _AROUND:
        sign = _AROUND[element.name]
        return f"{sign}{_inline(element.inside)}{sign}"
    match element.name:
        case "code":
            return f"`{element.text()}`"
        case "a":
            return f"[{_inline(element.inside)}]({get('href', '')})"
        case "img":
            title = f' "{get("title")}"' if get("title") else ""
            return f"![{get('alt', '')}]({get('src', '')}{title})"
        case "insert":
            return f"{{{{ insert: {get('type', '')}, {get('id-ref', '')} }}}}"
        case "br":
            return "  \n"
        case _:
            raise MarkupError(element)


def _block(element: Element) -> str:
    """Return one block."""
    match element.name:
        case "p":
            return line(element)
        case "ul" | "ol":
            return _list(element, "")
        case "pre":
            return f"```\n{element.text().strip(chr(10))}\n```"
        case "table":
            return _table(element)
        case "blockquote":
            inner = paragraphs(element.elements()) if element.elements() else line(element)
            return "\n".join(f"> {row}".rstrip() for row in inner.split("\n"))
        case "hr":
            return "---"
        case name if name in BLOCKS:
            return f"{'#' * int(name[1])} {line(element)}"
        case _:
            raise MarkupError(element)


def _list(element: Element, indent: str) -> str:
    """Return a list, with the lists inside it."""
    rows = []
    for number, item in enumerate(element.elements(), start=1):
        if item.name != "li":
            raise MarkupError(item)
        sign = f"{number}." if element.name == "ol" else "-"
        run: list[Element | str] = []
        nested = []
        for part in item.inside:
            if isinstance(part, Element) and part.name in {"ul", "ol"}:
                nested.append(_list(part, indent + " " * (len(sign) + 1)))
            elif isinstance(part, Element) and part.name == "p":
                run += part.inside
            else:
                run.append(part)
        rows += [f"{indent}{sign} {_inline(run).strip()}", *nested]
    return "\n".join(rows)


def _table(element: Element) -> str:
    """Return a table; its first row is the heading."""
    rows = []
    for row in element.elements():
        for tr in row.elements() if row.name in {"thead", "tbody"} else [row]:
            if tr.name != "tr":
                raise MarkupError(tr)
            cells = [line(cell).replace("|", "\\|") for cell in tr.elements()]
            rows.append(f"| {' | '.join(cells)} |")
            if len(rows) == 1:
                rows.append(f"|{' --- |' * len(cells)}")
    return "\n".join(rows)
