"""Every parser of bytes that others wrote, with good inputs to begin from."""

from __future__ import annotations

import io
import tempfile
import warnings
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from netproof.errors import LogError, SourceError
from netproof.integrity.log import Settings, read_settings
from netproof.integrity.log.frames import frame, read_frames, segment_header
from netproof.integrity.packages import inventory
from netproof.integrity.sbom import read_sbom
from netproof.integrity.signatures import csar
from netproof.integrity.signatures.artifact import Artifact
from netproof.integrity.witness.judging import asked, judge, logs_by_origin
from netproof.integrity.witness.request import parse_lines, parse_request, parse_size
from netproof.sources.observations import read_observations
from netproof.tlog.canonical import read_canonical
from netproof.tlog.checkpoint import Checkpoint
from netproof.tlog.cosignature import open_checkpoint
from netproof.tlog.note import parse_note
from netproof.tlog.verify import verify_entry
from tests.fuzz.engine import Target
from tests.property import test_packages, test_signature_files, test_tlog
from tests.tlogs import ALL, ENTRY, LOG, LOG_PQ, ORIGIN, numbered, policy, proof_of
from tests.unit.integrity.signatures.test_csar import WHOLE, package
from tests.unit.sources.observations.measured import ascii_list, binary_list
from tests.witnesses import LOGS, body, note, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DIGEST = b"ab" * 32
CYCLONEDX = (
    b'{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"name":"a","type":"firmware","hashes":'
    b'[{"alg":"SHA-256","content":"%s"}]}},"components":[{"type":"library","name":"b","version":"1","bom-ref":"b"}],'
    b'"compositions":[{"aggregate":"complete","assemblies":["b"]}]}'
)
SPDX = (
    b'{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"x","dataLicense":"CC0-1.0","documentNamespace":'
    b'"https://x.example/1","creationInfo":{"created":"2026-10-26T04:53:20Z","creators":["Tool: x"]},"packages":['
    b'{"SPDXID":"SPDXRef-a","name":"a","downloadLocation":"NONE","versionInfo":"1","checksums":[{"algorithm":"SHA256","checksumValue":"%s"}]}],"relationships":[{"spdxElementId":'
    b'"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-a"}]}'
)
SPDX_3 = (
    b'{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"software_Sbom","spdxId":"s","rootElement":'
    b'["a"]},{"type":"software_Package","spdxId":"a","name":"a","verifiedUsing":[{"algorithm":"sha256","hashValue":"%s"}]},'
    b'{"type":"Relationship","spdxId":"r","from":"a","to":["a"],"relationshipType":"contains","completeness":"complete"}]}'
)


def targets() -> list[Target]:
    """Return every target, in a fixed order."""
    return [*_log(), *_witness(), *_signatures(), *_packages(), *_on_disk(), *_observations()]


def _log() -> Iterator[Target]:
    secret = LOG.secret_text().removeprefix("PRIVATE+KEY+").encode()
    texts = (note(5), note(300, signers=ALL), parse_note(note(5)).text, secret, bytes(96))
    seeds = (*test_tlog.SEEDS, *texts)
    for name, parse in test_tlog.PARSERS.items():
        yield Target(name, seeds, parse, LogError)
    yield Target("canonical JSON", (ENTRY, b"[]", b'{"a":[1,"x",null,true]}'), read_canonical, LogError)
    keys = [one.verifier() for one in ALL]
    yield Target("signed checkpoint", seeds, lambda data: open_checkpoint(data, keys), LogError)
    yield Target("judged checkpoint", seeds, policy(2).judge, LogError)
    proofs = (proof_of().encode(), proof_of(others=0).encode())
    yield Target("verified proof", proofs, lambda data: verify_entry(data, policy(2)), LogError)


def _witness() -> Iterator[Target]:
    lines = note(5, signers=ALL).rpartition(b"\n\n")[2]
    requests = (body(0, 5), body(3, 300), body(5, 9, signers=(LOG, LOG_PQ)))
    yield Target("witness request", requests, parse_request, LogError)
    yield Target("witness lines", (lines, b"\n"), parse_lines, LogError)
    yield Target("witness size", (b"0\n", b"70000\n"), parse_size, LogError)
    last, logs = Checkpoint(ORIGIN, 5, tree(5)[0].root()), logs_by_origin(LOGS)
    yield Target(
        "witness judgement", requests, lambda data: judge(asked(parse_request(data), logs), last), LogError
    )


def _signatures() -> Iterator[Target]:
    for name, parse in test_signature_files.READERS.items():
        yield Target(f"signature: {name}", test_signature_files.SEEDS, parse, SourceError)
    with tempfile.TemporaryDirectory() as folder:
        whole = package(Path(folder) / "vnf.zip", WHOLE).read_bytes()
    yield Target(
        "signature: csar",
        (whole,),
        _in_a_file("vnf.zip", lambda path: csar.read(Artifact(path))),
        SourceError,
    )


def _packages() -> Iterator[Target]:
    for name, data in test_packages.SEEDS.items():
        yield Target(f"package: {name}", (data,), _in_a_file("package", inventory), SourceError)
    yield Target(
        "bill of materials",
        (CYCLONEDX % DIGEST, SPDX % DIGEST, SPDX_3 % DIGEST),
        lambda data: read_sbom("x", data),
        SourceError,
    )


def _on_disk() -> Iterator[Target]:
    salt = b"s" * 16
    segment = segment_header(salt, 0) + frame(salt, 0, numbered(3)) + frame(salt, 3, [b"", b"x"])
    for newest in (True, False):
        yield Target(
            f"journal{'' if newest else ', older segment'}",
            (segment, segment[:-5]),
            partial(_journal, newest),
            LogError,
        )
    good = Settings(ORIGIN, tuple(key.verifier() for key in ALL[:2])).encode()
    settings = _in_a_file("log.toml", lambda path: read_settings(path.parent))
    yield Target("log settings", (good, b"x = " + b"[" * 3000), settings, LogError)


def _journal(newest: bool, data: bytes) -> object:
    """Read a segment of a journal."""
    return list(read_frames(io.BytesIO(data), "j", 0, newest=newest))


def _observations() -> Iterator[Target]:
    seeds = {
        "table": b"component_id,observed_at,version,sha256\nC1,2026-11-22T00:00:00Z,7.1,"
        + b"ab" * 32
        + b"\n",
        "walk": b'.1.3.6.1.2.1.1.5.0 = STRING: "r1"\n.1.3.6.1.2.1.47.1.1.1.1.5.7 = INTEGER: 3\n'
        b'.1.3.6.1.2.1.47.1.1.1.1.10.7 = STRING: "7.1\nline"\n',
        "exposition": b'# TYPE a_info gauge\na_info{instance="r1",version="7.1",sha256="'
        + b"ab" * 32
        + b'"} 1 1395066363000\n',
        "query": b'{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"a_info",'
        b'"instance":"r1","version":"7.1"},"value":[1795305557.2,"1"]}]}}',
        "IMA list": ascii_list(),
        "IMA list, binary": binary_list(),
    }
    for name, data in seeds.items():
        yield Target(f"observations: {name}", (data,), _in_a_file("observed", read_observations), SourceError)


def _in_a_file(name: str, parse: Callable[[Path], object]) -> Callable[[bytes], object]:
    """Return a parser of bytes for one of files."""

    def parsed(data: bytes) -> object:
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # zipfile warns of double names, which is what is refused
            path = Path(folder) / name
            path.write_bytes(data)
            return parse(path)

    return parsed
