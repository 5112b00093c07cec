"""What do lint, limits and verified results cost over the same SQL in raw DuckDB, on a million components?"""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

from benchmarks.registry import Phase, Subject, in_child, in_process
from netproof import derived
from netproof.checks.prepare import known_columns, prepare
from netproof.checks.run import Runner
from netproof.demo import write
from netproof.pipeline.request import Request
from netproof.pipeline.stages import load, plan
from netproof.tables.tree import parameters_read

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.checks.run import Prepared
    from netproof.pipeline.stages import Plan
    from netproof.tables.store import Store

SITES = 200_000
AS_OF = date(2026, 11, 1)


def raw(store: Store, asked: Plan) -> None:
    """Run every check's SQL as its author wrote it, and count its scope."""
    for check in asked.checks:
        named = {"as_of": AS_OF, **asked.values[check.id]}
        for sql in (f"select count(distinct subject_id) from ({check.scope})", check.sql):
            used = {name: named[name] for name in parameters_read(sql)}
            store.connection.sql(sql, params=used).to_arrow_table()


def linted(store: Store, asked: Plan) -> list[Prepared]:
    """Lint every check as an assessment does: once, whatever the number of components."""
    columns, lineage = known_columns(store), derived.lineage()
    return [prepare(check, columns, lineage) for check in asked.checks]


def checked(store: Store, asked: Plan, ready: list[Prepared]) -> None:
    """Run every check as an assessment does, its findings verified, sorted and counted."""
    runner = Runner(store, AS_OF)
    for prepared in ready:
        runner.run(prepared, asked.values[prepared.check.id])


def prepare_phases(scratch: Path) -> list[Phase]:
    """Write an operator of 200,000 sites once, load it here for the checks, and check it whole in a child."""
    network = scratch / "million"
    write(network, sites=SITES, format="parquet")
    request = Request(path=network, as_of=AS_OF)
    asked = plan(request)
    store = load(request, asked, lambda *_: None)
    ready = linted(store, asked)
    whole: list[str | Path] = [sys.executable, "-m", "netproof", "check", network, "--format", "json"]
    same = "the same SQL in raw DuckDB"
    return [
        Phase(same, in_process(lambda: raw(store, asked))),
        Phase("netproof runs the checks", in_process(lambda: checked(store, asked, ready)), against=same),
        Phase("netproof lints them before, once", in_process(lambda: linted(store, asked)), against=same),
        Phase("netproof check, whole process", in_child([*whole, "--output", scratch / "answer.json"])),
    ]


SUBJECT = Subject("the checks on 200,000 sites, 1.2 million components", prepare_phases, repeats=5)
