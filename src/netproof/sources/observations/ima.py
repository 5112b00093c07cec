"""Reads IMA measurement lists, ASCII and binary, event by event, and recomputes every template hash.

A list without a quote is the host's own word. With PCR 10 of a verified quote, the events up to the one
whose replay gives it are proven; events after it are normal (the host went on), missing ones are not.
Source: Linux security/integrity/ima (ima_fs.c, ima_template.c, ima_template_lib.c, ima_crypto.c); TCG PC
Client Platform Firmware Profile for the extend operation.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.sources.observations.seen import IMA_OWN_WORD, IMA_QUOTED, Kind, Passed, Reading, Seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PCR = 10
ALGORITHMS = {20: "sha1", 32: "sha256", 48: "sha384", 64: "sha512"}
"""Hash algorithms by the length of their digests [bytes]."""
EVENTS_MAX = 5_000_000
_LISTED = 20
_BOOT = "boot_aggregate"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a list.

    Attributes:
        line: Its place, counted from 1.
        template_hash: As the list states it; zeros: a violation.
        data: What the template hash is made of.
        algorithm: Of the file's digest.
        path: Of the file, or what the event is called.
        further: What stands after the path, such as a signature; a buffer that is measured itself.
    """

    line: int
    pcr: int
    template_hash: bytes
    template: str
    data: bytes
    algorithm: str
    digest: bytes
    path: str
    further: bytes = b""

    @property
    def buffer(self) -> bool:
        """Whether a key or a command line was measured, not a file.

        The template's name, which says so too, is under no hash: whoever changed it could hide a file.
        """
        if not self.further or self.algorithm not in hashlib.algorithms_guaranteed:
            return False
        return hashlib.new(self.algorithm, self.further).digest() == self.digest

    @property
    def violation(self) -> bool:
        """Whether the file was changed while it was measured, so that nothing is known of it."""
        return not any(self.template_hash)


@dataclass(frozen=True, slots=True)
class Register:
    """A platform configuration register while a list is replayed; go on with it when more events come.

    Attributes:
        algorithm: Of the bank.
        value: After `events` events.
    """

    algorithm: str
    value: bytes
    events: int = 0

    @classmethod
    def started(cls, algorithm: str) -> Register:
        """Return the register as it is after a start: zeros."""
        return cls(algorithm, bytes(hashlib.new(algorithm).digest_size))

    def extended(self, event: Event) -> Register:
        """Return the register after an event; an event for another register leaves it as it is."""
        if event.pcr != PCR:
            return Register(self.algorithm, self.value, self.events + 1)
        size = len(self.value)
        # The kernel extends all ones for a violation, so that the register can never be predicted from it.
        told = b"\xff" * size if event.violation else hashlib.new(self.algorithm, event.data).digest()
        return Register(
            self.algorithm, hashlib.new(self.algorithm, self.value + told).digest(), self.events + 1
        )


def proven_events(
    events: Iterable[Event], quoted: bytes, place: str, start: Register | None = None
) -> Register:
    """Return the register at the last event that a quote proves.

    Args:
        events: In the list's order.
        quoted: PCR 10 as a verified quote states it.
        place: What to call the list.
        start: The register before the first of the events; None: as after a start of the host.

    Raises:
        SourceError: No number of events leads to the quoted value: events are missing or were changed.
    """
    register = start or Register.started(ALGORITHMS[len(quoted)])
    found = register if register.value == quoted else None
    for event in events:
        register = register.extended(event)
        if register.value == quoted:
            found = register
    if found is None:
        raise SourceError(
            f"{place}: expected events that lead to PCR 10 {quoted.hex()}, got {register.value.hex()} after "
            f"{register.events:,}",
            hint="events are missing or were changed, or the quote is of another start of the host",
        )
    return found


def holds(event: Event) -> bool:
    """Return whether the template hash is that of the event's data; a violation states none."""
    return event.violation or event.template_hash == _hashed(event)


def _hashed(event: Event) -> bytes:
    """Recompute the template hash."""
    return hashlib.new(ALGORITHMS[len(event.template_hash)], event.data).digest()


def check_event(event: Event, place: str) -> None:
    """Refuse an event whose template hash is another one.

    Raises:
        SourceError: The event was changed.
    """
    if not holds(event):
        expected = _hashed(event)
        raise SourceError(
            f"{place}:{event.line}:2: expected template hash {expected.hex()} of what stands here, got "
            f"{event.template_hash.hex()}",
            hint="the line was changed, or the file is not a list as the kernel wrote it",
        )


def reading(events: Sequence[Event], place: str, kind: Kind, quoted: bytes) -> Reading:
    """Return what a list says of files.

    Args:
        events: All of them, checked.
        place: What to call the list.
        kind: ASCII or binary.
        quoted: PCR 10 of a verified quote; empty: there is none.

    Raises:
        SourceError: The quote is not of this list.
    """
    proven = proven_events(events, quoted, place).events if quoted else 0
    seen, passed, weak = [], [], Counter[str]()
    violations = [event for event in events if event.violation]
    known: set[tuple[str, bytes, bool]] = set()
    for number, event in enumerate(events, start=1):
        if event.violation or (number == 1 and event.path == _BOOT) or event.buffer:
            continue
        if event.algorithm != "sha256":
            weak[event.algorithm] += 1
            continue
        safe = number <= proven and event.pcr == PCR
        if (event.path, event.digest, safe) not in known:
            known.add((event.path, event.digest, safe))
            source = IMA_QUOTED if safe else IMA_OWN_WORD
            seen.append(Seen((), event.line, sha256=event.digest.hex(), source=source, path=event.path))
    passed += [
        Passed(event.line, event.path, "it was changed while it was measured: nothing is known of it")
        for event in violations[:_LISTED]
    ]
    if len(violations) > _LISTED:
        passed.append(
            Passed(0, "", f"further files changed while they were measured: {len(violations) - _LISTED:,}")
        )
    passed += [
        Passed(
            0, "", f"files measured with {name or 'no named hash'}, which the log does not hold: {number:,}"
        )
        for name, number in weak.items()
    ]
    if quoted and proven < len(events):
        passed.append(Passed(0, "", f"events after the quote, not proven by it: {len(events) - proven:,}"))
    return Reading(place, kind, tuple(seen), tuple(passed))
