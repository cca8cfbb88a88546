"""A worker started on its own, for systems on which a warm process can't be forked."""

from __future__ import annotations

import os

from grading.worker import forkserver


def main() -> None:
    """Get warm, then be the worker whose channel is descriptor 0 and whose output is 1."""
    channel, output = os.dup(0), os.dup(1)
    forkserver.warm_up()
    forkserver.forget_the_way_home()
    forkserver.become_worker(channel, output)
