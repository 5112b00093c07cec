"""Reads NetBox, from saved answers or a running server, into the tables of a network folder.

One door: `import_netbox` writes CSV files and says what it could not map; `show` prints that.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.sources.netbox.coverage import coverage
from netproof.sources.netbox.endpoints import BY_NAME
from netproof.sources.netbox.estate import Estate, Row
from netproof.sources.netbox.links import Linker
from netproof.sources.netbox.live import read_live
from netproof.sources.netbox.makers import put_makers
from netproof.sources.netbox.people import put_people
from netproof.sources.netbox.places import know_sites, put_sites
from netproof.sources.netbox.power import put_power
from netproof.sources.netbox.reading import Answers, read_saved
from netproof.sources.netbox.report import ImportReport, Missing, UnmappedRole
from netproof.sources.netbox.rules import Rules, read_rules
from netproof.sources.netbox.show import show
from netproof.sources.netbox.things import put_things
from netproof.sources.netbox.wiring import read_wiring
from netproof.sources.netbox.writing import TABLES, write_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

__all__ = ["TOKEN_VARIABLE", "ImportReport", "import_netbox", "show"]

TOKEN_VARIABLE = "NETPROOF_NETBOX_TOKEN"  # noqa: S105  (its name, not a token)
_MAKER = (
    "NetBox knows who makes a product, not who delivered it: check supplier_id of what a dealer delivered"
)
_STAFF = (
    "contacts without a manufacturer or provider are taken as the operator's own people: check employer_id"
)


def import_netbox(  # noqa: PLR0913  (each is an option of the command)
    source: str,
    into: Path,
    *,
    token: str | None = None,
    mapping: Path | None = None,
    replace: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
    as_of: date | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> ImportReport:
    """Write what NetBox knows as tables of a network folder, and return what it did.

    Args:
        source: Folder of saved answers (`dcim.devices.json` and so on), or the address of a server.
        into: The network's folder; made if it is not there.
        token: For a server; without it, the environment variable `NETPROOF_NETBOX_TOKEN`.
        mapping: File with rules that go before the shipped `roles.toml`.
        replace: Replace files that are not this importer's own; they are kept beside.
        progress: Told each endpoint of a server, its number and how many there are.
        as_of: Written into a new network.toml.
        sleep: Waits between tries when a server is busy [s].

    Raises:
        SourceError: An answer, the server, the mapping file or the folder cannot be used;
            the folder is then as it was.
    """
    rules = read_rules(mapping)
    if source.startswith(("http://", "https://")):
        answers = read_live(source, token or os.environ.get(TOKEN_VARIABLE), progress=progress, sleep=sleep)
    elif Path(source).is_dir():
        answers = read_saved(Path(source))
    else:
        raise SourceError(
            f"{source}: expected a folder of saved NetBox answers or an http(s) address, got neither",
            hint="a saved answer is a file such as dcim.devices.json",
        )
    tables, report = build(source, answers, rules)
    return write_all(into, tables, report, again=replace, as_of=as_of)


def build(source: str, answers: Answers, rules: Rules) -> tuple[dict[str, list[Row]], ImportReport]:
    """Return the tables and the report, without writing anything."""
    estate = Estate(answers, rules)
    put_makers(estate)
    know_sites(estate)
    put_things(estate)
    wiring = read_wiring(estate)
    put_power(estate, wiring)
    Linker(estate, wiring).put()
    put_people(estate)
    put_sites(estate)
    estate.tally.note(_MAKER)
    if answers.of("tenancy.contacts"):
        estate.tally.note(_STAFF)
    tables = {name: estate.table(name) for name in TABLES}
    roles = sorted(estate.unmapped.items(), key=lambda item: (-item[1], item[0]))
    report = ImportReport(
        source=source,
        tables={name: len(rows) for name, rows in tables.items() if rows},
        endpoints=estate.tally.endpoints(answers),
        unmapped_roles=tuple(
            UnmappedRole(slug, n, f'{json.dumps(slug)} = "OTHER"  # {n:,} components') for slug, n in roles
        ),
        missing=tuple(Missing(n, why, BY_NAME[n].without) for n, why in answers.missing.items()),
        coverage=coverage(estate),
        notes=tuple(estate.tally.notes),
        files_read=dict(sorted(answers.digests.items())),
        files_written={},
        ignored=tuple(answers.ignored),
    )
    return tables, report
