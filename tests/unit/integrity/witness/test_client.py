"""Asking witnesses: what is taken, what is told by name, and that nobody hangs, floods or leads astray."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import LogError
from netproof.integrity.log import Settings, create, writing
from netproof.integrity.witness import application, cosigning, create_state, open_state
from netproof.integrity.witness.client import AHEAD_S
from netproof.integrity.witness.request import encode_lines
from netproof.tlog.cosignature import add_signatures, open_checkpoint, signature_line
from netproof.tlog.keys import SignatureType
from netproof.tlog.note import SignatureLine, parse_note
from netproof.tlog.policy import Freshness, Group, Party, Policy
from netproof.tlog.policy_text import encode_policy
from tests.tlogs import LOG, TIME, key, numbered
from tests.witnesses import KEYS, LOGS, SIGNERS, note, path, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from netproof.integrity.witness import Cosigning

FIRST, SECOND = (key(f"witness.example/{n}", SignatureType.ED25519_COSIGNATURE, n) for n in (1, 2))
TEXT = parse_note(note(5)).text


def policy(*witnesses: tuple[bytes, Any, str], threshold: int = 1) -> Policy:
    """A policy with these witnesses, of which some are needed."""
    return Policy(
        tuple(Party(log) for log in LOGS),
        {name: Party(one, url) for name, one, url in witnesses},
        {b"some": Group(threshold, tuple(name for name, _, _ in witnesses))},
        b"some",
    )


def ours(url: str) -> Policy:
    """The policy that wants both keys of our witness at an address."""
    return policy((b"old", KEYS[0], url), (b"new", KEYS[1], url + "/"), threshold=2)


def asked(one: Policy, size: int = 5, fork: int | None = None, **more: Any) -> tuple[Cosigning, list[Any]]:
    """Ask about the log at a size."""
    cosign = cosigning(one, **({"now": TIME, "timeout": 5.0} | more))
    return cosign, cosign(note(size, fork), lambda old: list(path(old, size, fork)))


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[str]:
    """The address of a real witness of ours."""
    create_state(tmp_path / "state", KEYS)
    with (
        open_state(tmp_path / "state", KEYS) as state,
        served(application(state, LOGS, SIGNERS, lambda: TIME)) as url,
    ):
        yield url


def test_a_quorum_is_reached_and_the_policy_accepts_the_checkpoint(witness: str) -> None:
    cosign, lines = asked(ours(witness))
    judged = ours(witness).judge(add_signatures(note(5), lines), Freshness(TIME, 60))

    assert (judged.checkpoint.size, judged.witnesses, judged.proven_by) == (5, (b"new", b"old"), TIME)
    assert (cosign.reached, [one.problem for one in cosign.heard]) == (True, [""])
    assert cosign.told() == "old cosigned; new cosigned"


def test_a_witness_that_knows_another_size_is_asked_once_more_with_its_own(witness: str) -> None:
    for size in (0, 1, 5, 5, 300):
        cosign, lines = asked(ours(witness), size) if size else (None, [])
        assert cosign is None or (cosign.reached, len(lines)) == (True, 2)


def test_a_log_that_went_back_is_told_so(witness: str) -> None:
    """Attack 1."""
    asked(ours(witness), 9)
    cosign, lines = asked(ours(witness), 5)

    assert (lines, cosign.reached) == ([], False)
    assert "it has cosigned 9 entries of this log, which now shows 5" in cosign.told()


def test_a_fork_gets_no_cosignature_and_is_told_by_status(witness: str) -> None:
    """Attacks 5 and 6, seen from a log that tries."""
    asked(ours(witness), 5)
    for size in (5, 9):
        cosign, lines = asked(ours(witness), size, fork=2)

        assert lines == []
        assert "it answered 422" in cosign.told()


def test_a_witness_that_does_not_know_the_log_or_its_key_is_told_by_status(tmp_path: Path) -> None:
    create_state(tmp_path / "state", KEYS)
    with open_state(tmp_path / "state", KEYS) as state:
        for known, status in ((key("log.example/x"), 404), (key(LOG.name, number=1), 403)):
            with served(application(state, [known.verifier()], SIGNERS, lambda: TIME)) as url:
                cosign, lines = asked(ours(url))

                assert lines == []
                assert f"it answered {status}" in cosign.told()


def test_the_quorum_is_an_error_only_where_it_is_required(witness: str) -> None:
    gone = free_address()
    one = policy((b"A", KEYS[0], witness), (b"B", FIRST.verifier(), gone), threshold=2)

    cosign, lines = asked(one)
    assert (len(lines), cosign.reached) == (1, False)
    assert f"B at {gone}: no answer: connection refused" in cosign.told()
    with pytest.raises(LogError, match=r"expected a quorum, got A cosigned; B at http"):
        asked(one, required=True)


def test_witnesses_without_an_address_are_not_asked() -> None:
    cosign, lines = asked(policy((b"A", FIRST.verifier(), "")))

    assert (cosign.heard, lines, cosign.reached) == ((), [], False)
    with pytest.raises(LogError, match="none that has an address"):
        asked(policy((b"A", FIRST.verifier(), "")), required=True)


@pytest.mark.parametrize("url", ["ftp://h", "file:///etc/passwd", "h", "http://", "http://[", "http://h:x"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    """Attack 38."""
    cosign, lines = asked(policy((b"A", FIRST.verifier(), url)))

    assert lines == []
    assert cosign.heard[0].problem


def free_address() -> str:
    """An address at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def answering(
    body: bytes, status: str = "200 OK", headers: tuple[tuple[str, str], ...] = ()
) -> Callable[[Any, Any], list[bytes]]:
    """A witness that always says the same."""

    def answer(environ: Any, start: Any) -> list[bytes]:
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start(status, [("Content-Type", "text/plain"), *headers])
        return [body]

    return answer


def line(signer: Any = FIRST, at: int = TIME, text: bytes = TEXT) -> SignatureLine:
    return signature_line(text, signer, at)


def heard(app: Any, **more: Any) -> tuple[str, list[Any]]:
    """What is told of, and taken from, an application that should be the first witness."""
    with served(app) as url:
        cosign, lines = asked(policy((b"A", FIRST.verifier(), url)), **more)
        return cosign.heard[0].problem, lines


def test_only_the_witness_s_own_line_is_taken() -> None:
    """Attack 10: lines of other keys, and the same line twice, count for nothing."""
    problem, lines = heard(answering(encode_lines([line(SECOND), line(), line(), line(LOG)])))

    assert (problem, lines) == ("", [line()])


WRONG = {
    "another checkpoint": encode_lines([line(text=parse_note(note(6)).text)]),
    "a broken signature": encode_lines([SignatureLine(FIRST.name, FIRST.verifier().key_id, bytes(72))]),
    "one that holds and one that does not": encode_lines(
        [line(), SignatureLine(FIRST.name, FIRST.verifier().key_id, bytes(72))]
    ),
    "no lines": b"",
    "no newline": encode_lines([line()])[:-1],
    "not text": b"\xff\xfe\n",
    "too long": b"x" * 300_000,
    "a whole note": note(5),
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG.keys())
def test_an_answer_that_does_not_hold_is_refused_whole(body: bytes) -> None:
    problem, lines = heard(answering(body))

    assert problem
    assert lines == []


def test_an_answer_without_the_witness_s_line_is_told() -> None:
    problem, lines = heard(answering(encode_lines([line(SECOND)])))

    assert "without a line of this key" in problem
    assert lines == []


@pytest.mark.parametrize(
    ("at", "taken"), [(0, 1), (AHEAD_S, 1), (-AHEAD_S, 1), (AHEAD_S + 1, 0), (-AHEAD_S - 1, 0)]
)
def test_a_cosignature_states_the_present(at: int, taken: int) -> None:
    """Attack 2: yesterday's cosignature, replayed, would prove what nobody saw."""
    problem, lines = heard(answering(encode_lines([line(at=TIME + at)])))

    assert len(lines) == taken
    assert ("whose clock is wrong" in problem) == (not taken)


SAID = {
    "a redirect": (answering(b"", "302 Found", (("Location", "http://127.0.0.1:1/"),)), "answered 302"),
    "an error": (answering(b"go\x1b[31m away\nplease", "500 Oops"), r"answered 500: 'go\\x1b[31m away'"),
    "409 without its type": (answering(b"5\n", "409 Conflict"), "answered 409: '5'"),
    "compressed": (answering(b"\x1f\x8b", headers=(("Content-Encoding", "gzip"),)), "not compressed"),
}


@pytest.mark.parametrize(("app", "want"), SAID.values(), ids=SAID.keys())
def test_other_answers_are_told_safely(app: Any, want: str) -> None:
    problem, lines = heard(app)

    assert want.replace("\\\\", "\\") in problem
    assert lines == []


def test_a_redirect_is_not_followed() -> None:
    """Attack 38: a witness does not lead us to an address inside."""
    with served(answering(encode_lines([line()]))) as inside:
        problem, lines = heard(
            answering(b"", "307 Temporary Redirect", (("Location", f"{inside}/add-checkpoint"),))
        )

    assert "answered 307" in problem
    assert lines == []


def test_a_size_that_changes_at_each_question_is_asked_for_twice_only() -> None:
    questions = []

    def moving(environ: Any, start: Any) -> list[bytes]:
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        questions.append(environ["PATH_INFO"])
        start("409 Conflict", [("Content-Type", "text/x.tlog.size; charset=utf-8")])
        return [b"%d\n" % len(questions)]

    problem, lines = heard(moving)

    assert questions == ["/add-checkpoint"] * 2
    assert "answered 409: '2'" in problem
    assert lines == []


def test_a_size_that_is_none_is_refused() -> None:
    for body in (b"x\n", b"-1\n", b"5", b"9" * 30 + b"\n"):
        problem, _ = heard(answering(body, "409 Conflict", (("Content-Type", "text/x.tlog.size"),)))

        assert "size" in problem or "409" in problem


def test_a_path_that_cannot_be_made_is_told(witness: str) -> None:
    asked(ours(witness), 5)
    cosign = cosigning(ours(witness), now=TIME, timeout=5)

    def broken(_: int) -> list[bytes]:
        raise LogError("tile: expected it, got none")

    assert cosign(note(9), broken) == []
    assert "tile: expected it, got none" in cosign.told()


def test_groups_count_organisations_and_not_servers(witness: str) -> None:
    """Attack 9: one operator who runs many witnesses fills one group only."""
    one = Policy(
        tuple(Party(log) for log in LOGS),
        {b"A1": Party(KEYS[0], witness), b"A2": Party(KEYS[1], witness), b"B1": Party(FIRST.verifier())},
        {b"A": Group(1, (b"A1", b"A2")), b"B": Group(1, (b"B1",)), b"both": Group(2, (b"A", b"B"))},
        b"both",
    )
    cosign, lines = asked(one)

    assert (len(lines), cosign.reached) == (2, False)
    with pytest.raises(LogError, match="quorum"):
        one.judge(add_signatures(note(5), lines))


def test_a_log_on_disk_is_cosigned_while_it_grows_and_goes_on_without_its_witness(
    witness: str, tmp_path: Path
) -> None:
    one, folder = ours(witness), tmp_path / "releases"
    create(folder, Settings(LOG.name, LOGS), encode_policy(one))
    with writing(folder) as writer:
        for size in (1, 5, 5, 300):
            writer.append(numbered(size))
            cosigned = writer.checkpoint([LOG], TIME, cosigning(one, now=TIME, timeout=5))

            assert one.judge(cosigned).checkpoint.size == size
        gone = ours(free_address())
        cosign = cosigning(gone, now=TIME, timeout=5)
        writer.append(numbered(301))
        alone = writer.checkpoint([LOG], TIME, cosign)

        assert open_checkpoint(alone, LOGS).checkpoint.size == 301
        assert (cosign.reached, cosign.told().startswith("old, new at http")) == (False, True)
        late = writer.checkpoint([LOG], TIME, cosigning(one, now=TIME, timeout=5))
        assert one.judge(late).checkpoint.size == 301
