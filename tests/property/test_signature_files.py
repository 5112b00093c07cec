"""Whatever bytes come in, a reader of signatures answers or raises SourceError; nothing else, and no hang."""

from __future__ import annotations

import base64
import hashlib
import json
import warnings
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pysequoia import SignatureMode, Tsk, sign

from netproof.errors import SourceError
from netproof.integrity.signatures import (
    Trust,
    Verdict,
    chain,
    checksums,
    cms,
    csar,
    dsse,
    openpgp,
    provenance,
    raw,
    timestamps,
    verify,
)
from netproof.integrity.signatures.artifact import Artifact, Bytes
from netproof.integrity.signatures.companions import guess
from netproof.integrity.signatures.openpgp_keys import first_line, read_certs
from netproof.integrity.signatures.trust import Timestamping, read_trusted
from tests.unit.integrity.signatures import stamping
from tests.unit.integrity.signatures.authority import AT, cms_signature, holder, revocations, signed
from tests.unit.integrity.signatures.test_csar import WHOLE, package

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONTENT = b"an image"
KEY = holder("Releases")
PGP = Tsk.generate("Releases")
STATEMENT = json.dumps(
    {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"digest": {"sha256": hashlib.sha256(CONTENT).hexdigest()}}],
        "predicateType": "x",
        "predicate": {"builder": {"id": "y"}},
    }
).encode()
ENVELOPE = json.dumps(
    {
        "payload": base64.b64encode(STATEMENT).decode(),
        "payloadType": dsse.PAYLOAD_TYPE,
        "signatures": [{"sig": "AAAA"}],
    }
).encode()
SIGNATURE = cms_signature(CONTENT, [KEY])
SEEDS = (
    SIGNATURE,
    stamping.stamped_inside(SIGNATURE, stamping.token(stamping.value_of(SIGNATURE), bare=True)),
    stamping.token(SIGNATURE),
    stamping.token(SIGNATURE, bare=True),
    b'builders = ["a"]\nbuild_types = ["b"]\n[external_parameters]\nc = ["d", 1]\ne.f = "*"\n',
    sign(PGP.signer(), CONTENT, mode=SignatureMode.DETACHED),
    sign(PGP.signer(), CONTENT, mode=SignatureMode.DETACHED, armor=False),
    bytes(PGP.extract_certificate()),
    KEY.pem + KEY.public_pem + revocations(KEY),
    KEY.der,
    signed(KEY, CONTENT),
    ENVELOPE,
    STATEMENT,
    f"{hashlib.sha256(CONTENT).hexdigest()}  image.bin\n".encode(),
)
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
CLOCKS = Timestamping((stamping.ROOT.certificate,))
TRUST = Trust((KEY.certificate,), (), (), tuple(read_certs(bytes(PGP.extract_certificate()))), CLOCKS)
LAW = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@st.composite
def hostile(draw: st.DrawFn) -> bytes:
    """A good file with bytes changed, cut, doubled or put in; or any bytes at all."""
    content = bytearray(draw(st.sampled_from(SEEDS) | st.binary(max_size=300)))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, max(0, len(content) - 1)))
        match draw(st.sampled_from(["flip", "cut", "put", "double"])):
            case "flip" if content:
                content[place] ^= draw(st.integers(1, 255))
            case "cut":
                del content[place : place + draw(st.integers(1, 40))]
            case "put":
                content[place:place] = draw(st.binary(max_size=20))
            case _:
                content[place:place] = content[place : place + 40]
    return bytes(content)


READERS: dict[str, Callable[[bytes], object]] = {
    "openpgp": lambda c: openpgp.judge("f", c, Bytes(CONTENT), TRUST.openpgp, MOMENT),
    "cms": lambda c: cms.judge(cms.read("f", c), Bytes(CONTENT), (), TRUST, MOMENT),
    "raw": lambda c: raw.judge("f", raw.read("f", c), Bytes(CONTENT), (), TRUST, MOMENT),
    "dsse": lambda c: dsse.judge("f", dsse.read("f", c), Bytes(CONTENT), TRUST, MOMENT),
    "statement": lambda c: dsse.judge(
        "f", [dsse.Envelope(dsse.PAYLOAD_TYPE, c, (b"x",))], Bytes(CONTENT), TRUST, MOMENT
    ),
    "checksums": lambda c: checksums.compare(checksums.read("f", c), "image.bin", Bytes(CONTENT)),
    "guess": lambda c: guess("f", c),
    "trust": lambda c: read_trusted("f", c),
    "timestamp": lambda c: timestamps.judge("f", c, SIGNATURE, CLOCKS, MOMENT),
    "provenance policy": lambda c: provenance.read("f", c).against(json.loads(STATEMENT)["predicate"]),
}


@pytest.mark.parametrize("reader", READERS)
@LAW
@given(content=hostile())
def test_a_reader_answers_or_refuses_by_name(reader: str, content: bytes) -> None:
    refused = ""
    try:
        READERS[reader](content)
    except SourceError as error:
        refused = str(error)

    assert refused == "" or refused.startswith("f:")
    assert refused.isprintable()


def test_a_file_s_own_bytes_reach_no_terminal_through_a_parser_s_words() -> None:
    for why in (chain.why, first_line):
        assert (
            why(ValueError("Error parsing 26\x1b[31m to a time\nand more"))
            == r"'Error parsing 26\x1b[31m to a time'"
        )
        assert why(ValueError("plain words\nand more")) == "plain words"


@LAW
@given(content=hostile())
def test_no_changed_timestamp_proves_another_time(content: bytes) -> None:
    got = timestamps.judge("f", content, SIGNATURE, CLOCKS, MOMENT)

    assert got.at in {None, stamping.STAMPED}
    assert all(note.isprintable() for note in got.notes)


@LAW
@given(content=hostile())
def test_no_changed_signature_of_another_content_is_ever_verified(content: bytes) -> None:
    found: list[object] = []
    for reader in ("openpgp", "cms"):
        with suppress(SourceError):
            said = READERS[reader](content)
            found += said if isinstance(said, list) else [said]
    for one in found:
        assert getattr(one, "verdict", None) is not Verdict.VERIFIED or content_is_signed(content)


def content_is_signed(content: bytes) -> bool:
    """Return whether a file is a good one in which only bytes that nobody signs were changed."""
    with suppress(SourceError):
        others = openpgp.judge("f", content, Bytes(b"another"), TRUST.openpgp, MOMENT)
        return all(one.verdict is not Verdict.VERIFIED for one in others)
    with suppress(SourceError):
        others = cms.judge(cms.read("f", content), Bytes(b"another"), (), TRUST, MOMENT)
        return all(one.verdict is not Verdict.VERIFIED for one in others)
    return False


@LAW
@given(data=st.data())
def test_a_hostile_package_is_refused_or_just_a_file(tmp_path: Path, data: st.DataObject) -> None:
    path = package(tmp_path / "vnf.zip", [(name, content[:400]) for name, content in WHOLE])
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(content))
    with warnings.catch_warnings(), suppress(SourceError):
        warnings.simplefilter("ignore")
        found = csar.read(Artifact(path))
        if found is not None:
            found.digest("sha256")

    assert not verify([path], at=AT, trust=TRUST).verified
