"""A sealed assessment, on a terminal: where it stands in the log, and what it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof.report.diff_lines import Lines
from netproof.report.words import number, plural

if TYPE_CHECKING:
    from netproof.report.words import Model


def text(model: Model, width: int | None = None) -> str:
    """Return what was sealed as plain text, wrapped at `width` (80 unless told)."""
    lines = Lines(width)
    entry, log = model["entry"], model["log"]
    lines.line(0, f"{model['network']} as of {model['as_of']}: {model['outcome'].replace('_', ' ')}")
    lines.line(0, f"sealed as entry {number(entry['index'])} of {log['origin']}", hang=2)
    signed = log["checkpoint"]
    if signed is None:
        lines.line(0, "no checkpoint covers it yet: sign one, `netproof release log NET checkpoint`", hang=2)
    else:
        lines.line(0, checkpoint(signed), hang=2)
    lines.gap()
    for name, digest in (("entry", entry), ("answer", model["answer"]), ("recipe", model["recipe"])):
        lines.line(2, f"{name}: sha256 {digest['sha256']}", hang=4)
    inputs = model["inputs"]
    lines.line(2, f"rests on {number(inputs['files'])} {plural('file', inputs['files'])}", hang=4)
    for one in model["rules"]:
        lines.line(
            2, f"{one['id']} {one['version'] or ''}: sha256 {one['sha256']}".replace(" :", ":"), hang=4
        )
    if model["judged_log"] is not None:
        size = model["judged_log"]["size"]
        lines.line(2, f"judged the log at {number(size)} {plural('entry', size)}", hang=4)
    lines.gap()
    lines.line(0, f"repeat it with `netproof check NET {entry['index']} --verify`", hang=2)
    return lines.text()


def checkpoint(signed: dict[str, Any]) -> str:
    """Return under which checkpoint an entry is public."""
    if not signed["quorum"]:
        cosigned = "without a quorum of witnesses"
    elif signed["witnesses"]:
        cosigned = f"cosigned by a quorum: {', '.join(signed['witnesses'])}"
    else:
        cosigned = "the policy asks for no witness"
    return f"checkpoint of {number(signed['size'])} {plural('entry', signed['size'])}, {cosigned}"
