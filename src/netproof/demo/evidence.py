"""Which papers does the operator hold: of suppliers, products, releases, certificates, restrictions?

Everything is in good order here; `plant` breaks some of it on purpose. The texts of declarations are
files of the folder, named in table declaration with their digest.
"""

from __future__ import annotations

from hashlib import sha256

import numpy as np

from netproof.demo.equipment import EPOCH, days
from netproof.demo.frames import UNKNOWN, Frame, Frames, same, texts
from netproof.demo.market import SLOTS, Market, Product, Supplier

CLAUSES = (
    "no_disclosure_abroad", "contractual_penalty", "audit_access", "security_tests",
    "vulnerability_notice", "change_notice", "no_hidden_function", "lapse_notice",
)  # fmt: skip

FACTORS = ("state_link", "home_law", "ownership", "supply_assurance", "quality")

PUBLISHED = (days(2023, 3, 6), days(2024, 9, 16), days(2025, 4, 7), days(2024, 1, 22), days(2026, 9, 28))
"""First days of publication of the five versions of a product."""

STATUS = ("current", "current", "current", "withdrawn", "current")
"""Suppliers keep several lines current; a fault makes one of them superseded."""

TWO_YEARS = 730
"""How long a NESAS CCS-GI or BSZ certificate is valid (BSI TR-03163, 27.02.2025)."""


def declaration_text(declaration_id: str, supplier: Supplier, form: str) -> str:
    """Return the text of a declaration's file."""
    clauses = "".join(f"- {clause.replace('_', ' ')}\n" for clause in CLAUSES)
    return (
        f"MADE UP: an example of netproof. No such company exists and nobody signed this.\n\n"
        f"Declaration {declaration_id} ({form})\n{supplier.name} declares to Musternetz:\n\n{clauses}"
    )


def lei(number: int) -> str:
    """Return a made-up legal entity identifier; its check digits are right (ISO 17442)."""
    stem = f"MADEUP{number:012}"
    digits = "".join(str(int(sign, 36)) for sign in f"{stem}00")
    return f"{stem}{98 - int(digits) % 97:02}"


def _declarers(market: Market) -> list[Supplier]:
    """Return who signs declarations: who delivers products, and who delivers to those."""
    sellers = {item.supplier_id for item in market.products if item.versions}
    subs = {sub for supplier, sub, _ in market.sub_suppliers if supplier in sellers}
    return [supplier for supplier in market.suppliers if supplier.supplier_id in sellers | subs]


def documents(market: Market) -> dict[str, bytes]:
    """Return the files of folder documents/, by name."""
    return {
        f"D-{supplier.supplier_id}.txt": declaration_text(
            f"D-{supplier.supplier_id}", supplier, "trustworthiness"
        ).encode("utf-8")
        for supplier in _declarers(market)
    }


def _supplier_frames(market: Market) -> Frames:
    """Return tables supplier, supplier_alias, sub_supplier and supplier_factor."""
    suppliers = market.suppliers
    makers = [supplier for supplier in suppliers if supplier.pen is not None]
    alias = [(supplier.name, "name", supplier.supplier_id) for supplier in suppliers]
    alias += [(str(supplier.pen), "pen", supplier.supplier_id) for supplier in makers]
    alias += [(f"{supplier.supplier_id}_net", "cpe", supplier.supplier_id) for supplier in makers]
    alias += [
        (supplier.supplier_id.replace("_", "-"), "slug", supplier.supplier_id) for supplier in suppliers
    ]
    sellers = {item.supplier_id for item in market.products if item.versions}
    rated = [(row, factor) for row in suppliers if row.supplier_id in sellers for factor in FACTORS]
    ratings = ("low", "low", "medium", "low", "low", "medium", "low")
    subs = market.sub_suppliers
    return {
        "supplier": Frame(
            supplier_id=texts([supplier.supplier_id for supplier in suppliers]),
            name=texts([supplier.name for supplier in suppliers]),
            country=texts([supplier.country for supplier in suppliers]),
            parent_id=texts([supplier.parent_id for supplier in suppliers]),
            lei=texts([lei(number) for number in range(1, len(suppliers) + 1)]),
            pen=np.array([UNKNOWN if supplier.pen is None else supplier.pen for supplier in suppliers]),
        ),
        "supplier_alias": Frame(
            alias=texts([row[0] for row in alias]),
            kind=texts([row[1] for row in alias]),
            supplier_id=texts([row[2] for row in alias]),
        ),
        "sub_supplier": Frame(
            supplier_id=texts([row[0] for row in subs]),
            sub_supplier_id=texts([row[1] for row in subs]),
            delivers=texts([row[2] for row in subs]),
        ),
        "supplier_factor": Frame(
            supplier_id=texts([supplier.supplier_id for supplier, _ in rated]),
            factor=texts([factor for _, factor in rated]),
            rating=texts([ratings[number % len(ratings)] for number in range(len(rated))]),
            source=same("Made-up supplier review 2026", len(rated)),
            stated_on=np.full(len(rated), days(2026, 3, 2)),
        ),
    }


def _product_frames(market: Market) -> Frames:
    """Return tables product and release."""
    products = market.products
    released = [(item, slot) for item in products if item.versions for slot in range(5)]
    return {
        "product": Frame(
            product_id=texts([item.product_id for item in products]),
            supplier_id=texts([item.supplier_id for item in products]),
            name=texts([item.name for item in products]),
            function=texts([item.function for item in products]),
            version_scheme=texts([item.version_scheme for item in products]),
            end_of_support_on=np.array(
                [
                    days(2029 + number % 4, 12, 31) if item.versions else UNKNOWN
                    for number, item in enumerate(products)
                ]
            ),
        ),
        "release": Frame(
            product_id=texts([item.product_id for item, _ in released]),
            version=texts([item.versions[slot] for item, slot in released]),
            published_on=np.array([PUBLISHED[slot] for _, slot in released]),
            sha256=texts([item.digest(slot) for item, slot in released]),
            status=texts([STATUS[slot] for _, slot in released]),
        ),
    }


def _trust_frames(market: Market) -> Frames:
    """Return tables declaration and commitment."""
    signers = _declarers(market)
    files = documents(market)
    ids = [f"D-{supplier.supplier_id}" for supplier in signers]
    count = len(signers)
    return {
        "declaration": Frame(
            declaration_id=texts(ids),
            supplier_id=texts([supplier.supplier_id for supplier in signers]),
            form=same("trustworthiness", count),
            signed_on=np.array([days(2025, 2, 3) + 37 * number for number in range(count)]),
            valid_to=np.array([days(2028, 12, 31)] * count),
            document=texts([f"{name}.txt" for name in ids]),
            sha256=texts([sha256(files[f"{name}.txt"]).digest() for name in ids]),
            signature=same("valid", count),
        ),
        "commitment": Frame(
            declaration_id=texts([name for name in ids for _ in CLAUSES]),
            clause=texts([clause for _ in ids for clause in CLAUSES]),
        ),
    }


def _certificates(products: tuple[Product, ...]) -> list[tuple[Product, int, int, int, str]]:
    """Return product, first and last slot, day of issue and status of every certificate."""
    rows: list[tuple[Product, int, int, int, str]] = []
    for number, item in enumerate(products):
        issued = days(2025, 6, 2) + (number * 41) % 190
        if item.scheme == "BSZ":
            rows += [(item, slot, slot, issued - 20 + 9 * slot, "valid") for slot in range(SLOTS)]
        elif item.scheme:
            rows.append((item, 0, SLOTS - 1, issued, "valid"))
            # An earlier one that has ended: it must not count, and it is no fault.
            rows.append((item, 0, 0, issued - TWO_YEARS - 30, "archived"))
    return rows


def _certificate(market: Market) -> Frame:
    """Return table certificate."""
    rows = _certificates(market.products)
    bsz = [item.scheme == "BSZ" for item, *_ in rows]
    issued = np.array([row[3] for row in rows])
    documents_ = [
        item.document if exact else f"{item.document};TS 33.117"
        for (item, *_), exact in zip(rows, bsz, strict=True)
    ]
    return Frame(
        certificate_id=texts(
            [f"MADE-UP-{row[0].scheme.split('_')[0]}-{number:04}" for number, row in enumerate(rows, 1)]
        ),
        scheme=texts([row[0].scheme for row in rows]),
        requirement_documents=texts(documents_),
        product_id=texts([row[0].product_id for row in rows]),
        version_from=texts([row[0].versions[row[1]] for row in rows]),
        version_to=texts([row[0].versions[row[2]] for row in rows]),
        minor_updates=texts([not exact for exact in bsz]),
        issued_on=issued,
        expires_on=issued + TWO_YEARS - 1,
        status=texts([row[4] for row in rows]),
        body=same("Made-up certification body", len(rows)),
        lab=texts([f"Made-up laboratory {'AB'[number % 2]}" for number in range(len(rows))]),
        reference=same("https://example.org/certificates", len(rows)),
    )


def _restriction(market: Market) -> Frame:
    """Return table restriction."""
    rows = market.restrictions
    words = ("regime", "legal_status", "supplier_id", "country", "zone", "function", "region", "effect")
    ends = [row.get("ends_on") for row in rows]
    return Frame(
        restriction_id=texts([row["restriction_id"] for row in rows]),
        **{name: texts([row.get(name) for row in rows]) for name in words},
        share_max=np.array([row.get("share_max", np.nan) for row in rows]),
        effective_on=np.array([(row["effective_on"] - EPOCH).days for row in rows]),
        ends_on=np.array([UNKNOWN if end is None else (end - EPOCH).days for end in ends]),
        source=same("made up for this example", len(rows)),
    )


def evidence_frames(market: Market) -> Frames:
    """Return tables supplier to restriction, all in good order."""
    return {
        **_supplier_frames(market),
        **_product_frames(market),
        **_trust_frames(market),
        "certificate": _certificate(market),
        "restriction": _restriction(market),
    }
