from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netproof.errors import LogError
from netproof.integrity.log import (
    Settings,
    fsck,
    history,
    published,
    read_policy,
    read_settings,
    writing,
)
from netproof.integrity.log.reading import open_own
from netproof.tlog.checkpoint import Checkpoint
from netproof.tlog.cosignature import signature_line
from netproof.tlog.merkle import verify_consistency
from netproof.tlog.note import SignatureLine, parse_note
from netproof.tlog.policy_text import encode_policy
from tests.logfolders import POLICY, QUICK, SETTINGS, grown, new_log
from tests.tlogs import LOG, LOG_PQ, ORIGIN, TIME, WITNESSES, key, numbered, policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from netproof.integrity.log import Cosign
    from netproof.tlog.keys import SigningKey


def answering(*witnesses: SigningKey, time: int = TIME) -> Cosign:
    """Witnesses that cosign."""

    def cosign(note: bytes, path: Callable[[int], list[bytes]]) -> list[SignatureLine]:
        del path
        return [signature_line(parse_note(note).text, witness, time) for witness in witnesses]

    return cosign


def read_all(log: Path) -> list[bytes]:
    """Every published entry, verified."""
    return [entry for _, entry in published(log).entries()]


def test_a_checkpoint_at_the_same_size_is_signed_anew_and_the_kept_one_keeps_its_first_signatures(
    tmp_path: Path,
) -> None:
    log = new_log(tmp_path)
    one, two = WITNESSES[b"W1"], WITNESSES[b"W3"]
    with writing(log, disk=QUICK) as writer:
        writer.append([b"a"])
        writer.checkpoint([LOG], TIME, answering(one))
        writer.checkpoint(
            [LOG],
            TIME + 9,
            answering(one, two, time=TIME + 9),
        )
    kept = dict(history(log))[1]

    def times(note: bytes) -> list[int]:
        return [
            int.from_bytes(line.payload[:8], "big")
            for line in parse_note(note).lines
            if len(line.payload) == 72
        ]

    assert times(published(log).note) == [TIME + 9, TIME + 9]
    assert times(kept) == [TIME, TIME + 9]


def test_witnesses_get_a_proof_from_any_older_size(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(3), numbered(300))
    roots = {size: published(log).reader.root(size) for size in (1, 3, 300)}
    proofs: dict[int, list[bytes]] = {}

    def cosign(note: bytes, path: Callable[[int], list[bytes]]) -> list[SignatureLine]:
        del note
        proofs.update({size: path(size) for size in (0, 1, 3, 300)})
        with pytest.raises(LogError, match="expected sizes 0 < old <= new, got 401 and 400"):
            path(401)
        return []

    with writing(log, disk=QUICK) as writer:
        writer.append(numbered(400))
        writer.checkpoint([LOG], TIME, cosign)
    new = published(log).checkpoint

    for size, root in roots.items():
        verify_consistency(size, root, new.size, new.root, proofs[size])
    assert proofs[0] == []


def test_without_a_quorum_nothing_is_published_and_the_next_checkpoint_goes_on(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), [b"a"])

    def refuse(note: bytes, path: Callable[[int], list[bytes]]) -> list[SignatureLine]:
        del note, path
        raise LogError("witnesses: no quorum")

    with writing(log, disk=QUICK) as writer:
        writer.append([b"b"])
        with pytest.raises(LogError, match="no quorum"):
            writer.checkpoint([LOG], TIME, refuse)
        before = published(log).checkpoint.size
        writer.append([b"c"])
        writer.checkpoint([LOG], TIME)

    assert (before, read_all(log)) == (1, [b"a", b"b", b"c"])
    assert [size for size, _ in history(log)] == [1, 3]


@pytest.mark.parametrize("signers", [[], [key("other.example")], [LOG, WITNESSES[b"W1"]]])
def test_only_keys_of_the_log_sign_for_it(tmp_path: Path, signers: list[object]) -> None:
    log = new_log(tmp_path)

    with writing(log, disk=QUICK) as writer, pytest.raises(LogError, match=r"expected keys of its log\.toml"):
        writer.checkpoint(signers, TIME)  # type: ignore[arg-type]


def test_new_keys_sign_beside_the_old_ones_and_old_checkpoints_still_verify(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), [b"a"])
    new = key(ORIGIN, number=1)
    keys = (*SETTINGS.keys, new.verifier())
    rotated = encode_policy(policy(0, logs=(LOG, LOG_PQ, new)))
    with writing(log, disk=QUICK) as writer:
        writer.append([b"policy"])
        writer.rotate(Settings(ORIGIN, keys), rotated)
        writer.checkpoint([LOG, new], TIME)
    with writing(log, disk=QUICK) as writer:
        writer.append([b"b"])
        writer.checkpoint([new], TIME)

    assert (read_settings(log).keys, read_policy(log)) == (keys, rotated)
    assert [open_own(note, read_settings(log)).size for _, note in history(log)] == [1, 2, 3]
    assert fsck(log) == []


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        (Settings(ORIGIN, (LOG.verifier(),)), "every key it has had"),
        (Settings("other.example", (key("other.example").verifier(),)), "expected a line with a key of log"),
    ],
)
def test_rotation_loses_no_key_and_changes_no_name(tmp_path: Path, settings: Settings, text: str) -> None:
    log = new_log(tmp_path)

    with writing(log, disk=QUICK) as writer, pytest.raises(LogError, match=text):
        writer.rotate(settings, POLICY)


def test_a_tree_that_does_not_extend_what_was_signed_is_not_signed(tmp_path: Path) -> None:
    log = grown(new_log(tmp_path), numbered(3))
    with writing(log, disk=QUICK) as writer:
        writer.append(numbered(5))
        (log / "signed").write_bytes(Checkpoint(ORIGIN, 3, b"x" * 32).text)
        with pytest.raises(LogError, match="expected a tree that extends the signed one of 3 entries"):
            writer.checkpoint([LOG], TIME)

    assert published(log).checkpoint.size == 3


def test_a_witness_that_does_not_answer_the_second_time_still_vouches_for_the_same_tree(
    tmp_path: Path,
) -> None:
    log = new_log(tmp_path)
    one, two = WITNESSES[b"W1"], WITNESSES[b"W3"]
    with writing(log, disk=QUICK) as writer:
        writer.append([b"a"])
        for signers, witness in (([LOG, LOG_PQ], one), ([LOG], two)):
            writer.checkpoint(signers, TIME, answering(witness))
        names = [line.name for line in parse_note(published(log).note).lines]
        writer.append([b"b"])
        writer.checkpoint([LOG], TIME)

    assert names == [ORIGIN, two.name, one.name]
    assert [line.name for line in parse_note(published(log).note).lines] == [ORIGIN]
