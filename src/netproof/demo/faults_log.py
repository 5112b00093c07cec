"""What does the log of releases show that no table shows? Faults for the checks of the log.

Which release the log lacks, has too late, withdrew or could not rebuild is done where the log is made
(`releases`), by the names that stand here: each of a product of which a single component is in use.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from netproof.demo.equipment import days
from netproof.demo.faults import DAY_S
from netproof.demo.frames import UNKNOWN

if TYPE_CHECKING:
    from netproof.demo.draw import Ints
    from netproof.demo.faults import Ground
    from netproof.demo.frames import Frames
    from netproof.demo.market import Market

OWN = "log.example.org/musternetz"
"""The log's name."""
WITHDRAWN_IN_LOG = "zirbelwerk-nef"
"""What the supplier withdrew in October; the operator's table still calls it current."""
LATE = "wolkenstieg-aaa"
"""What was logged a month after it had been seen to run."""
NOT_LOGGED = "kelmaro-udr"
"""What the supplier published and nobody logged."""
OTHER_IMAGE = "ostrevan-nssf"
"""What says that it is one release and runs the image of another."""
REBUILT_OTHERWISE = "zirbelwerk-sepp"
"""What came out different when it was built again from its source."""
REBUILT_SAME = "ostrevan-n3iwf"
REBUILT_ALMOST_SAME = "kelmaro-chf"
"""What came out the same, the second but for times inside."""

ABROAD = ("PT", "NZ", "AT")
"""Where three channels for updates end instead of at home."""

SUMMER = days(2026, 7, 14)
"""When the core was measured before."""
_RECORD_DAYS = 3
"""So long before a new image was seen somebody installed it."""


@dataclass(frozen=True, slots=True)
class InUse:
    """The release of a product that its only component runs.

    Attributes:
        component: Position of the component.
        slot: Which of the product's versions.
    """

    component: int
    slot: int


def in_use(frames: Frames, market: Market, product_id: str) -> InUse:
    """Return what the first component of a product runs by the inventory."""
    component = frames["component"]
    row = int(component.where(product_id=product_id)[0])
    item = next(item for item in market.products if item.product_id == product_id)
    return InUse(row, item.versions.index(component["version"][row]))


def _images(ground: Ground, position: int) -> Ints:
    """Return the rows of a component's images, earliest first."""
    observation = ground.frames["observation"]
    rows = observation.where(component_id=ground.ids[position], slot="image")
    order: Ints = rows[np.argsort(observation["observed_at"][rows], kind="stable")]
    return order


def _entries(ground: Ground) -> None:
    """Plant what is wrong between the log and what runs."""
    observation = ground.frames["observation"]

    def running(product_id: str) -> tuple[str, InUse]:
        used = in_use(ground.frames, ground.market, product_id)
        return str(ground.ids[used.component]), used

    name, _ = running(WITHDRAWN_IN_LOG)
    ground.note("INT-013", "fail", [name], "the log withdrew it in October, the table still calls it current")
    name, used = running(LATE)
    first, last = _images(ground, used.component)
    for column in ("version", "sha256"):
        observation[column][first] = observation[column][last]
    ground.note("INT-014", "fail", [name], "seen to run in July, logged in August")
    name, _ = running(NOT_LOGGED)
    ground.note("INT-012", "fail", [name], "published by its supplier, and not in the log")
    ground.note("INT-020", "fail", [name], "published by its supplier, and not in the log")
    name, used = running(OTHER_IMAGE)
    other = ground.product(OTHER_IMAGE).digest((used.slot + 1) % 3)
    observation["sha256"][_images(ground, used.component)] = other
    words = "says that it is one release and runs the image of another"
    ground.note("INT-012", "fail", [name], words)
    ground.note("INT-002", "fail", [name], words)
    name, _ = running(REBUILT_OTHERWISE)
    ground.note("INT-018", "fail", [name], "built again from its source, it came out different")


def _unknown_images(ground: Ground) -> None:
    """Note images that no log has: planted by `faults_running`."""
    component = ground.frames["component"]
    changed = ground.named(ground.every(1))
    ground.note("INT-012", "fail", changed, "the image is in no log")
    ems = ground.named(component.where(version="custom build"))
    ground.note("INT-012", "fail", ems, "nobody published this build")
    products = sorted({str(name) for name in component["product_id"][ground.every(1)]})
    ground.note("INT-015", "fail", products, "one router runs another image than the others of its release")
    for check in ("INT-012", "INT-013"):
        ground.note(check, "no_evidence", ground.named(ground.every(2)), "nothing was measured on it")
    mano = ground.named(component.where(function="MANO")[1:2])
    ground.note("INT-013", "fail", mano, "the release that runs is withdrawn, in the log too")
    station = int(component.where(function="GNB_DU")[7])
    ground.frames["observation"]["sha256"][ground.measured(station)] = sha256(b"image of one cell").digest()
    ground.note("INT-021", "fail", ground.named(np.array([station])), "an image that nobody else runs")


def _witnesses(ground: Ground) -> None:
    """Note that the witnesses cosigned the log for the last time too long ago."""
    ground.note("INT-017", "fail", [OWN], "the witnesses last cosigned the log on 2026-10-20")


def _changes(ground: Ground) -> None:
    """Let every change of an image have a record, but two: a build of nobody and an update by nobody."""
    component, person = ground.frames["component"], ground.frames["person"]
    silent = np.append(component.where(version="custom build"), component.where(function="UPF")[-1])
    names = ground.named(silent)
    seen = _changed(ground)
    rows = component.among("component_id", sorted(seen.keys() - set(names)))
    missing: dict[tuple[str, int], list[str]] = {}
    recorded = _recorded(ground, seen)
    for name, zone in zip(ground.named(rows), component["zone"][rows].tolist(), strict=True):
        if name not in recorded:
            missing.setdefault((zone, seen[name]), []).append(name)
    for (zone, day), changed in missing.items():
        worker = str(person["person_id"][person.where(role=f"{zone} operations")[0]])
        ground.work(changed, worker, day - _RECORD_DAYS, task="software update")
    work = ground.frames["work"]
    rows = work.among("component_id", names)
    work.drop(rows[work["done_at"][rows] >= SUMMER * DAY_S])
    ground.note("INT-016", "fail", names, "another image since the summer, and nobody recorded work on it")


def _recorded(ground: Ground, seen: dict[str, int]) -> set[str]:
    """Return the components on which work is recorded for the last days before they were measured."""
    work = ground.frames["work"]
    done = zip(work["component_id"].tolist(), (work["done_at"] // DAY_S).tolist(), strict=True)
    return {name for name, day in done if 0 <= seen.get(name, UNKNOWN) - day <= _RECORD_DAYS}


def _changed(ground: Ground) -> dict[str, int]:
    """Return the components whose image is not that of the summer, with the day when it was first seen."""
    observation = ground.frames["observation"]
    rows = observation.where(slot="image")
    moments = observation["observed_at"][rows] // DAY_S
    then, now = rows[moments == SUMMER], rows[moments > SUMMER]
    name, digest = observation["component_id"], observation["sha256"]
    before = dict(zip(name[then].tolist(), digest[then].tolist(), strict=True))
    days_now = (observation["observed_at"][now] // DAY_S).tolist()
    return {
        one: day
        for one, what, day in zip(name[now].tolist(), digest[now].tolist(), days_now, strict=True)
        if before.get(one, what) != what
    }


def _channels(ground: Ground) -> None:
    """Let three channels for updates end abroad: in good hands, in nobody's, with a silent update."""
    channel = ground.frames["channel"]
    updates = channel.where(kind="update")
    plane = str(ground.ids[ground.frames["component"].where(function="UPF")[-1]])
    held, loose, silent = updates[9], updates[11], channel.where(kind="update", component_id=plane)[0]
    for row, country in zip((held, loose, silent), ABROAD, strict=True):
        channel["ends_in_country"][row] = country
    name = channel["channel_id"]
    ground.note("INT-019", "needs_review", [str(name[held])], "updates come from abroad, and are recorded")
    channel["controlled_by_operator"][loose] = False
    words = "updates come from abroad, not controlled by the operator"
    ground.note("INT-004", "fail", [str(name[loose])], "not controlled by the operator")
    ground.note("INT-019", "fail", [str(name[loose])], words)
    ground.note("INT-019", "fail", [str(name[silent])], "an update came from abroad without a record")
    unknown = [str(name[row]) for row in updates if channel["ends_in_country"][row] is None]
    ground.note("INT-019", "no_evidence", unknown, "where the far end is, is not recorded")


def plant_log(ground: Ground) -> None:
    """Plant faults for the checks of the log: INT-012 to INT-021; after all others."""
    _entries(ground)
    _unknown_images(ground)
    _witnesses(ground)
    _changes(ground)
    _channels(ground)
