"""Laws that hold for every network: who supplies changes nothing, nor does the order of rows."""

from __future__ import annotations

import csv
import hashlib
import random
import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from netproof.demo import write
from netproof.demo.faults_log import OWN
from netproof.demo.release_log import COSIGNED_AFTER_S, keys, write_log
from netproof.demo.releases import Batch, Story
from netproof.integrity.log import history, published, read_policy
from netproof.tables.spec import all_specs
from netproof.tlog.policy_text import parse_policy
from netproof.tlog.statement import make_statement, read_statement
from tests.assessing import assessed, findings, outcomes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

AS_OF = date(2026, 11, 1)
Rows = list[dict[str, str]]
RENAMED = {"supplier_id", "product_id", "country"}
"""Domains whose every value gets another name."""


@pytest.fixture(scope="module", params=[1, 2])
def network(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("law") / "network"
    write(folder, sites=100, seed=request.param)
    return folder


@pytest.fixture(scope="module")
def before(network: Path) -> dict[str, Any]:
    """The network as it is, assessed; nobody changes the answer."""
    return assessed(network, AS_OF)


def changed(network: Path, target: Path, change: Callable[[str, Rows], Rows]) -> Path:
    """Write the network anew with each table's rows changed."""
    target.mkdir()
    for beside in network.iterdir():
        if beside.is_dir():
            shutil.copytree(beside, target / beside.name)
    (target / "network.toml").write_bytes((network / "network.toml").read_bytes())
    for file in network.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as source:
            reader = csv.DictReader(source)
            header = list(reader.fieldnames or [])
            rows = change(file.stem, list(reader))
        with (target / file.name).open("w", encoding="utf-8", newline="") as sink:
            writer = csv.DictWriter(sink, header)
            writer.writeheader()
            writer.writerows(rows)
    return target


def other(value: str) -> str:
    """Return another name for a value; the order of names changes with it."""
    return value and "z" + hashlib.sha256(value.encode()).hexdigest()[:8]


def other_code(value: str) -> str:
    """Return another code for the code of a country; no two become one."""
    return "".join(chr((ord(letter) - 65 + 7) % 26 + 65) for letter in value)


def renamed(table: str, rows: Rows) -> Rows:
    """Rename every supplier, product and country."""
    for column in all_specs()[table].columns:
        plain = table in ("supplier", "product", "supplier_alias") and column.name in ("name", "alias")
        if column.domain in RENAMED or plain:
            for row in rows:
                known = row.get(column.name, "")
                row[column.name] = other_code(known) if column.domain == "country" else other(known)
    return rows


def rename_log(folder: Path) -> None:
    """Write the log anew with the same entries at the same times, but other suppliers and products."""
    own, policy = keys(OWN), parse_policy(read_policy(folder))
    entries = [
        make_statement(
            {
                name: other(value) if name in {"supplier", "product"} else value
                for name, value in read_statement(entry).values.items()
            }
        ).entry
        for _, entry in published(folder).entries()
    ]
    batches, start = [], 0
    for size, note in history(folder):
        time = (policy.judge(note).proven_by or 0) - COSIGNED_AFTER_S
        batches.append(Batch(time, tuple(entries[start:size])))
        start = size
    shutil.rmtree(folder)
    write_log(folder, Story(tuple(batches), ()), own)


def test_renaming_suppliers_products_and_countries_changes_no_outcome(
    network: Path, before: dict[str, Any], tmp_path: Path
) -> None:
    target = changed(network, tmp_path / "other", renamed)
    rename_log(target / "releases")
    settings = (target / "network.toml").read_text("utf-8")
    (target / "network.toml").write_text(
        settings.replace('country = "DE"', f'country = "{other_code("DE")}"'), "utf-8"
    )
    after = assessed(target, AS_OF)

    assert outcomes(after) == outcomes(before)
    subjects = {f"{check['id']}": check["subject_table"] for check in before["checks"]}

    def called(check: str, subject: str) -> str:
        if subjects[check] == "release":
            product, _, version = subject.partition("/")
            return f"{other(product)}/{version}"
        return (
            other(subject) if subjects[check] in {"supplier", "product"} and "(" not in subject else subject
        )

    assert findings(after) == {(check, called(check, s), outcome) for check, s, outcome in findings(before)}


def test_the_order_of_rows_changes_nothing(network: Path, before: dict[str, Any], tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - a shuffle, not a secret

    def shuffled(_: str, rows: Rows) -> Rows:
        chance.shuffle(rows)
        return rows

    after = assessed(changed(network, tmp_path / "shuffled", shuffled), AS_OF)

    def without_lines(part: object) -> object:
        if isinstance(part, dict):
            return {name: without_lines(value) for name, value in part.items() if name != "source"}
        return [without_lines(item) for item in part] if isinstance(part, list) else part

    def told_of(told: dict[str, object]) -> object:
        return without_lines([told[part] for part in ("catalogues", "families", "checks", "summary")])

    assert told_of(after) == told_of(before)


def test_an_unrelated_component_changes_no_other_finding(
    network: Path, before: dict[str, Any], tmp_path: Path
) -> None:
    def with_one_more(table: str, rows: Rows) -> Rows:
        if table == "component":
            one = dict.fromkeys(rows[0], "")
            rows.append(one | {"component_id": "unrelated", "function": "OTHER", "zone": "management"})
        return rows

    after = assessed(changed(network, tmp_path / "more", with_one_more), AS_OF)

    assert {f for f in findings(after) if f[1] != "unrelated"} == findings(before)


def test_later_dates_only_move_what_dates_decide(network: Path, before: dict[str, Any]) -> None:
    now, later = before, assessed(network, date(2036, 1, 1))

    assert later["as_of"] == "2036-01-01"
    assert [c["id"] for c in later["checks"]] == [c["id"] for c in now["checks"]]
    expired = {f for f in findings(later) if f[0] == "CERT-001" and f[2] == "fail"}
    assert len(expired) > len({f for f in findings(now) if f[0] == "CERT-001" and f[2] == "fail"})
