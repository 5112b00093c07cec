"""What was appended becomes public, cosigned by whoever answers; a witness that does not stops nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netproof.errors import LogError
from netproof.integrity.log import published, writing
from netproof.integrity.register.publishing import Checkpointed, checkpoint
from netproof.integrity.witness import application, open_state
from netproof.tlog.policy import Party
from tests.registers import network
from tests.tlogs import LOG, numbered
from tests.witnesses import KEYS, SIGNERS, made, served

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.tlog.keys import SigningKey

NOW = 1_793_000_000
NOBODY = "http://127.0.0.1:9/"
"""Nothing listens at the port for discarding."""


def appended(net: Path, keys: tuple[SigningKey, ...], entries: list[bytes]) -> Checkpointed:
    with writing(net / "releases") as writer:
        writer.append(entries)
        return checkpoint(net / "releases", writer, keys, now=NOW, timeout=5)


def test_a_log_whose_policy_asks_for_nobody_is_its_own_quorum(tmp_path: Path) -> None:
    net, keys = network(tmp_path)
    told = appended(net, keys, numbered(3))
    tree = published(net / "releases").checkpoint

    assert told == Checkpointed(3, tree.root.hex(), (), quorum=True, problems=())


def test_a_real_witness_cosigns_and_makes_the_quorum(tmp_path: Path) -> None:
    made(tmp_path)
    net, keys = network(tmp_path)
    logs = [key.verifier() for key in keys]
    with (
        open_state(tmp_path / "witness.key.state", KEYS) as state,
        served(application(state, logs, SIGNERS, lambda: NOW)) as url,
    ):
        (tmp_path / "b").mkdir()
        net, keys = network(
            tmp_path / "b", witnesses={b"W1": Party(KEYS[0], url), b"W2": Party(KEYS[1], url)}
        )
        first = appended(net, keys, numbered(3))
        second = appended(net, keys, numbered(300))

    assert (first.witnesses, first.quorum, first.problems) == (("W1", "W2"), True, ())
    assert (second.size, second.witnesses, second.quorum) == (300, ("W1", "W2"), True)


def test_a_witness_that_cannot_be_reached_is_told_and_the_entries_are_public(tmp_path: Path) -> None:
    net, keys = network(tmp_path, witnesses={b"W1": Party(KEYS[0], NOBODY)})
    told = appended(net, keys, numbered(3))

    assert (told.size, told.witnesses, told.quorum) == (3, (), False)
    assert len(told.problems) == 2
    assert "quorum" in told.problems[1]
    assert published(net / "releases").checkpoint.size == 3


def test_a_witness_without_an_address_is_not_asked_and_missed(tmp_path: Path) -> None:
    net, keys = network(tmp_path, witnesses={b"W1": Party(KEYS[0])})
    told = appended(net, keys, numbered(1))

    assert (told.quorum, len(told.problems)) == (False, 2)
    assert told.problems[1] == "W1: not asked: releases/policy has no address of it"


def test_keys_of_another_log_sign_nothing(tmp_path: Path) -> None:
    net, _ = network(tmp_path)

    with pytest.raises(LogError, match="expected keys of its"):
        appended(net, (LOG,), numbered(1))
