"""`netproof release witness`: made once, run for real, hammered by many at once, and killed."""

from __future__ import annotations

import random
import signal
import socket
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from hashlib import sha256
from itertools import pairwise
from threading import Timer
from typing import TYPE_CHECKING

import pytest
import requests
import typer
from typer.testing import CliRunner

from netproof.cli import witness as declared
from netproof.cli.witness_run import Wish, make, run
from netproof.errors import LogError, SourceError
from netproof.integrity.register.keys import SEEDS_BYTES, new_keys, signing_keys
from netproof.integrity.witness import open_state
from netproof.integrity.witness.request import parse_size
from netproof.tlog.cosignature import open_checkpoint
from netproof.tlog.keys import SignatureType, parse_vkey
from netproof.tlog.merkle import verify_consistency
from tests.tlogs import LOG, ORIGIN
from tests.witnesses import KEYS, NETPROOF, body, made, note, path, process, times, tree

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.tlog.checkpoint import Checkpoint

HEAD = f"/{sha256(ORIGIN.encode()).hexdigest()}/checkpoint"
# As `netproof release witness serve`, but the process is killed in the middle of the first cosignature.
KILLED = """
import os, signal
from netproof.cli.witness import witness_app
from netproof.integrity.witness.state import State
keep = State.keep
def killed(self, note):
    {before}
    os.kill(os.getpid(), signal.SIGKILL)
State.keep = killed
witness_app()
"""


def app() -> typer.Typer:
    """The commands under `release`, as the command line has them."""
    release = typer.Typer()
    declared.register(release)
    return release


def test_init_makes_keys_and_state_and_prints_what_to_hand_on(tmp_path: Path) -> None:
    place = tmp_path / "w.key"
    got = CliRunner().invoke(app(), ["witness", "init", "--key", str(place), "--name", "witness.example/1"])
    keys = [parse_vkey(line) for line in got.stdout.splitlines()]

    assert got.exit_code == 0
    assert [(one.name, one.type) for one in keys] == [
        ("witness.example/1", SignatureType.ED25519_COSIGNATURE),
        ("witness.example/1", SignatureType.ML_DSA_44),
    ]
    assert [signer.verifier() for signer in signing_keys(place)] == keys
    assert "never put an older copy" in got.stderr
    assert {stat.S_IMODE(one.stat().st_mode) for one in (place, tmp_path / "w.key.state")} == {0o600, 0o700}
    with open_state(tmp_path / "w.key.state", keys) as state:
        assert state.last("0" * 64) is None


def test_a_witness_is_made_once(tmp_path: Path) -> None:
    made(tmp_path)
    with pytest.raises(SourceError, match="no keys yet") as caught:
        make(tmp_path / "witness.key", "witness.example/1", tmp_path / "other")
    assert "make another one" in caught.value.hint
    with pytest.raises(SourceError, match="no state of a witness yet"):
        make(tmp_path / "new.key", "witness.example/1", tmp_path / "witness.key.state")

    assert not (tmp_path / "new.key").exists()


def test_a_name_is_no_address(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="--name: expected a name without https://") as caught:
        make(tmp_path / "w.key", "https://witness.example.org/1/", None)

    assert caught.value.hint == "--name witness.example.org/1"
    assert list(tmp_path.iterdir()) == []


def wish(folder: Path, logs: str) -> Wish:
    """Serving with this list of logs."""
    (folder / "logs.policy").write_text(logs, "utf-8")
    return Wish(folder / "witness.key", folder / "logs.policy", None, "127.0.0.1", 0)


def test_what_cannot_be_served_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    made(tmp_path)
    with pytest.raises(SourceError, match="at least one line with a log"):
        run(wish(tmp_path, "quorum none\n"))
    with pytest.raises(LogError, match=r"logs\.policy: vkey"):
        run(wish(tmp_path, "log x\n"))
    with pytest.raises(LogError, match="expected keys of its own"):
        run(wish(tmp_path, f"log {KEYS[1]}\nquorum none\n"))
    (tmp_path / "logs.policy").unlink()
    with pytest.raises(SourceError, match="expected a policy file"):
        run(Wish(tmp_path / "witness.key", tmp_path / "logs.policy", None, "127.0.0.1", 0))
    good = wish(tmp_path, f"log {LOG.verifier()}\nquorum none\n")
    with pytest.raises(SourceError, match="an address to listen at"):
        run(Wish(good.key, good.logs, None, "256.0.0.1", 0))
    with pytest.raises(SourceError, match=r"got: cannot assign requested address$"):
        run(Wish(good.key, good.logs, None, "192.0.2.1", 0))
    with pytest.raises(SourceError, match="none: expected a file with the witness's private keys, got none"):
        run(Wish(tmp_path / "none", good.logs, None, "127.0.0.1", 0))
    new_keys(tmp_path / "log.key", ORIGIN, bytes(range(SEEDS_BYTES)))
    with pytest.raises(LogError, match="expected keys that cosign, got one that signs notes"):
        run(Wish(tmp_path / "log.key", good.logs, None, "127.0.0.1", 0))
    with pytest.raises(SourceError, match="expected the state of a witness"):
        run(Wish(good.key, good.logs, tmp_path / "empty", "127.0.0.1", 0))


def add(url: str, data: bytes) -> requests.Response:
    """Ask to cosign."""
    return requests.post(f"{url}/add-checkpoint", data=data, timeout=10)


def test_it_serves_over_http_and_ends_when_asked(tmp_path: Path) -> None:
    with process(made(tmp_path)) as (server, url):
        first = add(url, body(0, 5))
        second = add(url, body(0, 6))
        bad = requests.post(f"{url}/add-checkpoint", data=iter([b"old 0\n\n", b"x"]), timeout=10)
        large = add(url, b"x" * 600_000)
        head = requests.get(url + HEAD, timeout=10)
        with (
            pytest.raises(SourceError, match="another server holds"),
            open_state(tmp_path / "witness.key.state", KEYS),
        ):
            pass
        server.terminate()
        assert server.wait(10) == 0

    assert (first.status_code, len(times(first.content, 5))) == (200, 2)
    assert (second.status_code, second.content) == (409, b"5\n")
    assert second.headers["Content-Type"] == "text/x.tlog.size"
    assert (bad.status_code, large.status_code) == (400, 413)
    assert (head.status_code, head.headers["Cache-Control"]) == (200, "no-store")
    assert head.content.endswith(first.content)
    assert {"Server", "Via"}.isdisjoint(head.headers)


def push(url: str, size: int, fork: int | None) -> Checkpoint | None:
    """Bring one history to a size as its log would; return what was cosigned."""
    old = 0
    for _ in range(3):
        answer = add(url, body(old, size, fork))
        if answer.status_code == 200:
            times(answer.content, size, fork)
            return open_checkpoint(note(size, fork), [LOG.verifier()]).checkpoint
        if answer.status_code != 409:
            assert answer.status_code == 422
            return None
        old = parse_size(answer.content)
        if old > size:
            return None
    return None


def consistent(cosigned: list[tuple[Checkpoint, int | None]]) -> None:
    """Check that of any two trees that were cosigned, the larger begins with the smaller."""
    ordered = sorted(cosigned, key=lambda one: one[0].size)
    for (small, _), (large, fork) in pairwise(ordered):
        verify_consistency(small.size, small.root, large.size, large.root, path(small.size, large.size, fork))


def test_half_requests_hold_nobody_up(tmp_path: Path) -> None:
    """Attack 32: more connections that say half a sentence than the server has threads."""
    with process(made(tmp_path)) as (_, url), ExitStack() as half:
        host, port = url.removeprefix("http://").split(":")
        for number in range(20):
            one = half.enter_context(socket.create_connection((host, int(port)), timeout=5))
            one.sendall(
                b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 100\r\n" + b"\r\nold 0\n" * (number % 2)
            )

        assert add(url, body(0, 5)).status_code == 200


def test_many_at_once_never_get_two_histories_cosigned(tmp_path: Path) -> None:
    """Attacks 5, 6 and 7: eight clients push four histories that part at three places, against the real server."""
    forks = (None, 3, 10, 20)
    chance = random.Random(11)  # noqa: S311 - a seed, no secret
    wanted = [(number // 4 + chance.randrange(1, 9), forks[number % 4]) for number in range(160)]
    for size, fork in wanted:
        tree(size, fork)
    with process(made(tmp_path)) as (_, url), ThreadPoolExecutor(8) as clients:
        got = list(clients.map(lambda one: push(url, *one), wanted))
        last = open_checkpoint(requests.get(url + HEAD, timeout=10).content, KEYS).checkpoint

    cosigned = [(one, fork) for one, (_, fork) in zip(got, wanted, strict=True) if one is not None]
    assert len(cosigned) > 5
    assert {one.size: one.root for one, _ in cosigned}[last.size] == last.root
    assert max(one.size for one, _ in cosigned) == last.size
    consistent(cosigned)


@pytest.mark.parametrize(("before", "kept"), [("pass", 0), ("keep(self, note)", 5)], ids=["before", "after"])
def test_a_kill_just_before_or_after_it_is_kept_leaves_no_second_history(
    tmp_path: Path, before: str, kept: int
) -> None:
    place = made(tmp_path)
    words = ["serve", "--key", str(place), "--logs", str(tmp_path / "logs.policy"), "--port", "0"]
    code = [sys.executable, "-c", KILLED.format(before=before), *words]
    with subprocess.Popen(code, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        url = server.stderr.readline().split(" at ")[1].strip()
        with pytest.raises(requests.ConnectionError):
            add(url, body(0, 5))
        assert server.wait(10) == -signal.SIGKILL
    with process(place) as (_, url):
        other, again = add(url, body(0, 5, fork=2)), add(url, body(kept, 5))

    # Nobody was answered, so either history may go on; but only one of them does.
    assert (other.status_code, again.status_code) == ((200, 409) if kept == 0 else (409, 200))


def test_kills_at_any_moment_lose_nothing_that_was_answered(tmp_path: Path) -> None:
    place = made(tmp_path)
    chance = random.Random(5)  # noqa: S311 - a seed, no secret
    answered = 0
    for _ in range(2):
        with process(place) as (server, url):
            head = requests.get(url + HEAD, timeout=10)
            size = open_checkpoint(head.content, KEYS).checkpoint.size if head.status_code == 200 else 0
            assert answered <= size <= answered + 1
            killer = Timer(chance.uniform(0.02, 0.3), server.kill)
            killer.start()
            answered = grow_until_killed(url, size)
            killer.join()

    assert answered > 3


def grow_until_killed(url: str, size: int) -> int:
    """Have the log cosigned entry by entry; return the last size that was answered."""
    while True:
        try:
            answer = add(url, body(size, size + 1))
        except requests.ConnectionError:
            return size
        assert answer.status_code == 200
        size += 1


def test_help_loads_neither_network_nor_cryptography() -> None:
    code = NETPROOF[2].replace("witness_app()", "witness_app(['--help'], standalone_mode=False)")
    code += "\nimport sys; print(sorted({'waitress', 'requests', 'cryptography'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"
