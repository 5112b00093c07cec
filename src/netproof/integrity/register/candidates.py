"""Where releases that may be logged come from: files, the operator's table, a bill of materials.

Each source says what it knows; what speaks against logging one is its `refused`. Whether the log allows it,
`add` decides.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from netproof.errors import SourceError
from netproof.integrity.register.add import Candidate
from netproof.integrity.register.bill import read_bill
from netproof.integrity.register.entries import Evidence, Named
from netproof.integrity.register.evidence import SBOM_BYTES_MAX, Kept, look
from netproof.integrity.register.naming import Known, Namer, Said, called
from netproof.integrity.signatures import Verdict, verify
from netproof.integrity.signatures.artifact import read_small

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from netproof.integrity.register.bill import Item as Listed
    from netproof.integrity.register.evidence import Looked
    from netproof.integrity.register.listing import Item
    from netproof.integrity.signatures import Trust

_AT_ONCE: Final = 512
"""Files whose answers are held before they go on."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms files are taken.

    Attributes:
        at: the date of judgement.
        trust: whom the user trusts.
        allow_unverified: whether one that is not verified may be logged, without a signature.
        threads: how many files are read at once.
    """

    at: date
    trust: Trust
    allow_unverified: bool = False
    threads: int = 1


def from_files(
    items: Iterable[Item],
    namer: Namer,
    terms: Terms,
    progress: Callable[[str], None] | None = None,
) -> Iterator[Candidate]:
    """Yield released files with what vouches for them.

    Args:
        items: the files.
        namer: says which release each is.
        terms: on which they are taken.
        progress: told each file's name when it is done.
    """
    waiting = iter(items)
    while some := list(islice(waiting, _AT_ONCE)):
        looked = look(
            [(item.path, item.signatures) for item in some],
            at=terms.at,
            trust=terms.trust,
            threads=terms.threads,
            progress=progress,
        )
        for item, one in zip(some, looked, strict=True):
            yield _from_file(item, one, namer, allow_unverified=terms.allow_unverified)


def _from_file(item: Item, looked: Looked, namer: Namer, *, allow_unverified: bool) -> Candidate:
    """Return a file as a candidate."""
    verdict = looked.verdict.value if looked.verdict else ""
    if looked.evidence is None:
        return Candidate(item.shown, verdict, None, None, looked.reason)
    refused, unnamed, named, notes = "", "", None, looked.notes
    if looked.reason and not allow_unverified:
        refused = f"it is not verified: {looked.reason}"
    elif looked.reason:
        notes = (*notes, f"without a supplier's signature: {looked.reason}")
    try:
        named = namer.named(item.said, looked.evidence.digests["sha256"])
    except SourceError as error:
        unnamed = _with_hint(error)
    if unnamed and str(item.said) != "nothing":
        refused = refused or unnamed  # what was said and what is known contradict each other
    return Candidate(item.shown, verdict, named, looked.evidence, refused, notes, looked.keep, unnamed)


def from_table(known: Known) -> Iterator[Candidate]:
    """Yield the releases of the operator's table that have a digest; no file is at hand and none vouches."""
    for (product, release), sha256 in known.releases.items():
        if sha256 is None:
            continue
        supplier = known.suppliers.get(product, "")
        named = Named(supplier, product, release) if supplier else None
        refused = known.dispute(product, release)
        refused = refused or ("" if supplier else f"table product does not say whose {product} is")
        withdrawn = (product, release) in known.withdrawn
        notes = ("the table says that it is withdrawn: log that with --withdraw",) if withdrawn else ()
        shown = f"{product}@{release}"
        evidence = Evidence({"sha256": sha256.hex()})
        yield Candidate(shown, "", named, evidence, refused, notes, listed=True)


def rows_with_digest(known: Known) -> int:
    """Return how many releases `from_table` yields."""
    return sum(sha256 is not None for sha256 in known.releases.values())


def from_sbom(
    path: Path, known: Known, supplier: str, terms: Terms, left_out: Counter[str]
) -> Iterator[Candidate]:
    """Yield the releases that a bill of materials lists; no file of theirs is at hand.

    Each has the verdict of the bill's own signatures; where one of these does not hold, none is to be logged.

    Args:
        path: the bill.
        known: the operator's tables, by which names become ids.
        supplier: whose releases they all are; empty: as the bill says.
        terms: on which the bill is taken.
        left_out: gets the components that are no releases of their own, by kind.

    Raises:
        SourceError: it is no bill of materials that is read here.
    """
    content = read_small(path, SBOM_BYTES_MAX)
    bill = read_bill(path.name, content)
    left_out.update(bill.left_out)
    kept = Kept(path, hashlib.sha256(content).hexdigest())
    (own,) = verify([path], at=terms.at, trust=terms.trust).releases
    refused = ""
    if own.verdict is Verdict.NOT_VERIFIED and not terms.allow_unverified:
        refused = f"the bill is not verified: {own.reason}"
    for item in bill.items:
        one = _from_bill(item, kept, known, supplier)
        yield replace(one, verdict=own.verdict.value, refused=refused or one.refused)


def _from_bill(item: Listed, bill: Kept, known: Known, supplier: str) -> Candidate:
    """Return a component as a candidate."""
    shown = f"{item.name} {item.version}".rstrip()
    notes: list[str] = []
    if item.lacks:
        return Candidate(shown, "", None, None, item.lacks)
    try:
        whose = supplier or _supplier(item, known, notes)
        named = Named(whose, _product(item, known, whose, notes), item.version)
        named = _checked(named, item, known)
    except SourceError as error:
        return Candidate(shown, "", None, None, _with_hint(error), tuple(notes))
    evidence = Evidence(item.digests, sbom=bill.sha256)
    return Candidate(shown, "", named, evidence, "", tuple(notes), (bill,))


def _checked(named: Named, item: Listed, known: Known) -> Named:
    """Return a release whose supplier and digest the tables do not contradict."""
    if named.product not in known.suppliers:
        return named
    return Namer(Known(known.suppliers, _only(known, named), disputed=known.disputed)).named(
        Said(named.supplier, named.product, named.release), item.digests["sha256"]
    )


def _only(known: Known, named: Named) -> dict[tuple[str, str], bytes | None]:
    """Return what the tables say of one release."""
    key = (named.product, named.release)
    return {key: known.releases[key]} if key in known.releases else {}


def _supplier(item: Listed, known: Known, notes: list[str]) -> str:
    """Return whose a component is, in the words of the tables where they know it."""
    if not item.supplier:
        raise SourceError("the bill does not say whose it is", hint="say it with --supplier")
    ids = sorted(known.names.get(called(item.supplier), ()))
    if len(ids) > 1:
        raise SourceError(
            f"the tables call {len(ids)} suppliers {item.supplier}: {', '.join(ids)}",
            hint="say which with --supplier",
        )
    if not ids:
        notes.append(f"the tables know no supplier {item.supplier}: it is logged in the bill's words")
    return ids[0] if ids else item.supplier


def _product(item: Listed, known: Known, supplier: str, notes: list[str]) -> str:
    """Return which product a component is, in the words of the tables where they know it."""
    ids = [
        product
        for product in sorted(known.products.get(called(item.name), ()))
        if known.suppliers.get(product, "") in {"", supplier}
    ]
    if len(ids) > 1:
        raise SourceError(f"the tables call {len(ids)} products of {supplier} so: {', '.join(ids)}")
    if not ids:
        notes.append(
            f"the tables know no product {item.name} of {supplier}: it is logged in the bill's words"
        )
    return ids[0] if ids else item.name


def _with_hint(error: SourceError) -> str:
    """Return an error with what to do about it, in one line."""
    return f"{error} ({error.hint})" if error.hint else str(error)
