"""Does a sealed assessment still follow from what lies in the folder?

Three questions, each answered apart: is the entry in the log that the policy accepts; are files and rules the
sealed ones; does a repetition give the same bytes. Nothing is believed that the proven entry does not name by
digest.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from netproof import __version__
from netproof.catalogue.digest import combined
from netproof.errors import LogError, NetproofError
from netproof.integrity.audit import prove
from netproof.integrity.log import published, read_kept, read_policy
from netproof.integrity.proven import read_proven
from netproof.pipeline.seal import (
    LogState,
    Recipe,
    asked_catalogues,
    digest,
    outcome_of,
    read_recipe,
    request_of,
)
from netproof.pipeline.seal_inputs import RELEASES, by_table, inputs_of, rules_of, stated_rules
from netproof.pipeline.stages import plan
from netproof.pipeline.supervisor import assess
from netproof.report import write
from netproof.tlog.encoding import shown
from netproof.tlog.policy_text import parse_policy
from netproof.tlog.statement import Kind, Statement, read_statement
from netproof.tlog.tiles import TILE_WIDTH
from netproof.tlog.verify import verify_entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from netproof.checks.sandbox import Limits
    from netproof.integrity.log import Published
    from netproof.pipeline.seal_inputs import Input
    from netproof.pipeline.supervisor import Progress
    from netproof.tlog.policy import Policy

SCHEMA_VERSION: Final = "1.0"
LISTED: Final = 1000
"""Files and requirements that an answer lists."""
_MARK: Final = b'"kind":"assessment"'


def seal_verify(
    path: Path, which: str, *, limits: Limits, progress: Progress, policy: bytes | None = None
) -> dict[str, Any]:
    """Repeat a sealed assessment and compare.

    Args:
        path: The network's folder or file.
        which: Number of its entry; empty: the newest.
        limits: What checks may use.
        progress: Told where the work is.
        policy: Which logs and witnesses count; None: as the file beside the log says.

    Returns:
        The model of the answer `seal-verify`.

    Raises:
        LogError: There is no log or no such entry, or what the entry names is not in the log's folder.
        NetproofError: As an assessment raises it.
    """
    home = path if path.is_dir() else path.parent
    folder = home / RELEASES
    log = published(folder)
    index, statement = sealed_entry(log, which)
    values = statement.values
    proof = _proven(folder, log, index, policy)
    recipe = read_recipe(_kept(folder, values.get("recipe_sha256", ""), "recipe"))
    _agree(recipe, values)
    request = request_of(recipe, path, limits)
    asked = plan(request)
    # Where nobody named a catalogue, network.toml does, and may name others now.
    names = asked_catalogues(request, asked)
    changed = _changed_files(recipe, inputs_of(path, asked, names))
    now = rules_of(asked, names)
    rules = _changed_rules(recipe, now)
    state = _log_problem(folder, log, recipe)
    model = assess(request, progress).model
    answer = write(dict(model), "json").encode()
    same = digest(answer) == values["answer_sha256"]
    outcome = outcome_of(model)
    if same:
        _check_rules(recipe, values, now, None if changed or rules else stated_rules(asked, now))
    return {
        "schema_version": SCHEMA_VERSION,
        "network": asked.network.name,
        "as_of": recipe.as_of.isoformat(),
        "holds": same and outcome == values["outcome"] and proof["proven"] and not state,
        "same_answer": same,
        "entry": {"index": index, "time": values["time"], "sha256": digest(statement.entry)},
        "log": proof | {"problem": state or None},
        "netproof": {"sealed": recipe.netproof, "now": __version__},
        "files": {"sealed": len(recipe.files), "changed": len(changed), "listed": changed[:LISTED]},
        "rules": rules,
        "outcome": {"sealed": values["outcome"], "now": outcome},
        "answer": {"sealed_sha256": values["answer_sha256"], "now_sha256": digest(answer)},
        **(_differences(folder, values["answer_sha256"], model) if not same else _NONE),
    }


_NONE: Final[dict[str, Any]] = {"answer_kept": True, "checks": [], "requirements": []}


def sealed_entry(log: Published, which: str) -> tuple[int, Statement]:
    """Return a sealed assessment and its number: the named one, or the newest.

    Raises:
        LogError: There is none.
    """
    size = log.checkpoint.size
    if which:
        if not which.isascii() or not which.isdigit() or len(which) > 18 or int(which) >= size:
            raise LogError(
                f"sealed assessment {shown(which)}: expected the number of an entry, up to {size - 1}",
                hint="`netproof seal` tells the number; leave it out to take the newest",
            )
        index = int(which)
        statement = read_statement(log.reader.entries(index // TILE_WIDTH)[index % TILE_WIDTH])
        if statement.kind is not Kind.ASSESSMENT:
            raise LogError(f"entry {index}: expected a sealed assessment, got a {statement.kind}")
        return index, statement
    for bundle in range((size - 1) // TILE_WIDTH, -1, -1):
        entries = log.reader.entries(bundle)
        for place in range(len(entries) - 1, -1, -1):
            if _MARK in entries[place]:
                statement = read_statement(entries[place])
                if statement.kind is Kind.ASSESSMENT:
                    return bundle * TILE_WIDTH + place, statement
    raise LogError(
        f"log of {log.settings.origin}: expected a sealed assessment, got none",
        hint="`netproof seal NET` seals one; a sealed one is seen once a checkpoint is signed",
    )


def _proven(folder: Path, log: Published, index: int, given: bytes | None) -> dict[str, Any]:
    """Return whether the entry is proven under a policy, and by when."""
    told: dict[str, Any] = {
        "origin": log.settings.origin,
        "size": log.checkpoint.size,
        "proven": False,
        "reason": None,
        "witnesses": [],
        "proven_by": None,
    }
    try:
        policy = parse_policy(read_policy(folder) if given is None else given)
        # The first quorum proves most; the newest checkpoint may still wait for its own.
        trees = (published(folder, size=size) for size, _ in read_proven(folder).kept if size > index)
        tree = next((one for one in trees if _timed(one, policy)), log)
        proven = verify_entry(prove(tree, index), policy)
    except LogError as error:
        return told | {"reason": str(error)}
    judged = proven.judged
    return told | {
        "proven": True,
        "witnesses": [name.decode("utf-8", "replace") for name in judged.witnesses],
        "proven_by": judged.proven_by,
    }


def _timed(tree: Published, policy: Policy) -> bool:
    """Return whether a quorum states by when it had cosigned a tree."""
    try:
        return policy.judge(tree.note).proven_by is not None
    except LogError:
        return False


def _log_problem(folder: Path, log: Published, recipe: Recipe) -> str:
    """Return why the log is not the one that was judged; empty: it goes on from it."""
    judged = recipe.log
    if judged is None:
        return ""
    if judged.origin != log.settings.origin:
        return f"expected the log of {judged.origin}, got the one of {log.settings.origin}"
    if judged.size > log.checkpoint.size:
        return f"expected at least {judged.size} entries, got {log.checkpoint.size}"
    root = log.reader.root(judged.size).hex()
    if root != judged.root:
        return f"expected root {judged.root} at size {judged.size}, got {root}"
    return _renewal_problem(folder, judged) if judged.renewed is not None else ""


def _renewal_problem(folder: Path, judged: LogState) -> str:
    """Return why the kept checkpoint does not prove when witnesses cosigned anew; empty: it does."""
    try:
        note = _kept(folder, judged.checkpoint_sha256 or "", "checkpoint")
        told = parse_policy(read_policy(folder)).judge(note)
    except LogError as error:
        return str(error)
    tree, want = told.checkpoint, (judged.origin, judged.size, judged.root, judged.renewed)
    got = (tree.origin, tree.size, tree.root.hex(), told.proven_by)
    return "" if got == want else f"expected a checkpoint that states {want}, got {got}"


def _agree(recipe: Recipe, values: Mapping[str, Any]) -> None:
    """Refuse a recipe that says other than its entry, which may have been made by anybody."""
    told = {
        "as_of": recipe.as_of.isoformat(),
        "netproof": recipe.netproof,
        "inputs": by_table(recipe.files),
        "log": recipe.log.stated() if recipe.log else None,
        "rules": {name: combined(files) for name, files in recipe.rules.items()},
    }
    stated = {
        **{name: values.get(name) for name in told},
        "rules": {one["id"]: one["sha256"] for one in values.get("catalogues", ())}
        | {f"restrictions/{one['id']}": one["sha256"] for one in values.get("restrictions", ())},
    }
    for name, value in told.items():
        if value != stated[name]:
            raise LogError(f"sealed assessment, {name}: expected the recipe to say what the entry says")


def _check_rules(
    recipe: Recipe, values: Mapping[str, Any], now: Mapping[str, Any], stated: Mapping[str, Any] | None
) -> None:
    """Refuse an entry that names other rules than the recipe repeats, and the answer is the same.

    Args:
        recipe: What was repeated.
        values: What the entry says.
        now: Rules of the repetition, by catalogue or set.
        stated: What an entry would say of them; None: not comparable, for files or rules changed since.
    """
    told = {name: values[name] for name in ("catalogues", "restrictions") if name in values}
    if recipe.rules.keys() != now.keys() or stated not in (None, told):
        raise LogError(
            f"sealed assessment: expected catalogues {', '.join(sorted(recipe.rules)) or 'none'}, as the "
            f"entry says, got others behind the answer: {', '.join(sorted(now)) or 'none'}"
        )


def _kept(folder: Path, sha256: str, what: str) -> bytes:
    """Return what is kept in the log's folder by its digest."""
    if not sha256:
        raise LogError(f"sealed assessment: expected the digest of a {what}, got none")
    try:
        return read_kept(folder, sha256)
    except LogError as error:
        raise LogError(
            f"{what}: {error}",
            hint="publish the log with its files: `netproof release log NET publish DIR --files`",
        ) from error


def _changed_files(recipe: Recipe, found: Iterable[Input]) -> list[dict[str, str]]:
    """Return the files that are not what was sealed."""
    was = {one.path: one.sha256 for one in recipe.files}
    now = {one.path: one.sha256 for one in found}
    words = {
        name: "missing" if name not in now else "added" if name not in was else "changed"
        for name in sorted(was.keys() | now.keys())
        if was.get(name) != now.get(name)
    }
    return [{"path": name, "change": word} for name, word in words.items()]


def _changed_rules(recipe: Recipe, now: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return the shipped files that are not those of the sealed assessment's netproof."""
    was = {file: sha256 for files in recipe.rules.values() for file, sha256 in files.items()}
    here = {file: sha256 for files in now.values() for file, sha256 in files.items()}
    return sorted(file for file in was.keys() | here.keys() if was.get(file) != here.get(file))


def _differences(folder: Path, sha256: str, model: Mapping[str, Any]) -> dict[str, Any]:
    """Return whose outcomes differ from the kept answer's."""
    try:
        kept = json.loads(_kept(folder, sha256, "answer"))
        was, was_asked = _outcomes(kept)
    except (NetproofError, ValueError, KeyError, TypeError):
        return _NONE | {"answer_kept": False}
    now, now_asked = _outcomes(model)
    return {
        "answer_kept": True,
        "checks": _pairs(was, now),
        "requirements": _pairs(was_asked, now_asked)[:LISTED],
    }


def _outcomes(model: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return of each check, and of each requirement, its outcome and how many findings it has."""
    checks = {one["id"]: (one["outcome"], one["findings_total"]) for one in model["checks"]}
    requirements = {
        f"{catalogue['id']}/{one['id']}": (one["outcome"], None)
        for catalogue in model["catalogues"]
        for one in catalogue["requirements"]
    }
    return checks, requirements


def _pairs(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what differs between two answers."""
    nothing = (None, None)
    return [
        {
            "id": name,
            "sealed": was.get(name, nothing)[0],
            "now": now.get(name, nothing)[0],
            "sealed_findings": was.get(name, nothing)[1],
            "now_findings": now.get(name, nothing)[1],
        }
        for name in sorted(was.keys() | now.keys())
        if was.get(name) != now.get(name)
    ]
