"""Is what runs what was published? The fleet against the log of releases, as a model that a report can tell.

The model of the answer `fleet` (a dict; every list is bounded, every total counts the whole):

    schema_version  "1.0"
    network         {name, country}
    as_of           "2026-11-01"
    log             None without a folder releases/, else {origin, size, checkpoint_at:
                    "2026-11-01T08:00:00Z" or None, quorum: bool, problem: str ("": nothing to say),
                    witnesses: [str], and numbers of entries: releases, withdrawals, rebuilds}
    compared        [{log, releases}]: the other operators' logs that were given, by name
    observations    {rows: of slot image or firmware up to the date, components: on which anything was seen,
                    last_at: the newest one or None, read: [{file, kind, rows, files, undated, parts}]:
                    further files, as they were given, left_out: {total, listed: [{file, line, name, reason,
                    rows}]}}
    files           files of components that were measured one by one: {total, components, counts:
                    {withdrawn, unknown, logged}, listed: [{component_id, path, sha256, status,
                    entry_index}]}; that a file is in no entry says little, since releases are logged as
                    packages
    components      {total, counts: {withdrawn, unknown, differs, late, no_evidence, logged},
                    without_software: components besides, of which no version is recorded, whose product has
                    no release and on which nothing was ever seen}
    reasons         [{status, components, releases, digests, worst: str}]: one a status that any component
                    has, worst first; `worst` is the reason that most components have
    listed          components that are not logged, worst status first, then by component_id:
                    [{component_id, name, site_id, function, zone, critical: bool, product_id, version,
                    slot, sha256, observed_at, first_seen_at, entry_index, logged_at, status, reason,
                    signed_not_logged, fleet_differs, compared_differs, changed_at, change_recorded,
                    rebuild, self_reported}]; what is not known: None
    releases        what runs, by release and digest, worst status first, then the most components: {total,
                    listed: [{product_id, product, version, slot, sha256, components, status, reason,
                    entry_index, logged_at, rebuild, signed_not_logged, fleet_differs, compared_differs,
                    other_log}]}
    findings        {signed_not_logged, fleet_differs, compared_differs, version_differs,
                    change_not_recorded, rebuild_different, self_reported}: of image and firmware alike, each
                    {components: int, listed: [{component_id, reason}]}; change_not_recorded also has
                    `known: bool`, false where there is no table work
    channels        update channels that end abroad, are not controlled or not recorded, or of which that is
                    not known: {total: all of kind update, known: bool, false where there is no table
                    channel, findings: int, listed: [{channel_id, component_id, supplier_id,
                    ends_in_country, abroad, controlled_by_operator, recorded, reasons: [str],
                    components_changed: int}]}
    issues          {total, listed: [{file, line, column, expected, got}]}: values that could not be
                    read, and rows of observation or component whose key stands in another row too
    outcome         "fail" where any component is withdrawn, unknown, differs or late, or anything else was
                    found; else "pass" where every component is logged and every value was read; else
                    "no_evidence"

What a component says of itself is told by `source` of its observation, as the readers of
`sources.observations` write it: "(self-reported)", "(quoted ...)" or "(second path)"; else it is not known.

In use: `read` a network, look up its `components`, then ask for `fleet`. Rows of other operators' logs are
those of table compared_release, as text: log, entry_index, supplier_id, product_id, version, part or "",
sha256.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from netproof import derived
from netproof.errors import SourceError
from netproof.integrity.build import FOLDER, build
from netproof.pipeline.fleet_model import told
from netproof.pipeline.request import Request
from netproof.pipeline.stages import plan, read_tables
from netproof.tables.spec import TableKind, all_specs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from netproof.pipeline.stages import Progress
    from netproof.sources import Network
    from netproof.sources.observations import Identified
    from netproof.tables.store import Store

DERIVED = ("critical_component", "image_status")
"""What the answer is told from, with all that these rest on."""
_ALSO = ("channel", "product", "supplier")

_ONE_A_MOMENT = """
delete from observation
where rowid in (
    select place
    from (
        select
            o.rowid as place,
            row_number() over (
                partition by o.component_id, o.observed_at, o.slot
                order by w.sha256 is null, o.sha256 is null or l.sha256 is not null, o.sha256, o.version
            ) as nth
        from observation as o
        semi join _seen as s
            on o.component_id = s.component_id and o.observed_at = s.observed_at and o.slot::varchar = s.slot
        left join (select distinct sha256 from logged_withdrawal) as w on o.sha256 = w.sha256
        left join (select distinct sha256 from logged_release) as l on o.sha256 = l.sha256
    )
    where nth > 1
)
"""
"""Where files say different things of one moment, the worst counts: withdrawn, in no entry, logged, none."""

Compared = tuple[str, str, str, str, str, str, str]
"""A row of table compared_release."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A network that was read, with its log.

    Attributes:
        path: Its folder or file.
        network: What network.toml says.
        log: The folder of its log; it may be missing.
    """

    path: Path
    network: Network
    as_of: date
    store: Store
    log: Path
    progress: Progress = field(repr=False)

    def components(self) -> list[tuple[str, str | None, str | None]]:
        """Return id, name and serial number of every component, by which observations name them."""
        return self.store.rows("select component_id, name, serial from component order by component_id")


def read(path: Path, as_of: date, progress: Progress) -> Loaded:
    """Read a network's tables and its log of releases.

    Args:
        path: Its folder or file.
        as_of: The date.
        progress: Told of every file before its turn.

    Raises:
        SourceError: A file is not what its name promises, or there is no table component.
        CatalogueError: A catalogue of the network is wrong.
    """
    request = Request(path=path, as_of=as_of)
    asked = plan(request)
    specs = all_specs()
    wanted = {name for name in derived.lineage().read(DERIVED) if specs[name].kind is not TableKind.COMPUTED}
    store = read_tables(request, asked, progress, only=wanted.union(_ALSO))
    if "component" not in store.given:
        raise SourceError(
            f"{path}: expected table component, got none",
            hint="netproof fleet tells of components; import them first",
        )
    log = request.home / FOLDER
    build(store, as_of, log, progress=lambda *at: progress("verify", *at))
    return Loaded(path, asked.network, as_of, store, log, progress)


def fleet(
    loaded: Loaded,
    *,
    observations: Sequence[Identified] = (),
    compared: Sequence[Compared] = (),
    listed: int = 100,
) -> dict[str, Any]:
    """Return whether what runs is what was logged; the module's words tell the model's shape.

    Args:
        loaded: The network; its store is changed, so ask once.
        observations: Further files of what was seen, their names looked up.
        compared: Releases of other operators' logs.
        listed: How many rows each list has at most.
    """
    store = loaded.store
    _add_observations(store, observations)
    _add_compared(store, compared)
    derived.build(store, loaded.as_of, only=DERIVED, progress=lambda *at: loaded.progress("derive", *at))
    head = {
        "schema_version": "1.0",
        "network": {"name": loaded.network.name, "country": loaded.network.country},
        "as_of": loaded.as_of.isoformat(),
    }
    return {**head, **told(store, loaded.as_of, loaded.log, observations, listed)}


def _add_observations(store: Store, read: Sequence[Identified]) -> None:
    """Add what further files say; files of components, measured one by one, apart."""
    store.connection.execute(
        "create temp table _file_seen "
        "(component_id varchar, path varchar, sha256 blob, observed_at timestamp)"
    )
    rows = [one for file in read for one in file.observations]
    if not rows:
        return
    for column in ("version", "source"):
        # A dictionary knows only what the tables brought; these rows may say anything.
        store.connection.execute(f"alter table observation alter {column} type varchar")
    columns = {
        "component_id": pa.array([one.component_id for one in rows], pa.string()),
        "observed_at": pa.array(
            [one.at.astimezone(UTC).replace(tzinfo=None) for one in rows], pa.timestamp("us")
        ),
        "version": pa.array([one.version or None for one in rows], pa.string()),
        "sha256": pa.array([bytes.fromhex(one.sha256) if one.sha256 else None for one in rows], pa.binary()),
        "slot": pa.array([str(one.slot) for one in rows], pa.string()),
        "source": pa.array([one.source or None for one in rows], pa.string()),
        "path": pa.array([one.path for one in rows], pa.string()),
    }
    store.connection.register("_seen", pa.table(columns))
    store.connection.execute(
        "insert into observation by name select * exclude (path) from _seen where path = ''"
    )
    store.connection.execute(
        "insert into _file_seen by name "
        "select component_id, path, sha256, observed_at from _seen where path <> ''"
    )
    store.connection.execute(_ONE_A_MOMENT)
    store.connection.unregister("_seen")
    store.given.add("observation")


def _add_compared(store: Store, rows: Sequence[Compared]) -> None:
    """Fill table compared_release."""
    if not rows:
        return
    names = list(all_specs()["compared_release"].names)
    columns = [pa.array(values, pa.string()) for values in zip(*rows, strict=True)]
    store.connection.register("_other", pa.table(columns, names=names))
    store.connection.execute(
        "insert into compared_release by name select * replace (nullif(part, '') as part, "
        "unhex(sha256) as sha256, cast(entry_index as bigint) as entry_index) from _other"
    )
    store.connection.unregister("_other")
    store.given.add("compared_release")
