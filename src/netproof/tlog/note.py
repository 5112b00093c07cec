"""Who signed this text?

A note is a text with signature lines below. Lines of keys that nobody trusts are ignored; a line of a
trusted key that fails rejects the whole note; without one that holds the text is not given out.
Source: C2SP signed-note 1.0.0 (5ba5ee8).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from netproof.errors import LogError
from netproof.tlog.encoding import from_base64, from_utf8, shown, to_base64
from netproof.tlog.keys import SignatureType, SigningKey, VerifierKey, check_key_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NOTE_BYTES_MAX = 1_000_000
SIGNATURES_MAX = 100
"""Lines a note may have; C2SP asks for at least 16, Go's package takes 100."""
_DASH = "— "
_CONTROL = frozenset(range(0x20)) - {0x0A}
_KEY_ID_BYTES = 4


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature line: whose it says it is, and the bytes to check."""

    name: str
    key_id: bytes
    payload: bytes

    def __str__(self) -> str:
        """Return the line without its newline."""
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.payload)}"


@dataclass(frozen=True, slots=True)
class UnverifiedNote:
    """A well-formed note that nobody has checked: its text means nothing yet.

    Attributes:
        text: the signed bytes, with their last newline.
        lines: every signature line, in order.
    """

    text: bytes
    lines: tuple[SignatureLine, ...]

    def encode(self) -> bytes:
        """Return the note's bytes."""
        lines = "".join(f"{line}\n" for line in self.lines)
        return self.text + b"\n" + lines.encode()


@dataclass(frozen=True, slots=True)
class VerifiedLine:
    """A signature that holds.

    Attributes:
        key: who signed.
        time: when, as the signer says under the signature [s since 1970]; None where it says nothing.
    """

    key: VerifierKey
    time: int | None


@dataclass(frozen=True, slots=True)
class VerifiedNote:
    """A text and the trusted keys that signed it; at least one."""

    text: bytes
    signatures: tuple[VerifiedLine, ...]


class SignatureCheck(Protocol):
    """How the payload of a line is checked; returns the time it states, if any."""

    def __call__(self, key: VerifierKey, text: bytes, payload: bytes) -> int | None:
        """Return the stated time, or raise `LogError`."""


def parse_note(data: bytes) -> UnverifiedNote:
    """Split a note into text and signature lines, at the last empty line.

    Raises:
        LogError: not UTF-8, a control character, no signature line, a malformed one, or too many.

    Source: C2SP signed-note, "Format".
    """
    if len(data) > NOTE_BYTES_MAX:
        raise LogError(f"note: expected at most {NOTE_BYTES_MAX} bytes, got {len(data)}")
    if not _CONTROL.isdisjoint(data):
        raise LogError("note: expected no control character but newline")
    from_utf8(data, "note")
    split = data.rfind(b"\n\n")
    if split < 0 or not data.endswith(b"\n") or split + 2 == len(data):
        raise LogError("note: expected a text, an empty line and signature lines")
    lines = data[split + 2 : -1].decode("utf-8").split("\n")
    if len(lines) > SIGNATURES_MAX:
        raise LogError(f"note: expected at most {SIGNATURES_MAX} signature lines, got {len(lines)}")
    return UnverifiedNote(data[: split + 1], tuple(parse_signature_line(line) for line in lines))


def parse_signature_line(line: str) -> SignatureLine:
    """Read one signature line, without its newline.

    Raises:
        LogError: not `— <key name> <base64 of key ID and signature>`.

    Source: C2SP signed-note, "Format".
    """
    parts = line.removeprefix(_DASH).split(" ")
    if not line.startswith(_DASH) or len(parts) != 2:
        raise LogError(f"note: expected a signature line, got {shown(line)}")
    name, encoded = parts
    check_key_name(name, "signature line")
    data = from_base64(encoded, "signature line")
    if len(data) <= _KEY_ID_BYTES:
        raise LogError("signature line: expected a key ID and a signature")
    return SignatureLine(name, data[:_KEY_ID_BYTES], data[_KEY_ID_BYTES:])


def check_plain(key: VerifierKey, text: bytes, payload: bytes) -> None:
    """Check a signature over the text alone.

    Raises:
        LogError: it does not hold, or the key signs something else than a text.

    Source: C2SP signed-note, "Ed25519 signatures".
    """
    if key.type is not SignatureType.ED25519:
        raise LogError(f"key {key.name}: expected type 0x01 for a note, got 0x{key.type:02x}")
    key.check(text, payload)


def open_note(data: bytes, keys: Iterable[VerifierKey], check: SignatureCheck = check_plain) -> VerifiedNote:
    """Return a note's text if trusted keys signed it.

    Args:
        data: the note.
        keys: the trusted keys.
        check: how a line is checked.

    Raises:
        LogError: malformed; two trusted keys share name and ID; a line with the name and ID of a trusted
            key fails; or no line is by a trusted key.

    Source: C2SP signed-note, "Signatures".
    """
    trusted = by_name_and_id(keys)
    note = parse_note(data)
    verified = [
        VerifiedLine(key, check(key, note.text, line.payload))
        for line in note.lines
        if (key := trusted.get((line.name, line.key_id))) is not None
    ]
    if not verified:
        names = ", ".join(shown(f"{line.name}+{line.key_id.hex()}") for line in note.lines[:3])
        raise LogError(f"note: expected a signature of a trusted key, got those of {names}")
    return VerifiedNote(note.text, tuple(verified))


def by_name_and_id(keys: Iterable[VerifierKey]) -> dict[tuple[str, bytes], VerifierKey]:
    """Return keys by name and ID; `LogError` where two different keys share both."""
    found: dict[tuple[str, bytes], VerifierKey] = {}
    for key in keys:
        if found.setdefault((key.name, key.key_id), key) != key:
            raise LogError(f"trusted keys: two share name and ID {key.name}+{key.key_id.hex()}")
    return found


def sign_note(text: bytes, signers: Sequence[SigningKey]) -> bytes:
    """Return a text with a signature line of each signer; it is read back before it is given out.

    Raises:
        LogError: the text is not one that a note can hold, or a key does not sign texts.
    """
    lines = []
    for signer in signers:
        if signer.type is not SignatureType.ED25519:
            raise LogError(f"key {signer.name}: expected type 0x01 for a note, got 0x{signer.type:02x}")
        lines.append(SignatureLine(signer.name, signer.verifier().key_id, signer.sign(text)))
    return checked_note(text, lines)


def checked_note(text: bytes, lines: Sequence[SignatureLine]) -> bytes:
    """Return the bytes of a note that every reader will split the same way; `LogError` where none would."""
    data = UnverifiedNote(text, tuple(lines)).encode()
    if not text.endswith(b"\n") or parse_note(data) != UnverifiedNote(text, tuple(lines)):
        raise LogError("note: expected a text that ends in a newline and can be read back")
    return data
