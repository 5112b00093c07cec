"""The example's log of releases: it verifies, and it says what the tables say but for the planted faults."""

from __future__ import annotations

import stat
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from netproof.demo.build import Operator, make
from netproof.demo.equipment import days
from netproof.demo.faults_log import LATE, NOT_LOGGED, OWN, WITHDRAWN_IN_LOG, in_use
from netproof.demo.market import read_market
from netproof.demo.release_log import OTHER, WITNESSES, write_logs
from netproof.demo.releases import LATE_ON, NEWEST, SPLIT
from netproof.integrity.log import fsck, history, published, read_kept, read_policy
from netproof.integrity.register.keys import signing_keys
from netproof.integrity.witness import check_witness_keys, open_state
from netproof.integrity.witness.request import log_id
from netproof.tlog.policy_text import parse_policy
from netproof.tlog.reader import TileReader
from netproof.tlog.statement import Kind, Statement, read_statement
from netproof.tlog.tiles import TILE_WIDTH

if TYPE_CHECKING:
    from pathlib import Path

MARKET = read_market()


@pytest.fixture(scope="module")
def operator() -> Operator:
    return make(120, 7)


@pytest.fixture(scope="module")
def net(operator: Operator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("net")
    write_logs(folder, operator.frames, MARKET)
    return folder


@pytest.fixture(scope="module")
def statements(net: Path) -> list[Statement]:
    return [read_statement(entry) for _, entry in published(net / "releases").entries()]


def of_kind(statements: list[Statement], kind: Kind) -> list[dict[str, Any]]:
    return [dict(one.values) for one in statements if one.kind is kind]


def digests(statements: list[Statement]) -> dict[tuple[str, str], str]:
    """The logged digest of each release."""
    return {
        (values["product"], values["release"]): values["digests"]["sha256"]
        for values in of_kind(statements, Kind.RELEASE)
    }


def running(operator: Operator, product_id: str) -> tuple[str, str]:
    item = next(item for item in MARKET.products if item.product_id == product_id)
    return product_id, item.versions[in_use(operator.frames, MARKET, product_id).slot]


def test_the_log_is_cosigned_by_both_witnesses_and_no_newer_than_october(net: Path) -> None:
    judged = parse_policy(read_policy(net / "releases")).judge((net / "releases" / "checkpoint").read_bytes())

    assert judged.checkpoint.origin == OWN
    assert judged.witnesses == (b"nord", b"sued")
    assert (judged.proven_by or 0) // 86_400 == NEWEST == days(2026, 10, 20)


def test_every_kept_checkpoint_has_a_quorum_and_is_later_than_the_one_before(net: Path) -> None:
    policy = parse_policy(read_policy(net / "releases"))
    kept = [(size, policy.judge(note).proven_by or 0) for size, note in history(net / "releases")]

    assert len(kept) >= 8
    assert kept == sorted(kept)
    assert sorted({moment for _, moment in kept}) == [moment for _, moment in kept]


def test_every_published_image_but_one_is_logged_under_its_name(
    operator: Operator, statements: list[Statement]
) -> None:
    release = operator.frames["release"]
    table = {
        (product, version): digest.hex()
        for product, version, digest in zip(
            release["product_id"].tolist(),
            release["version"].tolist(),
            release["sha256"].tolist(),
            strict=True,
        )
        if digest is not None
    }
    logged = digests(statements)

    assert table.keys() - logged.keys() == {running(operator, NOT_LOGGED)}
    assert {name: logged[name] for name in table.keys() & logged.keys()} == {
        name: digest for name, digest in table.items() if name in logged
    }
    assert len(logged) >= 300


def test_every_release_bears_a_signature_of_a_key_that_was_logged_before(
    net: Path, statements: list[Statement]
) -> None:
    folder = net / "releases"
    images = {
        sha256(content).hexdigest(): content
        for item in MARKET.products
        for version in item.versions
        if (content := f"{item.product_id} {version} image".encode())
    }
    keys = {
        values["signer"]: load_pem_public_key(read_kept(folder, values["key_sha256"]))
        for values in of_kind(statements, Kind.SUPPLIER_KEY)
    }

    for values in of_kind(statements, Kind.RELEASE):
        (signature,) = values["supplier_sig"]
        image = images[values["digests"]["sha256"]]
        assert values["size"] == len(image)
        keys[signature["signer"]].verify(read_kept(folder, signature["sha256"]), image)  # type: ignore[union-attr, call-arg] # an Ed25519 key


def test_what_is_late_was_logged_a_month_after_it_was_seen(
    operator: Operator, net: Path, statements: list[Statement]
) -> None:
    name = running(operator, LATE)
    (index,) = [
        at
        for at, one in enumerate(statements)
        if one.kind is Kind.RELEASE and (one.values["product"], one.values["release"]) == name
    ]
    policy = parse_policy(read_policy(net / "releases"))
    proven = next(
        policy.judge(note).proven_by or 0 for size, note in history(net / "releases") if size > index
    )

    assert proven // 86_400 == LATE_ON == days(2026, 7, 14) + 30


def test_withdrawn_are_what_the_table_calls_so_and_one_that_it_does_not_know_of(
    operator: Operator, statements: list[Statement]
) -> None:
    release = operator.frames["release"]
    rows = release.where(status="withdrawn")
    table = set(zip(release["product_id"][rows].tolist(), release["version"][rows].tolist(), strict=True))
    logged = {(values["product"], values["release"]) for values in of_kind(statements, Kind.WITHDRAW)}

    assert logged - table == {running(operator, WITHDRAWN_IN_LOG)}
    assert table - logged == set()


def test_one_release_was_rebuilt_with_each_result(statements: list[Statement]) -> None:
    results = sorted(values["result"] for values in of_kind(statements, Kind.REBUILD))

    assert results == ["different", "identical", "same_after_normalising"]


def test_another_operator_publishes_a_log_in_which_one_shared_release_has_another_digest(
    operator: Operator, net: Path, statements: list[Statement]
) -> None:
    folder = net / "others" / "beispielnetz"
    judged = parse_policy((folder / "policy").read_bytes()).judge((folder / "checkpoint").read_bytes())
    reader = TileReader(judged.checkpoint, lambda tile: (folder / tile.path).read_bytes())
    bundles = range(-(-judged.checkpoint.size // TILE_WIDTH))
    theirs = digests([read_statement(entry) for at in bundles for entry in reader.entries(at)])
    ours = digests(statements)

    assert judged.checkpoint.origin == OTHER
    assert {path.name for path in folder.iterdir()} == {"checkpoint", "checkpoints", "policy", "tile"}
    differ = {name for name in theirs.keys() & ours.keys() if theirs[name] != ours[name]}
    assert differ == {running(operator, SPLIT)}


def test_the_keys_are_those_of_the_log_and_its_witnesses_and_only_their_owner_reads_them(net: Path) -> None:
    files = sorted((net / "keys").glob("*.key"))
    names = {key.name for path in files for key in signing_keys(path)}

    assert names == {OWN, *WITNESSES}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_each_witness_can_be_run_and_goes_on_from_what_it_cosigned_last(net: Path) -> None:
    newest = published(net / "releases").checkpoint
    for name in ("nord", "sued"):
        key = net / "keys" / f"{name}.key"
        signers = signing_keys(key)
        check_witness_keys(signers)
        with open_state(key.with_name(f"{key.name}.state"), [one.verifier() for one in signers]) as state:
            last = state.last(log_id(OWN))
        assert last is not None
        assert last.checkpoint == newest


def test_every_witness_has_an_address_of_this_machine(net: Path) -> None:
    asked = {one.key.name: one.url for one in parse_policy(read_policy(net / "releases")).witnesses.values()}

    assert asked == WITNESSES
    assert len(set(asked.values())) == len(asked)


def test_every_byte_of_the_log_holds(net: Path) -> None:
    assert fsck(net / "releases") == []


def test_nothing_of_the_writer_is_left_behind(net: Path) -> None:
    left = {path.name for path in (net / "releases").iterdir()}

    assert "lock" not in left
    assert [*(net / "releases" / "journal").iterdir(), *(net / "releases" / "new").iterdir()] == []


def test_the_size_of_the_log_does_not_depend_on_the_network(net: Path, tmp_path: Path) -> None:
    write_logs(tmp_path, make(300, 8).frames, MARKET)

    assert published(tmp_path / "releases").checkpoint.size == published(net / "releases").checkpoint.size
