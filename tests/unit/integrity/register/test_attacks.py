"""What somebody who can hand in files, names, lists and bills might try with the register; the numbers are the
attack list's."""

from __future__ import annotations

import json
from hashlib import md5, sha256
from typing import TYPE_CHECKING, Any

import pytest

from netproof.cli.release_add import Wish, run
from netproof.errors import LogError
from netproof.integrity.log import file_path, published, writing
from netproof.integrity.register import entries
from netproof.integrity.register.entries import Evidence, Named, SupplierSignature
from netproof.integrity.register.naming import Said
from netproof.pipeline import release_add
from netproof.pipeline.released import known_releases
from netproof.tlog.canonical import canonical
from netproof.tlog.statement import read_statement
from netproof.tlog.tiles import ENTRY_BYTES_MAX
from tests.registers import IMAGE, KELMARO, NOW, network, signed_file, statements, trust_folder

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.integrity.register.naming import Known

SHA = sha256(IMAGE).hexdigest()
CORE = Said("kelmaro", "core-9", "2.4.1")


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    """What the tables say, read once: they are the same for every test."""
    return known_releases(network(tmp_path_factory.mktemp("tables"))[0])


@pytest.fixture(autouse=True)
def tables_read_once(known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release_add, "known_releases", lambda *_: known)


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """A network whose log has release 2.4.1, signed."""
    made, _ = network(tmp_path)
    trust_folder(tmp_path / "trust")
    answer(made, signed_file(tmp_path / "files"))
    return made


def answer(net: Path, *files: Path, **more: Any) -> dict[str, Any]:
    """The answer of `release add` as JSON."""
    output = net.parent / "answer.json"
    trust = net.parent / "trust"
    run(Wish(net, files, trust=trust, report_format="json", output=output, **more))
    model: dict[str, Any] = json.loads(output.read_text())
    return model


def logged(net: Path) -> list[dict[str, Any]]:
    """What the log's entries say."""
    return list(statements(published(net / "releases")))


def refused(model: dict[str, Any]) -> str:
    """Why the only release is refused."""
    (row,) = model["releases"]
    assert (row["outcome"], row["entry"]) == ("refused", None)
    return str(row["reason"])


def new_file(net: Path, name: str, content: bytes) -> Path:
    return signed_file(net.parent / "files", name, content)


def test_22_a_second_writer_is_kept_out_and_told_who_holds_the_log(net: Path) -> None:
    before = logged(net)
    with writing(net / "releases"), pytest.raises(LogError, match="process"):
        answer(net, new_file(net, "b.bin", b"b"), said=Said("kelmaro", "core-9", "3"))

    assert logged(net) == before


def test_23_a_link_in_the_place_of_a_kept_file_is_not_written_through(net: Path, tmp_path: Path) -> None:
    path = new_file(net, "b.bin", b"b")
    target = tmp_path / "target"
    target.write_bytes(b"mine")
    file_path(net / "releases", sha256(KELMARO.sign(b"b")).hexdigest()).symlink_to(target)

    with pytest.raises(LogError):
        answer(net, path, said=Said("kelmaro", "core-9", "3"))

    assert target.read_bytes() == b"mine"
    assert len(logged(net)) == 1


def test_24_handing_in_the_same_releases_again_and_again_adds_no_entry(net: Path) -> None:
    path = net.parent / "files" / "image.bin"
    model = answer(net, *[path] * 50)

    assert (
        model["summary"]
        == {
            "logged": 0,
            "already_logged": 50,
            "withdrawn": 0,
            "already_withdrawn": 0,
            "refused": 0,
        }
        or model["summary"]["refused"] == 0
    )
    assert len(logged(net)) == 1
    assert model["log"]["size"] == 1


def test_25_the_largest_statement_fits_into_an_entry_and_a_larger_one_is_refused() -> None:
    widest = "\U0001f4e1" * 200
    signatures = tuple(SupplierSignature("raw", f"{number:064x}", widest) for number in range(16))
    named = Named(widest, widest, widest, widest)
    entry = entries.release(
        named, Evidence({"sha256": SHA, "sha512": SHA * 2}, 2**53 - 1, signatures), NOW
    ).entry

    assert len(entry) < ENTRY_BYTES_MAX
    with pytest.raises(LogError, match="statement"):
        entries.release(Named("s" * 201, "p", "1"), Evidence({"sha256": SHA}, 1), NOW)
    with pytest.raises(LogError, match="statement"):
        entries.withdrawal(named, {"sha256": SHA}, "r" * 1001, NOW)


@pytest.mark.parametrize(
    ("said", "content"),
    [
        (CORE, IMAGE),  # again
        (Said("kelmaro", "core-8", "1"), b"other bytes"),
        (Said("kelmaro", "core-9", "2.4.1", "boot"), b"another part of it"),
        (Said("kelmaro", "core-9", "2.4.2"), IMAGE),  # the same bytes by another name
        (Said("nordfunk", "radio-5", "1"), IMAGE),
    ],
)
def test_26_what_was_withdrawn_does_not_come_back_under_any_name(
    net: Path, said: Said, content: bytes
) -> None:
    answer(net, new_file(net, "c.bin", b"c"), said=Said("kelmaro", "core-8", "1"))
    answer(net, withdraw="core-9@2.4.1", reason="it calls home")
    answer(net, withdraw="core-8@1", reason="so does it")
    before = logged(net)
    path = new_file(net, "again.bin", content)

    assert "that is final" in refused(answer(net, path, said=said))
    assert "that is final" in refused(answer(net, path, said=said, allow_unverified=True))
    assert logged(net) == before


def test_26_what_was_withdrawn_does_not_come_back_by_the_table_or_a_bill(net: Path, tmp_path: Path) -> None:
    answer(net, withdraw=SHA, reason="it calls home")
    bill = tmp_path / "bill.json"
    part = {
        "type": "firmware", "name": "Core Router 9", "version": "2.4.1", "supplier": {"name": "kelmaro"},
        "hashes": [{"alg": "SHA-256", "content": SHA}],
    }  # fmt: skip
    bill.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [part]}))

    assert "that is final" in refused(answer(net, from_sbom=bill))
    table = {row["shown"]: row for row in answer(net, from_table=True)["releases"]}
    assert (table["core-9@2.4.1"]["outcome"], table["core-9@2.4.1"]["entry"]) == ("already_withdrawn", 1)
    assert [said["kind"] for said in logged(net) if said["digests"]["sha256"] == SHA] == [
        "release",
        "withdraw",
    ]


def test_26_a_withdrawal_twice_says_so_and_adds_nothing(net: Path) -> None:
    first = answer(net, withdraw="core-9@2.4.1", reason="it calls home")
    again = answer(net, withdraw="core-9@2.4.1", reason="really")

    assert [row["outcome"] for row in first["releases"]] == ["withdrawn"]
    assert [(row["outcome"], row["entry"]) for row in again["releases"]] == [("already_withdrawn", 1)]
    assert len(logged(net)) == 2


def test_26_the_same_bytes_under_two_names_are_withdrawn_once_each(net: Path) -> None:
    answer(net, new_file(net, "twin.bin", IMAGE), said=Said("kelmaro", "core-8", "1"))
    outcomes = [
        [(row["outcome"], row["entry"]) for row in answer(net, withdraw=name, reason=why)["releases"]]
        for name, why in (("core-9@2.4.1", "a"), ("core-8@1", "b"), ("core-8@1", "c"), (SHA, "d"))
    ]

    assert outcomes == [
        [("withdrawn", 2)],
        [("withdrawn", 3)],
        [("already_withdrawn", 3)],
        [("already_withdrawn", 2), ("already_withdrawn", 3)],
    ]


def test_26_a_spelling_that_two_releases_have_withdraws_neither(net: Path) -> None:
    for product, release, content in (("core-9@9", "1", b"x"), ("core-9", "9@1", b"y")):
        answer(net, new_file(net, f"{release}.bin", content), said=Said("kelmaro", product, release))
    before = logged(net)

    with pytest.raises(LogError, match="expected one release, got 2 that are spelled so") as refusal:
        answer(net, withdraw="core-9@9@1", reason="it calls home")

    assert "1: 'kelmaro', 'core-9@9', '1'; 2: 'kelmaro', 'core-9', '9@1'" in refusal.value.hint
    assert logged(net) == before
    assert [row["entry"] for row in answer(net, withdraw="2", reason="it calls home")["releases"]] == [3]


@pytest.mark.parametrize("release", ["2.4.10", "2.4.9"])
def test_27_versions_are_compared_as_bytes_and_different_ones_are_different(net: Path, release: str) -> None:
    (row,) = answer(net, new_file(net, "b.bin", b"b"), said=Said("kelmaro", "core-9", release))["releases"]

    assert (row["outcome"], row["notes"]) == ("logged", [])


@pytest.mark.parametrize(
    ("product", "release", "note"),
    [
        ("core-9", "v2.4.1", "release 2.4.1 of product core-9"),
        ("core-9", "2.04.1", "release 2.4.1 of product core-9"),
        ("core-9", "2.4.l", "release 2.4.1 of product core-9"),
        ("соre-9", "9", "product core-9"),
        ("Core-9", "9", "product core-9"),
    ],
)
def test_27_an_id_that_looks_like_a_logged_one_is_logged_with_a_warning_that_names_both(
    net: Path, product: str, release: str, note: str
) -> None:
    model = answer(net, new_file(net, "b.bin", b"b"), said=Said("kelmaro", product, release))
    (row,) = model["releases"]

    assert row["outcome"] == "logged"
    assert row["release"]["product"] == product
    assert [note in one for one in row["notes"]] == [True]


@pytest.mark.parametrize(
    "release",
    [
        "2.4\u202e1",
        "2.4.1\u200d",
        "2.4.1\u200b",
        "2.4.\uff11",
        "2.4.1\u2028",
        "\ufeff2.4.1",
        "2.4.1 ",
        "2.4.1\n",
        "2.4.1\0",
        "2.4.e\u0301",
        "2.4.1\udcff",
        "2\xa04",
    ],
)
def test_28_a_name_with_signs_that_nobody_sees_is_refused_and_nothing_is_logged(
    net: Path, release: str
) -> None:
    before = logged(net)
    reason = refused(answer(net, new_file(net, "b.bin", b"b"), said=Said("kelmaro", "core-9", release)))

    assert "expected" in reason or "non-UTF-8" in reason
    assert reason.isascii()
    assert logged(net) == before


@pytest.mark.parametrize(
    "bill",
    [
        b'{"bomFormat":"CycloneDX","specVersion":"1.6","components":[],"components":[]}',
        b'{"bomFormat":"CycloneDX","specVersion":"1.6","x":NaN}',
        b'{"bomFormat":"CycloneDX","specVersion":"1.6","x":-Infinity}',
        b'{"bomFormat":"CycloneDX","specVersion":"1.6","x":' + b"[" * 200_000,
        b"\xff\xfe{}",
    ],
)
def test_29_a_bill_that_readers_may_read_differently_is_refused_whole(
    net: Path, tmp_path: Path, bill: bytes
) -> None:
    path = tmp_path / "bill.json"
    path.write_bytes(bill)
    before = logged(net)

    with pytest.raises(Exception, match="expected") as caught:
        answer(net, from_sbom=path)

    assert type(caught.value).__name__ == "SourceError"
    assert logged(net) == before


def test_30_what_is_stored_is_what_was_checked_byte_for_byte(net: Path) -> None:
    tree = published(net / "releases")
    for _, entry in tree.entries():
        assert canonical(json.loads(entry)) == entry
        assert read_statement(entry).entry == entry
    (row,) = logged(net)
    (signature,) = row["supplier_sig"]
    kept = file_path(net / "releases", signature["sha256"]).read_bytes()

    KELMARO.public_key().verify(kept, IMAGE)
    assert sha256(kept).hexdigest() == signature["sha256"]


@pytest.mark.parametrize(
    "listed",
    [
        (md5(b"b").hexdigest(), "MD5SUMS"),  # noqa: S324 - the weak one
        (sha256(b"b").hexdigest(), "SHA256SUMS"),  # strong, and nobody signed it
    ],
)
def test_41_a_list_of_digests_that_nobody_signed_is_never_verified(
    net: Path, listed: tuple[str, str]
) -> None:
    folder = net.parent / "plain"
    folder.mkdir()
    (folder / "b.bin").write_bytes(b"b")
    (folder / listed[1]).write_text(f"{listed[0]}  b.bin\n")
    said = Said("kelmaro", "core-9", "3")

    assert "it is not verified" in refused(answer(net, folder / "b.bin", said=said))
    (row,) = answer(net, folder / "b.bin", said=said, allow_unverified=True)["releases"]
    assert (row["verdict"], row["signatures"]) == ("digest_only", [])
    assert "without a supplier's signature" in row["notes"][0]
    assert "supplier_sig" not in logged(net)[-1]


def test_41_a_bill_with_weak_digests_only_logs_nothing(net: Path, tmp_path: Path) -> None:
    path = tmp_path / "bill.json"
    hashes = [{"alg": "MD5", "content": "a" * 32}, {"alg": "SHA-1", "content": "b" * 40}]
    part = {
        "type": "firmware",
        "name": "x",
        "version": "1",
        "supplier": {"name": "kelmaro"},
        "hashes": hashes,
    }
    path.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [part]}))

    assert refused(answer(net, from_sbom=path)) == "the bill gives it no SHA-256"
