"""What was seen to run, without saying where?

Operators compare digests with one another and show nobody their fleet: a component's name is replaced by its
HMAC-SHA-256 under a key that only the operator has, derived from the log's first private key. The same
observation makes the same entry, so that it is logged once however often it is sent.
Source: RFC 2104; RFC 5869 (the derivation).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from netproof.errors import LogError
from netproof.integrity.register.add import BATCH
from netproof.tlog.statement import Kind, Statement, make_statement, utc_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from netproof.integrity.log import Writer
    from netproof.tlog.keys import SigningKey

METHODS: Final = frozenset({"second_path", "quote"})
"""Sources of an observation that are more than the component's own word."""
_LABEL: Final = b"netproof: names of elements in observations, 1"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen to run on a component.

    Attributes:
        element: component_id; never logged.
        supplier: empty: not known.
        release: what the component says that it runs; empty: nothing.
        sha256: of what runs, in hexadecimal.
        source: who measured.
        at: when, with a time zone.
    """

    element: str
    supplier: str
    product: str
    release: str
    sha256: str
    source: str
    at: datetime


def naming_key(keys: tuple[SigningKey, ...]) -> bytes:
    """Return the key under which elements are named; whoever has it can tell which element is which.

    Raises:
        LogError: there is no private key to derive it from.
    """
    if not keys:
        raise LogError(
            "observations: expected the log's private key, got none",
            hint="elements are named under a key that is derived from it: name the key file with --key",
        )
    return HKDF(SHA256(), 32, salt=None, info=_LABEL).derive(keys[0].seed)


def pseudonym(key: bytes, element: str) -> str:
    """Return the name of an element that tells nobody else which it is."""
    return hmac.new(key, element.encode(), sha256).hexdigest()


def observation(seen: Seen, key: bytes) -> Statement:
    """Return the statement that these bytes were seen to run.

    Raises:
        LogError: a name misleads, or a value is not by the schema.
    """
    values = {
        "v": 1,
        "kind": Kind.OBSERVATION.value,
        "element": pseudonym(key, seen.element),
        "product": seen.product,
        "digests": {"sha256": seen.sha256},
        "method": seen.source if seen.source in METHODS else "self_reported",
        "time": utc_seconds(seen.at),
    }
    named = {"supplier": seen.supplier, "release": seen.release}
    return make_statement(values | {name: value for name, value in named.items() if value})


@dataclass(frozen=True, slots=True)
class Observed:
    """How many observations came to what, and why some are refused."""

    logged: int
    already: int
    refused: tuple[tuple[Seen, str], ...]


def log_observations(
    writer: Writer, seen: Iterable[Seen], key: bytes, progress: Callable[[int], None] | None = None
) -> Observed:
    """Log observations; each batch becomes durable with one sync.

    Args:
        writer: of the log.
        seen: what was seen.
        key: under which elements are named.
        progress: told how many are done.
    """
    waiting = iter(seen)
    logged = already = 0
    refused: list[tuple[Seen, str]] = []
    while some := list(islice(waiting, BATCH)):
        entries: list[bytes] = []
        for one in some:
            try:
                entries.append(observation(one, key).entry)
            except LogError as error:
                refused.append((one, str(error)))
        before = writer.size
        writer.append(entries)
        logged += writer.size - before
        already += len(entries) - (writer.size - before)
        if progress:
            progress(logged + already + len(refused))
    return Observed(logged, already, tuple(refused))
