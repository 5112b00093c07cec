"""Do outside tools say the same? evmctl (ima-evm-utils) of a list and PCR 10, prometheus_client of a text."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from netproof.sources.observations.exposition import samples
from netproof.sources.observations.ima import Register
from netproof.sources.observations.ima_binary import read_binary
from tests.unit.sources.observations.measured import EVENTS, binary_list

if TYPE_CHECKING:
    from pathlib import Path


def evmctl(folder: Path, content: bytes, bank: str, value: bytes) -> tuple[int, str]:
    """What evmctl says of a list and the value of PCR 10."""
    program = os.environ.get("NETPROOF_EVMCTL") or shutil.which("evmctl")
    if program is None:
        pytest.skip("evmctl (ima-evm-utils) is not installed; or set NETPROOF_EVMCTL")
    (folder / "list").write_bytes(content)
    zeros = bytes(len(value))
    (folder / "pcrs").write_text(
        "".join(f"PCR-{n:02d}: {(value if n == 10 else zeros).hex(' ').upper()}\n" for n in range(24))
    )
    command = [program, "ima_measurement", "--ignore-violations", "--pcrs", f"{bank},{folder / 'pcrs'}"]
    done = subprocess.run(
        [*command, "-v", str(folder / "list")], capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("bank", ["sha1", "sha256"])
def test_evmctl_reads_the_same_events_and_the_same_register(tmp_path: Path, bank: str) -> None:
    content = binary_list()
    events = read_binary(io.BytesIO(content), "l")
    register = Register.started(bank)
    for event in events:
        register = register.extended(event)

    code, said = evmctl(tmp_path, content, bank, register.value)

    assert code == 0, said
    assert [
        f"{event.pcr} {event.template_hash.hex()} {event.template} sha256:{event.digest.hex()} {event.path}"
        for event in events
        if f"{event.pcr} {event.template_hash.hex()} {event.template} sha256:{event.digest.hex()} {event.path}"
        not in said
    ] == []


def test_evmctl_refuses_a_list_without_an_event_too(tmp_path: Path) -> None:
    register = Register.started("sha256")
    for event in read_binary(io.BytesIO(binary_list()), "l"):
        register = register.extended(event)

    code, said = evmctl(tmp_path, binary_list(EVENTS[:2] + EVENTS[3:]), "sha256", register.value)

    assert code != 0, said


def test_prometheus_client_writes_what_is_read() -> None:
    client = pytest.importorskip("prometheus_client", reason="prometheus_client is not installed")
    registry = client.CollectorRegistry()
    info = client.Info("amf_build", "What runs", registry=registry)
    info.info({"version": '7.1 "x" \\ y', "sha256": "ab" * 32, "note": "two\nlines, {one} = two"})
    client.Gauge("up", "Is it up", ["instance"], registry=registry).labels("a:1").set(float("nan"))
    client.Histogram("h", "Times", registry=registry).observe(0.3)
    text = client.generate_latest(registry)

    got = {(one.name, *sorted(one.labels.items())) for one in samples(io.BytesIO(text), "t")}

    want = {
        (sample.name, *sorted(sample.labels.items()))
        for family in registry.collect()
        for sample in family.samples
    }
    assert got >= {row for row in want if not row[0].endswith("_created")}
    assert (
        "amf_build_info",
        ("note", "two\nlines, {one} = two"),
        ("sha256", "ab" * 32),
        ("version", '7.1 "x" \\ y'),
    ) in got
