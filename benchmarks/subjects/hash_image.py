"""How long does it take to hash a large image, beside `openssl dgst`, which does nothing else?

1 GiB unless NETPROOF_BENCH_HASH_GIB says otherwise; the file is read from the page cache, as both are. Which
digests a check needs, the log's entry says: SHA-256 alone, or SHA-512 too.
"""

from __future__ import annotations

import os
import random
import shutil
from typing import TYPE_CHECKING

from benchmarks.registry import Phase, Subject, in_child, in_process
from netproof.integrity.signatures.artifact import Artifact

if TYPE_CHECKING:
    from pathlib import Path

_BLOCK = 1 << 20


def prepare(scratch: Path) -> list[Phase]:
    """Write the image, once."""
    openssl = shutil.which("openssl")
    if openssl is None:
        msg = "expected the program openssl, got none"
        raise RuntimeError(msg)
    gib = int(os.environ.get("NETPROOF_BENCH_HASH_GIB", "1"))
    image = scratch / "image.bin"
    block = random.Random(2026).randbytes(_BLOCK)  # noqa: S311 - a seed, no secret
    with image.open("wb") as file:
        for _ in range(gib << 10):
            file.write(block)

    def both() -> None:
        Artifact(image)

    def alone() -> None:
        Artifact(image, ("sha256",))

    first = "openssl dgst -sha256"
    second = "openssl dgst -sha512"
    return [
        Phase(first, in_child([openssl, "dgst", "-sha256", image])),
        Phase("netproof: SHA-256", in_process(alone), against=first),
        Phase(second, in_child([openssl, "dgst", "-sha512", image]), against=first),
        Phase("netproof: SHA-256 and SHA-512", in_process(both), against=second),
    ]


SUBJECT = Subject("hash of a large image", prepare, repeats=5)
