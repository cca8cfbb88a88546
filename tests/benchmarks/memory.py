"""How small: the peak memory of one check, all its processes together, against plain pytest.

PSS (each shared page counted once, in shares) of the whole family, sampled while it runs. Linux.

python -m tests.benchmarks.memory [rounds]
"""

from __future__ import annotations

import contextlib
import statistics
import subprocess
import sys
import time
from pathlib import Path

import psutil

from tests.benchmarks.speed import CATALOG, CHECK, PLAIN

MAX_RATIO = 2.0
EVERY = 0.02


def main() -> int:
    """Print the figures; 1 where the ratio is over its bound."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    pairs = [(peak(CHECK), peak(PLAIN)) for _ in range(rounds)]
    check, plain = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"check solutions  {check:6.0f} MiB at its peak, all processes (PSS)")
    print(f"plain pytest     {plain:6.0f} MiB in one process")
    print(f"ratio            {ratio:6.2f}   (at most {MAX_RATIO}), median of {rounds}")
    return int(ratio > MAX_RATIO)


def peak(command: tuple[str, ...]) -> float:
    """The largest PSS, in MiB, of a command and all that it starts."""
    process = subprocess.Popen(command, cwd=CATALOG.home, stdout=subprocess.DEVNULL)
    family, largest = psutil.Process(process.pid), 0.0
    while process.poll() is None:
        largest = max(largest, pss(family))
        time.sleep(EVERY)
    assert process.returncode == 0
    return largest


def pss(family: psutil.Process) -> float:
    """MiB of a process and its descendants now."""
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        for member in [family, *family.children(recursive=True)]:
            with contextlib.suppress(OSError, IndexError):
                rollup = Path(f"/proc/{member.pid}/smaps_rollup").read_text(encoding="utf-8")
                total += int(rollup.split("\nPss:")[1].split()[0])
    return total / 1024


if __name__ == "__main__":
    sys.exit(main())
