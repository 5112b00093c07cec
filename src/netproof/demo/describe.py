"""What do the files beside the tables say: network.toml, planted.toml and README.md?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from netproof.demo.faults_outages import SHARES

if TYPE_CHECKING:
    from netproof.demo.faults import Planted

NAME = "Musternetz"


def _quoted(text: str) -> str:
    """Return a text as TOML writes it; JSON's way is TOML's way for such texts."""
    return json.dumps(text, ensure_ascii=False)


def network_toml() -> str:
    """Return the text of network.toml."""
    shares = "".join(f"\n[parameters.{check}]\nshare_max = {share}\n" for check, share in SHARES.items())
    return (
        "# A made-up operator: see README.md.\n"
        f'name = "{NAME} (made up)"\n'
        'country = "DE"\n'
        "as_of = 2026-11-01\n"
        'catalogues = ["de-tkg-2.0"]\n'
        "\n# What one thing may take from the people: much, for each site stands for many real ones.\n"
        f"{shares[1:]}"
    )


def planted_toml(planted: tuple[Planted, ...], sites: int, seed: int) -> str:
    """Return the text of planted.toml: every finding that the checks must make, and no other."""
    head = (
        f"# Every fault that was planted into this made-up operator ({sites} sites, seed {seed}).\n"
        "# For its date the checks find exactly these subjects and no others.\n"
    )
    blocks = [
        f"\n[[fault]]\ncheck = {_quoted(item.check)}\noutcome = {_quoted(item.outcome)}\n"
        f"words = {_quoted(item.words)}\nsubjects = [{', '.join(_quoted(name) for name in item.subjects)}]\n"
        for item in planted
    ]
    return head + "".join(blocks)


def readme(rows: dict[str, int], sites: int, seed: int) -> str:
    """Return the text of README.md.

    Args:
        rows: How many rows each table has.
        sites: How many sites were asked for.
        seed: What chance started from.
    """
    table = "".join(f"| {name} | {count:,} |\n" for name, count in rows.items())
    return f"""# {NAME}: a made-up operator

**Everything in this folder is made up.** {NAME} does not exist. Neither do its sites, suppliers,
products, certificates, declarations, orders and people; no name is meant to be anybody's, and no
statement about a supplier or a country is meant. It shows what netproof does, and tests it.

What is real: the districts of Germany and how many people live in them, after which the sites are
placed. Sources: © Statistisches Bundesamt (Destatis), 2018, CC BY 4.0; GeoNames (geonames.org), CC BY 4.0.

- `network.toml` says what is checked and for which date.
- `<table>.csv` or `.parquet` are the tables.
- `documents/` holds what tables declaration and answer name, with made-up signatures (`.p7s`) beside it.
- `trust/` holds the certificate of a made-up authority, against which those signatures are verified.
- `releases/` is the operator's log of releases; `netproof release audit` reads it, `netproof fleet` compares.
- `keys/` holds the private keys of that log and of its two witnesses: made up, so that you can add to it.
  The log's policy asks both witnesses on this machine; each runs in a terminal of its own:
  `netproof release witness serve --key keys/nord.key --logs releases/policy` and
  `netproof release witness serve --key keys/sued.key --logs releases/policy --port 8643`.
- `others/` holds what another made-up operator published of its log, with one release that is not the same.
- `planted.toml`, in networks of up to 2,000 sites, lists every fault that was planted: what the checks
  must find, and nothing else.

The column `region` of table site holds the key of the Land, the first two digits of the official
district key, as text: with fewer sites than districts nothing finer would say anything about diversity.

Made by `netproof demo` with {sites:,} sites and seed {seed}; the same numbers give the same bytes.

| table | rows |
|---|---|
{table}"""
