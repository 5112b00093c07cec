"""Readers and a writer that nobody here wrote, over a real web server: they read our log, we audit theirs.

Our log is written by the log's own writer, copied with `copy_public`, and served by a plain server.
tlog-scales is a test dependency. aics-tlog needs Python 3.12: NETPROOF_AICS_PYTHON names an interpreter that
has it, else its tests are skipped by name.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from netproof.integrity.audit import Asked, Kind, audit, open_source
from netproof.integrity.log import Settings, copy_public, create, writing
from netproof.tlog.keys import parse_vkey
from netproof.tlog.merkle import leaf_hash, verify_consistency
from netproof.tlog.policy import Party, Policy
from netproof.tlog.policy_text import encode_policy
from netproof.tlog.reader import TileReader
from netproof.tlog.tiles import BUNDLE, Tile, parse_tile_path
from tests.tlogs import LOG, LOG_PQ, ORIGIN, TIME, WITNESSES, numbered, policy
from tests.unit.integrity.audit.serving import files, serving
from tests.unit.integrity.audit.test_proof import cosign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netproof.tlog.checkpoint import Checkpoint

SIZE = 70_000
AICS = os.environ.get("NETPROOF_AICS_PYTHON", "")
aics = pytest.mark.skipif(
    not AICS, reason="no aics-tlog (set NETPROOF_AICS_PYTHON to an interpreter that has it)"
)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public copy of a log of 70,000 entries, two checkpoints, Ed25519 and ML-DSA-44 keys."""
    folder, copy = (tmp_path_factory.mktemp("log") / name for name in ("releases", "public"))
    keys = (LOG, LOG_PQ)
    create(folder, Settings(ORIGIN, tuple(one.verifier() for one in keys)), encode_policy(policy(2)))
    entries = numbered(SIZE)
    with writing(folder) as writer:
        for start in range(0, SIZE, 20_000):
            writer.append(entries[start : start + 20_000])
            writer.checkpoint(keys, TIME, cosign)
    copy_public(folder, copy)
    return copy


@pytest.fixture(scope="module")
def url(public: Path) -> Iterator[str]:
    with serving(files(public)) as server:
        yield server.url


def places(folder: Path, number: int) -> list[tuple[str, int]]:
    """Path and offset of bytes to flip: in tiles of each level, in bundles, in head and root of the head."""
    chance = random.Random(2026)  # noqa: S311 - a seed, no secret
    head = (folder / "checkpoint").read_bytes()
    names = [
        path.relative_to(folder).as_posix() for path in sorted(folder.glob("tile/**/*")) if path.is_file()
    ]
    needed = [name for name in names if of_newest(name)]
    found = [
        (name, chance.randrange((folder / name).stat().st_size)) for name in chance.sample(needed, number)
    ]
    return [*found, ("checkpoint", head.index(b"70000")), ("checkpoint", len(ORIGIN) + 10)]


def of_newest(name: str) -> bool:
    """Whether the tree of 70,000 has this tile; smaller trees had other partial ones."""
    tile = parse_tile_path(name)
    width = SIZE >> 8 * max(tile.level, 0)
    return (tile.index + 1) * 256 <= width or (tile.index == width >> 8 and tile.width == width % 256)


def ours(where: str | Path, state: Path, accepted: Policy) -> Any:
    """Our audit of a log of other things."""
    source = open_source(where)
    try:
        return audit(source, accepted, state, now=TIME + 60, asked=Asked(statements=False))
    finally:
        source.close()


def test_our_auditor_reads_our_own_public_copy_over_http(url: str, tmp_path: Path) -> None:
    got = ours(url, tmp_path, policy(3))

    assert (got.passed, got.read_to, list(got.counts)) == (True, SIZE, [Kind.FIRST_AUDIT])


def test_tlog_scales_reads_our_public_copy_over_http(url: str) -> None:
    pytest.importorskip("tlog_scales", reason="test dependency tlog-scales is not installed")
    from tlog_scales.backend import HttpBackend
    from tlog_scales.reader import TilesReader
    from tlog_scales.signing import Vkey

    backend = HttpBackend(url)
    backend.session.trust_env = False
    theirs = TilesReader(backend)
    head = theirs.get_checkpoint()
    for signer in (LOG, LOG_PQ, *WITNESSES.values()):
        head.verify(Vkey.from_string(str(signer.verifier())))

    assert (head.size, theirs.calculate_root_hash()) == (SIZE, head.root_hash)
    for index in (0, 255, 256, 65_535, 65_536, SIZE - 1):
        entry = theirs.get_entry(index)
        assert entry == b"entry %d" % index
        theirs.get_inclusion_proof(index, SIZE).check(leaf_hash(entry), head.root_hash)
    backend.session.close()


def test_tlog_scales_and_our_auditor_notice_a_flipped_byte(public: Path, tmp_path: Path) -> None:
    pytest.importorskip("tlog_scales", reason="test dependency tlog-scales is not installed")
    noticed = []
    for number, (name, offset) in enumerate(places(public, 3)):
        path = public / name
        good = path.read_bytes()
        path.write_bytes(good[:offset] + bytes([good[offset] ^ 1]) + good[offset + 1 :])
        try:
            noticed.append(
                (
                    scales_notices(public, name, offset),
                    not ours(public, tmp_path / str(number), policy(3)).passed,
                )
            )
        finally:
            path.write_bytes(good)

    assert noticed == [(True, True)] * 5


def scales_notices(folder: Path, name: str, offset: int) -> bool:
    """Whether tlog-scales, asked for what rests on a byte, finds that something does not hold."""
    from tlog_scales.backend import LocalBackend
    from tlog_scales.reader import TilesReader
    from tlog_scales.signing import Vkey

    theirs = TilesReader(LocalBackend(folder))
    try:
        head = theirs.get_checkpoint()
        head.verify(Vkey.from_string(str(LOG.verifier())))
        if theirs.calculate_root_hash() != head.root_hash:
            return True
        for index in leaves_on(name, offset, folder):
            proof = theirs.get_inclusion_proof(index, SIZE)
            proof.check(leaf_hash(theirs.get_entry(index)), head.root_hash)
    except Exception:  # noqa: BLE001 - whatever a peer raises, it has noticed
        return True
    return False


def leaves_on(name: str, offset: int, folder: Path) -> list[int]:
    """Leaves whose proofs rest on a byte: the entries of a bundle, or the sibling of a hash in a tile."""
    if name == "checkpoint":
        return []
    tile = parse_tile_path(name)
    if tile.level == BUNDLE:
        width = TileReader(head_of(folder), open_source(folder).read).size - tile.index * 256
        return [tile.index * 256 + at for at in range(min(256, width))]
    place = tile.index * 256 + offset // 32
    return [min((place ^ 1) << 8 * tile.level, SIZE - 1)]


def head_of(folder: Path) -> Checkpoint:
    return policy(3).judge((folder / "checkpoint").read_bytes()).checkpoint


def peer(*words: str | Path) -> dict[str, Any]:
    """What aics-tlog answers, in an interpreter of its own."""
    script = Path(__file__).with_name("aics_peer.py")
    done = subprocess.run([AICS, "-I", script, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@aics
def test_aics_tlog_reads_and_audits_our_70000_entries(url: str, public: Path) -> None:
    witnesses = [str(WITNESSES[name].verifier()) for name in (b"W1", b"W3")]
    got = peer("read", url, str(LOG.verifier()), "2", *witnesses)
    head = head_of(public)
    reader = TileReader(head, open_source(public).read)

    assert (got["ok"], got["size"], got["bundles"]) == (True, SIZE, 274)
    assert got["tiles"] == 274 + 2 + 1
    assert got["proven"] == [True] * 4
    assert got["leaf"] == leaf_hash(b"entry 69999").hex()
    path = [bytes.fromhex(one) for one in got["path"]]
    verify_consistency(got["old"], reader.root(got["old"]), SIZE, head.root, path)
    assert path == reader.consistency_path(got["old"])


@aics
def test_aics_tlog_and_our_auditor_notice_the_same_flipped_bytes(public: Path, tmp_path: Path) -> None:
    flipped = places(public, 8)
    theirs = peer("flips", public, str(LOG.verifier()), *(f"{name}:{offset}" for name, offset in flipped))
    mine = []
    for number, (name, offset) in enumerate(flipped):
        path = public / name
        good = path.read_bytes()
        path.write_bytes(good[:offset] + bytes([good[offset] ^ 1]) + good[offset + 1 :])
        try:
            mine.append(not ours(public, tmp_path / str(number), policy(3)).passed)
        finally:
            path.write_bytes(good)

    assert (theirs["noticed"], theirs["holds"]) == ([True] * 10, True)
    assert mine == theirs["noticed"]


@aics
def test_our_auditor_reads_the_log_that_aics_tlog_wrote(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    keys = peer("write", folder, "aics.example/log", str(SIZE), "witness.example/aics")
    log, witness = parse_vkey(keys["log"]), parse_vkey(keys["witness"])
    accepted = Policy((Party(log),), {b"W": Party(witness)}, {}, b"W")
    with serving(files(folder)) as server:
        good = ours(server.url, tmp_path / "state", accepted)
    tile = folder / Tile(BUNDLE, 200).path
    tile.write_bytes(tile.read_bytes().replace(b"entry 51300", b"entry 51301"))
    bad = ours(folder, tmp_path / "again", accepted)

    assert (good.passed, good.read_to) == (True, SIZE)
    assert good.head is not None
    assert (good.head.witnesses, good.head.proven_by) == ((b"W",), TIME)
    assert (bad.passed, list(bad.counts)) == (False, [Kind.BAD_ENTRIES, Kind.FIRST_AUDIT])
    assert bad.findings[0].entry == 200 * 256
