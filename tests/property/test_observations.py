"""Laws of files of observations on random input: any bytes are read or refused, and nothing is lost silently."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netproof.errors import SourceError
from netproof.sources.observations import Components, identify
from netproof.sources.observations.exposition import samples
from netproof.sources.observations.ima import proven_events
from netproof.sources.observations.ima_ascii import read_ascii
from netproof.sources.observations.ima_binary import form_of, read_binary
from netproof.sources.observations.prometheus import read_exposition, read_query
from netproof.sources.observations.recognise import kind_of
from netproof.sources.observations.seen import Kind, Reading, Seen
from netproof.sources.observations.snmp import read_snmp
from netproof.sources.observations.table import read_table
from netproof.sources.observations.walk import walked
from tests.unit.sources.observations.measured import EVENTS, Made, ascii_list, binary_list, pcr_10

Read = Callable[[BinaryIO, str], object]
READERS: dict[str, tuple[Read, bytes]] = {
    "table": (
        read_table,
        b"component_id,observed_at,sha256,slot\nC1,2026-10-31T10:20:21Z,%b,image\n" % (b"ab" * 32),
    ),
    "walk": (
        read_snmp,
        (
            b'.1.3.6.1.2.1.1.5.0 = STRING: "a"\n.1.3.6.1.2.1.47.1.1.1.1.5.1 = INTEGER: 3\n'
            b'ENTITY-MIB::entPhysicalSoftwareRev.1 = STRING: "7.1\n7.2"\n.1.3.6.1.2.1.1.1.0 = Hex-STRING: 41\n'
        ),
    ),
    "exposition": (
        read_exposition,
        b'# HELP a b\na_build_info{version="1",b="c\\"d"} 1 1395066363000\nup 1\n',
    ),
    "query": (
        read_query,
        (
            b'{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"a_build_info",'
            b'"instance":"a:1","version":"1"},"value":[1795305557.2,"1"]}]}}'
        ),
    ),
    "ascii list": (read_ascii, ascii_list()),
    "binary list": (read_binary, binary_list()),
}
every = pytest.mark.parametrize("name", READERS)


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """A good file with some bytes changed, taken out, doubled or put in."""
    content = bytearray(whole)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(content)))
        end = draw(st.integers(at, min(len(content), at + 20)))
        new = draw(
            st.sampled_from([b"", b"\0", b'"', b"\n", b"{", b",", b"\xff", bytes(content[at:end]) * 2])
        )
        content[at:end] = new
    return bytes(content)


def reads_or_refuses(read: Read, content: bytes) -> None:
    """Read a file; nothing but `SourceError` may come out."""
    try:
        read(io.BytesIO(content), "f")
    except SourceError as error:
        assert str(error).startswith("f")  # noqa: PT017 - one of two good ends


@every
@settings(max_examples=150)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_by_place(name: str, data: st.DataObject) -> None:
    read, whole = READERS[name]

    reads_or_refuses(read, data.draw(damaged(whole)))


@every
@given(content=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_by_place(name: str, content: bytes) -> None:
    kind_of(content)
    form_of(content)

    reads_or_refuses(READERS[name][0], content)


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"\\'), max_size=30)


@given(TEXT.map(str.strip), TEXT.map(str.strip))
def test_a_walk_gives_back_what_was_printed(name: str, version: str) -> None:
    walk = f'.1.3.6.1.2.1.1.5.0 = STRING: "{name}"\n.1.3.6.1.2.1.47.1.1.1.1.10.1 = STRING: "{version}"\n'

    got = [value.text for value in walked(io.BytesIO(walk.encode()), "w")]

    assert got == [name, version]


@given(st.dictionaries(st.from_regex("[a-z_]{1,8}", fullmatch=True), st.text(max_size=20), max_size=5))
def test_labels_come_back_whatever_they_hold(labels: dict[str, str]) -> None:
    def written(value: str) -> str:
        return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

    if any({"\r", "\0"} & set(value) or not value.isprintable() for value in labels.values()):
        return
    inner = ",".join(f'{key}="{written(value)}"' for key, value in labels.items())

    got = list(samples(io.BytesIO(f"a{{{inner}}} 1\n".encode()), "t"))

    assert [sample.labels for sample in got] == [labels]


MADE = st.lists(
    st.builds(
        Made,
        st.from_regex("/[a-z/]{1,12}", fullmatch=True),
        st.binary(max_size=4),
        st.sampled_from(["ima-ng", "ima-sig"]),
        st.binary(max_size=6),
        violation=st.booleans(),
    ),
    min_size=1,
    max_size=8,
).map(tuple)


@given(MADE, st.data())
def test_a_list_holds_by_its_own_register_and_by_no_other(
    made: tuple[Made, ...], data: st.DataObject
) -> None:
    events = read_binary(io.BytesIO(binary_list(made)), "l")
    proven = data.draw(st.integers(1, len(made)))

    got = proven_events(events, pcr_10(made[:proven]), "l")

    assert got.events >= proven
    with pytest.raises(SourceError):
        proven_events(events, bytes(32 * [7]), "l")


NAMES = st.sampled_from(["C1", "C2", "core-1", "core-2", "SN1", "nobody"])


@given(
    st.lists(st.builds(Seen, st.lists(NAMES, max_size=2).map(tuple), st.integers(1, 9), part=st.booleans()))
)
def test_all_that_was_seen_is_an_observation_or_a_part_or_is_told(seen: list[Seen]) -> None:
    components = Components([("C1", "core-1", "SN1"), ("C2", "core-2", None)])

    got = identify(Reading("f", Kind.SNMP_WALK, tuple(seen)), components, datetime(2026, 1, 1, tzinfo=UTC))

    lost = sum(one.rows for one in got.unidentified)
    known = [one for one in seen if len(components.called(one.names)) == 1]
    assert len(known) + got.parts + lost == len(seen)
    assert {one.component_id for one in got.observations} == {
        component for one in known for component in components.called(one.names)
    }


def test_the_made_lists_are_what_the_readers_are_tried_on() -> None:
    assert [event.path for event in read_ascii(io.BytesIO(ascii_list()), "l")] == [one.path for one in EVENTS]
