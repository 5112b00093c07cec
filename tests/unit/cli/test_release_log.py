from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from netproof.cli.release_log import Wish, run
from netproof.cli.release_logs import Action, register
from netproof.errors import LogError, SourceError
from netproof.integrity.log import fsck, published, writing
from netproof.integrity.register.keys import signing_keys
from netproof.tlog.policy_text import encode_policy, parse_policy
from tests.networks import write_network
from tests.tlogs import policy

if TYPE_CHECKING:
    from pathlib import Path

ORIGIN = "log.example.org/sample"


@pytest.fixture
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A network without a log."""
    monkeypatch.delenv("NETPROOF_LOG_KEY", raising=False)
    write_network(tmp_path / "net", {})
    return tmp_path / "net"


def init(net: Path, policy: Path | None = None, key: Path | None = None) -> int:
    """Make the log of a network."""
    return run(Wish(net, Action.INIT, origin=ORIGIN, policy=policy, key=key))


def test_a_log_is_made_signed_published_and_checked(
    net: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = [init(net)]
    policy_text = capsys.readouterr().out
    with writing(net / "releases") as writer:
        writer.append([b"an entry"])
    codes.append(run(Wish(net, Action.CHECKPOINT)))
    note = capsys.readouterr()
    codes.append(run(Wish(net, Action.PUBLISH, to=tmp_path / "public")))
    copied = capsys.readouterr().out
    codes.append(run(Wish(net, Action.FSCK)))
    checked = capsys.readouterr()

    assert codes == [0, 0, 0, 0]
    assert [log.key for log in parse_policy(policy_text.encode()).logs] == [
        key.verifier() for key in signing_keys(tmp_path / "net.key")
    ]
    assert note.out.encode() == published(tmp_path / "public").note
    assert note.err == "published: 1 entry\nno witness vouches for it: the policy asks for none\n"
    assert copied == f"{tmp_path / 'public'}: 1 entry, 6 files written\n"
    assert (checked.out, checked.err) == ("", f"{net / 'releases'}: everything holds\n")
    assert (tmp_path / "net.key").stat().st_mode & 0o777 == 0o600


def test_the_log_s_own_line_joins_the_policy_with_its_witnesses(net: Path, tmp_path: Path) -> None:
    witnesses = policy(2, logs=())
    (tmp_path / "witnesses").write_bytes(encode_policy(witnesses))
    init(net, policy=tmp_path / "witnesses")

    got = parse_policy((net / "releases" / "policy").read_bytes())

    assert [log.key.name for log in got.logs] == [ORIGIN, ORIGIN]
    assert (got.witnesses, got.groups, got.quorum) == (
        witnesses.witnesses,
        witnesses.groups,
        witnesses.quorum,
    )


def test_a_checkpoint_without_its_quorum_is_told_and_is_exit_code_1(
    net: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "witnesses").write_bytes(encode_policy(policy(2, logs=())))
    init(net, policy=tmp_path / "witnesses")

    code = run(Wish(net, Action.CHECKPOINT))

    assert code == 1
    assert "no witness cosigned it; the quorum is missing\n" in capsys.readouterr().err
    assert published(net / "releases").checkpoint.size == 0


def test_what_does_not_hold_is_listed_and_is_exit_code_1(
    net: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init(net)
    (net / "releases" / "files" / "x").write_bytes(b"")
    capsys.readouterr()

    code = run(Wish(net, Action.FSCK))
    got = capsys.readouterr()

    assert code == 1
    assert got.out == "files/x: file: expected a SHA-256 in hexadecimal, got 'x'\n"
    assert got.err == f"{net / 'releases'}: 1 problem\n"


def test_keys_that_are_there_are_taken_if_they_bear_the_name(net: Path, tmp_path: Path) -> None:
    init(net)
    keys = (tmp_path / "net.key").read_bytes()
    write_network(tmp_path / "second", {})

    assert init(tmp_path / "second", key=tmp_path / "net.key") == 0
    assert (tmp_path / "net.key").read_bytes() == keys
    write_network(tmp_path / "third", {})
    with pytest.raises(
        LogError, match=r"expected keys of other\.example, got keys of log\.example\.org/sample"
    ):
        run(Wish(tmp_path / "third", Action.INIT, origin="other.example", key=tmp_path / "net.key"))


def test_a_log_is_made_once_and_its_keys_stay(net: Path, tmp_path: Path) -> None:
    init(net)
    keys = (tmp_path / "net.key").read_bytes()
    with pytest.raises(LogError, match="expected no log, got one"):
        init(net)

    assert (tmp_path / "net.key").read_bytes() == keys
    assert fsck(net / "releases") == []


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"action": Action.INIT}, "expected the log's name, got none"),
        ({"action": Action.INIT, "origin": "a name"}, "expected a key name without space or plus"),
        (
            {"action": Action.INIT, "origin": f"https://{ORIGIN}"},
            "--origin: expected a name without https://",
        ),
        ({"action": Action.FSCK}, "expected a log, got no log.toml"),
        ({"action": Action.FSCK, "origin": ORIGIN}, "expected --origin and --policy with `init` only"),
        ({"action": Action.FSCK, "files": True}, "expected --files with `publish` only"),
        ({"action": Action.FSCK, "to": "x"}, "expected no folder, got x"),
        ({"action": Action.PUBLISH}, "expected a folder to copy to, got none"),
        ({"action": Action.PUBLISH, "to": "x"}, "expected a log, got no log.toml"),
        ({"action": Action.CHECKPOINT}, "expected a log, got no log.toml"),
        ({"action": Action.INIT, "origin": ORIGIN, "policy": "none"}, "expected a policy with witnesses"),
    ],
)
def test_a_wish_that_makes_no_sense_changes_nothing(
    net: Path, tmp_path: Path, values: dict[str, object], text: str
) -> None:
    places = {name: tmp_path / str(values[name]) for name in ("to", "policy") if name in values}
    text = text.replace("got x", f"got {tmp_path / 'x'}")

    with pytest.raises((LogError, SourceError)) as caught:
        run(Wish(net, **(values | places)))  # type: ignore[arg-type]

    assert text in str(caught.value)
    assert not (net / "releases").exists()
    assert not (tmp_path / "net.key").exists()


def test_a_log_is_not_published_onto_itself_nor_onto_a_file(net: Path, tmp_path: Path) -> None:
    init(net)
    run(Wish(net, Action.CHECKPOINT))
    before = sorted((net / "releases").rglob("*"))
    (tmp_path / "file").touch()

    with pytest.raises(SourceError, match="expected a folder outside of the log's own"):
        run(Wish(net, Action.PUBLISH, to=net / "." / "releases"))
    with pytest.raises(LogError, match="file: expected a folder that can be written, got: file exists"):
        run(Wish(net, Action.PUBLISH, to=tmp_path / "file"))
    assert sorted((net / "releases").rglob("*")) == before


def test_a_log_belongs_to_a_network(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"expected a network's folder, got none with network\.toml"):
        init(tmp_path)


def test_the_command_line_hands_its_options_on(net: Path, tmp_path: Path) -> None:
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    key = tmp_path / "elsewhere.key"
    done = CliRunner().invoke(app, ["log", str(net), "init", "--origin", ORIGIN, "--key", str(key)])
    signed = CliRunner().invoke(app, ["log", str(net), "checkpoint"], env={"NETPROOF_LOG_KEY": str(key)})
    wrong = CliRunner().invoke(app, ["log", str(net), "forget"])

    assert (done.exit_code, signed.exit_code, wrong.exit_code) == (0, 0, 2)
    assert key.exists()
    assert signed.stdout.startswith(f"{ORIGIN}\n0\n")
