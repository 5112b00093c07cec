"""Laws of made-up operators: they hold for every size and seed."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from netproof.demo.build import make
from netproof.demo.draw import apportion, spread
from netproof.demo.faults_log import OWN
from netproof.demo.geography import place_sites, read_districts


@given(
    weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any),
    total=st.integers(0, 10**6),
    least=st.integers(0, 3),
)
def test_shares_add_up_and_are_within_one_of_the_exact_share(
    weights: list[int], total: int, least: int
) -> None:
    total += least * len(weights)

    got = apportion(np.array(weights), total, least=least)

    exact = [least + weight * (total - least * len(weights)) / sum(weights) for weight in weights]
    assert int(got.sum()) == total
    assert all(abs(one - other) < 1 for one, other in zip(got.tolist(), exact, strict=True))


@given(
    groups=st.lists(st.tuples(st.integers(0, 10**7), st.lists(st.integers(1, 1000), min_size=1)), min_size=1)
)
def test_what_is_spread_over_a_group_adds_up(groups: list[tuple[int, list[int]]]) -> None:
    total = np.array([whole for whole, _ in groups])
    group = np.repeat(np.arange(len(groups)), [len(weights) for _, weights in groups])
    weights = np.array([weight for _, members in groups for weight in members])

    got = spread(total, group, weights)

    assert np.bincount(group, weights=got).tolist() == total.tolist()
    assert int(got.min()) >= 0


@given(sites=st.integers(100, 3000), seed=st.integers(0, 2**32))
@settings(max_examples=25)
def test_everybody_is_served_whatever_the_size(sites: int, seed: int) -> None:
    districts = read_districts()

    got = place_sites(districts, sites, seed)

    assert len(got.kind) == sites
    assert int(got.population.sum()) == int(districts.population.sum())


@given(sites=st.integers(100, 900), seed=st.integers(0, 2**32))
@settings(max_examples=10)
def test_planted_subjects_exist_whatever_the_size(sites: int, seed: int) -> None:
    operator = make(sites, seed)
    known = {
        value
        for name, frame in operator.frames.items()
        for column in ("component_id", "site_id", "supplier_id", "certificate_id", "channel_id", "work_id",
                       "person_id", "restriction_id", "function", "region",
                       "product_id", "link_id", "declaration_id", "zone", "service_id",
                       "flow_id")
        if column in frame.columns and name != "critical_function"
        for value in frame[column].tolist()
    }  # fmt: skip
    component = operator.frames["component"]
    known |= {OWN} | {
        f"{product}/{version}"
        for product, version in zip(component["product_id"], component["version"], strict=True)
    }

    assert {subject for item in operator.planted for subject in item.subjects} - known == set()
