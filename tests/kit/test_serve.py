"""The loop in which a worker answers requests: one reply each, until the other side hangs up."""

from __future__ import annotations

import linecache
import socket
import sys
from collections.abc import Iterator

import pytest
import torch

from grading import wire
from grading.worker import serve, warm_up

SOURCE = "def flood(size):\n    return 'x' * size\n\n\ndef double(x):\n    return [x, x]\n"
LOAD = wire.Load(1, SOURCE, "ex01_a.py", ())


def call(number: int, name: str, argument: wire.Value) -> wire.Call:
    """A call with one argument."""
    return wire.Call(number, 7, name, (argument,))


def framed(*requests: wire.Request) -> list[bytes]:
    """Requests as they are sent."""
    return [wire.frame(request) for request in requests]


@pytest.fixture(autouse=True)
def undone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What loading and calling change in this process is put back."""
    monkeypatch.setitem(sys.modules, "ex01_a", sys)
    with torch.random.fork_rng(devices=[]):
        yield
    linecache.cache.pop("ex01_a.py", None)


def replies(*sent: bytes) -> list[wire.Reply]:
    """What comes back where all of this is sent, and then the channel is closed."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"".join(sent))
        ours.shutdown(socket.SHUT_WR)
        serve.run(theirs)
        theirs.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: ours.recv(1 << 16), b""))
    found = []
    while received:
        end = 4 + wire.body_length(received[:4])
        found.append(wire.read_reply(received[4:end]))
        received = received[end:]
    return found


def test_every_request_gets_one_reply_in_its_order() -> None:
    """Requests that come at once are answered one after the other, each by its number."""
    asked: list[wire.Request] = [
        LOAD,
        call(2, "double", 4),
        call(3, "missing", 1),
        wire.Do(4, wire.Service("builds_graphs")),
    ]
    got = replies(*framed(*asked))
    assert got == [
        wire.Returned(1, None),
        wire.Returned(2, wire.Items("list", (4, 4))),
        wire.Absent(3, "missing", ("double", "flood")),
        wire.Returned(4, True),
    ]


@pytest.mark.parametrize("cut", [0, 1, 3])
def test_channel_that_closes_ends_the_worker(cut: int) -> None:
    """Where the grader hangs up, even within the head of a frame, the loop ends without a word."""
    assert replies(wire.frame(LOAD), wire.frame(call(2, "double", 1))[:cut]) == [
        wire.Returned(1, None)
    ]


def test_result_that_no_frame_takes_becomes_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A result over the cap is told in words, and doesn't cost the worker its life."""
    monkeypatch.setattr(wire, "MAX_FRAME", 500)
    asked: list[wire.Request] = [LOAD, call(2, "flood", 1000), call(3, "flood", 2)]
    _, large, small = replies(*framed(*asked))
    assert large == wire.Returned(2, wire.OpaqueValue("a result that is too large to be sent"))
    assert small == wire.Returned(3, "xx")


def test_code_that_breaks_its_own_output_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who replaces standard output by something that can't be flushed still gets its reply."""
    monkeypatch.setattr(sys, "stdout", sys.stdout)
    load = wire.Load(1, f"import sys\nsys.stdout = None\n{SOURCE}", "ex01_a.py", ())
    assert replies(*framed(load, call(2, "double", 1)))[1] == wire.Returned(
        2, wire.Items("list", (1, 1))
    )


def test_own_names_are_found_before_a_file_is_loaded() -> None:
    """A call before anything was loaded finds no function, and that is its reply."""
    assert replies(wire.frame(call(1, "double", 1))) == [wire.Absent(1, "double", ())]


def test_closing_before_a_file_was_loaded_changes_nothing() -> None:
    """A server that loaded nothing has nothing to take back."""
    before = set(sys.modules)
    serve.Server().close()
    assert set(sys.modules) == before


def test_optimizers_are_warm_after_their_first_step() -> None:
    """After the warm-up, a student's first step with an optimizer imports nothing more."""
    warm_up.optimizers()
    before = set(sys.modules)
    weight = torch.nn.Parameter(torch.ones(1))
    for kind in (torch.optim.SGD, torch.optim.Adam):
        weight.grad = torch.ones(1)
        kind([weight], lr=0.1).step()
    assert set(sys.modules) == before
    assert weight.item() < 1
