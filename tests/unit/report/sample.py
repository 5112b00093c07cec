"""A report model of a made-up operator, of any size, the same every time."""

from __future__ import annotations

import csv
import hashlib
import random
from pathlib import Path
from typing import Any

OUTCOMES = ("error", "fail", "no_evidence", "needs_review", "pass", "not_applicable")
FINDING_OUTCOMES = OUTCOMES[1:4]

DUTIES = (
    ("A2-2", "Critical components are certified", "CERT"),
    ("A2-3", "Suppliers have declared that they are trustworthy", "TRUST"),
    ("A2-4", "Products are intact from acceptance on", "INT"),
    ("A2-5", "Security is monitored", "MON"),
    ("A2-6", "Instructed staff does the work", "STAFF"),
    ("A2-7", "There is redundancy", "RED"),
    ("A2-8", "Suppliers and products are diverse", "DIV"),
)
VERDICT = {"CERT": "certified", "TRUST": "paperwork", "RES": "restricted"}

CITIES = (
    ("Berlin", 52.52, 13.405, "11000"),
    ("Hamburg", 53.551, 9.994, "02000"),
    ("München", 48.137, 11.575, "09162"),
    ("Köln", 50.938, 6.96, "05315"),
    ("Frankfurt am Main", 50.11, 8.682, "06412"),
    ("Stuttgart", 48.776, 9.183, "08111"),
    ("Düsseldorf", 51.228, 6.773, "05111"),
    ("Leipzig", 51.34, 12.375, "14713"),
    ("Dortmund", 51.514, 7.468, "05913"),
    ("Bremen", 53.079, 8.802, "04011"),
    ("Dresden", 51.051, 13.738, "14612"),
    ("Hannover", 52.376, 9.732, "03241"),
    ("Nürnberg", 49.452, 11.077, "09564"),
    ("Rostock", 54.089, 12.14, "13003"),
    ("Erfurt", 50.985, 11.03, "16051"),
    ("Saarbrücken", 49.24, 6.997, "10041"),
    ("Freiburg", 47.999, 7.842, "08311"),
    ("Kiel", 54.323, 10.123, "01002"),
    ("Kassel", 51.313, 9.482, "06611"),
    ("Regensburg", 49.013, 12.102, "09362"),
)
SUPPLIERS = (
    ("S-ALD", "Aldermoor Systems"),
    ("S-BRK", "Brackwede Funk"),
    ("S-CLV", "Clovelly Networks"),
    ("S-DRO", "Drovania Telecom"),
)
CHECKS = list(
    csv.DictReader(Path(__file__).with_name("sample_checks.csv").read_text(encoding="utf-8").splitlines())
)


def digest(text: str) -> str:
    """SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def model(*, findings_per_check: int | None = None, sites: int = 400, listed: int = 200) -> dict[str, Any]:
    """The report model of "Musternetz".

    `findings_per_check` overrides the counts of all checks that do not pass; `listed` caps what is listed.
    """
    chance = random.Random(7)  # noqa: S311 - made-up data
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    checks = [_check(spec, findings_per_check, listed, rows, chance) for spec in CHECKS]
    by_family = {
        family: [check for check in checks if check["id"].startswith(family + "-")] for _, _, family in DUTIES
    }
    requirements = [
        {
            "id": key,
            "title": title,
            "outcome": _worst(by_family[family]),
            "checks": [check["id"] for check in by_family[family]],
            "prose": f"{title}. Paraphrased from secondary sources; the annex itself was not read.\n\n"
            "The operator shows it for every component that realises a critical function.",
            "legal_status": "in_force",
            "valid_from": "2021-08-18",
            "valid_to": None,
            "sources": [
                {
                    "text": "TKG § 165 (4)",
                    "url": "https://www.gesetze-im-internet.de/tkg_2021/__165.html",
                    "tag": "P",
                },
                {"text": "Catalogue 2.0, Annex 2, by a law firm's account", "url": "", "tag": "S"},
            ],
        }
        for key, title, family in DUTIES
    ]
    return {
        "schema_version": "1.0",
        "network": {"name": "Musternetz", "country": "DE"},
        "as_of": "2026-11-01",
        "catalogues": [
            {
                "id": "de-tkg-2.0",
                "title": "German security catalogue 2.0, Annex 2",
                "legal_status": "in_force",
                "version": "2.0",
                "notes": [
                    "The text of Annex 2 could not be read; its duties are paraphrased.",
                    "Critical functions follow the decision tree of BSI TR-03163, Annex A 1.4.",
                ],
                "requirements": requirements,
            }
        ],
        "families": [
            _family("certified", "Certified for function and version on the date", checks),
            _family("paperwork", "Supplier paperwork complete", checks),
            _family("restricted", "Use restricted by order, contract or law", checks),
            _family("operation", "Operation", checks),
        ],
        "checks": checks,
        "data_issues": {
            "total": 7,
            "by_kind": {"dangling_reference": 5, "duplicate_key": 2},
            "examples": [
                {
                    "table": "component",
                    "column": "product_id",
                    "kind": "dangling_reference",
                    "key": "C-00417",
                    "value": "P-OLD",
                    "file": "component.csv",
                    "line": 418,
                    "message": "product_id 'P-OLD' is not a row of product",
                }
            ],
        },
        "import_issues": {
            "total": 2,
            "by_file": {"component.csv": 2},
            "examples": [
                {
                    "file": "component.csv",
                    "line": 1204,
                    "column": "first_used_on",
                    "expected": "a date such as 2026-11-01",
                    "got": "'31.02.2024'",
                }
            ],
        },
        "summary": {
            "requirements": _counts(requirements),
            "checks": _counts(checks),
            "findings": {key: sum(check["counts"][key] for check in checks) for key in FINDING_OUTCOMES},
        },
        "details": {
            "tables": [
                _table("component", 3012),
                _table("site", sites),
                _table("supplier", 4),
                _table("certificate", 38),
                {"name": "critical_function", "rows": 19, "given": False, "files": []},
                {"name": "dependency", "rows": 0, "given": False, "files": []},
            ],
            "sites": _sites(sites, chance),
            "shares": _shares(chance),
            "rows": rows,
        },
    }


def _check(
    spec: dict[str, str],
    per_check: int | None,
    listed: int,
    rows: dict[str, dict[str, dict[str, Any]]],
    chance: random.Random,
) -> dict[str, Any]:
    outcome, table = spec["outcome"], spec["subject_table"]
    counts = {kind: int(spec[kind]) for kind in FINDING_OUTCOMES}
    if per_check is not None:
        outcome, counts = "fail", {"fail": per_check, "no_evidence": 0, "needs_review": 0}
    told = [reason.split(":", 1) for reason in spec["reasons"].split("|") if reason]
    findings = []
    for kind, count in counts.items():
        reasons = [text for outcome_of, text in told if outcome_of == kind] or [
            "version 22.{d}.{n} is not covered"
        ]
        for n in range(min(count, listed)):
            subject = f"{table[:1].upper()}-{n * 7 % 3000:05d}"
            rows.setdefault(table, {})[subject] = _row(subject, n)
            findings.append(
                {
                    "subject_table": table,
                    "subject_id": subject,
                    "outcome": kind,
                    "reason": chance.choice(reasons).format(n=n, d=n % 8 + 1),
                    "source": None
                    if table in ("region", "critical_function")
                    else {"file": f"{table}.csv", "line": n * 7 + 2, "sha256": digest(table)},
                }
            )
    return {
        "id": spec["id"],
        "title": spec["title"],
        "outcome": outcome,
        "severity": spec["severity"],
        "verdict": VERDICT.get(spec["id"].partition("-")[0], "operation"),
        "subject_table": table,
        "in_scope": max(int(spec["in_scope"]), sum(counts.values())),
        "counts": counts,
        "findings": findings[:listed],
        "findings_total": sum(counts.values()),
        "parameters": _parameters(spec["id"]),
        "motivation": "What nobody has tested may do what nobody asked for. Whoever runs it answers for it.",
        "remedy": spec["remedy"],
        "sources": [
            {"text": "TKG § 165 (4)", "url": "https://www.gesetze-im-internet.de/tkg_2021/", "tag": "P"}
        ],
        "message": "stopped after 60 s: the time limit of a check" if outcome == "error" else "",
    }


def _row(subject: str, n: int) -> dict[str, Any]:
    return {
        "component_id": subject,
        "name": f"amf-{n:03d}.core.example",
        "site_id": f"SITE-{n % 400:04d}",
        "parent_id": None,
        "function": "AMF",
        "zone": "core",
        "product_id": "P-CORE-7",
        "supplier_id": "S-ALD",
        "version": f"22.3.{n}",
        "serial": "",
        "population": None,
        "first_used_on": "2023-05-02",
        "retired_on": None,
        "shared_with": None,
    }


def _parameters(check_id: str) -> list[dict[str, Any]]:
    none = "no German text gives a number"
    known: dict[str, list[tuple[Any, ...]]] = {
        "CERT-003": [
            ("days", 180, 180, "days", "How long ahead to look", "time that a new evaluation takes")
        ],
        "DIV-003": [
            ("share_max", 0.5, 0.6, "1", "Largest share of one supplier", none),
            ("min_components", 4, 4, "components", "Fewer are not judged", none),
        ],
    }
    keys = ("name", "value", "default", "unit", "meaning", "source")
    return [dict(zip(keys, values, strict=True)) | {"tag": "D"} for values in known.get(check_id, [])]


def _worst(checks: list[dict[str, Any]]) -> str:
    return OUTCOMES[min(OUTCOMES.index(check["outcome"]) for check in checks)]


def _counts(things: list[dict[str, Any]]) -> dict[str, int]:
    return {outcome: sum(thing["outcome"] == outcome for thing in things) for outcome in OUTCOMES}


def _family(key: str, title: str, checks: list[dict[str, Any]]) -> dict[str, Any]:
    members = [check for check in checks if check["verdict"] == key]
    return {
        "id": key,
        "title": title,
        "outcome": _worst(members),
        "checks": [check["id"] for check in members],
        "counts": {
            outcome: sum(check["counts"][outcome] for check in members) for outcome in FINDING_OUTCOMES
        },
    }


def _table(name: str, rows: int) -> dict[str, Any]:
    file = {"file": f"{name}.csv", "sha256": digest(name), "rows": rows}
    return {"name": name, "rows": rows, "given": True, "files": [file]}


def _sites(count: int, chance: random.Random) -> list[dict[str, Any]]:
    sites = []
    for n in range(count):
        city, latitude, longitude, region = CITIES[n % len(CITIES)]
        kind = "core_dc" if n < 5 else chance.choice(("cell_site", "cell_site", "cell_site", "edge", "pop"))
        bad = chance.random()
        sites.append(
            {
                "site_id": f"SITE-{n:04d}",
                "name": f"{city} {n // len(CITIES) + 1}",
                "kind": kind,
                "region": region,
                "latitude_deg": None if n % 97 == 96 else round(latitude + chance.gauss(0, 0.22), 4),
                "longitude_deg": round(longitude + chance.gauss(0, 0.3), 4),
                "components": chance.randint(3, 14),
                "critical": chance.randint(0, 3),
                "fail": chance.randint(1, 4) if bad < 0.12 else 0,
                "no_evidence": chance.randint(1, 6) if bad < 0.24 else 0,
                "needs_review": 1 if 0.2 < bad < 0.32 else 0,
            }
        )
    return sites


def _shares(chance: random.Random) -> list[dict[str, Any]]:
    shares = []
    functions = (
        "AMF",
        "SMF",
        "UPF",
        "UDM",
        "AUSF",
        "NRF",
        "SEPP",
        "GNB_CU",
        "GNB_DU",
        "ROUTER",
        "MANO",
        "LI",
    )
    for dimension, values in (("function", functions), ("region", [city[3] for city in CITIES])):
        for value in values:
            parts = [chance.choice((0, 1, 3, 8, 20, 40)) for _ in SUPPLIERS]
            parts[0] = parts[0] or 4
            shares += [
                {
                    "dimension": dimension,
                    "value": value,
                    "supplier_id": key,
                    "supplier_name": name,
                    "components": part,
                    "total": sum(parts),
                }
                for (key, name), part in zip(SUPPLIERS, parts, strict=True)
                if part
            ]
    return shares
