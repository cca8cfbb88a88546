"""A worker started on its own, for systems on which a warm process can't be forked."""

from __future__ import annotations

import os
import sys

from grading.worker import confine, folders, forkserver


def main() -> None:
    """Get warm, then be the worker whose channel is descriptor 0 and whose output is 1."""
    channel, output = os.dup(0), os.dup(1)
    forkserver.stdin_from_nowhere()
    forkserver.get_warm("optimizers" in sys.argv[1:])
    folders.forget_the_rest(folders.readable())
    forkserver.become_worker(channel, output, confine.what_holds)
