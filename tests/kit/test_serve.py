"""The loop in which a worker answers requests: one reply each, until the other side hangs up.

And what a reply tells: the tools that a call used, and what an exception was.
"""

from __future__ import annotations

import linecache
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import torch

from grading import frames, kit, wire
from grading.worker import raised, serve, warm_up
from grading.worker.watch import Watch

SOURCE = "def flood(size):\n    return 'x' * size\n\n\ndef double(x):\n    return [x, x]\n"
LOAD = wire.Load(1, SOURCE, "ex01_a.py", ())


def call(number: int, name: str, argument: wire.Value) -> wire.Call:
    """A call with one argument."""
    return wire.Call(number, 7, name, (argument,))


def framed(*requests: wire.Request) -> list[bytes]:
    """Requests as they are sent."""
    return [frames.encode(request) for request in requests]


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
        end = 4 + frames.body_length(received[:4])
        found.append(frames.read_reply(received[4:end]))
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
    assert replies(frames.encode(LOAD), frames.encode(call(2, "double", 1))[:cut]) == [
        wire.Returned(1, None)
    ]


def test_result_that_no_frame_takes_becomes_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A result over the cap is told in words, and doesn't cost the worker its life."""
    monkeypatch.setattr(frames, "MAX_FRAME", 500)
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
    assert replies(frames.encode(call(1, "double", 1))) == [wire.Absent(1, "double", ())]


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


# --- tools that a call used -------------------------------------------------------------------

LAZY = """
import torch
class Lazy(int):
    def __int__(self):
        return sum(p.numel() for p in torch.nn.Linear(2, 3).parameters())
def count(size):
    return [Lazy(0)]
"""


def answers(source: str, *asked: wire.Request, watched: tuple[str, ...] = ()) -> list[wire.Reply]:
    """The replies of a server of its own, which is closed again; the load's is the first."""
    server = serve.Server()
    try:
        load = wire.Load(1, source, "ex01_a.py", watched)
        return [server.answer(request) for request in (load, *asked)]
    finally:
        server.close()


def test_what_a_result_uses_when_it_is_read_counts() -> None:
    """A number that builds a module when it is asked for its value has used that module."""
    watched = ("torch.nn.Module",)
    asked = wire.Call(2, 7, "count", (1,), watched=watched)
    used = wire.Returned(2, wire.Items("list", (9,)), watched)
    assert answers(LAZY, asked, watched=watched)[1] == used


LATE = """
import sys
import torch
def change(numbers):
    def after(frame, what, argument):
        if what == "return" and frame.f_code.co_name == "_call":
            sys.setprofile(None)
            torch.nn.Module()
    sys.setprofile(after)
"""


def test_what_is_used_once_a_call_has_ended_counts() -> None:
    """Code that a call leaves behind is seen by the time that its arguments are read."""
    watched = ("torch.nn.Module",)
    asked = wire.Call(2, 7, "change", (1,), watched=watched)
    read = wire.Do(3, wire.Service("arguments"))
    _, called, after = answers(LATE, asked, read, watched=watched)
    assert called == wire.Returned(2, None)
    assert after == wire.Returned(3, wire.Items("list", (1,)), watched)


def test_new_example_has_used_nothing() -> None:
    """What was used before objects are forgotten is no matter of the next test's part."""
    watched = ("torch.nn.Module",)
    asked = wire.Call(2, 7, "change", (1,), watched=watched)
    next_one = wire.Do(3, wire.Service("arguments"), (wire.Service("forget"),))
    assert answers(LATE, asked, next_one, watched=watched)[2] == wire.Returned(
        3, wire.Items("list", ())
    )


KERNEL = "torch.rnn_tanh_cell"
BACKWARD = "torch.autograd.backward"

CELL = "(x, h, W, V, b, 0 * b)"
COMPILED = "torch.jit.CompilationUnit('def f(x, h, W, V, b):\\n    return torch.rnn_tanh_cell"
SEEN = {
    "kernel": (KERNEL, f"torch.rnn_tanh_cell{CELL}"),
    "kernel with gradients": (KERNEL, f"torch.rnn_tanh_cell{CELL.replace('x', 'x + loss')}"),
    "operator": (KERNEL, f"torch.ops.aten.rnn_tanh_cell{CELL}"),
    "overload": (KERNEL, f"torch.ops.aten.rnn_tanh_cell.default{CELL}"),
    "what it calls": (KERNEL, f"torch.ops.aten.rnn_tanh_cell._op{CELL}"),
    "what its overload calls": (KERNEL, f"torch.ops.aten.rnn_tanh_cell.default._op{CELL}"),
    "by its schema": (KERNEL, f"torch._C._jit_get_operation('aten::rnn_tanh_cell')[0]{CELL}"),
    "compiled": (KERNEL, f"{COMPILED}{CELL}\\n').f(x, h, W, V, b)"),
    "mapped": (KERNEL, "torch.vmap(lambda x: torch.rnn_tanh_cell(x, h, W, V, b, b))(x[None])"),
    "table": (KERNEL, f"torch._C._VariableFunctions.rnn_tanh_cell{CELL}"),
    "another table": ("torch.rnn_tanh", "rnn._rnn_impls['RNN_TANH'](x[None], h[None], *layer)"),
    "for shapes alone": (KERNEL, "torch.nn.RNNCell(2, 3, device='meta')(x.to('meta'))"),
    "in a module": (KERNEL, "torch.nn.RNNCell(2, 3)(x)"),
    "method": ("torch.Tensor.tanh", "x.tanh()"),
    "backward": (BACKWARD, "loss.backward()"),
    "grad": (BACKWARD, "torch.autograd.grad(loss, ones)"),
    "engine itself": (BACKWARD, "run(torch.autograd.Variable._execution_engine, loss)"),
    "another engine": (BACKWARD, "run(type(torch.autograd.Variable._execution_engine)(), loss)"),
    "history": (BACKWARD, "loss.grad_fn.next_functions[0][0](x)"),
    "history by its descriptor": (
        BACKWARD,
        "torch._C.TensorBase.grad_fn.__get__(ones.tanh())(x)",
    ),
    "behind other hooks": (
        "torch.autograd.graph.saved_tensors_hooks",
        "torch.autograd.graph.save_on_cpu()",
    ),
    "class": ("torch.nn.RNNCell", "torch.nn.RNNCell(2, 3)"),
    "class that comes of it": ("torch.nn.RNNBase", "torch.nn.RNN(2, 3)"),
}


def names() -> dict[str, object]:
    """What the lines of these tests use."""
    x, h, W, V, b = (torch.ones(*size) for size in ((1, 2), (1, 3), (3, 2), (3, 3), (3,)))

    def run(engine: Any, loss: torch.Tensor) -> object:
        return engine.run_backward((loss,), (torch.ones(()),), False, False, (), True, True)

    ones = torch.ones(2, requires_grad=True)
    layer = ([W, V, b, b], True, 1, 0.0, False, False, False)
    known = {"torch": torch, "rnn": torch.nn.modules.rnn, "run": run, "layer": layer, "ones": ones}
    return {**known, "loss": ones.tanh().sum(), "x": x, "h": h, "W": W, "V": V, "b": b}


@pytest.mark.filterwarnings("ignore::UserWarning")  # torch: mapping a cell is slow
@pytest.mark.parametrize(("name", "line"), SEEN.values(), ids=SEEN.keys())
def test_use_is_noted_by_whatever_way(name: str, line: str) -> None:
    """A tool is noted where it is reached beside its first name, and is itself again afterwards."""
    watch, before = Watch(), names()
    right = eval(line, before)
    watch.install((name,))
    try:
        watch.note(name)
        eval(line, names())
        used = watch.taken()
        with watch.resting():
            seen = eval(line, names())
        unused = watch.taken()
    finally:
        watch.remove()
    assert (used, unused) == ((name,), ())
    assert type(seen) is type(right)
    eval(line, names())
    assert watch.taken() == ()


UNSEEN = {
    "other kernel": (KERNEL, "torch.tanh(x)"),
    "other operator": (KERNEL, "torch.ops.aten.tanh(x)"),
    "asking an operator": (KERNEL, "torch.ops.aten.rnn_tanh_cell.default._schema"),
    "other class": ("torch.nn.RNNCell", "torch.nn.LSTMCell(2, 3)"),
    "graph that nobody goes back": (BACKWARD, "ones.tanh().sum().grad_fn, repr(loss)"),
    "mapping": (BACKWARD, "torch.vmap(torch.outer)(x + loss, h)"),
}


@pytest.mark.parametrize(("name", "line"), UNSEEN.values(), ids=UNSEEN.keys())
def test_what_lies_beside_a_tool_is_no_use(name: str, line: str) -> None:
    """Other things of the same owner work as ever, and are not noted."""
    watch = Watch()
    watch.install((name,))
    try:
        watch.note(name)
        eval(line, names())
    finally:
        watch.remove()
    assert watch.taken() == ()


# --- what is told of an exception ---------------------------------------------------------------


def raised_by(*body: str) -> wire.Raised:
    """What is told of an exception that a function of so many lines raises."""
    source = "\n".join(["def step(h_prev):", *(f"    {line}" for line in body)])
    reply = answers(source, call(2, "step", 1))[1]
    assert isinstance(reply, wire.Raised)
    assert frames.encode(reply)
    return reply


@pytest.mark.parametrize("number", ["-(2**62)", "2**70", "4", "0", "True", "'one'", "None"])
def test_line_that_the_file_has_not_is_none(number: str) -> None:
    """Whatever line an exception names, a number beyond the file's lines is not repeated."""
    named = f"error.filename, error.lineno = 'ex01_a.py', {number}"
    assert raised_by("error = SyntaxError('x')", named + "; raise error").places == (
        wire.Place(0, ""),
    )


@pytest.mark.parametrize(
    "told",
    [
        "class E(SyntaxError):\n    filename = property(lambda self: 1 / 0)",
        "class E(Exception):\n    def __getattribute__(self, name): raise SystemExit",
        "class M(type):\n    __mro__ = property(lambda self: 1 / 0)\n"
        "class E(Exception, metaclass=M): 0",
    ],
    ids=["file name", "attributes", "bases"],
)
def test_exception_that_tells_nothing_is_told(told: str) -> None:
    """Whatever an exception's class does when it is asked, the reply says where it was raised."""
    source = f"{told}\ndef step(h_prev):\n    raise E"
    reply = answers(source, call(2, "step", 1))[1]
    assert isinstance(reply, wire.Raised)
    assert (reply.error, reply.places[-1].line) == ("E", source.count("\n") + 1)


def test_line_of_code_that_says_it_is_the_file_is_none() -> None:
    """Code under the file's name, with lines that the file hasn't, is told without a line."""
    below = "compile('\\n' * 99 + 'raise ValueError(1)', 'ex01_a.py', 'exec')"
    assert [place.line for place in raised_by(f"exec({below})").places] == [2, 0]


def test_last_line_is_one() -> None:
    """The file's own lines are told, to the last one."""
    assert [place.line for place in raised_by("x = 1", "raise ValueError").places] == [3]


MEANT = {
    "variable": ("return h_prv", "name 'h_prv' is not defined. Did you mean: 'h_prev'?"),
    "function": ("return stepp(1)", "name 'stepp' is not defined. Did you mean: 'step'?"),
    "of Python": ("return lenn(1)", "name 'lenn' is not defined. Did you mean: 'len'?"),
    "nothing near": ("return quux", "name 'quux' is not defined"),
    "raised by hand": ("raise NameError('no h_prv')", "no h_prv"),
    "not yet bound": (
        "h_new = h_nex; h_nex = 1",
        "cannot access local variable 'h_nex' where it is not associated with a value",
    ),
    "own class": (
        "raise type('Mine', (NameError,), {})('x', name='h_prv')",
        "x",
    ),
    "name of a class of its own": (
        "raise NameError('x', name=type('Name', (str,), {})('h_prv'))",
        "x",
    ),
    "long name": (f"return {'h_prev' * 20}", f"name '{'h_prev' * 20}' is not defined"),
}


@pytest.mark.parametrize(("line", "said"), MEANT.values(), ids=MEANT.keys())
def test_name_that_was_meant_is_told(line: str, said: str) -> None:
    """Where a name isn't there, one that is near to it is told, as Python does."""
    assert raised_by(line).message == said


def test_names_of_an_odd_kind_do_no_harm() -> None:
    """Globals that are no plain text, or thousands of them, don't keep the message back."""
    odd = (
        "globals().update({type('S', (str,), {'__len__': exit})('h_prvv'): 1, 5: 2, 'h' * 999: 3})"
    )
    many = "globals().update({f'n{i}': i for i in range(5000)})"
    said = "name 'h_prv' is not defined. Did you mean: 'h_prev'?"
    assert raised_by(odd, many, "return h_prv").message == said


def test_name_behind_hundreds_of_others_is_not_looked_for() -> None:
    """Only so many names are gone through for the one that was meant, or it would take long."""
    many = f"globals().update({{f'n{{i}}': i for i in range({raised.KEPT_NAMES})}})"
    last = "globals()['quuux'] = 1"
    assert raised_by(last, many, "return quux").message.endswith("Did you mean: 'quuux'?")
    assert raised_by(many, last, "return quux").message == "name 'quux' is not defined"


def test_folder_of_the_kit_is_cut_from_a_message() -> None:
    """A file of the kit that torch names is told without where the kit lies."""
    reply = raised_by(f"raise ValueError({str(kit.HOME)!r} + '/grading/worker/watch.py:1 is odd')")
    assert reply.message == "grading/worker/watch.py:1 is odd"
