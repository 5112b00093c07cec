"""An assessment as one entry of the log: what went in, by which rules, what came out.

The answer is what `netproof check NET --format json` prints, byte for byte. Beside it a recipe says what a
repetition needs: every file with its digest, what was asked, and the size of the log that was judged. Both
are kept by digest; the entry holds the digests and no file's name.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from netproof import __version__
from netproof.catalogue.check import WORST_FIRST
from netproof.errors import LogError, SourceError
from netproof.integrity.log import published
from netproof.integrity.proven import read_proven
from netproof.pipeline.log_tables import log_read
from netproof.pipeline.request import Request
from netproof.pipeline.seal_inputs import (
    RELEASES,
    Input,
    by_table,
    inputs_of,
    inside,
    placed,
    rules_of,
    stated_rules,
)
from netproof.pipeline.stages import plan
from netproof.pipeline.supervisor import assess
from netproof.report import write
from netproof.tlog.canonical import canonical, read_canonical
from netproof.tlog.statement import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from netproof.checks.sandbox import Limits
    from netproof.pipeline.stages import Plan
    from netproof.pipeline.supervisor import Progress

FINDINGS: Final = 200
"""Findings of a check that the answer lists, as many as `netproof check` lists unless told otherwise."""
RECIPE_BYTES_MAX: Final = 100_000_000


@dataclass(frozen=True, slots=True)
class LogState:
    """The state of the log that was judged.

    Attributes:
        origin: Which log.
        size: Entries that counted.
        root: The tree's, in hexadecimal.
        renewed: When witnesses had cosigned it anew [s since 1970]; None: not anew.
        checkpoint_sha256: Of the checkpoint with those cosignatures; the log keeps only the first ones.
    """

    origin: str
    size: int
    root: str
    renewed: int | None = None
    checkpoint_sha256: str | None = None

    def stated(self) -> dict[str, Any]:
        """Return what the entry says of it."""
        return {"origin": self.origin, "size": self.size, "root": self.root}


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a repetition needs.

    Attributes:
        netproof: Version that made the assessment.
        as_of: The date.
        catalogues: Ids, or names of files in the network's folder.
        restrictions: Ids that were asked for in place of those in network.toml.
        rules: Digests of the shipped files behind each catalogue and set of restrictions.
        files: All that was read.
        log: The log that was judged; None: there was none.
    """

    netproof: str
    as_of: date
    catalogues: tuple[str, ...]
    restrictions: tuple[str, ...]
    rules: Mapping[str, Mapping[str, str]]
    files: tuple[Input, ...]
    log: LogState | None

    def encode(self) -> bytes:
        """Return its bytes: canonical JSON."""
        values = {
            "v": 1,
            "netproof": self.netproof,
            "as_of": self.as_of.isoformat(),
            "catalogues": list(self.catalogues),
            "restrictions": list(self.restrictions),
            "rules": {name: dict(files) for name, files in self.rules.items()},
            "files": [asdict(one) for one in self.files],
        }
        log = {} if self.log is None else {k: v for k, v in asdict(self.log).items() if v is not None}
        return canonical(values | ({"log": log} if log else {}))


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment that can be sealed.

    Attributes:
        model: The report model.
        answer: The JSON answer.
        recipe: What a repetition needs.
        asked: What was asked.
        kept: What else the recipe names by digest.
    """

    model: Mapping[str, Any]
    answer: bytes
    recipe: Recipe
    asked: Plan
    kept: tuple[bytes, ...] = ()

    @property
    def files(self) -> tuple[bytes, ...]:
        """All that is kept beside the entry."""
        return (self.answer, self.recipe.encode(), *self.kept)

    @property
    def outcome(self) -> str:
        """The worst outcome of a check or requirement."""
        return outcome_of(self.model)

    def statement(self, time: str) -> dict[str, Any]:
        """Return the entry's fields; `time` as `utc_seconds` writes it."""
        recipe = self.recipe
        values: dict[str, Any] = {
            "v": 1,
            "kind": str(Kind.ASSESSMENT),
            "netproof": recipe.netproof,
            "as_of": recipe.as_of.isoformat(),
            "inputs": by_table(recipe.files),
            **stated_rules(self.asked, recipe.rules),
            "outcome": self.outcome,
            "answer_sha256": digest(self.answer),
            "recipe_sha256": digest(recipe.encode()),
            "time": time,
        }
        return values | ({"log": recipe.log.stated()} if recipe.log else {})


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def outcome_of(model: Mapping[str, Any]) -> str:
    """Return the worst outcome of a check or requirement."""
    summary = model["summary"]
    return next(
        (str(one) for one in WORST_FIRST if summary["checks"][one] or summary["requirements"][one]),
        str(WORST_FIRST[-1]),
    )


def assessed(request: Request, progress: Progress) -> Assessed:
    """Make an assessment that can be sealed.

    Args:
        request: What is asked; how much is listed is fixed.
        progress: Told where the work is.

    Raises:
        SourceError: A file changed meanwhile, or a catalogue lies outside of the network's folder.
        NetproofError: As an assessment raises it.
    """
    asked = plan(request)
    names = asked_catalogues(request, asked)
    fixed = replace(
        request,
        catalogues=placed(request.home, names),
        findings_max=FINDINGS,
        details=False,
        all_findings=False,
        strict=False,
        dates=(),
    )
    asked = plan(fixed)
    before = inputs_of(request.path, asked, names)
    log, kept = log_state(fixed, asked)
    fixed = _judging(fixed, log)
    model = assess(fixed, progress).model
    if inputs_of(request.path, asked, names) != before:
        raise SourceError(
            f"{request.path}: expected files at rest, got some that changed while they were assessed",
            hint="seal again when nobody writes into the folder",
        )
    recipe = Recipe(
        netproof=__version__,
        as_of=request.as_of,
        catalogues=names,
        restrictions=request.restrictions,
        rules=rules_of(asked, names),
        files=before,
        log=log,
    )
    return Assessed(model, write(dict(model), "json").encode(), recipe, asked, kept)


def asked_catalogues(request: Request, asked: Plan) -> tuple[str, ...]:
    """Return the names of the catalogues that a request asks for, each once, as `inside` gives them.

    Raises:
        SourceError: A file lies outside of the folder.
    """
    return tuple(dict.fromkeys(inside(request.home, request.catalogues or asked.network.catalogues)))


def _judging(request: Request, log: LogState | None) -> Request:
    """Return the request for the log as it was."""
    return request if log is None else replace(request, log_size=log.size, log_renewed=log.renewed)


def log_state(request: Request, asked: Plan) -> tuple[LogState | None, tuple[bytes, ...]]:
    """Return the state of the log that an assessment judges, and what must be kept of it.

    Returns:
        None and nothing where no check reads a log, or nothing of it counts for the date.

    Raises:
        LogError: The log has no checkpoint yet, cannot be read or does not verify.
    """
    if not log_read(asked.checks):
        return None, ()
    folder = request.home / RELEASES
    proven = read_proven(folder)
    state = proven.state(request.as_of)
    if state.problem:
        # Nothing that is logged later will change that.
        return None, ()
    root = proven.published.reader.root(state.size).hex()
    if state == proven.state(request.as_of, state.size):
        return LogState(state.origin, state.size, root), ()
    note = published(folder).note
    return LogState(state.origin, state.size, root, proven.renewed[1], digest(note)), (note,)


def read_recipe(data: bytes) -> Recipe:
    """Read a recipe whose digest was proven.

    Raises:
        LogError: It is none.
    """
    values = read_canonical(data, size=RECIPE_BYTES_MAX)
    try:
        if values["v"] != 1:
            raise LogError(f"recipe: expected version 1, got {values['v']!r}", hint="use a newer netproof")
        _check_types(values)
        return Recipe(
            netproof=str(values["netproof"]),
            as_of=date.fromisoformat(values["as_of"]),
            catalogues=tuple(str(name) for name in values["catalogues"]),
            restrictions=tuple(str(name) for name in values["restrictions"]),
            rules={str(name): {**files} for name, files in values["rules"].items()},
            files=tuple(Input(**one) for one in values["files"]),
            log=LogState(**values["log"]) if "log" in values else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LogError(f"recipe: expected what a repetition needs, got one without {error}") from error


def _check_types(values: Mapping[str, Any]) -> None:
    """Refuse values that no recipe has; `TypeError` says which, `KeyError` what is missing."""
    log = values.get("log", {})
    texts = [
        *_listed(values, "catalogues"),
        *_listed(values, "restrictions"),
        *(one[name] for one in _listed(values, "files") for name in ("path", "table", "sha256")),
        *(sha256 for files in values["rules"].values() for sha256 in files.values()),
        *(log[name] for name in ("origin", "root", "checkpoint_sha256") if name in log),
    ]
    numbers = [
        *(one["size"] for one in values["files"]),
        *(log[name] for name in ("size", "renewed") if name in log),
    ]
    for kind, told in ((str, texts), (int, numbers)):
        for one in told:
            if type(one) is not kind:
                raise TypeError(f"{kind.__name__} in place of {one!r:.80}")


def _listed(values: Mapping[str, Any], name: str) -> list[Any]:
    """Return a list of a recipe."""
    listed = values[name]
    if not isinstance(listed, list):
        raise TypeError(f"a list of {name}")
    return listed


def request_of(recipe: Recipe, path: Path, limits: Limits) -> Request:
    """Return the request that repeats an assessment."""
    home = path if path.is_dir() else path.parent
    request = Request(
        path=path,
        as_of=recipe.as_of,
        catalogues=placed(home, recipe.catalogues),
        restrictions=recipe.restrictions,
        findings_max=FINDINGS,
        details=False,
        limits=limits,
    )
    return _judging(request, recipe.log)
