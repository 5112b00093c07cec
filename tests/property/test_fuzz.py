"""A short run of the fuzzer on every parser, and that the fuzzer itself finds what it looks for."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress

import pytest

from netproof.errors import LogError
from tests.fuzz.engine import Explorer, Target, fuzzed
from tests.fuzz.targets import targets

TARGETS = {target.name: target for target in targets()}
INPUTS = 120
"""Inputs a target in each run of the test suite; `python -m tests.fuzz all --minutes 10` takes more."""


@pytest.mark.parametrize("name", TARGETS)
def test_hostile_bytes_end_a_parser_only_with_its_own_error(name: str) -> None:
    explorer = Explorer(TARGETS[name], seed=1, traced=False)
    for _ in range(INPUTS):
        data = explorer.next()

        assert (explorer.tried(data), data) == ("", data)


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_begins_from_an_input_that_is_read(name: str) -> None:
    target = TARGETS[name]
    read = 0
    for seed in target.seeds:
        with suppress(target.refusal):
            target.parse(seed)
            read += 1

    assert read > 0


def planted(data: bytes) -> None:
    """A parser that is good to good input only."""
    if not data.startswith(b"good"):
        raise LogError("expected good, got bad")
    if data.endswith(b"!"):
        _fault(data)


def _fault(data: bytes) -> None:
    if data == b"good hang!":
        time.sleep(60)
    elif data == b"good memory!":
        bytearray(1 << 34)
    elif data == b"good crash!":
        os.kill(os.getpid(), signal.SIGKILL)
    elif data == b"good message!":
        raise LogError("bad \x1b[31m")
    else:
        raise KeyError(data)


@pytest.mark.parametrize(
    ("seed", "want"),
    [
        (b"good hang!", "no answer within 0.5 s"),
        (b"good memory!", "MemoryError"),
        (b"good crash!", "the process was ended by the input"),
        (b"good message!", "a message that cannot be shown"),
        (b"good key!", "KeyError"),
    ],
)
def test_the_fuzzer_finds_every_wrong_end_and_hands_back_the_input(seed: bytes, want: str) -> None:
    result = fuzzed(Target("planted", (b"good", seed), planted, LogError), 1, 5.0, hang_s=0.5)

    assert want in result.problem
    assert (result.data, result.executions >= 1) == (seed, True)


def test_the_fuzzer_goes_on_where_all_is_well_and_repeats_itself() -> None:
    target = TARGETS["witness request"]
    first, second = (Explorer(target, seed=3, traced=False) for _ in range(2))

    assert [(one := first.next(), first.tried(one)) for _ in range(50)] == [
        (one := second.next(), second.tried(one)) for _ in range(50)
    ]
    result = fuzzed(target, 3, 0.5)
    assert (result.problem, result.executions > 50, result.lines > 20) == ("", True, True)
    assert result.kept > len(target.seeds)
