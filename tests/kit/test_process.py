"""The grader's end of a worker's channel: what a worker that misbehaves on it comes to."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from grading import frames, wire
from grading.errors import GraderFault
from grading.session import isolation, transport
from grading.session.isolation import IsolationError
from grading.session.process import (
    MAX_PRINTED,
    DeadlineError,
    LostError,
    Printed,
    WorkerProcess,
)
from grading.session.transport import Across
from grading.wire import ViolationError

BRIEF = 0.01
"""Seconds of computing, which are a tenth of a second on the clock."""


class Ends:
    """The worker's ends of a channel and of its output, and a starter that hands out the others."""

    def __init__(self, level: str = "") -> None:
        self.level = level
        self.channel, theirs = socket.socketpair()
        output, self.output = os.pipe()
        self.worker = WorkerProcess(self, os.getpid(), theirs, output)
        self.worker.measure()
        self.ended = False

    def start(self) -> WorkerProcess:
        """The one worker that there is."""
        return self.worker

    def end(self, pid: int) -> int:
        """Nothing has to be killed."""
        self.ended = True
        return -9

    def drop(self, pid: int) -> None:
        """Nor has this."""
        self.ended = True

    def close(self) -> None:
        """End the worker, and close its ends."""
        if not self.ended:
            self.worker.end()
        self.channel.close()
        os.close(self.output)


@pytest.fixture
def ends() -> Iterator[Ends]:
    """A worker that does nothing but what a test does for it."""
    made = Ends()
    yield made
    made.close()


# --- sending ----------------------------------------------------------------------------------


def test_worker_that_never_reads_is_late(ends: Ends) -> None:
    """A frame that a worker leaves lying costs it no more than its time."""
    with pytest.raises(DeadlineError, match="on the clock"):
        ends.worker.send(bytes(8 * 1024 * 1024), BRIEF)


def test_worker_that_hung_up_is_lost(ends: Ends) -> None:
    """Whoever closes the channel gets no frame any more, and counts as dead."""
    ends.channel.close()
    with pytest.raises(LostError):
        ends.worker.send(b"frame", BRIEF)


def test_worker_that_talks_in_place_of_reading_is_a_violation(
    ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who floods the channel while it is spoken to fills no memory, however long it goes on."""
    monkeypatch.setattr(frames, "MAX_FRAME", 1000)
    ends.channel.sendall(bytes(2000))
    with pytest.raises(ViolationError, match="sent more than one reply to a request"):
        ends.worker.send(bytes(8 * 1024 * 1024), 10.0)


def test_frame_larger_than_the_channel_arrives_whole(ends: Ends) -> None:
    """A frame that has to wait for room is sent on as the worker reads."""
    frame = os.urandom(4 * 1024 * 1024)
    got = bytearray()

    def read() -> None:
        while len(got) < len(frame):
            got.extend(ends.channel.recv(1 << 16))

    reading = threading.Thread(target=read)
    reading.start()
    ends.worker.send(frame, 3.0)
    reading.join()
    assert got == frame


# --- receiving --------------------------------------------------------------------------------


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_silent_worker_is_late(ends: Ends, monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    """A worker that neither answers nor computes is late by the clock on the wall, anywhere."""
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(DeadlineError, match=r"^0\.1 s on the clock$"):
        ends.worker.receive(BRIEF)


def test_half_a_frame_is_none(ends: Ends) -> None:
    """A worker that stops in the middle of its reply is late: half a reply is no reply."""
    ends.channel.sendall(frames.encode(wire.Refused(1, "no"))[:-1])
    with pytest.raises(DeadlineError):
        ends.worker.receive(BRIEF)


def test_worker_that_leaves_a_request_unread_is_lost(ends: Ends) -> None:
    """A worker that closes the channel upon what it didn't read is dead, and no error of ours."""
    ends.worker.send(b"a request", BRIEF)
    ends.channel.close()
    with pytest.raises(LostError):
        ends.worker.receive(1.0)


def test_process_that_is_gone_has_used_no_more_time(ends: Ends) -> None:
    """To ask for the time of a process that no longer exists is no error."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    before, ends.worker.pid = ends.worker.used, gone.pid
    assert ends.worker.measure() == before > 0.0


def test_channel_that_is_ready_for_nothing_is_waited_for() -> None:
    """Where the system says that there is something and there isn't, the frame comes next time."""

    class Hasty(socket.socket):
        hasty = True

        def recv(self, *given: int) -> bytes:
            if self.hasty:
                self.hasty = False
                raise BlockingIOError
            return super().recv(*given)

    ends = Ends()
    hasty = Hasty(fileno=os.dup(ends.worker.channel.fileno()))
    worker = WorkerProcess(ends, os.getpid(), hasty, os.dup(ends.worker.output))
    ends.channel.sendall(frames.encode(wire.Refused(1, "no")))
    reply = frames.read_reply(worker.receive(1.0))
    worker.end()
    ends.worker.hang_up()
    ends.close()
    assert reply == wire.Refused(1, "no")


def test_output_that_is_ready_for_nothing_is_taken_later(
    ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system says that something was printed and it can't be read yet, none is lost."""
    reads: list[BlockingIOError | bytes] = [BlockingIOError(), b"printed"]

    def read(*_: int) -> bytes:
        now = reads.pop(0)
        if isinstance(now, bytes):
            return now
        raise now

    os.write(ends.output, b"printed")
    monkeypatch.setattr(os, "read", read)
    assert [ends.worker.take_output(), ends.worker.take_output()] == ["", "printed"]


# --- the first word ---------------------------------------------------------------------------


def test_worker_below_the_level_that_was_asked_for_is_refused() -> None:
    """A worker that is shut in less than it was asked to be grades nothing, and is ended."""
    ends = Ends("full")
    measures = wire.Items("list", tuple(isolation.ALWAYS))
    ends.channel.sendall(frames.encode(wire.Returned(0, measures)))
    with pytest.raises(IsolationError, match="isolation full was asked for, not reached"):
        Across(ends)
    assert ends.ended
    ends.close()


def test_request_that_is_too_large_is_a_fault_of_the_test(ends: Ends) -> None:
    """What a test asks for in one piece, and can't be sent, is nothing that a worker did."""
    ends.channel.sendall(frames.encode(wire.Returned(0, wire.Items("list", ()))))
    worker = Across(ends)
    large = wire.Load(1, "#" * frames.MAX_FRAME, "ex01_recurrence.py", ())
    with pytest.raises(GraderFault, match="a test's request can't be sent"):
        worker.ask(large, 1.0)


def test_first_word_with_an_object_in_it_is_a_violation(ends: Ends) -> None:
    """A worker that hands over an object before there can be any breaks the protocol."""
    ends.channel.sendall(
        frames.encode(wire.Returned(0, wire.Items("list", (wire.Ref(1, "Gift"),))))
    )
    with pytest.raises(ViolationError, match="sent an object where none can be"):
        transport.measures_of(ends)


# --- what was printed -------------------------------------------------------------------------


def test_room_of_what_is_dropped_is_free_again() -> None:
    """What an example printed is gone with it, and what comes next has its room."""
    printed = Printed(room=10)
    printed.add("loaded")
    printed.add("1234")
    printed.cut(len("loaded"))
    printed.add("abcd")
    assert (printed.text, printed.room) == ("loadedabcd", 0)


def test_room_never_grows_beyond_what_there_was() -> None:
    """What was said of more than fits took no room, and leaves none behind."""
    printed = Printed()
    printed.add("x" * (MAX_PRINTED + 1))
    assert len(printed.text) > MAX_PRINTED
    printed.cut(0)
    assert (printed.text, printed.room) == ("", MAX_PRINTED)


def test_examples_that_print_too_much_make_no_room() -> None:
    """What says how much was left out takes room, too, which comes back with it and no more."""
    printed = Printed(room=10)
    for _ in range(5):
        printed.add("x" * 500)
        printed.cut(0)
        assert printed.room == 10
