"""Do the entries of a log agree with one another?

Rules over statements in the order of the log: a release has one digest for ever; what was withdrawn is not
logged again, under this name or another; a key that the log says is compromised signs nothing later; times
do not go back. The same entry twice is normal. What the entries say of the world, nothing here can know.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from netproof.errors import LogError
from netproof.integrity.audit.finding import Finding, Findings
from netproof.integrity.audit.finding import Kind as Found
from netproof.tlog.statement import Kind, read_statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netproof.integrity.audit.facts import Facts
    from netproof.tlog.statement import Statement

AHEAD_S = 300
"""How far after the witnesses' clocks a statement's own time may stand [s]."""


class Rules:
    """Judges entries one after another.

    Args:
        facts: what earlier entries said.
        findings: where findings go.
        proven_by: by when the quorum had seen all these entries [s since 1970]; None where nobody says.
    """

    def __init__(self, facts: Facts, findings: Findings, proven_by: int | None) -> None:
        self._facts = facts
        self._findings = findings
        self._proven_by = proven_by
        self._latest = facts.number("latest")
        self._kinds: Counter[str] = Counter()

    def take(self, index: int, entry: bytes) -> None:
        """Judge the next entry."""
        try:
            statement = read_statement(entry)
        except LogError as error:
            self._kinds["unreadable"] += 1
            self._find(Found.NOT_A_STATEMENT, index, f"the entry is no statement: {error}")
            return
        self._kinds[statement.kind] += 1
        if (
            statement.kind is not Kind.OBSERVATION
        ):  # its time is when something was seen, not when it was logged
            self._time(index, statement)
        match statement.kind:
            case Kind.RELEASE:
                self._release(index, statement)
            case Kind.WITHDRAW:
                self._withdraw(index, statement)
            case Kind.SUPPLIER_KEY:
                self._supplier_key(index, statement.values)
            case Kind.POLICY:
                self._facts.remember("policy", statement.values["policy_sha256"])
            case _:
                pass

    def settle(self) -> None:
        """Hand what was counted to the facts, before they are committed."""
        for kind, number in self._kinds.items():
            self._facts.remember(f"kind:{kind}", self._facts.number(f"kind:{kind}") + number)
        self._kinds.clear()
        self._facts.remember("latest", self._latest)

    def _time(self, index: int, statement: Statement) -> None:
        """Compare the time that the statement claims with those before it and with the witnesses'."""
        claimed = int(statement.time.timestamp())
        if claimed < self._latest:
            back = self._latest - claimed
            self._find(Found.TIME_BACK, index, f"its time is {back:,} s before that of an earlier entry")
        elif self._proven_by is not None and claimed > self._proven_by + AHEAD_S:
            ahead = claimed - self._proven_by
            text = f"its time is {ahead:,} s after the witnesses had seen it"
            self._find(Found.TIME_AHEAD, index, text)
        else:
            self._latest = claimed

    def _release(self, index: int, statement: Statement) -> None:
        """Judge a release."""
        values = statement.values
        subject, digest, second = _subject(values), *_digests(statement)
        known = self._facts.releases_of(subject)
        if (digest, second) not in {(first, other) for first, other, _ in known}:
            for one, other, entry in known:
                if one != digest or (other and second and other != second):
                    text = f"{name_of(values)} has other bytes than in entry {entry}"
                    self._find(Found.TWO_DIGESTS, index, text)
                    break
            self._facts.add_release(subject, digest, second, index)
        gone = self._facts.withdrawal_of(subject, digest)
        if gone is not None:
            what = name_of(values) if gone[1] else f"{name_of(values)} has bytes that"
            text = f"{what} {'was' if gone[1] else 'were'} withdrawn by entry {gone[0]}, which is final"
            self._find(Found.AFTER_WITHDRAWAL, index, text)
        for signature in values.get("supplier_sig", ()):
            said = self._facts.signer(signature["signer"])
            if said is not None and said[0] != "trusted":
                text = f"{name_of(values)} is signed by a key that entry {said[1]} says is {said[0]}"
                self._find(Found.KEY_NO_LONGER_TRUSTED, index, text)

    def _withdraw(self, index: int, statement: Statement) -> None:
        """Remember a withdrawal."""
        subject, digest, _ = _subject(statement.values), *_digests(statement)
        if digest not in {first for first, _, _ in self._facts.releases_of(subject)}:
            text = f"withdraws {name_of(statement.values)}, which no earlier entry logs with these bytes"
            self._find(Found.WITHDRAWN_UNKNOWN, index, text)
        self._facts.add_withdrawal(subject, digest, index)

    def _supplier_key(self, index: int, values: Mapping[str, Any]) -> None:
        """Remember what is said of a key; compromised is for ever."""
        said = self._facts.signer(values["signer"])
        if said is not None and said[0] == "compromised" and values["status"] != "compromised":
            text = (
                f"calls a key of {values['supplier']} {values['status']} that entry {said[1]} says is "
                "compromised"
            )
            self._find(Found.KEY_NO_LONGER_TRUSTED, index, text)
            return
        self._facts.set_signer(values["signer"], values["status"], index)

    def _find(self, kind: Found, index: int, text: str) -> None:
        """Take a finding, to be told by every later audit too."""
        finding = Finding(kind, text, index)
        self._findings.add(finding)
        self._facts.add_finding(finding)


def name_of(values: Mapping[str, Any]) -> str:
    """Return the name of the release that a statement is about."""
    part = f" ({values['component']})" if "component" in values else ""
    return f"{values['supplier']}/{values['product']}@{values['release']}{part}"


def _subject(values: Mapping[str, Any]) -> bytes:
    """Return a short stand-in for supplier, product, release and part."""
    # No identifier holds a control character, so nothing else joins to the same text.
    names = [values["supplier"], values["product"], values["release"], values.get("component", "")]
    return sha256("\0".join(names).encode()).digest()[:16]


def _digests(statement: Statement) -> tuple[bytes, bytes]:
    """Return SHA-256 and SHA-512 of what a statement is about; empty where it names no SHA-512."""
    digests = statement.digests
    return bytes.fromhex(digests["sha256"]), bytes.fromhex(digests.get("sha512", ""))
