"""What goes wrong in operation? Faults for the checks of integrity, monitoring and staff."""

from __future__ import annotations

from hashlib import sha256

import numpy as np

from netproof.demo.equipment import days
from netproof.demo.faults import AS_OF, DAY_S, Ground
from netproof.demo.frames import UNKNOWN
from netproof.demo.market import WITHDRAWN


def _one(ground: Ground, function: str, number: int = 0) -> int:
    """Return the position of a component with a function."""
    return int(ground.frames["component"].where(function=function)[number])


def _releases(ground: Ground) -> None:
    """Plant releases that are withdrawn, have no digest, or do not exist."""
    component, observation, release = (
        ground.frames[name] for name in ("component", "observation", "release")
    )
    mano = _one(ground, "MANO", 1)
    version = ground.run(mano, WITHDRAWN, recorded=True)
    ground.note("INT-003", "fail", [ground.ids[mano]], f"version {version} is withdrawn")
    li = _one(ground, "LI")
    row = release.where(product_id=component["product_id"][li], version=component["version"][li])
    release["sha256"][row] = None
    for check in ("INT-001", "INT-002"):
        ground.note(check, "no_evidence", [ground.ids[li]], "the supplier published no digest")
    ems = _one(ground, "EMS")
    version = "custom build"
    component["version"][ems] = version
    observation["version"][ground.measured(ems)] = version
    observation["sha256"][ground.measured(ems)] = sha256(b"custom build").digest()
    ground.note("INT-001", "fail", [ground.ids[ems]], f"version {version} is no release")
    ground.note("INT-008", "needs_review", [ground.ids[ems]], f"version {version} cannot be put in order")
    for check in ("INT-002", "INT-003"):
        ground.note(check, "no_evidence", [ground.ids[ems]], f"nobody published version {version}")


def _images(ground: Ground) -> None:
    """Plant images that differ, and components that nobody measured."""
    observation = ground.frames["observation"]
    changed = ground.named(ground.every(1))
    rows = observation.among("component_id", changed)
    for row in rows:
        name = observation["component_id"][row]
        observation["sha256"][row] = sha256(f"{name} changed image".encode("ascii")).digest()
    ground.note("INT-002", "fail", changed, "the image is not the released one")
    unmeasured = ground.named(ground.every(2))
    observation.drop(observation.among("component_id", unmeasured))
    ground.note("INT-002", "no_evidence", unmeasured, "nothing was measured on it")


def _channels(ground: Ground) -> None:
    """Plant channels that the operator does not control, or of which it does not know."""
    channel = ground.frames["channel"]
    name = channel["channel_id"]
    # Radio units are not critical: what reaches them is out of scope.
    critical = np.array(["-GNB_" not in target for target in channel["component_id"].tolist()])
    support = np.flatnonzero(critical & (channel["kind"] == "support"))
    telemetry = np.flatnonzero(critical & (channel["kind"] == "telemetry"))
    rows = support[1::200]
    channel["controlled_by_operator"][rows] = False
    ground.note("INT-004", "fail", name[rows].tolist(), "not controlled by the operator")
    rows = support[4::200]
    channel["recorded"][rows] = False
    ground.note("INT-004", "fail", name[rows].tolist(), "what passes is not recorded")
    rows = telemetry[2::200]
    channel["recorded"][rows] = None
    ground.note("INT-004", "no_evidence", name[rows].tolist(), "whether it is recorded is not noted")


def _monitors(ground: Ground) -> None:
    """Plant components that nobody watches, that are silent, and that only tell that they are up."""
    monitor = ground.frames["monitor"]
    unwatched = ground.named(ground.every(3))
    monitor.drop(monitor.among("component_id", unwatched))
    ground.note("MON-001", "fail", unwatched, "no signal is recorded")
    silent = ground.named(ground.every(4))
    rows = monitor.among("component_id", silent)
    monitor["last_seen_at"][rows] = days(2026, 10, 12) * DAY_S + 8040
    monitor["state"][rows] = "stale"
    ground.note("MON-002", "fail", silent, "last heard on 2026-10-12")
    # Its monitoring says that it is up, but has not heard it for a week.
    frozen = ground.named(np.array([_one(ground, "UDM")]))
    monitor["last_seen_at"][monitor.among("component_id", frozen)] = (AS_OF - 7) * DAY_S
    ground.note("MON-002", "fail", frozen, "last heard a week ago, though its state is up")
    ground.note("MON-005", "needs_review", frozen, "said to be up, not heard for a week")
    plain = ground.named(ground.every(5))
    rows = monitor.among("component_id", plain)
    monitor.drop(rows[monitor["signal"][rows] != "up"])
    ground.note("MON-003", "fail", plain, "no security signal")


def _own_people(ground: Ground) -> None:
    """Plant work by people of the operator who may not do it."""
    person, qualification = ground.frames["person"], ground.frames["qualification"]
    routers = ground.named(ground.every(6))
    trainee = str(person["person_id"][person.where(role="trainee")[0]])
    done = ground.work(routers, trainee, days(2026, 8, 19))
    ground.note("STAFF-001", "fail", done, "a trainee whose instruction ended on 2024-02-29")
    ground.note("STAFF-008", "fail", done, "a trainee without instruction in transport")
    nobody = ground.work(routers, None, days(2026, 9, 2))
    ground.note("STAFF-003", "fail", nobody, "no person is recorded")
    ground.note("STAFF-001", "no_evidence", nobody, "no person is recorded")
    known = str(person["person_id"][0])
    unclear = ground.work(routers, known, days(2026, 9, 4), privileged=None)
    ground.note("STAFF-003", "no_evidence", unclear, "whether it was privileged is not recorded")
    # Long ago, outside the window: no finding.
    ground.work(routers, trainee, days(2025, 8, 4))
    udm = str(ground.ids[_one(ground, "UDM", 1)])
    new = f"P-{len(person) + 1:04}"
    person.append(person_id=new, role="core operations", country="DE")
    qualification.append(
        person_id=new,
        subject="security_instruction",
        valid_from=days(2026, 1, 12),
        valid_to=days(2027, 1, 11),
    )
    done = ground.work([udm], new, days(2026, 6, 15))
    ground.note("STAFF-008", "fail", done, "somebody new, not instructed in the core")
    ground.note("STAFF-006", "needs_review", [new], "the instruction ends on 2027-01-11")
    done = ground.work([udm], known, days(2026, 9, 9), remote=True, from_country="AT")
    ground.note("STAFF-007", "needs_review", done, "remote work from another country than the place of work")
    ground.note("STAFF-004", "fail", [new], "privileged work in the core, no background check")


def _vacancies(ground: Ground) -> None:
    """Let the instruction of all but one who manage end the day before: all that they did is in order."""
    person, qualification = ground.frames["person"], ground.frames["qualification"]
    own = set(person["person_id"][person["employer_id"] == None].tolist())  # noqa: E711 -- by element
    rows = qualification.where(subject="management")
    rows = rows[[name in own for name in qualification["person_id"][rows].tolist()]]
    qualification["valid_to"][rows[1:]] = AS_OF - 1
    ground.note("STAFF-009", "fail", ["management"], "one person is left who may manage")


def _suppliers_people(ground: Ground) -> None:
    """Plant work by people of suppliers who may not do it."""
    person, qualification = ground.frames["person"], ground.frames["qualification"]
    routers = ground.named(ground.every(8))
    stranger = f"P-{len(person) + 1:04}"
    person.append(person_id=stranger, employer_id="tarnhollow", role="supplier support", country="NZ")
    done = ground.work(
        routers, stranger, days(2026, 7, 28), task="fault repair", remote=True, from_country="NZ"
    )
    ground.note("STAFF-002", "fail", done, "remote work without a security instruction")
    channel = ground.frames["channel"]
    ways = set(zip(channel["component_id"].tolist(), channel["supplier_id"].tolist(), strict=True))
    hidden = [work for work, name in zip(done, routers, strict=True) if (name, "tarnhollow") not in ways]
    ground.note("STAFF-005", "fail", hidden, "remote work without a recorded channel")
    fitter = f"P-{len(person) + 1:04}"
    person.append(person_id=fitter, employer_id="turmfalk", role="field service", country="DE")
    qualification.append(
        person_id=fitter,
        subject="security_instruction",
        valid_from=days(2024, 5, 2),
        valid_to=days(2026, 5, 1),
    )
    # The day before the end is in order, the day after is not.
    ground.work(routers, fitter, days(2026, 4, 30), task="fault repair")
    done = ground.work(routers, fitter, days(2026, 5, 2), task="fault repair")
    ground.note("STAFF-002", "fail", done, "the instruction ended the day before")
    qualification.append(person_id=fitter, subject="access", valid_from=days(2024, 5, 2), valid_to=UNKNOWN)


def plant_running(ground: Ground) -> None:
    """Plant faults for the checks INT, MON and STAFF."""
    _releases(ground)
    _images(ground)
    _channels(ground)
    _monitors(ground)
    _own_people(ground)
    _vacancies(ground)
    _suppliers_people(ground)
