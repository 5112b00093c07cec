"""`netproof release add`: what it prints, its exit codes, its schema."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
import typer
from typer.testing import CliRunner

from netproof.cli import exit_codes, registering
from netproof.errors import LogError, SourceError
from netproof.integrity.log import file_path, published, writing
from netproof.integrity.register.durable import durable_entries
from netproof.report.diff_json import schema
from netproof.report.diff_registry import write_answer
from netproof.tlog.policy import Party
from tests.registers import (
    IMAGE,
    KELMARO,
    OLD,
    TABLES,
    fingerprint,
    network,
    signed_file,
    statements,
    supplier_key,
    trust_folder,
)
from tests.witnesses import KEYS

if TYPE_CHECKING:
    from pathlib import Path

NORDFUNK = supplier_key("nordfunk")
app = typer.Typer()
registering.register(app)


def run(*words: str | Path) -> tuple[int, str]:
    got = CliRunner().invoke(app, [str(word) for word in words])
    if got.exception and not isinstance(got.exception, SystemExit):
        raise got.exception
    return got.exit_code, got.stdout


def answer(*words: str | Path) -> tuple[int, dict[str, Any]]:
    code, text = run("add", *words, "--format", "json")
    model: dict[str, Any] = json.loads(text)
    jsonschema_rs.validator_for(schema("release-add")).validate(model)
    return code, model


def logged(net: Path) -> list[dict[str, Any]]:
    return list(statements(published(net / "releases")))


@pytest.fixture
def net(tmp_path: Path) -> Path:
    trust_folder(tmp_path / "trust", KELMARO, NORDFUNK)
    return network(tmp_path)[0]


@pytest.fixture
def trust(net: Path) -> tuple[str, Path]:
    return "--trust", net.parent / "trust"


@pytest.fixture
def image(net: Path) -> Path:
    return signed_file(net.parent / "files")


def test_a_verified_file_that_the_tables_know_is_logged_and_published(
    net: Path, image: Path, trust: tuple[str, Path]
) -> None:
    code, text = run("add", net, image, *trust)
    again, _ = run("add", net, image, *trust)

    assert (code, again) == (exit_codes.PASSED, exit_codes.PASSED)
    want = (
        f"{image}: logged as entry 0\n"
        "  kelmaro/core-9@2.4.1\n"
        f"  sha256 {sha256(IMAGE).hexdigest()}\n"
        f"  signed: raw, by {fingerprint(KELMARO)}\n"
        "\n"
        "1 logged; log log.example/releases has 1 entry\n"
        "checkpoint of 1 entry signed; the log's policy asks for no witness\n"
    )
    assert text.split() == want.split()  # how lines break hangs on how long the folder's name is
    (said,) = logged(net)
    assert (said["supplier"], said["product"], said["release"], said["size"]) == (
        "kelmaro",
        "core-9",
        "2.4.1",
        len(IMAGE),
    )


def test_a_file_that_nobody_vouches_for_is_refused_and_the_others_go_on(
    net: Path, image: Path, trust: tuple[str, Path]
) -> None:
    plain = net.parent / "files" / "plain.bin"
    plain.write_bytes(OLD)
    code, model = answer(net, plain, image, *trust)
    allowed, told = answer(net, plain, "--allow-unverified", *trust)

    assert (code, allowed) == (exit_codes.FOUND, exit_codes.PASSED)
    assert [(row["outcome"], row["verdict"]) for row in model["releases"]] == [
        ("refused", "unsigned"),
        ("logged", "verified"),
    ]
    assert told["releases"][0]["notes"][0].startswith("without a supplier's signature")
    assert [("supplier_sig" in said) for said in logged(net)] == [True, False]


def test_several_files_of_one_release_are_its_parts_by_their_names(
    net: Path, trust: tuple[str, Path]
) -> None:
    files = [signed_file(net.parent / "files", name, name.encode()) for name in ("boot.bin", "os.bin")]
    code, model = answer(net, *files, "--product", "core-9", "--release", "3.0", *trust)

    assert code == exit_codes.PASSED
    assert [row["release"]["component"] for row in model["releases"]] == ["boot.bin", "os.bin"]


def test_a_list_names_files_of_many_releases_and_refuses_line_by_line(
    net: Path, image: Path, trust: tuple[str, Path]
) -> None:
    folder = image.parent
    signed_file(folder, "radio.bin", b"radio", NORDFUNK)
    (folder / "sig").write_bytes(KELMARO.sign(b"core"))
    (folder / "core.bin").write_bytes(b"core")
    (folder / "list.csv").write_text(
        "file,supplier,product,release,part,signature\n"
        "image.bin,,,,,\n"
        "radio.bin,nordfunk,radio-5,7,,\n"
        "core.bin,,core-9,5,boot,sig\n"
        "none.bin,,core-9,6,,\n"
    )
    code, model = answer(net, "--list", folder / "list.csv", *trust)

    assert code == exit_codes.FOUND
    assert [(row["shown"], row["outcome"], row["entry"]) for row in model["releases"]] == [
        ("image.bin", "logged", 0),
        ("radio.bin", "logged", 1),
        ("core.bin", "logged", 2),
        ("none.bin", "refused", None),
    ]


def test_the_operator_s_table_is_logged_as_it_stands_without_a_claim_of_signatures(net: Path) -> None:
    code, model = answer(net, "--from-table")
    _, again = answer(net, "--from-table")

    assert code == exit_codes.FOUND
    assert model["summary"] == {
        "logged": 2,
        "already_logged": 0,
        "withdrawn": 0,
        "already_withdrawn": 0,
        "refused": 1,
    }
    assert again["summary"]["already_logged"] == 2
    for said in logged(net):
        assert {"supplier_sig", "size"} & set(said) == set()


def test_a_bill_of_materials_is_logged_kept_and_what_it_lacks_is_told(net: Path) -> None:
    part = {"type": "firmware", "name": "Boot", "version": "1", "supplier": {"name": "KELMARO Inc."}}
    bill = net.parent / "bill.json"
    components = [
        {**part, "hashes": [{"alg": "SHA-256", "content": "a" * 64}]},
        {**part, "name": "Other"},
        {"type": "library", "name": "zlib"},
    ]
    bill.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": components}))
    code, model = answer(net, "--from-sbom", bill)
    _, text = run("add", net, "--from-sbom", bill)

    assert code == exit_codes.FOUND
    assert [(row["shown"], row["outcome"], row["reason"]) for row in model["releases"]] == [
        ("Boot 1", "logged", ""),
        ("Other 1", "refused", "the bill gives it no SHA-256"),
    ]
    assert model["left_out"] == [{"kind": "library", "number": 1}]
    (said,) = logged(net)
    assert (said["supplier"], said["sbom_sha256"]) == ("kelmaro", sha256(bill.read_bytes()).hexdigest())
    assert file_path(net / "releases", said["sbom_sha256"]).read_bytes() == bill.read_bytes()
    assert "left out, nothing to log by itself: 1 of kind library" in text


def test_without_a_key_entries_are_durable_and_how_to_publish_them_is_said(
    net: Path, image: Path, trust: tuple[str, Path]
) -> None:
    net.with_name("net.key").rename(net.with_name("away.key"))
    code, text = run("add", net, image, *trust)

    assert code == exit_codes.PASSED
    assert "durable, not public yet: there is no key file" in text
    with pytest.raises(LogError):
        published(net / "releases")
    with writing(net / "releases") as writer:
        assert len(list(durable_entries(net / "releases", writer))) == 1


def test_the_next_checkpoint_publishes_what_waited(net: Path, image: Path, trust: tuple[str, Path]) -> None:
    _, first = answer(net, image, "--no-checkpoint", *trust)
    _, second = answer(net, image, *trust)

    assert (first["checkpoint"], first["unpublished"]) == (
        None,
        "no checkpoint was wanted (--no-checkpoint)",
    )
    assert (second["summary"]["already_logged"], second["checkpoint"]["size"]) == (1, 1)


def test_a_key_that_was_named_must_be_there_before_anything_is_logged(
    net: Path, image: Path, trust: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SourceError, match=r"none\.key"):
        run("add", net, image, "--key", net / "none.key", *trust)
    monkeypatch.setenv("NETPROOF_LOG_KEY", str(net / "none.key"))
    with pytest.raises(SourceError, match=r"none\.key"):
        run("add", net, image, *trust)

    with writing(net / "releases") as writer:
        assert writer.size == 0


def test_a_quorum_that_is_missed_is_told_and_stops_nothing(tmp_path: Path) -> None:
    net, _ = network(tmp_path, witnesses={b"W1": Party(KEYS[0])})
    code, text = run("add", net, "--from-table")

    assert code == exit_codes.FOUND
    assert "cosigned by nobody, NOT the quorum of the policy" in text
    assert published(net / "releases").checkpoint.size == 2


def test_a_table_that_contradicts_itself_logs_nothing_that_it_contradicts(tmp_path: Path) -> None:
    tables = TABLES | {
        "product": TABLES["product"] + "radio-5,kelmaro,Radio 5\n",
        "release": TABLES["release"]
        + f"core-9,2.4.1,{sha256(b'other').hexdigest()},current\n"
        + f"core-9,2.4.0,,current\ncore-9,2.5,{'f' * 63},current\n"
        + f"radio-5,1,{sha256(b'radio').hexdigest()},current\n",
    }
    net, _ = network(tmp_path, tables=tables)

    code, model = answer(net, "--from-table")
    rows = {row["shown"]: (row["outcome"], row["reason"]) for row in model["releases"]}

    assert code == exit_codes.FOUND
    assert rows["core-9@2.4.1"] == ("refused", "table release states several digests of core-9@2.4.1")
    assert rows["radio-5@1"] == ("refused", "table product states several suppliers of radio-5")
    assert rows["core-9@2.4.0"] == ("logged", "")
    assert model["left_out"] == [{"kind": "release with an unreadable digest", "number": 1}]
    file = signed_file(tmp_path / "files")
    _, model = answer(net, file, "--product", "core-9", "--release", "2.4.1", "--allow-unverified")
    assert "several digests of core-9@2.4.1" in model["releases"][0]["reason"]


def test_many_releases_are_counted_and_only_some_are_listed(tmp_path: Path) -> None:
    rows = "".join(f"core-9,{number}.5,{number:064x},current\n" for number in range(1100))
    net, _ = network(tmp_path, tables=TABLES | {"release": "product_id,version,sha256,status\n" + rows})
    code, model = answer(net, "--from-table")
    _, text = run("add", net, "--from-table")

    assert (code, model["summary"]["logged"]) == (exit_codes.PASSED, 1100)
    assert (len(model["releases"]), model["unlisted"]) == (1000, 100)
    assert "and 1,080 more" in text


def test_what_was_seen_to_run_is_logged_without_its_place(tmp_path: Path) -> None:
    tables = TABLES | {
        "component": "component_id,product_id\nrouter-berlin,core-9\nrouter-bonn,core-9\nbox,\n",
        "observation": (
            "component_id,observed_at,version,sha256,slot,source\n"
            f"router-berlin,2026-10-01 06:00:00,2.4.0,{'a' * 64},image,agent\n"
            f"router-berlin,2026-10-02 06:00:00,2.4.1,{'b' * 64},image,agent\n"
            f"router-berlin,2026-10-02 06:00:00,2.4.1,{'c' * 64},firmware,quote\n"
            "router-bonn,2026-10-02 06:00:00,2.4.1,,image,agent\n"
            f"box,2026-10-02 06:00:00,1,{'d' * 64},image,agent\n"
        ),
    }
    net, _ = network(tmp_path, tables=tables)
    code, model = answer(net, "--observations")
    _, again = answer(net, "--observations")

    assert code == exit_codes.PASSED
    assert (model["summary"]["logged"], again["summary"]["already_logged"]) == (2, 2)
    assert model["left_out"] == [
        {"kind": "observation without digest", "number": 1},
        {"kind": "observation without product", "number": 1},
    ]
    said = logged(net)
    assert [(one["digests"]["sha256"][0], one["method"], one["time"]) for one in said] == [
        ("c", "quote", "2026-10-02T06:00:00Z"),
        ("b", "self_reported", "2026-10-02T06:00:00Z"),
    ]
    assert said[0]["element"] == said[1]["element"]
    assert "berlin" not in json.dumps(said)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "got none"),
        (("--from-table", "--observations"), "got --from-table and --observations"),
        (("--withdraw", "core-9@1"), "--withdraw and --reason together"),
        (("--from-table", "--reason", "x"), "--withdraw and --reason together"),
        (("--from-table", "--product", "core-9"), r"--product with FILE\.\.\. only"),
        (("--from-table", "--signature", "x"), r"--signature with FILE\.\.\. only"),
        (("a", "b", "--part", "boot"), "expected one file with --part, got 2"),
        (("--withdraw", "core-9@9", "--reason", "x"), "expected a logged release"),
        (("--list", "none.csv"), r"none\.csv"),
        (("--from-sbom", "none.json"), r"none\.json"),
    ],
)
def test_a_wish_that_says_nothing_or_two_things_is_refused(
    net: Path, words: tuple[str, ...], message: str
) -> None:
    with pytest.raises((SourceError, LogError), match=message):
        run("add", net, *words)


def test_a_network_without_a_log_is_told_how_to_make_one(tmp_path: Path, image: Path) -> None:
    with pytest.raises(LogError, match="expected a log") as caught:
        run("add", tmp_path, image)

    assert "init" in caught.value.hint


def test_hostile_names_cannot_steer_a_terminal(net: Path) -> None:
    bill = net.parent / "bill.json"
    evil = {"type": "firmware", "name": "\x1b[2Jevil\u202e", "version": "1\r2", "supplier": {"name": "\x9bx"}}
    component = {**evil, "hashes": [{"alg": "SHA-256", "content": "a" * 64}]}
    bill.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [component]}))
    code, text = run("add", net, "--from-sbom", bill)

    assert code == exit_codes.FOUND
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_an_answer_about_nothing_says_so(net: Path) -> None:
    empty = write_answer(
        "release-add",
        {
            "log": {"origin": "o", "size": 0},
            "summary": {},
            "releases": [],
            "unlisted": 0,
            "left_out": [],
            "checkpoint": None,
            "unpublished": "",
        },
        "terminal",
    )

    assert empty == "nothing to log; log o has 0 entries\n"
    assert net.is_dir()


def test_what_to_do_next_is_said_where_the_answer_leaves_it_open(
    net: Path, image: Path, trust: tuple[str, Path]
) -> None:
    (net / "release.csv").unlink()
    trusted = (*trust, image, "--product", "core-router-9", "--release", "1")
    for words, said in (
        (("--from-table",), "hint: expected rows in table release with a digest (column sha256), got none\n"),
        (("--observations",), "hint: expected rows in table observation with a digest"),
        (trusted[2:], "hint: nobody is trusted without --trust DIR"),
        (trusted, ""),
    ):
        told = CliRunner().invoke(app, ["add", str(net), *(str(word) for word in words)]).stderr
        assert (told.startswith(said), bool(told)) == (True, bool(said))
