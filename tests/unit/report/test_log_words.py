from __future__ import annotations

import pytest

from netproof.report import release_add_terminal, release_audit_terminal
from netproof.report.fleet_words import advice
from netproof.report.release_check_terminal import moment

HEAD = {
    "origin": "log.example.org/net",
    "size": 426,
    "signed_by": ["log.example.org/net+fcbee453"],
    "cosigned_by": ["north"],
    "proven_by": "2026-10-20T08:20:00Z",
    "fresh_at": "2026-10-20T08:21:00Z",
}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-10-20T08:20:05Z", "2026-10-20 08:20:05 UTC"),
        ("2026-10-20T08:20:05.25Z", "2026-10-20 08:20:05.25 UTC"),
        ("2026-10-20", "2026-10-20"),
        ("yesterday\x1b[2J", "yesterday\x1b[2J"),
    ],
)
def test_a_moment_is_told_as_people_write_it_and_other_text_is_left_alone(text: str, told: str) -> None:
    assert moment(text) == told


def test_an_audit_names_entries_and_moments_in_words() -> None:
    kinds = {"policy": 1, "release": 344, "supplier-key": 7, "withdraw": 1}
    entries = {"read": 426, "read_to": 426, "as_statements": True, "kinds": kinds}
    got = release_audit_terminal.text(
        {
            "where": "copy",
            "findings": [],
            "counts": {},
            "head": HEAD,
            "before": None,
            "consistent": None,
            "entries": entries,
            "state": "",
            "at": "2026-11-22T09:00:00Z",
        }
    ).splitlines()

    assert got == [
        "copy: nothing found",
        "  log: log.example.org/net, 426 entries",
        "    signed by log.example.org/net+fcbee453",
        "    cosigned by north",
        "    a quorum had seen it by 2026-10-20 08:20:00 UTC",
        "    a quorum last saw it at 2026-10-20 08:21:00 UTC",
        "  426 new entries hashed and read; 426 in all",
        "    1 policy, 344 releases, 7 supplier keys, 1 withdrawal",
        "",
        "audited at 2026-11-22 09:00:00 UTC; nothing was remembered",
    ]


@pytest.mark.parametrize(
    ("listed", "unlisted", "told"),
    [
        (30, 0, "and 10 more (--format json lists them)"),
        (30, 1_000, "and 1,010 more (--format json lists all but 1,000)"),
        (20, 1_000, "and 1,000 more"),
        (20, 0, ""),
    ],
)
def test_json_is_named_only_for_what_it_lists(listed: int, unlisted: int, told: str) -> None:
    row = {"shown": "x@1", "outcome": "logged", "entry": 1, "reason": "", "release": None, "sha256": None}
    row |= {"verdict": "", "signatures": [], "sbom_sha256": None, "provenance_sha256": None, "notes": []}
    text = release_add_terminal.text(
        {
            "releases": [row] * listed,
            "unlisted": unlisted,
            "left_out": [],
            "summary": {"logged": listed + unlisted},
            "log": {"origin": "log.example.org/net", "size": listed + unlisted},
            "checkpoint": None,
            "unpublished": "",
        }
    )

    assert [line for line in text.splitlines() if line.startswith("and ")] == ([told] if told else [])


def test_what_to_do_about_a_log_fits_what_is_wrong_with_it() -> None:
    rest = {"components": {"counts": {}}, "channels": {"findings": 0}, "findings": {}}
    rest["observations"] = {"left_out": {"total": 0}}
    shows_nothing = advice({**rest, "log": {"problem": "cosigned too late", "quorum": False}})

    assert "told above" in shows_nothing[0]
    assert len(shows_nothing) == 1
