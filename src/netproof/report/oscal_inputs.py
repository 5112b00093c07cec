"""What an assessment read, for OSCAL's back matter: each file with its digest, tables and rows.

A file is a resource whose link carries the SHA-256 of what was read, so that anyone can hold the
file against it. What netproof ships has no digest of its own: its version stands in the metadata.
Tables that nobody gave are named too, since nothing could be shown from them.

Source: OSCAL 1.2, back-matter/resource/rlink/hash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from netproof.report.exchange import identity, line
from netproof.report.oscal_parts import marked, prop
from netproof.report.words import number, plural

if TYPE_CHECKING:
    from netproof.report.words import Model

MEDIA_TYPES: Final = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
}


def resources(model: Model) -> list[dict[str, Any]]:
    """The files that were read as resources, and one that names the tables not given; none when unknown."""
    made = [_resource(file, sha256, tables) for (file, sha256), tables in _files(model).items()]
    absent = _absent(model)
    if absent:
        made.append(
            {
                "uuid": _absent_uuid(absent),
                "title": "Tables that were not given",
                "description": "No file held them, so nothing could be shown from them: "
                f"{', '.join(marked(name) for name in absent)}.",
                "props": [prop("table-not-given", name) for name in absent],
            }
        )
    return made


def links(model: Model) -> list[dict[str, Any]]:
    """A link to each file that was read."""
    return [{"href": f"#{_uuid(file, sha256)}", "rel": "input"} for file, sha256 in _files(model)]


def _files(model: Model) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """Tables and rows of each file that was read, by its name and digest."""
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for table in model["details"].get("tables", []):
        for file in table["files"]:
            found.setdefault((file["file"], file["sha256"]), []).append((table["name"], file["rows"]))
    return found


def _absent(model: Model) -> list[str]:
    """Names of the tables that were not given and hold nothing."""
    tables = model["details"].get("tables", [])
    return [table["name"] for table in tables if not table["given"] and not table["rows"]]


def _resource(file: str, sha256: str, tables: list[tuple[str, int]]) -> dict[str, Any]:
    """One file that was read."""
    told = ", ".join(f"{number(rows)} {plural('row', rows)} of table {marked(name)}" for name, rows in tables)
    made: dict[str, Any] = {
        "uuid": _uuid(file, sha256),
        "title": marked(file),
        "description": f"Read for this assessment: {told}."
        + ("" if sha256 else " No digest was taken: it is not a file of the network."),
        "props": [
            prop("table", name, remarks=f"{number(rows)} {plural('row', rows)}") for name, rows in tables
        ],
    }
    if sha256:
        rlink: dict[str, Any] = {"href": quote(file, errors="surrogatepass") or "."}
        media = next((kind for suffix, kind in MEDIA_TYPES.items() if file.endswith(suffix)), "")
        if media:
            rlink["media-type"] = media
        made["rlinks"] = [rlink | {"hashes": [{"algorithm": "SHA-256", "value": line(sha256)}]}]
    return made


def _uuid(file: str, sha256: str) -> str:
    """The identity of a file that was read, by its name and content."""
    return identity("input", file, sha256)


def _absent_uuid(names: list[str]) -> str:
    """The identity of the list of tables not given."""
    return identity("not given", names)
