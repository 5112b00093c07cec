"""A log as files in a folder, grown and signed step by step with the made-up keys of `tests.tlogs`."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from netproof.integrity.audit import Audit, Kind, audit, audit_model, open_source, was_told
from netproof.report.diff_json import schema
from netproof.report.diff_registry import write_answer
from netproof.tlog.checkpoint import Checkpoint
from netproof.tlog.cosignature import open_checkpoint, sign_checkpoint
from netproof.tlog.growth import Edge, grow
from netproof.tlog.policy import Freshness
from netproof.tlog.statement import make_statement
from tests.tlogs import ALL, LOG, ORIGIN, TIME, policy, release

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netproof.tlog.keys import SigningKey

HOUR = 3_600
ENTRY = make_statement(release()).entry


def entries(first: int, number: int) -> list[bytes]:
    """That many release statements, each of another release."""
    return [ENTRY.replace(b"2.4.1", b"2.4.1-%d" % at) for at in range(first, first + number)]


def statement(**values: Any) -> bytes:
    """A release statement, changed as named."""
    return make_statement(release(**values)).entry


def digests(text: str) -> dict[str, str]:
    """Digests of a made-up artifact."""
    return {"sha256": sha256(text.encode()).hexdigest()}


def withdraw(**values: Any) -> bytes:
    """A withdrawal of the made-up release, changed as named."""
    fields = {name: value for name, value in release().items() if name != "size"}
    return make_statement({**fields, "kind": "withdraw", "reason": "hostile update", **values}).entry


class Log:
    """A log in a folder.

    Attributes:
        folder: where its files lie.
        edge: where it ends.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.edge = Edge()

    def append(self, new: Sequence[bytes]) -> Log:
        """Write entries with their tiles."""
        growth = grow(self.edge, new)
        for tile, data in growth.files:
            path = self.folder / tile.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        self.edge = growth.edge
        return self

    def sign(
        self, time: int = TIME, signers: Sequence[SigningKey] = ALL, *, tree: Checkpoint | None = None
    ) -> bytes:
        """Publish a checkpoint of the tree, or of another one that is named."""
        head = tree or Checkpoint(ORIGIN, self.edge.size, self.edge.root())
        note = sign_checkpoint(head, signers, time)
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "checkpoint").write_bytes(note)
        return note

    def twin(self, folder: Path) -> Log:
        """A copy that can go another way."""
        shutil.copytree(self.folder, folder)
        copy = Log(folder)
        copy.edge = self.edge
        return copy


def written(folder: Path, number: int = 300) -> Log:
    """A signed log of that many releases."""
    log = Log(folder).append(entries(0, number))
    log.sign()
    return log


def audited(
    log: Log | str, state: Path, *, now: int = TIME + HOUR, tell: bool = True, **values: Any
) -> Audit:
    """An audit with two of three witnesses and a day's freshness, changed as named; its answer is told."""
    given = {"freshness": Freshness(now, 24 * HOUR), "policy": policy(2), **values}
    source = open_source(log.folder if isinstance(log, Log) else log)
    try:
        answer = audit(source, given.pop("policy"), state, now=now, **given)
        if tell:
            was_told(answer)
        return answer
    finally:
        source.close()


def kinds(answer: Audit) -> list[str]:
    """Kinds of all findings but that it is the first audit."""
    return [kind.value for kind in answer.counts if kind is not Kind.FIRST_AUDIT]


def remembered_size(answer: Audit) -> int:
    """Entries of the head that an audit's memory holds."""
    note = (Path(answer.state) / "checkpoint").read_bytes()
    return open_checkpoint(note, [LOG.verifier()]).checkpoint.size


def valid(answer: Audit) -> Audit:
    """The answer, once it is found to follow its schema and to be told on a terminal."""
    model = audit_model(answer)
    jsonschema_rs.validator_for(schema("release-audit")).validate(model)

    assert write_answer("release-audit", model, "terminal")
    return answer
