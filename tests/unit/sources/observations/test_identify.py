"""Whom a file means: one component, or it is told; tables of observations; what a file is."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import SourceError
from netproof.sources.observations import Components, identify, read_mapping, read_observations
from netproof.sources.observations.recognise import kind_of
from netproof.sources.observations.seen import IMA_QUOTED, Kind, Passed, Reading, Seen, Slot
from netproof.sources.observations.table import read_table
from netproof.sources.observations.values import moment_of, sha256_of
from netproof.sources.observations.versions import released
from tests.unit.sources.observations.measured import ascii_list, binary_list, pcr_10

if TYPE_CHECKING:
    from pathlib import Path

    from netproof.sources.observations import Identified

ROWS = [
    ("C1", "core-1", "SN1"),
    ("C2", "core-2", "SN2"),
    ("C3", None, None),
    ("C4", "twin", ""),
    ("C5", "Twin", "SN5"),
]
END = datetime(2026, 11, 1, 23, 59, 59, tzinfo=UTC)
DIGEST = "ab" * 32


def looked_up(*seen: Seen, mapping: dict[str, tuple[str, str]] | None = None, **how: Any) -> Identified:
    """What becomes of things that were seen."""
    return identify(Reading("f", Kind.SNMP_WALK, seen, **how), Components(ROWS, mapping), END)


def whom(*names: str, **how: Any) -> list[str]:
    """The components that names mean."""
    return [one.component_id for one in looked_up(Seen(names, 7, version="1"), **how).observations]


@pytest.mark.parametrize(
    "name", ["C1", "c1", "core-1", "CORE-1", " core-1 ", "core-1.", "core-1.example.org", "SN1"]
)
def test_a_component_is_known_by_id_name_host_or_serial_number(name: str) -> None:
    assert whom(name) == ["C1"]


def test_an_address_is_not_taken_for_a_host_s_name() -> None:
    got = identify(
        Reading("f", Kind.SNMP_WALK, (Seen(("10.0.0.1",), 1, version="1"),)),
        Components([("10", None, None)]),
        END,
    )

    assert got.observations == ()


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (("core-9",), "means no component by its id, name or serial number"),
        (("SN1", "core-2"), "means 2 components: C1, C2"),
        (("twin",), "means 2 components: C4, C5"),
    ],
)
def test_what_means_none_or_two_is_told_with_its_line(names: tuple[str, ...], reason: str) -> None:
    got = looked_up(Seen(names, 7, version="1"), Seen(names, 9, version="1"))

    assert got.observations == ()
    assert [(one.line, one.name, one.reason, one.rows) for one in got.unidentified] == [
        (7, " / ".join(names), reason, 2)
    ]


def test_the_user_s_own_name_counts_before_all_others() -> None:
    assert whom("core-1", mapping={"core-1": ("C3", "m:2")}) == ["C3"]


def test_a_name_for_a_component_that_is_not_there_is_refused() -> None:
    with pytest.raises(SourceError, match="m:2: component_id: expected a component, got 'C9'"):
        Components(ROWS, {"x": ("C9", "m:2")})


def test_the_name_that_the_user_gave_a_file_must_agree_with_the_file() -> None:
    assert whom("SN1", own_name="core-1") == ["C1"]
    assert whom("SN1", own_name="core-2") == []
    assert whom(own_name="core-2") == ["C2"]


def test_the_file_s_name_counts_only_where_the_file_names_nobody_known() -> None:
    assert whom("SN1", weak_name="core-2") == ["C1"]
    assert whom(weak_name="core-2") == ["C2"]
    assert whom("agent-7", weak_name="core-2") == ["C2"]
    assert whom("agent-7", weak_name="core-2", own_name="agent-7") == []


def test_a_part_that_is_no_component_is_counted_and_no_finding() -> None:
    got = looked_up(Seen(("B1",), 1, version="1", part=True), Seen(("SN2",), 2, version="1", part=True))

    assert ([one.component_id for one in got.observations], got.parts, got.unidentified) == (["C2"], 1, ())


def test_what_a_file_does_not_date_has_the_caller_s_moment() -> None:
    at = datetime(2026, 10, 1, tzinfo=UTC)

    got = looked_up(Seen(("C1",), 1, version="1"), Seen(("C2",), 2, version="1", at=at))

    assert [(one.at, one.dated) for one in got.observations] == [(END, False), (at, True)]
    assert got.undated == 1


def test_the_same_row_twice_counts_once_and_rows_that_differ_are_told() -> None:
    got = looked_up(
        Seen(("C1",), 1, sha256=DIGEST), Seen(("C1",), 1, sha256=DIGEST), Seen(("C1",), 3, sha256="cd" * 32)
    )

    assert [one.sha256 for one in got.observations] == [DIGEST, "cd" * 32]
    assert [one.reason for one in got.unidentified] == [
        "lines 1 and 3 say different things of one moment; both count"
    ]


def test_what_a_reader_passed_over_is_told_too() -> None:
    got = looked_up(passed=(Passed(4, "x", "why"),))

    assert [(one.line, one.name, one.reason) for one in got.unidentified] == [(4, "x", "why")]


def test_a_row_of_the_table_is_text_in_utc() -> None:
    one = looked_up(
        Seen(("C1",), 1, version="7", sha256=DIGEST, slot=Slot.FIRMWARE, source="s")
    ).observations[0]

    assert one.row == ("C1", "2026-11-01T23:59:59Z", "7", DIGEST, "firmware", "s")


def mapping(folder: Path, text: str) -> dict[str, tuple[str, str]]:
    """A user's list of names."""
    (folder / "m.csv").write_text(text)
    return read_mapping(folder / "m.csv")


def test_a_list_of_names_is_read_with_its_places(tmp_path: Path) -> None:
    got = mapping(tmp_path, 'name,component_id\n"agent, 7",C1\n\n127.0.0.4:9090,C2\nAGENT-8,C2\nagent-8,C2\n')

    assert got == {
        "agent, 7": ("C1", "m.csv:2"),
        "127.0.0.4:9090": ("C2", "m.csv:4"),
        "agent-8": ("C2", "m.csv:5"),
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name;component_id\n", "m.csv:1: expected the columns name,component_id"),
        ("name,component_id\nx\n", "m.csv:2: expected a name and a component"),
        ("name,component_id\nx,\n", "m.csv:2: expected a name and a component"),
        (
            "name,component_id\nx,C1\nX,C2\n",
            "m.csv:3:1: name: expected each name once, got 'X' also at m.csv:2",
        ),
        ('name,component_id\n"x"y,C1\n', "m.csv:2: expected a record after RFC 4180"),
    ],
)
def test_a_list_of_names_that_is_none_is_refused_by_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        mapping(tmp_path, text)

    assert str(caught.value).startswith(words)


HEADER = "component_id,observed_at,version,sha256,slot,source,x_note\n"


def table(text: str) -> Reading:
    """A table of observations."""
    return read_table(io.BytesIO(text.encode()), "t")


def test_a_table_is_read_as_table_observation_is_written() -> None:
    got = table(
        HEADER
        + f'"C1",2026-10-31T10:20:21Z,7.1,{DIGEST.upper()},,scan,"a\nb"\n\nC2,2026-10-31 00:00:00,,,config,,\n'
    )

    assert got.seen == (
        Seen(
            ("C1",),
            2,
            version="7.1",
            sha256=DIGEST,
            at=datetime(2026, 10, 31, 10, 20, 21, tzinfo=UTC),
            source="scan",
        ),
        Seen(("C2",), 5, slot=Slot.CONFIG, at=datetime(2026, 10, 31, tzinfo=UTC)),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("component_id,digest\n", "t:1:2: table observation has no column 'digest'"),
        ("component_id,component_id\n", "t:1:1: expected each column once"),
        ("component_id,version\n", "t:1: expected a column observed_at"),
        (HEADER + "C1\n", "t:2: expected 7 values, got 1"),
        (HEADER + ",2026-10-31,,,,,\n", "t:2:1: component_id: expected a component, got ''"),
        (HEADER + "C1,2026-10-31,,,,,\n", "t:2:2: observed_at: expected a time such as"),
        (HEADER + "C1,yesterday,,,,,\n", "t:2:2: observed_at: expected a time such as"),
        (
            HEADER + "C1,2026-10-31T00:00:00Z,,abc,,,\n",
            "t:2:4: sha256: expected 64 hexadecimal digits, got 'abc'",
        ),
        (
            HEADER + f"C1,2026-10-31T00:00:00Z,,sha256:{DIGEST},,,\n",
            "t:2:4: sha256: expected 64 hexadecimal digits",
        ),
        (
            HEADER + "C1,2026-10-31T00:00:00Z,,,bios,,\n",
            "t:2:5: slot: expected one of image, config, firmware, got 'bios'",
        ),
        (HEADER + 'C1,"2026\n', "t:2: expected a record after RFC 4180"),
        ("", "t:1: expected a column component_id"),
    ],
)
def test_a_table_that_is_none_is_refused_by_line_and_column(text: str, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        table(text)

    assert str(caught.value).startswith(words)


KINDS = {
    Kind.TABLE: HEADER.encode(),
    Kind.SNMP_WALK: b'\r\n.1.3.6.1.2.1.1.1.0 = STRING: "x"\r\n',
    Kind.PROMETHEUS_TEXT: b"# HELP a_build_info x\n",
    Kind.PROMETHEUS_QUERY: json.dumps(
        {"status": "success", "data": {"resultType": "vector", "result": []}}, indent=1
    ).encode(),
    Kind.IMA_ASCII: ascii_list(),
    Kind.IMA_BINARY: binary_list(),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_what_its_content_says_whatever_it_is_called(tmp_path: Path, kind: Kind) -> None:
    path = tmp_path / "core-1.png"
    path.write_bytes(KINDS[kind])

    got = read_observations(path, own_name="x")

    assert (got.kind, got.file, got.own_name, got.weak_name) == (kind, "core-1.png", "x", "core-1")


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\x7fELF\x02\x01",
        b"<html>",
        b'{"a": 1}',
        b"a,b,c\n1,2,3\n",
        b"10 is a number\n",
        b"hello = world\n",
    ],
)
def test_other_files_are_refused(tmp_path: Path, head: bytes) -> None:
    assert kind_of(head) is None
    (tmp_path / "f").write_bytes(head)
    with pytest.raises(SourceError, match="f: expected a table of observations"):
        read_observations(tmp_path / "f")


@pytest.mark.parametrize(
    "first",
    [b'up{job="x"} 1', b"up 1", b'{"my.metric"} 1', b"#TYPE a gauge", b"\xef\xbb\xbf# HELP a b"],
)
def test_a_text_of_prometheus_is_known_by_any_first_line(first: bytes) -> None:
    assert kind_of(first + b"\n") is Kind.PROMETHEUS_TEXT


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="expected a readable file, got"):
        read_observations(tmp_path)
    with pytest.raises(SourceError, match="expected a readable file, got"):
        read_observations(tmp_path / "none")


@pytest.mark.parametrize("kind", [Kind.IMA_ASCII, Kind.IMA_BINARY])
def test_a_quote_is_of_a_measurement_list_in_both_forms(tmp_path: Path, kind: Kind) -> None:
    path = tmp_path / "host"
    path.write_bytes(KINDS[kind])

    got = read_observations(path, quoted=pcr_10())

    assert {seen.source for seen in got.seen} == {IMA_QUOTED}


def test_a_quote_of_anything_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "host"
    path.write_bytes(KINDS[Kind.TABLE])
    with pytest.raises(SourceError, match="expected an IMA list, of which PCR 10 was quoted, got table"):
        read_observations(path, quoted=pcr_10())
    path.write_bytes(KINDS[Kind.IMA_ASCII])
    with pytest.raises(SourceError, match="expected PCR 10 as 20, 32, 48 or 64 bytes, got 3"):
        read_observations(path, quoted=b"abc")


@pytest.mark.parametrize(
    ("reported", "want"),
    [
        ("7.1", "7.1"),
        ("Version 5.170 V200R012C00SPC500", "V200R012C00SPC500"),
        ("NOS (7.1), built today", "7.1"),
        ("7.1 or 7.2", "7.1 or 7.2"),
        ("7.10", "7.10"),
        ("Version 9", "Version 9"),
        ("", ""),
    ],
)
def test_a_release_is_meant_only_where_one_whole_word_is_one(reported: str, want: str) -> None:
    assert released(reported, {"7.1", "7.2", "V200R012C00SPC500"}) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (DIGEST, DIGEST),
        (f"sha256:{DIGEST.upper()}", DIGEST),
        (f"docker-pullable://r/a@sha256:{DIGEST}", DIGEST),
        (f"x{DIGEST}", ""),
        (DIGEST[:-1], ""),
        (f"sha512:{DIGEST}", ""),
        ("", ""),
    ],
)
def test_a_digest_is_taken_in_its_known_forms_only(text: str, want: str) -> None:
    assert sha256_of(text) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("2026-11-01T08:30:00Z", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
        ("2026-11-01 09:30:00+01:00", datetime(2026, 11, 1, 8, 30, tzinfo=UTC)),
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("2026-13-01", None),
        ("", None),
    ],
)
def test_a_moment_is_utc(text: str, want: datetime | None) -> None:
    assert moment_of(text) == want
