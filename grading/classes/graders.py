"""Hands submissions to a warm grade server, from any thread, and gets their results.

The server is a process of its own: it imports torch and collects the tests once, and forks for
every submission (see lanes.py).
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from multiprocessing.connection import Connection

import msgspec

from grading import catalog as catalogs
from grading.catalog import HOME
from grading.classes.orders import Graded, Ready, Setup
from grading.errors import GraderFault, Misused
from grading.handed_in.intake import Submission
from grading.results import Result, from_json
from grading.session import isolation
from grading.session.starters import ForkServer

ENDED = "the grade server has ended; its last words stand above"


class UnconfinedError(Misused):
    """Strangers' files are not graded where they could read, write or call what they like."""


class GradeServer:
    """A grade server, which is getting ready. Each thread that grades has a lane of its own to it.

    `level` is the isolation that its workers reach, once somebody has waited for it.
    """

    def __init__(self, setup: Setup) -> None:
        self.level = ""
        self._setup = setup
        self._waiting = threading.Lock()
        self._problem: Exception | None = None
        self._link, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        code = (
            f"import sys; sys.path.insert(0, {str(HOME)!r}); "
            "from grading.classes import graders; graders.serve()"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", code],  # -P: what lies in this folder is no module of ours
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us; the server ends when we hang up
        )
        theirs.close()
        self.pid = self._process.pid
        self._own = threading.local()

    def wait(self) -> None:
        """Wait until it is ready.

        Raises UnconfinedError where its workers aren't shut in well enough, IsolationError where
        the level that was asked for can't be had, and GraderFault where it ends before.
        """
        with self._waiting:
            if not self.level and self._problem is None:
                try:
                    self.level = self._reached()
                except Exception as problem:
                    self._problem = problem
        if self._problem is not None:
            raise self._problem

    def grade(self, submission: Submission) -> Result:
        """Grade one submission, once the server is ready.

        Raises what `wait` does, and GraderFault when anything but the submission goes wrong.
        """
        self.wait()
        try:
            lane = self._lane()
            lane.send_bytes(msgspec.msgpack.encode(submission))
            graded = msgspec.msgpack.decode(lane.recv_bytes(), type=Graded)
        except (EOFError, OSError):
            raise GraderFault(ENDED) from None
        if graded.fault:
            raise GraderFault(graded.fault)
        return from_json(graded.result)

    def close(self) -> None:
        """Hang up; the server and all that it started end, whatever is under way."""
        self._link.close()
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait()

    def _reached(self) -> str:
        first = b""
        with contextlib.suppress(OSError):
            self._link.send(msgspec.msgpack.encode(self._setup))
            first = self._link.recv(1 << 16)
        if not first:
            self.close()
            raise GraderFault(ENDED)
        ready = msgspec.msgpack.decode(first, type=Ready)
        enough = isolation.denies_strangers(ready.level) or not self._setup.confined
        if ready.fault or not enough:
            self.close()
        if ready.fault:
            raise isolation.IsolationError(ready.fault)
        if not enough:
            raise UnconfinedError(
                f"workers have isolation {ready.level!r} here, at which a stranger's code can "
                f"read your files. {isolation.ADVICE} --allow-unconfined grades all the same."
            )
        return ready.level

    def _lane(self) -> Connection:
        """This thread's way to the server."""
        if not hasattr(self._own, "lane"):
            ours, theirs = socket.socketpair()
            socket.send_fds(self._link, [b"lane"], [theirs.fileno()])
            theirs.close()
            self._own.lane = Connection(ours.detach())
        lane: Connection = self._own.lane
        return lane


def serve() -> None:
    """Be a grade server whose client is on descriptor 0.

    SIGTERM to its group ends what is under way. When its client hangs up or is killed, it does so
    itself, and ends in order.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    link = socket.socket(fileno=os.dup(0))
    setup = msgspec.msgpack.decode(link.recv(1 << 16), type=Setup)
    chosen = catalogs.load().select(list(setup.exercises))
    starter = ForkServer.launch(setup.isolation, catalogs.optimizers(chosen))
    try:
        from grading.classes import lanes  # torch and pytest: after the worker server

        lanes.serve(link, setup, starter)
    finally:
        os.killpg(0, signal.SIGTERM)  # lanes that are at work: nobody waits for them any more
        starter.close()
