"""Laws of the comparison with one's own build: what headers say never matters, what members are always does."""

from __future__ import annotations

import gzip
import io
import tarfile
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from netproof.integrity.rebuild import Comparison, Result, compare

NAMES = st.text("abcdefgh", min_size=1, max_size=4)
FILES = st.dictionaries(NAMES, st.binary(min_size=1, max_size=40), min_size=1, max_size=5)
MEMBER = st.tuples(st.integers(0, 2**31), st.integers(0, 60_000), st.sampled_from(["", "root", "build"]))


def packed(files: dict[str, bytes], order: list[str], said: tuple[int, int, str], *, zipped: bool) -> bytes:
    """A tar archive of files in an order, with a time, a user and a user's name."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in order:
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.uid, info.uname = len(files[name]), *said
            archive.addfile(info, io.BytesIO(files[name]))
    return gzip.compress(out.getvalue(), mtime=said[0] % 1000) if zipped else out.getvalue()


def against(published: bytes, built: bytes) -> Comparison:
    """What comes of two packages."""
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder, "published"), Path(folder, "built")
        for path, data in zip(paths, (published, built), strict=True):
            path.write_bytes(data)
        return compare(*paths)


@given(files=FILES, data=st.data(), zipped=st.tuples(st.booleans(), st.booleans()))
def test_what_headers_say_besides_never_makes_a_build_different(
    files: dict[str, bytes], data: st.DataObject, zipped: tuple[bool, bool]
) -> None:
    orders = [data.draw(st.permutations(sorted(files))) for _ in range(2)]
    one, two = (
        packed(files, order, data.draw(MEMBER), zipped=how) for order, how in zip(orders, zipped, strict=True)
    )

    got = against(one, two)

    assert got.result is (Result.IDENTICAL if one == two else Result.NORMALISED)
    assert bool(got.normalised) is (one != two)
    assert (got.files, got.headers) == ((), ())


@given(files=FILES, data=st.data())
def test_any_other_byte_in_any_member_makes_it_different(
    files: dict[str, bytes], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(files)))
    at = data.draw(st.integers(0, len(files[name]) - 1))
    other = bytearray(files[name])
    other[at] ^= data.draw(st.integers(1, 255))
    order, said = sorted(files), (1, 0, "root")

    got = against(
        packed(files, order, said, zipped=False),
        packed(files | {name: bytes(other)}, order, data.draw(MEMBER), zipped=data.draw(st.booleans())),
    )

    assert (got.result, [one.path for one in got.files]) == (Result.DIFFERENT, [name])


@given(files=FILES, data=st.data())
def test_a_member_on_one_side_only_makes_it_different(files: dict[str, bytes], data: st.DataObject) -> None:
    said = data.draw(MEMBER)
    more = files | {"more.sig": data.draw(st.binary(min_size=1, max_size=60))}
    one, two = (packed(one, sorted(one), said, zipped=False) for one in (files, more))

    for got in (against(one, two), against(two, one)):
        assert (got.result, [change.path for change in got.files]) == (Result.DIFFERENT, ["more.sig"])
