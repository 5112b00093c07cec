from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netproof import resilience
from netproof.errors import SourceError
from netproof.sources import read_network
from tests.networks import write_network

if TYPE_CHECKING:
    from pathlib import Path


def test_rates_of_failures_are_read(tmp_path: Path) -> None:
    folder = write_network(tmp_path, {}, settings="[outages]\ncomponent = 0.01\nsupplier = 0\n")

    assert read_network(folder).outages == {"component": 0.01, "supplier": 0.0}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("outages = 3", "a table of probabilities"),
        ("[outages]\nplanet = 0.1", "a kind of event"),
        ("[outages]\nsite = 1.5", "from 0 to 1"),
        ("[outages]\nsite = true", "from 0 to 1"),
        ("[outages]\nsite = nan", "from 0 to 1"),
    ],
)
def test_rates_that_are_none_are_refused(tmp_path: Path, settings: str, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read_network(write_network(tmp_path, {}, settings=settings))


def test_every_kind_of_event_may_have_a_rate(tmp_path: Path) -> None:
    settings = "[outages]\n" + "".join(f"{kind} = 0.5\n" for kind in resilience.KINDS)

    assert set(read_network(write_network(tmp_path, {}, settings=settings)).outages) == set(resilience.RATES)
