"""Is a package signed by its manifest, and is everything in it what the manifest says?

ETSI NFV-SOL004, option 1: the manifest lists every file of a CSAR with its digest and ends with a CMS
signature of all before it. What is not in the list is not signed, so nothing may be: neither an extra file
nor one that `TOSCA.meta` sends a reader to. Beside the list stand only the manifest, its certificate and
`TOSCA.meta`. The zip is read strictly and never unpacked.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netproof.errors import SourceError
from netproof.integrity.packages import csar, zip_
from netproof.integrity.packages.budget import Budget
from netproof.integrity.packages.entry import Kind
from netproof.integrity.packages.names import Ledger
from netproof.integrity.packages.refusal import shown
from netproof.integrity.signatures.artifact import SIGNATURE_BYTES_MAX, Bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from netproof.integrity.packages.entry import Entry
    from netproof.integrity.signatures.artifact import Artifact

FORMAT = "csar-manifest"
_BEGIN, _END = b"-----BEGIN CMS-----", b"-----END CMS-----"
_ALGORITHMS = {"sha-256": "sha256", "sha-384": "sha384", "sha-512": "sha512"}
_FIELD = re.compile(r"(source|algorithm|hash)[ \t]*:(.*)", re.IGNORECASE)
_CERTIFICATES = (".cert", ".crt", ".cer", ".pem")


@dataclass(frozen=True, slots=True)
class Signed:
    """A package of option 1, read.

    Attributes:
        manifest: Path of the manifest.
        text: What is signed: all before the signature.
        signature: The signature, PEM.
        certificate_name: Path of the certificate beside it; empty: there is none.
        certificate: Its bytes.
        problem: Why the package is not what the manifest says; empty: it is.
        elsewhere: Files that the manifest lists and that lie outside the package.
    """

    manifest: str
    text: bytes
    signature: bytes
    certificate_name: str
    certificate: bytes
    problem: str
    elsewhere: int

    def readings(self) -> list[Bytes]:
        """Return what may have been signed: the bytes, or the same lines as mail writes them (RFC 8551)."""
        lines = self.text.replace(b"\r\n", b"\n")
        ways = (self.text, lines.rstrip(b"\n"), lines.replace(b"\n", b"\r\n"))
        return [Bytes(way) for way in dict.fromkeys(ways)]


def read(artifact: Artifact) -> Signed | None:
    """Return a file as a package whose manifest is signed; None: it is something else.

    Raises:
        SourceError: It is such a package and is refused.

    Cost: one pass over the zip's list, two over its members.
    """
    if not artifact.head.startswith(b"PK\x03\x04"):
        return None
    manifest = _find(artifact)
    if manifest is None:
        return None
    small: dict[str, bytes] = {}
    digests: dict[str, dict[str, bytes]] = {}
    for entry in _files(artifact):
        makers = {name: hashlib.new(name) for name in _ALGORITHMS.values()}
        content = bytearray()
        for chunk in entry.chunks:
            for maker in makers.values():
                maker.update(chunk)
            if len(content) <= SIGNATURE_BYTES_MAX:
                content += chunk
        digests[entry.path] = {name: maker.digest() for name, maker in makers.items()}
        if entry.path in {manifest, csar.META} or entry.path.lower().endswith(_CERTIFICATES):
            if len(content) > SIGNATURE_BYTES_MAX:
                raise SourceError(f"{artifact.path}: expected {shown(entry.path)} to be small, got more")
            small[entry.path] = bytes(content)
    return _signed(str(artifact.path), manifest, small, digests)


def _files(artifact: Artifact) -> Iterator[Entry]:
    """Yield the files of a zip, read strictly.

    Raises:
        SourceError: The zip is refused, or holds links.
    """
    place, budget = str(artifact.path), Budget()
    with artifact.stream() as file:
        for entry in zip_.entries(file, artifact.size, place, Ledger(place, budget), budget):
            if entry.kind is Kind.FOLDER:
                continue
            if entry.kind is not Kind.FILE:
                raise SourceError(f"{place}: expected files, got a link: {shown(entry.path)}")
            yield entry


def _find(artifact: Artifact) -> str | None:
    """Return the manifest of a package that has a signature in it; None: there is none.

    This only tells what a file seems to be; what is judged is read strictly after it.
    """
    try:
        with zipfile.ZipFile(artifact.path) as archive:
            names = [info.filename for info in archive.infolist() if info.file_size <= SIGNATURE_BYTES_MAX]
            named = []
            if csar.META in names:
                with archive.open(csar.META) as file:
                    named = csar.named(
                        file.read(SIGNATURE_BYTES_MAX).decode("utf-8-sig", "replace"), "manifest"
                    )
            found = [*named, *(name for name in names if name.lower().endswith(".mf") and "/" not in name)]
            for name in dict.fromkeys(found):
                if name in names:
                    with archive.open(name) as file:
                        if _BEGIN in file.read(SIGNATURE_BYTES_MAX):
                            return name
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, OSError, RuntimeError, EOFError):
        return None
    return None


def _signed(
    place: str, manifest: str, small: Mapping[str, bytes], digests: Mapping[str, Mapping[str, bytes]]
) -> Signed:
    """Return a package, compared with its manifest.

    Raises:
        SourceError: The manifest cannot be read.
    """
    where = f"{place}:{shown(manifest)}"
    content = small.get(manifest, b"")
    text, begin, rest = content.partition(_BEGIN)
    inside, end, after = rest.partition(_END)
    if not begin or not end or after.strip() or _BEGIN in rest:
        raise SourceError(f"{where}: expected one signature, at its end, got another shape")
    meta = small.get(csar.META, b"").decode("utf-8-sig", "replace")
    pointed = csar.named(meta, "certificate")
    stem = manifest.rpartition(".")[0]
    beside = [*pointed, *(stem + suffix for suffix in _CERTIFICATES)]
    certificate = next((name for name in beside if name in small), "")
    listed = _listed(where, text)
    free = {manifest, csar.META, certificate}
    return Signed(
        manifest,
        text,
        _BEGIN + inside + _END + b"\n",
        certificate,
        small.get(certificate, b""),
        _problem(listed, digests, free, csar.named(meta), csar.named(meta, "manifest"), manifest),
        sum("://" in name for name in listed),
    )


def _problem(
    listed: Mapping[str, tuple[str, bytes]],
    digests: Mapping[str, Mapping[str, bytes]],
    free: set[str],
    used: list[str],
    manifests: list[str],
    manifest: str,
) -> str:
    """Return why a package is not what its signed list says; empty: it is."""
    if manifests and manifests != [manifest]:
        return f"{csar.META} names another manifest than {shown(manifest)}, which is signed"
    for name, (algorithm, digest) in listed.items():
        if "://" in name:
            continue
        if name not in digests:
            return f"{shown(name)} is in the signed list and not in the package"
        if not hmac.compare_digest(digests[name][algorithm], digest):
            return f"{shown(name)} is another than the one in the signed list"
    for name in digests:
        if name not in listed and name not in free:
            return f"{shown(name)} is in the package and not in the signed list"
    for name in used:
        inside = any(one.startswith(name.removesuffix("/") + "/") for one in listed)
        if name not in listed and name not in free and not inside:
            return f"{csar.META} leads to {shown(name)}, which is not in the signed list"
    return ""


def _listed(where: str, text: bytes) -> dict[str, tuple[str, bytes]]:
    """Return algorithm and digest of every file that a manifest lists.

    Raises:
        SourceError: It is not UTF-8, lists a file twice, or without a digest that shows anything.
    """
    try:
        lines = text.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise SourceError(f"{where}: expected UTF-8, got: {error.reason} at byte {error.start}") from error
    listed: dict[str, tuple[str, bytes]] = {}
    for number, block in _blocks(where, lines):
        if block["source"] in listed:
            raise SourceError(
                f"{where}:{number}: expected each file once, got {shown(block['source'])} again"
            )
        listed[block["source"]] = _digest(f"{where}:{number}", block)
    if not listed:
        raise SourceError(f"{where}: expected a list of files with their hashes, got none")
    return listed


def _blocks(where: str, lines: Iterable[str]) -> list[tuple[int, dict[str, str]]]:
    """Return what stands of each file, with the number of its first line."""
    blocks: list[tuple[int, dict[str, str]]] = []
    for number, line in enumerate(lines, 1):
        field = _FIELD.fullmatch(line)
        if field is None:
            continue
        name, value = field[1].lower(), field[2].strip()
        if name == "source":
            blocks.append((number, {}))
        if not blocks or name in blocks[-1][1]:
            raise SourceError(f"{where}:{number}: expected Source, then Algorithm and Hash once each")
        blocks[-1][1][name] = value
    return blocks


def _digest(place: str, block: Mapping[str, str]) -> tuple[str, bytes]:
    """Return algorithm and digest of one file."""
    said = block.get("algorithm", "")
    algorithm = _ALGORITHMS.get(re.sub(r"^sha-?", "sha-", said.lower()))
    if algorithm is None:
        raise SourceError(
            f"{place}: expected SHA-256, SHA-384 or SHA-512, got {shown(said) if said else 'none'}"
        )
    digest = block.get("hash", "")
    if not re.fullmatch(rf"[0-9a-fA-F]{{{2 * hashlib.new(algorithm).digest_size}}}", digest):
        raise SourceError(
            f"{place}: expected a hash by {algorithm}, got {shown(digest) if digest else 'none'}"
        )
    return algorithm, bytes.fromhex(digest)
