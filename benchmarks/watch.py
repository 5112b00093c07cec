"""Runs one command and tells how long it took and how much memory it used at most.

A program of its own, because Linux charges a child with the memory of the process that started it: started
from a benchmark that holds a million rows, every child would seem large. Writes JSON to the file descriptor
named first: exit code, seconds, peak [kB].
"""

from __future__ import annotations

import json
import os
import sys
import time


def main(descriptor: int, command: list[str]) -> None:
    """Run `command` with this process's own streams and write what was measured."""
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    told = {"code": os.waitstatus_to_exitcode(status), "seconds": seconds, "peak_kb": usage.ru_maxrss}
    os.write(descriptor, json.dumps(told).encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
