"""Whom a trust folder trusts of those who sign with Sigstore, and from when to when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from netproof.errors import SourceError
from netproof.integrity.signatures import Verdict, read_trust
from tests.unit.integrity.signatures.fulcio import of_file, trusted_root
from tests.unit.integrity.signatures.sigstore_desk import CONTENT, Bundle, Desk, needs_library

if TYPE_CHECKING:
    from pathlib import Path


def _retired(part: str, **period: object) -> Bundle:
    root = trusted_root()
    for one in root[part]:
        one.get("publicKey", one)["validFor"] = period
    return root


@needs_library
@pytest.mark.parametrize("part", ["tlogs", "ctlogs", "certificateAuthorities"])
def test_who_did_not_count_at_the_time_of_the_entry_vouches_for_nothing(tmp_path: Path, part: str) -> None:
    periods = {
        "before": ({"start": "2026-01-01T00:00:00Z", "end": "2026-03-02T09:59:59Z"}, Verdict.NOT_VERIFIED),
        "after": ({"start": "2026-03-02T10:00:01Z"}, Verdict.NOT_VERIFIED),
        "never": ({"end": "2026-04-01T00:00:00Z"}, Verdict.NOT_VERIFIED),
        "then": ({"start": "2026-03-02T10:00:00Z", "end": "2026-03-02T10:00:00Z"}, Verdict.VERIFIED),
    }
    got = {}
    for name, (period, _) in periods.items():
        (tmp_path / name).mkdir()
        root = _retired(part, **period)
        got[name] = Desk(tmp_path / name).release(of_file(CONTENT), root=root).verdict

    assert got == {name: want for name, (_, want) in periods.items()}


BAD_FOLDERS: dict[str, tuple[dict[str, str], str]] = {
    "no TOML": ({"identities.toml": "["}, "expected TOML"),
    "nobody": ({"identities.toml": ""}, r"expected \[\[identity\]\]"),
    "something else": ({"identities.toml": "[[identity]]\nsan='a'\nissuer='b'\n[other]\n"}, "nothing else"),
    "no issuer": ({"identities.toml": "[[identity]]\nsan='a'\n"}, "san and issuer, and nothing else"),
    "empty issuer": ({"identities.toml": "[[identity]]\nsan='a'\nissuer=''\n"}, "text that is not empty"),
    "no table": ({"identities.toml": "identity = ['a']\n"}, "san and issuer, and nothing else"),
    "deep TOML": ({"identities.toml": "a=" + "[" * 5000}, "expected TOML"),
    "two roots": (
        {"a.json": json.dumps(trusted_root()), "b.json": json.dumps(trusted_root(tlogs=[]))},
        "expected at most one trusted root, got .*a.json, .*b.json",
    ),
    "cut root": ({"a.json": json.dumps(trusted_root())[:-2]}, "expected a trusted root of Sigstore"),
    "root in a list": ({"a.json": json.dumps(trusted_root(tlogs={}))}, "tlogs is no list"),
    "log without key": ({"a.json": json.dumps(trusted_root(tlogs=[{}]))}, "a log without a key"),
    "a day": ({"a.json": json.dumps(_retired("tlogs", start="2026-01-01"))}, "a time without zone"),
    "a number": ({"a.json": json.dumps(_retired("tlogs", start=5))}, "a time that is no text"),
    "no day": ({"a.json": json.dumps(_retired("ctlogs", start="soon"))}, "expected a trusted root"),
}


@pytest.mark.parametrize("case", BAD_FOLDERS)
def test_a_trust_folder_that_says_something_else_is_refused(tmp_path: Path, case: str) -> None:
    files, reason = BAD_FOLDERS[case]
    for name, content in files.items():
        (tmp_path / name).write_text(content)

    with pytest.raises(SourceError, match=reason):
        read_trust(tmp_path)


def test_a_trusted_root_is_not_trusted_for_other_timestamps(tmp_path: Path) -> None:
    (tmp_path / "timestamps").mkdir()
    (tmp_path / "timestamps" / "trusted_root.json").write_text(json.dumps(trusted_root()))

    with pytest.raises(SourceError, match=r"expected certificates and revocation lists, got .* root"):
        read_trust(tmp_path)
