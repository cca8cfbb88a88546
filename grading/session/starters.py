"""Starts workers: forked from a warm server on Linux, elsewhere each anew, which imports torch."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys

import msgspec

from grading.catalog import HOME
from grading.errors import GraderFault
from grading.session.process import Starter, WorkerProcess
from grading.worker import limits
from grading.worker.asks import Answer, Ask

_LIBRARIES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Of the environment, what Python itself may need to start."""

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


class ForkServer:
    """The warm parent of the workers, or a further client of it (see grading.worker.forkserver).

    `start` and `end` raise GraderFault where the server is no longer there.
    """

    def __init__(
        self,
        link: socket.socket,
        server: subprocess.Popen[bytes] | None,
        level: str = "",
        ahead: bool = True,
    ) -> None:
        self._link = link
        self._server = server
        self.level = level
        self._coming: WorkerProcess | None = None
        self._ahead = ahead

    @classmethod
    def launch(cls, level: str = "", optimizers: bool = True) -> ForkServer:
        """Start the server; it gets warm while the grader goes on, and for `optimizers` longer.

        Its workers are shut in at this level (see grading.session.isolation), or at the strongest
        that the machine offers. The memory of this process, which will hold the tests, is hidden
        from them.
        """
        limits.hide_memory()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        server = _run_module(
            "grading.worker.forkserver", level, *_needed(optimizers), stdin=theirs.fileno()
        )
        theirs.close()
        return cls(ours, server, level)

    def client(self, ahead: bool = True) -> ForkServer:
        """A connection of its own to the same server, for a forked grader: its worker is coming.

        `ahead`: while one is at work, the next gets ready. The last such worker is made in vain.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._ask(Ask("client"), theirs.fileno())
        theirs.close()
        client = ForkServer(ours, None, self.level, ahead)
        client._coming = client._ordered()
        return client

    def start(self) -> WorkerProcess:
        """The worker that is coming; while it is at work, the next one gets ready."""
        worker = self._coming = self._coming or self._ordered()
        self._settle(worker)
        self._coming = self._ordered() if self._ahead else None
        return worker

    def end(self, pid: int) -> int:
        """Kill a worker's process group."""
        if self._coming is not None:
            self._settle(self._coming)
        self._ask(Ask("end", pid))
        return self._answer()

    def drop(self, pid: int) -> None:
        """Have a worker's process group killed."""
        self._ask(Ask("drop", pid))

    def close(self) -> None:
        """Leave; with its last client the server ends, and all workers with it."""
        if self._coming is not None:
            self._coming.hang_up()
            self._coming = None
        self._link.close()
        if self._server is not None:
            self._server.wait()

    def _ordered(self) -> WorkerProcess:
        """A worker that was asked for: its pid will be the next answer."""
        channel, theirs = socket.socketpair()
        output, printing = os.pipe()
        self._ask(Ask("fork"), theirs.fileno(), printing)
        theirs.close()
        os.close(printing)
        return WorkerProcess(self, 0, channel, output)

    def _settle(self, coming: WorkerProcess) -> None:
        """Take the pid of the worker that is coming, before the answer to anything asked since."""
        if not coming.pid:
            coming.pid = self._answer()

    def _ask(self, ask: Ask, *descriptors: int) -> None:
        with contextlib.suppress(ConnectionError):  # the next answer tells that it has ended
            socket.send_fds(self._link, [msgspec.msgpack.encode(ask)], descriptors)

    def _answer(self) -> int:
        answer = b""
        with contextlib.suppress(ConnectionError):
            answer = self._link.recv(4096)
        if not answer:
            raise GraderFault("the worker server has ended; its last words are on standard error")
        return msgspec.msgpack.decode(answer, type=Answer).value


class Spawner:
    """Starts each worker as a new process: for systems on which a warm process can't be forked.

    A worker's first answer takes an import of torch: one is always on its way.
    """

    level = ""

    def __init__(self, optimizers: bool = True) -> None:
        self._optimizers = optimizers
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._coming = self._ordered()

    def start(self) -> WorkerProcess:
        """The worker that is coming; while it is at work, the next one gets ready."""
        worker, self._coming = self._coming, self._ordered()
        return worker

    def end(self, pid: int) -> int:
        """Kill a worker's process group."""
        process = self._running.pop(pid)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        process.kill()
        return process.wait()

    def drop(self, pid: int) -> None:
        """The same: it takes no time to speak of where starting takes seconds."""
        self.end(pid)

    def close(self) -> None:
        """Kill what still runs."""
        if self._coming.pid in self._running:
            self._coming.hang_up()
        for pid in list(self._running):
            self.end(pid)

    def _ordered(self) -> WorkerProcess:
        channel, theirs = socket.socketpair()
        output, printing = os.pipe()
        needed = _needed(self._optimizers)
        process = _run_module(
            "grading.worker.spawned", *needed, stdin=theirs.fileno(), stdout=printing
        )
        theirs.close()
        os.close(printing)
        self._running[process.pid] = process
        return WorkerProcess(self, process.pid, channel, output)


def starter(level: str = "", optimizers: bool = True) -> Starter:
    """The fastest way of starting workers that this system has, at a level that Linux can give.

    Without `optimizers` workers come sooner, but the first step of one takes a second longer.
    """
    if sys.platform == "linux":
        return ForkServer.launch(level, optimizers)
    return Spawner(optimizers)


def _needed(optimizers: bool) -> list[str]:
    """What a process that is to get warm is told to import beside what every exercise needs."""
    return ["optimizers"] if optimizers else []


def _run_module(
    name: str, *arguments: str, stdin: int, stdout: int | None = None
) -> subprocess.Popen[bytes]:
    """Run a module of the kit in a fresh, isolated Python, in a session of its own."""
    libraries = {name: os.environ[name] for name in _LIBRARIES if name in os.environ}
    code = f"import sys; sys.path.insert(0, {str(HOME)!r}); import {name} as m; m.main()"
    return subprocess.Popen(
        [sys.executable, "-I", "-c", code, *arguments],
        stdin=stdin,
        stdout=stdout,
        start_new_session=True,
        env={"PYTHONDONTWRITEBYTECODE": "1", **_ONE_THREAD, **libraries},
    )
