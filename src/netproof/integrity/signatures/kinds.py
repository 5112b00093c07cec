"""What is a file? Its first bytes say so, its name does not count."""

from __future__ import annotations

_STARTS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x7fELF", "ELF program"),
    (0, b"MZ", "Windows or UEFI program"),
    (0, b"PK\x03\x04", "zip archive"),
    (0, b"PK\x05\x06", "empty zip archive"),
    (0, b"\xed\xab\xee\xdb", "RPM package"),
    (0, b"!<arch>\ndebian", "Debian package"),
    (0, b"!<arch>\n", "ar archive"),
    (0, b"\x1f\x8b", "gzip data"),
    (0, b"\xfd7zXZ\x00", "xz data"),
    (0, b"BZh", "bzip2 data"),
    (0, b"\x28\xb5\x2f\xfd", "Zstandard data"),
    (0, b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (0, b"QFI\xfb", "QCOW disk image"),
    (0, b"KDMV", "VMware disk image"),
    (0, b"hsqs", "SquashFS image"),
    (0, b"\x85\x19\x03\x20", "JFFS2 image"),
    (0, b"\x27\x05\x19\x56", "U-Boot image"),
    (0, b"\xd0\x0d\xfe\xed", "device tree or FIT image"),
    (0, b"%PDF-", "PDF document"),
    (257, b"ustar", "tar archive"),
)


def kind_of(head: bytes) -> str:
    """Return what a file's first bytes say it is; `data` where nothing is known."""
    if not head:
        return "empty file"
    for place, mark, words in _STARTS:
        if head[place : place + len(mark)] == mark:
            return words
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:
            return "data"
        text = head[: error.start].decode("utf-8")
    return "text" if all(letter.isprintable() or letter in "\t\n\r\f" for letter in text) else "data"
