"""What the benchmarks ask of the machine: memory and CPU time of families of processes, and load.

Linux. A family is a process and all of its descendants.
"""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import psutil

from grading.cores import cores


def members(process: psutil.Process) -> list[psutil.Process]:
    """A process and its descendants now; none when it has ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return [process, *process.children(recursive=True)]
    return []


def pss(family: list[psutil.Process]) -> float:
    """MiB of a family, each shared page counted once, in shares."""
    total = 0
    for member in family:
        with contextlib.suppress(OSError, IndexError):
            rollup = Path(f"/proc/{member.pid}/smaps_rollup").read_text(encoding="utf-8")
            total += int(rollup.split("\nPss:")[1].split()[0])
    return total / 1024


def cpu_seconds(family: list[psutil.Process]) -> float:
    """CPU seconds of a family so far, with those of its members that have ended."""
    total = 0.0
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            times = member.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def descriptors(process: psutil.Process) -> int:
    """How many files, pipes and sockets a process has open; 0 when it has ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.num_fds()
    return 0


@contextlib.contextmanager
def load() -> Iterator[None]:
    """Every core is kept busy by somebody else."""
    processes = [multiprocessing.Process(target=_spin, daemon=True) for _ in range(cores())]
    for process in processes:
        process.start()
    try:
        yield
    finally:
        for process in processes:
            process.terminate()


def _spin() -> None:
    while True:
        pass
