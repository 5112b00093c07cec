"""What the tables of outages tell, as a model: the worst events of each kind, single points of failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netproof import resilience

if TYPE_CHECKING:
    from netproof.tables.store import Store

MEMBERS_LISTED = 100
"""Members of an event that a list of events names; one event asked for names them all."""
CURVE_POINTS = 200
"""Points of a curve of losses."""
POINTS_LISTED = 1000
"""Single points of failure that are listed."""
EXAMPLES = 3

KINDS = tuple(kind.value for kind in resilience.KINDS)
"""Kinds of events, in the order in which they are told."""
SINGLE = {"kinds": [kind.value for kind in resilience.SINGLE]}
"""Kinds of single things, as the database is asked for them."""


def losses(store: Store, listed: int) -> dict[str, Any]:
    """Return what the tables of outages tell, without what network and date it is.

    Args:
        store: The tables; those of outages are filled.
        listed: How many events of a kind are listed.
    """
    people = store.value("select coalesce(max(people), 0) from outage_baseline")
    points = resilience.single_points(store, limit=POINTS_LISTED)
    total = store.value(
        "select count(*) from outage where lost_elsewhere > 0 and kind in (select unnest($kinds))", SINGLE
    )
    return {
        **frame(store, _scale(store, people)),
        "kinds": _kinds(store),
        "events": [_with_share(event, people) for event in _events(store, listed)],
        "single_points_of_failure": [
            {
                "kind": point.kind,
                "id": point.event_id,
                "name": point.name,
                "lost_population": point.people,
                "lost_elsewhere": point.elsewhere,
                "share": round(point.share, 9),
            }
            for point in points
        ],
        "single_points_total": total,
    }


def _scale(store: Store, people: int) -> dict[str, int]:
    """Return how large the network is: everything in it is an event of its own."""
    counted = dict(store.rows("select kind::varchar, count(*) from outage group by kind"))
    return {
        "components": sum(counted.get(kind, 0) for kind in ("component", "facility", "duct")),
        "sites": counted.get("site", 0),
        "links": counted.get("link", 0),
        "people": people,
    }


def frame(store: Store, scale: dict[str, int]) -> dict[str, Any]:
    """Return what stands around events: the network's size, its services, who is without before."""
    functions: dict[str, list[str]] = {}
    for service, function in store.rows(
        "select service_id::varchar, function::varchar from service order by all"
    ):
        functions.setdefault(service, []).append(function)
    baseline = store.rows(
        "select service_id, people, lost_people, lost_sites, coalesce(reason, '') from outage_baseline "
        "order by service_id"
    )
    every = next((row for row in baseline if not row[0]), ("", 0, 0, 0, ""))
    named = [row for row in baseline if row[0]]
    return {
        "scale": {**scale, "flows": store.value("select count(*) from flow")},
        "services": [{"id": row[0], "functions": functions.get(row[0], [])} for row in named],
        "baseline": {
            "lost_population": every[2],
            "lost_sites": every[3],
            "by_service": [
                {"service": row[0], "lost_population": row[2], "lost_sites": row[3], "reason": row[4]}
                for row in named
            ],
        },
        "left_out": [
            {"what": kind, "count": count, "examples": examples}
            for kind, count, examples in store.rows(
                "select kind::varchar, count(*), list(message order by table_name, key)[:$examples] "
                "from outage_note group by kind order by kind",
                {"examples": EXAMPLES},
            )
        ],
    }


def _kinds(store: Store) -> list[dict[str, Any]]:
    """Return for each kind of event how many there are, and how losses fall from the worst on."""
    counted = {
        kind: (events, losing, worst)
        for kind, events, losing, worst in store.rows(
            "select kind::varchar, count(*), count(*) filter (lost_people > 0), max(lost_people) "
            "from outage group by kind"
        )
    }
    curves: dict[str, list[list[int]]] = {}
    for kind, place, lost in store.rows(
        """
        with
        ranked as (
            select kind::varchar as kind, lost_people,
                row_number() over (partition by kind order by lost_people desc) as place,
                count(*) over (partition by kind) as events
            from outage
            where lost_people > 0
        )
        select kind, place, lost_people from ranked
        where place <= 20 or place = events
            or floor(ln(place) * $points / ln(events + 1)) > floor(ln(place - 1) * $points / ln(events + 1))
        order by kind, place
        """,
        {"points": CURVE_POINTS},
    ):
        curves.setdefault(kind, []).append([place, lost])
    return [
        {
            "kind": kind,
            "events": counted[kind][0],
            "with_loss": counted[kind][1],
            "worst_population": counted[kind][2],
            "curve": curves.get(kind, []),
        }
        for kind in KINDS
        if kind in counted
    ]


def _list_worst(store: Store, listed: int) -> None:
    """Make table `_listed`: the worst events of each kind; where few lose anything, the first that do not.

    The least loss that is listed is found before anything is sorted: millions of events lose as little.
    """
    store.connection.execute(
        f"""
        create or replace temp table _listed as
        with
        least as (
            select kind, list_min(max(lost_people, {listed})) as people from outage where lost_people > 0
            group by kind
        ),
        idle as (select kind, min(event_id, {listed}) as ids from outage where lost_people = 0 group by kind),
        near as (
            select o.* from outage as o join least as l on o.kind = l.kind and o.lost_people >= l.people
            union all
            select o.* from outage as o
            join (select kind, unnest(ids) as event_id from idle) as i
                on o.kind = i.kind and o.event_id = i.event_id
            where o.lost_people = 0
        )
        select * from near
        qualify row_number() over (partition by kind order by lost_people desc, event_id) <= {listed}
        """
    )


def _events(store: Store, listed: int) -> list[dict[str, Any]]:
    """Return events with their losses by service and their first members."""
    _list_worst(store, listed)
    rows = store.rows(
        "select kind::varchar, event_id, name, members, lost_people, lost_elsewhere, lost_sites, "
        "coalesce(lost_demand_gbps, 0) from _listed"
    )
    services: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for kind, event, service, people, sites in store.rows(
        "select s.kind::varchar, s.event_id, s.service_id, s.lost_people, s.lost_sites "
        "from outage_service as s join _listed as l on s.kind = l.kind and s.event_id = l.event_id "
        "order by s.service_id"
    ):
        lost = {"service": service, "lost_population": people, "lost_sites": sites}
        services.setdefault((kind, event), []).append(lost)
    members: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for kind, event, table, member, cause in store.rows(
        "select m.kind::varchar, m.event_id, m.member_table::varchar, m.member_id, m.cause "
        "from outage_member as m join _listed as l on m.kind = l.kind and m.event_id = l.event_id "
        "qualify row_number() over (partition by m.kind, m.event_id order by m.cause <> '', m.member_id) "
        "<= $members order by m.cause <> '', m.member_id",
        {"members": MEMBERS_LISTED},
    ):
        members.setdefault((kind, event), []).append({"table": table, "id": member, "cause": cause})
    return [
        {
            "kind": kind,
            "id": event,
            "name": name,
            "members_total": total,
            "lost_population": people,
            "lost_elsewhere": elsewhere,
            "lost_sites": sites,
            "lost_demand_gbps": round(demand, 6),
            "by_service": services.get((kind, event), []),
            "members": members.get((kind, event)) or [{"table": _table(kind), "id": event, "cause": ""}],
        }
        for kind, event, name, total, people, elsewhere, sites, demand in sorted(
            rows, key=lambda row: (KINDS.index(row[0]), -row[4], row[1])
        )
    ]


def _table(kind: str) -> str:
    """Return the table of an event of one thing."""
    return kind if kind in ("site", "link") else "component"


def share(part: int, whole: int) -> float:
    """Return a share of all people."""
    return round(part / whole, 9) if whole else 0.0


def _with_share(event: dict[str, Any], people: int) -> dict[str, Any]:
    """Return an event with the share of all people that it takes."""
    return {**event, "share": share(event["lost_population"], people)}
