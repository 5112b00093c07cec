"""What is seen in a package: digests, packages inside it, keys, services, addresses."""

from __future__ import annotations

import hashlib
import os
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from netproof.errors import SourceError
from netproof.integrity.packages import Inventory, inventory, limits
from tests.unit.integrity.packages.archives import deb_of, member, opened, paths, tar, tar_gz, tar_of, zip_of

if TYPE_CHECKING:
    from pathlib import Path

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
PKCS8, SPKI = serialization.PrivateFormat.PKCS8, serialization.PublicFormat.SubjectPublicKeyInfo


def certificate() -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Update signer")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365))
        .sign(KEY, None)
    )


def keys_of(found: Inventory) -> list[tuple[str, str]]:
    return [(key.kind, key.path) for key in found.keys]


def addresses_in(data: bytes, folder: Path) -> set[tuple[str, str]]:
    return {(one.kind, one.value) for one in opened(folder, tar(member(b"a", data))).addresses}


def test_every_member_has_its_digest(tmp_path: Path) -> None:
    data = os.urandom(3_000_000)

    got = opened(tmp_path, tar_gz({"big": data, "empty": b""}))

    assert [(m.path, m.size, m.sha256) for m in got.members] == [
        ("big", len(data), hashlib.sha256(data).hexdigest()),
        ("empty", 0, hashlib.sha256().hexdigest()),
    ]


def test_packages_inside_are_opened(tmp_path: Path) -> None:
    deb = deb_of({"control": b"x"}, {"etc/x.conf": b"port = 8022\n"})
    outer = zip_of({"in/image.tar.gz": tar_gz({"x.deb": deb}), "readme": b"hello"})

    got = opened(tmp_path, outer)

    inside = "in/image.tar.gz!/x.deb"
    assert paths(got) == [
        "in/image.tar.gz", inside, f"{inside}!/DEBIAN/control", f"{inside}!/etc/x.conf", "readme",
    ]  # fmt: skip
    assert [(s.path, s.value) for s in got.services] == [(f"{inside}!/etc/x.conf", "port = 8022")]


def test_a_package_inside_that_is_refused_stays_closed_and_leaves_nothing(tmp_path: Path) -> None:
    bad = tar(member(b"ok", b"http://inside.example.com/"), member(b"../x"))

    got = opened(tmp_path, zip_of({"bad.tar": bad}))

    assert paths(got) == ["bad.tar"]
    assert [(path, "path traversal" in reason) for path, reason in got.closed] == [("bad.tar", True)]
    # As a file it was looked through, so that the address is known all the same.
    assert [one.path for one in got.addresses if one.kind == "url"] == ["bad.tar"]


def test_packages_are_opened_to_a_bounded_depth(tmp_path: Path) -> None:
    data = tar_of({"a": b"1"})
    for _ in range(limits.DEPTH_MAX + 1):
        data = tar_of({"t": data})

    got = opened(tmp_path, data)

    assert len(got.members) == limits.DEPTH_MAX + 1
    assert [reason for _, reason in got.closed] == [f"below {limits.DEPTH_MAX} packages"]


def test_a_large_package_inside_stays_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HELD_MAX", 1000)

    got = opened(tmp_path, tar_of({"t.tar": tar_of({"a": b"1"})}))

    assert got.closed == (("t.tar", "larger than 1,000 bytes"),)


def test_a_bound_of_the_whole_is_not_passed_by_packages_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MEMBERS_MAX", 10)

    with pytest.raises(SourceError, match=r"refused \(bomb: number\)"):
        opened(tmp_path, tar_of({f"{n}.tar": tar_of({str(m): b"" for m in range(4)}) for n in range(4)}))


def test_a_compressed_file_that_is_no_package_is_a_file(tmp_path: Path) -> None:
    got = opened(tmp_path, tar_of({"man.1.gz": tar_gz({"x": b"1"})[:2] + b"damaged"}))

    assert paths(got) == ["man.1.gz"]


def test_a_csar_is_known_by_its_metadata(tmp_path: Path) -> None:
    meta = b"TOSCA-Meta-File-Version: 1.0\nEntry-Definitions: defs/a.yaml\nETSI-Entry-Manifest: a.mf\n"

    got = opened(tmp_path, zip_of({"TOSCA-Metadata/TOSCA.meta": meta, "defs/a.yaml": b"", "a.mf": b""}))

    assert got.form == "csar"


@pytest.mark.parametrize(
    "line", ["Entry-Definitions: defs/b.yaml", "ETSI-Entry-Manifest: ../a.mf", "Other-Definitions: a.mf b"]
)
def test_a_csar_whose_metadata_names_what_is_not_there_is_refused(line: str, tmp_path: Path) -> None:
    files = {"TOSCA-Metadata/TOSCA.meta": f"TOSCA-Meta-File-Version: 1.0\n{line}\n".encode(), "a.mf": b""}

    with pytest.raises(SourceError, match=r"refused \(manifest names what is not there\)"):
        opened(tmp_path, zip_of(files))


def test_keys_are_known_by_their_content(tmp_path: Path) -> None:
    public = KEY.public_key()
    line = public.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    files = {
        "a.txt": b"words\n" + certificate().public_bytes(PEM),
        "b.bin": b"\x7fELF\0" * 9000 + KEY.private_bytes(PEM, PKCS8, serialization.NoEncryption()) + b"\0" * 9000,
        "c": certificate().public_bytes(DER),
        "d": public.public_bytes(DER, SPKI),
        "e": KEY.private_bytes(DER, PKCS8, serialization.NoEncryption()),
        "f": KEY.private_bytes(DER, PKCS8, serialization.BestAvailableEncryption(b"x")),
        "g": pkcs12.serialize_key_and_certificates(
            None, KEY, certificate(), None, serialization.BestAvailableEncryption(b"x")
        ),
        "h": b"# keys\n" + line + b" somebody\n",
        "i": b"\xfe\xed\xfe\xed\0\0\0\2" + bytes(40),
        "j": b"0" + bytes(100),
    }  # fmt: skip

    got = opened(tmp_path, tar_of(files))

    assert sorted(keys_of(got)) == [
        ("certificate", "a.txt"), ("encrypted private key", "f"), ("java key store", "i"),
        ("pkcs#12 key store", "g"), ("private key", "b.bin"), ("public key", "d"), ("ssh public key", "h"),
    ]  # fmt: skip
    about = next(key.about for key in got.keys if key.kind == "certificate")
    assert about == "CN=Update signer, issued by itself, until 2027-01-01"


def test_one_key_in_two_forms_is_one_key(tmp_path: Path) -> None:
    pem = certificate().public_bytes(PEM)
    in_c = b'"' + pem.replace(b"\n", b'\\n"\n"') + b'"'

    got = opened(tmp_path, tar_of({"a": pem, "b": pem.replace(b"\n", b"\r\n"), "c": in_c}))

    assert keys_of(got) == [("certificate", "a")]


@pytest.mark.parametrize("at", [0, 1_000_000, (1 << 20) + (1 << 16) - 7, 1 << 20, 1_179_640, 2_500_000])
def test_what_lies_across_windows_is_found_once(at: int, tmp_path: Path) -> None:
    pem = certificate().public_bytes(PEM)
    data = b"\n" * at + pem + b" 198.51.100.7 " + b"\n" * 3_000_000

    got = opened(tmp_path, tar_of({"a": data}))

    assert keys_of(got) == [("certificate", "a")]
    assert [(a.value, a.members) for a in got.addresses] == [("198.51.100.7", 1)]


def test_keys_and_addresses_beyond_the_bound_are_said_to_be_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ADDRESSES_MAX", 2)

    got = opened(tmp_path, tar_of({"a": b"192.0.2.1 192.0.2.2 192.0.2.3"}))

    assert (len(got.addresses), got.whole) == (2, False)


def test_services_beyond_the_bound_are_said_to_be_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SERVICES_MAX", 3)

    got = opened(tmp_path, tar_of({"etc/a": b"port 1\nport 2\n", "etc/b": b"port 3\nport 4\n"}))

    assert (len(got.services), got.whole) == (3, False)


def test_bills_of_materials_are_kept_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SBOMS_MAX", 60)

    with pytest.raises(SourceError, match=r"refused \(bomb: size\)"):
        opened(tmp_path, tar_of({str(n): b'{"bomFormat": "CycloneDX"}' for n in range(3)}))


@pytest.mark.parametrize(
    ("said", "want"),
    [
        (b"ip=203.0.113.9;", {("ipv4", "203.0.113.9")}),
        (b"x 1.2.3.4.5 y 256.1.1.1 z v1.2.3.4", set()),
        (b"listen [2001:db8::1]:443", {("ipv6", "2001:db8::1")}),
        (b"at 12:34:56 std::a::b ::1 aa:bb:cc:dd:ee:ff", set()),
        (b"see https://update.example.com/a?b=c).", {("url", "https://update.example.com/a?b=c")}),
        (b"connect(host.example.org)", {("host", "host.example.org")}),
        (b"mail to root@relay.example.de now", {("host", "relay.example.de")}),
        (b"libc.so.6 x.py foo.service a.b self.data.id README.md", set()),
        (b"\0\0evil.example.net\0", {("host", "evil.example.net")}),
        (b"file:/a/example.com Class.example.com", set()),
    ],
)  # fmt: skip
def test_addresses_are_known_by_their_form(said: bytes, want: set[tuple[str, str]], tmp_path: Path) -> None:
    assert addresses_in(said, tmp_path) == want


@pytest.mark.parametrize(
    ("path", "text", "want"),
    [
        ("lib/systemd/system/x.service", "[Service]\nExecStart=/usr/bin/x\n", [("unit", "x.service")]),
        (
            "usr/lib/systemd/system/x.socket",
            "[Socket]\nListenStream=0.0.0.0:2323\n",
            [("port", "ListenStream=0.0.0.0:2323"), ("unit", "x.socket")],
        ),
        ("etc/init.d/telnetd", "#!/bin/sh\n", [("start script", "telnetd")]),
        ("etc/inetd.conf", "# none\ntelnet stream tcp nowait root /usr/sbin/in.telnetd\n",
         [("inetd", "telnet stream tcp nowait root /usr/sbin/in.telnetd")]),
        ("etc/ssh/sshd_config", "#Port 22\nPort 2222\nListenAddress 0.0.0.0\n", [("port", "Port 2222")]),
        ("app/values.yaml", "spec:\n  - containerPort: 9090\n", [("port", "- containerPort: 9090")]),
        ("app/readme.txt", "port 22\n", []),
        ("etc/x.conf", "port = 99999\nsupport = 22\nreport: 1\nbind = /run/x.sock\n", []),
        ("etc/y.conf", "bind [::]:53\nlisten 443 ssl;\n", [("port", "bind [::]:53"), ("port", "listen 443 ssl")]),
    ],
)  # fmt: skip
def test_services_are_known_by_their_files(
    path: str, text: str, want: list[tuple[str, str]], tmp_path: Path
) -> None:
    got = opened(tmp_path, tar_of({path: text.encode()}))

    assert [(one.rule, one.value.removesuffix(";")) for one in got.services] == want


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"refused \(unknown format\)"):
        opened(tmp_path, b"just words")
    with pytest.raises(SourceError, match="got: Is a directory"):
        inventory(tmp_path)
    with pytest.raises(SourceError, match="expected a readable file"):
        inventory(tmp_path / "nothing")


def test_nothing_is_written_to_disk(tmp_path: Path) -> None:
    opened(tmp_path, zip_of({"a.tar": tar_of({"b": b"1"})}))

    assert [path.name for path in tmp_path.rglob("*")] == ["package"]


def test_a_key_that_cannot_be_decoded_is_told(tmp_path: Path) -> None:
    block = b"-----BEGIN PUBLIC KEY-----\n" + b64encode(b"x" * 40)[:-3] + b"\n-----END PUBLIC KEY-----\n"

    got = opened(tmp_path, tar_of({"a": block}))

    assert [(key.kind, key.about) for key in got.keys] == [("public key", "cannot be decoded")]


def test_signed_hashes_do_not_matter(tmp_path: Path) -> None:
    """A certificate is known by all of its bytes, not by its key."""
    other = certificate().public_bytes(DER)[:-1] + b"\0"

    got = opened(tmp_path, tar_of({"a": certificate().public_bytes(DER), "b": other}))

    assert len(got.keys) == 2
    assert {key.sha256 for key in got.keys} >= {certificate().fingerprint(hashes.SHA256()).hex()}
