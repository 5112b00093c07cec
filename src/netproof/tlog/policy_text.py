"""What does a policy file say?

Reads and writes the line format that Tessera and sigsum read too. Names are bytes; only ASCII space and tab
separate. Source: C2SP tlog-policy, "Policy file syntax and structure" (5ba5ee8).
"""

from __future__ import annotations

import re
from typing import NoReturn

from netproof.errors import LogError
from netproof.tlog.encoding import from_utf8, shown
from netproof.tlog.keys import parse_vkey
from netproof.tlog.policy import NO_QUORUM, Group, Party, Policy

POLICY_BYTES_MAX = 1_000_000
_ALLOWED = frozenset({0x09, 0x0A, *range(0x20, 0x7F), *range(0x80, 0x100)})
_BLANK = re.compile(rb"[ \t]+")
_NUMBER = re.compile(rb"[1-9][0-9]{0,5}")


def parse_policy(data: bytes) -> Policy:
    """Read a policy file.

    Raises:
        LogError: malformed, or a policy that `Policy` refuses; names the line where there is one.
    """
    if len(data) > POLICY_BYTES_MAX:
        raise LogError(f"policy: expected at most {POLICY_BYTES_MAX} bytes, got {len(data)}")
    if not _ALLOWED.issuperset(data):
        raise LogError("policy: expected no control character but tab and newline")
    lines = data.split(b"\n")
    if lines.pop():
        raise LogError("policy: expected a newline at the end")
    reader = _Lines()
    for number, line in enumerate(lines, 1):
        words = [word for word in _BLANK.split(line) if word]
        if words and not words[0].startswith(b"#"):
            reader.take(words, f"policy, line {number}")
    return reader.policy()


def encode_policy(policy: Policy) -> bytes:
    """Return a policy as a file that reads back as the same policy."""
    lines = [b"log %s %s" % (str(log.key).encode(), log.url.encode()) for log in policy.logs]
    for name, witness in policy.witnesses.items():
        lines.append(b"witness %s %s %s" % (name, str(witness.key).encode(), witness.url.encode()))
    for name, group in policy.groups.items():
        lines.append(b"group %s %d %s" % (name, group.threshold, b" ".join(group.members)))
    lines.append(b"quorum " + policy.quorum)
    data = b"".join(line.rstrip(b" ") + b"\n" for line in lines)
    if parse_policy(data) != policy:
        raise LogError("policy: expected names and addresses that a file can hold")
    return data


class _Lines:
    """Takes a policy's lines in order."""

    def __init__(self) -> None:
        self.logs: list[Party] = []
        self.witnesses: dict[bytes, Party] = {}
        self.groups: dict[bytes, Group] = {}
        self.quorum: bytes | None = None

    def take(self, words: list[bytes], place: str) -> None:
        """Take one line, already split."""
        match words:
            case [b"log", key, *url] if len(url) <= 1:
                self.logs.append(_party(key, url, place))
            case [b"witness", name, key, *url] if len(url) <= 1:
                self._define(name, place)
                self.witnesses[name] = _party(key, url, place)
            case [b"group", name, number, *members] if members:
                self._define(name, place)
                self._defined(members, place)
                self.groups[name] = Group(_threshold(number, len(members), place), tuple(members))
            case [b"quorum", name] if self.quorum is None:
                self.quorum = name
                self._defined([] if name == NO_QUORUM else [name], place)
            case _:
                _refuse(f"{place}: expected log, witness, group or one quorum, got", b" ".join(words))

    def policy(self) -> Policy:
        """Return the whole policy."""
        if self.quorum is None:
            raise LogError("policy: expected a line with the quorum, got none")
        return Policy(tuple(self.logs), self.witnesses, self.groups, self.quorum)

    def _define(self, name: bytes, place: str) -> None:
        """Refuse a name that is taken."""
        if name == NO_QUORUM or name in self.witnesses or name in self.groups:
            _refuse(f"{place}: expected a name that is free, got", name)

    def _defined(self, names: list[bytes], place: str) -> None:
        """Refuse names that no line before this one defines."""
        for name in names:
            if name not in self.witnesses and name not in self.groups:
                _refuse(f"{place}: expected names defined before, got", name)


def _party(key: bytes, url: list[bytes], place: str) -> Party:
    """Return a log or witness."""
    return Party(parse_vkey(from_utf8(key, place)), from_utf8(url[0], place) if url else "")


def _threshold(number: bytes, members: int, place: str) -> int:
    """Return how many members a group needs."""
    if number in {b"any", b"all"}:
        return 1 if number == b"any" else members
    if not _NUMBER.fullmatch(number):
        _refuse(f"{place}: expected any, all or a number, got", number)
    return int(number)


def _refuse(message: str, got: bytes) -> NoReturn:
    """Raise with what was got, shown safely."""
    raise LogError(f"{message} {shown(got)}")
