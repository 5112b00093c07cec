"""`netproof release diff`: two packages in, what the update changes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.cli import exit_codes
from netproof.cli.answers import check_wish, tell
from netproof.pipeline.deep_diff import deep_diff
from netproof.pipeline.release_diff import release_diff

if TYPE_CHECKING:
    from pathlib import Path

ANSWER = "release-diff"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for."""

    old: Path
    new: Path
    sbom_old: Path | None = None
    sbom_new: Path | None = None
    deep_seconds: float | None = None
    report_format: str = "terminal"
    output: Path | None = None


def run(wish: Wish) -> int:
    """Tell what an update changes, and return the exit code."""
    check_wish(ANSWER, wish.report_format, wish.output)
    model = release_diff(wish.old, wish.new, sbom_old=wish.sbom_old, sbom_new=wish.sbom_new)
    if wish.deep_seconds is not None:
        model["deep"] = deep_diff(wish.old, wish.new, seconds=wish.deep_seconds)
    tell(ANSWER, model, wish.report_format, wish.output)
    return exit_codes.PASSED if model["same"] else exit_codes.FOUND
