"""`netproof release key` and `rotate`: suppliers' keys in the log, and the log's own keys."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
import typer
from typer.testing import CliRunner

from netproof.cli import exit_codes, registering
from netproof.errors import LogError, SourceError
from netproof.integrity.log import Writer, file_path, published, read_policy, read_settings
from netproof.integrity.register.keys import new_keys, signing_keys
from netproof.tlog.policy_text import parse_policy
from tests.registers import (
    IMAGE,
    KELMARO,
    fingerprint,
    network,
    public_pem,
    signed_file,
    statements,
    supplier_key,
    trust_folder,
)
from tests.tlogs import ORIGIN

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


def logged(net: Path) -> list[dict[str, Any]]:
    return list(statements(published(net / "releases")))


@pytest.fixture
def net(tmp_path: Path) -> Path:
    trust_folder(tmp_path / "trust", KELMARO, NORDFUNK)
    return network(tmp_path)[0]


def test_a_supplier_s_key_is_logged_once_and_a_compromised_one_vouches_no_more(
    net: Path,
) -> None:
    image = signed_file(net.parent / "files")
    key = net.parent / "trust" / "key0.pem"
    first = run("key", net, key, "--supplier", "kelmaro")
    again = run("key", net, key, "--supplier", "kelmaro")
    gone = run("key", net, key, "--supplier", "kelmaro", "--compromised")
    code, told = run("add", net, image, "--trust", key.parent)

    name = f"raw key {fingerprint(KELMARO)} of kelmaro"
    assert first == (exit_codes.PASSED, f"{name}: trusted, entry 0\n")
    assert again == (exit_codes.PASSED, f"{name}: trusted, logged before, as entry 0\n")
    assert gone == (exit_codes.PASSED, f"{name}: compromised, entry 1\n")
    assert code == exit_codes.FOUND
    assert f"its signer {fingerprint(KELMARO)} is compromised (entry 1)" in " ".join(told.split())
    with pytest.raises(LogError, match="that is final"):
        run("key", net, key, "--supplier", "kelmaro")
    assert file_path(net / "releases", sha256(public_pem(KELMARO)).hexdigest()).is_file()


def test_a_key_of_one_supplier_does_not_sign_anothers_release(net: Path) -> None:
    run("key", net, net.parent / "trust" / "key1.pem", "--supplier", "nordfunk")
    path = signed_file(net.parent / "files", "image.bin", IMAGE, NORDFUNK)
    code, told = run("add", net, path, "--trust", net.parent / "trust")

    assert code == exit_codes.FOUND
    assert "is a key of nordfunk (entry 0), not of kelmaro" in " ".join(told.split())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--supplier", "stranger"), "expected a supplier_id of table supplier"),
        (("--supplier", "kelmaro", "--retire", "--compromised"), "got both"),
        (("--supplier", "kelmaro", "--replaces", "F"), "expected a logged key of kelmaro to replace"),
    ],
)
def test_a_claim_about_a_key_that_cannot_be_is_refused(
    net: Path, words: tuple[str, ...], message: str
) -> None:
    with pytest.raises((SourceError, LogError), match=message):
        run("key", net, net.parent / "trust" / "key0.pem", *words)


def test_a_log_s_keys_change_and_readers_of_the_old_ones_are_not_locked_out(net: Path) -> None:
    run("add", net, "--from-table")
    folder, new = net / "releases", net.parent / "new.key"
    before = read_policy(folder)
    code, text = run("rotate", net, "--new-key", new)
    old_keys, new_keys_ = signing_keys(net.with_name("net.key")), signing_keys(new)

    assert code == exit_codes.PASSED
    assert "checkpoint of 3 entries signed by old and new keys" in text
    now = published(folder)
    for policy in (before, read_policy(folder)):
        assert parse_policy(policy).judge(now.note).checkpoint.size == 3
    assert list(read_settings(folder).keys) == [key.verifier() for key in (*old_keys, *new_keys_)]
    said = logged(net)[-1]
    assert (said["kind"], said["name"]) == ("policy", ORIGIN)
    assert said["policy_sha256"] == sha256(read_policy(folder)).hexdigest()
    assert file_path(folder, said["policy_sha256"]).read_bytes() == read_policy(folder)

    run("add", net, "--withdraw", "core-9@2.4.1", "--reason", "bad", "--key", new)
    assert parse_policy(read_policy(folder)).judge(published(folder).note).checkpoint.size == 4


def test_a_rotation_that_was_cut_off_goes_on_where_it_stood(
    net: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = net.parent / "new.key"
    run("add", net, "--from-table")
    with monkeypatch.context() as broken:
        broken.setattr(Writer, "rotate", lambda *_: (_ for _ in ()).throw(OSError("power")))
        with pytest.raises(OSError, match="power"):
            run("rotate", net, "--new-key", new)
    code, _ = run("rotate", net, "--new-key", new)

    assert code == exit_codes.PASSED
    assert [said["kind"] for said in logged(net)].count("policy") == 1


def test_a_leaked_key_is_dropped_and_rotating_to_what_is_there_changes_nothing(net: Path) -> None:
    folder, new = net / "releases", net.parent / "new.key"
    run("rotate", net, "--new-key", new)
    same, text = run("rotate", net, "--new-key", new)
    leaked = [key.verifier().key_id.hex() for key in signing_keys(net.with_name("net.key"))]
    code, told = run("rotate", net, "--drop", leaked[0], "--drop", leaked[1], "--key", new)

    assert (same, code) == (exit_codes.PASSED, exit_codes.PASSED)
    assert text.startswith("nothing to change")
    assert not any(one in told for one in leaked)
    assert [log.key for log in parse_policy(read_policy(folder)).logs] == [
        key.verifier() for key in signing_keys(new)
    ]


def test_a_rotation_needs_a_key_that_readers_know_and_something_to_do(net: Path) -> None:
    new_keys(net.parent / "stranger.key", ORIGIN, bytes(range(64)))
    with pytest.raises(SourceError, match="got neither"):
        run("rotate", net)
    with pytest.raises(LogError, match="expected a key that its policy names"):
        run("rotate", net, "--new-key", net.parent / "x.key", "--key", net.parent / "stranger.key")
