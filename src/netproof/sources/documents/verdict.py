"""What is known of a document's signatures: what the two processes say to one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

UNFORESEEN = "cannot be taken apart"
"""How the reason begins where a reader ended by an error that nobody foresaw."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a document's signatures.

    Attributes:
        signature: valid, invalid, unverified or none; the worst of all signatures.
        signer: Subject of the signer's certificate; empty where it is not known.
        signed_on: Day that a timestamp proves, else that the signer claims.
        reason: Why it is not valid, in words.
    """

    signature: str
    signer: str = ""
    signed_on: date | None = None
    reason: str = ""
