"""IMA lists: both forms say the same, every changed bit is noticed, a quote proves what came before it."""

from __future__ import annotations

import io
import itertools
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from netproof.errors import SourceError
from netproof.sources.observations.ima import Register, proven_events, reading
from netproof.sources.observations.ima_ascii import read_ascii
from netproof.sources.observations.ima_binary import form_of, read_binary
from netproof.sources.observations.seen import IMA_OWN_WORD, IMA_QUOTED, Kind, Passed, Reading
from tests.unit.sources.observations.measured import EVENTS, OLD, Made, ascii_list, binary_list, pcr_10

if TYPE_CHECKING:
    from netproof.sources.observations.ima import Event

REAL = """\
10 0c8a706a75a5689c1e168f0a573a3cbec33061b5 ima-sig sha256:e4cb9f5709c88376b5fc3743cd88e76b9aae8f3d992d845678de\
5215edb31216 boot_aggregate\x20
10 5426cf3031a43f5bfca183d79950698a95a728f6 ima-sig sha256:f1125b940480d20ad841d26d5ea253edc0704b5ec1548c891edf\
212cb1a9365e /lib/modules/5.4.48-openpower1/kernel/drivers/usb/common/usb-common.ko\x20
10 5d4d5141ccd5066d50dc3f21d79ba02fedc24256 ima-sig sha256:b8ae0b8dd04a5935cd8165aa2260cd11b658bd71629bdb52256a\
675a1f73907b /usr/bin/zmore 030204531f402500483046022100fe24678d21083ead47660e1a2d553a592d777c478d1b0466de6ed48\
4b54956b3022100cad3adb37f277bbb03544d6107751b4cd4f2289d8353fa36257400a99334d5c3
10 80255d9c7dad91ef5f21b18560a47642d6f4d653 ima-ng sha256:96d7fae8adb7286a419a88f78c13d35fb782d63df654b7db56f15\
4765698b754 /data
"""
"""Lines of real kernels, from the tests of keylime (Apache-2.0)."""


def events(made: tuple[Made, ...] = EVENTS, **how: str) -> list[Event]:
    """The events of a list in ASCII."""
    return read_ascii(io.BytesIO(ascii_list(made, **how)), "l")


def told(quoted: bytes = b"", made: tuple[Made, ...] = EVENTS) -> Reading:
    """What a list says."""
    return reading(events(made), "l", Kind.IMA_ASCII, quoted)


def test_template_hashes_of_real_kernels_hold() -> None:
    got = read_ascii(io.BytesIO(REAL.encode()), "l")

    assert [event.path.rpartition("/")[2] for event in got] == [
        "boot_aggregate",
        "usb-common.ko",
        "zmore",
        "data",
    ]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("bank", ["sha1", "sha256", "sha384", "sha512"])
@pytest.mark.parametrize("made", [EVENTS, OLD])
def test_both_forms_of_a_list_say_the_same(made: tuple[Made, ...], bank: str, order: str) -> None:
    ascii_events = events(made, bank=bank, order=order)
    binary = binary_list(made, bank, order)

    got = read_binary(io.BytesIO(binary), "l")

    assert [(event.pcr, event.template_hash, event.data, event.digest, event.path) for event in got] == [
        (event.pcr, event.template_hash, event.data, event.digest, event.path) for event in ascii_events
    ]
    assert [event.path for event in got] == [one.path for one in made]


def test_no_changed_bit_changes_what_a_list_tells() -> None:
    """Number of the register and name of the template are under no hash; nothing may hang on the name."""
    whole = binary_list(EVENTS[1:5])
    want = [(seen.path, seen.sha256) for seen in reading(events(EVENTS[1:5]), "l", Kind.IMA_BINARY, b"").seen]
    got, refused = [], 0
    for place, bit in itertools.product(range(len(whole)), range(8)):
        changed = bytearray(whole)
        changed[place] ^= 1 << bit
        try:
            list_ = read_binary(io.BytesIO(bytes(changed)), "l")
        except SourceError:
            refused += 1
            continue
        seen = reading(list_, "l", Kind.IMA_BINARY, b"").seen
        got.append([(one.path, one.sha256) for one in seen])

    assert got == [want] * len(got)
    assert refused > 6 * len(whole)


def test_a_file_is_not_hidden_by_the_name_of_a_template() -> None:
    made = binary_list((Made("/usr/bin/evil", further=b"signature", template="ima-sig"),))

    got = read_binary(io.BytesIO(made.replace(b"ima-sig", b"ima-buf")), "l")

    assert [seen.path for seen in reading(got, "l", Kind.IMA_BINARY, b"").seen] == ["/usr/bin/evil"]


def test_only_the_first_event_is_the_boot_aggregate() -> None:
    assert [seen.path for seen in told(made=(EVENTS[0], Made("boot_aggregate", b"a program"))).seen] == [
        "boot_aggregate"
    ]


def test_a_changed_line_of_text_is_refused_by_line() -> None:
    lines = ascii_list().decode().replace("/usr/lib/systemd/systemd", "/usr/lib/systemd/systemx")

    with pytest.raises(SourceError, match=r"l:2:2: expected template hash [0-9a-f]{40} of what stands here"):
        read_ascii(io.BytesIO(lines.encode()), "l")


def test_a_list_without_quote_is_the_host_s_own_word() -> None:
    got = told()

    assert [(seen.path, seen.sha256) for seen in got.seen] == [
        (one.path, one.digest().hex()) for one in EVENTS if one.path.startswith("/usr")
    ]
    assert {seen.source for seen in got.seen} == {IMA_OWN_WORD}
    assert got.passed == (
        Passed(4, "/var/log/journal", "it was changed while it was measured: nothing is known of it"),
    )


@pytest.mark.parametrize("bank", ["sha1", "sha256", "sha384"])
@pytest.mark.parametrize("proven", range(1, len(EVENTS) + 1))
def test_a_quote_proves_the_events_before_it_and_later_ones_are_normal(proven: int, bank: str) -> None:
    got = told(pcr_10(EVENTS[:proven], bank))

    files = [one for one in EVENTS[:proven] if one.path.startswith("/usr")]
    assert [seen.path for seen in got.seen if seen.source == IMA_QUOTED] == [one.path for one in files]
    after = [item.reason for item in got.passed if item.reason.startswith("events after the quote")]
    left = len(EVENTS) - proven
    assert after == ([f"events after the quote, not proven by it: {left}"] if left else [])


@pytest.mark.parametrize("missing", range(len(EVENTS)))
def test_a_missing_event_is_no_list_of_the_quote(missing: int) -> None:
    left = EVENTS[:missing] + EVENTS[missing + 1 :]

    with pytest.raises(SourceError, match="expected events that lead to PCR 10"):
        told(pcr_10(), left)


def test_events_in_another_order_are_no_list_of_the_quote() -> None:
    with pytest.raises(SourceError, match="expected events that lead to PCR 10"):
        told(pcr_10(), (EVENTS[1], EVENTS[0], *EVENTS[2:]))


def test_a_list_can_be_replayed_a_part_at_a_time() -> None:
    first = proven_events(events(EVENTS[:5]), pcr_10(EVENTS[:5]), "l")

    got = proven_events(events(EVENTS)[5:], pcr_10(), "l", start=first)

    assert got == Register("sha256", pcr_10(), len(EVENTS))


def test_an_event_for_another_register_is_not_proven_by_pcr_10() -> None:
    made = (*EVENTS[:2], Made("/usr/bin/else", pcr=11))

    got = told(pcr_10(made), made)

    assert [(seen.path, seen.source) for seen in got.seen] == [
        ("/usr/lib/systemd/systemd", IMA_QUOTED),
        ("/usr/bin/else", IMA_OWN_WORD),
    ]


def test_files_measured_with_a_weak_hash_are_told() -> None:
    got = told(made=(Made("/usr/bin/a", algorithm="sha1"), Made("/usr/bin/b")))

    assert [seen.path for seen in got.seen] == ["/usr/bin/b"]
    assert got.passed == (Passed(0, "", "files measured with sha1, which the log does not hold: 1"),)


def test_many_violations_are_counted_and_a_few_are_listed() -> None:
    got = told(made=(EVENTS[1], *(Made(f"/var/{number}", violation=True) for number in range(30))))

    assert len(got.passed) == 21
    assert got.passed[-1] == Passed(0, "", "further files changed while they were measured: 10")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("10 abc ima-ng sha256:00 /x", "l:1: expected `register hash"),
        (f"10 {'0' * 40} ima-new sha256:00 /x", "l:1:3: expected a template"),
        (f"10 {'0' * 40} ima-ng sha256:0 /x", "l:1:4: expected a digest"),
        (f"10 {'0' * 40} ima-sig sha256:00 /x", "l:1: expected a path and a further field"),
        (f"10 {'0' * 40} ima-sig sha256:00 /x 0g", "l:1:6: expected hexadecimal"),
    ],
)
def test_a_line_that_is_none_of_a_list_is_refused_by_place(text: str, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_ascii(io.BytesIO(text.encode()), "l")

    assert str(caught.value).startswith(words)


def test_a_binary_list_that_ends_anywhere_within_an_event_is_refused() -> None:
    whole, first = binary_list(EVENTS[:2]), len(binary_list(EVENTS[:1]))
    ends = [size for size in range(1, len(whole)) if size != first]
    refused = []
    for size in ends:
        try:
            read_binary(io.BytesIO(whole[:size]), "l")
        except SourceError:
            refused.append(size)

    assert refused == ends


@pytest.mark.parametrize(
    "content", [b"", b"\x7fELF" + bytes(100), sha256(b"x").digest() * 4, b"\xff" * 200, b"10 00 ima-ng"]
)
def test_other_bytes_are_no_binary_list(content: bytes) -> None:
    assert form_of(content) is None
    with pytest.raises(SourceError):
        read_binary(io.BytesIO(content), "l")


def test_a_length_that_lies_costs_no_memory() -> None:
    whole = bytearray(binary_list(EVENTS[:1]))
    at = 4 + 20 + 4 + len("ima-ng")
    whole[at : at + 4] = b"\xff\xff\xff\x7f"

    with pytest.raises(SourceError, match="expected a length of data of at most 262,144, got 2,147,483,647"):
        read_binary(io.BytesIO(bytes(whole)), "l")
