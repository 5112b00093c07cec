"""What a witness answers to whom, in which order, and what it never cosigns."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import LogError
from netproof.integrity.witness import application, create_state, open_state
from netproof.integrity.witness.request import REQUEST_BYTES_MAX, Request, encode_request
from netproof.integrity.witness.server import Witness
from netproof.integrity.witness.state import EVIDENCE_MAX
from netproof.tlog.checkpoint import Checkpoint
from netproof.tlog.cosignature import open_checkpoint, sign_checkpoint
from netproof.tlog.encoding import to_base64
from netproof.tlog.keys import SignatureType
from netproof.tlog.merkle import EMPTY_ROOT
from netproof.tlog.note import SignatureLine, UnverifiedNote, parse_note
from tests.tlogs import LOG, LOG_PQ, ORIGIN, TIME, key
from tests.witnesses import KEYS, LOGS, SIGNERS, body, note, path, times

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHA = hashlib.sha256(ORIGIN.encode()).hexdigest()
STRANGER = key("log.example/stranger")
OTHER = key(ORIGIN, number=1)
"""Another key of the same name, which nobody trusts."""


class Asking:
    """A witness that is asked without a network, with its own clock."""

    def __init__(self, folder: Path, state: Any) -> None:
        self.folder = folder
        self.now = TIME
        self.told: list[str] = []
        self.answer = application(state, LOGS, SIGNERS, lambda: self.now, self.told.append)

    def ask(self, path: str, data: bytes = b"", method: str = "POST", **more: str) -> tuple[int, str, bytes]:
        """Return status, content type and body."""
        got: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], *_: object) -> None:
            got["status"], got["headers"] = int(status.split(maxsplit=1)[0]), dict(headers)

        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(len(data)),
            "wsgi.input": io.BytesIO(data),
            **more,
        }
        parts = self.answer(environ, start)  # type: ignore[arg-type]
        assert method == "HEAD" or got["headers"]["Content-Length"] == str(len(b"".join(parts)))
        return got["status"], got["headers"]["Content-Type"], b"".join(parts)

    def add(self, data: bytes) -> tuple[int, str, bytes]:
        """Ask to cosign."""
        return self.ask("/add-checkpoint", data)

    def status(self, data: bytes) -> int:
        """Return the status of asking to cosign."""
        return self.add(data)[0]

    def evidence(self) -> list[Path]:
        """Return the files of evidence."""
        return sorted(self.folder.glob("*/evidence/*.json"))


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Asking]:
    create_state(tmp_path / "state", KEYS)
    with open_state(tmp_path / "state", KEYS) as state:
        yield Asking(tmp_path / "state", state)


def signed(size: int, root: bytes, origin: str = ORIGIN, signer: Any = LOG) -> bytes:
    return sign_checkpoint(Checkpoint(origin, size, root), [signer], TIME)


def request(old: int, checkpoint: bytes, *hashes: bytes) -> bytes:
    return encode_request(Request(old, hashes, checkpoint))


def test_it_cosigns_with_both_keys_and_its_own_time(witness: Asking) -> None:
    status, kind, answer = witness.add(body(0, 5))

    assert (status, kind) == (200, "text/plain; charset=utf-8")
    assert times(answer, 5) == [TIME, TIME]
    assert witness.told == [f"cosigned '{ORIGIN}': size 0 to 5"]


def test_it_cosigns_what_continues_step_by_step(witness: Asking) -> None:
    sizes = [0, 1, 2, 5, 5, 256, 300]
    got = [witness.status(body(old, new)) for old, new in pairwise(sizes)]

    assert got == [200] * 6


def test_it_cosigns_an_empty_log(witness: Asking) -> None:
    assert witness.status(request(0, signed(0, EMPTY_ROOT))) == 200
    assert witness.status(request(0, signed(0, EMPTY_ROOT))) == 200
    assert witness.status(body(0, 3)) == 200


def test_it_cosigns_again_and_later_what_it_cosigned_last(witness: Asking) -> None:
    witness.add(body(0, 5))
    witness.now += 60

    assert times(witness.add(body(5, 5))[2], 5) == [TIME + 60, TIME + 60]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"old 0\n\n",
        b"old 0\n\nno checkpoint",
        body(0, 5)[:-1],
        body(0, 5).replace(b"old 0", b"old +0"),
        b"old 0\n" + (to_base64(bytes(32)) + "\n").encode() * 64 + b"\n" + note(5),
        request(0, note(5).replace(b"\n5\n", b"\n05\n")),
        body(0, 5) + b"x" * REQUEST_BYTES_MAX,
    ],
)
def test_malformed_requests_are_answered_400(witness: Asking, data: bytes) -> None:
    assert witness.status(data) == 400


def test_a_body_without_a_stated_length_is_answered_400(witness: Asking) -> None:
    assert witness.ask("/add-checkpoint", body(0, 5), CONTENT_LENGTH="")[0] == 400
    assert witness.ask("/add-checkpoint", body(0, 5), CONTENT_LENGTH="-5")[0] == 400


def test_an_old_size_above_the_new_one_is_answered_400(witness: Asking) -> None:
    assert witness.status(request(6, note(5))) == 400


def test_an_unknown_log_is_answered_404_even_if_it_signs_well(witness: Asking) -> None:
    assert witness.status(request(0, signed(5, bytes(32), STRANGER.name, STRANGER))) == 404


def test_a_checkpoint_without_a_known_signature_is_answered_403(witness: Asking) -> None:
    """Attack 11: a key that the policy does not name signs nothing, whatever its name."""
    assert witness.status(request(0, note(5, signers=(OTHER,)))) == 403
    assert witness.status(request(0, note(5, signers=(STRANGER,)))) == 403


def test_a_known_line_that_fails_is_answered_403_even_beside_one_that_holds(witness: Asking) -> None:
    """Attack 12: the key ID finds a key and proves nothing."""
    good = parse_note(note(5))
    wrong = SignatureLine(ORIGIN, LOG.verifier().key_id, bytes(64))
    forged = UnverifiedNote(good.text, (*good.lines, wrong)).encode()

    assert witness.status(request(0, forged)) == 403


def test_unknown_lines_are_ignored_and_not_kept(witness: Asking) -> None:
    witness.add(body(0, 5, signers=(OTHER, LOG, STRANGER)))
    kept = parse_note(witness.ask(f"/{SHA}/checkpoint", method="GET")[2])

    assert [line.key_id for line in kept.lines] == [one.verifier().key_id for one in (LOG, *SIGNERS)]


def test_a_log_may_sign_with_an_old_and_a_new_key_while_it_changes_them(witness: Asking) -> None:
    """Attack 11: rotation; two keys of one origin are one log, not two."""
    assert witness.status(body(0, 5, signers=(LOG,))) == 200
    assert witness.status(body(5, 6, signers=(LOG, LOG_PQ))) == 200
    assert witness.status(body(6, 7, signers=(LOG_PQ,))) == 200
    assert witness.status(body(0, 7, fork=2, signers=(LOG_PQ,))) == 409


def test_another_old_size_is_answered_409_with_the_size(witness: Asking) -> None:
    witness.add(body(0, 5))

    assert witness.add(body(0, 6)) == (409, "text/x.tlog.size", b"5\n")
    assert witness.add(body(4, 6)) == (409, "text/x.tlog.size", b"5\n")
    assert witness.add(body(6, 6)) == (409, "text/x.tlog.size", b"5\n")


def test_a_smaller_tree_never_replaces_a_larger_one(witness: Asking) -> None:
    """Attack 1: rollback."""
    witness.add(body(0, 5))

    assert witness.status(body(0, 3)) == 409
    assert witness.status(body(3, 4)) == 409
    assert witness.status(request(5, note(3))) == 400


def test_an_unknown_old_size_for_a_new_log_is_answered_409(witness: Asking) -> None:
    assert witness.add(body(3, 5)) == (409, "text/x.tlog.size", b"0\n")


def test_an_empty_tree_with_another_root_is_answered_422(witness: Asking) -> None:
    assert witness.status(request(0, signed(0, bytes(32)))) == 422


def test_a_proof_from_the_empty_tree_is_answered_422(witness: Asking) -> None:
    assert witness.status(request(0, note(5), bytes(32))) == 422


@pytest.mark.parametrize(
    "hashes",
    [(), path(4, 6), (*path(5, 6), bytes(32)), path(5, 6)[:-1], path(5, 6)[::-1], path(5, 6, fork=2)],
)
def test_a_proof_that_does_not_hold_is_answered_422(witness: Asking, hashes: tuple[bytes, ...]) -> None:
    witness.add(body(0, 5))

    assert witness.status(request(5, note(6), *hashes)) == 422


def test_two_trees_of_one_size_are_answered_422_with_evidence(witness: Asking) -> None:
    """Attack 6: equivocation at equal size."""
    witness.add(body(0, 5))
    data = request(5, note(5, fork=2))

    assert witness.status(data) == 422
    (file,) = witness.evidence()
    kept = json.loads(file.read_text("utf-8"))
    one = open_checkpoint(kept["cosigned"].encode(), LOGS).checkpoint
    other = open_checkpoint(kept["request"].encode().partition(b"\n\n")[2], LOGS).checkpoint

    # Both heads carry the log's own signature: whoever reads this file needs to trust nobody else.
    assert (one.size, other.size, one.root != other.root) == (5, 5, True)
    assert kept["request"].encode() == data
    assert (file.name.partition("-")[0], kept["status"], kept["time"]) == ("fork", 422, TIME)
    assert "another tree of the size" in witness.told[-1]


def test_another_tree_is_evidence_even_where_the_old_size_is_wrong(witness: Asking) -> None:
    """Attack 5: a log that shows operator B another tree asks as if the witness had seen nothing."""
    witness.add(body(0, 5))

    assert witness.status(body(0, 5, fork=2)) == 409
    assert [file.name[:5] for file in witness.evidence()] == ["fork-"]


def test_a_split_view_cannot_be_joined_later(witness: Asking) -> None:
    """Attack 5: the other history is longer and has a good proof of its own."""
    witness.add(body(0, 5))

    assert witness.status(body(5, 9, fork=2)) == 422
    assert [file.name[:5] for file in witness.evidence()] == ["proof"]
    assert witness.status(body(5, 9)) == 200


def test_an_honest_log_that_is_only_behind_leaves_no_evidence(witness: Asking) -> None:
    witness.add(body(0, 5))
    for data in (body(0, 5), body(0, 6), body(3, 4), body(2, 5)):
        assert witness.status(data) == 409

    assert witness.evidence() == []


def test_the_same_two_trees_are_kept_once_whatever_the_proof(witness: Asking) -> None:
    witness.add(body(0, 5))
    for number in range(20):
        assert witness.status(request(5, note(6), bytes([number]) * 32)) == 422

    assert len(witness.evidence()) == 1
    assert len(witness.told) == 2


def test_evidence_fills_no_disk(witness: Asking) -> None:
    witness.add(body(0, 5))
    for number in range(EVIDENCE_MAX + 3):
        assert witness.status(request(5, signed(6 + number, bytes(32)))) == 422

    assert len(witness.evidence()) == EVIDENCE_MAX
    assert len(witness.told) == EVIDENCE_MAX + 1
    assert witness.status(request(5, signed(5, bytes(32)))) == 422
    assert len(witness.evidence()) == EVIDENCE_MAX + 1  # proof of a fork is kept beside all mere suspicion


def test_a_clock_that_went_back_cosigns_nothing(witness: Asking) -> None:
    witness.add(body(0, 5))
    witness.now -= 1

    assert witness.status(body(5, 6)) == 503
    witness.now += 1
    assert witness.status(body(5, 6)) == 200


def test_a_clock_before_1970_cosigns_nothing(witness: Asking) -> None:
    witness.now = 0

    assert witness.status(body(0, 5)) == 503


def test_the_last_checkpoint_is_served_with_the_log_s_and_the_witness_s_lines(witness: Asking) -> None:
    answer = witness.add(body(0, 5, signers=(LOG, LOG_PQ)))[2]
    status, kind, head = witness.ask(f"/{SHA}/checkpoint", method="GET")

    assert (status, kind) == (200, "text/plain; charset=utf-8")
    assert {line.key for line in open_checkpoint(head, [*LOGS, *KEYS]).signatures} == {*LOGS, *KEYS}
    assert head.endswith(answer)
    assert witness.ask(f"/{SHA}/checkpoint", method="HEAD") == (200, kind, b"")


@pytest.mark.parametrize(
    ("method", "place", "want"),
    [
        ("GET", f"/{SHA}/checkpoint", 404),
        ("GET", "/", 404),
        ("GET", f"/{SHA.upper()}/checkpoint", 404),
        ("GET", f"/{SHA}/checkpoint/", 404),
        ("GET", f"/{SHA}/../witness", 404),
        ("POST", "/sign-subtree", 404),
        ("GET", "/add-checkpoint", 405),
        ("PUT", "/add-checkpoint", 405),
        ("POST", f"/{SHA}/checkpoint", 405),
    ],
)
def test_nothing_else_is_there(witness: Asking, method: str, place: str, want: int) -> None:
    assert witness.ask(place, method=method)[0] == want


def test_a_state_that_cannot_be_written_cosigns_nothing_any_more(
    witness: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness.add(body(0, 5))
    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", _full)

        assert witness.status(body(5, 6)) == 503
    # The disk is well again, but what it holds is unknown until the state is read anew.
    assert witness.status(body(5, 6)) == 503
    assert witness.status(body(5, 7, fork=5)) == 503
    assert "started again" in witness.told[-1]
    copy = witness.folder.with_name("copy")
    shutil.copytree(witness.folder, copy)
    with open_state(copy, KEYS) as state:
        assert Asking(copy, state).status(body(5, 7)) == 200


def _full(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_evidence_that_cannot_be_kept_changes_no_answer(
    witness: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness.add(body(0, 5))
    monkeypatch.setattr("os.fsync", _full)

    assert witness.status(request(5, note(5, fork=2))) == 422
    assert "could not be kept" in witness.told[-1]


def test_a_log_s_key_is_no_witness_s_and_a_witness_s_no_log_s(tmp_path: Path) -> None:
    """Attack 9: who runs the log does not witness it with the log's own key."""
    create_state(tmp_path / "state", KEYS)
    with open_state(tmp_path / "state", KEYS) as state:
        for logs, signers in (
            (LOGS, [LOG]),
            (LOGS, []),
            (LOGS, [SIGNERS[0], key("witness.example/2", SignatureType.ML_DSA_44)]),
            ([KEYS[0]], SIGNERS),
            ([KEYS[1]], SIGNERS),
            ([key("x" * 256).verifier()], SIGNERS),
        ):
            with pytest.raises(LogError):
                Witness(state, logs, signers, lambda: TIME)
