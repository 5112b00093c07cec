from __future__ import annotations

from netproof.tables.keys import build_version_keys
from netproof.tables.load import load
from netproof.tables.rows import stage_rows
from netproof.tables.store import Store


def keyed() -> Store:
    store = Store.empty(threads=1)
    product: list[list[str | None]] = [["P1", "generic"], ["P2", "semver"]]
    component: list[list[str | None]] = [
        ["C1", "P1", "22.3"],
        ["C2", "P1", "22.10"],
        ["C3", "P2", "odd one"],
        ["C4", None, "1"],
    ]
    certificate: list[list[str | None]] = [
        ["K1", "NESAS_CCS_GI", "P1", "22.1", "22.3", None],
        ["K2", "EUCC", "P1", "22.1", "22.3", None],
        ["K3", "EUCC", "P1", "22.3", None, "true"],
    ]
    certificate_columns = [
        "certificate_id",
        "scheme",
        "product_id",
        "version_from",
        "version_to",
        "minor_updates",
    ]
    load(
        store,
        [
            stage_rows(store, "product", ["product_id", "version_scheme"], product, file="p"),
            stage_rows(store, "component", ["component_id", "product_id", "version"], component, file="c"),
            stage_rows(
                store,
                "observation",
                ["component_id", "observed_at", "version"],
                [["C1", "2026-01-01T00:00Z", "22.3.7"]],
                file="o",
            ),
            stage_rows(store, "release", ["product_id", "version"], [["P1", "22.4"]], file="r"),
            stage_rows(store, "certificate", certificate_columns, certificate, file="k"),
        ],
    )
    build_version_keys(store)
    return store


def test_versions_of_one_product_sort_as_their_maker_means() -> None:
    rows = keyed().rows("select version from version_key where product_id = 'P1' order by version_key")

    assert [version for (version,) in rows] == ["22.3", "22.3.7", "22.4", "22.10"]


def test_a_version_that_cannot_be_read_has_no_key() -> None:
    assert keyed().rows("select version_key from version_key where product_id = 'P2'") == [(None,)]


def test_a_range_covers_minor_updates_as_its_scheme_or_its_certificate_says() -> None:
    rows = keyed().rows(
        "select r.certificate_id, v.version from certificate_range as r join version_key as v "
        "on v.product_id = 'P1' and v.version_key >= r.from_key and v.version_key < r.upto_key order by all"
    )

    assert rows == [("K1", "22.3"), ("K1", "22.3.7"), ("K2", "22.3"), ("K3", "22.3"), ("K3", "22.3.7")]
