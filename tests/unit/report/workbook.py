"""A small reader of XLSX: what stands in each cell, and nothing that netproof's writer uses."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree as ET

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def parts(content: bytes) -> dict[str, bytes]:
    """The files of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {name: book.read(name) for name in book.namelist()}


def parsed(text: str | bytes) -> ET.Element:
    """XML that netproof wrote."""
    return ET.fromstring(text)  # noqa: S314 - our own


def sheets(content: bytes) -> dict[str, list[dict[str, str]]]:
    """Rows of every sheet, as text by column letter; a shared text is looked up."""
    files = parts(content)
    shared = [
        "".join(t.text or "" for t in item.iter(f"{{{NS['m']}}}t"))
        for item in parsed(files["xl/sharedStrings.xml"]).findall("m:si", NS)
    ]
    found = {}
    for number, sheet in enumerate(parsed(files["xl/workbook.xml"]).findall("m:sheets/m:sheet", NS), 1):
        rows = []
        for row in parsed(files[f"xl/worksheets/sheet{number}.xml"]).findall("m:sheetData/m:row", NS):
            cells = {}
            for cell in row.findall("m:c", NS):
                value = cell.findtext("m:v", "", NS)
                letter = re.sub(r"\d", "", cell.get("r", ""))
                cells[letter] = shared[int(value)] if cell.get("t") == "s" else value
            rows.append(cells)
        found[sheet.get("name", "")] = rows
    return found


def column(rows: list[dict[str, str]], title: str) -> list[str]:
    """What stands below a title."""
    letter = next(key for key, value in rows[0].items() if value == title)
    return [row.get(letter, "") for row in rows[1:]]
