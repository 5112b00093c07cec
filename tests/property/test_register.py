"""Whatever is handed to the register, an independent audit of the log finds nothing against it."""

from __future__ import annotations

import tempfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from netproof.errors import LogError
from netproof.integrity.audit import NOTES, audit, open_source
from netproof.integrity.log import read_policy, writing
from netproof.integrity.register.add import Candidate, add
from netproof.integrity.register.durable import durable_entries
from netproof.integrity.register.entries import Evidence, Named, SupplierSignature
from netproof.integrity.register.standing import Standing
from netproof.integrity.register.supplier_keys import SupplierKey, is_news, key_statement
from netproof.integrity.register.withdraw import withdraw
from netproof.tlog.policy_text import parse_policy
from tests.registers import NOW, network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netproof.integrity.audit import Finding
    from netproof.integrity.log import Writer

few = st.integers(0, 2)
releases = st.tuples(st.just("add"), few, few, few, few)
withdrawals = st.tuples(st.just("withdraw"), few, few, few, few)
keys = st.tuples(st.just("key"), few, few, few, few)


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def candidate(product: int, release: int, content: int, signer: int) -> Candidate:
    named = Named(f"s{product}", f"p{product}", str(release), "boot" if content == 2 else "")
    signed = (SupplierSignature("raw", digest("signature"), f"K{signer}"),) if signer else ()
    digests = {"sha256": digest(str(content))} | ({"sha512": str(signer) * 128} if signer else {})
    return Candidate("x", "", named, Evidence(digests, None, signed))


def handed_in(writer: Writer, folder: Path, steps: Sequence[tuple[str, int, int, int, int]]) -> list[int]:
    """Take every step that the register allows; returns how large the log was after each."""
    standing = Standing.of(durable_entries(folder, writer))
    sizes = []
    for what, one, two, three, four in steps:
        if what == "add":
            list(add(writer, standing, [candidate(one, two, three, four)], folder=folder, time=NOW))
        try:
            if what == "withdraw":
                withdraw(writer, standing, f"p{one}@{two}", "bad", NOW)
            elif what == "key":
                key = SupplierKey("raw", f"K{one}", "")
                status = ("trusted", "retired", "compromised")[two]
                if is_news(standing, key, f"s{three}", status, ""):
                    entry = key_statement(key, b"pem", f"s{three}", status, NOW).entry
                    standing.take(writer.append([entry])[0], entry)
        except LogError:
            pass  # refused, and the log says no more than before
        sizes.append(writer.size)
    return sizes


def against(folder: Path, memory: Path) -> list[Finding]:
    """What an auditor finds that speaks against the log."""
    policy = parse_policy(read_policy(folder))
    told = audit(open_source(folder), policy, memory, now=int(NOW.timestamp()))
    return [finding for finding in told.findings if finding.kind not in NOTES]


@settings(max_examples=15)
@given(st.lists(st.one_of(releases, releases, withdrawals, keys), min_size=1, max_size=25))
def test_an_audit_finds_nothing_against_a_register(steps: list[tuple[str, int, int, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        net, own = network(Path(place))
        folder = net / "releases"
        with writing(folder) as writer:
            sizes = handed_in(writer, folder, steps)
            writer.checkpoint(own, int(NOW.timestamp()))
        with writing(folder) as writer:
            again = handed_in(writer, folder, [step for step in steps if step[0] == "add"])

        assert against(folder, Path(place) / "memory") == []
        assert sizes == sorted(sizes)
        if "key" not in {what for what, *_ in steps}:  # a key that is trusted again lets in what it signed
            assert again[-1:] in ([], [sizes[-1]])
