"""The bytes between a log and a witness: one spelling each, every other one refused."""

from __future__ import annotations

import pytest

from netproof.errors import LogError
from netproof.integrity.witness.request import (
    REQUEST_BYTES_MAX,
    Request,
    encode_lines,
    encode_request,
    encode_size,
    log_id,
    parse_lines,
    parse_request,
    parse_size,
)
from netproof.tlog.encoding import to_base64
from netproof.tlog.note import parse_note
from tests.witnesses import body, note, path

HASH = to_base64(bytes(32))
# C2SP tlog-witness, "add-checkpoint", example request body.
EXAMPLE = """\
old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
""".encode()


def test_the_example_of_the_text_reads_and_reads_back() -> None:
    request = parse_request(EXAMPLE)

    assert (request.old, len(request.path)) == (20_852_014, 4)
    assert request.checkpoint.startswith(b"example.com/behind-the-sofa\n20852163\n")
    assert len(parse_note(request.checkpoint).lines) == 2
    assert encode_request(request) == EXAMPLE


def test_requests_with_and_without_a_proof_read_back() -> None:
    assert parse_request(body(0, 5)) == Request(0, (), note(5))
    assert parse_request(body(3, 5)) == Request(3, path(3, 5), note(5))


def test_a_request_of_63_hashes_is_read_and_one_of_64_is_not() -> None:
    most = b"old 1\n" + f"{HASH}\n".encode() * 63 + b"\nx"

    assert len(parse_request(most).path) == 63
    with pytest.raises(LogError, match="at most 63 hashes"):
        parse_request(b"old 1\n" + f"{HASH}\n".encode() * 64 + b"\nx")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"old 1\n",
        b"old 1\n\n",
        b"old  1\n\nx",
        b"old 01\n\nx",
        b"old +1\n\nx",
        b"old -1\n\nx",
        b"old 1 \n\nx",
        b"old 1\r\n\nx",
        b"old \xd9\xa3\n\nx",
        b"old 9223372036854775808\n\nx",
        b"OLD 1\n\nx",
        b"\nold 1\n\nx",
        b"old 1\nAAAA\n\nx",
        f"old 1\n{HASH}=\n\nx".encode(),
        f"old 1\n {HASH}\n\nx".encode(),
        b"old 1\n" + HASH[:-2].encode() + b"B=\n\nx",
        b"old 1\n\xff\n\nx",
    ],
)
def test_a_malformed_request_is_refused(data: bytes) -> None:
    with pytest.raises(LogError):
        parse_request(data)


def test_a_request_that_is_too_long_is_refused_unread() -> None:
    with pytest.raises(LogError, match="at most"):
        parse_request(b"x" * (REQUEST_BYTES_MAX + 1))


@pytest.mark.parametrize("size", [0, 7, 2**63 - 1])
def test_sizes_read_back(size: int) -> None:
    assert parse_size(encode_size(size)) == size


@pytest.mark.parametrize("data", [b"", b"7", b"7\n\n", b" 7\n", b"07\n", b"7\n" * 40, b"\xff\n"])
def test_a_malformed_size_is_refused(data: bytes) -> None:
    with pytest.raises(LogError):
        parse_size(data)


def test_lines_read_back() -> None:
    lines = list(parse_note(note(5)).lines)

    assert parse_lines(encode_lines(lines)) == lines


@pytest.mark.parametrize(
    "data", [b"", b"x\n", "— a QUFBQUE=".encode(), "— a QUFBQUE=\n\n".encode(), b"\xff\n"]
)
def test_malformed_lines_are_refused(data: bytes) -> None:
    with pytest.raises(LogError):
        parse_lines(data)


def test_more_lines_than_a_note_may_have_are_refused() -> None:
    with pytest.raises(LogError, match="at most 100 lines"):
        parse_lines("— a QUFBQUE=\n".encode() * 101)


def test_a_log_is_named_by_the_digest_of_its_origin() -> None:
    assert (
        log_id("log.example/releases") == "161414f5b0f4cb713d36ee3082dfc6bd46564cd24c8977449acac6dbe4d60fc7"
    )
