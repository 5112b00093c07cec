"""A log as a folder of plain files: who writes it, what it has published, whether all of it still holds.

`folder` is everywhere the log's own folder (`releases` of a network), the one that holds `log.toml`. Entries
are durable when `Writer.append` returns, and public with the next `Writer.checkpoint`; what is read is
verified first. Source: C2SP tlog-tiles 0.1.0, tlog-checkpoint 1.0.0 (5ba5ee8).
"""

from netproof.integrity.log.copying import copy_public
from netproof.integrity.log.disk import DISK, Disk
from netproof.integrity.log.fsck import Problem, fsck
from netproof.integrity.log.keeping import file_path, keep_file, read_kept
from netproof.integrity.log.reading import Published, history, published
from netproof.integrity.log.settings import Settings, check_policy, create, read_policy, read_settings
from netproof.integrity.log.writer import Cosign, Writer, writing

__all__ = [
    "DISK",
    "Cosign",
    "Disk",
    "Problem",
    "Published",
    "Settings",
    "Writer",
    "check_policy",
    "copy_public",
    "create",
    "file_path",
    "fsck",
    "history",
    "keep_file",
    "published",
    "read_kept",
    "read_policy",
    "read_settings",
    "writing",
]
