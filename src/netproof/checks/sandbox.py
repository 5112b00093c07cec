"""Three walls around a check's SQL, behind the lint.

DuckDB's settings, a read-only transaction (`run`), and limits that the operating system keeps.

Settings alone can be passed (a COPY inside a CTE, memory of scalar results), hence all three.
"""

from __future__ import annotations

import resource
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from netproof.errors import CheckError

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Limits:
    """What checks may use.

    Attributes:
        memory_mb: Memory on top of the loaded tables [MB].
        seconds: Time for one check [s].
    """

    memory_mb: int = 4096
    seconds: float = 300.0


_SETTINGS = (
    "set temp_directory = ''",
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set allow_community_extensions = false",
    "set allow_persistent_secrets = false",
    "set python_enable_replacements = false",
    "set max_expression_depth = 250",
)


def lock(connection: duckdb.DuckDBPyConnection, limits: Limits) -> None:
    """Close the database: no files, no extensions, no settings any more.

    Raises:
        CheckError: A wall does not stand.
    """
    loaded = connection.execute(
        "select coalesce(sum(memory_usage_bytes), 0) from duckdb_memory()"
    ).fetchall()[0][0]
    memory = int(loaded) // 1_000_000 + limits.memory_mb
    for setting in (
        *_SETTINGS,
        f"set memory_limit = '{memory}MB'",
        f"set max_execution_time = '{max(1, round(limits.seconds * 1000))}'",
        "set enable_external_access = false",
        "set lock_configuration = true",
    ):
        connection.execute(setting)
    left = connection.execute(
        "select current_setting('allowed_paths')::varchar, current_setting('allowed_directories')::varchar, "
        "(select count(*) from duckdb_databases() where path is not null)"
    ).fetchall()[0]
    if left != ("[]", "[]", 0):
        raise CheckError(f"expected a database without files, got {left}")


def limit_process(limits: Limits) -> None:  # pragma: no cover - binds for good, so tests run it in a child
    """Bind this process for good: it writes no file, and its memory may grow by a fixed amount.

    Address space counts what is only reserved, hence twice the memory.
    """
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    used = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    most = used + 2 * limits.memory_mb * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
