"""Walks of Net-SNMP in every form that it prints them; hostile ones; what a device runs by them."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

import pytest

from netproof.errors import SourceError
from netproof.sources.observations.seen import SNMP, Passed, Seen, Slot
from netproof.sources.observations.snmp import read_snmp
from netproof.sources.observations.walk import Object, Value, walked

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.sources.observations.seen import Reading


def values(text: str) -> list[Value]:
    """The wanted values of a walk."""
    return list(walked(io.BytesIO(text.encode()), "w"))


def read(text: str) -> Reading:
    """What a walk says."""
    return read_snmp(io.BytesIO(text.encode()), "w")


@pytest.mark.parametrize(
    "name",
    [
        ".1.3.6.1.2.1.47.1.1.1.1.10.7",
        "1.3.6.1.2.1.47.1.1.1.1.10.7",
        "iso.3.6.1.2.1.47.1.1.1.1.10.7",
        ".iso.3.6.1.2.1.47.1.1.1.1.10.7",
        "ENTITY-MIB::entPhysicalSoftwareRev.7",
        "SNMPv2-SMI::mib-2.47.1.1.1.1.10.7",
        ".iso.org.dod.internet.mgmt.mib-2.entityMIB.entityMIBObjects.entPhysicalTable.entPhysicalSoftwareRev.7",
    ],
)
def test_an_object_is_known_however_its_name_is_printed(name: str) -> None:
    got = values(f'{name} = STRING: "7.1"\n')

    assert got == [Value(Object.entPhysicalSoftwareRev, "7", "7.1", 1)]


@pytest.mark.parametrize(
    ("raw", "want"),
    [
        ('STRING: "a \\"b\\" \\\\"', 'a "b" \\'),
        ("STRING: 16.1R6.7", "16.1R6.7"),
        ('""', ""),
        ("Hex-STRING: 37 2E 31 00", "7.1"),
        ('STRING: "Cisco IOS\r\nTechnical Support\n"', "Cisco IOS\nTechnical Support"),
        ("STRING: Cisco IOS\nTechnical Support", "Cisco IOS\nTechnical Support"),
        (
            'STRING: "one\n.1.3.6.1.2.1.1.5.0 = STRING: evil\ntwo"',
            "one\n.1.3.6.1.2.1.1.5.0 = STRING: evil\ntwo",
        ),
    ],
)
def test_a_value_is_read_without_its_type_and_quotes_over_any_number_of_lines(raw: str, want: str) -> None:
    got = values(f".1.3.6.1.2.1.1.1.0 = {raw}\n.1.3.6.1.2.1.1.3.0 = Timeticks: (5) 0:00:00.05\n")

    assert [value.text for value in got] == [want]


@pytest.mark.parametrize("told", ["3", "chassis(3)", "chassis"])
def test_a_class_is_read_as_number_or_word(told: str) -> None:
    got = values(f"ENTITY-MIB::entPhysicalClass.1 = INTEGER: {told}\n")

    assert got[0].text == "3"


@pytest.mark.parametrize("raw", ["No Such Instance currently exists at this OID", "No Such Object available"])
def test_what_the_agent_does_not_have_is_no_value(raw: str) -> None:
    assert values(f".1.3.6.1.2.1.1.5.0 = {raw}\n") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hello\n", "w:1: expected a line `OID = value`, got 'hello'"),
        (".1.3.6.1 = INTEGER: 1\nTimeout: No Response from 10.0.0.1\n", "w:2: expected a whole walk"),
        ('.1.3.6.1.2.1.1.1.0 = STRING: "never ends\n', "w:1: expected a whole walk, got a value whose quote"),
        (".1.3.6.1.2.1.1.1.0 = Hex-STRING: zz\n", "w:1: expected bytes in hexadecimal"),
        (".1.3.6.1.2.1.1.1.0 = STRING: a\0b\n", "w:1:31: expected text, got a NUL byte"),
        (".1.3.6.1.2.1.1.1.0 = STRING: \udcff\n", "w:1:30: expected text in UTF-8, got byte 0xFF"),
        (f".1.3.6.1.2.1.1.1.0 = STRING: {'x' * 300_000}\n", "w:1: expected a line of at most 262,144 bytes"),
        (
            ".1.3.6.1.2.1.1.1.0 = STRING: x\n" + "y" * 200_000 + ("\n" + "y" * 200_000) * 6,
            "w:1: expected a value of",
        ),
        (".1.3.6.1.2.1.2.2.1.1.1 = INTEGER: 1\n", "w: expected ENTITY-MIB, HOST-RESOURCES-MIB or sysDescr"),
    ],
)
def test_what_is_no_whole_walk_is_refused_by_line(text: str, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_snmp(io.BytesIO(text.encode("utf-8", "surrogateescape")), "w")

    assert str(caught.value).startswith(words)


def test_a_value_of_many_lines_costs_no_more_than_its_length() -> None:
    began = time.process_time()
    got = values('.1.3.6.1.2.1.1.1.0 = STRING: "' + "x" * 250_000 + "\n" + "y\n" * 200_000 + '"\n')

    assert [len(value.text) for value in got] == [250_000 + 2 * 200_000]
    assert time.process_time() - began < 5  # a minute if every line looked at the first again


def entity(index: int, **fields: str | int) -> str:
    """Rows of ENTITY-MIB about one thing."""
    numbers = {"kind": 5, "firmware": 9, "software": 10, "serial": 11}
    return "".join(
        f".1.3.6.1.2.1.47.1.1.1.1.{numbers[name]}.{index} = "
        + (f"INTEGER: {value}\n" if name == "kind" else f'STRING: "{value}"\n')
        for name, value in fields.items()
    )


NAME = '.1.3.6.1.2.1.1.5.0 = STRING: "core-1.example"\n'


def test_a_chassis_revision_is_the_device_s() -> None:
    got = read(NAME + entity(1, kind=3, software="7.1", firmware="boot 3", serial="SN1"))

    names = ("SN1", "core-1.example")
    assert got.seen == (
        Seen(names, 3, version="7.1", source=SNMP),
        Seen(names, 3, version="boot 3", slot=Slot.FIRMWARE, source=SNMP),
    )


def test_boards_that_agree_tell_the_device_s_revision_and_their_own() -> None:
    text = (
        NAME
        + entity(1, kind=3, serial="SN1")
        + "".join(entity(index, kind=9, software="7.1", serial=f"B{index}") for index in (2, 3))
    )

    got = read(text)

    assert [(seen.names, seen.version, seen.part) for seen in got.seen] == [
        (("SN1", "core-1.example"), "7.1", False),
        (("B2",), "7.1", True),
        (("B3",), "7.1", True),
    ]


def test_boards_that_differ_tell_only_their_own() -> None:
    text = NAME + entity(2, kind=9, software="7.1", serial="B2") + entity(3, kind=9, software="7.2")

    got = read(text)

    assert [(seen.names, seen.version) for seen in got.seen] == [(("B2",), "7.1")]
    assert [item.reason for item in got.passed] == [
        "its parts report 2 software revisions, such as '7.1', '7.2'; the device's is open",
        "1 part tells a revision and no serial number",
    ]


def test_of_several_chassis_each_is_known_by_its_serial_number() -> None:
    text = (
        NAME + entity(1, kind=3, software="7.1", serial="A") + entity(2, kind=3, software="7.1", serial="B")
    )

    got = read(text)

    assert [(seen.names, seen.part) for seen in got.seen] == [
        (("core-1.example",), False),
        (("A",), True),
        (("B",), True),
    ]


def test_the_one_operating_system_installed_is_taken_and_two_are_not() -> None:
    one = (
        NAME
        + 'HOST-RESOURCES-MIB::hrSWInstalledName.1 = STRING: "nos-7.1"\n'
        + "HOST-RESOURCES-MIB::hrSWInstalledType.1 = INTEGER: operatingSystem(2)\n"
        + 'HOST-RESOURCES-MIB::hrSWInstalledName.2 = STRING: "editor-1"\n'
        + "HOST-RESOURCES-MIB::hrSWInstalledType.2 = INTEGER: application(4)\n"
    )
    two = one + (
        'HOST-RESOURCES-MIB::hrSWInstalledName.3 = STRING: "nos-7.2"\n'
        "HOST-RESOURCES-MIB::hrSWInstalledType.3 = INTEGER: 2\n"
    )

    assert read(one).seen == (Seen(("core-1.example",), 2, version="nos-7.1", source=SNMP),)
    assert read(two).passed == (
        Passed(2, "core-1.example", "2 operating systems are installed: which of them runs is open"),
    )


def test_a_description_is_told_and_never_parsed() -> None:
    got = read('.1.3.6.1.2.1.1.1.0 = STRING: "NOS Version 7.1, built today"\n')

    assert got.seen == ()
    assert got.passed == (
        Passed(
            0,
            "",
            "no object holds its software revision; sysDescr, which is prose, says 'NOS Version 7.1, built today'",
        ),
    )


@pytest.mark.parametrize(
    ("file", "names", "version", "parts"),
    [
        ("juniper-mx960.entity.walk", ("JN11F7072AFA",), "16.1R6.7", 80),
        ("huawei-s12704.entity.walk", ("2102114480P0J7000105",), "Version 5.170 V200R012C00SPC500", 19),
    ],
)
def test_walks_of_real_routers_tell_their_revision_once(
    shared_data: Path, file: str, names: tuple[str, ...], version: str, parts: int
) -> None:
    with (shared_data / "snmp" / file).open("rb") as walk:
        got = read_snmp(walk, file)

    device = [seen for seen in got.seen if not seen.part]
    assert [(seen.names, seen.version, seen.source) for seen in device] == [(names, version, SNMP)]
    assert len(got.seen) - len(device) == parts
