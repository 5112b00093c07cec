"""Policies: what a file says, and when a checkpoint is enough."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from netproof.errors import LogError
from netproof.tlog.checkpoint import Checkpoint
from netproof.tlog.cosignature import add_signatures, sign_checkpoint, signature_line
from netproof.tlog.keys import SignatureType
from netproof.tlog.policy import Freshness, Group, Party, Policy
from netproof.tlog.policy_text import POLICY_BYTES_MAX, encode_policy, parse_policy
from tests.tlogs import ALL, LOG, LOG_PQ, ORIGIN, TIME, WITNESSES, key, policy

W1, W2, W3 = (WITNESSES[name] for name in (b"W1", b"W2", b"W3"))
LOG_LINE = f"log {LOG.verifier()} https://log.example/\n"
WITNESS_LINES = "".join(f"witness {name.decode()} {one.verifier()}\n" for name, one in WITNESSES.items())
CHECKPOINT = Checkpoint(ORIGIN, 7, bytes(32))


def text(rest: str) -> bytes:
    """A policy file with one log, three witnesses and these lines."""
    return (LOG_LINE + WITNESS_LINES + rest).encode()


def stamped(**times: int) -> bytes:
    """The checkpoint signed by the log and cosigned at these times."""
    data = sign_checkpoint(CHECKPOINT, [LOG], TIME)
    lines = [signature_line(CHECKPOINT.text, WITNESSES[n.encode()], time) for n, time in times.items()]
    return add_signatures(data, lines)


def test_a_file_reads_back() -> None:
    got = parse_policy(text("# two of three\n\n \tgroup  some\t2 W1 W2 W3 \nquorum some\n"))

    assert got.groups == {b"some": Group(2, (b"W1", b"W2", b"W3"))}
    assert got.quorum == b"some"
    assert got.logs == (Party(LOG.verifier(), "https://log.example/"),)
    assert parse_policy(encode_policy(got)) == got


@pytest.mark.parametrize(
    ("rest", "want"),
    [
        ("group g all W1 W2 W3\nquorum g\n", 3),
        ("group g any W1 W2 W3\nquorum g\n", 1),
        ("group a any W1 W2\ngroup b all W3\ngroup g all a b\nquorum g\n", 2),
    ],
)
def test_groups_are_counted_as_the_text_says(rest: str, want: int) -> None:
    got = parse_policy(text(rest))
    members = next(iter(got.groups.values())).threshold

    assert got.reached({b"W1", b"W2", b"W3"})
    assert not got.reached(set())
    assert got.reached({b"W1", b"W3"}) == (want < 3)
    assert got.reached({b"W1"}) == (want == 1)
    assert members >= 1


def test_one_witness_or_none_can_be_the_quorum() -> None:
    assert parse_policy(text("quorum W2\n")).reached({b"W2"})
    assert not parse_policy(text("quorum W2\n")).reached({b"W1", b"W3"})
    assert parse_policy(b"quorum none\n").reached(set())


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "quorum W1",
        "quorum W4\n",
        "quorum W1\nquorum W1\n",
        "quorum W1\nquorum none\n",
        "quorum g\ngroup g any W1\n",
        "group g any\nquorum none\n",
        "group g 0 W1\nquorum g\n",
        "group g 2 W1\nquorum g\n",
        "group g 01 W1\nquorum g\n",
        "group g some W1\nquorum g\n",
        "group g any g\nquorum g\n",
        "group g any none\nquorum g\n",
        "group g any W1 W1\nquorum g\n",
        "group g any W1\ngroup h any W1\nquorum h\n",
        "group g any W1\ngroup g any W2\nquorum g\n",
        "group W1 any W2\nquorum W1\n",
        "group none any W2\nquorum none\n",
        "Quorum W1\n",
        "quorum W1 W2\n",
        "quorum W1\r\n",
        "quorum\u00a0W1\n",
        "log\nquorum W1\n",
        "log a b c\nquorum W1\n",
        "witness W4\nquorum W1\n",
        f"witness none {key('w', SignatureType.ML_DSA_44).verifier()}\nquorum W1\n",
        f"witness W1 {key('w', SignatureType.ML_DSA_44).verifier()}\nquorum W1\n",
        f"log {LOG.verifier()}\nquorum W1\n",
        f"log {W1.verifier()}\nquorum W1\n",
        f"witness W4 {LOG.verifier()}\nquorum W1\n",
        f"witness W4 {W1.verifier()}\nquorum W1\n",
    ],
)
def test_malformed_policies_are_refused(rest: str) -> None:
    with pytest.raises(LogError):
        parse_policy(text(rest))


def test_a_policy_that_is_too_large_or_holds_control_characters_is_refused() -> None:
    for data in (b"#" * POLICY_BYTES_MAX + b"\n", b"# \x1b\nquorum none\n", b"log \xff\nquorum none\n"):
        with pytest.raises(LogError):
            parse_policy(data)


def test_names_are_bytes() -> None:
    kelvin, k = "\u212a".encode(), b"K"
    got = parse_policy(
        b"witness %s %s\nwitness %s %s\nquorum K\n"
        % (k, str(W1.verifier()).encode(), kelvin, str(W2.verifier()).encode())
    )

    assert not got.reached({kelvin})
    assert parse_policy(encode_policy(got)) == got


def test_a_name_that_no_file_can_hold_is_not_written() -> None:
    for name, url in ((b"a b", ""), (b"a", "https://a/ #b"), (b"a", "b\n")):
        with pytest.raises(LogError):
            encode_policy(Policy((), {name: Party(W1.verifier(), url)}, {}, name))


def test_a_url_of_blanks_does_not_get_lost() -> None:
    with pytest.raises(LogError, match="can hold"):
        encode_policy(Policy((), {b"a": Party(W1.verifier(), "  ")}, {}, b"a"))


@pytest.mark.parametrize(
    "changed",
    [
        {"quorum": b"W9"},
        {"groups": {b"W1": Group(1, (b"W2",))}, "quorum": b"W1"},
        {"groups": {b"none": Group(1, (b"W2",))}, "quorum": b"none"},
        {"groups": {b"g": Group(2, (b"W2",))}},
        {"groups": {b"g": Group(0, (b"W2",))}},
        {"groups": {b"g": Group(1, (b"W9",))}},
        {"logs": (Party(LOG.verifier()), Party(LOG.verifier()))},
        {"logs": (Party(replace(W2, name=ORIGIN).verifier()),)},
    ],
)
def test_a_policy_that_would_not_mean_what_it_says_is_refused(changed: dict[str, object]) -> None:
    good = Policy((), {n: Party(w.verifier()) for n, w in WITNESSES.items()}, {}, b"W1")

    with pytest.raises(LogError, match="policy"):
        replace(good, **changed)  # type: ignore[arg-type]


def test_a_checkpoint_with_log_and_quorum_is_accepted() -> None:
    got = policy(2).judge(stamped(W1=10, W2=30))

    assert got.checkpoint == CHECKPOINT
    assert got.logs == (LOG.verifier(),)
    assert got.witnesses == (b"W1", b"W2")
    assert (got.proven_by, got.fresh_at) == (30, 10)


def test_times_are_those_at_which_a_quorum_stood() -> None:
    got = policy(2).judge(stamped(W1=10, W2=20, W3=30))

    assert (got.proven_by, got.fresh_at) == (20, 20)


def test_without_quorum_no_time_is_proven() -> None:
    got = policy(0).judge(stamped(W1=10))

    assert (got.proven_by, got.fresh_at) == (None, None)
    with pytest.raises(LogError, match="freshness"):
        policy(0).judge(stamped(W1=10), Freshness(20, 100))


def test_a_cosignature_that_states_no_time_counts_but_is_never_fresh() -> None:
    data = stamped(W1=10, W2=0)
    got = policy(2).judge(data)

    assert (got.proven_by, got.fresh_at) == (None, None)
    with pytest.raises(LogError, match="cosigned from"):
        policy(2).judge(data, Freshness(10, 100))


@pytest.mark.parametrize(
    ("now", "good"), [(1000, True), (1100, True), (1101, False), (960, True), (959, False)]
)
def test_freshness_is_that_of_the_whole_quorum(now: int, good: bool) -> None:
    data, freshness = stamped(W1=1000, W2=1010), Freshness(now, max_age_s=100, ahead_s=50)
    if good:
        assert policy(2).judge(data, freshness).fresh_at == 1000
    else:
        with pytest.raises(LogError, match="cosigned from"):
            policy(2).judge(data, freshness)


@pytest.mark.parametrize("names", [[], ["W1"], ["W3"]])
def test_too_few_witnesses_are_refused(names: list[str]) -> None:
    with pytest.raises(LogError, match="quorum"):
        policy(2).judge(stamped(**dict.fromkeys(names, TIME)))


def test_cosignatures_do_not_stand_for_the_log() -> None:
    data = sign_checkpoint(CHECKPOINT, list(WITNESSES.values()), TIME)

    with pytest.raises(LogError, match="one of the policy's logs"):
        policy(2).judge(data)


def test_a_log_speaks_for_its_own_origin_only() -> None:
    other = Checkpoint("other.example", 7, bytes(32))

    with pytest.raises(LogError, match="one of the policy's logs"):
        policy(2).judge(sign_checkpoint(other, ALL, TIME))


def test_either_key_of_a_log_is_enough_while_it_is_rotated() -> None:
    for log in (LOG, LOG_PQ):
        data = sign_checkpoint(CHECKPOINT, [log, W1, W3], TIME)

        assert policy(2).judge(data).logs == (log.verifier(),)


def test_a_refusal_names_who_cosigned() -> None:
    with pytest.raises(LogError, match=re.escape("got W1")):
        policy(2).judge(stamped(W1=TIME))
