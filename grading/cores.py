"""How many processors this process may run on."""

from __future__ import annotations

import os


def cores() -> int:
    """So many: a share of the machine's, where a cluster or a container gives no more."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
