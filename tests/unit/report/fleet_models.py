"""The fleet of a made-up operator against its log: every status, every finding, files that were read besides."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

STATUS = ("withdrawn", "unknown", "differs", "late", "no_evidence", "logged")
COUNTS = {"withdrawn": 2, "unknown": 61, "differs": 1, "late": 3, "no_evidence": 40, "logged": 48_104}
REASONS = {
    "withdrawn": "release 23.2.1 of product P-7 is withdrawn by entry 311 of 2026-10-20: opens a shell",
    "unknown": "digest 4a1f0c2be9d17733 is in no release among the 412 entries of the log as proven on 2026-10-31",
    "differs": "digest 99aa01 is release 23.2.0 of product P-7 (entry 12); release 23.2.2 is entry 300",
    "late": "digest 17ce55 ran on 2026-10-02, its entry 399 is proven only by 2026-10-09",
    "no_evidence": "version 7.4 was measured without a digest",
    "logged": "entry 12, proven by 2026-05-01: release 23.2.0 of product P-7",
}


def digest(text: str) -> str:
    """A digest in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def component(status: str, place: int) -> dict[str, Any]:
    """One component that is not logged."""
    measured = status != "no_evidence"
    return {
        "component_id": f"S{place:06d}-UPF-1",
        "name": f"UPF {place}" if place % 2 else None,
        "site_id": f"S{place:06d}",
        "function": "UPF" if place % 3 else None,
        "zone": "core",
        "critical": place % 4 == 0,
        "product_id": "P-7",
        "version": "23.2.1",
        "slot": ("firmware" if place % 5 == 4 else "image") if measured else None,
        "sha256": digest(f"{status}{place // 8}") if measured else None,
        "observed_at": "2026-10-31T10:20:21Z" if measured else None,
        "first_seen_at": "2026-10-02T08:00:00Z" if measured else None,
        "entry_index": 311 if status == "withdrawn" else None,
        "logged_at": None,
        "status": status,
        "reason": REASONS[status],
        "signed_not_logged": status == "unknown" and place % 9 == 0,
        "fleet_differs": False,
        "compared_differs": None,
        "changed_at": None,
        "change_recorded": None,
        "rebuild": None,
        "self_reported": place % 2 == 0,
    }


def release(status: str, place: int, components: int) -> dict[str, Any]:
    """One release with one digest."""
    return {
        "product_id": "P-7",
        "product": "Sample UPF",
        "version": "23.2.1",
        "slot": ("firmware" if place % 5 == 4 else "image") if status != "no_evidence" else None,
        "sha256": digest(f"{status}{place}") if status != "no_evidence" else None,
        "components": components,
        "status": status,
        "reason": REASONS[status],
        "entry_index": 12 if status in {"logged", "late"} else None,
        "logged_at": "2026-05-01T08:00:00Z" if status == "logged" else None,
        "rebuild": "same_after_normalising" if status == "late" else None,
        "signed_not_logged": False,
        "fleet_differs": False,
        "compared_differs": None,
        "other_log": None,
    }


def finding(name: str, number: int, **more: Any) -> dict[str, Any]:
    """A further finding."""
    rows = [
        {"component_id": f"S{place:06d}-SMF-1", "reason": f"what {name} says of it"}
        for place in range(min(number, 25))
    ]
    return {"components": number, **more, "listed": rows}


def fleet() -> dict[str, Any]:
    """A fleet with everything in it."""
    listed = [component(status, place) for status in STATUS[:-1] for place in range(min(COUNTS[status], 30))]
    releases = [
        release(status, place, max(1, COUNTS[status] // (place + 2)))
        for status, number in zip(STATUS, (1, 30, 1, 1, 1, 41), strict=True)
        for place in range(number)
    ]
    return {
        "schema_version": "1.0",
        "network": {"name": "Musternetz", "country": "DE"},
        "as_of": "2026-11-01",
        "log": {
            "origin": "log.example.org/musternetz",
            "size": 412,
            "checkpoint_at": "2026-10-31T23:00:00Z",
            "quorum": True,
            "problem": "",
            "witnesses": ["witness.example.org/one", "witness.example.org/two"],
            "releases": 400,
            "withdrawals": 1,
            "rebuilds": 2,
        },
        "compared": [{"log": "log.example.net/other", "releases": 380}],
        "observations": {
            "rows": 61_204,
            "components": 48_171,
            "last_at": "2026-10-31T23:59:59Z",
            "read": [
                {
                    "file": "router.walk",
                    "kind": "snmp_walk",
                    "rows": 1,
                    "files": 0,
                    "undated": 1,
                    "parts": 77,
                },
                {"file": "host.ima", "kind": "ima_ascii", "rows": 0, "files": 1204, "undated": 1, "parts": 0},
            ],
            "left_out": {
                "total": 41,
                "listed": [
                    {
                        "file": "query.json",
                        "line": 3,
                        "name": "127.0.0.4:9090",
                        "reason": "means no component by its id, name or serial number",
                        "rows": 40,
                    },
                    {
                        "file": "router.walk",
                        "line": 0,
                        "name": "parts",
                        "reason": "1 part tells a revision and no serial number",
                        "rows": 1,
                    },
                ],
            },
        },
        "components": {"total": sum(COUNTS.values()), "counts": dict(COUNTS), "without_software": 1564},
        "reasons": [
            {
                "status": status,
                "components": COUNTS[status],
                "releases": sum(1 for row in releases if row["status"] == status),
                "digests": sum(1 for row in releases if row["status"] == status and row["sha256"]),
                "worst": REASONS[status],
            }
            for status in STATUS
        ],
        "listed": listed,
        "releases": {"total": len(releases), "listed": releases},
        "findings": {
            "signed_not_logged": finding("signed", 4),
            "fleet_differs": finding("differs", 2),
            "compared_differs": finding("compared", 1),
            "version_differs": finding("version", 3),
            "change_not_recorded": finding("change", 51, known=True),
            "rebuild_different": finding("rebuild", 1),
            "self_reported": finding("its own word", 30),
        },
        "channels": {
            "total": 120,
            "known": True,
            "listed": [
                {
                    "channel_id": "CH-000017",
                    "component_id": "S000004-UPF-1",
                    "supplier_id": "nordfunk",
                    "ends_in_country": "US",
                    "abroad": True,
                    "controlled_by_operator": False,
                    "recorded": None,
                    "reasons": [
                        "it ends in US",
                        "the operator does not control it",
                        "whether it is recorded is not known",
                    ],
                    "components_changed": 2,
                }
            ],
            "findings": 1,
        },
        "issues": {
            "total": 1,
            "listed": [
                {
                    "file": "observation.csv",
                    "line": 7,
                    "column": "sha256",
                    "expected": "64 hexadecimal digits",
                    "got": "n/a",
                }
            ],
        },
        "files": {
            "total": 1204,
            "components": 1,
            "counts": {"withdrawn": 1, "unknown": 2, "logged": 1201},
            "listed": [
                {
                    "component_id": "S000009-HOST-1",
                    "path": path,
                    "sha256": digest(path),
                    "status": status,
                    "entry_index": index,
                }
                for path, status, index in (
                    ("/usr/sbin/amfd", "withdrawn", 17),
                    ("/opt/site/local.sh", "unknown", None),
                    ("/opt/site/more.sh", "unknown", None),
                )
            ],
        },
        "outcome": "fail",
    }


def sound() -> dict[str, Any]:
    """A fleet in which all is logged and nothing else is found."""
    model = fleet()
    model["components"] = {
        "total": 7,
        "counts": {**dict.fromkeys(STATUS, 0), "logged": 7},
        "without_software": 0,
    }
    model["reasons"] = [row for row in model["reasons"] if row["status"] == "logged"]
    model["listed"], model["compared"] = [], []
    model["files"] = {
        "total": 0,
        "components": 0,
        "counts": {"withdrawn": 0, "unknown": 0, "logged": 0},
        "listed": [],
    }
    model["releases"]["listed"] = [row for row in model["releases"]["listed"] if row["status"] == "logged"]
    model["findings"] = {
        name: {**row, "components": 0, "listed": []} for name, row in model["findings"].items()
    }
    model["channels"] = {"total": 120, "known": True, "listed": [], "findings": 0}
    model["observations"] |= {"read": [], "left_out": {"total": 0, "listed": []}}
    model["issues"] = {"total": 0, "listed": []}
    model["outcome"] = "pass"
    return model


def without_log() -> dict[str, Any]:
    """A network without a log, on which nothing was ever seen, and of whose changes nothing is known."""
    model = sound()
    model["log"] = None
    model["components"] = {
        "total": 7,
        "counts": {**dict.fromkeys(STATUS, 0), "no_evidence": 7},
        "without_software": 1,
    }
    why = "no log of releases: begin one with netproof release log NET init"
    model["listed"] = [component("no_evidence", place) | {"reason": why} for place in range(7)]
    model["reasons"] = [{"status": "no_evidence", "components": 7, "releases": 1, "digests": 0, "worst": why}]
    model["releases"] = {"total": 0, "listed": []}
    model["findings"]["change_not_recorded"]["known"] = False
    model["channels"] = {"total": 0, "known": False, "listed": [], "findings": 0}
    model["observations"] |= {"rows": 0, "components": 0, "last_at": None}
    model["outcome"] = "no_evidence"
    return model


FLEETS = {"fleet": fleet(), "sound": sound(), "without a log": without_log()}
