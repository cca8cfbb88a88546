"""Workers, forked or spawned: what holds for them, and that none is left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from grading import catalog as catalogs
from grading import wire
from grading.errors import GraderFault
from grading.handed_in import intake
from grading.judging.grade import Options, grade
from grading.results import Status
from grading.session.process import Starter, WorkerProcess
from grading.session.starters import ForkServer, Spawner
from grading.session.transport import Across, measures_of

CATALOG = catalogs.load()
EXERCISE = CATALOG.find("ex10")


class Stillborn:
    """Starts what says nothing and is gone."""

    level = ""

    def start(self) -> WorkerProcess:
        """Both of its ends are closed."""
        channel, theirs = socket.socketpair()
        output, printing = os.pipe()
        theirs.close()
        os.close(printing)
        return WorkerProcess(self, os.getpid(), channel, output)

    def end(self, pid: int) -> int:
        """There is nothing to end."""
        return 0

    def drop(self, pid: int) -> None:
        """There is nothing to drop."""

    def close(self) -> None:
        """There is nothing to close."""


KINDS: dict[str, Callable[..., Starter]] = {"forked": ForkServer.launch, "spawned": Spawner}
EACH_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)

STEP = """
import os, sys, torch

def imported():
    assert not set(os.environ) - {"LC_CTYPE"}
    before = set(sys.modules)
    weight = torch.nn.Parameter(torch.ones(1))
    weight.sum().backward()
    torch.optim.SGD([weight], lr=1.0).step()
    assert weight.item() == 0
    return len(set(sys.modules) - before)
"""


@pytest.fixture(params=KINDS.values(), ids=KINDS)
def starter(request: pytest.FixtureRequest) -> Iterator[Starter]:
    """Both ways of starting workers, for an exercise without optimizers."""
    made: Starter = request.param(optimizers=False)
    yield made
    made.close()


def imported_for_a_step(starter: Starter) -> int:
    """How many modules a worker imports when it takes the first step of an optimizer."""
    worker = Across(starter)
    try:
        worker.ask(wire.Load(1, STEP, "step.py", ()), 20.0)
        reply = worker.ask(wire.Call(2, 1, "imported", (), (), ()), 20.0)
    finally:
        worker.end()
        starter.close()
    assert isinstance(reply, wire.Returned), reply
    assert isinstance(reply.value, int)
    return reply.value


@EACH_KIND
def test_worker_comes_with_what_optimizers_need(kind: Callable[..., Starter]) -> None:
    """Unless it is told otherwise: a student's first step imports nothing."""
    assert imported_for_a_step(kind()) == 0


@EACH_KIND
def test_optimizers_work_where_nobody_expected_them(kind: Callable[..., Starter]) -> None:
    """A worker that came without them imports them at the first step, shut in as it is."""
    assert imported_for_a_step(kind(optimizers=False)) > 0


LATE = """

torch.use_deterministic_algorithms(True)
torch.empty(2, device="meta").tanh()
_step, _cell = globals().get("rnn_step"), globals().get("gru_step")

def _kept(function):
    from torch.utils.checkpoint import checkpoint
    return lambda *given: checkpoint(function, *given, use_reentrant=False)

if _step:
    rnn_step = _kept(_step)
if _cell:
    gru_step = _kept(_cell)
"""


@pytest.mark.parametrize("name", ["ex01", "ex10"])
def test_what_torch_imports_late_costs_no_points(starter: Starter, name: str) -> None:
    """Right answers by hand in a file that has torch import its compiler, at the top or in a call.

    That looks into tables of operators, those that are watched among them.
    """
    exercise = CATALOG.find(name)
    source = CATALOG.solution(exercise).read_text(encoding="utf-8")
    submission = intake.Submission("mine", {exercise.stem: source + LATE})
    result = grade(submission, CATALOG, Options((exercise,)), starter)
    assert result.score == result.max_score, [t.message for t in result.exercises[0].tests]


def test_both_kinds_of_workers_give_the_same_grade(starter: Starter) -> None:
    """Where no warm process can be forked, a spawned one answers just the same."""
    submission = intake.read(CATALOG.home / "solutions", CATALOG)
    result = grade(submission, CATALOG, Options((EXERCISE,)), starter)
    assert result.complete
    assert {"process group", "limits", "empty environment"} <= set(result.isolation.measures)


def test_duration_is_the_whole_wait(starter: Starter) -> None:
    """The seconds that a result tells hold the collecting of tests, most of it where none runs."""
    began = time.monotonic()
    result = grade(intake.Submission("mine", {}), CATALOG, Options((EXERCISE,)), starter)
    assert result.duration > (time.monotonic() - began) / 2


def test_part_that_uses_up_its_time_costs_no_other_part(starter: Starter) -> None:
    """Where one part never ends, a right one that doesn't call it earns all of its points."""
    source = CATALOG.solution(EXERCISE).read_text(encoding="utf-8")
    source += "\n\ndef lstm_step(*given):\n    while True:\n        pass\n"
    submission = intake.Submission("mine", {EXERCISE.stem: source})
    options = Options((EXERCISE,), time_factor=0.4)  # a spawned worker imports sympy in a call
    (graded,) = grade(submission, CATALOG, options, starter).exercises
    lstm, gru, count = graded.parts
    assert {test.message for test in graded.tests if test.part == "lstm_step"} == {
        "lstm_step was still running after 1.2 s of computing",
        "lstm_step was still running when the 2.4 s of all its calls were used up",
        "not run: lstm_step had used up its 2.4 s",
    }
    assert (lstm.status, lstm.score) == (Status.TIMEOUT, 0)
    assert (gru.score, count.score) == (gru.max_score, count.max_score)


def test_worker_has_nothing_it_should_not(starter: Starter) -> None:
    """It has four descriptors: nothing to read, two to print on, its channel."""
    worker = starter.start()
    worker.receive(30.0)
    process = psutil.Process(worker.pid)
    assert sorted(int(path.name) for path in Path(f"/proc/{worker.pid}/fd").iterdir()) == [
        0,
        1,
        2,
        3,
    ]
    assert process.cwd() == "/"
    worker.end()
    assert not psutil.pid_exists(worker.pid)


def test_dropped_worker_ends_without_a_wait(starter: Starter) -> None:
    """Nobody is told how it had died, and it is gone all the same."""
    worker = starter.start()
    process = psutil.Process(worker.pid)
    worker.drop()
    process.wait(timeout=20)
    assert not psutil.pid_exists(worker.pid)


def test_next_worker_gets_ready_while_one_is_at_work(starter: Starter) -> None:
    """It runs before it is asked for, and is another process than the one at work."""
    worker = starter.start()
    family = psutil.Process(worker.pid).parent()
    until = time.monotonic() + 20
    while len(waiting := {child.pid for child in family.children()} - {worker.pid}) < 1:
        assert time.monotonic() < until
        time.sleep(0.01)
    following = starter.start()
    assert following.pid in waiting
    worker.hang_up()
    following.hang_up()


def test_where_others_keep_the_processors_busy_none_is_made_ahead() -> None:
    """Once one of two workers has ended, the other is all that a client has that isn't ahead."""
    server = ForkServer.launch(optimizers=False)
    client = server.client(ahead=False)
    worker, other = client.start(), client.start()
    family = psutil.Process(worker.pid).parent()
    other.end()  # whatever was asked for before that has been done
    running = [child.pid for child in family.children() if child.pid != other.pid]
    worker.hang_up()
    client.close()
    server.close()
    assert running == [worker.pid]


def test_libraries_of_python_itself_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python whose libraries lie where only the environment tells can start a server, too."""
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/lib")
    monkeypatch.setenv("SECRET", "4711")
    server = ForkServer.launch(optimizers=False)
    worker = server.start()
    told = psutil.Process(worker.pid).parent().environ()
    worker.hang_up()
    server.close()
    assert (told.get("LD_LIBRARY_PATH"), told.get("SECRET")) == ("/opt/lib", None)


def test_closing_ends_every_worker(starter: Starter) -> None:
    """When the grader leaves, no worker stays."""
    workers = [starter.start() for _ in range(2)]
    for worker in workers:
        worker.hang_up()
    starter.close()
    pids = [worker.pid for worker in workers]
    psutil.wait_procs([psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)], timeout=20)
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_server_outlives_the_thread_that_started_it() -> None:
    """A batch may start its server in a thread that ends."""
    started: list[ForkServer] = []
    thread = threading.Thread(target=lambda: started.append(ForkServer.launch(optimizers=False)))
    thread.start()
    thread.join()
    assert measures_of(started[0])
    started[0].close()


def test_server_that_was_killed_is_a_fault_of_ours() -> None:
    """To start a worker or to end one is then no student's failure, and says what happened."""
    server = ForkServer.launch(optimizers=False)
    worker = server.start()
    worker.hang_up()
    psutil.Process(worker.pid).parent().kill()
    with pytest.raises(GraderFault, match="the worker server has ended"):
        server.end(worker.pid)
    with pytest.raises(GraderFault, match="the worker server has ended"):
        server.start()
    server.close()


def test_worker_that_dies_before_it_is_ready_is_a_fault_of_ours() -> None:
    """No code of the student's has run by then."""
    with pytest.raises(GraderFault, match="a worker died before it was ready"):
        Across(Stillborn())


def test_server_ends_with_the_process_that_started_it() -> None:
    """A grader that is killed leaves no server, although a process of its own has the socket."""
    script = """
import os, signal, time
from grading.session.starters import ForkServer
from grading.session.transport import Across
server = ForkServer.launch(optimizers=False)
worker = Across(server)
child = os.fork() or time.sleep(100)
print(server._server.pid, worker._worker.pid, child, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    run = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=CATALOG.home, text=True
    )
    assert run.stdout is not None
    server, worker, child = (int(word) for word in run.stdout.readline().split())
    gone = [psutil.Process(pid) for pid in (server, worker) if psutil.pid_exists(pid)]
    _, alive = psutil.wait_procs(gone, timeout=20)
    os.kill(child, signal.SIGKILL)
    run.stdout.close()
    run.wait()
    assert not alive
