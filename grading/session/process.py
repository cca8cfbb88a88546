"""One worker process as the grader sees it: send a frame, wait for one, take its output, end it.

Time is counted as CPU time of the worker, which a busy machine doesn't change, with ten times as
much on the wall clock for one that sleeps or stalls.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Protocol

from grading import frames, wire
from grading.counting import counted

MAX_OUTPUT = 64 * 1024
"""Bytes of a student's output that are kept for a test."""

MAX_PRINTED = 128 * 1024
"""Characters that are kept of what all tests of an exercise print together."""

WALL_PER_CPU = 10.0


class LostError(Exception):
    """The worker closed its channel: it died, or the student's code closed it."""


class DeadlineError(Exception):
    """The worker used up its time: the text says how much, and of which kind."""


@dataclass
class Printed:
    """What a test's worker printed, as far as there is room for it after the tests before."""

    text: str = ""
    room: int = MAX_PRINTED

    def add(self, printed: str) -> None:
        """Keep this too, or its beginning and how much more there was."""
        kept = printed[: max(self.room, 0)]
        self.room -= len(kept)
        self.text += kept
        if len(printed) > len(kept):
            more = f"\n… and {counted(len(printed) - len(kept), 'character')} more, not kept"
            self.room -= len(more)
            self.text += more

    def cut(self, length: int) -> None:
        """Drop what came after so many characters; the room is free again."""
        self.room += len(self.text[length:])
        self.text = self.text[:length]


class Starter(Protocol):
    """Starts workers and ends them."""

    level: str
    """The level of isolation that was asked for; empty for the strongest."""

    def start(self) -> WorkerProcess:
        """A new worker."""

    def end(self, pid: int) -> int:
        """Kill a worker: its exit code, or minus the signal that ended it."""

    def drop(self, pid: int) -> None:
        """Have a worker killed; nobody waits for it."""

    def close(self) -> None:
        """End everything."""


@dataclass
class WorkerProcess:
    """A running worker: its channel for frames, and its standard output and error.

    `used` are the CPU seconds that it had used when it was last measured.
    """

    starter: Starter
    pid: int
    channel: socket.socket
    output: int
    printed: bytearray = field(default_factory=bytearray)
    dropped: int = 0
    used: float = 0.0

    def __post_init__(self) -> None:
        self.channel.setblocking(False)
        os.set_blocking(self.output, False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self.channel, selectors.EVENT_READ, self._read_channel)
        self._selector.register(self.output, selectors.EVENT_READ, self._read_output)
        self._received = bytearray()
        self._closed = False

    def send(self, frame: bytes, budget: float) -> None:
        """Send a frame. Raises LostError or DeadlineError where the worker doesn't read it.

        Raises ViolationError for one that sends more than a frame in place of reading.
        """
        wall = budget * WALL_PER_CPU
        until = time.monotonic() + wall
        view = memoryview(frame)
        while view:
            try:
                view = view[self.channel.send(view) :]
            except BlockingIOError:
                if time.monotonic() > until:
                    raise _late(wall, "on the clock") from None
                self._wait(0.01)
                self._check_room()
            except OSError:
                raise LostError from None

    def receive(self, budget: float) -> bytes:
        """Wait for one frame and give its body.

        `budget` is in seconds of the worker's CPU, beyond what it had used when it was last asked
        for that. Raises DeadlineError when that, or ten times that on the wall clock, is over, and
        LostError when the channel is closed.
        """
        wall = budget * WALL_PER_CPU
        cpu, until = self.used + budget, time.monotonic() + wall
        late: DeadlineError | None = None
        while True:
            self._wait(0.0 if late else 0.05)  # (always ready where the worker prints on and on)
            body = self._take_frame()
            if body is not None:
                return body
            if self._closed:
                raise LostError
            if late:
                raise late
            if self.measure() > cpu:
                late = _late(budget, "of computing")
            elif time.monotonic() > until:
                late = _late(wall, "on the clock")

    def stray(self) -> bool:
        """Has the worker sent bytes that nobody asked for?"""
        self._wait(0.0)
        return bool(self._received)

    def take_output(self) -> str:
        """What was printed since the last time, capped, as text."""
        self._wait(0.0)
        text = self.printed.decode("utf-8", errors="replace")
        if self.dropped:
            text += f"\n… and {counted(self.dropped, 'byte')} more, not kept"
        self.printed.clear()
        self.dropped = 0
        return text

    def measure(self) -> float:
        """CPU seconds that the worker has `used` so far, by all of its threads."""
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                self.used = time.clock_gettime(((~self.pid) << 3) | 2)
        return self.used

    def end(self) -> int:
        """Kill the worker and whatever it started; its exit code, or minus its signal."""
        self.hang_up()
        return self.starter.end(self.pid)

    def drop(self) -> None:
        """Have the worker and whatever it started killed, and go on."""
        self.hang_up()
        self.starter.drop(self.pid)

    def hang_up(self) -> None:
        """Close this side of its channel and its output."""
        self._selector.close()
        self.channel.close()
        os.close(self.output)

    def _wait(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            key.data()

    def _check_room(self) -> None:
        if len(self._received) > frames.HEADER + frames.MAX_FRAME:
            raise wire.ViolationError("sent more than one reply to a request")

    def _take_frame(self) -> bytes | None:
        if len(self._received) < frames.HEADER:
            return None
        end = frames.HEADER + frames.body_length(bytes(self._received[: frames.HEADER]))
        if len(self._received) < end:
            return None
        body = bytes(self._received[frames.HEADER : end])
        del self._received[:end]
        return body

    def _read_channel(self) -> None:
        try:
            piece = self.channel.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if piece:
            self._received += piece
        else:
            self._closed = True
            self._selector.unregister(self.channel)

    def _read_output(self) -> None:
        try:
            piece = os.read(self.output, 1 << 16)
        except BlockingIOError:
            return
        room = MAX_OUTPUT - len(self.printed)
        self.printed += piece[:room]
        self.dropped += len(piece) - len(piece[:room])
        if not piece:
            self._selector.unregister(self.output)


def _late(seconds: float, kind: str) -> DeadlineError:
    return DeadlineError(f"{round(seconds, 2):g} s {kind}")
