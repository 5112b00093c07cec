"""`netproof release add`: releases or a withdrawal in, an answer out; the clock is read here only."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from netproof.cli import exit_codes, messages
from netproof.cli.answers import check_wish, tell
from netproof.cli.log_keys import keys_to_publish, log_key_path
from netproof.errors import SourceError
from netproof.integrity.register.candidates import Terms
from netproof.integrity.register.keys import signing_keys
from netproof.integrity.register.listing import Item, read_list
from netproof.integrity.register.naming import Said
from netproof.integrity.signatures import Trust, read_trust
from netproof.pipeline.release_add import Wanted, observations_add, release_add, release_withdraw

if TYPE_CHECKING:
    from pathlib import Path

ANSWER = "release-add"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for; each field is the option of that name."""

    net: Path
    files: tuple[Path, ...] = ()
    said: Said = Said()  # noqa: RUF009 - frozen
    signatures: tuple[Path, ...] = ()
    trust: Path | None = None
    listed: Path | None = None
    from_table: bool = False
    from_sbom: Path | None = None
    withdraw: str = ""
    reason: str = ""
    observations: bool = False
    allow_unverified: bool = False
    key: Path | None = None
    checkpoint: bool = True
    report_format: str = "terminal"
    output: Path | None = None


def run(wish: Wish) -> int:
    """Log releases, tell what became of each, and return the exit code."""
    check_wish(ANSWER, wish.report_format, wish.output)
    _check(wish)
    now = datetime.now(UTC)
    publish = keys_to_publish(wish.net, wish.key, now, wanted=wish.checkpoint)
    if wish.withdraw:
        model = release_withdraw(wish.net, wish.withdraw, wish.reason, publish, now)
    elif wish.observations:
        keys = publish.keys or signing_keys(log_key_path(wish.net, wish.key))
        with messages.progress() as progress:
            model = observations_add(wish.net, publish, keys, progress)
    else:
        trust = Trust() if wish.trust is None else read_trust(wish.trust)
        at = now.astimezone().date()
        terms = Terms(at, trust, wish.allow_unverified, os.cpu_count() or 1)
        wanted = Wanted(_items(wish), wish.from_table, wish.from_sbom, wish.said.supplier)
        with messages.progress() as progress:
            model = release_add(wish.net, wanted, terms, publish, now, progress)
    tell(ANSWER, model, wish.report_format, wish.output)
    _advise(wish, model)
    return exit_codes.FOUND if model["summary"]["refused"] else exit_codes.PASSED


def _advise(wish: Wish, model: dict[str, Any]) -> None:
    """Say what to do where the answer alone leaves that open."""
    nothing = not any(model["summary"].values())
    if nothing and wish.from_table:
        messages.say("hint: expected rows in table release with a digest (column sha256), got none")
    elif nothing and wish.observations:
        messages.say("hint: expected rows in table observation with a digest (column sha256), got none")
    elif wish.trust is None and any(
        row["outcome"] == "refused" and row["verdict"] == "unknown_signer" for row in model["releases"]
    ):
        messages.say("hint: nobody is trusted without --trust DIR, a folder with the suppliers' keys")


def _check(wish: Wish) -> None:
    """Refuse a wish that says nothing, or two things at once."""
    sources = {
        "FILE...": bool(wish.files),
        "--list": wish.listed is not None,
        "--from-table": wish.from_table,
        "--from-sbom": wish.from_sbom is not None,
        "--observations": wish.observations,
        "--withdraw": bool(wish.withdraw),
    }
    given = [name for name, there in sources.items() if there]
    if len(given) != 1:
        raise SourceError(
            f"release add: expected one of {', '.join(sources)}, got {' and '.join(given) or 'none'}",
            hint="netproof release add --help",
        )
    if bool(wish.withdraw) != bool(wish.reason):
        raise SourceError(
            "release add: expected --withdraw and --reason together, got one of them",
            hint='--withdraw ID --reason "why, in one sentence"',
        )
    alone = {"product": wish.said.product, "release": wish.said.release, "part": wish.said.part}
    useless = [f"--{name}" for name, value in alone.items() if value and not wish.files]
    if useless or (wish.signatures and not wish.files):
        named = ", ".join([*useless, *(["--signature"] if wish.signatures else [])])
        raise SourceError(f"release add: expected {named} with FILE... only, got {given[0]}")
    if wish.said.part and len(wish.files) > 1:
        raise SourceError(
            f"release add: expected one file with --part, got {len(wish.files)}",
            hint="leave out --part: each file is then the part of its own name",
        )


def _items(wish: Wish) -> tuple[Item, ...]:
    """Return the files, each with what the user said of it."""
    if wish.listed is not None:
        return tuple(
            replace(item, said=replace(item.said, supplier=item.said.supplier or wish.said.supplier))
            for item in read_list(wish.listed)
        )
    several = len(wish.files) > 1 and bool(wish.said.release)
    return tuple(
        Item(path, replace(wish.said, part=path.name) if several else wish.said, wish.signatures, str(path))
        for path in wish.files
    )
