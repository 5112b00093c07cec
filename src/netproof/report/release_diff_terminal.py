"""What an update changes, on a terminal: what gives somebody power, what it is made of, then files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from netproof.report.diff_lines import Lines
from netproof.report.words import number, plural

if TYPE_CHECKING:
    from netproof.report.words import Model

SHOWN: Final = 20
"""How many of each list are told; JSON has all."""
_DIGITS: Final = 16
_SUBJECT: Final = {
    "matches": "it names these bytes",
    "differs": "it is about other bytes",
    "not_stated": "it does not say about which bytes it is",
}


def text(model: Model, width: int | None = None) -> str:
    """Return what an update changes as plain text, wrapped at `width` (80 unless told)."""
    lines = Lines(width)
    for word in ("old", "new"):
        _side(word, model[word], lines)
    summary = model["summary"]
    counts = ", ".join(f"{number(summary[key])} {key}" for key in ("added", "removed", "changed", "same"))
    lines.line(0, f"members: {counts}")
    if model["old"]["below"] and model["new"]["below"]:
        lines.line(0, f"compared below {model['old']['below']}/ and {model['new']['below']}/")
    if model["same"]:
        lines.line(0, "No member differs.")
    _list("Files that newly give rights", model["privileged"], _privileged, lines)
    _list("Keys and certificates that were not there before", model["keys"], _key, lines)
    _list("Network services that were not there before", model["services"], _service, lines)
    _list("Addresses that were not there before", model["addresses"], _address, lines)
    _sboms(model, lines)
    for change in ("added", "removed", "changed"):
        files = [one for one in model["files"] if one["change"] == change]
        _list(change.capitalize(), files, file_line, lines)
    _unknown(model, lines)
    deep_lines(model["deep"], lines)
    return lines.text()


def deep_lines(told: dict[str, Any] | None, lines: Lines) -> None:
    """Write what diffoscope told, line by line as it stands; nothing where it was not asked."""
    if told is None:
        return
    lines.gap()
    lines.line(0, f"{told['tool']}: {told['said']}", hang=2)
    for note in told["notes"]:
        lines.line(2, note, hang=4)
    for row in told["text"].split("\n") if told["text"] else []:
        lines.raw(f"  {row}")


def _side(word: str, side: dict[str, Any], lines: Lines) -> None:
    """Write which package it is."""
    what = f"{side['format']}, {number(side['size'])} bytes, {number(side['members'])} members"
    lines.line(0, f"{word}: {side['name']} ({what})")
    lines.line(5, f"sha256 {side['sha256']}")


def _list(title: str, rows: list[dict[str, Any]], say: Any, lines: Lines) -> None:
    """Write the first of a list; nothing where it is empty."""
    if not rows:
        return
    lines.gap()
    lines.line(0, f"{title}: {number(len(rows))}")
    for row in rows[:SHOWN]:
        lines.line(2, say(row), hang=4)
    if len(rows) > SHOWN:
        lines.line(2, f"and {number(len(rows) - SHOWN)} more")


def _privileged(one: dict[str, Any]) -> str:
    return f"{one['path']}: {', '.join(one['rights'])}, {one['why']}"


def _key(one: dict[str, Any]) -> str:
    about = f", {one['about']}" if one["about"] else ""
    return f"{one['kind']} in {one['path']}, sha256 {one['sha256'][:_DIGITS]}...{about}"


def _service(one: dict[str, Any]) -> str:
    return f"{one['rule']} in {one['path']}: {one['value']}"


def _address(one: dict[str, Any]) -> str:
    more = f" and {number(one['members'] - 1)} more" if one["members"] > 1 else ""
    return f"{one['kind']} {one['value']} in {one['path']}{more}"


def file_line(one: dict[str, Any]) -> str:
    """Return one member that differs."""
    old, new = one["old"], one["new"]
    if old is None or new is None:
        moved = f", has the bytes of {one['moved_from']}" if one["moved_from"] else ""
        return f"{one['path']}: {_member(old or new)}{moved}"
    said = []
    for part in one["parts"]:
        if part == "content":
            said.append(
                f"{_digest(old)} -> {_digest(new)}, {number(old['size'])} -> {number(new['size'])} bytes"
            )
        else:
            said.append(f"{part} {_value(old[part])} -> {_value(new[part])}")
    return f"{one['path']}: {'; '.join(said)}"


def _member(one: dict[str, Any]) -> str:
    """Return a member in words."""
    said = [one["kind"].replace("_", " ")]
    if one["kind"] == "link":
        said.append(f"to {one['target']}")
    if one["sha256"]:
        said.append(f"{number(one['size'])} bytes")
        said.append(_digest(one))
    if one["mode"] is not None:
        said.append(f"mode {one['mode']}")
    return ", ".join(said)


def _digest(one: dict[str, Any]) -> str:
    """Return the first digits of a file's digest."""
    return f"sha256 {one['sha256'][:_DIGITS]}..." if one["sha256"] else "no content"


def _value(value: Any) -> str:
    """Return a value as people read it."""
    if value is None:
        return "(not said)"
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _sboms(model: Model, lines: Lines) -> None:
    """Write what the bills of materials tell."""
    lines.gap()
    if not model["sboms"]:
        lines.line(0, "Components: unknown, neither package has a bill of materials that is read")
    for one in model["sboms"]:
        for word in ("old", "new"):
            lines.line(0, f"bill of materials, {word}: {bill_line(one[word])}", hang=4)
        if one["old"] is None or one["new"] is None:
            lines.line(0, "Components: unknown, only one side has this bill")
        elif one["components"]:
            _list("Components", one["components"], _component, lines)
        else:
            lines.line(0, "Components: none that are listed differ")
    for row in model["sboms_unread"]:
        lines.line(0, f"not read, {row['side']}: {row['reason']}", hang=4)


def bill_line(one: dict[str, Any] | None) -> str:
    """Return a bill of materials in words."""
    if one is None:
        return "none"
    complete = (
        "it says that it is complete"
        if one["completeness"] == "complete"
        else "what it does not list is unknown"
    )
    count = f"{number(one['components'])} {plural('component', one['components'])}"
    return f"{one['name']}, {one['format']}, {count}; {_SUBJECT[one['subject']]}; {complete}"


def _component(one: dict[str, Any]) -> str:
    """Return a component that differs."""
    old, new = one["old"], one["new"]
    if old is None or new is None:
        version = (old or new)["version"]
        return f"{one['change']}: {one['key']} {version or '(no version)'}"
    if one["change"] == "digest":
        return f"other bytes, same version: {one['key']} {new['version'] or '(no version)'}"
    return f"version: {one['key']} {old['version'] or '(none)'} -> {new['version'] or '(none)'}"


def _unknown(model: Model, lines: Lines) -> None:
    """Write what was not looked at."""
    rows = [
        {"said": f"{word}: {closed['path']}: {closed['reason']}"}
        for word in ("old", "new")
        for closed in model[word]["closed"]
    ]
    _list("Packages inside that stay closed", rows, lambda row: row["said"], lines)
    for word in ("old", "new"):
        if not model[word]["whole"]:
            lines.gap()
            lines.line(0, f"{word}: more keys, services or addresses than are noted; not all are told")
