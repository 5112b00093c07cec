"""Entries: strict JSON, one form, known kinds, nothing hidden."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import jsonschema_rs
import pytest

from netproof.errors import LogError
from netproof.tlog.canonical import canonical, read_canonical, read_json
from netproof.tlog.statement import Kind, make_statement, read_statement, statement_schema, utc_seconds
from netproof.tlog.verify import digests_of
from tests.tlogs import ARTIFACT, ENTRY, release

SHA = "ab" * 32
WHEN = "2026-10-26T04:53:20Z"
ABOUT = {
    "v": 1,
    "supplier": "Sample Networks",
    "product": "core-router-9",
    "release": "2.4.1",
    "digests": {"sha256": SHA},
    "time": WHEN,
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "release": release(
        component="boot loader",
        media="application/octet-stream",
        supplier_sig=[{"format": "cms", "sha256": SHA, "signer": SHA}],
        provenance_sha256=SHA,
        sbom_sha256=SHA,
        source={"escrow_sha256": SHA, "commit": "0" * 40},
        supersedes="2.4.0",
    ),
    "withdraw": ABOUT | {"kind": "withdraw", "reason": "The update opens a port."},
    "observation": {
        "v": 1,
        "kind": "observation",
        "element": SHA,
        "product": "core-router-9",
        "release": "2.4.1",
        "digests": {"sha256": SHA, "sha512": SHA * 2},
        "method": "quote",
        "time": WHEN,
    },
    "rebuild": ABOUT
    | {
        "kind": "rebuild",
        "source": {"escrow_sha256": SHA},
        "rebuilt": {"sha256": SHA},
        "result": "same_after_normalising",
        "normalised": ["build time in /version"],
    },
    "supplier-key": {
        "v": 1,
        "kind": "supplier-key",
        "supplier": "Sample Networks",
        "format": "openpgp",
        "key_sha256": SHA,
        "signer": "B1000AC38C41525A19BDC08799AD81DF27A7B001",
        "status": "trusted",
        "time": WHEN,
    },
    "policy": {"v": 1, "kind": "policy", "name": "readers", "policy_sha256": SHA, "time": WHEN},
    "assessment": {
        "v": 1,
        "kind": "assessment",
        "netproof": "0.1.0",
        "as_of": "2026-10-26",
        "inputs": [{"table": "site", "sha256": SHA}],
        "catalogues": [{"id": "de-tkg-2.0", "version": "2.0", "sha256": SHA}],
        "outcome": "needs_review",
        "answer_sha256": SHA,
        "time": WHEN,
    },
}


def test_every_kind_has_an_example() -> None:
    assert set(EXAMPLES) == set(Kind)
    assert set(statement_schema()["properties"]["kind"]["enum"]) == set(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_a_statement_reads_back(kind: Kind) -> None:
    made = make_statement(EXAMPLES[kind])

    assert made.kind is kind
    assert made.values == EXAMPLES[kind]
    assert made.entry == canonical(EXAMPLES[kind])
    assert read_statement(made.entry) == made
    assert made.time == datetime(2026, 10, 26, 4, 53, 20, tzinfo=UTC)
    assert made.digests == EXAMPLES[kind].get("digests", {})


@pytest.mark.parametrize("kind", Kind)
def test_the_published_schema_takes_every_kind(kind: Kind) -> None:
    validator = jsonschema_rs.validator_for(statement_schema())

    assert validator.is_valid(EXAMPLES[kind])
    assert not validator.is_valid(EXAMPLES[kind] | {"other": 1})


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_refuses_a_field_too_many_or_missing(kind: Kind) -> None:
    required = statement_schema()["$defs"][kind]["required"]
    for name in required:
        rest = {key: value for key, value in EXAMPLES[kind].items() if key != name}
        with pytest.raises(LogError, match="statement"):
            make_statement(rest)
    with pytest.raises(LogError, match="statement"):
        make_statement(EXAMPLES[kind] | {"comment": "text"})


@pytest.mark.parametrize(
    "changed",
    [
        {"v": 2},
        {"v": True},
        {"kind": "relese"},
        {"kind": ["release"]},
        {"kind": None},
        {"digests": {}},
        {"digests": {"sha512": SHA * 2}},
        {"digests": {"sha256": SHA.upper()}},
        {"digests": {"sha256": SHA + "\n"}},
        {"digests": {"sha256": SHA, "md5": "ab" * 16}},
        {"size": -1},
        {"size": 20.5},
        {"size": "20"},
        {"time": "2026-10-26"},
        {"time": "2026-13-26T04:53:20Z"},
        {"time": "2026-10-26T04:53:20+01:00"},
        {"time": "2026-10-26T24:53:20Z"},
        {"supplier": ""},
        {"supplier": " Sample"},
        {"supplier": "Sample\u202e"},
        {"supplier": "Sample\nNetworks"},
        {"product": "core\u200brouter"},
        {"release": "２.4"},
        {"release": "x" * 201},
        {"supplier_sig": []},
        {"source": {}},
        {"source": {"commit": "main"}},
    ],
)
def test_a_release_that_misleads_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(LogError):
        make_statement(release(**changed))


def test_an_assessment_is_of_a_day_of_the_calendar() -> None:
    with pytest.raises(LogError, match="as_of"):
        make_statement(EXAMPLES["assessment"] | {"as_of": "2026-02-30"})


@pytest.mark.parametrize("entry", [b"", b"[]", b"1", b'"v"', b"null", b'{"v":1}', bytes(70_000), b"\xff"])
def test_what_is_no_statement_is_refused(entry: bytes) -> None:
    with pytest.raises(LogError):
        read_statement(entry)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: " " + text,
        lambda text: text + "\n",
        lambda text: text.replace(":", ": ", 1),
        lambda text: json.dumps(dict(reversed(json.loads(text).items())), separators=(",", ":")),
        lambda text: text.replace('"size":22', '"size":22.0'),
        lambda text: text.replace('"size":22', '"size":2.2e1'),
        lambda text: text.replace("Sample", "S\\u0061mple"),
        lambda text: text.replace('"v":1', '"v":1,"v":1'),
    ],
)
def test_only_the_canonical_form_is_an_entry(change: Any) -> None:
    text = ENTRY.decode()
    changed = change(text)

    assert changed != text
    with pytest.raises(LogError):
        read_statement(changed.encode())


def test_moments_are_written_in_utc() -> None:
    moment = datetime(2026, 10, 26, 5, 53, 20, 999, tzinfo=timezone(timedelta(hours=1)))

    assert utc_seconds(moment) == WHEN
    with pytest.raises(LogError, match="time zone"):
        utc_seconds(moment.replace(tzinfo=None))


def test_digests_are_those_of_the_bytes() -> None:
    assert digests_of(b"")["sha256"].startswith("e3b0c442")
    assert make_statement(release()).digests == digests_of(ARTIFACT)


REFUSED = {
    "repeated key": b'{"a":1,"a":1}',
    "repeated key inside": b'[{"a":1,"b":2,"a":3}]',
    "last of many keys repeated": b"{" + b"".join(b'"%d":1,' % i for i in range(90_000)) + b'"0":1}',
    "NaN": b"[NaN]",
    "Infinity": b"[Infinity]",
    "minus Infinity": b"[-Infinity]",
    "number beyond a double": b"[1e400]",
    "integer beyond 2^53 - 1": b"[9007199254740992]",
    "negative integer beyond": b"[-9007199254740992]",
    "integer of many digits": b"[" + b"9" * 100_000 + b"]",
    "lone high surrogate": b'["\\ud800"]',
    "lone low surrogate in a key": b'{"\\udc00":1}',
    "surrogates the wrong way round": b'["\\udc00\\ud800"]',
    "deep": b"[" * 33 + b"]" * 33,
    "deeper than any stack": b"[" * 400_000,
    "deep objects": b'{"a":' * 40 + b"1" + b"}" * 40,
    "large": b'"' + b"a" * 1_000_000 + b'"',
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"a":1}',
    "not UTF-8": b'"\xff"',
    "control character": b'"a\nb"',
    "nothing": b"",
    "two values": b"{}{}",
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED.keys())
def test_json_that_readers_disagree_about_is_refused(data: bytes) -> None:
    with pytest.raises(LogError, match="JSON: expected"):
        read_json(data)


def test_brackets_in_strings_are_no_depth() -> None:
    assert read_json(b'["' + b"[" * 1000 + b'\\"[{"]') == ["[" * 1000 + '"[{']


def test_strings_that_never_end_are_refused_at_once() -> None:
    with pytest.raises(LogError, match="JSON"):
        read_json(b'["' + b'\\"' * 400_000)


def test_depth_up_to_the_limit_is_read() -> None:
    assert read_canonical(b"[" * 32 + b"]" * 32) is not None


@pytest.mark.parametrize(
    "value", [2**53, float("nan"), float("inf"), "\ud800", {"\ud800": 1}, {1: 2}, b"x", object()]
)
def test_what_is_no_json_has_no_canonical_form(value: object) -> None:
    with pytest.raises(LogError, match="canonical JSON"):
        canonical(value)


def test_keys_are_sorted_by_utf16() -> None:
    assert canonical({"\U0001f600": 1, "\ufb33": 2}) == '{"\U0001f600":1,"\ufb33":2}'.encode()
