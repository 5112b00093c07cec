"""Which channels end abroad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netproof.integrity.channels import mark_abroad
from netproof.sources import read_folder
from netproof.tables.store import Store
from tests.networks import write_network

if TYPE_CHECKING:
    from pathlib import Path

CHANNELS = """\
channel_id,ends_in_country,abroad
H1,DE,
H2,NZ,
H3,,
H4,Germany,
H5, nz,
H6,NZ,false
H7,DE,true
H8,UK,
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.empty()
    read_folder(store, write_network(tmp_path / "net", {"channel": CHANNELS}))
    return store


def abroad(store: Store) -> dict[str, bool | None]:
    return dict(store.rows("select channel_id, abroad from channel"))


def test_another_country_is_abroad_and_what_is_no_code_tells_nothing(store: Store) -> None:
    mark_abroad(store, "DE")

    got = abroad(store)
    assert got == {
        "H1": False, "H2": True, "H3": None, "H4": None, "H5": True, "H6": False, "H7": True, "H8": True,
    }  # fmt: skip


def test_a_common_other_code_of_a_country_is_that_country(store: Store) -> None:
    mark_abroad(store, "gb")

    assert abroad(store)["H8"] is False


def test_without_a_country_of_the_network_only_what_rows_say_is_known(store: Store) -> None:
    mark_abroad(store, "")

    got = {name: value for name, value in abroad(store).items() if value is not None}
    assert got == {"H6": False, "H7": True}
