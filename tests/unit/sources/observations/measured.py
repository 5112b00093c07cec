"""IMA lists as a kernel writes them, made here: events, their template hashes, both forms, and PCR 10.

Written after the kernel's own description, apart from what it tests.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class Made:
    """One event: what was measured, and how it is told."""

    path: str
    content: bytes = b""
    template: str = "ima-ng"
    further: bytes = b""
    algorithm: str = "sha256"
    pcr: int = 10
    violation: bool = False

    def digest(self) -> bytes:
        """Of the file."""
        if self.violation:
            return bytes(hashlib.new(self.algorithm).digest_size)
        measured = self.further if self.template == "ima-buf" else self.content or self.path.encode()
        return hashlib.new(self.algorithm, measured).digest()

    def fields(self, order: str = "<") -> bytes:
        """The template's data, as it is hashed."""
        if self.template == "ima":
            return self.digest() + self.path.encode().ljust(256, b"\0")
        parts = [f"{self.algorithm}:".encode() + b"\0" + self.digest(), self.path.encode() + b"\0"]
        if self.template in {"ima-sig", "ima-buf"}:
            parts.append(self.further)
        return b"".join(struct.pack(f"{order}I", len(part)) + part for part in parts)

    def hashed(self, bank: str, order: str = "<") -> bytes:
        """The template hash in a bank; zeros for a violation."""
        digest = hashlib.new(bank, self.fields(order)).digest()
        return bytes(len(digest)) if self.violation else digest


EVENTS = (
    Made("boot_aggregate"),
    Made("/usr/lib/systemd/systemd"),
    Made("/usr/bin/amfd", b"amf 7.1"),
    Made("/var/log/journal", violation=True),
    Made("/usr/bin/sctpd", further=bytes.fromhex("0302049cf0"), template="ima-sig"),
    Made("/usr/bin/unsigned", template="ima-sig"),
    Made(".ima", further=b"\x30\x82\x01", template="ima-buf"),
    Made("/usr/bin/amfd", b"amf 7.2"),
)
OLD = (
    Made("boot_aggregate", algorithm="sha1", template="ima"),
    Made("/sbin/init", algorithm="sha1", template="ima"),
)


def ascii_list(events: tuple[Made, ...] = EVENTS, bank: str = "sha1", order: str = "<") -> bytes:
    """The list as `ascii_runtime_measurements` shows it."""
    lines = []
    for event in events:
        digest = event.digest().hex()
        told = digest if event.template == "ima" else f"{event.algorithm}:{digest}"
        line = f"{event.pcr} {event.hashed(bank, order).hex()} {event.template} {told} {event.path}"
        if event.template in {"ima-sig", "ima-buf"}:
            line += f" {event.further.hex()}"
        lines.append(line + "\n")
    return "".join(lines).encode()


def binary_list(events: tuple[Made, ...] = EVENTS, bank: str = "sha1", order: str = "<") -> bytes:
    """The list as `binary_runtime_measurements` shows it."""
    found = b""
    for event in events:
        name = event.template.encode()
        found += struct.pack(f"{order}I", event.pcr) + event.hashed(bank, order)
        found += struct.pack(f"{order}I", len(name)) + name
        if event.template == "ima":
            path = event.path.encode()
            found += event.digest() + struct.pack(f"{order}I", len(path)) + path
        else:
            fields = event.fields(order)
            found += struct.pack(f"{order}I", len(fields)) + fields
    return found


def pcr_10(events: tuple[Made, ...] = EVENTS, bank: str = "sha256", order: str = "<") -> bytes:
    """The register after these events."""
    value = bytes(hashlib.new(bank).digest_size)
    for event in events:
        if event.pcr == 10:
            told = b"\xff" * len(value) if event.violation else event.hashed(bank, order)
            value = hashlib.new(bank, value + told).digest()
    return value
