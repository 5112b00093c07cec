"""Entries are found by number, by whole names and by digest; by nothing that only begins like them."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from netproof.errors import LogError
from netproof.integrity.log import published, writing
from netproof.integrity.register import entries
from netproof.integrity.register.durable import durable_entries
from netproof.integrity.register.entries import Evidence, Named
from netproof.integrity.register.find import find
from tests.registers import NOW, network

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.integrity.log import Published


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def released(named: Named, text: str) -> bytes:
    return entries.release(named, Evidence({"sha256": digest(text)}, 1), NOW).entry


CORE = Named("kelmaro", "core-9", "2.4.1")
BOOT = Named("kelmaro", "core-9", "2.4.1", "boot")
ODD = Named("a/b", "c@d/e", 'f"@\\g')
LOGGED = [
    released(CORE, "a"),
    released(BOOT, "b"),
    entries.withdrawal(CORE, {"sha256": digest("a")}, "bad", NOW).entry,
    released(ODD, "c"),
    released(Named("nordfunk", "core-9", "2.4.10"), "d"),
]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Published:
    net, keys = network(tmp_path_factory.mktemp("find"))
    others = [released(Named("nordfunk", "radio-5", f"1.{number}"), f"r{number}") for number in range(300)]
    with writing(net / "releases") as writer:
        writer.append([*LOGGED, *others])
        writer.checkpoint(keys, 1)
    return published(net / "releases")


@pytest.mark.parametrize(
    ("name", "want"),
    [
        ("0", [0]),
        ("2", [2]),
        ("300", [300]),
        ("305", []),
        ("999999999999999999", []),
        ("core-9@2.4.1", [0, 1]),
        ("kelmaro/core-9@2.4.1", [0, 1]),
        ("nordfunk/core-9@2.4.10", [4]),
        ("nordfunk/core-9@2.4.1", []),
        ("core-9@2.4", []),
        ("ore-9@2.4.1", []),
        ("CORE-9@2.4.1", []),
        (digest("a"), [0]),
        (digest("b"), [1]),
        (digest("nothing"), []),
        ('a/b/c@d/e@f"@\\g', [3]),
        ('c@d/e@f"@\\g', [3]),
        ("d/e@f", []),
        ("radio-5@1.299", [304]),
    ],
)
def test_a_name_finds_exactly_its_entries(log: Published, name: str, want: list[int]) -> None:
    got = find(log, name)

    assert [found.index for found in got] == want
    for found in got:
        assert (found.index, found.statement.entry) in set(log.entries(found.index))


@pytest.mark.parametrize(
    "name",
    ["", "core-9", "+5", "05", "٥", "1_0", " 1", "-1", "core-9@", "@", digest("a")[:-1], digest("a").upper()],
)
def test_what_is_no_name_is_refused(log: Published, name: str) -> None:
    with pytest.raises(LogError, match="expected an entry's number"):
        find(log, name)


def test_entries_that_are_durable_and_not_yet_published_are_known_to_the_register(tmp_path: Path) -> None:
    net, keys = network(tmp_path)
    folder = net / "releases"
    for upto in (2, 3, 5):
        with writing(folder) as writer:
            writer.append(LOGGED[:upto])
            if upto == 3:
                writer.checkpoint(keys, 1)
            assert list(durable_entries(folder, writer)) == list(enumerate(LOGGED[:upto]))

    assert published(folder).checkpoint.size == 3
