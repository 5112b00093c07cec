"""Four simple checks on 100,000 critical components: SQL here, a loop in Python, Rego in Open Policy Agent.

All get the critical components ready made. Rego gets everything indexed by key, its best case; the loop gets
columns and indexes them; SQL joins the tables as they are. A loop over what is indexed already is measured
too: it is the bound. All must find the same subjects, or the benchmark stops.

Open Policy Agent comes from the wheel opa-golib-python-bindings, unpacked anywhere: NETPROOF_OPA names that
folder. Without it the phase is left out, and a line says so.
"""

from __future__ import annotations

import importlib
import os
import sys
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.registry import Phase, Subject, in_process
from netproof import derived
from netproof.checks.prepare import known_columns, prepare
from netproof.checks.run import run
from netproof.demo import write
from netproof.pipeline.request import Request
from netproof.pipeline.stages import load, plan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pyarrow as pa

SITES = 90_000
AS_OF = date(2026, 11, 1)
CHECKS = ("MON-001", "INT-001", "INT-003", "CERT-006")
Found = dict[str, set[str]]

REGO = """
package checks
import rego.v1

mon contains id if { some id, _ in data.critical; not data.watched[id] }

int1 contains id if { some id, c in data.critical; not data.digest[c.product][c.recorded] }

int3 contains id if { some id, c in data.critical; data.status[c.product][c.recorded] == "withdrawn" }
int3 contains id if { some id, c in data.critical; data.status[c.product][c.running] == "withdrawn" }
int3 contains id if { some id, c in data.critical; not data.status[c.product][c.running] }
int3 contains id if { some id, c in data.critical; c.recorded != ""; not data.status[c.product][c.recorded] }

cert contains id if { some id, c in data.active; c.function == "" }
cert contains id if { some id, c in data.active; c.function == "OTHER" }
"""


QUERIES = {
    "critical": "select component_id, product_id::varchar as product, version::varchar as recorded, "
    "version_in_use::varchar as running from critical_component",
    "active": "select component_id, function::varchar as function from active_component",
    "release": "select product_id::varchar as product, version::varchar as version, hex(sha256) as digest, "
    f"status::varchar as status from release where published_on is null or published_on <= date '{AS_OF}'",
    "watched": "select distinct component_id from watched_component",
}


def indexed(columns: Mapping[str, pa.Table]) -> dict[str, Any]:
    """Return what the peers look things up in: dictionaries by key; what is unknown is empty text."""
    critical, active, release, watched = (columns[name].to_pydict() for name in QUERIES)
    digest: dict[str, dict[str, str]] = {}
    status: dict[str, dict[str, str]] = {}
    for product, version, sha256, state in zip(*release.values(), strict=True):
        if sha256:
            digest.setdefault(product, {})[version] = sha256
        if state:
            status.setdefault(product, {})[version] = state
    return {
        "critical": {
            name: {"product": product or "", "recorded": recorded or "", "running": running or ""}
            for name, product, recorded, running in zip(*critical.values(), strict=True)
        },
        "active": {name: {"function": f or ""} for name, f in zip(*active.values(), strict=True)},
        "digest": digest,
        "status": status,
        "watched": dict.fromkeys(watched["component_id"], True),
    }


def looped(data: dict[str, Any]) -> Found:
    """Find the subjects with a loop over dictionaries."""
    found: Found = {name: set() for name in CHECKS}
    digest, status, watched = data["digest"], data["status"], data["watched"]
    for name, row in data["critical"].items():
        product, recorded, running = row["product"], row["recorded"], row["running"]
        if name not in watched:
            found["MON-001"].add(name)
        if recorded not in digest.get(product, {}):
            found["INT-001"].add(name)
        states = status.get(product, {})
        state, now = states.get(recorded), states.get(running)
        if "withdrawn" in (state, now) or now is None or (state is None and recorded):
            found["INT-003"].add(name)
    for name, row in data["active"].items():
        if row["function"] in ("", "OTHER"):
            found["CERT-006"].add(name)
    return found


def rego(data: dict[str, Any], folder: str) -> Any:
    """Return a loaded engine of Open Policy Agent."""
    sys.path.insert(0, folder)
    bindings: Any = importlib.import_module("opa_bindings")
    engine = bindings.OpaEngine()
    engine.add_policy("checks.rego", REGO)
    engine.add_data(data)
    return engine


def asked_of(engine: Any) -> Found:
    """Return the subjects that the engine finds."""
    answer = engine.eval_document("checks")
    rules = ("mon", "int1", "int3", "cert")
    return {name: set(answer[rule]) for name, rule in zip(CHECKS, rules, strict=True)}


def prepare_phases(scratch: Path) -> list[Phase]:
    """Write an operator of about 100,000 components, load it, and let all three agree once."""
    network = scratch / "network"
    write(network, sites=SITES, format="parquet")
    request = Request(path=network, as_of=AS_OF)
    asked = plan(request)
    store = load(request, asked, lambda *_: None)
    columns, lineage = known_columns(store), derived.lineage()
    ready = [prepare(check, columns, lineage) for check in asked.checks if check.id in CHECKS]

    def checked() -> Found:
        results = [run(store, one, AS_OF, asked.values[one.check.id]) for one in ready]
        return {result.check.id: set(result.findings["subject_id"].to_pylist()) for result in results}

    columns_of = {name: store.connection.sql(sql).to_arrow_table() for name, sql in QUERIES.items()}
    data = indexed(columns_of)
    want = checked()
    peers: dict[str, Callable[[], Found]] = {
        "a loop in Python": lambda: looped(indexed(columns_of)),
        "a loop over indexes that are there": lambda: looped(data),
    }
    if folder := os.environ.get("NETPROOF_OPA"):
        peers["Rego in Open Policy Agent"] = partial(asked_of, rego(data, folder))
    else:
        sys.stderr.write("Open Policy Agent is left out: NETPROOF_OPA names no folder\n")
    here = "netproof"
    phases = [Phase(here, in_process(checked))]
    for name, peer in peers.items():
        got = peer()
        if got != want:
            differing = {check: sorted(got[check] ^ want[check])[:3] for check in CHECKS}
            raise RuntimeError(f"{name} finds other subjects: {differing}")
        phases.append(Phase(name, in_process(peer), against=here))
    return phases


SUBJECT = Subject(
    f"{len(CHECKS)} simple checks on {SITES:,} sites, about 100,000 critical components",
    prepare_phases,
    repeats=5,
)
