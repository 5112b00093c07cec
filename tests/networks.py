"""Writes small networks for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_network(folder: Path, tables: dict[str, str | bytes], *, settings: str = "") -> Path:
    """Write network.toml and one CSV file a table; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "network.toml").write_text(f'name = "Test"\nas_of = 2026-11-01\n{settings}', "utf-8")
    for name, content in tables.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / f"{name}.csv").write_bytes(data)
    return folder
