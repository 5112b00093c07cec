"""What an update changes: two packages in, their differences out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from netproof.errors import SourceError
from netproof.integrity.update import Update, update
from tests.unit.integrity.packages.archives import member, record, tar, tar_gz, tar_of, zip_of
from tests.unit.integrity.test_sbom import component, cyclonedx
from tests.unit.integrity.test_sbom_schema import package, spdx3

if TYPE_CHECKING:
    from pathlib import Path


def changed(folder: Path, old: bytes, new: bytes, **said: Path) -> Update:
    """What changes from one package to another."""
    (folder / "old").write_bytes(old)
    (folder / "new").write_bytes(new)
    return update(folder / "old", folder / "new", **said)


def told(one: Update) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(change.change, change.path, change.parts) for change in one.files]


def bill(*components: dict[str, Any], **said: Any) -> bytes:
    return json.dumps(cyclonedx(*components, **said)).encode()


def test_members_are_added_removed_and_changed(tmp_path: Path) -> None:
    got = changed(
        tmp_path,
        tar_of({"same": b"1", "gone": b"2", "other": b"3", "mode": b"4"}),
        tar_of({"same": b"1", "came": b"5", "other": b"33", "mode": b"4"}, {"mode": 0o755}),
    )

    assert told(got) == [
        ("added", "came", ()), ("removed", "gone", ()), ("changed", "mode", ("mode",)), ("changed", "other", ("content",)),
    ]  # fmt: skip
    assert (got.same, got.differs) == (1, True)


def test_the_same_package_has_no_differences(tmp_path: Path) -> None:
    data = tar_of({"a": b"http://x.example.com/", "etc/init.d/x": b""}, {"a": 0o4755})

    got = changed(tmp_path, data, tar_gz({"a": b"http://x.example.com/", "etc/init.d/x": b""}, {"a": 0o4755}))

    assert (got.files, got.privileged, got.services, got.addresses, got.differs) == ((), (), (), (), False)


def test_a_mode_that_one_side_does_not_say_is_not_compared(tmp_path: Path) -> None:
    assert told(changed(tmp_path, tar_of({"a": b"1"}), zip_of({"a": b"1"}))) in (
        [],
        [("changed", "a", ("mode",))],
    )


def test_a_file_that_becomes_a_link_is_told(tmp_path: Path) -> None:
    got = changed(
        tmp_path,
        tar(member(b"a", b"1"), member(b"b")),
        tar(member(b"a", flag=b"2", target=b"b"), member(b"b")),
    )

    assert told(got) == [("changed", "a", ("kind", "content", "target"))]


def test_the_one_folder_around_everything_may_have_another_name(tmp_path: Path) -> None:
    got = changed(tmp_path, tar_of({"x-1/a": b"1", "x-1/b": b"2"}), tar_of({"x-2/a": b"1", "x-2/b": b"3"}))

    assert told(got) == [("changed", "b", ("content",))]
    assert (got.old.below, got.new.below) == ("x-1", "x-2")


def test_a_moved_file_is_told_as_such(tmp_path: Path) -> None:
    got = changed(tmp_path, tar_of({"a/x": b"content", "k": b""}), tar_of({"b/x": b"content", "k": b""}))

    assert [(one.change, one.path, one.moved_from) for one in got.files] == [
        ("removed", "a/x", ""),
        ("added", "b/x", "a/x"),
    ]


def test_files_that_newly_give_rights_are_told(tmp_path: Path) -> None:
    capability = member(b"p", record(b"SCHILY.xattr.security.capability", b"\1\0\0\2"), flag=b"x")
    old = tar(
        member(b"changed", b"1", mode=0o4755), member(b"kept", b"1", mode=0o4755), member(b"set", b"1", mode=0o755),
        member(b"dropped", b"1", mode=0o4755),
    )  # fmt: skip
    new = tar(
        member(b"changed", b"2", mode=0o4755), member(b"kept", b"1", mode=0o4755), member(b"set", b"1", mode=0o2755),
        member(b"dropped", b"1", mode=0o755), member(b"new", b"1", mode=0o6755), capability, member(b"cap", b"1"),
        member(b"folder/", flag=b"5", mode=0o2775),
    )  # fmt: skip

    got = changed(tmp_path, old, new)

    assert [(one.path, one.rights, one.why) for one in got.privileged] == [
        ("cap", ("capabilities",), "new file"),
        ("changed", ("setuid",), "content changed"),
        ("new", ("setuid", "setgid"), "new file"),
        ("set", ("setgid",), "newly set"),
    ]


def test_what_moves_to_another_file_is_not_new(tmp_path: Path) -> None:
    pem = b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n"
    old = tar_of({"a": pem + b"192.0.2.1"})

    got = changed(tmp_path, old, tar_of({"b": pem + b"192.0.2.1 198.51.100.1"}))

    assert got.keys == ()
    assert [one.value for one in got.addresses] == ["198.51.100.1"]


def test_services_are_new_under_another_name_only(tmp_path: Path) -> None:
    unit = {"v1/lib/systemd/system/a.service": b"", "v1/x": b""}
    new = {"v2/lib/systemd/system/a.service": b"", "v2/x": b"", "v2/lib/systemd/system/b.service": b""}

    got = changed(tmp_path, tar_of(unit), tar_of(new))

    assert [(one.rule, one.value) for one in got.services] == [("unit", "b.service")]


def test_components_differ_by_the_bills_in_the_packages(tmp_path: Path) -> None:
    complete = [{"aggregate": "complete"}]
    old = bill(component("a"), component("b"), component("c", purl="pkg:generic/c@1"), compositions=complete)
    new = bill(component("a", "2"), component("c", purl="pkg:generic/c@1"), component("d"))

    got = changed(tmp_path, tar_of({"bom.json": old}), tar_of({"bom.json": new}))

    (one,) = got.sboms
    assert [(each.change, each.key) for each in one.components] == [
        ("version", "library a"), ("removed", "library b"), ("added", "library d"),
    ]  # fmt: skip
    assert one.old is not None
    assert one.new is not None
    assert (one.old.complete, one.new.complete) == (True, False)


def test_a_bill_that_is_about_other_bytes_proves_nothing(tmp_path: Path) -> None:
    root = {"type": "firmware", "name": "r", "hashes": [{"alg": "SHA-256", "content": "00" * 32}]}
    given = tmp_path / "given.json"
    given.write_bytes(
        bill(component("a"), metadata={"component": root}, compositions=[{"aggregate": "complete"}])
    )

    got = changed(tmp_path, tar_of({"a": b"1"}), tar_of({"a": b"1"}), sbom_old=given, sbom_new=given)

    assert got.sboms[0].new is not None
    assert (got.sboms[0].new.subject, got.sboms[0].new.complete) == ("differs", False)


def test_a_bill_that_names_the_package_s_digest_is_about_it(tmp_path: Path) -> None:
    data = tar_of({"a": b"1"})
    first = changed(tmp_path, data, data)
    root = {"type": "firmware", "name": "r", "hashes": [{"alg": "SHA-256", "content": first.new.sha256}]}
    given = tmp_path / "given.json"
    given.write_bytes(bill(metadata={"component": root}))

    got = changed(tmp_path, data, data, sbom_new=given)

    assert got.sboms[0].new is not None
    assert got.sboms[0].new.subject == "matches"


def test_a_bill_that_only_one_side_has_is_a_difference(tmp_path: Path) -> None:
    got = changed(tmp_path, tar_of({"a": b"1"}), tar_of({"a": b"1", "bom.json": bill()}))

    assert [(one.old is None, one.new is None, one.components) for one in got.sboms] == [(True, False, ())]


def test_a_bill_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    got = changed(
        tmp_path, tar_of({"a": b"1"}), tar_of({"a": b"1", "bom.json": b'{"bomFormat": "CycloneDX"}'})
    )

    assert [(one.side, one.path) for one in got.unread] == [("new", "bom.json")]
    assert "CycloneDX 1.4 to 1.7" in got.unread[0].reason


def test_a_bill_that_breaks_its_schema_is_told_and_nothing_else_is_lost(tmp_path: Path) -> None:
    odd = bill(component("a") | {"type": "planet"})
    files = {"a": b"1", "odd.json": odd, "spdx.json": json.dumps(spdx3(package("a"))).encode()}
    got = changed(tmp_path, tar_of({"a": b"1"}), tar_of(files))

    assert [(one.side, one.path) for one in got.unread] == [("new", "odd.json")]
    assert "odd.json:/components/0/type: expected CycloneDX 1.6 by its schema" in got.unread[0].reason
    assert [one.new and one.new.form for one in got.sboms] == ["SPDX 3.0.1"]


@pytest.mark.parametrize("data", [b"{}", b"no JSON", None])
def test_a_given_bill_that_cannot_be_read_is_refused(data: bytes | None, tmp_path: Path) -> None:
    given = tmp_path / "given.json"
    if data is not None:
        given.write_bytes(data)

    with pytest.raises(SourceError, match=r"given\.json: expected"):
        changed(tmp_path, tar_of({"a": b"1"}), tar_of({"a": b"1"}), sbom_old=given)
