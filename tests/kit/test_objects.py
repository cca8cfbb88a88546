"""Objects that stay with the student's code: what a test can do with them, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from grading import wire
from grading.catalog import Exercise, Part
from grading.handed_in.intake import Submission
from grading.results import Status
from grading.session import outcomes
from grading.session.by_hand import Forbidden
from grading.session.remote import Student
from grading.session.session import Session
from grading.session.transport import InProcess, Transport

SOURCE = """\
import collections
import copy
import torch

class TwoNames(torch.nn.Module):
    def __init__(self, more):
        super().__init__()
        self.layers = torch.nn.ModuleList([torch.nn.Linear(1, 1)])
        self.fc = self.layers[0]
        self.more = torch.nn.Parameter(torch.ones(1)) if more else 1

    def forward(self, x):
        return self.fc(x) * self.more

class Odd(Exception):
    def __str__(self):
        raise KeyError("no words")

def copied(module, x):
    other = copy.deepcopy(module)
    other(x)
    return other.training

def double(x, times=2):
    return x * times

def odd():
    raise Odd

def a_set():
    return {1}

class Pair(list):
    pass

def in_a(kind, x):
    return {"deque": collections.deque, "list of one's own": Pair}[kind]([x * 2, x * 3])
"""


def session_of(source: str, connect: Callable[[], Transport] = InProcess) -> Session:
    """A session whose worker is this process."""
    session = Session("ex01_a", source, Forbidden({}), connect, seed=7)
    session.begin("test_claim", "double")
    return session


@pytest.fixture
def session() -> Iterator[Session]:
    """A session of the source above."""
    made = session_of(SOURCE)
    yield made
    made.close()


@pytest.fixture
def student(session: Session) -> Student:
    """Its handle."""
    return Student(session)


# --- what can be done -------------------------------------------------------------------------


@pytest.mark.parametrize("training", [True, False])
def test_spy_hears_of_its_copies(student: Student, training: bool) -> None:
    """A copy of a Spy is in the mode of the original, and notes its forwards in the same place."""
    spy = student.make("Spy").train(training)
    assert student.copied(spy, torch.ones(1, requires_grad=True)) is training
    assert spy.seen() == [(training, True, True)]


def test_optimizer_takes_one_step(student: Student) -> None:
    """A step changes the parameters by their gradients, which are gone afterwards."""
    linear = student.make("torch.nn.Linear", 1, 1, bias=False)
    linear.load({"weight": torch.tensor([[2.0]])})
    optimizer = student.make("torch.optim.SGD", linear, lr=0.5)
    linear.set_gradients({"weight": torch.tensor([[3.0]])})
    optimizer.step()
    assert linear.state()["weight"].item() == 0.5
    assert linear.gradients() == {"weight": None}


def test_frozen_parameters_alone_ask_for_nothing(student: Student) -> None:
    """Those that are named ask for no gradients, the others as before."""
    linear = student.make("torch.nn.Linear", 1, 1)
    linear.freeze("bias")
    assert linear.trainable() == {"weight": True, "bias": False}


def test_optimizer_of_several_modules_moves_them_all(student: Student) -> None:
    """Each module is a group of parameters of its own."""
    modules = [student.make("torch.nn.Linear", 1, 1, bias=False) for _ in range(2)]
    for module in modules:
        module.load({"weight": torch.tensor([[2.0]])})
        module.set_gradients({"weight": torch.tensor([[3.0]])})
    student.make("torch.optim.SGD", modules, lr=0.5).step()
    assert [module.state()["weight"].item() for module in modules] == [0.5, 0.5]


@pytest.mark.parametrize("more", [True, False])
def test_parameter_by_a_second_name_is_no_other(student: Student, more: bool) -> None:
    """What learns beside a submodule is told by the parameter itself, not by its names."""
    model = student.TwoNames(more)
    model(torch.ones(1, 1)).sum().backward()
    assert set(model.gradients()) >= {"fc.weight", "layers.0.weight"}
    assert model.learned_beside("fc") is more


def test_object_tells_its_kind(student: Student) -> None:
    """In a message, an object over there is called by its class."""
    assert repr(student.make("torch.nn.Linear", 1, 1)) == "<Linear in the worker>"


def test_arguments_by_name_are_sent(student: Student) -> None:
    """An argument that is given by its name arrives by that name."""
    assert student.double(torch.ones(1), times=3).item() == 3


def test_answer_that_has_no_business_here_is_told_in_words(student: Student) -> None:
    """A set is neither a value nor an object to be used: what came back is said in words."""
    assert repr(student.a_set()) == "<a set>"


# --- what goes with the next request ----------------------------------------------------------


class Counted(InProcess):
    """Notes what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[wire.Request] = []

    def ask(self, request: wire.Request, seconds: float) -> wire.Reply:
        """Note the request, and answer it."""
        self.asked.append(request)
        return super().ask(request, seconds)


def test_what_gives_nothing_back_makes_no_round_trip() -> None:
    """Making, loading and switching objects goes with the call that uses them, in their order."""
    way = Counted()
    session = session_of(SOURCE, connect=lambda: way)
    student = Student(session)
    spy = student.make("Spy")
    spy.train(False)
    spy.train(True)
    assert student.copied(spy, torch.ones(1)) is True
    session.close()
    assert [type(request) for request in way.asked] == [wire.Load, wire.Call]


def test_call_is_not_made_after_what_was_refused(session: Session, student: Student) -> None:
    """Where an object can't be made ready, the student's function isn't called with it."""
    spy = student.make("Spy")
    linear(student).load({"h": torch.ones(2)})
    with pytest.raises(outcomes.WrongError):
        spy(torch.ones(1))
    assert spy.seen() == []


def test_what_waits_does_not_outlive_its_example(session: Session, student: Student) -> None:
    """An example that ends before its last change was made costs the next one nothing."""
    student.builds_graphs()
    linear(student).load({"h": torch.ones(2)})
    student.begin_example()
    assert student.builds_graphs()
    session.finish()


# --- what is refused --------------------------------------------------------------------------


def linear(student: Student) -> Any:
    """A layer of two inputs and one output."""
    return student.make("torch.nn.Linear", 2, 1)


REFUSED: dict[str, tuple[Callable[[Student], object], str]] = {
    "unknown module": (lambda s: s.make("torch.nn.Nonsense"), "torch.nn.Nonsense is not among"),
    "no module": (lambda s: s.make("torch.nn.functional"), "torch.nn.functional is not among"),
    "no torch": (lambda s: s.make("os.system", "true"), "os.system is not among the objects"),
    "state of another size": (
        lambda s: linear(s).load({"bias": torch.ones(2)}),
        "the shape of bias is (1,), expected (2,)",
    ),
    "state of another name": (lambda s: linear(s).load({"h": torch.ones(2)}), "has no h"),
    "state of parts that it hasn't": (
        lambda s: linear(s).load({"rnn.bias": torch.ones(2), "rnn.weight": torch.ones(2)}),
        "the module has no rnn (what belongs to a module is set on self)",
    ),
    "state of a part's other parameters": (
        lambda s: s.make("Chain", fc=linear(s)).load({"fc.more": torch.ones(2)}),
        "the module has no fc.more",
    ),
    "state of parts under other names": (
        lambda s: s.make("Chain", linear=linear(s)).load({"fc.bias": torch.ones(1)}),
        "the module has no fc: it has linear",
    ),
    "state of many other names": (
        lambda s: s.make("Chain", fc=linear(s)).load(
            {f"fc.{name}": torch.ones(1) for name in ("a", "b", "c", "d")}
        ),
        "the module has no fc.a and no fc.b and 2 more",
    ),
    "step of a module": (lambda s: linear(s).step(), "this object is no optimizer"),
    "notes of a module": (lambda s: linear(s).seen(), "this object is not a Spy"),
    "state of a generator": (
        lambda s: s.make("numpy.random.default_rng", 1).state(),
        "a Generator is no torch.nn.Module",
    ),
}


@pytest.mark.parametrize(("use", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_use_that_an_object_has_not_is_a_wrong_answer(
    session: Session, student: Student, use: Callable[[Student], object], says: str
) -> None:
    """What can't be done with an object over there ends the test in words that say why.

    Where that was the test's last line as well, and no request came after it.
    """
    student.builds_graphs()  # there is a worker

    def to_the_end() -> None:
        use(student)
        session.finish()

    with pytest.raises(outcomes.WrongError) as told:
        to_the_end()
    assert told.value.kind == "an object that can't be used as asked"
    assert says in told.value.detail


def test_object_of_an_earlier_test_is_gone(session: Session, student: Student) -> None:
    """Objects don't outlive the test that made them."""
    spy = student.make("Spy")
    session.begin("test_another", "double")
    with pytest.raises(outcomes.WrongError) as told:
        spy.seen()
    assert told.value.detail == "that object is no longer there"


def test_graph_of_an_earlier_call_is_gone(student: Student) -> None:
    """A backward pass through a call after which there was another is refused in words."""
    first = student.double(torch.ones(1, requires_grad=True))
    student.double(torch.ones(1))
    with pytest.raises(outcomes.WrongError) as told:
        first.sum().backward()
    assert told.value.detail == "the graph of that call is no longer there"


@pytest.mark.parametrize("kind", ["deque", "list of one's own"])
def test_gradients_come_from_any_sequence(student: Student, kind: str) -> None:
    """Tensors in a sequence of any class are on the graph as those in a list are."""
    x = torch.ones(1, requires_grad=True)
    twice, thrice = student.in_a(kind, x)
    (twice + 10 * thrice).sum().backward()
    assert x.grad is not None
    assert x.grad.item() == 32


def test_what_no_test_may_send_is_told(student: Student) -> None:
    """A test that sends an object of its own making is a mistake in the test, told as such."""
    with pytest.raises(TypeError, match="a test can't send an object across the line"):
        student.double(object())


# --- files and functions ----------------------------------------------------------------------


def test_file_that_is_no_python_is_told_with_its_line() -> None:
    """A file that can't be parsed ends every test with the line that is wrong."""
    session = session_of("import torch\nx = = 3\n")
    for _ in range(2):
        with pytest.raises(outcomes.BrokenFile) as told:
            Student(session).double(1)
        assert told.value.detail.startswith("ex01_a.py:2 can't be loaded: SyntaxError")
        assert "x = = 3" in told.value.detail
    session.close()


def test_exception_without_readable_words_is_told(student: Student) -> None:
    """An exception whose own message raises is told by its class and by what it raised."""
    with pytest.raises(outcomes.StudentError) as told:
        student.odd()
    assert "Odd: (its message can't be read: __str__ raised KeyError)" in told.value.detail


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("dobule", "ex01_a.py has no dobule. There is double: did you mean dobule?"),
        ("DOUBLE", "ex01_a.py has no DOUBLE. There is double: did you mean DOUBLE?"),
        ("nonsense", "ex01_a.py has no nonsense."),
        ("SOURCE", "SOURCE in ex01_a.py is a str: expected a function or class"),
    ],
)
def test_function_that_is_not_there_is_told_with_what_is(name: str, says: str) -> None:
    """What stands in the place of a function, or is named like it, is said with its name."""
    session = session_of(f"{SOURCE}\nSOURCE = 'text'\n")
    with pytest.raises(outcomes.Missing) as told:
        getattr(Student(session), name)()
    session.close()
    assert told.value.detail == says


# --- sessions ---------------------------------------------------------------------------------


def test_submission_without_the_file_says_so_at_every_call() -> None:
    """Where an exercise's file isn't there, each call tells why, and no worker is started."""
    exercise = Exercise("ex01_a", "A title", (Part("double", 10, ("a", "b", "c")),))
    problems = {"ex01_a": "ex01_a.py is a link; a submission holds the file itself"}
    session = Session.of(exercise, Submission("ada", {}, problems), no_worker, seed=7)
    session.begin("test_claim", "double")
    for _ in range(2):
        with pytest.raises(outcomes.Missing) as told:
            Student(session).double(1)
        assert told.value.detail == problems["ex01_a"]


def no_worker() -> Transport:
    """There must be no need for one."""
    raise AssertionError("a worker was started")


def test_test_that_called_nothing_ends_quietly(session: Session) -> None:
    """Where no worker was needed there is nothing to check, and nothing was printed."""
    session.finish()
    assert session.take_output() == ""


def test_violation_after_the_worker_is_gone_is_still_one(session: Session) -> None:
    """A lie that is noticed when the worker has already been ended is told like any other."""
    session.close()
    told = session.violated(wire.ViolationError("sent a gift"))
    assert told.status is Status.VIOLATION
    assert told.detail == "the worker broke the protocol: it sent a gift"
