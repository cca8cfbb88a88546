"""The warm parent of the workers: has torch imported, and forks one worker per use.

It is started by exec, before the grader has loaded any test, so that a fork of it carries nothing
worth stealing. It stays single-threaded: a child of a threaded process can hang. Its clients ask on
a socket of their own, one datagram a request:

    fork    with two descriptors, the channel and the output: answers with the worker's pid
    end     kills a worker's process group, reaps it: answers with how it ended
    drop    does the same, and answers nothing
    client  with one descriptor: a further client asks there

A client that closes its socket takes its workers with it; after the last one, or when the process
that started it ends, the server ends.

Its first argument is the level at which workers are shut in; the strongest there is if empty. A
second, `optimizers`, has it import what only a step of torch.optim needs. A worker's first frame
says which measures hold, or why it may not take a student's code.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable

import msgspec
import torch

from grading import frames, wire
from grading.line import values
from grading.worker import confine, limits, serve, warm_up
from grading.worker.asks import Answer, Ask

HELLO = 0
"""The number of the frame by which a worker says which limits hold, before it loads anything."""

_LINKED = ("bz2", "ctypes", "decimal", "hashlib", "lzma", "sqlite3", "ssl", "uuid", "zlib")
"""Modules of the standard library that load shared libraries from where no worker may read."""

_read_ask = msgspec.msgpack.Decoder(Ask).decode
_write = msgspec.msgpack.Encoder().encode


def main() -> None:
    """Get warm, then serve the client whose socket is descriptor 0."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    first = socket.socket(fileno=os.dup(0))
    stdin_from_nowhere()
    os.umask(0o022)
    get_warm("optimizers" in sys.argv[2:])
    warm_up.layers()
    confinement = confine.Confinement(sys.argv[1])
    confinement.prepare()
    gc.collect()
    gc.freeze()
    Parent(first, confinement).serve()
    os._exit(0)  # at once: taking torch down in order would keep the grader waiting


def get_warm(optimizers: bool) -> None:
    """Import now what torch would import at first use in every worker, and use one thread."""
    torch.set_num_threads(1)
    for name in _LINKED:
        with contextlib.suppress(ImportError):  # not every Python is built with all of them
            importlib.import_module(name)
    serve.Server().answer(wire.Load(1, "import numpy; numpy.random.seed(0)", "warm_up.py", ()))
    warm_up.numbers()
    if optimizers:
        warm_up.optimizers()


class Parent:
    """The parent of all workers: serves clients until the last one has left."""

    def __init__(self, first: socket.socket, confinement: confine.Confinement) -> None:
        self._selector = selectors.DefaultSelector()
        self._confinement = confinement
        self._workers: dict[socket.socket, set[int]] = {}
        # not by PDEATHSIG: that comes when the thread ends that started this process
        with contextlib.suppress(OSError):
            self._selector.register(os.pidfd_open(os.getppid()), selectors.EVENT_READ)
        self._add(first)

    def serve(self) -> None:
        """Answer what clients ask."""
        while self._workers:
            for key, _ in self._selector.select():
                if not isinstance(key.fileobj, socket.socket):
                    return
                self._answer(key.fileobj)

    def _add(self, client: socket.socket) -> None:
        self._selector.register(client, selectors.EVENT_READ)
        self._workers[client] = set()

    def _drop(self, client: socket.socket) -> None:
        for pid in self._workers.pop(client):
            end(pid)
        self._selector.unregister(client)
        client.close()

    def _answer(self, client: socket.socket) -> None:
        try:
            message, descriptors, _, _ = socket.recv_fds(client, 4096, 2)
        except ConnectionError:
            message, descriptors = b"", []
        if not message:
            self._drop(client)
            return
        ask = _read_ask(message)
        match ask.what:
            case "fork":
                self._tell(client, self._fork(client, *descriptors))
            case "end":
                self._tell(client, self._end(client, ask.pid))
            case "drop":
                self._end(client, ask.pid)
            case "client":
                self._add(socket.socket(fileno=descriptors[0]))

    def _tell(self, client: socket.socket, value: int) -> None:
        with contextlib.suppress(ConnectionError):
            client.send(_write(Answer(value)))

    def _fork(self, client: socket.socket, channel: int, output: int) -> int:
        pid = os.fork()
        if pid == 0:
            self._become_worker(channel, output)
        self._workers[client].add(pid)
        os.close(channel)
        os.close(output)
        return pid

    def _end(self, client: socket.socket, pid: int) -> int:
        if pid not in self._workers[client]:
            return 0
        self._workers[client].discard(pid)
        return end(pid)

    def _become_worker(self, channel: int, output: int) -> None:
        self._selector.close()
        for client in self._workers:
            client.close()
        become_worker(channel, output, self._confinement.complete)


def become_worker(channel: int, output: int, confined: Callable[[], list[str]]) -> None:
    """Turn this process into a worker, shut in by what `confined` does; never returns."""
    code = 1
    try:
        stdin_from_nowhere()  # a flag set on the server's would be there for the next worker
        limits.die_with_parent()
        limits.heed_signals()
        os.dup2(output, 1)
        os.dup2(output, 2)
        fresh_output()
        os.dup2(channel, 3)
        link = socket.socket(fileno=3)
        measures = confined()
        os.closerange(4, 1024)
        sys.orig_argv.clear()  # it names the kit's own folder
        del sys.argv[1:]  # which were for the server: a student's parser would refuse them
        link.sendall(frames.encode(wire.Returned(HELLO, values.pack(measures, lambda _: None))))
        serve.run(link)
        code = 0
    except confine.StepError as error:
        link.sendall(frames.encode(wire.Refused(HELLO, str(error))))
    finally:
        os._exit(code)


def fresh_output() -> None:
    """Open standard output and error anew: those of the server still take what was there before.

    They may have been a file's, say, in which one can seek: a student's `reconfigure` would try.
    """
    for name, descriptor, buffering in (("stdout", 1, -1), ("stderr", 2, 1)):
        stream = os.fdopen(descriptor, "w", buffering, "utf-8", "backslashreplace", closefd=False)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def end(pid: int) -> int:
    """Kill a worker and its process group, reap it: its exit code, or minus its signal."""
    done, status = os.waitpid(pid, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    if not done:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def stdin_from_nowhere() -> None:
    """Nothing can be read from descriptor 0 from now on."""
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
