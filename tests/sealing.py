"""A small network with a log and a check that reads it, to be sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof.integrity.log import Settings, create, writing
from netproof.tlog.cosignature import signature_line
from netproof.tlog.note import parse_note
from netproof.tlog.policy_text import encode_policy
from netproof.tlog.statement import make_statement
from tests.networks import write_network
from tests.tlogs import LOG, LOG_PQ, ORIGIN, TIME, WITNESSES, policy, release

if TYPE_CHECKING:
    from pathlib import Path

KEYS = (LOG, LOG_PQ)
CHECK = """id = "OWN-001"
title = "Every component's release is logged"
subject = "component"
scope = "select component_id as subject_id from component"
reads = ["component", "logged_release"]
evidence = []
severity = "high"
verdict = "operation"
motivation = "m"
remedy = "r"
"""
SQL = """select c.component_id as subject_id, 'fail' as outcome, 'not logged' as reason
from component as c
where c.product_id not in (select l.product_id from logged_release as l)
order by c.component_id
"""


def network(folder: Path, *, products: tuple[str, ...] = ("core-router-9",), settings: str = "") -> Path:
    """Write a network whose one check asks for a logged release of every component's product."""
    rows = "".join(f"C{number},{product}\n" for number, product in enumerate(products))
    tables: dict[str, str | bytes] = {"component": "component_id,product_id\n" + rows}
    write_network(folder, tables, settings='catalogues = []\nchecks = ["mine"]\n' + settings)
    (folder / "mine").mkdir()
    for suffix, text in ((".toml", CHECK), (".sql", SQL), (".cases.yml", "as_of: 2026-11-01\ncases: {}\n")):
        (folder / "mine" / f"OWN-001{suffix}").write_text(text, "utf-8")
    return folder


def with_log(folder: Path, *, threshold: int = 0, witnesses: int = 0, product: str = "core-router-9") -> Path:
    """Give a network a log with one release under a checkpoint; its keys lie beside it."""
    releases = folder / "releases"
    keys = tuple(key.verifier() for key in KEYS)
    create(releases, Settings(ORIGIN, keys), encode_policy(policy(threshold)))
    key_file = folder.with_name(folder.name + ".key")
    key_file.write_text("".join(f"{key.secret_text()}\n" for key in KEYS), "utf-8")
    key_file.chmod(0o600)
    logged(folder, release(product=product), witnesses=witnesses)
    return folder


def logged(folder: Path, *statements: dict[str, Any], time: int = TIME, witnesses: int = 0) -> None:
    """Log statements under a new checkpoint, cosigned by the first so many witnesses."""
    signers = list(WITNESSES.values())[:witnesses]
    with writing(folder / "releases") as writer:
        writer.append([make_statement(values).entry for values in statements])
        writer.checkpoint(
            KEYS,
            time,
            lambda note, _: [signature_line(parse_note(note).text, signer, time) for signer in signers],
        )
