"""How long does it take to validate NIST's catalogue and to resolve its HIGH baseline, beside trestle?

compliance-trestle is no dependency: NETPROOF_TRESTLE_PYTHON names an interpreter that has it (5.2), and
NETPROOF_DATA the folder of real files. Both tools read the same files, each in a process of its own that
warms up once and times itself; their controls must be equal before anything is measured. Of the two phases
that read, each takes the file from the disk and ends with a document that was verified.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.registry import Phase, Subject, in_child
from netproof.oscal.resolve import resolve_file
from netproof.oscal.select import walk

if TYPE_CHECKING:
    from typing import Any

NAME = "NIST_SP-800-53_rev5"
ROUNDS = 5

_TIMED = f"""
import sys, time
from pathlib import Path
folder = Path(sys.argv[1])
{{setup}}
work()
times = []
for _ in range({ROUNDS}):
    start = time.perf_counter()
    result = work()
    times.append(time.perf_counter() - start)
{{after}}
print(min(times))
"""
_TRESTLE_RESOLVE = """
from trestle.core.profile_resolver import ProfileResolver
profile = folder / "profiles" / "high" / "profile.json"
def work(): return ProfileResolver.get_resolved_profile_catalog(folder, str(profile))
"""
_TRESTLE_READ = """
from trestle.oscal.catalog import Catalog
def work(): return Catalog.oscal_read(folder / "catalogs" / "nist" / "catalog.json")
"""
_OURS_RESOLVE = """
from netproof.oscal.resolve import resolve_file
def work(): return resolve_file(folder / "ours" / "profile.json")
"""
_OURS_READ = """
from netproof.oscal.read import read_file
def work(): return read_file(folder / "catalogs" / "nist" / "catalog.json")
"""
_KEEP = "(folder / 'trestle.json').write_text(result.oscal_serialize_json())"


def _folders(scratch: Path, data: Path) -> None:
    """Write the same catalogue and profile for both tools; only the profile's href differs."""
    catalog = scratch / "catalogs" / "nist" / "catalog.json"
    theirs = scratch / "profiles" / "high" / "profile.json"
    ours = scratch / "ours"
    for folder in (catalog.parent, theirs.parent, ours, scratch / ".trestle"):
        folder.mkdir(parents=True)
    (scratch / ".trestle" / "config.ini").write_text("", "utf-8")
    shutil.copyfile(data / f"{NAME}_catalog.json", catalog)
    shutil.copyfile(data / f"{NAME}_catalog.json", ours / "catalog.json")
    document = json.loads((data / f"{NAME}_HIGH-baseline_profile.json").read_text("utf-8"))
    for path, href in (
        (theirs, "trestle://catalogs/nist/catalog.json"),
        (ours / "profile.json", "catalog.json"),
    ):
        document["profile"]["imports"][0]["href"] = href
        path.write_text(json.dumps(document), "utf-8")


def _controls(catalog: dict[str, Any]) -> dict[str, Any]:
    """Return a catalog's controls by id, each without those below it."""
    return {c["id"]: {k: v for k, v in c.items() if k != "controls"} for c in walk(catalog)}


def prepare(scratch: Path) -> list[Phase]:
    """Lay the files out, and make sure that both tools resolve to the same controls."""
    python, data = os.environ.get("NETPROOF_TRESTLE_PYTHON"), os.environ.get("NETPROOF_DATA")
    if not python or not data:
        print(
            "skipped: set NETPROOF_TRESTLE_PYTHON (an interpreter with compliance-trestle) and NETPROOF_DATA"
        )
        return []
    _folders(scratch, Path(data) / "oscal")

    def timed(interpreter: str, setup: str, after: str = "") -> list[str | Path]:
        return [interpreter, "-W", "ignore", "-c", _TIMED.format(setup=setup, after=after), scratch]

    subprocess.run(timed(python, _TRESTLE_RESOLVE, _KEEP), check=True, capture_output=True)
    theirs = json.loads((scratch / "trestle.json").read_text("utf-8"))["catalog"]
    ours = resolve_file(scratch / "ours" / "profile.json").catalog
    if _controls(ours) != _controls(theirs):
        msg = "netproof and trestle resolve to different controls"
        raise RuntimeError(msg)
    same = [c["id"] for c in walk(ours)] == [c["id"] for c in walk(theirs)]
    print(f"{len(_controls(ours))} controls are equal, in {'the same' if same else 'another'} order")
    read, resolve = "trestle reads the catalogue", "trestle resolves HIGH"
    return [
        Phase(read, in_child(timed(python, _TRESTLE_READ), times_itself=True)),
        Phase(
            "netproof reads and validates it",
            in_child(timed(sys.executable, _OURS_READ), times_itself=True),
            against=read,
        ),
        Phase(resolve, in_child(timed(python, _TRESTLE_RESOLVE), times_itself=True)),
        Phase(
            "netproof resolves HIGH",
            in_child(timed(sys.executable, _OURS_RESOLVE), times_itself=True),
            against=resolve,
        ),
    ]


SUBJECT = Subject("OSCAL: validation and profile resolution", prepare, repeats=5)
