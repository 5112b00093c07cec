"""Witnesses and logs that nobody here wrote: theirs cosign our checkpoints, ours cosigns theirs.

Names of programs come from the environment: NETPROOF_SIGSUM_WITNESS is Debian's `sigsum-witness` (package
sigsum-go), NETPROOF_AICS_PYTHON a Python 3.12 with aics-tlog and aics-witness. Without them these tests skip.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from netproof.integrity.witness import application, cosigning, create_state, open_state
from netproof.tlog.checkpoint import Checkpoint, parse_checkpoint
from netproof.tlog.cosignature import add_signatures, open_checkpoint, sign_checkpoint
from netproof.tlog.keys import SignatureType, SigningKey, VerifierKey, parse_vkey
from netproof.tlog.note import parse_note
from netproof.tlog.policy import Freshness, Party, Policy
from tests.tlogs import LOG, LOG_PQ, filled, key, numbered, reader_of
from tests.witnesses import KEYS, SIGNERS, path, served, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

SIZES = (0, 1, 5, 300, 300, 70_000)
"""Sizes that a log goes through; one of them twice, as for fresh cosignatures."""


def program(variable: str) -> str:
    """The program that a variable names; skips where it names none."""
    named = os.environ.get(variable, "")
    if not named:
        pytest.skip(f"no peer: set {variable}")
    return named


@contextmanager
def running(words: list[str], url: str, folder: Path) -> Iterator[str]:
    """Run a server until it takes connections; ends it afterwards."""
    host, port = url.removeprefix("http://").split(":")
    # Debian builds sigsum-witness so that Go's older router reads "POST /path" as a path; this asks for the newer.
    environment = os.environ | {"GODEBUG": "httpmuxgo121=0"}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(words, cwd=folder, env=environment, stdout=quiet, stderr=quiet) as server:
        try:
            for _ in range(200):
                assert server.poll() is None
                with socket.socket() as tried:
                    if tried.connect_ex((host, int(port))) == 0:
                        break
                time.sleep(0.05)
            yield url
        finally:
            server.terminate()
            server.wait(10)


def free_address() -> str:
    """An address at which nobody listens yet."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def ours_is_cosigned(
    url: str, witness: VerifierKey, signers: Sequence[SigningKey], sizes: Sequence[int]
) -> None:
    """Let our log grow under a witness of others; our policy accepts each checkpoint, and a fork fails."""
    policy = Policy(tuple(Party(one.verifier()) for one in signers), {b"W": Party(witness, url)}, {}, b"W")
    origin = signers[0].name
    now = int(time.time())
    for size in sizes:
        note = sign_checkpoint(Checkpoint(origin, size, tree(size)[0].root()), signers, now)
        cosign = cosigning(policy, now=int(time.time()), timeout=10)
        lines = cosign(note, lambda old, size=size: list(path(old, size)))  # type: ignore[misc]

        assert (size, cosign.told()) == (size, "W cosigned")
        judged = policy.judge(add_signatures(note, lines), Freshness(int(time.time()), 60))
        assert (judged.checkpoint.size, judged.witnesses) == (size, (b"W",))
    for size in (sizes[-1], sizes[-1] + 5):
        forked = sign_checkpoint(Checkpoint(origin, size, tree(size, 3)[0].root()), signers, now)
        cosign = cosigning(policy, now=int(time.time()), timeout=10)

        assert cosign(forked, lambda old, size=size: list(path(old, size, 3))) == []  # type: ignore[misc]
        assert "it answered 4" in cosign.told()


def test_a_sigsum_witness_cosigns_our_checkpoints(tmp_path: Path) -> None:
    witness, log = (
        Ed25519PrivateKey.from_private_bytes(b"w" * 32),
        Ed25519PrivateKey.from_private_bytes(b"l" * 32),
    )
    name, origin = (
        f"sigsum.org/v1/{kind}/{sha256(one.public_key().public_bytes_raw()).hexdigest()}"
        for kind, one in (("witness", witness), ("tree", log))
    )
    (tmp_path / "w").write_bytes(witness.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    (tmp_path / "w").chmod(0o600)
    (tmp_path / "l.pub").write_bytes(log.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH))
    url = free_address()
    words = [
        program("NETPROOF_SIGSUM_WITNESS"),
        "-k",
        "w",
        "--log-key",
        "l.pub",
        "--state-file",
        "state",
        "--url-prefix",
        "w",
    ]
    verifier = VerifierKey(name, SignatureType.ED25519_COSIGNATURE, witness.public_key().public_bytes_raw())
    with running([*words, url.removeprefix("http://")], url, tmp_path):
        ours_is_cosigned(
            f"{url}/w", verifier, [SigningKey(origin, SignatureType.ED25519, b"l" * 32)], SIZES[1:]
        )


def test_an_aics_witness_cosigns_our_checkpoints(tmp_path: Path) -> None:
    python, url = program("NETPROOF_AICS_PYTHON"), free_address()
    words = [python, "-m", "aics_witness"]
    listen = ["--listen", url.removeprefix("http://")]

    def told(*more: str) -> str:
        done = subprocess.run([*words, *more], cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    vkey = told("init", "--config", "w.json", "--name", "witness.example/theirs", *listen)
    told("add-log", "--config", "w.json", "--origin", LOG.name, "--vkey", str(LOG.verifier()))
    with running([*words, "serve", "--config", "w.json"], url, tmp_path):
        ours_is_cosigned(url, parse_vkey(vkey), [LOG, LOG_PQ], SIZES)


# A log of aics-tlog grows, and the client of aics-witness brings each checkpoint to the witness at a URL.
AICS_LOG = """
import sys
from aics_tlog import Checkpoint, DirectoryTileStore, IncrementalTileWriter, sign_checkpoint
from aics_tlog.tiles import consistency_proof_from_tiles
from aics_witness.feeder import WitnessClient
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

url, vkey, name, seed, *sizes = sys.argv[1:]
key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
store = DirectoryTileStore("theirs")
writer = IncrementalTileWriter(store)
with WitnessClient(url, vkey) as client:
    for size in map(int, sizes):
        writer.append(b"entry %d" % number for number in range(writer.size, size))
        note = sign_checkpoint(Checkpoint(name, size, writer.root()), key, name).to_bytes()
        proof = lambda old, new: consistency_proof_from_tiles(store, old, new)
        # A client that knows nothing asks with 0 and learns the size.
        print(client.submit(note, proof, old_size=0).count("\\n"))
"""


@contextmanager
def our_witness(folder: Path, logs: Sequence[VerifierKey]) -> Iterator[str]:
    """Our witness for these logs, on this machine."""
    create_state(folder / "state", KEYS)
    with (
        open_state(folder / "state", KEYS) as state,
        served(application(state, logs, SIGNERS, lambda: int(time.time()))) as url,
    ):
        yield url


def theirs_is_cosigned(url: str, log: VerifierKey, checkpoints: Sequence[bytes]) -> None:
    """Have our witness cosign a log of others as it grows; the proofs come from our own tiles of its entries."""
    policy = Policy((Party(log),), {b"1": Party(KEYS[0], url), b"2": Party(KEYS[1], url)}, {}, b"2")
    for note in checkpoints:
        checkpoint = parse_checkpoint(parse_note(note).text)
        edge, files = filled(numbered(checkpoint.size))
        assert edge.root() == checkpoint.root
        cosign = cosigning(policy, now=int(time.time()), timeout=10)
        lines = cosign(note, reader_of(edge, files).consistency_path)

        assert (cosign.told(), len(lines)) == ("1 cosigned; 2 cosigned", 2)
        assert policy.judge(add_signatures(note, lines)).checkpoint == checkpoint


@pytest.mark.parametrize("kind", [SignatureType.ED25519, SignatureType.ML_DSA_44])
def test_our_witness_cosigns_a_log_written_by_tlog_scales(tmp_path: Path, kind: SignatureType) -> None:
    pytest.importorskip("tlog_scales", reason="test dependency tlog-scales is not installed")
    from tlog_scales.signing import MLDSA44CosignatureSigner, PlainEd25519Signer, Vkey
    from tlog_scales.tlog import Checkpoint as Theirs
    from tlog_scales.writer import TilesWriter

    log = key("log.example/theirs", kind)
    make: Callable[[str, bytes], object] = (
        PlainEd25519Signer if kind is SignatureType.ED25519 else MLDSA44CosignatureSigner
    )
    writer = TilesWriter.create(tmp_path / "log", log.name)
    notes, size = [], 0
    for wanted in (1, 5, 300, 1000):
        for entry in numbered(wanted)[size:]:
            writer.add_leaf(entry)
        writer.commit([make(log.name, log.seed)])  # type: ignore[list-item]
        notes.append((tmp_path / "log" / "checkpoint").read_bytes())
        size = wanted
    with our_witness(tmp_path, [log.verifier()]) as url:
        theirs_is_cosigned(url, log.verifier(), notes)
        got = requests.get(f"{url}/{sha256(log.name.encode()).hexdigest()}/checkpoint", timeout=10).text
    for one in (*KEYS, log.verifier()):
        Theirs.from_text(got).verify(Vkey.from_string(str(one)))


def test_an_aics_log_is_cosigned_by_our_witness_through_its_own_client(tmp_path: Path) -> None:
    python, log = program("NETPROOF_AICS_PYTHON"), key("log.example/aics")
    with our_witness(tmp_path, [log.verifier()]) as url:
        words = [
            python,
            "-c",
            AICS_LOG,
            url,
            str(KEYS[0]),
            log.name,
            log.seed.hex(),
            "1",
            "5",
            "300",
            "70000",
        ]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
        head = requests.get(f"{url}/{sha256(log.name.encode()).hexdigest()}/checkpoint", timeout=10).content

    assert (done.stdout.split(), done.stderr) == (["1"] * 4, "")
    assert open_checkpoint(head, [log.verifier()]).checkpoint.root == tree(70_000)[0].root()
