"""Observations in the log: digests without elements, the same entry for the same observation."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from netproof.errors import LogError
from netproof.integrity.log import writing
from netproof.integrity.register.durable import durable_entries
from netproof.integrity.register.observed import Seen, log_observations, naming_key, observation, pseudonym
from tests.registers import NOW, network
from tests.tlogs import LOG, LOG_PQ

if TYPE_CHECKING:
    from pathlib import Path

KEY = naming_key((LOG,))
ONE = Seen("router-17.berlin", "kelmaro", "core-9", "2.4.1", "a" * 64, "agent", NOW)


def test_an_entry_names_no_element_and_is_linkable_only_with_the_key() -> None:
    said = observation(ONE, KEY)

    assert b"berlin" not in said.entry
    assert said.values["element"] == pseudonym(KEY, ONE.element)
    assert pseudonym(KEY, "router-18.berlin") != said.values["element"]
    assert pseudonym(naming_key((LOG_PQ,)), ONE.element) != said.values["element"]
    assert naming_key((LOG, LOG_PQ)) == KEY
    assert LOG.seed not in {KEY, bytes.fromhex(pseudonym(LOG.seed, ONE.element))}


@pytest.mark.parametrize(
    ("source", "want"),
    [("agent", "self_reported"), ("", "self_reported"), ("quote", "quote"), ("second_path", "second_path")],
)
def test_a_component_s_own_word_is_called_so(source: str, want: str) -> None:
    seen = Seen("e", "", "core-9", "", "a" * 64, source, NOW)

    assert observation(seen, KEY).values == {
        "v": 1,
        "kind": "observation",
        "element": pseudonym(KEY, "e"),
        "product": "core-9",
        "digests": {"sha256": "a" * 64},
        "method": want,
        "time": "2026-11-01T12:00:00Z",
    }


def test_without_a_private_key_nobody_is_hidden() -> None:
    with pytest.raises(LogError, match="expected the log's private key"):
        naming_key(())


def test_the_same_observation_is_logged_once_however_often_it_is_sent(tmp_path: Path) -> None:
    folder = network(tmp_path)[0] / "releases"
    later = Seen("e", "", "core-9", "", "b" * 64, "", NOW + timedelta(days=1))
    misled = Seen("e", "", "core\u202e9", "", "b" * 64, "", NOW)
    done: list[int] = []
    with writing(folder) as writer:
        first = log_observations(writer, [ONE, later, ONE, misled], KEY, done.append)
        again = log_observations(writer, [later, ONE], KEY)
        kinds = [json.loads(entry)["kind"] for _, entry in durable_entries(folder, writer)]

    assert (first.logged, first.already, [seen for seen, _ in first.refused]) == (2, 1, [misled])
    assert (again.logged, again.already, again.refused) == (0, 2, ())
    assert kinds == ["observation", "observation"]
    assert done == [4]
