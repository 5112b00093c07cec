"""A log's next policy: old and new keys beside each other, nothing else changed, never without a key."""

from __future__ import annotations

from hashlib import sha256

import pytest

from netproof.errors import LogError
from netproof.integrity.register.rotation import policy_statement, rotated_policy
from netproof.tlog.keys import SignatureType
from netproof.tlog.policy import Party, Policy
from netproof.tlog.policy_text import encode_policy, parse_policy
from tests.registers import NOW
from tests.tlogs import LOG, LOG_PQ, ORIGIN, WITNESSES, key
from tests.tlogs import policy as witnessed

NEW = key(ORIGIN, SignatureType.ED25519, 1).verifier()
NEW_PQ = key(ORIGIN, SignatureType.ML_DSA_44, 1).verifier()
OLD = [LOG.verifier(), LOG_PQ.verifier()]
BEFORE = encode_policy(witnessed())


def logs(policy: bytes) -> list[object]:
    return [log.key for log in parse_policy(policy).logs]


def test_old_and_new_keys_stand_beside_each_other_and_witnesses_stay() -> None:
    got = rotated_policy(BEFORE, ORIGIN, [NEW, NEW_PQ])
    old, new = parse_policy(BEFORE), parse_policy(got)

    assert logs(got) == [*OLD, NEW, NEW_PQ]
    assert (new.witnesses, new.groups, new.quorum) == (old.witnesses, old.groups, old.quorum)


def test_the_address_of_the_log_goes_with_its_new_keys_and_other_logs_stay() -> None:
    other = key("other.example").verifier()
    policy = Policy((Party(LOG.verifier(), "https://log.example/"), Party(other)), {}, {}, b"none")
    got = parse_policy(rotated_policy(encode_policy(policy), ORIGIN, [NEW]))

    assert got.logs == (*policy.logs, Party(NEW, "https://log.example/"))


def test_rotating_to_keys_that_are_there_changes_nothing() -> None:
    assert rotated_policy(BEFORE, ORIGIN, OLD) == BEFORE


def test_a_dropped_key_is_gone_and_the_others_stay() -> None:
    got = rotated_policy(BEFORE, ORIGIN, [NEW], [LOG.verifier().key_id.hex()])

    assert logs(got) == [LOG_PQ.verifier(), NEW]


@pytest.mark.parametrize(
    ("policy", "new", "dropped", "message"),
    [
        (BEFORE, [key("other.example").verifier()], [], "expected a key of log.example/releases"),
        (BEFORE, [], ["00000000"], "expected a key to drop that is in it"),
        (BEFORE, [], [one.key_id.hex() for one in OLD], "expected a key of log.example/releases to remain"),
        (b"quorum none\n", [NEW], [], "expected a key of log.example/releases, got none"),
        (BEFORE, [next(iter(WITNESSES.values())).verifier()], [], "expected a key of log.example/releases"),
    ],
)
def test_a_policy_that_would_lock_readers_out_is_refused(
    policy: bytes, new: list[object], dropped: list[str], message: str
) -> None:
    with pytest.raises(LogError, match=message):
        rotated_policy(policy, ORIGIN, new, dropped)  # type: ignore[arg-type]


def test_the_statement_names_the_new_policy_and_the_one_before() -> None:
    new = rotated_policy(BEFORE, ORIGIN, [NEW])
    said = policy_statement(ORIGIN, new, BEFORE, NOW).values

    assert (said["name"], said["policy_sha256"], said["supersedes"]) == (
        ORIGIN,
        sha256(new).hexdigest(),
        sha256(BEFORE).hexdigest(),
    )
